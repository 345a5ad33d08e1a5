"""The Agendador: the owner's times, window, zone, days of rest and kinds; in force at once (E9)."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from actors.messages.schedule import (
    AddHoliday,
    ChangedMessages,
    DropHoliday,
    GetChangedMessages,
    GetHolidays,
    GetSchedule,
    HolidaysView,
    ScheduleAnswer,
    ScheduleView,
    SetKind,
    SetSchedule,
)
from actors.runtime import on
from actors.tenant.desk import Desk, DeskPart
from actors.tenant.rescheduling import change, keep, turn, with_kind
from actors.tenant.schedule_views import changed_of, holidays_of, view_of
from domain.dials import Dials, dials_of
from domain.holidays import MOST_OWN, parse_own
from domain.rulebook import rulebook
from domain.schedule_rules import refusal
from errors import InvalidInput
from storage import outbox, schedule_settings, tenants
from telemetry import logger

LOG = logger("tenant")


class SchedulePart(DeskPart):
    """Turns the dials."""

    @on(GetSchedule)
    async def get_schedule(self, _message: GetSchedule) -> ScheduleView:
        """All of it, and the last change while it can be undone."""
        async with self._desk() as desk:
            return await view_of(desk)

    @on(SetSchedule)
    async def set_schedule(self, message: SetSchedule) -> ScheduleAnswer:
        """Set it, or say why not and what would do."""
        given = {
            name: value
            for name in SetSchedule.__dataclass_fields__
            if (value := getattr(message, name)) is not None
        }
        if "zone" in given:
            given["zone"] = _zone(given["zone"])
        return await self._turn(lambda dials: replace(dials, **given))

    @on(SetKind)
    async def set_kind(self, message: SetKind) -> ScheduleAnswer:
        """Let it go by itself, or not; what is no reminder stays as it is."""
        return await self._turn(
            lambda dials: with_kind(dials, message.kind, on=message.on), chosen=True
        )

    @on(GetChangedMessages)
    async def get_changed_messages(self, message: GetChangedMessages) -> ChangedMessages:
        """A page of them."""
        async with self._desk() as desk:
            return await changed_of(desk, message.undo_id, message.page)

    @on(GetHolidays)
    async def get_holidays(self, _message: GetHolidays) -> HolidaysView:
        """The ones that come, and the owner's own."""
        async with self._desk() as desk:
            return await holidays_of(desk)

    @on(AddHoliday)
    async def add_holiday(self, message: AddHoliday) -> HolidaysView:
        """Add it, with what that does to today."""
        connected = await self._connected()
        async with self._held_desk() as desk:
            own = parse_own(message.text, desk.today)
            if len(await schedule_settings.own_holidays(desk.tx)) >= MOST_OWN:
                raise InvalidInput(f"Já são {MOST_OWN} datas suas. Tire uma antes.")
            added = await schedule_settings.add_holiday(desk.tx, own, desk.now)
            if added is not None:
                await self._with_other_days(desk, {"added": added}, connected=connected)
        return await self._with_holidays()

    @on(DropHoliday)
    async def drop_holiday(self, message: DropHoliday) -> HolidaysView:
        """Take it away, with what that does to today."""
        connected = await self._connected()
        async with self._held_desk() as desk:
            if await schedule_settings.drop_holiday(desk.tx, message.holiday_id, desk.now):
                facts = {"dropped": message.holiday_id}
                await self._with_other_days(desk, facts, connected=connected)
        return await self._with_holidays()

    async def _turn(
        self, turned: Callable[[Dials], Dials], *, chosen: bool = False
    ) -> ScheduleAnswer:
        """Turn the dials; turned there already, it is the act that did it."""
        connected = await self._connected()
        async with self._held_desk() as desk:
            before = dials_of(desk.charter.settings)
            after = turned(before)
            refused = refusal(before, after)
            if refused is not None:
                return ScheduleAnswer(await view_of(desk), refused)
            if chosen:
                await tenants.choose_reminders(desk.tx)
            done = await turn(desk.tx, desk.charter, after, desk.now, connected=connected)
            if done is None:
                return ScheduleAnswer(await view_of(desk))
            await self._keep(desk.tx, done.outcome)
        LOG.info("rescheduled", tenant_id=self._tenant_id, changed=len(done.difference.all))
        await self._tell_of_change()
        async with self._desk() as desk:
            return ScheduleAnswer(await view_of(desk))

    async def _with_other_days(
        self, desk: Desk, facts: Mapping[str, Any], *, connected: bool | None
    ) -> None:
        """Compare today by the rules of before with today by the holidays there are now."""
        done = await change(desk.tx, desk.charter, _nothing_more, desk.now, connected=connected)
        await self._keep(desk.tx, done.outcome)
        await keep(desk.tx, done, facts, desk.now)

    async def _with_holidays(self) -> HolidaysView:
        await self._tell_of_change()
        async with self._desk() as desk:
            return await holidays_of(desk)

    async def _tell_of_change(self) -> None:
        """Wake whom new times concern: the clock of all, the session, the owner."""
        self._ports.schedules_changed()
        self._tell_kept()
        await self._wake_session()
        self._look_again_later(None, None)

    @asynccontextmanager
    async def _held_desk(self) -> AsyncIterator[Desk]:
        """A desk at which nobody else touches the day."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            await outbox.hold_day(tx)
            charter = await tenants.charter(tx)
            yield Desk(tx, charter, rulebook(charter, now), now)


async def _nothing_more() -> None:
    """The change was made already."""


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise InvalidInput("Não conheço esse fuso. Escreva o estado ou a capital.") from None
