"""Messages by hand: made once, on their day, and taken back whole (E12, E5, E6, C7, decision 4)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from actors.messages.by_hand import (
    CancelHandMessage,
    ChangeHandMessage,
    GetHandMessage,
    GetHandMessages,
    GetTexts,
    HandState,
    PreviewByHand,
    ReadMoment,
    ScheduleMessage,
    WriteToClient,
    Written,
)
from actors.messages.clients import ArchiveClient, DeleteClient, GetClient
from actors.messages.queue import PlanNow
from actors.messages.queue_acts import ActOn
from actors.messages.subscription import AccessChanged
from actors.runtime import Request
from domain.queue_acts import QueueAct
from domain.reasons import Reason
from domain.reminders import Kind
from errors import AlreadyChanged, CannotUndo, InvalidInput, NotFound
from storage import by_hand, outbox, schedule_settings, tenants
from tests.clients.shop import DAY, NEIGHBOUR, NINE, TENANT, Shop

SIX = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)  # 18:00 in São Paulo
DECEMBER_5 = datetime(2026, 12, 5, 13, 0, tzinfo=UTC)  # 10:00
FAR = DAY + timedelta(days=10)
H = HandState


async def rows(shop: Shop, tenant: int = TENANT) -> list[tuple[str, str, datetime]]:
    """What the outbox has of messages by hand: state, text, when."""
    async with shop.database.tenant(tenant) as tx:
        found = await tx.fetch(
            "SELECT state, body, not_before FROM messages"
            " WHERE tenant_id = $1 AND kind = 'geral' ORDER BY id",
            tenant,
        )
    return [tuple(row) for row in found]


async def someone(shop: Shop, tenant: int = TENANT) -> int:
    """A client nothing goes to by itself."""
    return (await shop.register(tenant, due_on=FAR)).row.client_id


async def scheduled(shop: Shop, client_id: int, at: datetime | date, **more: object) -> Written:
    facts = {"text": "Oi, {primeiro_nome}!", "nonce": "1", **more}
    # A test names what it changes; which type each has is the message's own to check.
    return await shop.ask(ScheduleMessage(client_id=client_id, at=at, **facts))  # type: ignore[arg-type]


async def morning(shop: Shop, at: datetime) -> None:
    """The day's plan at another moment."""
    shop.clock.move_to(at)
    await shop.ask(PlanNow())


async def test_what_is_for_today_is_queued_at_once_for_its_minute(shop: Shop) -> None:
    made = await scheduled(shop, await someone(shop), SIX)

    assert (H.QUEUED, "Oi, Roberto!", "18:00") == (
        made.message.state,
        made.message.words,
        f"{made.message.at:%H:%M}",
    )
    assert [("queued", "Oi, {primeiro_nome}!", SIX)] == await rows(shop)


async def test_nothing_of_another_day_is_in_the_queue_before_it(shop: Shop) -> None:
    made = await scheduled(shop, await someone(shop), DECEMBER_5)
    before = await rows(shop)
    await morning(shop, DECEMBER_5 - timedelta(hours=1))
    await morning(shop, DECEMBER_5)

    assert (H.SCHEDULED, []) == (made.message.state, before)
    assert [("queued", "Oi, {primeiro_nome}!", DECEMBER_5)] == await rows(shop)


async def test_the_same_nonce_again_is_the_same_message(shop: Shop) -> None:
    client_id = await someone(shop)
    first = await scheduled(shop, client_id, SIX)
    shop.later(minutes=1)
    again = await scheduled(shop, client_id, DECEMBER_5, text="Outro")

    assert first == again
    assert 1 == len(await rows(shop))


async def test_what_was_missed_inside_its_hours_still_goes(shop: Shop) -> None:
    await scheduled(shop, await someone(shop), DECEMBER_5)
    await morning(shop, DECEMBER_5 + timedelta(hours=3))

    assert ["queued"] == [row[0] for row in await rows(shop)]


