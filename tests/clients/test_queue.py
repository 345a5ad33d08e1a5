"""The queue and what its owner does with it (E6, E7, E8): the rows, their ids, and their turns."""

from datetime import datetime, timedelta

import pytest

from actors.messages.by_hand import WriteToClient
from actors.messages.queue import DayMessages, GetDayMessages, GetToday, PlanNow
from actors.messages.queue_acts import ActOn, GetMessage, PauseQueue
from domain.day_groups import DayGroup
from domain.outbox import MessageState
from domain.queue_acts import QueueAct
from domain.reasons import Reason
from domain.reminders import Kind
from errors import CannotUndo, NotFound
from storage import outbox
from tests.clients.queue import act, filled, ids, local, look, names_in_turn, put, states
from tests.clients.shop import DAY, NEIGHBOUR, NINE, TENANT, Shop

S = MessageState
NOW, CANCEL, CANCEL_ALL, RETRY = QueueAct
REASONS_OF_FAILURE = [
    pytest.param(0, Reason.INTERNAL, S.QUEUED, id="never tried"),
    pytest.param(5, Reason.REFUSED, S.RETRY, id="surely not there"),
    pytest.param(5, Reason.ATTEMPTS_EXHAUSTED, S.RETRY, id="never left"),
    pytest.param(5, Reason.UNCONFIRMED, S.UNKNOWN, id="perhaps there"),
    pytest.param(3, Reason.INTERNAL, S.UNKNOWN, id="our fault on the way"),
]


async def test_each_that_waits_says_when_its_turn_is_expected(shop: Shop) -> None:
    """The middle gap of 12 to 25 seconds, and 8 of typing: 26.5 seconds each (F5)."""
    await filled(shop, "Ana", "Bia", "Caio")
    view = await shop.ask(GetToday())

    assert [0.0, 26.5, 53.0] == [
        (one.at - view.coming[0].at).total_seconds() for one in view.coming
    ]
    assert (view.coming[0].at, view.coming[-1].at) == (view.now, view.last_turn)


async def test_a_turn_is_never_before_the_own_time_of_a_message(shop: Shop) -> None:
    first, second = await filled(shop, "Ana", "Bia")
    await put(shop, first, state=S.RETRY, not_before=NINE + timedelta(minutes=5))

    assert ["Bia", "Ana"] == await names_in_turn(shop)
    assert "09:05" == local((await look(shop, first)).turn)
    assert "09:00" == local((await look(shop, second)).turn)


async def test_after_a_try_the_next_waits_for_the_gap(shop: Shop) -> None:
    first, second = await filled(shop, "Ana", "Bia")
    await put(shop, first, state=S.SENT, begun_at=NINE, sent_at=NINE)
    shop.later(seconds=10)

    assert NINE + timedelta(seconds=26.5) == (await look(shop, second)).turn


async def test_send_now_puts_a_message_before_the_others(shop: Shop) -> None:
    *_, last = await filled(shop, "Ana", "Bia", "Caio")
    done = await act(shop, last, NOW)

    assert done.done
    assert ["Caio", "Ana", "Bia"] == await names_in_turn(shop)


async def test_what_a_person_wrote_is_shown_as_the_phone_will_show_it(shop: Shop) -> None:
    """Its variables wait in the queue, and are no words for anybody (E7, E12)."""
    client_id = (await shop.register(name="Ana", due_on=DAY + timedelta(days=9))).row.client_id
    await shop.ask(WriteToClient(client_id=client_id, text="Oi, {primeiro_nome}!", nonce="1"))
    ((only, *_),) = await shop.messages()
    before = await look(shop, only)
    await put(shop, only, state=S.RETRY, attempt=1, body="Oi, Ana! {assim}")
    tried = await look(shop, only)

    assert (("Oi, Ana!",), False) == (before.texts, before.fixed)
    assert (("Oi, Ana! {assim}",), True) == (tried.texts, tried.fixed)


async def test_what_was_put_before_the_others_stays_there_when_the_day_is_planned_anew(
    shop: Shop,
) -> None:
    *_, last = await filled(shop, "Ana", "Bia", "Caio")
    await act(shop, last, NOW)
    planned = await shop.ask(PlanNow())

    assert 0 == planned
    assert ["Caio", "Ana", "Bia"] == await names_in_turn(shop)


