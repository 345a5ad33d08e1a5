"""Two processes with one bot between them: each update handled once, in its chat's order (I4)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from actors.charge.standing import Charge
from actors.messages.charge import LetGo
from actors.messages.notices import Notify, WhatsAppConnected
from actors.messages.queue import GetToday
from actors.runtime import Ref, System
from domain.charge import Standing
from errors import TelegramAway
from playground.telegram import TelegramStandIn
from storage import leases
from storage.database import Database
from tests.bot.support import CHAT, PATIENCE_SECONDS, Person, Script, WatchedInbox, running_bot
from tests.postgres import NOW

ASK_SECONDS = 10.0


@dataclass(slots=True)
class Bot:
    """One of the two."""

    inbox: WatchedInbox
    script: Script
    charge: Charge
    actor: Ref
    system: System


@pytest.fixture
async def bots(stand_in: TelegramStandIn, database: Database) -> AsyncIterator[tuple[Bot, Bot]]:
    """The older in charge, the newer on its way."""
    made = []
    async with AsyncExitStack() as stack:
        for standing in (Standing.IN_CHARGE, Standing.COMING):
            script, charge, replica = Script(), Charge(standing), uuid4()
            inbox = WatchedInbox(database, replica)
            await live(database, replica)
            running = running_bot(stand_in, inbox, lambda _, its=script: its, charge=charge)  # type: ignore[misc]
            actor, system = await stack.enter_async_context(running)
            made.append(Bot(inbox, script, charge, actor, system))
        await release(database, made[1].inbox.replica)  # it is not there yet
        yield made[0], made[1]


async def live(database: Database, replica: UUID) -> None:
    """Register a process."""
    async with database.dispatcher() as connection:
        await leases.renew(connection, replica)


async def release(database: Database, replica: UUID) -> None:
    """Take its registration back."""
    async with database.dispatcher() as connection:
        await leases.release(connection, replica)


async def take_over(older: Bot, newer: Bot) -> None:
    """Roll over, as the lease actors have it."""
    await live(newer.inbox.database, newer.inbox.replica)
    older.charge.becomes(Standing.SUPERSEDED)
    await older.actor.ask(LetGo(), deadline=ASK_SECONDS)
    async with older.inbox.database.dispatcher() as connection:
        await leases.let_go(connection, older.inbox.replica, NOW)
    newer.charge.becomes(Standing.IN_CHARGE)


def days_asked(bot: Bot) -> int:
    """How often it was asked for the day."""
    return sum(isinstance(message, GetToday) for _, message in bot.script.heard)


async def test_only_the_bot_in_charge_handles_updates(bots: tuple[Bot, Bot], maria: Person) -> None:
    older, newer = bots
    maria.say("/hoje")
    await maria.read()
    await take_over(older, newer)
    maria.say("/hoje")
    await maria.read()

    assert [1, 1] == [days_asked(older), days_asked(newer)]


async def test_what_another_process_kept_is_found_and_handled_in_order(
    bots: tuple[Bot, Bot], maria: Person
) -> None:
    older, newer = bots
    await take_over(older, newer)
    maria.say("/menu")  # so the newer one is past what it found at first
    await maria.read()
    for number, text in ((9001, "/ajuda"), (9002, "/hoje")):
        await older.inbox.store_update(number, CHAT, said(number, text))
    texts = [(await maria.read())["text"] for _ in range(2)]

    assert ["Como o EmDia" in texts[0], "Fila de hoje" in texts[1]] == [True, True]
    assert [0, 1] == [days_asked(older), days_asked(newer)]


async def test_what_is_in_hand_is_finished_before_the_chats_next_update_is_begun_elsewhere(
    bots: tuple[Bot, Bot], maria: Person
) -> None:
    older, newer = bots
    older.inbox.gate = asyncio.Event()
    maria.say("/hoje")
    await asyncio.wait_for(older.inbox.begun.wait(), PATIENCE_SECONDS)
    await older.inbox.store_update(9001, CHAT, said(9001, "/ajuda"))
    await live(newer.inbox.database, newer.inbox.replica)
    older.charge.becomes(Standing.SUPERSEDED)
    newer.charge.becomes(Standing.IN_CHARGE)
    await asyncio.wait_for(newer.inbox.looked.wait(), PATIENCE_SECONDS)
    older.inbox.gate.set()
    texts = [(await maria.read())["text"] for _ in range(2)]

    assert ["Fila de hoje" in texts[0], "Como o EmDia" in texts[1]] == [True, True]
    assert [1, 0] == [days_asked(older), days_asked(newer)]


async def test_an_answer_that_waits_is_taken_back_and_comes_from_the_newer_one_only(
    stand_in: TelegramStandIn, bots: tuple[Bot, Bot], maria: Person
) -> None:
    older, newer = bots
    stand_in.control.order({"kind": "flood", "retry_after": 3, "method": "sendMessage"})
    maria.say("/hoje")
    await asyncio.wait_for(older.inbox.begun.wait(), PATIENCE_SECONDS)
    await take_over(older, newer)
    answer = await maria.read()
    await older.system.stop()  # whatever it still had to say, it has said
    _, shown = await stand_in.control.look(CHAT)

    assert "Fila de hoje" in answer["text"]
    assert [1, 1] == [days_asked(older), days_asked(newer)]
    assert ["person", "bot"] == [message["from"] for message in shown]


async def test_a_superseded_bot_leaves_notices_to_the_newer_one(bots: tuple[Bot, Bot]) -> None:
    older, newer = bots
    await take_over(older, newer)
    notice = Notify(CHAT, WhatsAppConnected("+5511987654321"))

    with pytest.raises(TelegramAway):
        await older.actor.ask(notice, deadline=ASK_SECONDS)


def said(update_id: int, text: str) -> dict[str, Any]:
    """An update as Telegram sends it."""
    chat = {"id": CHAT, "type": "private", "first_name": "Maria"}
    sender = {"id": CHAT, "is_bot": False, "first_name": "Maria"}
    entities = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    message = {
        "message_id": update_id, "date": 1, "chat": chat, "from": sender, "text": text,
        "entities": entities,
    }  # fmt: skip
    return {"update_id": update_id, "message": message}