async def test_what_its_hours_passed_by_is_told_once_and_offered_again(shop: Shop) -> None:
    client_id = await someone(shop)
    made = await scheduled(shop, client_id, DECEMBER_5)
    await morning(shop, DECEMBER_5 + timedelta(days=1))
    await morning(shop, DECEMBER_5 + timedelta(days=1, minutes=5))
    view = await shop.ask(GetHandMessages(client_id))
    async with shop.database.tenant(TENANT) as tx:
        told = await tx.fetchval(
            "SELECT count(*) FROM notices WHERE tenant_id = $1 AND kind = 'scheduled_missed'",
            TENANT,
        )
    again = ChangeHandMessage(message_id=made.message.message_id, at=DECEMBER_5 + timedelta(days=2))
    anew = await shop.ask(again)

    assert [(H.ENDED, Reason.AWAY)] == [(one.state, one.reason) for one in view.messages]
    assert (1, H.SCHEDULED, []) == (told, anew.message.state, await rows(shop))


async def test_one_that_repeats_keeps_its_agreed_day(shop: Shop) -> None:
    client_id = await someone(shop)
    end_of_month = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
    made = await scheduled(shop, client_id, end_of_month, monthly_day=31)
    days = []
    for day in (date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28)):
        await morning(shop, datetime.combine(day, time(12), tzinfo=UTC))
        one = await shop.ask(GetHandMessage(made.message.message_id))
        days.append((one.state, one.at.date()))
    await morning(shop, datetime(2027, 3, 1, 12, tzinfo=UTC))
    last = await shop.ask(GetHandMessage(made.message.message_id))

    assert [H.QUEUED] * 4 == [state for state, _ in days]
    assert [(11, 30), (12, 31), (1, 31), (2, 28)] == [(day.month, day.day) for _, day in days]
    assert (H.SCHEDULED, date(2027, 3, 31)) == (last.state, last.at.date())
    assert 4 == len(await rows(shop))


async def test_a_renewal_cancels_what_was_scheduled_and_its_undoing_brings_it_back(
    shop: Shop,
) -> None:
    card = await shop.register(due_on=FAR)
    client_id = card.row.client_id
    today = await scheduled(shop, client_id, SIX, nonce="1")
    later = await scheduled(shop, client_id, DECEMBER_5, nonce="2")
    monthly = await scheduled(shop, client_id, DECEMBER_5, nonce="3", monthly_day=5)
    renewed = await shop.renew(card)
    again = await shop.renew(card)
    listed = (await shop.ask(GetHandMessages(client_id))).messages
    await shop.undo(renewed.undo)
    ids = [one.message.message_id for one in (today, later, monthly)]
    back = [(await shop.ask(GetHandMessage(one))).state for one in ids]

    assert ["24/11 18:00", "05/12 10:00", "05/12 10:00"] == [
        f"{gone.at:%d/%m %H:%M}" for gone in renewed.cancelled
    ]
    assert {Kind.GENERAL} == {gone.kind for gone in renewed.cancelled}
    assert renewed.cancelled == again.cancelled
    assert [(H.ENDED, Reason.RENEWED)] * 3 == [(one.state, one.reason) for one in listed]
    assert [H.QUEUED, H.SCHEDULED, H.SCHEDULED] == back
    assert ["queued"] == [row[0] for row in await rows(shop)]


async def test_what_the_owner_cancelled_on_its_day_stays_so_when_a_renewal_is_undone(
    shop: Shop,
) -> None:
    card = await shop.register(due_on=FAR)
    made = await scheduled(shop, card.row.client_id, SIX, monthly_day=24)
    (message_id,) = [message_id for message_id, _, _, _ in await shop.messages()]
    await shop.ask(ActOn(message_id, QueueAct.CANCEL))
    renewed = await shop.renew(card)
    await shop.undo(renewed.undo)
    before = await rows(shop)
    await morning(shop, SIX + timedelta(days=1))
    after = await shop.ask(GetHandMessage(made.message.message_id))

    assert ["cancelled"] == [state for state, _, _ in before]
    assert (H.SCHEDULED, date(2026, 12, 24)) == (after.state, after.at.date())


async def test_an_archived_client_gets_nothing_and_back_again_all(shop: Shop) -> None:
    client_id = await someone(shop)
    made = await scheduled(shop, client_id, DECEMBER_5)
    archived = await shop.ask(ArchiveClient(client_id, archived=True))
    with pytest.raises(InvalidInput, match="arquivado"):
        await scheduled(shop, client_id, SIX, nonce="2")
    ended = await shop.ask(GetHandMessage(made.message.message_id))
    await shop.undo(archived.undo)
    back = await shop.ask(GetHandMessage(made.message.message_id))

    assert ["05/12 10:00"] == [f"{gone.at:%d/%m %H:%M}" for gone in archived.cancelled]
    assert ((H.ENDED, Reason.ARCHIVED), H.SCHEDULED) == ((ended.state, ended.reason), back.state)