async def test_the_last_that_was_put_first_is_first(shop: Shop) -> None:
    _, second, third = await filled(shop, "Ana", "Bia", "Caio")
    for message_id in (second, third, second):
        await act(shop, message_id, NOW)

    assert ["Bia", "Caio", "Ana"] == await names_in_turn(shop)


async def test_before_the_window_it_is_the_first_when_that_opens(shop: Shop) -> None:
    *_, last = await filled(shop, "Ana", "Bia")
    shop.clock.move_to(NINE - timedelta(hours=3))
    done = await act(shop, last, NOW)

    assert (True, "08:00") == (done.done, local(done.message.turn))
    assert "08:00" in done.says
    assert ["Bia", "Ana"] == await names_in_turn(shop)


async def test_past_the_window_send_now_says_why_not(shop: Shop) -> None:
    (only,) = await filled(shop, "Ana")
    shop.later(hours=11)
    before = await shop.everything()
    done = await act(shop, only, NOW)

    assert (False, before) == (done.done, await shop.everything())
    assert "terminou às 20:00" in done.says


async def test_a_message_without_its_data_says_what_is_missing(shop: Shop) -> None:
    await shop.register(price=None)
    ((only, _, state, _),) = await shop.messages()
    done = await act(shop, only, NOW)

    assert (S.WAITING, False, ("valor",)) == (state, done.done, done.message.missing)
    assert () == done.message.texts


async def test_its_text_is_written_now_until_it_is_tried_and_fixed_from_then_on(shop: Shop) -> None:
    (only,) = await filled(shop, "Ana")
    before = await look(shop, only)
    await put(shop, only, state=S.RETRY, attempt=1, body="O que já foi dito")
    after = await look(shop, only)

    assert "Ana" in before.texts[0]
    assert (False, True) == (before.fixed, after.fixed)
    assert ("O que já foi dito",) == after.texts


# Cancelling


async def test_what_is_cancelled_by_hand_stays_cancelled_when_the_day_is_planned_anew(
    shop: Shop,
) -> None:
    (only,) = await filled(shop, "Ana")
    done = await act(shop, only, CANCEL)
    await shop.ask(PlanNow())

    assert [(S.CANCELLED, Reason.CANCELLED)] == [
        (state, reason) for _, _, state, reason in await shop.messages()
    ]
    assert [Kind.BILLING] == [one.kind for one in done.cancelled]


@pytest.mark.parametrize(
    ("state", "attempt"),
    [
        pytest.param(S.QUEUED, 0, id="untried"),
        pytest.param(S.RETRY, 2, id="tried and surely not there"),
        pytest.param(S.UNKNOWN, 2, id="perhaps there"),
    ],
)
async def test_undoing_it_brings_the_same_row_back_with_the_same_ids(
    shop: Shop, state: MessageState, attempt: int
) -> None:
    (only,) = await filled(shop, "Ana")
    await put(shop, only, state=state, attempt=attempt)
    before = await ids(shop)
    done = await act(shop, only, CANCEL)
    await shop.undo(done.undo)

    assert ([state], before) == (await states(shop), await ids(shop))


async def test_cancelled_twice_is_one_act_with_one_offer(shop: Shop) -> None:
    (only,) = await filled(shop, "Ana")
    first, again = [await act(shop, only, CANCEL) for _ in range(2)]

    assert (True, False) == (first.done, again.done)
    assert first.undo == again.undo


async def test_after_ten_minutes_it_is_cancelled_for_good(shop: Shop) -> None:
    (only,) = await filled(shop, "Ana")
    done = await act(shop, only, CANCEL)
    shop.later(minutes=11)

    with pytest.raises(CannotUndo):
        await shop.undo(done.undo)


async def test_when_the_day_is_over_nothing_comes_back(shop: Shop) -> None:
    (only,) = await filled(shop, "Ana")
    shop.later(hours=10, minutes=55)
    done = await act(shop, only, CANCEL)
    shop.later(minutes=6)

    with pytest.raises(CannotUndo):
        await shop.undo(done.undo)
    assert [S.CANCELLED] == await states(shop)


