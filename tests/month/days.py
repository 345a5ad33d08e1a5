"""A day of the month: what happens at which hour, in the system and in the model beside it."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from functools import partial
from heapq import heappop, heappush
from itertools import count

from actors.messages.clients import ArchiveClient, SetSwitch
from actors.messages.payments import RenewClient
from actors.messages.queue import BillUnbilled, DismissUnbilled, GetUnbilled
from actors.messages.schedule import SetKind, SetSchedule
from actors.messages.undo import Undo, UndoOffer
from domain import schedule
from domain.clients import Switch
from domain.jobs import Job
from domain.reminders import Kind
from tests.month import story
from tests.month.house import NUMBER, House
from tests.month.model import Message, Person, Shop

VERIFY, SUMMARY, CLOSE = time(5), time(8), time(20)
GOES_AWAY, OFF_LINE = time(8, 30), time(8, 15)
WRITES = time(13)
ONE_DAY = timedelta(days=1)
THIRTY = timedelta(days=30)
UNAVAILABLE = 503
HOLIDAYS = {date(2026, 11, 2), date(2026, 11, 15), date(2026, 11, 20)}
SUNDAY = 6
Happen = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Told:
    """What the model says of a day: who must hear, and the money that came."""

    day: date
    expected: list[Message] = field(default_factory=list)
    received: Decimal = Decimal(0)
    off_line: bool = False
    farewells: int = 0  # what confirms to who wrote SAIR that it left (F8)


@dataclass(slots=True)
class Month:
    """The month so far; `ids` are the system's numbers of the model's people."""

    house: House
    shop: Shop
    ids: dict[int, int]
    seed: int
    send_at: time = time(9)

    def people(self) -> dict[int, int]:
        """The model's people by the system's numbers."""
        return {client_id: number for number, client_id in self.ids.items()}


class Day:
    """One day, event by event."""

    def __init__(self, month: Month, day: date) -> None:
        self.month, self.day = month, day
        self.told = Told(day, off_line=day == story.OFF_LINE_ON)
        self._house, self._shop = month.house, month.shop
        self._events: list[tuple[time, int, Happen]] = []
        self._order = count()
        self._is_sent = False

    async def live(self, at_summary: Callable[["Day"], Awaitable[None]]) -> Told:
        """Live it until its close; returns what it had to be."""
        self._put(VERIFY, self._verify)
        self._put(SUMMARY, partial(self._summary, at_summary))
        self._put(CLOSE, self._close)
        if self.day == story.AWAY_ON:
            self._put(GOES_AWAY, self._house.stop)
            self._put(story.AWAY_UNTIL, self._come_back)
        else:
            self._put(self.month.send_at, self._send)
        if self.told.off_line:
            self._put(OFF_LINE, self._go_off_line)
        if self.day in story.TIMES:
            self._put(story.TIMES[self.day][0], self._set_time)
        for act in story.acts(self.day, self.month.seed):
            self._put(act.at, partial(self._act, act))
        self._put(WRITES, self._clients_write)
        while self._events:
            at, _, happen = heappop(self._events)
            if self._house.runs:
                self._house.make_it(self.day, at)
            await happen()
        return self.told

    def rests(self) -> bool:
        """Whether billing rests, as the owner has chosen by then (decision 7)."""
        free = self.day.weekday() == SUNDAY or self.day in HOLIDAYS
        return free and self.day >= story.REST_FROM

    def _put(self, at: time, happen: Happen) -> None:
        heappush(self._events, (at, next(self._order), happen))

    # The clock's

    async def _verify(self) -> None:
        await self._house.has_run(Job.VERIFY)
        if self.day == story.REST_FROM:
            await self._house.ask(SetSchedule(sundays=False, holidays=False))
        if self.day in story.KINDS_FROM:
            kind = story.KINDS_FROM[self.day]
            await self._house.ask(SetKind(Kind(kind), on=True))
            self._shop.kinds.add(kind)

    async def _summary(self, at_summary: Callable[["Day"], Awaitable[None]]) -> None:
        await self._house.has_run(Job.SUMMARY)
        await at_summary(self)
        await self._answer_about_the_left_out()

    async def _send(self) -> None:
        await self._house.has_run(Job.SEND)
        await self._sent()

    async def _sent(self) -> None:
        """From here on whoever is due is sent to at once."""
        self._is_sent = True
        self._must_hear(self._shop.due_now(self.day, rests=self.rests()))
        if not self.told.off_line:
            await self._house.settled()

    async def _close(self) -> None:
        if not self.told.off_line:
            await self._house.settled()
        await self._house.has_run(Job.CLOSE)
        if self.told.off_line:
            await self._house.phones.clear_faults(NUMBER)

    async def _come_back(self) -> None:
        at = schedule.instant(self.day, story.AWAY_UNTIL, schedule.DEFAULT_ZONE)
        await self._house.start(at)
        await self._send()

    async def _go_off_line(self) -> None:
        refuse = {"code": UNAVAILABLE, "times": 1_000}
        await self._house.phones.faults({"number": NUMBER, "refuse_logins": refuse})
        await self._house.phones.drop(NUMBER)

    # The owner's

    async def _set_time(self) -> None:
        at, send_at = story.TIMES[self.day]
        answer = await self._house.ask(SetSchedule(send_at=send_at))
        assert answer.refused is None
        self.month.send_at = send_at
        if self._is_sent:
            await self._sent()
            return
        self._events = [one for one in self._events if one[2] != self._send]
        self._events.sort()
        self._put(max(at, send_at), self._send if send_at > at else self._sent)

    async def _act(self, act: story.Act) -> None:
        await _ACTS[act.what](self, self._shop.people[act.number])
        if self._is_sent:
            await self._sent()

    async def _renew(self, person: Person) -> UndoOffer | None:
        due = max(person.due, self.day) + THIRTY
        order = RenewClient(self.month.ids[person.number], person.due, due, person.price)
        done = await self._house.ask(order)
        person.due = due
        self.told.received += person.price
        return done.undo

    async def renewed(self, person: Person) -> None:
        """Somebody paid."""
        await self._renew(person)

    async def not_renewed_after_all(self, person: Person) -> None:
        """Somebody did not pay, as the owner saw a moment later."""
        was, offer = person.due, await self._renew(person)
        assert offer is not None
        await self._house.ask(Undo(offer.undo_id))
        person.due = was
        self.told.received -= person.price

    async def billing_turned(self, person: Person) -> None:
        """The owner turns a client's billing off, or on again."""
        person.billing = not person.billing
        await self._turn(person, Switch.BILLING, on=person.billing)

    async def notices_turned(self, person: Person) -> None:
        """The same of its notices."""
        person.notices = not person.notices
        await self._turn(person, Switch.NOTICES, on=person.notices)

    async def put_away(self, person: Person) -> None:
        """A client goes into the archive, or comes back."""
        person.archived = not person.archived
        order = ArchiveClient(self.month.ids[person.number], archived=person.archived)
        await self._house.ask(order)

    async def _turn(self, person: Person, switch: Switch, *, on: bool) -> None:
        await self._house.ask(SetSwitch(self.month.ids[person.number], switch, on=on))

    async def _answer_about_the_left_out(self) -> None:
        """Decision 2's question: all of them, half, or none."""
        left = list(self._shop.left_out(self.day))
        found = await self._house.ask(GetUnbilled())
        people = self.month.people()
        assert sorted(one[0] for one in left) == sorted(people[one.client_id] for one in found)
        answer = story.chosen(self.day)
        wanted = left if answer == "all" else left[::2] if answer == "half" else []
        wanted = [one for one in wanted if self._shop.people[one[0]].reachable]
        others = [one for one in left if one not in wanted]
        if wanted:
            await self._house.ask(BillUnbilled(self._ids(wanted)))
            self._must_hear(wanted)
        if others:
            await self._house.ask(DismissUnbilled(self._ids(others)))
            self._shop.dismissed.update(others)

    def _ids(self, messages: Iterable[Message]) -> tuple[int, ...]:
        return tuple(self.month.ids[one[0]] for one in messages)

    def _must_hear(self, messages: Iterable[Message]) -> None:
        for message in [*messages]:
            self.told.expected.append(message)
            self._shop.made.add(message)

    # The clients'

    async def _clients_write(self) -> None:
        who = self._shop.people[self.day.day]
        if self.day in story.WRITES:
            await self._house.phones.reply(who.phone[1:], NUMBER, story.WRITES[self.day])
        if self.day in story.LEAVES:
            await self._house.phones.reply(who.phone[1:], NUMBER, "SAIR")
            await self._house.until(partial(self._has_left, who), "SAIR")
            who.out = True
            self.told.farewells += 1

    async def _has_left(self, person: Person) -> bool:
        [row] = await self._house.rows(
            "SELECT opted_out_at FROM clients WHERE tenant_id = $1 AND id = $2",
            self.month.ids[person.number],
        )
        return row["opted_out_at"] is not None


_ACTS = {
    "renew": Day.renewed,
    "undo_renewal": Day.not_renewed_after_all,
    "billing": Day.billing_turned,
    "notices": Day.notices_turned,
    "archive": Day.put_away,
}
