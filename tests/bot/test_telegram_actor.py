"""Nothing is lost and nothing done twice between Telegram and the screens (I4)."""

import asyncio
from contextlib import AsyncExitStack
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from structlog.testing import capture_logs

from actors.messages.admin_news import AdminNews, NewsKind, TellAdmin
from actors.messages.notices import Alert, Notify, QrShown, WhatsAppConnected
from actors.messages.queue import GetToday
from actors.runtime import Ref, SystemClock
from bot.telegram.canvas import Canvas
from bot.telegram.client import make_bot
from bot.telegram.dispatch import COMMANDS
from bot.telegram.pace import Pace
from bot.ui.view import View
from bot.ui.words import ANOTHER_POLLS
from domain.updates import NO_CHAT
from errors import ChatUnreachable, MessageRefused
from playground.telegram import TelegramStandIn
from settings import PLAYGROUND_TOKEN
from storage import leases, telegram_updates
from storage.telegram_updates import MOST_ATTEMPTS
from tests.bot.support import CHAT, PATIENCE_SECONDS, Person, Script, WatchedInbox, running_bot

ASK_SECONDS = 10.0
CONNECTED = WhatsAppConnected("+5511987654321")


def days_asked(script: Script) -> int:
    return sum(isinstance(message, GetToday) for _, message in script.heard)


async def alarm_about(admin: Person) -> str:
    """Whom the next alarm is about."""
    words: str = (await admin.read())["text"]
    return words.removeprefix("⚠️ ").partition(" falhou ")[0]


@pytest.mark.usefixtures("telegram")
async def test_the_commands_are_offered(stand_in: TelegramStandIn, maria: Person) -> None:
    maria.say("/menu")
    await maria.read()
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        commands = await bot.get_my_commands()

    assert list(COMMANDS) == [command.command for command in commands]


@pytest.mark.usefixtures("telegram")
async def test_an_update_delivered_twice_is_handled_once(
    stand_in: TelegramStandIn, maria: Person, script: Script, inbox: WatchedInbox
) -> None:
    maria.say("/hoje")
    await maria.read()
    maria.say("/menu")  # its poll confirms the first
    await maria.read()
    stand_in.control.redeliver(2)
    await asyncio.wait_for(inbox.repeated.wait(), PATIENCE_SECONDS)
    maria.say("/ajuda")
    await maria.read()

    assert await inbox.all_closed(CHAT, 3) == [None, None, None]
    assert days_asked(script) == 1


@pytest.mark.usefixtures("telegram")
async def test_an_answer_lost_on_the_way_repeats_nothing(maria: Person, script: Script) -> None:
    maria.stand_in.control.order({"kind": "lose_answer", "method": "getUpdates", "count": 2})
    maria.say("/hoje")
    await maria.read()
    maria.say("/menu")
    await maria.read()

    assert days_asked(script) == 1


@pytest.mark.usefixtures("telegram")
async def test_an_update_kept_by_a_write_that_seemed_to_fail_is_handled(
    maria: Person, script: Script, inbox: WatchedInbox
) -> None:
    inbox.lose_answers = 1
    maria.say("/hoje")
    await maria.read()

    assert days_asked(script) == 1


async def test_an_update_is_not_lost_when_the_bot_dies_between_keeping_and_handling(
    stand_in: TelegramStandIn, maria: Person, script: Script, inbox: WatchedInbox
) -> None:
    inbox.gate = asyncio.Event()
    async with running_bot(stand_in, inbox, lambda _: script) as (_, system):
        maria.say("/hoje")
        await asyncio.wait_for(inbox.begun.wait(), PATIENCE_SECONDS)
        await system.stop(total_seconds=0.1)
    inbox.gate = None
    async with running_bot(stand_in, inbox, lambda _: script):
        message = await maria.read()
        faults = await inbox.all_closed(CHAT, 1)

    assert "Fila de hoje" in message["text"]
    assert (days_asked(script), faults) == (1, [None])


async def test_what_is_said_while_the_bot_is_away_is_answered_in_order(
    stand_in: TelegramStandIn, maria: Person, script: Script, inbox: WatchedInbox
) -> None:
    maria.say("/ajuda")
    maria.say("/menu")
    async with running_bot(stand_in, inbox, lambda _: script):
        first, second = await maria.read(), await maria.read()

    assert "Como o EmDia funciona" in first["text"]
    assert "Conecta Bairro" in second["text"]


