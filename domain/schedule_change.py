"""What a changed schedule does to today's messages: which move, enter or drop (E9).

Pure: the plan before and the plan after come in, each message with the instant from which it goes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from domain.reminders import Kind

Key = tuple[int, Kind, date | None]
"""What a message is: to whom, of which kind, about which due date (E6)."""
Plan = Mapping[Key, datetime]
"""From when each of today's messages that is still to go may go, UTC."""


@dataclass(frozen=True, slots=True)
class Change:
    """One message of today; `was` is None where it enters, `goes` where it drops."""

    client_id: int
    kind: Kind
    was: datetime | None
    goes: datetime | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What of today is another than before, in the order in which it was to go."""

    moved: tuple[Change, ...] = ()
    added: tuple[Change, ...] = ()
    dropped: tuple[Change, ...] = ()

    @property
    def all(self) -> tuple[Change, ...]:
        """Every message that changes."""
        return (*self.moved, *self.added, *self.dropped)

    def packed(self) -> list[list[Any]]:
        """As JSON holds it."""
        return [[one.client_id, one.kind, _packed(one.was), _packed(one.goes)] for one in self.all]


def compare(before: Plan, after: Plan, now: datetime) -> Difference:
    """What is different today. A time that has come is now: what goes at once does not move."""
    changes = [
        Change(client_id, kind, _from(before.get(key), now), _from(after.get(key), now))
        for key in sorted({**before, **after}, key=lambda key: (before.get(key, now), key[:2]))
        for client_id, kind, _ in [key]
    ]
    return _sorted_out(one for one in changes if one.was != one.goes)


def unpacked(rows: Iterable[Iterable[Any]]) -> Difference:
    """A difference as it was packed."""
    return _sorted_out(
        Change(client_id, Kind(kind), _unpacked(was), _unpacked(goes))
        for client_id, kind, was, goes in rows
    )


def _sorted_out(changes: Iterable[Change]) -> Difference:
    kept = tuple(changes)
    return Difference(
        moved=tuple(one for one in kept if one.was is not None and one.goes is not None),
        added=tuple(one for one in kept if one.was is None),
        dropped=tuple(one for one in kept if one.goes is None),
    )


def _from(at: datetime | None, now: datetime) -> datetime | None:
    return None if at is None else max(at, now)


def _packed(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def _unpacked(at: float | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)
