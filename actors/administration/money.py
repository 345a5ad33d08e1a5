"""The platform's own money: by month, entry by entry, what waits, and what is to come (A11)."""

from datetime import datetime, timedelta
from functools import partial

from actors.administration.part import AdminPart
from actors.messages.admin import AccountLine, MonthMoney
from actors.messages.admin_money import (
    ChargeLine,
    Forecast,
    GetForecast,
    GetMonthEntries,
    GetRevenue,
    GetWaitingCharges,
    MonthEntries,
    Revenue,
    RevenueEntry,
    WaitingCharges,
)
from actors.runtime import Later, on
from domain.client_list import ROWS, clamped, pages_of
from domain.months import last_months, month_instants, month_of, months_back, months_between
from domain.schedule import DEFAULT_ZONE, local
from storage import administration, revenue
from storage.database import DispatcherConnection

MONTHS_SHOWN, MONTHS_DRAWN = 6, 12
ENTRIES = 8
FORECAST_DAYS = 30


class MoneyPart(AdminPart):
    """Counts money."""

    @on(GetRevenue)
    async def get_revenue(self, message: GetRevenue) -> Later[Revenue]:
        """What months brought in."""
        return self._answer(message.by, partial(self._revenue, message.page))

    @on(GetMonthEntries)
    async def get_entries(self, message: GetMonthEntries) -> Later[MonthEntries]:
        """The entries of a month."""
        return self._answer(message.by, partial(self._entries, message))

    @on(GetForecast)
    async def get_forecast(self, message: GetForecast) -> Later[Forecast]:
        """What is to come."""
        return self._answer(message.by, partial(self._forecast, message.page))

    @on(GetWaitingCharges)
    async def get_waiting(self, message: GetWaitingCharges) -> Later[WaitingCharges]:
        """What can be paid now."""
        return self._answer(message.by, partial(self._waiting, message.page))

    async def _revenue(
        self, page: int, connection: DispatcherConnection, _now: datetime
    ) -> Revenue:
        month = month_of(self._today)
        first_at = await revenue.first_at(connection)
        first = month if first_at is None else month_of(local(first_at, DEFAULT_ZONE).date())
        pages = pages_of(months_between(first, month) + 1, MONTHS_SHOWN)
        shown = clamped(page, pages)
        drawn = last_months(months_back(month, (shown - 1) * MONTHS_SHOWN), MONTHS_DRAWN)
        since, until = month_instants(drawn[0])[0], month_instants(drawn[-1])[1]
        found = await revenue.months(connection, since, until)
        money = tuple(
            MonthMoney(one, found[one].amount, found[one].charges)
            if one in found
            else MonthMoney.none(one)
            for one in drawn
        )
        return Revenue(shown=money[-MONTHS_SHOWN:], drawn=money, page=shown, pages=pages)

    async def _entries(
        self, asked: GetMonthEntries, connection: DispatcherConnection, now: datetime
    ) -> MonthEntries:
        month = month_of(asked.month)
        since, until = month_instants(month)
        money = await administration.received(connection, since, until)
        found, total = await revenue.entries(
            connection, since, until, now, page=max(asked.page, 1), rows=ENTRIES
        )
        pages = pages_of(total, ENTRIES)
        entries = (
            RevenueEntry(local(one.at, DEFAULT_ZONE).date(), one.amount, one.name) for one in found
        )
        return MonthEntries(
            money=MonthMoney(month, money.amount, money.charges),
            entries=tuple(entries),
            page=clamped(asked.page, pages),
            pages=pages,
        )

    async def _forecast(
        self, page: int, connection: DispatcherConnection, now: datetime
    ) -> Forecast:
        today, price = self._today, self._ports.terms.price
        last = today + timedelta(days=FORECAST_DAYS)
        found, total = await revenue.expected(
            connection, today, last, now, page=max(page, 1), rows=ROWS
        )
        pages = pages_of(total, ROWS)
        return Forecast(
            days=FORECAST_DAYS,
            price=price,
            amount=price * total,
            today=today,
            lines=tuple(
                AccountLine(row.tenant_id, row.name, row.standing, row.ends_on) for row in found
            ),
            page=clamped(page, pages),
            pages=pages,
            total=total,
        )

    async def _waiting(
        self, page: int, connection: DispatcherConnection, now: datetime
    ) -> WaitingCharges:
        found, money = await revenue.waiting(connection, now, page=max(page, 1), rows=ROWS)
        pages = pages_of(money.charges, ROWS)
        lines = (
            ChargeLine(
                one.tenant_id,
                one.name,
                one.amount,
                local(one.created_at, DEFAULT_ZONE),
                local(one.expires_at, DEFAULT_ZONE),
            )
            for one in found
        )
        return WaitingCharges(
            today=self._today,
            lines=tuple(lines),
            amount=money.amount,
            page=clamped(page, pages),
            pages=pages,
            total=money.charges,
        )
