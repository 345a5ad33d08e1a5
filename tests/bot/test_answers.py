"""An update is closed when Telegram has its answer, or a later one in its place (I4, H2)."""

import asyncio
from typing import Any

import pytest

from actors.messages.queue import GetToday
from bot.ui.words import HELP_BUTTON, HOME_BUTTON
from domain.chats import ChatState
from playground.telegram import TelegramStandIn
from storage import telegram_updates
from tests.bot.support import (
    CHAT,
    PATIENCE_SECONDS,
    Person,
    Script,
    WatchedInbox,
    buttons,
    running_bot,
)

PRESSES = 50
MOST_SECONDS_FOR_PRESSES = 10.0
HELP = "Como o EmDia funciona"
FLOOD = {"kind": "flood", "retry_after": 60}


async def waiting(inbox: WatchedInbox, script: Script) -> list[int]:
    """The attempts of what is still open once the tenant was asked for the day."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not any(isinstance(message, GetToday) for _, message in script.heard):
            await inbox.unhandled(1)
    async with inbox.database.tenant(CHAT) as tx:
        return [update.attempts for update in await telegram_updates.unhandled(tx, 10)]


async def menu_of(person: Person) -> dict[str, Any]:
    """The menu, as it was answered."""
    person.say("/menu")
    return await person.read()


async def test_an_answer_that_waits_when_the_bot_ends_comes_after_the_restart(
    stand_in: TelegramStandIn, maria: Person, script: Script, inbox: WatchedInbox
) -> None:
    stand_in.control.order(FLOOD | {"method": "sendMessage"})
    async with running_bot(stand_in, inbox, lambda _: script) as (_, system):
        maria.say("/hoje")
        still_open = await waiting(inbox, script)
        await system.stop(total_seconds=0.1)
    async with running_bot(stand_in, inbox, lambda _: script):
        message = await maria.read()
        faults = await inbox.all_closed(CHAT, 1)

    assert ([1], [None]) == (still_open, faults)
    assert "Fila de hoje" in message["text"]


async def test_the_chats_next_update_is_handled_while_an_answer_waits(
    stand_in: TelegramStandIn, maria: Person, script: Script, inbox: WatchedInbox
) -> None:
    async with running_bot(stand_in, inbox, lambda _: script):
        stand_in.control.order({"kind": "slow", "method": "sendMessage", "seconds": 1.0})
        maria.say("/menu")
        maria.say("/hoje")
        still_open = await waiting(inbox, script)
        await inbox.all_closed(CHAT, 2)

    assert [1, 1] == still_open


@pytest.mark.usefixtures("telegram")
async def test_fifty_presses_at_once_do_not_take_fifty_seconds(
    maria: Person, inbox: WatchedInbox
) -> None:
    menu = await menu_of(maria)
    data = ["go:home", buttons(menu)[HELP_BUTTON]]
    loop = asyncio.get_running_loop()
    began = loop.time()
    queries = [
        maria.stand_in.control.press(CHAT, menu["message_id"], data[number % 2], force=True)
        for number in range(PRESSES)
    ]
    faults = await inbox.all_closed(CHAT, PRESSES + 1)
    took = loop.time() - began
    answers = [await maria.stand_in.control.answered(one, PATIENCE_SECONDS) for one in queries]
    _, shown = await maria.stand_in.control.look(CHAT)

    assert [None] * (PRESSES + 1) == faults
    assert sorted(inbox.order) == inbox.order
    assert None not in answers
    assert HELP in shown[-1]["text"]
    assert took < MOST_SECONDS_FOR_PRESSES


@pytest.mark.usefixtures("telegram")
async def test_a_press_costs_the_inbox_three_transactions(
    maria: Person, inbox: WatchedInbox
) -> None:
    menu = await menu_of(maria)
    await inbox.all_closed(CHAT, 1)
    before = dict(inbox.calls)
    await maria.press(menu, HELP_BUTTON)
    await inbox.all_closed(CHAT, 2)

    spent = {name: inbox.calls[name] - before[name] for name in before}
    assert {"store_update": 1, "begin": 1, "close": 1} == spent


@pytest.mark.usefixtures("telegram")
async def test_an_update_whose_answer_can_never_be_taken_is_closed(
    maria: Person, inbox: WatchedInbox
) -> None:
    inbox.gate = asyncio.Event()
    maria.say("/menu")
    await asyncio.wait_for(inbox.begun.wait(), PATIENCE_SECONDS)
    maria.stand_in.control.block(CHAT)
    inbox.gate.set()

    faults = await inbox.all_closed(CHAT, 1)
    assert ["not shown: ChatUnreachable"] == faults[:1]


async def test_the_live_screen_is_known_after_a_restart(
    stand_in: TelegramStandIn, maria: Person, script: Script, inbox: WatchedInbox
) -> None:
    async with running_bot(stand_in, inbox, lambda _: script):
        menu = await menu_of(maria)
        await inbox.all_closed(CHAT, 1)
        async with inbox.database.tenant(CHAT) as tx:
            row = await tx.fetchrow("SELECT * FROM telegram_chats WHERE tenant_id = $1", CHAT)
    async with running_bot(stand_in, inbox, lambda _: script):
        maria.say("/ajuda")
        answer = await maria.read()
        await maria.left(menu)

    assert row is not None
    assert ChatState(menu["message_id"]) == ChatState(
        row["live_message_id"], row["live_has_picture"], row["asks"]
    )
    assert HOME_BUTTON in buttons(answer)
