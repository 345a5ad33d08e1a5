"""Which of a list an owner has marked: all of them at first, then each as it was said.

What is kept is who stands apart from the rest, so a list of thousands costs nothing (law 4).
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

SEAL_CHARS = 12


@dataclass(frozen=True, slots=True)
class Marks:
    """`rest` is how everybody stands that is not named in `others`, who stand the other way."""

    rest: bool = True
    others: frozenset[int] = frozenset()

    def has(self, number: int) -> bool:
        """Whether it is marked."""
        return self.rest is not (number in self.others)

    def put(self, number: int, *, on: bool) -> "Marks":
        """The same, with one of them marked or not."""
        if on is self.rest:
            return Marks(self.rest, self.others - {number})
        return Marks(self.rest, self.others | {number})


def stored_marks(answers: Mapping[str, Any], day: str) -> Marks:
    """The marks out of what was kept on `day`; all are marked where nothing was, or long ago."""
    others = answers.get("others")
    if answers.get("day") != day or not isinstance(others, list):
        return Marks()
    numbers = frozenset(one for one in others if isinstance(one, int))
    return Marks(answers.get("rest") is not False, numbers)


def kept_marks(marks: Marks, day: str, listed: Collection[int]) -> dict[str, Any]:
    """Marks as they are kept, without those who are listed no more."""
    return {"day": day, "rest": marks.rest, "others": sorted(marks.others & {*listed})}


def seal(names: Iterable[str]) -> str:
    """A short word for exactly these: who presses a button answers about those it was shown."""
    told = "\n".join(sorted(names))
    return hashlib.sha256(told.encode()).hexdigest()[:SEAL_CHARS]
