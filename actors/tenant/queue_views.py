"""What screens ask about the queue: the day by state, the lists behind it, one message (E7).

A turn is an estimate by the pace that the session keeps, and what holds the whole queue comes
before it.
"""

from datetime import date, datetime

from actors.messages.queue import (
    DayMessage,
    DayMessages,
    GetDayMessages,
    GetToday,
    Hold,
    TodayView,
)
from actors.messages.queue_acts import GetMessage, LogLine, MessageView
from actors.runtime import on
from actors.tenant import cards
from actors.tenant.day import queue_obstacle
from actors.tenant.desk import Desk, DeskPart
from actors.tenant.left_out import left_out
from domain import queue_acts as rules
from domain.client_list import ROWS, clamped, pages_of
from domain.day_groups import DayGroup, states_of
from domain.jobs import ONE_DAY
from domain.outbox import PENDING
from domain.reasons import Reason
from domain.rehearsal import to_fill_in
from domain.rulebook import Reviewed, review
from domain.schedule import localized
from domain.turns import step
from errors import MissingValue, TextTooLong
from storage import day_messages, outbox, queue_acts, tenants, whatsapp_state
from storage.client_list import Row
from storage.queue_acts import Found, InTurn, Since

MOST_COMING = 4
MOST_HELD = 1
MOST_LOG = 12


class QueueViewsPart(DeskPart):
    """Looks at the queue, and changes nothing."""

    @on(GetToday)
    async def get_today(self, _message: GetToday) -> TodayView:
        """The day at a glance."""
        return await self._queue()

    async def _queue(self) -> TodayView:
        connected = await self._connected()
        async with self._desk() as desk:
            return await self._day(desk, connected)

    async def _day(self, desk: Desk, connected: bool | None) -> TodayView:
        numbers = await tenants.morning_numbers(desk.tx, desk.today, desk.today - ONE_DAY)
        since = await queue_acts.since(desk.tx, desk.today)
        turns = await self._turns(desk, since, 1, MOST_COMING)
        opens, closes = desk.book.rules.window.instants(desk.today, desk.book.zone)
        ids = await queue_acts.held(desk.tx, desk.today, MOST_HELD)
        return localized(
            TodayView(
                day=desk.today,
                due_today=numbers.due_today,
                overdue=numbers.overdue,
                by_state=await outbox.counts_of_day(desk.tx, desk.today),
                now=desk.now,
                coming=tuple(_in_turn(desk, row) for row in turns.rows),
                held=tuple([await self._held(desk, message_id) for message_id in ids]),
                last_turn=turns.last,
                opens=opens,
                closes=closes,
                begins_at=since.begins_at,
                hold=await hold(desk, since, connected=connected),
                unbilled=len(await left_out(desk.tx, desk.book, desk.now)),
            ),
            desk.book.zone,
        )

    async def _turns(self, desk: Desk, since: Since, page: int, rows: int) -> queue_acts.Turns:
        return await queue_acts.waiting(
            desk.tx,
            desk.today,
            first=self._first(desk, since),
            pace=step(self._ports.pacing),
            page=page,
            rows=rows,
        )

    def _first(self, desk: Desk, since: Since) -> datetime:
        """When the next message can go at the earliest: a gap after the last."""
        if since.tried_at is None:
            return desk.now
        return max(desk.now, min(since.tried_at, desk.now) + step(self._ports.pacing))

    async def _held(self, desk: Desk, message_id: int) -> DayMessage:
        found = await queue_acts.find(desk.tx, message_id)
        message = found.message
        return DayMessage(
            cards.row_of(desk, found.client),
            message.kind,
            message.state,
            found.reason,
            desk.local(message.expires_at),
            message.id,
            missing(desk, found),
        )

    @on(GetDayMessages)
    async def get_day_messages(self, message: GetDayMessages) -> DayMessages:
        """The messages behind a count of a day (law 10 of its screen)."""
        async with self._desk() as desk:
            day, page = message.day or desk.today, max(1, message.page)
            if message.group is DayGroup.COMING and day == desk.today:
                turns = await self._turns(desk, await queue_acts.since(desk.tx, day), page, ROWS)
                shown, total = [_in_turn(desk, row) for row in turns.rows], turns.total
            else:
                shown, total = await self._of_day(desk, day, message.group, page)
        pages = pages_of(total)
        return DayMessages(
            day=day,
            today=desk.today,
            group=message.group,
            messages=tuple(shown),
            page=clamped(page, pages),
            total=total,
            pages=pages,
        )

    async def _of_day(
        self, desk: Desk, day: date, group: DayGroup, page: int
    ) -> tuple[list[DayMessage], int]:
        found, total = await day_messages.page_of_day(desk.tx, day, states_of(group), page, ROWS)
        if group is DayGroup.HELD:
            return [await self._held(desk, one.message_id) for one in found], total
        shown = [
            DayMessage(
                cards.row_of(desk, Row(one.client_id, one.name, one.due_on, one.archived)),
                one.kind,
                one.state,
                one.reason,
                desk.local(one.at),
                one.message_id,
            )
            for one in found
        ]
        return shown, total

    @on(GetMessage)
    async def get_message(self, message: GetMessage) -> MessageView:
        """One message as it stands."""
        connected = await self._connected()
        async with self._desk() as desk:
            return await self._message(desk, message.message_id, connected)

    async def _message(self, desk: Desk, message_id: int, connected: bool | None) -> MessageView:
        found = await queue_acts.find(desk.tx, message_id)
        message = found.message
        since = await queue_acts.since(desk.tx, message.day)
        turn = await queue_acts.turn_of(
            desk.tx,
            message.id,
            message.day,
            first=self._first(desk, since),
            pace=step(self._ports.pacing),
        )
        waits = message.state in PENDING
        steps = await queue_acts.log(desk.tx, message.id, MOST_LOG)
        return localized(
            MessageView(
                message_id=message.id,
                row=cards.row_of(desk, found.client),
                today=desk.today,
                day=message.day,
                kind=message.kind,
                state=message.state,
                reason=found.reason,
                texts=said(desk, found, turn or desk.now),
                fixed=message.body is not None and not message.is_to_be_filled,
                missing=missing(desk, found) if waits else (),
                turn=turn,
                expires_at=message.expires_at,
                sent_at=found.sent_at,
                delivered_at=found.delivered_at,
                read_at=found.read_at,
                attempts=message.attempt,
                log=tuple(
                    LogLine(desk.local(one.at), one.state, one.attempt, one.detail) for one in steps
                ),
                hold=await hold(desk, since, connected=connected) if waits else None,
                pending=await queue_acts.pending_of(desk.tx, found.client.id),
                may=rules.possible(
                    message.state, found.reason, now=desk.now, expires_at=message.expires_at
                ),
            ),
            desk.book.zone,
        )