async def test_an_update_that_keeps_killing_the_bot_is_set_aside(
    stand_in: TelegramStandIn, maria: Person, script: Script, inbox: WatchedInbox
) -> None:
    await inbox.store_update(1, CHAT, {"update_id": 1, "message": {"chat": {"id": CHAT}}})
    for _ in range(MOST_ATTEMPTS):
        await inbox.begin(CHAT, 1)
    async with running_bot(stand_in, inbox, lambda _: script):
        maria.say("/menu")
        await maria.read()
    async with inbox.database.tenant(CHAT) as tx:
        aside = await telegram_updates.set_aside(tx, 10)

    assert [(update.update_id, update.attempts) for update in aside] == [(1, MOST_ATTEMPTS)]


@pytest.mark.parametrize(
    ("content", "chat_id"),
    [
        pytest.param({"message": {"chat": {"id": CHAT}, "text": 7}}, CHAT, id="wrong types"),
        pytest.param({"callback_query": {"id": "1", "from": {"id": CHAT}}}, CHAT, id="no chat"),
        pytest.param({"message": "oi"}, NO_CHAT, id="no object"),
        pytest.param({"message": {}}, NO_CHAT, id="empty"),
        pytest.param({"message": {"chat": {"id": "7"}}}, NO_CHAT, id="an id in words"),
    ],
)
@pytest.mark.usefixtures("telegram")
async def test_a_malformed_update_is_closed_and_the_next_one_answered(
    maria: Person, inbox: WatchedInbox, content: dict[str, Any], chat_id: int
) -> None:
    maria.stand_in.control.push_raw(content)
    maria.say("/menu")
    await maria.read()
    faults = await inbox.all_closed(chat_id, 1)

    assert (faults[0] or "").startswith("malformed: ")


async def test_a_flood_wait_is_obeyed_and_nothing_is_lost(
    telegram: Ref, stand_in: TelegramStandIn, maria: Person
) -> None:
    loop = asyncio.get_running_loop()
    maria.say("/menu")
    await maria.read()
    stand_in.control.order({"kind": "flood", "retry_after": 1, "method": "sendMessage"})
    began = loop.time()
    await telegram.ask(Notify(CHAT, CONNECTED), deadline=ASK_SECONDS)

    assert loop.time() - began >= 1.0
    assert "✅ WhatsApp conectado" in (await maria.read())["text"]


async def test_a_chat_that_is_slow_to_take_its_notice_holds_up_nobody_elses(
    telegram: Ref, stand_in: TelegramStandIn, maria: Person
) -> None:
    joana = Person(stand_in, CHAT + 1)
    for person in (maria, joana):
        person.say("/menu")
        await person.read()
    stand_in.control.order({"kind": "slow", "chat_id": CHAT, "seconds": 3.0})
    slow = asyncio.create_task(telegram.ask(Notify(CHAT, CONNECTED), deadline=ASK_SECONDS))
    await asyncio.sleep(0)  # it asks first
    await telegram.ask(Notify(CHAT + 1, CONNECTED), deadline=ASK_SECONDS)
    overtaken = not slow.done()
    await slow

    assert overtaken
    assert "✅ WhatsApp conectado" in (await maria.read())["text"]


@pytest.mark.parametrize("kind", ["drop", "error"])
async def test_a_message_outlives_an_outage_of_telegram(
    telegram: Ref, stand_in: TelegramStandIn, maria: Person, kind: str
) -> None:
    maria.say("/menu")
    await maria.read()
    stand_in.control.order({"kind": kind, "method": "sendMessage", "count": 2})
    await telegram.tell(Alert(CHAT, "um"))
    await telegram.tell(Alert(CHAT, "dois"))

    assert [await alarm_about(maria), await alarm_about(maria)] == ["um", "dois"]


async def test_news_of_money_are_answered_once_telegram_took_them(
    telegram: Ref, maria: Person
) -> None:
    maria.say("/menu")
    await maria.read()
    news = AdminNews(kind=NewsKind.PAID, tenant_id=7, name="Rita", amount=Decimal("20.00"))
    await telegram.ask(TellAdmin(CHAT, news), deadline=ASK_SECONDS)
    with pytest.raises(ChatUnreachable):
        await telegram.ask(TellAdmin(404, news), deadline=ASK_SECONDS)

    assert "Rita · 7\nR$ 20,00" in (await maria.read())["text"]