async def test_an_erased_client_takes_its_messages_along(shop: Shop) -> None:
    client_id = await someone(shop)
    made = await scheduled(shop, client_id, SIX)
    await shop.ask(DeleteClient(client_id))
    with pytest.raises(NotFound):
        await shop.ask(GetHandMessage(made.message.message_id))
    with pytest.raises(NotFound):
        await scheduled(shop, client_id, SIX, nonce="2")

    assert [] == await rows(shop)


async def test_an_opt_out_blocks_and_the_two_switches_only_warn(shop: Shop) -> None:
    client_id = await someone(shop)
    await scheduled(shop, client_id, DECEMBER_5)
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute("UPDATE clients SET receives_notices = false WHERE tenant_id = $1", TENANT)
    warned = await shop.ask(PreviewByHand(client_id, "Oi"))
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute("UPDATE clients SET opted_out_at = $1 WHERE tenant_id = $2", NINE, TENANT)
    blocked = await shop.ask(PreviewByHand(client_id, "Oi"))
    with pytest.raises(InvalidInput, match="SAIR"):
        await shop.ask(WriteToClient(client_id=client_id, text="Oi", nonce="2"))
    await morning(shop, DECEMBER_5)
    (ended,) = (await shop.ask(GetHandMessages(client_id))).messages

    assert (("Os avisos deste cliente estão desligados.",), None) == (
        warned.warnings[:1],
        warned.refusal,
    )
    assert blocked.refusal is not None
    assert ((H.ENDED, Reason.OPTED_OUT), []) == ((ended.state, ended.reason), await rows(shop))


async def test_written_now_it_goes_before_all_that_wait_in_the_order_it_was_written(
    shop: Shop,
) -> None:
    billed = await shop.register()
    client_id = billed.row.client_id
    for nonce in ("1", "2"):
        await shop.ask(WriteToClient(client_id=client_id, text=f"Oi {nonce}", nonce=nonce))
    async with shop.database.tenant(TENANT) as tx:
        first = await outbox.next_ready(tx, NINE + timedelta(seconds=1))
    assert first is not None
    assert ("geral", "Oi 1") == (first.message.kind.value, first.message.body)


async def test_at_night_only_an_answer_goes_and_only_for_a_day(shop: Shop) -> None:
    client_id = await someone(shop)
    night = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)  # 22:30
    shop.clock.move_to(night)
    with pytest.raises(InvalidInput, match="amanhã às 08:00"):
        await shop.ask(WriteToClient(client_id=client_id, text="Oi", nonce="1"))
    old = night - timedelta(days=1)
    with pytest.raises(InvalidInput, match="fora do horário"):
        await shop.ask(WriteToClient(client_id=client_id, text="Oi", nonce="1", answers=old))
    wrote = night - timedelta(minutes=5)
    await shop.ask(WriteToClient(client_id=client_id, text="Oi", nonce="1", answers=wrote))
    async with shop.database.tenant(TENANT) as tx:
        ready = await outbox.next_ready(tx, night)
    assert ready is not None
    left = ready.message.expires_at - night
    assert timedelta(hours=2) <= left < timedelta(hours=2, minutes=1)


async def test_what_was_made_is_undone_once_and_not_when_it_went(shop: Shop) -> None:
    client_id = await someone(shop)
    made = await scheduled(shop, client_id, SIX, nonce="1")
    went = await scheduled(shop, client_id, SIX, nonce="2")
    first = await shop.undo(made.undo)
    again = await shop.undo(made.undo)
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(
            "UPDATE messages SET state = 'sent', attempt = 1"
            " WHERE tenant_id = $1 AND schedule_id = $2",
            TENANT,
            went.message.message_id,
        )
    with pytest.raises(CannotUndo, match="já saiu"):
        await shop.undo(went.undo)
    with pytest.raises(AlreadyChanged, match="já saiu"):
        await shop.ask(CancelHandMessage(went.message.message_id))
    with pytest.raises(AlreadyChanged, match="já saiu"):
        await shop.ask(ChangeHandMessage(message_id=went.message.message_id, text="Outro"))

    assert first == again
    assert ["cancelled", "sent"] == [row[0] for row in await rows(shop)]


