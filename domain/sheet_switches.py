"""What a client refused, as an export writes it and an import reads it back (C10, F8).

Whoever sent SAIR stands as "saiu", with "não" before it where the owner had switched that off too.
An older export says "pediu para sair" and nothing of the switch: then it is off.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.sheet_cells import text_of
from domain.sheets import Cell, is_blank
from domain.text import fold
from errors import InvalidInput

# Taken to the letter: what another sheet calls "Cobrança" or "Aviso" is not these.
BILLING_HEADING = "Cobranças"
NOTICES_HEADING = "Avisos"


@dataclass(frozen=True, slots=True)
class Said:
    """One such cell: whether the switch is on, and whether the client sent SAIR."""

    on: bool
    opted_out: bool


_WORDS = {
    "sim": Said(on=True, opted_out=False),
    "não": Said(on=False, opted_out=False),
    "saiu": Said(on=True, opted_out=True),
    "não, saiu": Said(on=False, opted_out=True),
}
_CELLS = {said: word for word, said in _WORDS.items()}
_READ = {fold(word): said for word, said in _WORDS.items()} | {
    "pediu para sair": Said(on=False, opted_out=True)
}


def switch_cell(on: bool | None, *, opted_out: bool) -> str:
    """The cell of one switch; one that cannot be read is off (C10)."""
    return _CELLS[Said(on=bool(on), opted_out=opted_out)]


def read_switch(cell: Cell) -> Said:
    """What such a cell says; raises InvalidInput, for nothing too: silence is no consent."""
    said = None if is_blank(cell) else _READ.get(fold(text_of(cell)))
    if said is None:
        raise InvalidInput(
            f"Em {BILLING_HEADING} e {NOTICES_HEADING}, escreva sim, não ou saiu (quem pediu SAIR)."
        )
    return said


def switch_columns(headers: Sequence[str]) -> tuple[int, int] | None:
    """Where both switches stand; None where there are not exactly these two headings."""
    found = [
        place
        for name in (BILLING_HEADING, NOTICES_HEADING)
        for place, header in enumerate(headers)
        if header == name
    ]
    return (found[0], found[1]) if _are_both(headers) else None


def _are_both(headers: Sequence[str]) -> bool:
    return all(list(headers).count(name) == 1 for name in (BILLING_HEADING, NOTICES_HEADING))