@pytest.mark.usefixtures("telegram")
async def test_a_text_too_long_for_one_message_comes_in_order(
    stand_in: TelegramStandIn, maria: Person
) -> None:
    maria.say("/menu")
    await maria.read()
    lines = [f"<b>{number:04d}</b> uma linha" for number in range(400)]
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        pace = Pace(SystemClock(), Random(1))  # noqa: S311 - jitter
        await Canvas(bot, pace, lambda _: None).draw(CHAT, View("\n".join(lines)), None)
    first, second = await maria.read(), await maria.read()

    both = first["text"] + "\n" + second["text"]
    assert [f"{number:04d} uma linha" for number in range(400)] == both.split("\n")


async def test_a_picture_in_a_slot_is_replaced_in_place(telegram: Ref, maria: Person) -> None:
    maria.say("/menu")
    await maria.read()
    await telegram.ask(Notify(CHAT, QrShown("um", 60.0)), deadline=ASK_SECONDS)
    first = await maria.read()
    await telegram.ask(Notify(CHAT, QrShown("dois", 20.0)), deadline=ASK_SECONDS)
    second = await maria.read()

    assert first["message_id"] == second["message_id"]
    assert second["edits"] == 1
    assert "vence em 20 segundos" in second["caption"]


async def test_who_blocks_the_bot_is_reported_and_the_bot_lives_on(
    telegram: Ref, stand_in: TelegramStandIn, maria: Person, script: Script
) -> None:
    joana = Person(stand_in, CHAT + 1)
    for person in (maria, joana):
        person.say("/menu")
        await person.read()
    stand_in.control.block(CHAT)
    with pytest.raises(ChatUnreachable):
        await telegram.ask(Notify(CHAT, CONNECTED), deadline=ASK_SECONDS)
    await asyncio.wait_for(script.blocked.wait(), PATIENCE_SECONDS)
    await telegram.ask(Notify(CHAT + 1, CONNECTED), deadline=ASK_SECONDS)

    assert "✅ WhatsApp conectado" in (await joana.read())["text"]


async def test_a_chat_that_never_wrote_is_unreachable(telegram: Ref) -> None:
    with pytest.raises(ChatUnreachable):
        await telegram.ask(Notify(404, CONNECTED), deadline=ASK_SECONDS)


async def test_what_was_lined_up_goes_out_before_the_bot_ends(
    stand_in: TelegramStandIn, maria: Person, script: Script, inbox: WatchedInbox
) -> None:
    async with AsyncExitStack() as stack:
        telegram, _ = await stack.enter_async_context(
            running_bot(stand_in, inbox, lambda _: script)
        )
        maria.say("/menu")
        await maria.read()
        await telegram.tell(Alert(CHAT, "um"))
        await telegram.tell(Alert(CHAT, "dois"))

    assert [await alarm_about(maria), await alarm_about(maria)] == ["um", "dois"]


async def test_two_bots_take_turns_and_each_update_is_handled_once(
    stand_in: TelegramStandIn, maria: Person, script: Script, inbox: WatchedInbox
) -> None:
    other = WatchedInbox(inbox.database)
    async with inbox.database.dispatcher() as connection:
        for process in (inbox, other):
            await leases.renew(connection, process.replica)
    async with (
        running_bot(stand_in, inbox, lambda _: script),
        running_bot(stand_in, other, lambda _: script),
    ):
        maria.say("/hoje")
        await maria.read()
        maria.say("/menu")
        await maria.read()

    assert days_asked(script) == 1


async def test_that_another_process_polls_is_told_once(
    stand_in: TelegramStandIn, maria: Person, script: Script, inbox: WatchedInbox
) -> None:
    with capture_logs() as logs:
        async with running_bot(stand_in, inbox, lambda _: script):
            async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as other:
                for _ in range(3):
                    assert await stand_in.until_polled(PATIENCE_SECONDS)
                    await other.get_updates(offset=0, timeout=0)
            maria.say("/menu")
            await maria.read()

    told = [line["log_level"] for line in logs if line["event"] == ANOTHER_POLLS]
    assert told == ["warning"]


async def test_a_notice_without_words_costs_nobody_else_anything(
    telegram: Ref, maria: Person
) -> None:
    maria.say("/menu")
    await maria.read()
    with pytest.raises(MessageRefused):
        await telegram.ask(Notify(CHAT, QrShown("x" * 8000, 60.0)), deadline=ASK_SECONDS)
    await telegram.ask(Notify(CHAT, CONNECTED), deadline=ASK_SECONDS)

    assert "conectado" in (await maria.read())["text"].lower()