async def test_of_one_that_repeats_what_is_on_its_way_is_not_said_to_be_undone(
    shop: Shop,
) -> None:
    """The day's own message goes; the others do not (law 6)."""
    client_id = await someone(shop)
    made = await scheduled(shop, client_id, SIX, monthly_day=24)
    changed = await shop.ask(ChangeHandMessage(message_id=made.message.message_id, text="Até logo"))
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(
            "UPDATE messages SET state = 'sending', attempt = 1, owner_epoch = 1"
            " WHERE tenant_id = $1",
            TENANT,
        )
    said = [(await shop.undo(offer)).says for offer in (changed.undo, made.undo)]
    await morning(shop, SIX + timedelta(days=30))

    assert [
        (
            "A de hoje já saiu, ou está saindo agora. "
            "Desfeito: nos outros meses ela vai como era antes."
        ),
        "A de hoje já saiu, ou está saindo agora. Desfeito: nos outros meses ela não vai.",
    ] == said
    assert ["sending"] == [row[0] for row in await rows(shop)]


async def test_a_change_keeps_the_ids_of_the_day_and_can_be_undone(shop: Shop) -> None:
    client_id = await someone(shop)
    made = await scheduled(shop, client_id, SIX)
    message_id = made.message.message_id
    earlier = SIX - timedelta(hours=2)
    changed = await shop.ask(ChangeHandMessage(message_id=message_id, at=earlier))
    changed = await shop.ask(ChangeHandMessage(message_id=message_id, text="Até logo"))
    after = await rows(shop)
    moved = await shop.ask(ChangeHandMessage(message_id=message_id, at=DECEMBER_5))
    away = await rows(shop)
    await shop.undo(moved.undo)

    assert [("queued", "Até logo", earlier)] == after
    assert ["cancelled"] == [row[0] for row in away]
    assert after == await rows(shop)
    assert changed.undo is not None


async def test_a_cancelled_one_is_off_the_list_and_comes_back_undone(shop: Shop) -> None:
    client_id = await someone(shop)
    made = await scheduled(shop, client_id, SIX)
    gone = await shop.ask(CancelHandMessage(made.message.message_id))
    again = await shop.ask(CancelHandMessage(made.message.message_id))
    listed = (await shop.ask(GetHandMessages(client_id))).total
    said = await shop.undo(gone.undo)

    assert (H.ENDED, 0, gone.undo) == (gone.message.state, listed, again.undo)
    assert "Desfeito: a mensagem vai hoje às 18:00." == said.says
    assert [("queued", "Oi, {primeiro_nome}!", SIX)] == await rows(shop)


async def test_a_text_that_lacks_something_says_what_and_an_unknown_name_the_nearest(
    shop: Shop,
) -> None:
    client_id = await someone(shop)
    preview = await shop.ask(PreviewByHand(client_id, "{servidor} {nome}"))
    with pytest.raises(InvalidInput, match=r"Você quis dizer \{nome\}"):
        await shop.ask(PreviewByHand(client_id, "Oi, {nomee}"))
    with pytest.raises(InvalidInput, match="Falta preencher"):
        await scheduled(shop, client_id, SIX, text="{servidor}")

    assert (None, ("servidor",)) == (preview.words, preview.missing)


async def test_a_preview_is_of_its_day_and_says_what_moves(shop: Shop) -> None:
    client_id = await someone(shop)
    text = "{saudacao}, {nome}: faltam {dias_para_vencer} dias, {data_atual}"
    today = await shop.ask(PreviewByHand(client_id, text))
    then = await shop.ask(PreviewByHand(client_id, text, SIX + timedelta(days=3)))

    assert "Bom dia, Roberto Souza: faltam 10 dias, 24/11/2026" == today.words
    assert "Boa noite, Roberto Souza: faltam 7 dias, 27/11/2026" == then.words
    assert (("saudacao",), ("saudacao", "dias_para_vencer", "data_atual")) == (
        today.by_day,
        then.by_day,
    )


