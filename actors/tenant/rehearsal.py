"""Plays a day through before it comes, client by client, and writes nothing (J7).

Only whose due dates the day is about are read, some at a time, and no more is kept than is shown.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

from actors.messages.queue import Hold
from actors.messages.rehearsal import (
    ForeseenPage,
    ForeseenRow,
    ForeseenText,
    GetForeseen,
    ReadForeseen,
    RehearsalView,
    Rehearse,
)
from actors.runtime import on
from actors.tenant import cards
from actors.tenant.day import queue_obstacle
from actors.tenant.desk import Desk
from actors.tenant.queue_views import hold
from actors.tenant.unbilled import UnbilledPart
from domain import by_hand as rules
from domain.client_list import ROWS, clamped, pages_of
from domain.jobs import ONE_DAY
from domain.obstacles import day_obstacle
from domain.rehearsal import (
    FATES,
    FURTHEST,
    Fate,
    Foreseen,
    due_dates_of,
    foresee,
    foresee_by_hand,
)
from domain.reminders import due_dates_on
from domain.rulebook import Rulebook, rulebook
from domain.schedule import instant, localized
from domain.turns import step
from storage import queue_acts, rehearsal

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Stage:
    """The day that is played: its rules, and from when until when it sends."""

    desk: Desk
    day: date
    book: Rulebook
    opens: datetime
    begins: datetime
    closes: datetime

    @classmethod
    def of(cls, desk: Desk, day: date | None) -> "_Stage":
        """The day that was asked for, or the nearest that can be played."""
        tomorrow = desk.today + ONE_DAY
        day = min(max(day or tomorrow, tomorrow), desk.today + FURTHEST)
        begins, closes = desk.book.sending_hours(day)
        opens, _ = desk.book.rules.window.instants(day, desk.book.zone)
        return cls(desk, day, rulebook(desk.charter, begins), opens, begins, closes)


class RehearsalPart(UnbilledPart):
    """Foresees."""

    @on(Rehearse)
    async def rehearse(self, message: Rehearse) -> RehearsalView:
        """The day in numbers, and who gets nothing."""
        async with self._desk() as desk:
            stage = _Stage.of(desk, message.day)
            tally = _Tally()
            async for played in self._play(stage):
                tally.add(stage, played)
            return await self._summed_up(stage, tally)

    async def _summed_up(self, stage: _Stage, tally: "_Tally") -> RehearsalView:
        on = due_dates_on(stage.day, stage.book.rules)
        begins = tally.first or stage.begins
        return localized(
            RehearsalView(
                day=stage.day,
                today=stage.desk.today,
                counts=dict(tally.counts),
                due_dates=due_dates_of(stage.day),
                not_going=tuple(tally.named),
                begins=begins,
                ends=stage.closes if tally.late else tally.last or begins,
                closes=stage.closes,
                late=tally.late,
                hold=await _hold(stage),
                rest=day_obstacle(stage.book.rules, stage.day),
                off=tuple(kind for kind in FATES if kind not in on),
            ),
            stage.book.zone,
        )

    @on(GetForeseen)
    async def get_foreseen(self, message: GetForeseen) -> ForeseenPage:
        """A page of one list of the day: the last there is, where fewer are left."""
        page, total = max(1, message.page), 0
        rows: list[ForeseenRow] = []
        async with self._desk() as desk:
            stage = _Stage.of(desk, message.day)
            async for played in self._play(stage):
                if played.found.fate is message.fate:
                    # Of a page that is full, the next begins anew, until it is the one asked for.
                    if len(rows) == ROWS and total < page * ROWS:
                        rows = []
                    if len(rows) < ROWS and total < page * ROWS:
                        rows.append(_row(stage, played))
                    total += 1
        pages = pages_of(total)
        return ForeseenPage(
            day=stage.day,
            today=desk.today,
            fate=message.fate,
            rows=tuple(rows),
            page=clamped(page, pages),
            pages=pages,
            total=total,
        )

    @on(ReadForeseen)
    async def read_foreseen(self, message: ReadForeseen) -> ForeseenText:
        """The words of one message of the day; of the last, where there are fewer."""
        number, total = max(1, message.number), 0
        shown: ForeseenRow | None = None
        texts: tuple[str, ...] = ()
        async with self._desk() as desk:
            stage = _Stage.of(desk, message.day)
            async for played in self._play(stage):
                if played.found.goes:
                    total += 1
                    if total <= number:
                        shown, texts = _row(stage, played), played.found.texts
        return ForeseenText(
            day=stage.day,
            today=desk.today,
            number=min(number, max(1, total)),
            total=total,
            shown=shown,
            texts=texts,
        )

    async def _play(self, stage: _Stage) -> AsyncIterator["_Played"]:
        """Each client with what the day brings, and when its turn comes."""
        pace, free = step(self._ports.pacing), stage.opens
        async for one in _each(stage):
            at = max(one.own, free)
            # Past the end of the day the words are those of its last minute.
            turn = min(at, max(one.own, stage.closes - pace))
            found = one.foreseen(at=turn)
            yield _Played(found, turn if found.goes else None, found.goes and at >= stage.closes)
            if found.goes:
                free = at + pace


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who plays a part: not before `own`, UTC, and how what comes of it is foreseen."""

    own: datetime
    foreseen: Callable[..., Foreseen]


