"""What administrators are told adds up, over towns that nobody planned (A11, G2, G3)."""

import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from actors.administration.admin_actor import AdminActor, AdminPorts
from actors.administration.lines_kept import LinesKept
from actors.messages.admin import GetAccountDetail, GetAccountPayments, GetAccounts, GetAdminHome
from actors.messages.admin_money import (
    GetForecast,
    GetMonthEntries,
    GetRevenue,
    GetWaitingCharges,
)
from actors.messages.admin_system import (
    GetDayOfAll,
    GetLines,
    GetSystem,
    GetTroublePage,
    GetTroubles,
)
from actors.runtime import Actor, ChildSpec, Directory, MovableClock, Ref, Request, System
from domain import subscription
from domain.administration import AccountPlace, LineHealth, Trouble, Which
from domain.schedule import DEFAULT_ZONE
from domain.subscription import Standing, Subscription, Terms
from errors import NotFound
from storage.database import Database
from tests.administration.random_town import (
    FIRST,
    HUSH,
    HUSH_PHONE,
    Account,
    TownOfAll,
    settle,
)
from tests.bot.live import NOW, SECONDS, figures_of, ready
from tests.postgres import Cluster
from tests.virtual_time import seeded

BOSS, STRANGER = 9, 10
ARRIVED = frozenset({"delivered", "read"})


@dataclass
class Desk:
    """The administration over a database."""

    ref: Ref
    console: asyncpg.Connection
    database: Database

    async def ask(self, request: Request[Any]) -> Any:
        """What it answers."""
        return await self.ref.ask(request, deadline=SECONDS)

    async def all_pages(self, asked: Callable[[int], Request[Any]]) -> list[Any]:
        """Every page of what is asked by its number."""
        first = await self.ask(asked(1))
        return [first, *[await self.ask(asked(page)) for page in range(2, first.pages + 1)]]


@asynccontextmanager
async def opened(cluster: Cluster) -> AsyncIterator[Desk]:
    """The administration over a database of its own, which is empty."""
    dsn = await cluster.migrated_database()
    database, console = await Database.open(dsn), await asyncpg.connect(dsn)
    clock = MovableClock()
    clock.move_to(NOW)
    ports = AdminPorts(
        database=database,
        tenants=Directory(lambda _tenant: Actor()),
        admins=(BOSS,),
        terms=Terms(),
        checks=partial(ready, database),
        figures=partial(figures_of, database, clock),
        actors=lambda: (),
        kept_seconds=0.0,
    )
    async with System(clock=clock, random=seeded()) as system:
        ref = await system.start(ChildSpec("admin", lambda: AdminActor(ports)))
        yield Desk(ref, console, database)
    await console.close()
    await database.close()
    await cluster.drop(dsn)


@pytest.fixture(scope="module")
async def desk(cluster: Cluster) -> AsyncIterator[Desk]:
    """One over all towns."""
    async with opened(cluster) as found:
        yield found


@pytest.fixture(scope="module", params=[1, 2], ids=["one town", "another"])
async def town(desk: Desk, request: pytest.FixtureRequest) -> TownOfAll:
    """Who lives there; nobody changes it."""
    return await settle(desk.console, request.param)


def accounts_of(which: Which) -> Callable[[int], Request[Any]]:
    """Asks for a page of accounts."""
    return lambda page: GetAccounts(BOSS, AccountPlace(which, page))


def standing(account: Account) -> Standing:
    """As A6 says: open to the midnight that ends the last day, in the account's own zone."""
    if account.blocked_at:
        return Standing.BLOCKED
    if account.paid_until and NOW < midnight_after(account.paid_until, account.zone):
        return Standing.ACTIVE
    is_trial = NOW < midnight_after(account.trial_ends_at, account.zone)
    return Standing.TRIAL if is_trial else Standing.ENDED


def midnight_after(instant: datetime, zone: str) -> datetime:
    """The midnight that ends the local day of `instant`."""
    day = instant.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return datetime.combine(day, time(0), tzinfo=ZoneInfo(zone))


def month_of(instant: datetime) -> str:
    """The month of an instant in São Paulo."""
    return f"{instant.astimezone(DEFAULT_ZONE):%Y-%m}"


async def test_each_account_stands_in_exactly_one_list_and_is_counted_there(
    desk: Desk, town: TownOfAll
) -> None:
    home = await desk.ask(GetAdminHome(BOSS))

    listed = {
        which: [
            line.tenant_id
            for page in await desk.all_pages(accounts_of(which))
            for line in page.lines
        ]
        for which in Which
    }

    expected = Counter(standing(account) for account in town.accounts)
    assert {one: expected[one] for one in Standing} == home.counts
    assert {
        which: sum(home.counts[standing] for standing in which.standings)
        for which in Which
        if which.standings
    } == {which: len(found) for which, found in listed.items() if which.standings}
    assert sorted(one.tenant_id for one in town.accounts) == sorted(listed[Which.ALL])