@pytest.mark.parametrize(
    ("typed", "at", "says"),
    [
        pytest.param("amanhã 9h", "25/11 09:00", None, id="tomorrow"),
        pytest.param("8h30", "25/11 08:30", "Hoje às 08:30 já passou.", id="past today"),
        pytest.param("ontem 10h", "24/11 10:00", "Ontem às 10:00 já passou.", id="yesterday"),
        pytest.param(
            "sexta às 22h",
            "28/11 08:00",
            "Às 22:00 eu não envio: o seu horário de envio é das 08:00 às 20:00.",
            id="outside the hours",
        ),
        pytest.param("todo dia 31 às 10h", "30/11 10:00", None, id="monthly"),
    ],
)
async def test_a_moment_that_does_not_work_is_answered_with_the_nearest(
    shop: Shop, typed: str, at: str, says: str | None
) -> None:
    read = await shop.ask(ReadMoment(typed))

    assert read.at is not None
    assert (at, says) == (f"{read.at:%d/%m %H:%M}", read.says)


async def test_a_day_alone_asks_for_the_hour(shop: Shop) -> None:
    read = await shop.ask(ReadMoment("segunda de manhã"))
    hour = await shop.ask(ReadMoment("9", read.day))
    with pytest.raises(InvalidInput, match="Escreva outra hora"):
        await shop.ask(ReadMoment("todo dia 5 às 22h"))

    assert (None, ["08:00", "09:00", "10:00", "11:00"]) == (
        read.at,
        [f"{one:%H:%M}" for one in read.hours],
    )
    assert hour.at is not None
    assert "30/11 09:00" == f"{hour.at:%d/%m %H:%M}"


async def test_a_day_alone_is_the_hour_of_sending_of_that_day(shop: Shop) -> None:
    client_id = await someone(shop)
    made = await scheduled(shop, client_id, date(2026, 11, 27))
    today = await scheduled(shop, client_id, DAY, nonce="2")

    assert ["27/11 09:00", "24/11 09:01"] == [
        f"{one.message.at:%d/%m %H:%M}" for one in (made, today)
    ]


async def test_the_texts_of_a_kind_and_own_ones_can_be_chosen(shop: Shop) -> None:
    client_id = await someone(shop)
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(
            "INSERT INTO templates (tenant_id, kind, name, body, created_at, updated_at)"
            " VALUES ($1, 'geral', 'Aviso', 'Amanhã fecha', $2, $2)",
            TENANT,
            NINE,
        )
    texts = (await shop.ask(GetTexts(client_id))).texts
    await scheduled(shop, client_id, SIX, text=texts[0].text, text_id=texts[0].text_id, nonce="0")
    made = await scheduled(shop, client_id, SIX, text=None, kind=Kind.RENEWAL)
    async with shop.database.tenant(TENANT) as tx:
        counted = await tx.fetchval(
            "SELECT text_id FROM scheduled_messages WHERE tenant_id = $1 AND nonce = '0'", TENANT
        )

    assert texts[0].text_id == counted
    assert ("Aviso", "Amanhã fecha") == (texts[0].name, texts[0].text)
    assert {*Kind} == {one.kind for one in texts}
    assert made.message.words is not None
    assert "recebi seu pagamento" in made.message.words


async def test_over_access_it_waits_and_past_its_day_says_why(shop: Shop) -> None:
    client_id = await someone(shop)
    await scheduled(shop, client_id, DECEMBER_5)
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute("UPDATE tenants SET trial_ends_at = $1 WHERE tenant_id = $2", NINE, TENANT)
    await morning(shop, DECEMBER_5)
    during = await rows(shop)
    await morning(shop, DECEMBER_5 + timedelta(days=1))
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(
            "UPDATE tenants SET paid_until = $1 WHERE tenant_id = $2",
            DECEMBER_5 + timedelta(days=30),
            TENANT,
        )
    await shop.refs[TENANT].tell(AccessChanged())
    (ended,) = (await shop.ask(GetHandMessages(client_id))).messages

    assert ([], Reason.ACCESS_ENDED) == (during, ended.reason)


async def test_a_pause_holds_it_and_says_so(shop: Shop) -> None:
    client_id = await someone(shop)
    async with shop.database.tenant(TENANT) as tx:
        await tenants.set_paused(tx, paused=True)
    made = await scheduled(shop, client_id, SIX)

    assert "A fila está pausada." == made.held


