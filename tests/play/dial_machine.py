"""The same owner, who also turns the times, adds days of rest, and has what failed tried again."""

# ruff: noqa: D102 - the rules of the machine are sentences already

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from actors.tenant.queue_acts import TRIED_AGAIN
from bot.screens.schedule.buttons import (
    HOLIDAYS,
    DropOwnHoliday,
    PutHours,
    PutOverdue,
    PutTime,
    ShowTime,
    Switched,
    Timed,
    TurnDial,
)
from bot.screens.today.buttons import UNBILLED, ActPress, ShowMessage
from bot.ui.buttons import Go
from domain.dials import Overdue
from domain.queue_acts import QueueAct
from storage.sql import Statement
from tests.play.machine import WHICH
from tests.play.model_queue import AN_HOUR, OPENS, Dials, Key, OwnHoliday
from tests.play.queue_machine import QueueMachine
from tests.play.queue_reading import FAILURES, Day
from tests.play.talk import Screen

GIVEN_UP = Statement(
    "given_up",
    "UPDATE messages SET state = 'failed', reason = $3, attempt = 1 "
    "WHERE tenant_id = $1 AND id = $2",
    ("tenant_id", "id", "reason"),
)
CLOSES = st.sampled_from([20, 22])
# The last is past the end of the usual hours.
SENDS = st.sampled_from([9 * AN_HOUR, 14 * AN_HOUR, 18 * AN_HOUR + 30, 21 * AN_HOUR])
OFFER = st.sampled_from([None, 0, 1])
ASKS = re.compile(r"Cobrar os? (\d+)\?")
MOST_OWN = 3