@dataclass(frozen=True, slots=True)
class _Played:
    """What the day brings, its turn if a message goes, and whether that is after the day's end."""

    found: Foreseen
    at: datetime | None
    late: bool


@dataclass(slots=True)
class _Tally:
    """A day in numbers, while it is played."""

    counts: Counter[Fate] = field(default_factory=Counter)
    named: list[ForeseenRow] = field(default_factory=list)
    first: datetime | None = None
    last: datetime | None = None
    late: int = 0

    def add(self, stage: _Stage, played: _Played) -> None:
        """Count one more."""
        self.counts[played.found.fate] += 1
        self.first, self.last = self.first or played.at, played.at or self.last
        self.late += played.late
        if played.found.fate is Fate.NOT and len(self.named) < MOST_NAMED:
            self.named.append(_row(stage, played))


async def _each(stage: _Stage) -> AsyncIterator[_Cast]:
    """All of the day: what was scheduled for before it begins, its plan, and what follows."""
    by_hand = await _by_hand(stage)
    for one in by_hand:
        if one.own < stage.begins:
            yield one
    async for due in rehearsal.due(stage.desk.tx, stage.day, due_dates_of(stage.day)):
        yield _Cast(
            stage.begins,
            partial(foresee, stage.book, due.client, due.kind, stage.day, made=due.made),
        )
    for one in by_hand:
        if one.own >= stage.begins:
            yield one


async def _by_hand(stage: _Stage) -> list[_Cast]:
    """What the owner has scheduled for the day, the first first (E12)."""
    window, zone, cast = stage.book.rules.window, stage.book.zone, []
    for one in await rehearsal.by_hand(stage.desk.tx, stage.day):
        local = stage.desk.local(one.at)
        at = one.at if one.day == stage.day else instant(stage.day, local.time(), zone)
        going = rules.going(at, window, zone, stage.opens)
        own = at if going is None else going.not_before
        cast.append(
            _Cast(own, partial(foresee_by_hand, stage.book, one.client, one.text, stage.day))
        )
    return sorted(cast, key=lambda one: one.own)


async def _hold(stage: _Stage) -> Hold | None:
    """What would keep the whole day from going, if nothing changed until it begins."""
    desk = replace(stage.desk, book=stage.book, now=stage.begins)
    if await queue_obstacle(desk.tx, desk.book, desk.now) is None:
        return None
    return await hold(desk, await queue_acts.since(desk.tx, desk.today), connected=None)


def _row(stage: _Stage, played: _Played) -> ForeseenRow:
    found, at = played.found, played.at
    return ForeseenRow(
        row=cards.row_of(stage.desk, found.client),
        kind=found.kind,
        reason=found.reason,
        sentence=found.sentence,
        at=None if at is None else stage.desk.local(at),
        missing=found.missing,
    )
