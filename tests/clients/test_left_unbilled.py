"""Rule E3b, one test for each of its sentences, and decision 2's question about who it lists.

Each is met on its own: the days before are run job by job, and the next morning is looked at.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from actors.messages.clients import SetSwitch
from actors.messages.queue import GetToday
from actors.messages.queue_acts import (
    BillMarked,
    Decided,
    DismissAll,
    GetLeftOut,
    LeftOutView,
    MarkLeftOut,
    PauseQueue,
)
from actors.messages.sheets import ConfirmImport, PreviewImport
from actors.tenant.day import run_job
from domain.clients import Switch
from domain.jobs import Job, next_runs
from domain.outbox import MessageState
from domain.reasons import Reason
from domain.reminders import Kind
from errors import InvalidInput
from storage import schedules, tenants
from tests.clients.queue import PHONES, ids
from tests.clients.shop import DAY, NEIGHBOUR, NINE, PRICE, TENANT, YESTERDAY, Shop

ONE_DAY = timedelta(days=1)
# DAY is a Tuesday.
SUNDAY, SATURDAY = DAY - 2 * ONE_DAY, DAY - 3 * ONE_DAY
R = Reason
Missed = Callable[[Shop], Awaitable[tuple[date, Reason]]]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of São Paulo, three hours behind UTC."""
    return NINE + (day - DAY) + timedelta(hours=hour - 9, minutes=minute)


async def run(
    shop: Shop, day: date, jobs: Iterable[Job], *, connected: bool = True
) -> dict[str, int]:
    """Run these jobs of a day, each at its time; the unbilled that a summary tells."""
    told: dict[str, int] = {}
    for job in jobs:
        async with shop.database.tenant(TENANT) as tx:
            settings = await tenants.settings(tx)
            due = next_runs(settings, at(day, 0))[job]
            await schedules.set_next(tx, {job: due})
            outcome = await run_job(tx, job, due, due, connected=connected)
        for _, notice in outcome.notices:
            told = getattr(notice, "unbilled", told)
    return told


async def whole_day(shop: Shop, day: date, *, connected: bool = True) -> None:
    """A day from its plan to its close, on which nothing is carried."""
    await run(shop, day, (Job.VERIFY, Job.SEND, Job.CLOSE), connected=connected)


async def sql(shop: Shop, statement: str) -> None:
    """Change something past the screens."""
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(statement)


async def paired(shop: Shop) -> None:
    """WhatsApp as it is once it was connected."""
    await sql(
        shop,
        "INSERT INTO whatsapp_sessions (tenant_id, state, epoch, updated_at)"
        " SELECT tenant_id, 'paired', 1, now() FROM settings"
        " ON CONFLICT (tenant_id) DO UPDATE SET state = 'paired'",
    )


async def rest_day(shop: Shop) -> tuple[date, Reason]:
    await sql(shop, "UPDATE settings SET sundays = false")
    await register(shop, SATURDAY)
    await whole_day(shop, SUNDAY)
    return SUNDAY, R.SUNDAY


async def pause(shop: Shop) -> tuple[date, Reason]:
    await register(shop, YESTERDAY - ONE_DAY)
    await shop.ask(PauseQueue(paused=True))
    await whole_day(shop, YESTERDAY)
    await shop.ask(PauseQueue(paused=False))
    return YESTERDAY, R.PAUSED


async def outage(shop: Shop) -> tuple[date, Reason]:
    await register(shop, YESTERDAY - ONE_DAY)
    return YESTERDAY, R.AWAY


async def cap(shop: Shop) -> tuple[date, Reason]:
    await register(shop, YESTERDAY - ONE_DAY)
    await whole_day(shop, YESTERDAY)
    return YESTERDAY, R.WINDOW_CLOSED


async def whatsapp_off(shop: Shop) -> tuple[date, Reason]:
    await sql(shop, "UPDATE whatsapp_sessions SET state = 'needs_qr'")
    await register(shop, YESTERDAY - ONE_DAY)
    await whole_day(shop, YESTERDAY, connected=False)
    await paired(shop)
    return YESTERDAY, R.NEEDS_QR


async def registered_late(shop: Shop) -> tuple[date, Reason]:
    await whole_day(shop, YESTERDAY)
    await register(shop, YESTERDAY - ONE_DAY, now=at(YESTERDAY, 21))
    return YESTERDAY, R.REGISTERED_LATE


async def register(
    shop: Shop, due_on: date, name: str = "Roberto Souza", now: datetime | None = None
) -> int:
    """A client, there since long before its day unless told otherwise."""
    here = shop.clock.now()
    shop.clock.move_to(now or at(due_on - 3 * ONE_DAY, 21))
    card = await shop.register(name=name, due_on=due_on, phone=PHONES[len(name)])
    shop.clock.move_to(here)
    return card.row.client_id