class DialMachine(QueueMachine):
    """Everything that `QueueMachine` does, and the Agendador."""

    # Times and days, by E2, E9 and F5

    @rule(sends=SENDS, typed=st.booleans(), offer=OFFER)
    def change_when_it_begins(self, sends: int, typed: bool, offer: int | None) -> None:
        if typed:
            self.press(ShowTime(which=Timed.SEND))
            done = self.say("{}h{:02}".format(*divmod(sends, AN_HOUR)))
        else:
            done = self.press(PutTime(which=Timed.SEND, minutes=sends))
        self.turn(done, replace(self.queue.dials, sends=sends), offer)

    @rule(closes=CLOSES, offer=OFFER)
    def change_when_it_ends(self, closes: int, offer: int | None) -> None:
        done = self.press(PutHours(opens=OPENS * AN_HOUR, closes=closes * AN_HOUR))
        self.turn(done, replace(self.queue.dials, closes=closes), offer)

    @rule(which=st.sampled_from([Switched.SUNDAYS, Switched.HOLIDAYS]), on=st.booleans())
    def turn_a_day_of_rest(self, which: Switched, on: bool) -> None:
        done = self.press(TurnDial(which=which, on=on))
        turned: dict[str, Any] = {which.value: on}
        self.turned(done, replace(self.queue.dials, **turned))

    @rule(choice=st.sampled_from(Overdue))
    def say_what_a_change_does_to_the_unbilled(self, choice: Overdue) -> None:
        done = self.press(PutOverdue(choice=choice))
        dials = self.queue.dials
        self.queue.dials = replace(dials, overdue=choice.value)
        if dials != self.queue.dials:
            self.undoable(done, self.dials_back(dials))

    def turn(self, done: Screen, dials: Dials, offer: int | None) -> None:
        """Times that do not fit change nothing, and those that would are offered."""
        if dials.fit:
            self.turned(done, dials)
            return
        offered = [one for _, one in done.all(PutHours)]
        assert dials.offers == [(one.send, one.opens, one.closes) for one in offered]
        if offer is not None:
            one = offered[offer]
            closes = one.closes // AN_HOUR
            self.turned(self.press(one), replace(dials, sends=one.send, closes=closes))

    def turned(self, done: Screen, dials: Dials) -> None:
        """What was turned there already is the act that did it."""
        before, self.queue.dials = self.queue.dials, dials
        if before == dials:
            return
        self.undoable(done, self.dials_back(before))
        left = self.queue.left_out(self.shop, self.here)
        if dials.overdue == Overdue.ALWAYS and self.here.hour < dials.closes:
            self.queue.ask(left, self.today)
        asks = [ASKS.search(label) for label, one in done.all(Go) if one.to == UNBILLED]
        asked = sum(int(one[1]) for one in asks if one)
        is_asked = dials.overdue != Overdue.NEVER
        least = len(left - self.asked_today()) if is_asked else 0
        assert least <= asked <= len(left) * is_asked

    def dials_back(self, before: Dials) -> Callable[[], bool]:
        """Taken back while what was turned stands, and if what that gives fits."""
        after = self.queue.dials
        names = [name for name, value in vars(after).items() if value != vars(before)[name]]

        def back() -> bool:
            dials = self.queue.dials
            earlier = replace(dials, **{name: vars(before)[name] for name in names})
            if not earlier.fit or any(vars(dials)[name] != vars(after)[name] for name in names):
                return False
            self.queue.dials = earlier
            return True

        return back

    # Days of the owner's own (decision 7)

    @rule(days=st.sampled_from([0, 1, 2, 9]), yearly=st.booleans())
    def add_a_day_of_rest(self, days: int, yearly: bool) -> None:
        one = OwnHoliday(self.today + timedelta(days=days), yearly)
        if len(self.queue.own) >= MOST_OWN:
            return
        self.press(Go(to=HOLIDAYS))
        done = self.say(f"{one.day:%d/%m} Folga" if yearly else f"{one.day:%d/%m/%Y} Folga")
        if one not in self.queue.own.values():
            number = max(self.stored().own)
            self.queue.own[number] = one
            self.undoable(done, lambda: self.without(number))
        self.own_days_are_listed()

    def without(self, number: int) -> bool:
        self.queue.own.pop(number, None)
        return True

    @rule(which=WHICH)
    def drop_a_day_of_rest(self, which: int) -> None:
        own = sorted(self.queue.own.items())
        if own:
            number, one = own[which % len(own)]
            done = self.press(DropOwnHoliday(holiday_id=number))
            del self.queue.own[number]
            self.undoable(done, lambda: self.once_more(number, one))
            self.own_days_are_listed()

    def once_more(self, number: int, one: OwnHoliday) -> bool:
        if one in self.queue.own.values():
            return False
        self.queue.own[number] = one
        return True

    def own_days_are_listed(self) -> None:
        shown = self.press(Go(to=HOLIDAYS)).all(DropOwnHoliday)
        assert {*self.queue.own} >= {one.holiday_id for _, one in shown}
        assert min(len(self.queue.own), MOST_OWN) == len(shown)

    # What failed (E8)

    @rule(which=WHICH, reason=st.sampled_from([*FAILURES]))
    def fail(self, which: int, reason: str) -> None:
        goes = sorted(self.queue.goes(self.shop, self.here) - self.queue.tried)
        if goes:
            key = goes[which % len(goes)]
            self.house.run(self.give_up(number_of(key, self.stored()), reason))
            self.queue.failed.add(key)

    async def give_up(self, number: int, reason: str) -> None:
        async with self.house.live.database.tenant(self.talk.chat_id) as tx:
            await tx.execute(GIVEN_UP, id=number, reason=reason)

    @rule(which=WHICH)
    def try_again(self, which: int) -> None:
        failed = sorted(self.queue.failed_of(self.shop))
        if not failed:
            return
        key, before = failed[which % len(failed)], self.stored()
        number = number_of(key, before)
        retry = ActPress(act=QueueAct.RETRY, message_id=number)
        offered = self.press(ShowMessage(message_id=number)).all(ActPress)
        _, said = self.house.run(self.talk.pressed(retry))
        may = self.queue.may_retry(key, self.shop, self.here)
        assert may == (said == TRIED_AGAIN)
        if may:
            assert QueueAct.RETRY in {one.act for _, one in offered}
            assert FAILURES[before.rests[key] or ""] == self.stored().states[number]
            self.queue.failed.remove(key)
            self.queue.tried.add(key)


def number_of(key: Key, stored: Day) -> int:
    """The message of a due date."""
    return next(number for number, one in stored.of_message.items() if one == key)
