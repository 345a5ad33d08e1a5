"""The platform at a glance, and its accounts in pages (A11)."""

from collections import Counter
from datetime import date, datetime
from functools import partial

from actors.administration.part import AdminPart
from actors.messages.admin import (
    AccountLine,
    Accounts,
    AdminHome,
    GetAccounts,
    GetAdminHome,
    MonthMoney,
)
from actors.runtime import Later, on
from domain.administration import ACCOUNT_ROWS, AccountPlace, LineHealth
from domain.months import month_instants, month_of, months_back
from storage import administration
from storage.database import DispatcherConnection


class AccountsPart(AdminPart):
    """Counts the accounts, and lists them."""

    @on(GetAdminHome)
    async def get_home(self, message: GetAdminHome) -> Later[AdminHome]:
        """The first screen."""
        return self._answer(message.by, partial(self._home, message.place))

    async def _home(
        self, place: AccountPlace, connection: DispatcherConnection, now: datetime
    ) -> AdminHome:
        month = month_of(self._today)
        lines = await self._lines_kept.latest(connection, now)
        waiting = await administration.to_pay(connection, now)
        healths = Counter(line.health for line in lines)
        return AdminHome(
            counts=await administration.counts(connection, now),
            accounts=await self._page(place, connection, now),
            this_month=await money_of(connection, month),
            last_month=await money_of(connection, months_back(month, 1)),
            to_pay=waiting.charges,
            to_pay_amount=waiting.amount,
            lines={one: healths[one] for one in LineHealth},
            messages=sum(line.today for line in lines),
            delivered=sum(line.today_delivered for line in lines),
        )

    @on(GetAccounts)
    async def get_accounts(self, message: GetAccounts) -> Later[Accounts]:
        """A page of accounts."""
        return self._answer(message.by, partial(self._page, message.place))

    async def _page(
        self, place: AccountPlace, connection: DispatcherConnection, now: datetime
    ) -> Accounts:
        """A page of accounts, or the nearest there is."""
        rows, total = await administration.page(connection, place, now)
        pages = max(1, -(-total // ACCOUNT_ROWS))
        shown = place.on(min(max(place.page, 1), pages))
        lines = (AccountLine(row.tenant_id, row.name, row.standing, row.ends_on) for row in rows)
        return Accounts(self._today, tuple(lines), shown, pages, total)


async def money_of(connection: DispatcherConnection, month: date) -> MonthMoney:
    """What a month brought in."""
    found = await administration.received(connection, *month_instants(month))
    return MonthMoney(month, found.amount, found.charges)