@pytest.mark.parametrize("state", [S.SENDING, S.SENT, S.DELIVERED, S.READ])
@pytest.mark.parametrize("what", QueueAct)
async def test_what_was_sent_is_never_taken_back(
    shop: Shop, state: MessageState, what: QueueAct
) -> None:
    (only,) = await filled(shop, "Ana")
    await put(shop, only, state=state, attempt=1, body="Oi", owner_epoch=1)
    before = await shop.everything()
    done = await act(shop, only, what)

    assert (False, before) == (done.done, await shop.everything())
    assert done.says
    assert frozenset() == done.message.may


async def test_all_of_a_client_are_cancelled_and_named_and_nobody_elses(shop: Shop) -> None:
    first, second = await filled(shop, "Ana", "Bia")
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(
            """INSERT INTO messages (tenant_id, client_id, kind, due_on, day, state, phone,
                   whatsapp_id, correlation_id, not_before, expires_at, created_at)
               SELECT tenant_id, client_id, 'boas_vindas', due_on, day, 'queued', phone,
                   '3EB0WELCOME', 'c', not_before, expires_at, created_at
               FROM messages WHERE tenant_id = $1 AND id = $2""",
            TENANT,
            first,
        )
    assert 2 == (await look(shop, first)).pending
    done = await act(shop, first, CANCEL_ALL)

    assert [Kind.BILLING, Kind.WELCOME] == [one.kind for one in done.cancelled]
    assert [S.CANCELLED, S.QUEUED, S.CANCELLED] == await states(shop)
    assert S.QUEUED == (await look(shop, second)).state
    await shop.undo(done.undo)
    assert [S.QUEUED] * 3 == await states(shop)


# Once more


@pytest.mark.parametrize(("attempt", "reason", "expected"), REASONS_OF_FAILURE)
async def test_a_failed_message_is_tried_once_more_under_its_ids(
    shop: Shop, attempt: int, reason: Reason, expected: MessageState
) -> None:
    (only,) = await filled(shop, "Ana")
    await put(shop, only, state=S.FAILED, reason=reason, attempt=attempt, faults=3)
    before = await ids(shop)
    shop.later(minutes=5)
    first, again = [await act(shop, only, RETRY) for _ in range(2)]

    assert (True, False) == (first.done, again.done)
    assert ([expected], before) == (await states(shop), await ids(shop))
    async with shop.database.tenant(TENANT) as tx:
        assert await outbox.next_ready(tx, shop.clock.now()) is not None


async def test_who_paid_meanwhile_is_not_billed_by_trying_again(shop: Shop) -> None:
    card = await shop.register()
    ((only, *_),) = await shop.messages()
    await put(shop, only, state=S.FAILED, reason=Reason.REFUSED, attempt=5)
    await shop.renew(card)
    done = await act(shop, only, RETRY)

    assert (False, [S.FAILED]) == (done.done, await states(shop))
    assert "renovou" in done.says.lower()


async def test_past_the_window_nothing_is_tried_again(shop: Shop) -> None:
    (only,) = await filled(shop, "Ana")
    await put(shop, only, state=S.FAILED, reason=Reason.REFUSED, attempt=5)
    shop.later(hours=11)
    done = await act(shop, only, RETRY)

    assert (False, [S.FAILED]) == (done.done, await states(shop))
    assert "terminou às 20:00" in done.says


# All of it


async def test_a_pause_holds_all_and_says_since_when(shop: Shop) -> None:
    await filled(shop, "Ana")
    shop.later(minutes=40)
    view = await shop.ask(PauseQueue(paused=True))
    shop.later(hours=2)
    again = await shop.ask(PauseQueue(paused=True))

    for one in (view, again):
        assert one.hold is not None
        assert (Reason.PAUSED, "09:40") == (one.hold.reason, local(one.hold.since))
    assert [(S.QUEUED, Reason.PAUSED)] == [
        (state, reason) for _, _, state, reason in await shop.messages()
    ]


