"""The value of every variable for one client at one moment (D3). What is not known is None."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.clients import Client
from domain.contacts import format_phone
from domain.due_dates import days_late, describe, long_date, short_date
from domain.money import format_brl
from domain.pix import PixReceiver, br_code_or_none

MORNING_STARTS_H = 5
AFTERNOON_STARTS_H = 12
EVENING_STARTS_H = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """What the owner told about the business; None is not told yet."""

    name: str | None = None
    phone: str | None = None
    support: str | None = None


def values_for(
    client: Client, business: Business, today: date, now: datetime, pix: PixReceiver | None
) -> dict[str, str | None]:
    """All variables of `templates.VARIABLES`; `now` is local time of the tenant."""
    late = days_late(client.due_on, today)
    return {
        "nome": client.name,
        "primeiro_nome": client.first_name,
        "telefone": format_phone(client.phone),
        "plano": client.plan,
        "valor": format_brl(client.price) if client.price is not None else None,
        "servidor": client.server,
        "vencimento": short_date(client.due_on),
        "vencimento_extenso": long_date(client.due_on),
        "dias_para_vencer": str(max(0, -late)),
        "dias_de_atraso": str(max(0, late)),
        "status": describe(client.due_on, today),
        "saudacao": greeting(now),
        "data_atual": short_date(today),
        "hora_atual": f"{now:%H:%M}",
        "empresa": business.name,
        "empresa_telefone": business.phone,
        "suporte": business.support,
        "pix_chave": pix.key.value if pix else None,
        "pix_beneficiario": pix.name if pix else None,
        "pix_copia_e_cola": br_code_or_none(pix, client.price),
        "informacoes": client.notes,
    }


def greeting(now: datetime) -> str:
    """Bom dia, Boa tarde or Boa noite at the local time `now`."""
    if MORNING_STARTS_H <= now.hour < AFTERNOON_STARTS_H:
        return "Bom dia"
    return "Boa tarde" if AFTERNOON_STARTS_H <= now.hour < EVENING_STARTS_H else "Boa noite"
