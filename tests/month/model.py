"""Who must hear what, and when nobody must: the rules once more, in brief (E3, E3b, E4, E6, C10).

Written from the rules, not from the code that keeps them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

BILLING = "cobranca"
KIND_ON = {1: BILLING, 0: "vence_hoje", -1: "lembrete_1_dia", -2: "lembrete_2_dias"}
Message = tuple[int, str, date]  # whom, what, about which due date: at most once ever (E6)


@dataclass
class Person:
    """A client; `reachable`: there is a WhatsApp behind the phone."""

    number: int
    name: str
    phone: str
    due: date
    price: Decimal
    reachable: bool = True
    billing: bool = True
    notices: bool = True
    archived: bool = False
    out: bool = False

    def wants(self, kind: str) -> bool:
        """Whether such a message may go to it at all (C10)."""
        asked = self.billing if kind == BILLING else self.notices
        return asked and not self.archived and not self.out


@dataclass
class Shop:
    """A business: `rests` says whether billing rests on a day, `made` is what went."""

    people: list[Person]
    kinds: set[str] = field(default_factory=lambda: {BILLING})
    made: set[Message] = field(default_factory=set)
    dismissed: set[Message] = field(default_factory=set)

    def due_now(self, day: date, *, rests: bool) -> Iterator[Message]:
        """What goes out by itself on `day`, as things are."""
        for one in self.people:
            kind = KIND_ON.get((day - one.due).days, "")
            message = (one.number, kind, one.due)
            goes = kind in self.kinds and not (rests and kind == BILLING)
            if goes and one.wants(kind) and message not in self.made:
                yield message

    def left_out(self, day: date) -> Iterator[Message]:
        """Whose day of billing is over without it, in the morning of `day` (E3b)."""
        for one in self.people:
            message = (one.number, BILLING, one.due)
            late = (day - one.due).days
            if late > 1 and one.wants(BILLING) and message not in self.made | self.dismissed:
                yield message