async def test_an_account_stands_for_administrators_where_it_stands_for_itself(
    desk: Desk, town: TownOfAll
) -> None:
    seen = [await desk.ask(GetAccountDetail(BOSS, one.tenant_id)) for one in town.accounts]

    own = [subscription.standing(of(account), NOW) for account in town.accounts]

    # Whose data may be erased by now is one of those that are over.
    over = {Standing.ERASABLE: Standing.ENDED}
    assert [over.get(one, one) for one in own] == [one.standing for one in seen]
    assert [of(account).ends_on for account in town.accounts] == [one.ends_on for one in seen]


def of(account: Account) -> Subscription:
    """Its dates as the rules see them."""
    return Subscription(
        trial_ends_at=account.trial_ends_at,
        paid_until=account.paid_until,
        blocked=account.blocked_at is not None,
        zone=ZoneInfo(account.zone),
    )


async def test_what_months_brought_in_is_the_sum_of_their_entries(
    desk: Desk, town: TownOfAll
) -> None:
    pages = await desk.all_pages(partial(GetRevenue, BOSS))
    months = [one for page in pages for one in page.shown if one.amount or one.payments]

    entries = {}
    for one in months:
        found = await desk.all_pages(partial(GetMonthEntries, BOSS, one.month))
        entries[one.month] = sum((e.amount for page in found for e in page.entries), Decimal(0))

    expected: defaultdict[str, Decimal] = defaultdict(Decimal)
    for at, amount in town.money:
        expected[month_of(at)] += amount
    assert {one.month: one.amount for one in months} == entries
    assert {month: amount for month, amount in expected.items() if amount} == {
        f"{one.month:%Y-%m}": one.amount for one in months if one.amount
    }


async def test_the_first_screen_says_what_its_lists_add_up_to(desk: Desk, town: TownOfAll) -> None:
    home = await desk.ask(GetAdminHome(BOSS))
    revenue = await desk.ask(GetRevenue(BOSS))
    waiting = await desk.all_pages(partial(GetWaitingCharges, BOSS))
    day = await desk.all_pages(partial(GetDayOfAll, BOSS))

    pending = [account.pending for account in town.accounts if account.pending]
    today = [
        state
        for account in town.accounts
        for state, at in account.messages
        if state != "cancelled" and is_today(at, account.zone)
    ]
    assert (home.this_month, home.last_month) == (revenue.shown[-1], revenue.shown[-2])
    assert (len(pending), sum(pending)) == (home.to_pay, home.to_pay_amount)
    assert pending_of(waiting) == sorted(pending)
    assert (len(today), sum(one in ARRIVED for one in today)) == (home.messages, home.delivered)
    assert (home.messages, home.delivered) == (
        sum(line.messages for page in day for line in page.lines),
        sum(line.delivered for page in day for line in page.lines),
    )


def is_today(at: datetime, zone: str) -> bool:
    """Whether an instant is of today, where it is."""
    return at.astimezone(ZoneInfo(zone)).date() == NOW.astimezone(ZoneInfo(zone)).date()


def pending_of(pages: list[Any]) -> list[Decimal]:
    """The amounts of all listed charges."""
    return sorted(line.amount for page in pages for line in page.lines)


@pytest.mark.usefixtures("town")
async def test_each_line_does_one_thing_and_is_listed_there(desk: Desk) -> None:
    home = await desk.ask(GetAdminHome(BOSS))

    listed = {
        which: sum(len(page.lines) for page in await desk.all_pages(partial(GetLines, BOSS, which)))
        for which in LineHealth
    }

    assert home.lines == listed
    assert sum(home.counts.values()) == sum(home.lines.values())


@pytest.mark.usefixtures("town")
async def test_a_line_does_for_administrators_what_it_does_for_its_owner(desk: Desk) -> None:
    listed = [
        (line.tenant_id, line.health, line.sent, line.delivered)
        for which in LineHealth
        for page in await desk.all_pages(partial(GetLines, BOSS, which))
        for line in page.lines
    ]

    own = [await desk.ask(GetAccountDetail(BOSS, tenant_id)) for tenant_id, *_ in listed]

    assert [(one.tenant_id, one.line, one.facts.sent, one.facts.delivered) for one in own] == listed


async def test_who_would_pay_again_has_paid_is_in_and_ends_within_thirty_days(
    desk: Desk, town: TownOfAll
) -> None:
    pages = await desk.all_pages(partial(GetForecast, BOSS))

    expected = [
        account.tenant_id
        for account in town.accounts
        if account.pays and standing(account) is Standing.ACTIVE and ends_soon(account)
    ]
    listed = [line.tenant_id for page in pages for line in page.lines]
    assert sorted(expected) == sorted(listed)
    assert (len(listed), Decimal("20.00") * len(listed)) == (pages[0].total, pages[0].amount)