async def test_when_it_goes_on_what_is_left_of_the_day_goes(shop: Shop) -> None:
    (only,) = await filled(shop, "Ana")
    await shop.ask(PauseQueue(paused=True))
    shop.later(minutes=10)
    await shop.ask(PauseQueue(paused=False))

    assert [S.QUEUED] == await states(shop)
    async with shop.database.tenant(TENANT) as tx:
        ready = await outbox.next_ready(tx, shop.clock.now())
        since = await tx.fetchval("SELECT paused_at FROM settings WHERE tenant_id = $1", TENANT)
    assert ready is not None
    assert (only, None) == (ready.message.id, since)


async def test_what_is_cancelled_while_all_is_stopped_stays_so(shop: Shop) -> None:
    first, _ = await filled(shop, "Ana", "Bia")
    await shop.ask(PauseQueue(paused=True))
    await act(shop, first, CANCEL)
    await shop.ask(PauseQueue(paused=False))

    assert [S.CANCELLED, S.QUEUED] == await states(shop)


# The lists


async def test_a_day_is_counted_by_what_became_of_it_and_each_count_has_its_list(
    shop: Shop,
) -> None:
    found = await filled(shop, "Ana", "Bia", "Caio", "Duda", "Enzo", "Fabi")
    for message_id, state in zip(
        found, (S.SENT, S.READ, S.FAILED, S.CANCELLED, S.RETRY), strict=False
    ):
        await put(shop, message_id, state=state, attempt=1)
    lists = {
        group: [one.row.name for one in (await _list(shop, group)).messages] for group in DayGroup
    }

    assert {
        DayGroup.HELD: [],
        DayGroup.COMING: ["Enzo", "Fabi"],
        DayGroup.SENT: ["Ana"],
        DayGroup.ARRIVED: ["Bia"],
        DayGroup.FAILED: ["Caio"],
        DayGroup.CANCELLED: ["Duda"],
        DayGroup.WENT: ["Ana", "Bia"],
    } == lists


async def test_a_page_that_is_not_there_is_the_nearest(shop: Shop) -> None:
    await filled(shop, *(f"Cliente {number}" for number in range(8)))
    last = await _list(shop, DayGroup.COMING, 99)

    assert (2, 2, 8, 2) == (last.page, last.pages, last.total, len(last.messages))


async def _list(shop: Shop, group: DayGroup, page: int = 1) -> DayMessages:
    return await shop.ask(GetDayMessages(group, page))


async def test_another_tenants_messages_are_nobodys(shop: Shop) -> None:
    (only,) = await filled(shop, "Ana")
    before = await shop.everything()
    for what in QueueAct:
        with pytest.raises(NotFound):
            await shop.ask(ActOn(only, what), NEIGHBOUR)
    with pytest.raises(NotFound):
        await shop.ask(GetMessage(only), NEIGHBOUR)

    assert before == await shop.everything()


# What holds all of it


async def test_a_day_that_begins_in_its_turn_says_when(shop: Shop) -> None:
    """E13: “The queue says when its turn is.”."""
    await filled(shop, "Ana")
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(
            "UPDATE planned_days SET begins_at = $1", begins := NINE + timedelta(minutes=7)
        )
    await shop.ask(PlanNow())
    view = await shop.ask(GetToday())

    assert ("09:07", begins) == (local(view.begins_at), view.coming[0].at)


@pytest.mark.parametrize(
    ("state", "blocked", "expected"),
    [
        pytest.param("paired", None, (Reason.NOT_CONNECTED, None), id="no line"),
        pytest.param("needs_qr", None, (Reason.NEEDS_QR, None), id="not linked"),
        pytest.param("banned", None, (Reason.BANNED, None), id="banned"),
        pytest.param(
            "paired", NINE + timedelta(hours=5), (Reason.RESTRICTED, "14:00"), id="limited"
        ),
    ],
)
async def test_what_holds_the_whole_queue_is_told_and_until_when(
    shop: Shop, state: str, blocked: datetime | None, expected: tuple[Reason, str | None]
) -> None:
    await filled(shop, "Ana")
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(
            """INSERT INTO whatsapp_sessions
                   (tenant_id, state, epoch, updated_at, new_chats_blocked_until)
               VALUES ($1, $2, 1, $3, $4)""",
            TENANT,
            state,
            NINE,
            blocked,
        )
    held = (await shop.ask(GetToday())).hold
    assert held is not None

    assert expected == (held.reason, local(held.until))
