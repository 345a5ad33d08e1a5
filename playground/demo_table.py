"""The table of the demonstration: who was to hear, what came of it, and a count of all others."""

import shutil
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from domain.clients import Client
from domain.due_dates import days_late, short_date
from domain.outbox import MessageState
from domain.reasons import Reason, explain
from domain.reminders import decide
from domain.rulebook import Rulebook
from storage.outbox import DayRow

NAME_WIDTH, DATE_WIDTH, STATE_WIDTH = 24, 5, 12
GAP = "  "
COLUMNS = 100  # where there is no terminal to ask
FEWEST_COLUMNS, MOST_COLUMNS = 60, 160
STATES = {
    MessageState.WAITING: "esperando",
    MessageState.QUEUED: "na fila",
    MessageState.SENDING: "enviando",
    MessageState.SENT: "enviada",
    MessageState.DELIVERED: "entregue",
    MessageState.READ: "lida",
    MessageState.RETRY: "de novo",
    MessageState.UNKNOWN: "sem resposta",
    MessageState.FAILED: "não foi",
    MessageState.EXPIRED: "não foi",
    MessageState.CANCELLED: "cancelada",
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
    group: str  # the reason without this client's own numbers
    is_due: bool

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
            state="—" if row is None else STATES[row.state],
            text=text,
            group=explain(decision.reason),
            is_due=row is not None or decision.reason is Reason.DUE,
        )

    @property
    def outcome(self) -> str:
        """The phone's own words where there are any, otherwise why there are none."""
        return " ".join(self.text.split()) or self.why


def table(lines: Sequence[Line], *, everybody: bool, columns: int | None = None) -> Iterator[str]:
    """The lines to print, none wider than the terminal.

    Those who were to hear today, one by one, and the others counted by reason; `everybody` shows
    each of them as well.
    """
    width = columns or shutil.get_terminal_size((COLUMNS, 0)).columns
    width = min(max(width, FEWEST_COLUMNS), MOST_COLUMNS)
    shown = [line for line in lines if everybody or line.is_due]
    yield _row(("cliente", "venc.", "mensagem", "o que o celular mostrou, ou por que não"), width)
    yield "─" * width
    for line in shown:
        due_on = short_date(line.due_on)[:DATE_WIDTH]
        yield _row((line.name, due_on, line.state, line.outcome), width)
    others = Counter(line.group for line in lines if not line.is_due)
    if others:
        yield ""
        yield f"E {others.total()} que não era dia de cobrar:"
        for why, count in others.most_common():
            yield from textwrap.wrap(f"{count:5}  {why}", width, subsequent_indent=" " * 7)


def _row(cells: Sequence[str], width: int) -> str:
    room = width - NAME_WIDTH - DATE_WIDTH - STATE_WIDTH - 3 * len(GAP)
    widths = (NAME_WIDTH, DATE_WIDTH, STATE_WIDTH, room)
    return GAP.join(_fit(cell, room) for cell, room in zip(cells, widths, strict=True)).rstrip()


def _fit(text: str, width: int) -> str:
    return text.ljust(width) if len(text) <= width else text[: width - 1] + "…"