@pytest.mark.parametrize(
    "missed",
    [rest_day, pause, outage, cap, whatsapp_off, registered_late],
    ids=lambda one: one.__name__,
)
async def test_e3b_who_passed_its_day_unbilled_is_listed_with_the_reason_and_the_question(
    shop: Shop, missed: Missed
) -> None:
    """The second sentence of E3b.

    “A client whose D+1 passed without its `cobranca` (rest day, pause, outage, cap, WhatsApp off,
    registered after the run) is listed, with the reason, in the next summary and in the queue, with
    decision 2's question: send to all, choose, none.”
    """
    await paired(shop)
    day, reason = await missed(shop)
    told = await run(shop, day + ONE_DAY, [Job.SUMMARY])
    shop.clock.move_to(at(day + ONE_DAY, 8, 30))
    queue = await shop.ask(GetToday())
    listed = await shop.ask(GetLeftOut())

    assert {reason: 1} == told
    assert 1 == queue.unbilled
    assert ((reason, ("Roberto",), 1),) == listed.why
    assert (1, 1, PRICE) == (listed.total, listed.marked, listed.amount)
    # The three answers, each to just these: some is all, less who is not marked.
    assert (True, True) == (bool(listed.seal), listed.seal == listed.all_seal)
    assert [True] == [one.marked for one in listed.rows]


async def test_e3b_nobody_is_left_unbilled_in_silence(shop: Shop) -> None:
    """The first sentence of E3b: “Nobody is left unbilled in silence.”.

    Whatever became of its day, who is late by a day or more is billed, or is on the list.
    """
    await paired(shop)
    everybody = {
        await register(shop, SUNDAY - back * ONE_DAY, f"{'abcdef'[back] * (back + 2)}")
        for back in range(5)
    }
    await whole_day(shop, SUNDAY, connected=False)
    await run(shop, YESTERDAY, (Job.VERIFY, Job.SEND))
    await sql(shop, f"UPDATE messages SET state = 'sent', attempt = 1 WHERE day = '{YESTERDAY}'")  # noqa: S608 - a date of ours
    await run(shop, YESTERDAY, [Job.CLOSE])
    async with shop.database.tenant(TENANT) as tx:
        rows = await tx.fetch("SELECT client_id FROM messages WHERE state = 'sent'")
    billed = {row["client_id"] for row in rows}
    shop.clock.move_to(at(DAY, 8))
    listed = {one.row.client_id for one in (await shop.ask(GetLeftOut())).rows}

    assert (1, 4) == (len(billed), len(listed))
    assert everybody == billed | listed


async def by_registering(shop: Shop) -> None:
    await shop.register()


async def by_importing(shop: Shop) -> None:
    line = f"Roberto Souza;(11) 95550-0187;{YESTERDAY:%d/%m/%Y};79,90"
    sheet = f"nome;telefone;vencimento;valor\n{line}\n"
    review = await shop.ask(PreviewImport("clientes.csv", sheet.encode()))
    await shop.ask(ConfirmImport(review.import_id))


async def by_switching_on(shop: Shop) -> None:
    card = await shop.register(receives_billing=False)
    await shop.ask(SetSwitch(card.row.client_id, Switch.BILLING, on=True))


@pytest.mark.parametrize(
    "how", [by_registering, by_importing, by_switching_on], ids=lambda one: one.__name__
)
async def test_e3b_who_comes_during_the_window_of_its_own_day_is_planned_at_once(
    shop: Shop, how: Callable[[Shop], Awaitable[None]]
) -> None:
    """The third sentence of E3b.

    “A client registered, imported or switched on during the window of its own D+1 is planned at
    once.”
    """
    await run(shop, DAY, (Job.VERIFY, Job.SEND))
    shop.later(hours=3)
    await how(shop)

    assert [(Kind.BILLING, MessageState.QUEUED)] == [
        (kind, state) for _, kind, state, _ in await shop.messages()
    ]
    assert 0 == (await shop.ask(GetLeftOut())).total


# Decision 2's question


@pytest.fixture
async def four(shop: Shop) -> list[int]:
    """Four who were left out by an outage; it is nine."""
    return [
        await register(shop, SUNDAY - (at % 2) * ONE_DAY, name)
        for at, name in enumerate(("Ana", "Bruno", "Carla D", "Diego Ramos"))
    ]


async def list_of(shop: Shop) -> LeftOutView:
    return await shop.ask(GetLeftOut())


async def marked(shop: Shop) -> list[str]:
    return sorted(one.row.name for one in (await list_of(shop)).rows if one.marked)


