"""What a tenant answers once its access is over, and what its owner hears of the end (A6–A8)."""

from datetime import date, datetime, timedelta

import pytest

from actors.messages.account import AddSamples, GetAccess, GetAccount, SignUp
from actors.messages.clients import GetClients, SendToClient
from actors.messages.data import EraseAccount, Format, GetTrail, TakeOut
from actors.messages.home import GetHome
from actors.messages.payments import RenewClient
from actors.messages.queue import PlanNow, RunJob
from actors.messages.queue_acts import PauseQueue
from actors.messages.sheets import ExportClients
from actors.messages.subscription import AccessChanged, GetHistory, GetOffer, Unavailable
from actors.messages.whatsapp import ConnectWhatsApp
from actors.runtime import Request
from actors.tenant.access import AREAS, NOBODYS
from actors.tenant_actor import TenantActor
from domain.client_list import ListPlace
from domain.jobs import Job, next_runs
from domain.reminders import Kind
from domain.schedule import DEFAULT_ZONE, SUMMARY_AT, instant
from domain.subscription import Area, Standing
from errors import AccessEnded
from storage import schedules, tenants
from tests.clients.shop import DAY, NINE, PRICE, TENANT, Shop

ONE_DAY = timedelta(days=1)
HELP = {one for one, area in AREAS.items() if area is Area.HELP}


async def let_end(shop: Shop, ends_at: datetime = NINE - 2 * ONE_DAY) -> None:
    await change(shop, "trial_ends_at = $2, paid_until = NULL", ends_at)


async def change(shop: Shop, what: str, *values: object) -> None:
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(f"UPDATE tenants SET {what} WHERE tenant_id = $1", TENANT, *values)  # noqa: S608 - of this module
    await shop.refs[TENANT].tell(AccessChanged())
    await shop.ask(GetAccess())  # answered once that is done


def test_every_question_is_closed_that_nobody_said_is_open() -> None:
    checked = {
        kind for kind, handler in TenantActor.handlers.items() if hasattr(handler, "__wrapped__")
    }
    asked = {kind for kind in TenantActor.handlers if issubclass(kind, Request)}

    assert asked - HELP - NOBODYS == checked
    assert set(AREAS) <= asked


CLOSED = [
    pytest.param(GetHome(), id="home"),
    pytest.param(GetClients(ListPlace()), id="clients"),
    pytest.param(AddSamples(), id="samples"),
    pytest.param(SendToClient(1, Kind.RENEWAL), id="send"),
    pytest.param(RenewClient(1, DAY, DAY + ONE_DAY, PRICE), id="renew"),
    pytest.param(PauseQueue(paused=True), id="pause"),
    pytest.param(ConnectWhatsApp(), id="connect"),
]


@pytest.mark.parametrize("question", CLOSED)
async def test_over_it_is_refused_whoever_asks_and_changes_nothing(
    shop: Shop, question: Request[object]
) -> None:
    await shop.register()
    await let_end(shop)
    before = await shop.everything()

    with pytest.raises(AccessEnded):
        await shop.ask(question)
    assert before == await shop.everything()


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(GetAccess(), id="access"),
        pytest.param(GetAccount(), id="account"),
        pytest.param(GetHistory(), id="payments"),
        pytest.param(ExportClients(), id="clients as a sheet"),
        pytest.param(TakeOut(Format.JSON), id="all its data"),
        pytest.param(GetTrail(), id="who did what"),
    ],
)
async def test_over_it_keeps_what_is_its_own_and_may_pay(
    shop: Shop, question: Request[object]
) -> None:
    await let_end(shop)

    assert await shop.ask(question) is not None
    assert await shop.ask(GetOffer()) is Unavailable.AWAY  # nobody takes payments in this shop


async def test_blocked_it_may_not_pay_its_way_in_and_is_told_why(shop: Shop) -> None:
    await change(shop, "blocked_at = $2, blocked_why = 'Uso indevido'", NINE)
    account = await shop.ask(GetAccount())

    assert (Standing.BLOCKED, "Uso indevido") == (account.standing, account.blocked_why)
    with pytest.raises(AccessEnded):
        await shop.ask(GetOffer())


async def test_a_change_made_past_it_is_noticed_once_the_wall_clock_has_moved(shop: Shop) -> None:
    before = await shop.ask(GetAccess())
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(
            "UPDATE tenants SET trial_ends_at = $2 WHERE tenant_id = $1", TENANT, NINE - 2 * ONE_DAY
        )
    shop.later(minutes=2)
    after = await shop.ask(GetAccess())

    assert (Standing.TRIAL, Standing.ENDED) == (before.standing, after.standing)


