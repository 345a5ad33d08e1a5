"""How long a message can become: the longest text with the longest data that a client may have.

A text that could grow past what the outbox keeps is refused when it is saved, so that no client is
left without its message later. Lengths are code points, as PostgreSQL counts `length(body)`.
"""

from collections.abc import Collection, Mapping

from domain.clients import MAX_NAME_CHARS, MAX_NOTES_CHARS, MAX_PLAN_CHARS, MAX_SERVER_CHARS
from domain.money import MAX_PRICE, format_brl
from domain.pix import (
    MAX_BENEFICIARY_CHARS,
    MAX_CITY_CHARS,
    MAX_KEY_CHARS,
    PixKey,
    PixKeyKind,
    PixReceiver,
    br_code,
)
from domain.tags import MAX_VALUE_CHARS
from domain.templates import MAX_MESSAGE_CHARS, uses

# What the table of settings keeps of a business.
MAX_COMPANY_CHARS = 120
MAX_COMPANY_PHONE_CHARS = 40
MAX_SUPPORT_CHARS = 120
_MOST_DAYS = len("2932896")  # from the first day of the calendar to its last
_LONGEST_CODE = br_code(
    PixReceiver(
        key=PixKey(PixKeyKind.EMAIL, "a" * MAX_KEY_CHARS),
        name="A" * MAX_BENEFICIARY_CHARS,
        city="A" * MAX_CITY_CHARS,
    ),
    MAX_PRICE,
)

LONGEST: Mapping[str, int] = {
    "nome": MAX_NAME_CHARS,
    "primeiro_nome": MAX_NAME_CHARS,
    "telefone": 32,  # fifteen digits, and what stands between them
    "plano": MAX_PLAN_CHARS,
    "valor": len(format_brl(MAX_PRICE)),
    "servidor": MAX_SERVER_CHARS,
    "vencimento": len("25/12/2026"),
    "vencimento_extenso": len("25 de fevereiro de 2026"),
    "dias_para_vencer": _MOST_DAYS,
    "dias_de_atraso": _MOST_DAYS,
    "status": len("atrasado há  dias") + _MOST_DAYS,
    "saudacao": len("Boa tarde"),
    "data_atual": len("25/12/2026"),
    "hora_atual": len("09:00"),
    "empresa": MAX_COMPANY_CHARS,
    "empresa_telefone": MAX_COMPANY_PHONE_CHARS,
    "suporte": MAX_SUPPORT_CHARS,
    "pix_chave": MAX_KEY_CHARS,
    "pix_beneficiario": MAX_BENEFICIARY_CHARS,
    "pix_copia_e_cola": len(_LONGEST_CODE),
    "informacoes": MAX_NOTES_CHARS,
}
"""The most code points that each variable can become; an own field has MAX_VALUE_CHARS (C12)."""


def longest(body: str) -> int:
    """The length of the longest message that the text `body` can become."""
    named = uses(body)
    without = len(body) - sum(len(name) + len("{}") for name in named)
    return without + sum(_most(name) for name in named)


def too_long(body: str) -> str | None:
    """Why the text `body` could become too long a message, and what to shorten; None if never."""
    over = longest(body) - MAX_MESSAGE_CHARS
    if over <= 0:
        return None
    heaviest = _heaviest(uses(body))
    letters = "1 letra" if over == 1 else f"{over} letras"
    return (
        f"Com o cliente de dados mais compridos, esta mensagem passaria em {letters} do que cabe "
        f"({MAX_MESSAGE_CHARS}). Encurte o texto{_or_take_out(uses(body), heaviest)}."
    )


def _or_take_out(named: Collection[str], heaviest: str | None) -> str:
    if heaviest is None:
        return ""
    often = [*named].count(heaviest)
    once = f" uma das {often} vezes" if often > 1 else ""
    return f", ou tire{once} {{{heaviest}}}, que pode ter até {_most(heaviest)} letras"


def _heaviest(named: Collection[str]) -> str | None:
    names = [*named]
    return max(names, key=lambda name: names.count(name) * _most(name), default=None)


def _most(name: str) -> int:
    return LONGEST.get(name, MAX_VALUE_CHARS)
