"""Where Telegram can reach us from outside, and the word by which we know that it is Telegram.

https://core.telegram.org/bots/api#setwebhook says which addresses and secret tokens it takes.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from domain.environment import is_loopback

TELEGRAM_PATH = "/webhooks/telegram"
MERCADO_PAGO_PATH = "/webhooks/mercado-pago"
TELEGRAM_PORTS = (443, 80, 88, 8443)
# Only what a host's name or number, a port and a path may have: nothing is left to interpretation.
_BASE = re.compile(
    r"https?://(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])"
    r"(?::\d{1,5})?(?:/[A-Za-z0-9._~%/-]*)?"
)
_HOST = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
)
# Another label is another token: the same bot token can vouch for something else, too.
_LABEL = b"emdia telegram webhook v1"


def is_base(text: str) -> bool:
    """Whether `text` is an address to which a path can be added: no user, no query, no fragment."""
    return _BASE.fullmatch(text) is not None and not text.endswith("//")


def is_host(text: str) -> bool:
    """Whether `text` is a public host's name and nothing else."""
    return _HOST.fullmatch(text) is not None


def fault_of_base(text: str, *, telegram_is_here: bool) -> str | None:
    """What Telegram would not take about a base address (`is_base`), in words.

    `telegram_is_here`: it is a stand-in on this machine, which reaches loopback addresses too.
    """
    parts = urlsplit(text)
    port = _port(text)
    if port is None:
        return "a porta vai de 1 a 65535"
    if is_loopback(parts.hostname):
        if telegram_is_here:
            return None
        return "o Telegram não alcança esta máquina por 127.0.0.1; use o endereço que se vê de fora"
    if parts.scheme != "https":
        return "o Telegram só entrega em https:// (http:// só em 127.0.0.1, com um Telegram local)"
    if port not in TELEGRAM_PORTS:
        return (
            "o Telegram só entrega nas portas 443, 80, 88 e 8443 (essa é a porta de fora; a que o "
            "EmDia escuta é PORT)"
        )
    return None


def webhook_faults(
    base: str | None, telegram_api: str | None, *, wanted: bool, known: bool, playground: bool
) -> Iterator[str]:
    """Tell what keeps Telegram, wherever it is, from bringing its updates, each with its variable.

    `wanted`: they shall come so; `known`: there is some address.
    """
    telegram = urlsplit(telegram_api or "").hostname
    is_here = is_loopback(telegram) if telegram else playground
    fault = fault_of_base(base, telegram_is_here=is_here) if base else None
    if fault is not None:
        yield f"EMDIA_PUBLIC_URL: {fault}"
    if wanted and not known:
        yield (
            "EMDIA_TELEGRAM_UPDATES: para webhook falta o endereço de fora; ponha-o em "
            "EMDIA_PUBLIC_URL, ou use polling"
        )


def telegram_address(base: str) -> str:
    """Where Telegram brings its updates, below a base address."""
    return base.rstrip("/") + TELEGRAM_PATH


def secret_token(bot_token: str) -> str:
    """What Telegram shows with every update: 64 hex digits, the same at every start.

    HMAC-SHA256 (RFC 2104) of a label under the bot's token: whoever sees one learns nothing of
    the other.
    """
    return hmac.new(bot_token.encode(), _LABEL, hashlib.sha256).hexdigest()


def _port(text: str) -> int | None:
    parts = urlsplit(text)
    try:
        port = parts.port
    except ValueError:
        return None
    if port is None:
        return 443 if parts.scheme == "https" else 80
    return port or None