async def test_back_again_today_is_planned_at_once_and_nothing_of_the_days_before(
    shop: Shop,
) -> None:
    await let_end(shop)
    async with shop.database.tenant(TENANT) as tx:
        for name, days in (("Ana", 1), ("Bia", 2)):
            await tx.execute(
                """INSERT INTO clients (tenant_id, name, phone, plan, price, due_on, created_at,
                                        updated_at)
                   VALUES ($1, $2, $3, 'Mensal', 35, $4, $5, $5)""",
                TENANT,
                name,
                f"+551195550018{days}",
                DAY - days * ONE_DAY,
                NINE - 9 * ONE_DAY,
            )
    await shop.ask(PlanNow())
    while_over = await shop.messages()
    await change(shop, "paid_until = $2", NINE + 30 * ONE_DAY)
    back = await shop.messages()

    assert [] == while_over
    assert [("cobranca", "queued")] == [(kind, state) for _, kind, state, _ in back]


async def erase_and_sign_up_again(shop: Shop) -> Standing | None:
    await shop.ask(EraseAccount())
    await shop.ask(EraseAccount())  # an old button, pressed once more
    await shop.ask(SignUp("Dona Maria"))
    return (await shop.ask(GetAccess())).standing


async def test_erasing_the_account_wins_no_second_trial(shop: Shop) -> None:
    await change(shop, "trial_ends_at = $2", NINE + ONE_DAY)
    within = await erase_and_sign_up_again(shop)
    shop.clock.move_to(NINE + 3 * ONE_DAY)
    after = await erase_and_sign_up_again(shop)

    assert (Standing.TRIAL, Standing.ENDED) == (within, after)


async def test_erasing_the_account_leads_out_of_no_block(shop: Shop) -> None:
    await change(shop, "blocked_at = $2, blocked_why = 'Uso indevido'", NINE)
    blocked = [await erase_and_sign_up_again(shop), await erase_and_sign_up_again(shop)]
    await change(shop, "blocked_at = NULL")

    assert [Standing.BLOCKED, Standing.BLOCKED] == blocked
    assert Standing.TRIAL is await erase_and_sign_up_again(shop)


async def test_its_owner_is_told_before_on_and_after_the_last_day_once_each(shop: Shop) -> None:
    await change(shop, "trial_ends_at = $2", NINE + 4 * ONE_DAY)
    await switch_summary_off(shop)
    for days in range(1, 8):
        await morning(shop, DAY + days * ONE_DAY)
        await morning(shop, DAY + days * ONE_DAY)

    last = DAY + 4 * ONE_DAY
    assert [f"{last} {told}" for told in ("3", "1", "0", "over")] == await warnings(shop)


async def test_a_payment_in_between_moves_what_is_told(shop: Shop) -> None:
    await change(shop, "trial_ends_at = $2", NINE + 4 * ONE_DAY)
    await switch_summary_off(shop)
    await morning(shop, DAY + ONE_DAY)
    await change(shop, "paid_until = $2", NINE + 34 * ONE_DAY)
    for days in range(2, 35):
        await morning(shop, DAY + days * ONE_DAY)

    first, then = DAY + 4 * ONE_DAY, DAY + 34 * ONE_DAY
    expected = [f"{first} 3", *(f"{then} {told}" for told in ("3", "1", "0"))]
    assert expected == await warnings(shop)


async def switch_summary_off(shop: Shop) -> None:
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute("UPDATE settings SET summary_on = false WHERE tenant_id = $1", TENANT)
        await schedules.set_next(tx, next_runs(await tenants.settings(tx), NINE))


async def morning(shop: Shop, day: date) -> None:
    """The hour of the summary, as the clock says it."""
    shop.clock.move_to(instant(day, SUMMARY_AT, DEFAULT_ZONE))
    async with shop.database.tenant(TENANT) as tx:
        due_at = (await schedules.of_tenant(tx))[Job.SUMMARY]
    await shop.ask(RunJob(Job.SUMMARY.value, due_at))


async def warnings(shop: Shop) -> list[str]:
    """What was said of the end, in order."""
    async with shop.database.tenant(TENANT) as tx:
        rows = await tx.fetch(
            """SELECT dedupe_key FROM notices
               WHERE tenant_id = $1 AND kind = 'subscription_warning' ORDER BY id""",
            TENANT,
        )
    return [row["dedupe_key"] for row in rows]
