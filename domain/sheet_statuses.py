"""The column that says how a client stands: who left is not imported, so nobody bills them.

A word that is not known is asked about. "Pago" and "Pendente" speak of a payment, not of whether
somebody is a client, so they decide nothing and are told.
"""

import re
from collections.abc import Iterable, Sequence
from enum import Enum

from domain.sheet_columns import status_columns
from domain.sheets import Cell, Row, is_blank
from domain.text import fold


class Standing(Enum):
    """What a word of the status column says."""

    CLIENT = "client"
    PAYMENT = "payment"
    PAID = "paid"
    GONE = "gone"


_CLIENT = (
    "ativo ativa ativado ativada active on online regular normal vigente liberado liberada "
    "habilitado habilitada novo nova renovado renovada sim ok s x v ✓ ✔ ✅ 🟢 true verdadeiro"
)
_PAID = "paid pago paga pagou quitado quitada pg pgo"
_PAYMENT = (
    "expired pending overdue unpaid pendente vencido vencida atrasado atrasada "
    "inadimplente adimplente devendo devedor devedora aberto aguardando cobrar cobrado expirado "
    "expirada 🟡 🔴"
)
_GONE = (
    "cancelado cancelada cancelou cancelar cancel canc canceled cancelled inativo inativa inactive "
    "desativado desativada desligado desligada encerrado encerrada excluido excluida removido "
    "removida apagado apagada saiu desistiu desistente desistencia arquivado arquivada finalizado "
    "finalizada rescindido off offline nao n false falso suspenso suspensa suspendido bloqueado "
    "bloqueada blocked disabled banned deleted trancado trancada pausado pausada parado parada "
    "❌ ⛔"
)
_PHRASES = {
    "em dia": Standing.CLIENT,
    "a vencer": Standing.PAYMENT,
    "em atraso": Standing.PAYMENT,
    "em aberto": Standing.PAYMENT,
    "nao pago": Standing.PAYMENT,
    "nao pagou": Standing.PAYMENT,
    "vence hoje": Standing.PAYMENT,
    "aguardando pagamento": Standing.PAYMENT,
    "pagamento pendente": Standing.PAYMENT,
    "ex cliente": Standing.GONE,
    "nao renovou": Standing.GONE,
    "nao renova": Standing.GONE,
    "nao ativo": Standing.GONE,
    "nao quer mais": Standing.GONE,
}
WORDS = _PHRASES | {
    word: standing
    for standing, words in (
        (Standing.CLIENT, _CLIENT),
        (Standing.PAYMENT, _PAYMENT),
        (Standing.PAID, _PAID),
        (Standing.GONE, _GONE),
    )
    for word in words.split()
}
# A longer text is a story about somebody, not a state.
MOST_WORDS = 5
# "Pago em novembro?" still asks; "Pago até" does not, and holds no such answers.
MOST_ASKED = 3
# Alone these may be anything: only a column called "Ativo?" makes a status of them.
_ANSWERS = frozenset(
    {
        *("sim", "ok", "s", "x", "v", "nao", "n", "true", "false", "verdadeiro", "falso"),
        *("on", "off", "novo", "nova"),
    }
)


def standing_of(cell: Cell, header: str) -> Standing | None:
    """What a filled cell under `header` says, or None where it is not known."""
    said = _said(cell)
    standing = _known(said)
    if said in _ANSWERS and _asks_who_paid(header):
        return Standing.PAYMENT if standing is Standing.GONE else Standing.PAID
    if standing is None or said not in _ANSWERS or not _asks_who_left(header):
        return standing
    return Standing.CLIENT if standing is Standing.GONE else Standing.GONE


def find_status_columns(
    headers: Sequence[str], rows: Iterable[Row], free: Iterable[int]
) -> tuple[int, ...]:
    """Those that say so by name, and of the `free` those whose cells are nothing but such words."""
    named = status_columns(headers)
    cells: dict[int, set[str]] = {place: set() for place in free if place not in named}
    for row in rows:
        for place, said in cells.items():
            if place < len(row.cells) and not is_blank(row.cells[place]):
                said.add(_said(row.cells[place]))
    by_content = [
        place
        for place, said in cells.items()
        if _tells(said) or (said and _asks_who_paid(headers[place]) and all(map(_known, said)))
    ]
    return tuple(sorted({*named, *by_content}))


def _known(said: str) -> Standing | None:
    words = said.split()
    # "Cancelado em 10/11" is as plain as the word alone.
    gone = len(words) <= MOST_WORDS and any(map(_is_gone, words))
    return WORDS.get(said) or (Standing.GONE if gone else None)


def _tells(said: set[str]) -> bool:
    telling = said - _ANSWERS
    return bool(telling) and all(map(_known, said))


def _asks_who_left(header: str) -> bool:
    return any(word in fold(header) for word in ("inativ", "cancelad")) and "/" not in header


def _asks_who_paid(header: str) -> bool:
    words = _said(header).split()
    return (
        bool(words)
        and words[0] in {"pago", "paga", "pagou", "quitado"}
        and len(words) <= MOST_ASKED
    )


def _is_gone(word: str) -> bool:
    return word not in _ANSWERS and WORDS.get(word) is Standing.GONE


def _said(cell: Cell) -> str:
    text = fold(str(cell))
    words = " ".join(re.findall(r"[a-z0-9]+", text))
    # A tick or a coloured dot may be all there is.
    return words or text.strip(" .!?-()*")
