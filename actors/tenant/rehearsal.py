"""Plays a day through before it comes, client by client, and writes nothing (J7).

Only whose due dates the day is about are read, some at a time, and no more is kept than is shown.
"""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime

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
from domain.client_list import ROWS, clamped, pages_of
from domain.jobs import ONE_DAY
from domain.obstacles import day_obstacle
from domain.rehearsal import FATES, FURTHEST, GOES, Fate, Foreseen, due_dates_of, foresee
from domain.reminders import due_dates_on
from domain.rulebook import Rulebook, rulebook
from domain.schedule import localized
from domain.turns import fitting, last_turn, step
from storage import queue_acts, rehearsal

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Stage:
    """The day that is played: its rules, and from when until when it sends."""

    desk: Desk
    day: date
    book: Rulebook
    begins: datetime
    closes: datetime

    @classmethod
    def of(cls, desk: Desk, day: date | None) -> "_Stage":
        """The day that was asked for, or the nearest that can be played."""
        tomorrow = desk.today + ONE_DAY
        day = min(max(day or tomorrow, tomorrow), desk.today + FURTHEST)
        begins, closes = desk.book.sending_hours(day)
        return cls(desk, day, rulebook(desk.charter, begins), begins, closes)


class RehearsalPart(UnbilledPart):
    """Foresees."""

    @on(Rehearse)
    async def rehearse(self, message: Rehearse) -> RehearsalView:
        """The day in numbers, and who gets nothing."""
        async with self._desk() as desk:
            stage = _Stage.of(desk, message.day)
            counts: Counter[Fate] = Counter()
            named: list[ForeseenRow] = []
            async for found, _ in self._play(stage):
                counts[found.fate] += 1
                if found.fate is Fate.NOT and len(named) < MOST_NAMED:
                    named.append(_row(stage, found, None))
            return await self._summed_up(stage, counts, named)

    async def _summed_up(
        self, stage: _Stage, counts: Counter[Fate], named: list[ForeseenRow]
    ) -> RehearsalView:
        goes, pace = sum(counts[fate] for fate in GOES), step(self._ports.pacing)
        on = due_dates_on(stage.day, stage.book.rules)
        return localized(
            RehearsalView(
                day=stage.day,
                today=stage.desk.today,
                counts=dict(counts),
                due_dates=due_dates_of(stage.day),
                not_going=tuple(named),
                begins=stage.begins,
                ends=min(last_turn(stage.begins, goes, pace), stage.closes),
                closes=stage.closes,
                late=max(0, goes - fitting(stage.begins, stage.closes, pace)),
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
            async for found, at in self._play(stage):
                if found.fate is message.fate:
                    # Of a page that is full, the next begins anew, until it is the one asked for.
                    if len(rows) == ROWS and total < page * ROWS:
                        rows = []
                    if len(rows) < ROWS and total < page * ROWS:
                        rows.append(_row(stage, found, at))
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
            async for found, at in self._play(stage):
                if found.goes:
                    total += 1
                    if total <= number:
                        shown, texts = _row(stage, found, at), found.texts
        return ForeseenText(
            day=stage.day,
            today=desk.today,
            number=min(number, max(1, total)),
            total=total,
            shown=shown,
            texts=texts,
        )

    async def _play(self, stage: _Stage) -> AsyncIterator[tuple[Foreseen, datetime | None]]:
        """Each client with what the day brings, and when its turn comes."""
        at, pace = stage.begins, step(self._ports.pacing)
        async for one in rehearsal.due(stage.desk.tx, stage.day, due_dates_of(stage.day)):
            # Past the end of the day the words are those of its last minute.
            turn = min(at, max(stage.begins, stage.closes - pace))
            found = foresee(stage.book, one.client, one.kind, stage.day, turn, made=one.made)
            yield found, turn if found.goes else None
            at += pace if found.goes else pace * 0


async def _hold(stage: _Stage) -> Hold | None:
    """What would keep the whole day from going, if nothing changed until it begins."""
    desk = replace(stage.desk, book=stage.book, now=stage.begins)
    if await queue_obstacle(desk.tx, desk.book, desk.now) is None:
        return None
    return await hold(desk, await queue_acts.since(desk.tx, desk.today), connected=None)


def _row(stage: _Stage, found: Foreseen, at: datetime | None) -> ForeseenRow:
    return ForeseenRow(
        row=cards.row_of(stage.desk, found.client),
        kind=found.kind,
        reason=found.reason,
        sentence=found.sentence,
        at=None if at is None else stage.desk.local(at),
        missing=found.missing,
    )