async def test_nothing_of_another_business_is_found_or_changed(shop: Shop) -> None:
    client_id = await someone(shop)
    made = await scheduled(shop, client_id, SIX)
    before = await rows(shop)
    mine = made.message.message_id
    asked: tuple[Request[Any], ...] = (
        GetHandMessage(mine),
        ChangeHandMessage(message_id=mine, text="Oi"),
        CancelHandMessage(mine),
        GetTexts(client_id),
        PreviewByHand(client_id, "Oi"),
        GetHandMessages(client_id),
        ScheduleMessage(client_id=client_id, at=SIX, nonce="9", text="Oi"),
        WriteToClient(client_id=client_id, text="Oi", nonce="9"),
    )
    for one in asked:
        with pytest.raises(NotFound):
            await shop.ask(one, NEIGHBOUR)

    assert before == await rows(shop)
    assert [] == await rows(shop, NEIGHBOUR)


async def test_a_try_that_is_taken_back_keeps_the_words(shop: Shop) -> None:
    await scheduled(shop, await someone(shop), NINE + timedelta(minutes=1), text="Só isto")
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(
            "UPDATE messages SET body = NULL, attempt = 0 WHERE tenant_id = $1", TENANT
        )
        kept = await tx.fetchval("SELECT body FROM messages WHERE tenant_id = $1", TENANT)

    assert "Só isto" == kept


async def test_a_long_list_has_pages_and_the_next_stands_first(shop: Shop) -> None:
    client_id = await someone(shop)
    for hour in range(8, 0, -1):
        at = DECEMBER_5 + timedelta(hours=hour - 1)
        await scheduled(shop, client_id, at, nonce=str(hour))
    first = await shop.ask(GetHandMessages(client_id))
    last = await shop.ask(GetHandMessages(None, page=99))

    assert (8, 2, "10:00") == (first.total, first.pages, f"{first.messages[0].at:%H:%M}")
    assert (2, 2) == (last.page, len(last.messages))
    assert client_id == (await shop.ask(GetClient(client_id))).client.id
    assert by_hand.Page((), 1, 0) == await _empty(shop)


async def test_what_did_not_go_stands_before_what_is_to_come_and_the_stopped_after(
    shop: Shop,
) -> None:
    client_id = await someone(shop)
    missed = await scheduled(shop, client_id, DECEMBER_5, nonce="1")
    to_come = await scheduled(shop, client_id, DECEMBER_5 + timedelta(days=5), nonce="2")
    other = await shop.register(due_on=FAR, name="Ana", phone="+5511955500188")
    stopped = await scheduled(shop, other.row.client_id, DECEMBER_5 + timedelta(days=3), nonce="3")
    await shop.renew(other)
    await morning(shop, DECEMBER_5 + timedelta(days=1))
    listed = (await shop.ask(GetHandMessages())).messages

    assert [one.message.message_id for one in (missed, to_come, stopped)] == [
        one.message_id for one in listed
    ]


async def test_what_was_tried_on_its_day_is_scheduled_anew_for_another_only(shop: Shop) -> None:
    made = await scheduled(shop, await someone(shop), SIX)
    message_id = made.message.message_id
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(
            "UPDATE messages SET state = 'failed', reason = 'unconfirmed', attempt = 5"
            " WHERE tenant_id = $1 AND kind = 'geral'",
            TENANT,
        )
    with pytest.raises(AlreadyChanged, match="outro dia"):
        await shop.ask(ChangeHandMessage(message_id=message_id, at=SIX + timedelta(hours=1)))
    anew = await shop.ask(ChangeHandMessage(message_id=message_id, at=DECEMBER_5))
    ((failed, *_),) = await shop.messages()
    again = await shop.ask(ActOn(failed, QueueAct.RETRY))
    await morning(shop, DECEMBER_5)

    assert H.SCHEDULED == anew.message.state
    assert (False, "Ela foi marcada para outro dia, e sai só nele.") == (again.done, again.says)
    assert ["failed", "queued"] == [row[0] for row in await rows(shop)]


async def test_what_a_clock_that_was_ahead_gave_up_goes_all_the_same(shop: Shop) -> None:
    made = await scheduled(shop, await someone(shop), DECEMBER_5)
    await morning(shop, DECEMBER_5 + timedelta(days=2))
    given_up = await shop.ask(GetHandMessage(made.message.message_id))
    await morning(shop, NINE)
    to_come = await shop.ask(GetHandMessage(made.message.message_id))
    await morning(shop, DECEMBER_5)

    assert (H.ENDED, H.SCHEDULED) == (given_up.state, to_come.state)
    assert ["queued"] == [row[0] for row in await rows(shop)]


