"""Telegram's order again, where several connections bring its updates at once.

Their numbers follow each other, so a gap says that somebody is on the way: who comes after it
waits a moment. A wait is all that a wrong guess costs (another process may have taken the missing
one, and after a week without updates Telegram begins at another number). Who is at the door
already, and not safe yet, is waited for by its own chat alone.
"""

from bisect import insort
from dataclasses import dataclass, field

GAP_SECONDS = 0.25
# A number so far behind is not late: it is of another row of numbers.
FARTHEST_LATE = 1_000


@dataclass(frozen=True, slots=True, order=True)
class Arrival:
    """An update, and until when it waits for those nobody has seen (monotonic seconds)."""

    update_id: int
    chat_id: int = field(compare=False)
    until: float = field(compare=False)


class InOrder:
    """The updates whose chats are still to be woken."""

    def __init__(self, gap_seconds: float = GAP_SECONDS) -> None:
        self._gap_seconds = gap_seconds
        self._next: int | None = None  # all before it were seen or given up; unknown at first
        self._seen: set[int] = set()  # those after a gap
        self._coming: dict[int, Arrival] = {}
        self._waiting: list[Arrival] = []

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._coming) + len(self._waiting)

    def expect(self, update_id: int, chat_id: int, now: float) -> None:
        """Note one that is at the door."""
        if self._next is not None and update_id < self._next - FARTHEST_LATE:
            self._next = None
        self._coming[update_id] = Arrival(update_id, chat_id, now + self._gap_seconds)
        self._seen.add(update_id)
        self._go_on()

    def settle(self, update_id: int, chat_id: int, now: float, *, new: bool) -> None:
        """Note that one at the door is safe, or will not come; a `new` one is to be woken for."""
        arrival = self._coming.pop(update_id, None)
        if new:
            # It may have come twice at once, and the other one was done first.
            late = Arrival(update_id, chat_id, now + self._gap_seconds)
            insort(self._waiting, arrival or late)

    def ready(self, now: float) -> list[Arrival]:
        """Return those whose turn it is, in order; with that they are gone."""
        given_up = [one.update_id for one in self._waiting if one.until <= now]
        if given_up and max(given_up) >= (self._next or min(given_up)):
            self._next = max(given_up) + 1
            self._go_on()
        first_coming: dict[int, int] = {}
        for one in self._coming.values():
            first = first_coming.get(one.chat_id, one.update_id)
            first_coming[one.chat_id] = min(first, one.update_id)
        ready = [one for one in self._waiting if self._is_ready(one, first_coming)]
        gone = set(ready)
        self._waiting = [one for one in self._waiting if one not in gone]
        return ready

    @property
    def until(self) -> float:
        """When the next has waited enough for a gap (monotonic seconds)."""
        gaps = (one.until for one in self._waiting if not self._follows(one))
        return min(gaps, default=float("inf"))

    def _is_ready(self, one: Arrival, first_coming: dict[int, int]) -> bool:
        coming = first_coming.get(one.chat_id)
        return self._follows(one) and (coming is None or one.update_id < coming)

    def _follows(self, one: Arrival) -> bool:
        return self._next is not None and one.update_id < self._next

    def _go_on(self) -> None:
        """Go past everything that was seen without a gap."""
        if self._next is None:
            return
        while self._next in self._seen:
            self._next += 1
        self._seen = {seen for seen in self._seen if seen > self._next}
