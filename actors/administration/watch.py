"""Lines by what they deliver, today's messages, the system, and what could not be done (A11)."""

from collections import Counter
from datetime import datetime, timedelta
from functools import partial

from actors.administration.part import AdminPart
from actors.messages.admin_system import (
    DayLine,
    DayOfAll,
    GetDayOfAll,
    GetLines,
    GetSystem,
    GetTroublePage,
    GetTroubles,
    HealthLine,
    Lines,
    SystemView,
    TroubleLine,
    TroublePage,
    TroubleReason,
)
from actors.runtime import Later, on
from domain.administration import LineHealth, Trouble
from domain.client_list import ROWS, clamped, pages_of
from domain.schedule import DEFAULT_ZONE, local
from storage import troubles
from storage.administration import LineRow
from storage.database import DispatcherConnection

TROUBLES_OF = timedelta(days=1)
TROUBLE_LINES = 8
WORKER = "sidecar "
RUNNING = "running"


class WatchPart(AdminPart):
    """Looks at how everything does."""

    @on(GetLines)
    async def get_lines(self, message: GetLines) -> Later[Lines]:
        """The lines by how they do."""
        return self._answer(message.by, partial(self._lines, message))

    @on(GetDayOfAll)
    async def get_day(self, message: GetDayOfAll) -> Later[DayOfAll]:
        """Today's messages by account."""
        return self._answer(message.by, partial(self._day, message.page))

    @on(GetSystem)
    async def get_system(self, message: GetSystem) -> Later[SystemView]:
        """How the system does."""
        return self._answer(message.by, self._system)

    @on(GetTroubles)
    async def get_troubles(self, message: GetTroubles) -> Later[tuple[TroubleReason, ...]]:
        """What could not be done."""
        return self._answer(message.by, self._troubles)

    @on(GetTroublePage)
    async def get_trouble_page(self, message: GetTroublePage) -> Later[TroublePage]:
        """One kind of it."""
        return self._answer(message.by, partial(self._trouble_page, message))

    async def _lines(
        self, asked: GetLines, connection: DispatcherConnection, now: datetime
    ) -> Lines:
        found = await self._lines_kept.latest(connection, now)
        counted = Counter(line.health for line in found)
        these = [line for line in found if line.health is asked.which]
        pages = pages_of(len(these))
        page = clamped(asked.page, pages)
        return Lines(
            today=self._today,
            which=asked.which,
            counts={one: counted[one] for one in LineHealth},
            lines=tuple(_line(one) for one in these[(page - 1) * ROWS : page * ROWS]),
            page=page,
            pages=pages,
        )

    async def _day(self, page: int, connection: DispatcherConnection, now: datetime) -> DayOfAll:
        seen = await self._lines_kept.latest(connection, now)
        found = [line for line in seen if line.today]
        found.sort(key=lambda line: line.today, reverse=True)
        pages = pages_of(len(found))
        shown = clamped(page, pages)
        return DayOfAll(
            messages=sum(line.today for line in found),
            delivered=sum(line.today_delivered for line in found),
            lines=tuple(
                DayLine(one.tenant_id, one.name, one.today, one.today_delivered)
                for one in found[(shown - 1) * ROWS : shown * ROWS]
            ),
            page=shown,
            pages=pages,
        )

    async def _system(self, connection: DispatcherConnection, now: datetime) -> SystemView:
        ports = self._ports
        actors = ports.actors()
        workers = [one for one in actors if one.id.startswith(WORKER)]
        counted: Counter[Trouble] = Counter()
        for one in await troubles.counts(connection, now - TROUBLES_OF):
            counted[one.what] += one.times
        return SystemView(
            checks=dict(await ports.checks()),
            figures=await ports.figures(),
            workers=len(workers),
            working=sum(one.state == RUNNING for one in workers),
            set_aside=sum(one.state == "quarantined" for one in actors),
            versions=dict(ports.versions),
            troubles=counted,
        )

    async def _troubles(
        self, connection: DispatcherConnection, now: datetime
    ) -> tuple[TroubleReason, ...]:
        found = await troubles.counts(connection, now - TROUBLES_OF)
        return tuple(TroubleReason(one.what, one.reason, one.times) for one in found)

    async def _trouble_page(
        self, asked: GetTroublePage, connection: DispatcherConnection, now: datetime
    ) -> TroublePage:
        found, total = await troubles.page(
            connection,
            asked.what,
            now - TROUBLES_OF,
            now,
            page=max(asked.page, 1),
            rows=TROUBLE_LINES,
        )
        pages = pages_of(total, TROUBLE_LINES)
        lines = (TroubleLine(local(one.at, DEFAULT_ZONE), one.reason, one.name) for one in found)
        return TroublePage(
            what=asked.what,
            lines=tuple(lines),
            page=clamped(asked.page, pages),
            pages=pages,
            total=total,
        )


def _line(row: LineRow) -> HealthLine:
    facts, last = row.facts, row.facts.last_delivered_at
    return HealthLine(
        row.tenant_id,
        row.name,
        row.health,
        facts.delivered,
        facts.sent,
        local(last, DEFAULT_ZONE) if last else None,
    )
