"""Holidays over a real tenant: own dates, what they do to today, and who is told next day (E3b)."""

from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta

import pytest

from actors.messages.queue import GetUnbilled
from actors.messages.schedule import (
    AddHoliday,
    DropHoliday,
    GetChangedMessages,
    GetHolidays,
    GetSchedule,
    SetSchedule,
)
from domain.jobs import Job
from domain.reasons import Reason
from errors import InvalidInput, NotFound
from storage import schedules
from storage.database import Database
from tests.clients.shop import DAY, NEIGHBOUR, NINE, TENANT, Shop, open_shop
from tests.schedule.business import DAY as BUSINESS_DAY
from tests.schedule.business import Business, at


@pytest.fixture
async def shop(ground: Database) -> AsyncIterator[Shop]:
    """Two businesses; it is nine o'clock."""
    async with open_shop(ground) as made:
        yield made


async def test_a_date_of_the_owner_s_own_rests_today_once_holidays_do(shop: Shop) -> None:
    await shop.register()
    await shop.ask(AddHoliday("24/11 aniversário da cidade"))
    with_it = (await shop.ask(GetSchedule())).effect
    resting = (await shop.ask(SetSchedule(holidays=False))).view

    assert (0, 1) == (with_it and with_it.total, resting.effect and resting.effect.dropped)
    assert [("cancelled", Reason.HOLIDAY)] == [
        (state, reason) for _, _, state, reason in await shop.messages()
    ]


async def test_adding_a_date_while_holidays_rest_says_what_drops_and_is_undone(shop: Shop) -> None:
    await shop.register()
    await shop.ask(SetSchedule(holidays=False))
    view = await shop.ask(AddHoliday("24/11 festa"))
    effect = (await shop.ask(GetSchedule())).effect
    await shop.undo(view.undo)

    assert 1 == (effect and effect.dropped)
    assert ["queued"] == [state for _, _, state, _ in await shop.messages()]
    assert () == (await shop.ask(GetHolidays())).own


async def test_a_date_is_added_once_and_taken_away_and_back(shop: Shop) -> None:
    await shop.ask(AddHoliday("25/01 aniversário da cidade"))
    (row,) = (await shop.ask(AddHoliday("25/01 aniversário da cidade"))).own
    gone = await shop.ask(DropHoliday(row.holiday_id))
    await shop.ask(DropHoliday(row.holiday_id))
    await shop.undo(gone.undo)
    back = await shop.ask(GetHolidays())

    assert (date(2027, 1, 25), ()) == (row.comes_on, gone.own)
    assert (row,) == back.own


async def test_another_owner_s_date_stays_where_it_is(shop: Shop) -> None:
    """B2: another tenant's id changes nothing."""
    (row,) = (await shop.ask(AddHoliday("25/01 festa"))).own
    with pytest.raises(NotFound):
        await shop.ask(DropHoliday(row.holiday_id), NEIGHBOUR)

    assert (row,) == (await shop.ask(GetHolidays())).own
    assert () == (await shop.ask(GetHolidays(), NEIGHBOUR)).own


async def test_what_is_no_date_is_refused(shop: Shop) -> None:
    with pytest.raises(InvalidInput, match="25/01"):
        await shop.ask(AddHoliday("carnaval"))


async def test_the_next_ones_are_told_with_their_names(shop: Shop) -> None:
    coming = (await shop.ask(GetHolidays())).coming

    assert ("Natal", date(2026, 12, 25)) == (coming[0].name, coming[0].day)
    assert ["Carnaval", "Carnaval"] == [one.name for one in coming if one.facultative]


async def test_the_messages_that_change_are_listed_by_their_clients(shop: Shop) -> None:
    await shop.register(name="Ana")
    view = (await shop.ask(SetSchedule(send_at=time(18, 30)))).view
    assert view.undo is not None
    listed = await shop.ask(GetChangedMessages(view.undo.undo_id))
    neighbour = await shop.ask(GetChangedMessages(view.undo.undo_id), NEIGHBOUR)
    (one,) = listed.messages

    assert ("Ana", "18:30", 1) == (one.row.name, f"{one.goes:%H:%M}", listed.total)
    assert () == neighbour.messages


async def test_what_rests_on_a_holiday_is_told_the_next_day(business: Business) -> None:
    """E3b, decision 7: who switches holidays off is told, and the list catches those clients."""
    await business.sql(
        "INSERT INTO own_holidays (tenant_id, day, name, yearly, created_at) "
        "VALUES ($1, '2026-11-24', 'Cidade', true, now())"
    )
    await business.turn(at("04:00"), holidays=False)
    for hour in ("05:00", "09:00", "20:00"):
        await business.run_due(at(hour))

    assert [] == await business.rows()
    assert [("Ana", Reason.HOLIDAY)] == await business.left_out(
        at("08:00", BUSINESS_DAY + timedelta(days=1))
    )


async def test_new_times_wake_the_clock_of_all_with_the_jobs_they_make(shop: Shop) -> None:
    await shop.ask(SetSchedule(send_at=time(18, 30)))
    async with shop.database.tenant(TENANT) as tx:
        due = await schedules.of_tenant(tx)

    assert datetime(2026, 11, 24, 21, 30, tzinfo=NINE.tzinfo) == due[Job.SEND]
    assert DAY == due[Job.SEND].date()
    assert () == await shop.ask(GetUnbilled())