async def queued(shop: Shop) -> int:
    return [state for _, _, state, _ in await shop.messages()].count(MessageState.QUEUED)


async def test_all_start_marked_and_one_touch_bills_them(shop: Shop, four: list[int]) -> None:
    shown = await list_of(shop)
    done = await shop.ask(BillMarked(shown.seal))

    assert (4, 4, PRICE * 4) == (shown.total, shown.marked, shown.amount)
    assert (True, len(four), 0, 4) == (done.done, done.clients, done.left.total, await queued(shop))


async def test_only_those_that_are_marked_are_billed(shop: Shop, four: list[int]) -> None:
    for _ in range(2):  # pressed twice, it is off all the same
        shown = await shop.ask(MarkLeftOut(four[1], on=False))
    done = await shop.ask(BillMarked(shown.seal))

    assert (3, ["Bruno"]) == (done.clients, [one.row.name for one in done.left.rows])
    assert 3 == await queued(shop)


async def test_pressed_twice_it_is_one_act_and_bills_nobody_else(
    shop: Shop, four: list[int]
) -> None:
    shown = await shop.ask(MarkLeftOut(four[0], on=False))
    first, again = [await shop.ask(BillMarked(shown.seal)) for _ in range(2)]

    assert (first.done, first.clients) == (again.done, again.clients) == (True, 3)
    assert (3, 1) == (await queued(shop), again.left.total)


async def test_an_answer_about_another_list_does_nothing_and_shows_the_list_as_it_is(
    shop: Shop, four: list[int]
) -> None:
    shown = await list_of(shop)
    await shop.ask(MarkLeftOut(four[0], on=False))
    answers: list[Decided] = [await shop.ask(BillMarked(shown.seal))]
    await register(shop, SUNDAY, "Elza que veio")
    answers.append(await shop.ask(DismissAll(shown.all_seal)))

    assert [(False, 4), (False, 5)] == [(one.done, one.left.total) for one in answers]
    assert [] == await shop.messages()


async def test_nobody_is_marked_and_then_some_are(shop: Shop, four: list[int]) -> None:
    nobody = await shop.ask(MarkLeftOut(None, on=False))
    await shop.ask(MarkLeftOut(four[2], on=True))

    assert (0, Decimal(0)) == (nobody.marked, nobody.amount)
    assert ["Carla D"] == await marked(shop)
    await shop.ask(MarkLeftOut(None, on=True))
    assert 4 == (await list_of(shop)).marked


async def test_marks_last_a_day(shop: Shop, four: list[int]) -> None:
    await shop.ask(MarkLeftOut(four[0], on=False))
    shop.later(days=1)

    assert 4 == (await list_of(shop)).marked


async def test_none_is_dismissed_and_that_can_be_undone(shop: Shop, four: list[int]) -> None:
    before = [one.row.name for one in (await list_of(shop)).rows]
    shown = await list_of(shop)
    done = await shop.ask(DismissAll(shown.all_seal))
    again = await shop.ask(DismissAll(shown.all_seal))

    assert (4, 0, done.undo) == (done.clients, done.left.total, again.undo)
    await shop.undo(done.undo)
    assert (before, len(four)) == ([one.row.name for one in (await list_of(shop)).rows], 4)
    assert [] == await shop.messages()


async def test_undone_a_row_that_was_tried_is_as_it_was(shop: Shop) -> None:
    await paired(shop)
    await register(shop, YESTERDAY - ONE_DAY)
    await run(shop, YESTERDAY, (Job.VERIFY,))
    await sql(shop, "UPDATE messages SET state = 'failed', reason = 'refused', attempt = 5")
    shown, was = await list_of(shop), await ids(shop)
    done = await shop.ask(DismissAll(shown.all_seal))
    await shop.undo(done.undo)

    assert (was, (("refused", ("Roberto",), 1),)) == (await ids(shop), (await list_of(shop)).why)


async def test_past_the_window_nobody_is_billed_and_that_is_said(
    shop: Shop, four: list[int]
) -> None:
    shop.clock.move_to(at(DAY, 20, 30))
    shown = await list_of(shop)
    with pytest.raises(InvalidInput, match="amanhã, a partir das 08:00"):
        await shop.ask(BillMarked(shown.seal))

    assert (4, []) == (len(four), await shop.messages())


async def test_another_tenant_lists_and_bills_nobody_of_these(shop: Shop, four: list[int]) -> None:
    shown = await list_of(shop)
    done = await shop.ask(BillMarked(shown.seal), NEIGHBOUR)
    other = await shop.ask(MarkLeftOut(four[0], on=False), NEIGHBOUR)

    assert (False, 0) == (done.done, other.total)
    assert 4 == (await list_of(shop)).marked
