"""The table of the demonstration: one line a client, wide texts cut to the terminal."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from domain.clients import Client
from domain.due_dates import days_late, short_date
from domain.reasons import Reason, explain
from domain.reminders import decide
from domain.rulebook import Rulebook
from storage.outbox import DayRow

WIDTHS = (26, 10, 6, 52, 11)
HEADINGS = ("cliente", "vencimento", "atraso", "decisão e por quê", "mensagem")
TEXT_HEADING = "texto que o celular decifrou"
FEWEST_TEXT_COLUMNS = 40
# Where there is no terminal to cut for, the texts stand in full.
COLUMNS = 420
STATES = {
    "waiting": "esperando",
    "queued": "na fila",
    "sending": "enviando",
    "sent": "enviada",
    "delivered": "entregue",
    "read": "lida",
    "retry": "de novo",
    "unknown": "sem resposta",
    "failed": "falhou",
    "expired": "expirou",
    "cancelled": "cancelada",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One client's day."""

    name: str
    due_on: date
    late: int
    why: str
    state: str
    text: str

    @classmethod
    def of(cls, client: Client, row: DayRow | None, book: Rulebook, day: date, text: str) -> Self:
        """The line of `client`, whose message of the day is `row`."""
        decision = decide(client, book.rules, day)
        why = decision.sentence
        if row is not None and row.reason is not None:
            why = explain(row.reason)
        elif row is None and decision.reason is Reason.DUE:
            why = "Era para estar na fila e não está."
        return cls(
            name=client.name,
            due_on=client.due_on,
            late=days_late(client.due_on, day),
            why=why,
            state="" if row is None else STATES[row.state],
            text=text,
        )

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as text, the phone's words last."""
        late = f"{self.late:+d}" if self.late else "0"
        words = " ".join(self.text.split())
        return (self.name, short_date(self.due_on), late, self.why, self.state, words)


def print_table(lines: Sequence[Line]) -> None:
    """Print `lines` under their headings."""
    columns = shutil.get_terminal_size((COLUMNS, 0)).columns
    room = max(FEWEST_TEXT_COLUMNS, columns - sum(WIDTHS) - 2 * len(WIDTHS))
    print(_row((*HEADINGS, TEXT_HEADING), room))
    print("─" * (sum(WIDTHS) + 2 * len(WIDTHS) + len(TEXT_HEADING)))
    for line in lines:
        print(_row(line.cells, room))


def _row(cells: Sequence[str], room: int) -> str:
    return "  ".join(_fit(cell, width) for cell, width in zip(cells, (*WIDTHS, room), strict=True))


def _fit(text: str, width: int) -> str:
    return text.ljust(width) if len(text) <= width else text[: width - 1] + "…"
