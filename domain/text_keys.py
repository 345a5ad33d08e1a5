"""Which text is meant: the one of a kind, or one of the tenant's own `geral` ones (D2)."""

from dataclasses import dataclass
from typing import Self

from domain.reminders import Kind

LARGEST_ID = 2**63 - 1
_OWN = "g"


@dataclass(frozen=True, slots=True)
class TextKey:
    """A text. `id` tells those of kind `geral` apart; of the other kinds there is one each."""

    kind: Kind
    id: int | None = None

    @property
    def packed(self) -> str:
        """As a button or a table carries it: "cobranca", "g12"; "g0" is one not yet made."""
        return self.kind.value if self.id is None else f"{_OWN}{self.id}"

    @property
    def is_new(self) -> bool:
        """Whether it is only being written."""
        return self.id == 0

    @classmethod
    def unpack(cls, packed: str) -> Self | None:
        """The text that `packed` names, or None for what names none."""
        number = packed.removeprefix(_OWN)
        if number != packed and number.isascii() and number.isdecimal():
            found = int(number)
            return cls(Kind.GENERAL, found) if found <= LARGEST_ID else None
        if packed in {kind.value for kind in FIXED_KINDS}:
            return cls(Kind(packed))
        return None


FIXED_KINDS = (
    Kind.BILLING,
    Kind.DUE_TODAY,
    Kind.REMINDER_1_DAY,
    Kind.REMINDER_2_DAYS,
    Kind.RENEWAL,
    Kind.WELCOME,
)
"""The kinds that have one text each, in the order in which owners look for them."""
NEW_TEXT = TextKey(Kind.GENERAL, 0)