def ends_soon(account: Account) -> bool:
    """Whether its last local day is within thirty of São Paulo's today."""
    ends_at = max(account.trial_ends_at, account.paid_until or account.trial_ends_at)
    ends_on = ends_at.astimezone(ZoneInfo(account.zone)).date()
    return timedelta(0) <= ends_on - NOW.astimezone(DEFAULT_ZONE).date() <= timedelta(days=30)


@pytest.mark.usefixtures("town")
async def test_what_went_wrong_is_counted_as_it_is_listed(desk: Desk) -> None:
    counted: Counter[Trouble] = Counter()
    for one in await desk.ask(GetTroubles(BOSS)):
        counted[one.what] += one.times

    listed = {
        what: sum(
            len(page.lines) for page in await desk.all_pages(partial(GetTroublePage, BOSS, what))
        )
        for what in Trouble
    }

    assert {what: counted[what] for what in Trouble} == listed
    assert counted == (await desk.ask(GetSystem(BOSS))).troubles


async def test_what_an_account_has_paid_is_the_sum_of_its_payments(
    desk: Desk, town: TownOfAll
) -> None:
    shown = {}
    listed = {}
    for account in town.accounts:
        detail = await desk.ask(GetAccountDetail(BOSS, account.tenant_id))
        pages = await desk.all_pages(partial(GetAccountPayments, BOSS, account.tenant_id))
        left = [one.left for page in pages for one in page.payments]
        shown[account.tenant_id] = (detail.payments, detail.paid)
        listed[account.tenant_id] = (len(left), sum(left, Decimal(0)))

    assert shown == listed


def everything(tenant_id: int) -> list[Request[Any]]:
    """All that can be asked."""
    return [
        GetAdminHome(BOSS),
        *[GetAccounts(BOSS, AccountPlace(which)) for which in Which],
        GetAccounts(BOSS, AccountPlace(search=HUSH)),
        GetAccounts(BOSS, AccountPlace(search=HUSH_PHONE)),
        GetAccountDetail(BOSS, tenant_id),
        GetAccountPayments(BOSS, tenant_id),
        GetRevenue(BOSS),
        GetMonthEntries(BOSS, NOW.date()),
        GetForecast(BOSS),
        GetWaitingCharges(BOSS),
        *[GetLines(BOSS, which) for which in LineHealth],
        GetDayOfAll(BOSS),
        GetSystem(BOSS),
        GetTroubles(BOSS),
        *[GetTroublePage(BOSS, what) for what in Trouble],
    ]


async def test_no_answer_tells_of_a_client(desk: Desk, town: TownOfAll) -> None:
    asked = [one for account in town.accounts[:6] for one in everything(account.tenant_id)]

    told = "\n".join([repr(await desk.ask(one)) for one in asked])

    searched = f"search='{HUSH}'", f"search='{HUSH_PHONE}'"
    left = re.sub("|".join(map(re.escape, searched)), "", told)
    assert (False, False) == (HUSH in left, HUSH_PHONE.removeprefix("+55") in left)


async def test_an_empty_platform_shows_zeros_and_no_error(cluster: Cluster) -> None:
    nobody = [one for one in everything(FIRST) if getattr(one, "tenant_id", None) is None]

    async with opened(cluster) as desk:
        home, *_ = [await desk.ask(one) for one in nobody]

    assert (0, Decimal(0), 0) == (home.to_pay, home.to_pay_amount, home.messages)
    assert {0} == {*home.counts.values(), *home.lines.values()}


@pytest.mark.parametrize("asked", everything(FIRST), ids=lambda one: type(one).__name__)
async def test_who_does_not_administer_is_told_nothing(desk: Desk, asked: Request[Any]) -> None:
    values = {name: getattr(asked, name) for name in type(asked).__dataclass_fields__}  # type: ignore[attr-defined]
    forged = type(asked)(**(values | {"by": STRANGER}))

    with pytest.raises(NotFound):
        await desk.ask(forged)


async def test_a_look_at_all_lines_is_kept_for_a_moment(desk: Desk, town: TownOfAll) -> None:
    clock = PatientClock()
    kept = LinesKept(clock, seconds=10.0)
    async with desk.database.dispatcher() as connection:
        first = await kept.latest(connection, NOW)
        clock.seconds += 9.0
        same = await kept.latest(connection, NOW)
        clock.seconds += 1.0
        anew = await kept.latest(connection, NOW)

    assert (True, False) == (first is same, first is anew)
    assert len(town.accounts) == len(anew)


class PatientClock(MovableClock):
    """A clock whose seconds pass when they are told to."""

    seconds = 0.0

    def monotonic(self) -> float:
        """Return them."""
        return self.seconds