@pytest.mark.parametrize(
    ("ahead", "went"),
    [
        pytest.param(datetime(2027, 3, 20, 12, tzinfo=UTC), [], id="past four of its days"),
        pytest.param(datetime(2027, 1, 5, 13, tzinfo=UTC), ["queued"], id="on a later of its days"),
    ],
)
async def test_a_clock_that_was_ahead_takes_no_month_from_one_that_repeats(
    shop: Shop, ahead: datetime, went: list[str]
) -> None:
    """E14 silences nobody: neither the next month's, nor any of them twice (E6)."""
    made = await scheduled(shop, await someone(shop), DECEMBER_5, monthly_day=5)
    await morning(shop, ahead)
    assert went == [row[0] for row in await rows(shop)]
    days = []
    for at in (NINE, DECEMBER_5, datetime(2027, 1, 5, 13, tzinfo=UTC)):
        await morning(shop, at)
        await morning(shop, at)
        one = await shop.ask(GetHandMessage(made.message.message_id))
        days.append((one.state, one.at.date()))

    assert [
        (H.SCHEDULED, date(2026, 12, 5)),
        (H.QUEUED, date(2026, 12, 5)),
        (H.QUEUED, date(2027, 1, 5)),
    ] == days
    assert ["queued", "queued"] == [row[0] for row in await rows(shop)]


async def _empty(shop: Shop) -> by_hand.Page:
    async with shop.database.tenant(NEIGHBOUR) as tx:
        return await by_hand.page(tx, None, 1, 6, NINE)


@pytest.mark.parametrize("cancels", [False, True], ids=["moved", "cancelled"])
async def test_what_ended_and_was_moved_or_cancelled_does_not_wait_again_in_a_longer_window(
    shop: Shop, cancels: bool
) -> None:
    """It would go today and on its new day, or though nobody wants it any more (E6, E9)."""
    made = (await scheduled(shop, await someone(shop), SIX)).message
    closed = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
    shop.clock.move_to(closed + timedelta(minutes=5))
    async with shop.database.tenant(TENANT) as tx:
        await outbox.expire(tx, closed + timedelta(minutes=5))
    acts = {
        True: CancelHandMessage(made.message_id),
        False: ChangeHandMessage(message_id=made.message_id, at=DECEMBER_5),
    }
    await shop.ask(acts[cancels])
    async with shop.database.tenant(TENANT) as tx:
        await schedule_settings.wait_again(
            tx, DAY, closed, closed + timedelta(hours=2), closed + timedelta(minutes=6)
        )

    assert ["expired"] == [state for state, _, _ in await rows(shop)]


async def test_what_was_cancelled_in_the_queue_and_moved_does_not_come_back_for_today(
    shop: Shop,
) -> None:
    """It would go today and on its new day (E6)."""
    made = (await scheduled(shop, await someone(shop), SIX)).message
    (message_id,) = [message_id for message_id, _, _, _ in await shop.messages()]
    cancelled = await shop.ask(ActOn(message_id, QueueAct.CANCEL))
    await shop.ask(ChangeHandMessage(message_id=made.message_id, at=DECEMBER_5))

    with pytest.raises(CannotUndo):
        await shop.undo(cancelled.undo)
    assert ["cancelled"] == [state for state, _, _ in await rows(shop)]


async def test_what_a_renewal_stopped_and_the_owner_moved_goes_on_its_new_day_only(
    shop: Shop,
) -> None:
    """Undone, the renewal would have it go today as well (E6, decision 4)."""
    card = await shop.register(due_on=FAR)
    made = (await scheduled(shop, card.row.client_id, SIX)).message
    renewed = await shop.renew(card)
    await shop.ask(ChangeHandMessage(message_id=made.message_id, at=DECEMBER_5))
    await shop.undo(renewed.undo)
    after = await shop.ask(GetHandMessage(made.message_id))

    assert ["cancelled"] == [state for state, _, _ in await rows(shop)]
    assert (H.SCHEDULED, date(2026, 12, 5)) == (after.state, after.at.date())