async def hold(desk: Desk, since: Since, *, connected: bool | None) -> Hold | None:
    """What keeps the whole queue from going at this moment, on the owner's clock."""
    reason = await queue_obstacle(desk.tx, desk.book, desk.now, connected=connected)
    if reason is None:
        return None
    until = None
    if reason is Reason.RESTRICTED:
        session = await whatsapp_state.find_session(desk.tx)
        until = session.pause.rebound(desk.now).until if session and session.pause else None
    stopped = since.paused_at if reason is Reason.PAUSED else None
    return localized(Hold(reason, stopped, until), desk.book.zone)


def missing(desk: Desk, found: Found) -> tuple[str, ...]:
    """The variables without a value that keep a message waiting (D4)."""
    verdict = review(desk.book, found.message, found.client, desk.now)
    names = verdict.missing if isinstance(verdict, Reviewed) else ()
    return to_fill_in(names, has_pix=desk.book.pix is not None)


def said(desk: Desk, found: Found, at: datetime) -> tuple[str, ...]:
    """What the phone shows: the words of the first try, or what they would be at `at` (D5)."""
    try:
        return desk.book.write(found.message, found.client, max(at, desk.now))
    except (MissingValue, TextTooLong):
        return ()


def _in_turn(desk: Desk, row: InTurn) -> DayMessage:
    shown = cards.row_of(desk, Row(row.client_id, row.name, row.due_on, row.archived))
    return DayMessage(shown, row.kind, row.state, row.reason, desk.local(row.turn), row.message_id)
