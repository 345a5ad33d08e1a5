"""The value of every variable for one client at one moment (D3). What is not known is None."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Facts:
    """What every value follows from; `now` is local time of the tenant.

    `own` are the variables of the tenant's own fields, each with the field's id as text (C12).
    """

    client: Client
    business: Business
    today: date
    now: datetime
    pix: PixReceiver | None
    own: Mapping[str, str] = field(default_factory=dict)

    @property
    def days_late(self) -> int:
        """Days since the due date; negative before it."""
        return days_late(self.client.due_on, self.today)


_VALUES: Mapping[str, Callable[[Facts], str | None]] = {
    "nome": lambda of: of.client.name,
    "primeiro_nome": lambda of: of.client.first_name,
    "telefone": lambda of: format_phone(of.client.phone),
    "plano": lambda of: of.client.plan,
    "valor": lambda of: format_brl(of.client.price) if of.client.price is not None else None,
    "servidor": lambda of: of.client.server,
    "vencimento": lambda of: short_date(of.client.due_on),
    "vencimento_extenso": lambda of: long_date(of.client.due_on),
    "dias_para_vencer": lambda of: str(max(0, -of.days_late)),
    "dias_de_atraso": lambda of: str(max(0, of.days_late)),
    "status": lambda of: describe(of.client.due_on, of.today),
    "saudacao": lambda of: greeting(of.now),
    "data_atual": lambda of: short_date(of.today),
    "hora_atual": lambda of: f"{of.now:%H:%M}",
    "empresa": lambda of: of.business.name,
    "empresa_telefone": lambda of: of.business.phone,
    "suporte": lambda of: of.business.support,
    "pix_chave": lambda of: of.pix.key.value if of.pix else None,
    "pix_beneficiario": lambda of: of.pix.name if of.pix else None,
    "pix_copia_e_cola": lambda of: br_code_or_none(of.pix, of.client.price),
    "informacoes": lambda of: of.client.notes,
}


def values_for(facts: Facts, names: Iterable[str]) -> dict[str, str | None]:
    """The values of `names`, which a text uses; what is no variable has none."""
    return {
        name: _VALUES[name](facts) if name in _VALUES else _own_value(facts, name) for name in names
    }


def _own_value(facts: Facts, name: str) -> str | None:
    return facts.client.own_values.get(facts.own.get(name, ""))


def greeting(now: datetime) -> str:
    """Bom dia, Boa tarde or Boa noite at the local time `now`."""
    if MORNING_STARTS_H <= now.hour < AFTERNOON_STARTS_H:
        return "Bom dia"
    return "Boa tarde" if AFTERNOON_STARTS_H <= now.hour < EVENING_STARTS_H else "Boa noite"
