"""What goes to whom today, and who was left out: the rules once more, in brief.

Written from the rules (E2, E3, E3b, E4, E5, E6, E7, E8, E12, C7, C10, D2, F5, F8), not from the
code. A time of day is in minutes since midnight.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.play.days import is_holiday, on_day
from tests.play.model import Client, Shop

BILLING = "cobranca"
LATE = {"lembrete_2_dias": -2, "lembrete_1_dia": -1, "vence_hoje": 0, BILLING: 1}
FIRST_PLAN = 5
OPENS = 8
AN_HOUR = 60
LISTED_DAYS = 7
SUNDAY = 6
Key = tuple[int, str, date]


@dataclass
class ByHand:
    """A message that was scheduled; `lost`: its client left or was put away, which ends it."""

    client: int
    day: date
    waits: bool = True
    lost: bool = False


@dataclass
class Text:
    """The words of a kind, None for those that everybody begins with; `on`: it goes by itself."""

    body: str | None = None
    on: bool = False

    def set(self, **values: object) -> Callable[[], bool]:
        """Change it; taken back only while all of it stands."""
        before = (self.body, self.on)
        vars(self).update(values)
        after = (self.body, self.on)

        def back() -> bool:
            if (self.body, self.on) != after:
                return False
            self.body, self.on = before
            return True

        return back


@dataclass(frozen=True)
class Dials:
    """What the owner set; `overdue` is decision 2's answer to whoever was left unbilled."""

    sundays: bool = True
    holidays: bool = True
    closes: int = 20
    sends: int = 9 * AN_HOUR
    overdue: str = "ask"

    @property
    def fit(self) -> bool:
        """Whether messages begin inside the window (F5)."""
        return OPENS * AN_HOUR <= self.sends < self.closes * AN_HOUR

    @property
    def offers(self) -> list[tuple[int, int, int]]:
        """What is offered in place of times too late: an hour before the end, or a later end."""
        opens, closes = OPENS * AN_HOUR, self.closes * AN_HOUR
        return [(closes - AN_HOUR, opens, closes), (self.sends, opens, self.sends + AN_HOUR)]


@dataclass(frozen=True)
class OwnHoliday:
    """A date of the owner's own: each year, or once (decision 7)."""

    day: date
    yearly: bool

    def falls_on(self, day: date) -> bool:
        """Whether it is then."""
        this_year = on_day(self.day.replace(year=day.year, day=1), self.day.day)
        return day == (this_year if self.yearly else self.day)


@dataclass
class Queue:
    """All about today. `stopped` was cancelled by hand; `asked` is billed late, on that day.

    `failed` was given up; `tried` goes on under its own id since the owner asked for that (E8), and
    no plan decides about it any more.
    """

    dials: Dials = field(default_factory=Dials)
    texts: dict[str, Text] = field(
        default_factory=lambda: {kind: Text(on=kind == BILLING) for kind in LATE}
    )
    paused: bool = False
    company: str | None = None
    alone: bool = True
    out: set[int] = field(default_factory=set)
    stopped: set[Key] = field(default_factory=set)
    dismissed: set[Key] = field(default_factory=set)
    asked: dict[Key, date] = field(default_factory=dict)
    by_hand: dict[int, ByHand] = field(default_factory=dict)
    own: dict[int, OwnHoliday] = field(default_factory=dict)
    failed: set[Key] = field(default_factory=set)
    tried: set[Key] = field(default_factory=set)

    def goes(self, shop: Shop, now: datetime) -> set[Key]:
        """What is to go by itself today: of each client at most one (E3, E4)."""
        gone = self.stopped | self.dismissed | self.failed
        return self.due(shop, now) - gone - {*self.asked}

    def due(self, shop: Shop, now: datetime) -> set[Key]:
        """What today is the day of, while its hours last."""
        if not FIRST_PLAN <= now.hour < self.dials.closes:
            return set()
        return {
            (client.number, kind, client.due)
            for client in shop.listed()
            for kind, late in LATE.items()
            if client.due + timedelta(days=late) == now.date()
            and self.may_have(client, kind)
            and not (kind == BILLING and self.rests(now.date()))
        }

    def failed_of(self, shop: Shop) -> set[Key]:
        """What was given up of those who are still there."""
        return {key for key in self.failed if key[0] in shop.clients}

    def may_retry(self, key: Key, shop: Shop, now: datetime) -> bool:
        """Whether it goes once more: on its day, and if by now it still is to go (E8).

        Before the window opens nobody knows that yet.
        """
        is_its_day = key[2] + timedelta(days=LATE[key[1]]) == now.date()
        if now.hour < OPENS:
            return is_its_day
        return is_its_day and key in self.due(shop, now)

    def ask(self, keys: set[Key], today: date) -> None:
        """Bill these late: whatever became of them before."""
        self.asked |= dict.fromkeys(keys, today)
        self.failed -= keys

    def may_have(self, client: Client, kind: str) -> bool:
        """Whether client and owner want it to go (C10, D2, F8)."""
        wants = client.billing if kind == BILLING else client.notices
        return wants and self.texts[kind].on and client.number not in self.out

    def rests(self, day: date) -> bool:
        """Whether billing rests (decision 7)."""
        sunday = day.weekday() == SUNDAY and not self.dials.sundays
        own = any(one.falls_on(day) for one in self.own.values())
        return sunday or ((own or is_holiday(day)) and not self.dials.holidays)

    def left_out(self, shop: Shop, now: datetime) -> set[Key]:
        """Whose day of billing is over without it, of the last seven (E3b)."""
        last = now.date() if now.hour >= self.dials.closes else now.date() - timedelta(days=1)
        found = {
            (client.number, BILLING, client.due)
            for client in shop.listed()
            if 0 <= (last - client.due).days - LATE[BILLING] < LISTED_DAYS
            and self.may_have(client, BILLING)
        }
        return found - self.stopped - self.dismissed

    def known(self, shop: Shop) -> dict[int, ByHand]:
        """The messages by hand whose clients are still there, wait as they may."""
        for one in self.by_hand.values():
            client = shop.clients.get(one.client)
            one.lost |= client is None or client.archived or client.number in self.out
        return {number: one for number, one in self.by_hand.items() if not one.lost}

    def waiting(self, shop: Shop, today: date) -> set[int]:
        """Those for another day (E12)."""
        return {n for n, one in self.known(shop).items() if one.waits and one.day > today}

    def written(self, shop: Shop, now: datetime) -> list[int]:
        """Whom those of today are for, while today's hours last."""
        open_now = FIRST_PLAN <= now.hour < self.dials.closes
        known = self.known(shop).values()
        return sorted(
            one.client for one in known if one.waits and one.day == now.date() and open_now
        )

    def renewed(self, client: Client) -> Callable[[], None]:
        """Whatever was scheduled for the client does not go (C7); how it comes back."""
        return self.unwritten(client.number)

    def unwritten(self, client: int, days: Sequence[date] | None = None) -> Callable[[], None]:
        """What was written to a client, for these days or any, does not go."""
        of_client = [one for one in self.by_hand.values() if one.client == client and one.waits]
        gone = [one for one in of_client if days is None or one.day in days]
        for one in gone:
            one.waits = False

        def back() -> None:
            for one in gone:
                one.waits = True

        return back
