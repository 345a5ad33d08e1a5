"""One time, the window, the zone: presets to touch, or typed as people write them (E1, E2, F5)."""

from collections.abc import Awaitable, Callable
from datetime import time
from typing import Any

from actors.messages.schedule import GetSchedule, ScheduleView, SetSchedule
from bot.screens.schedule import words
from bot.screens.schedule.buttons import (
    MORE,
    SCHEDULE,
    WINDOW,
    ZONE,
    PutHours,
    PutTime,
    PutZone,
    ShowTime,
    Timed,
    minutes_of,
    time_of,
)
from bot.screens.schedule.schedule import answered, show_schedule
from bot.ui.buttons import button, in_rows, keyboard, place
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import not_understood, with_notice
from domain.dials import Dials
from domain.schedule import parse_time
from domain.schedule_rules import parse_window
from domain.zones import ZONES, parse_zone
from errors import InvalidInput

SCREEN = Screen()
ASKS = "sched:"
ASKS_WINDOW = "sched:window"
ASKS_ZONE = "sched:zone"
PRESETS = {
    Timed.VERIFY: (time(4), time(5), time(6), time(7)),
    Timed.SEND: (time(8), time(9), time(10), time(14), time(18), time(18, 30)),
    Timed.CLEAN: (time(1), time(2), time(3), time(4)),
    Timed.SUMMARY: (time(7), time(8), time(9), time(20), time(21)),
}
OPENINGS = (time(7), time(8), time(9), time(10))
CLOSINGS = (time(18), time(19), time(20), time(21))


@SCREEN.press(ShowTime)
async def show_time(turn: Turn, pressed: ShowTime) -> View:
    """One time."""
    return time_view(await turn.ask(GetSchedule()), pressed.which)


@SCREEN.press(PutTime)
async def put_time(turn: Turn, pressed: PutTime) -> View:
    """Set it."""
    at = time_of(pressed.minutes)
    return await show_schedule(turn) if at is None else await _set_time(turn, pressed.which, at)


@SCREEN.press(PutHours)
async def put_hours(turn: Turn, pressed: PutHours) -> View:
    """Set the window, and the time of sending with it."""
    opens, closes = time_of(pressed.opens), time_of(pressed.closes)
    if opens is None or closes is None:
        return await show_schedule(turn)
    return await _set_hours(turn, opens, closes, time_of(pressed.send))


@SCREEN.press(PutZone)
async def put_zone(turn: Turn, pressed: PutZone) -> View:
    """Live by another clock."""
    names = [*ZONES.values()]
    if not 0 <= pressed.index < len(names):
        return await show_zone(turn)
    return await _set_zone(turn, names[pressed.index])


@SCREEN.place(WINDOW)
async def show_window(turn: Turn) -> View:
    """The hours in which messages may go."""
    return window_view(await turn.ask(GetSchedule()))


@SCREEN.place(ZONE)
async def show_zone(turn: Turn) -> View:
    """The clock the owner lives by."""
    return zone_view(await turn.ask(GetSchedule()))


def _typed_time(which: Timed) -> Callable[[Turn], Awaitable[View]]:
    async def read(turn: Turn) -> View:
        try:
            at = parse_time(turn.said.answer or "")
        except InvalidInput as error:
            return _again(error, time_view(await turn.ask(GetSchedule()), which))
        return await _set_time(turn, which, at)

    return read


for _which in Timed:
    SCREEN.question(ASKS + _which.value)(_typed_time(_which))


@SCREEN.question(ASKS_WINDOW)
async def typed_window(turn: Turn) -> View:
    """Two times, as they were typed."""
    try:
        window = parse_window(turn.said.answer or "")
        return await _set_hours(turn, window.opens, window.closes, None)
    except InvalidInput as error:
        return _again(error, window_view(await turn.ask(GetSchedule())))


@SCREEN.question(ASKS_ZONE)
async def typed_zone(turn: Turn) -> View:
    """A place, as it was typed."""
    try:
        zone = parse_zone(turn.said.answer or "")
    except InvalidInput as error:
        return _again(error, zone_view(await turn.ask(GetSchedule())))
    return await _set_zone(turn, zone.key)


def time_view(view: ScheduleView, which: Timed) -> View:
    """A time, its presets, and room for typing."""
    at = getattr(view.dials, which.value)
    presets = [
        button(f"{preset:%H:%M}", PutTime(which=which, minutes=minutes_of(preset)))
        for preset in _offered(view.dials, which)
        if preset != at
    ]
    back = place(MORE if which is Timed.SUMMARY else SCHEDULE)
    return View(
        words.one_time(which, at), keyboard(*in_rows(presets, 3), back=back),
        asks=ASKS + which.value,
    )  # fmt: skip


def window_view(view: ScheduleView) -> View:
    """The window: when it opens above, when it closes below."""
    dials = view.dials
    openings = [
        button(f"🔓 {at:%H:%M}", _hours(at, dials.window_closes))
        for at in OPENINGS
        if at != dials.window_opens and at < dials.window_closes
    ]
    closings = [
        button(f"🔒 {at:%H:%M}", _hours(dials.window_opens, at))
        for at in CLOSINGS
        if at != dials.window_closes and at > dials.window_opens
    ]
    return View(
        words.window(dials),
        keyboard(*in_rows(openings, 3), *in_rows(closings, 3), back=place(SCHEDULE)),
        asks=ASKS_WINDOW,
    )


def zone_view(view: ScheduleView) -> View:
    """The zones by the names people use."""
    names = [*ZONES]
    choices = [
        button(
            words.zone_choice(name, chosen=ZONES[name] == view.dials.zone.key),
            PutZone(index=names.index(name)),
        )
        for name in names
    ]
    return View(
        words.zone(view.dials), keyboard(*in_rows(choices, 2), back=place(MORE)), asks=ASKS_ZONE
    )


def _hours(opens: time, closes: time) -> PutHours:
    return PutHours(opens=minutes_of(opens), closes=minutes_of(closes))


def _offered(dials: Dials, which: Timed) -> list[time]:
    """The presets that may be chosen: nothing is sent outside the window."""
    presets = PRESETS[which]
    return [at for at in presets if which is not Timed.SEND or dials.window.contains(at)]


async def _set_time(turn: Turn, which: Timed, at: time) -> View:
    setting: dict[str, Any] = {which.value: at}
    answer = await turn.ask(SetSchedule(**setting))
    return answered(answer, words.set_toast(which, at))


async def _set_hours(turn: Turn, opens: time, closes: time, send_at: time | None) -> View:
    asked = SetSchedule(window_opens=opens, window_closes=closes, send_at=send_at)
    answer = await turn.ask(asked)
    return answered(answer, words.hours_toast(answer.view.dials))


async def _set_zone(turn: Turn, name: str) -> View:
    answer = await turn.ask(SetSchedule(zone=name))
    return answered(answer, f"{words.zone_button(answer.view.dials)}")


def _again(error: InvalidInput, view: View) -> View:
    """Why what was typed will not do, above the same question (law 7)."""
    notice = with_notice(not_understood(error.sentence), view.text)
    return View(notice, view.keyboard, asks=view.asks)
