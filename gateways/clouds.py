"""Where the clouds are. Stand-ins fill in what has no address yet, once they listen."""

from dataclasses import dataclass


@dataclass(slots=True)
class Clouds:
    """The addresses; empty until somebody listens there. WhatsApp's own is the worker's to know."""

    telegram_api: str = ""
    whatsapp_url: str = ""
    whatsapp_root_key: str = ""
    mercado_pago_api: str = ""  # in production too, where it is Mercado Pago's own
    own_address: str = ""
    """Where we listen ourselves, once we do: what stands in on this machine brings things there."""
