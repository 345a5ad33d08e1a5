"""The schedule and its holidays as the owner sees them, on the owner's clock (E1, E9)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from actors.messages.clients import ClientRow
from actors.messages.schedule import (
    ChangedMessage,
    ChangedMessages,
    Effect,
    HolidaysView,
    OwnHolidayRow,
    ScheduleView,
)
from actors.tenant.desk import Desk
from actors.tenant.left_out import left_out
from actors.tenant.rescheduling import stands
from domain.client_list import ROWS, clamped, pages_of
from domain.dials import RESCHEDULES, Overdue, dials_of
from domain.due_dates import status_of
from domain.holidays import Holiday, OwnHoliday
from domain.rulebook import rulebook
from domain.schedule_change import Change, unpacked
from domain.undo import Act
from errors import NotFound
from storage import schedule_settings, tenants, undos
from storage.schedule_settings import Named
from storage.undos import StoredUndo

MOST_COMING = 5
"""How many of the holidays that come are told."""


async def view_of(desk: Desk) -> ScheduleView:
    """The schedule, with the last change while it can be undone and stands."""
    charter = await tenants.charter(desk.tx)
    dials = dials_of(charter.settings)
    book = rulebook(charter, desk.now)
    stored = await undos.latest(desk.tx, Act.SCHEDULE, "")
    view = ScheduleView(dials=dials, today=desk.today, without_text=book.rules.without_text)
    offer = stored.offer(desk.now) if stored else None
    if stored is None or offer is None or not stands(stored.payload, dials):
        return view
    asks = dials.overdue_on_reschedule is not Overdue.NEVER and RESCHEDULES.intersection(
        stored.payload.get("after", ())
    )
    left = await left_out(desk.tx, book, desk.now) if asks else []
    return replace(view, effect=_effect(desk, stored), undo=desk.offer(offer), unbilled=len(left))


def _effect(desk: Desk, stored: StoredUndo) -> Effect:
    kept = stored.payload
    found = unpacked(kept["changes"])
    return Effect(
        made_at=_made_at(desk, kept),
        moved=len(found.moved),
        added=len(found.added),
        dropped=len(found.dropped),
        was=_only(desk, [one.was for one in found.moved]),
        goes=_only(desk, [one.goes for one in (*found.moved, *found.added)]),
        waiting=kept["waiting"],
        fitting=kept["fitting"],
        billed=len(kept["billed"]),
    )


def _made_at(desk: Desk, kept: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(kept["at"], tz=desk.book.zone)


def _only(desk: Desk, instants: list[datetime | None]) -> datetime | None:
    """The one instant among them, None where there are several."""
    different = {one for one in instants if one is not None}
    return desk.local(different.pop()) if len(different) == 1 else None


async def changed_of(desk: Desk, undo_id: int, page: int) -> ChangedMessages:
    """A page of what a change did to its day; of one that is forgotten, nothing."""
    try:
        stored = await undos.find(desk.tx, undo_id)
    except NotFound:
        stored = None
    mine = stored is not None and stored.act is Act.SCHEDULE
    changes = unpacked(stored.payload["changes"]).all if stored and mine else ()
    people = await schedule_settings.people(desk.tx, {one.client_id for one in changes})
    # Who was deleted since is nobody's business any more.
    left = [one for one in changes if one.client_id in people]
    pages = pages_of(len(left))
    shown = clamped(page, pages)
    return ChangedMessages(
        undo_id=undo_id,
        today=desk.today,
        made_at=_made_at(desk, stored.payload) if stored and mine else None,
        messages=tuple(
            _message(desk, one, people[one.client_id])
            for one in left[(shown - 1) * ROWS : shown * ROWS]
        ),
        page=shown,
        pages=pages,
        total=len(left),
    )


def _message(desk: Desk, one: Change, who: Named) -> ChangedMessage:
    return ChangedMessage(
        ClientRow(
            who.client_id, who.name, who.due_on, status_of(who.due_on, desk.today), who.archived
        ),
        one.kind,
        one.was and desk.local(one.was),
        one.goes and desk.local(one.goes),
    )


async def holidays_of(desk: Desk) -> HolidaysView:
    """The holidays that come, and the owner's own."""
    charter = await tenants.charter(desk.tx)
    stored = await undos.latest(desk.tx, Act.SCHEDULE, "")
    dials = dials_of(charter.settings)
    offer = stored.offer(desk.now) if stored and stands(stored.payload, dials) else None
    return HolidaysView(
        on=dials.holidays,
        optional=dials.optional_holidays,
        today=desk.today,
        coming=_coming(desk, charter.own_holidays, facultative=True),
        own=tuple(
            OwnHolidayRow(one.holiday_id, one.holiday, _comes_on(one.holiday, desk.today))
            for one in await schedule_settings.own_holidays(desk.tx)
        ),
        undo=desk.offer(offer),
        changes_today=len(stored.payload["changes"]) if stored and offer else 0,
    )


def _coming(desk: Desk, own: tuple[OwnHoliday, ...], *, facultative: bool) -> tuple[Holiday, ...]:
    """The next ones, with those among them that are no holiday by law."""
    calendar = replace(desk.book.rules.calendar, own=own, facultative=facultative)
    return calendar.coming(desk.today, MOST_COMING)


def _comes_on(own: OwnHoliday, today: date) -> date | None:
    if not own.yearly:
        return own.day if own.day >= today else None
    this_year = own.day_in(today.year)
    return this_year if this_year >= today else own.day_in(today.year + 1)
