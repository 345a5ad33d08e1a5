"""The pinned board of the day: wanted or not, in place, at most every 15 seconds (J8)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from actors.messages.clients import GetClients
from actors.messages.payments import RecordPayment
from actors.messages.scoreboard import GetBoard
from bot.screens.notices.scoreboard import board_text
from domain.scoreboard import Scoreboard
from tests.bot.chat import Shop, labels, press, say
from tests.bot.live import SECONDS, Live
from tests.bot.support import Person

DAY = date(2026, 11, 25)


def board(**changes: int) -> Scoreboard:
    figures = {"total": 12, "delivered": 6, "waiting": 3, "failed": 1, **changes}
    return Scoreboard(day=DAY, received=Decimal("239.70"), **figures)


def test_the_first_line_says_it_all() -> None:
    assert board_text(board()) == (
        "📌 <b>Hoje:</b> 6 de 12 entregues · R$ 239,70 recebidos\n"
        "🕒 3 esperando\n"
        "❌ 1 não foi\n"
        "<i>quarta-feira, 25/11</i>"
    )


def test_a_day_without_messages_says_so() -> None:
    said = board_text(board(total=0, delivered=0, waiting=0, failed=0))

    assert said.startswith("📌 <b>Hoje:</b> nenhuma mensagem · R$")


@pytest.fixture
async def shop(live: Live) -> Shop:
    """A signed-up business with one client."""
    made = Shop(live, await live.owner())
    await made.client()
    return made


async def settings(shop: Shop) -> dict[str, Any]:
    """The screen of the settings."""
    menu = await press(shop.owner, await say(shop.owner, "/menu"), "🏠 Ver o menu")
    return await press(shop.owner, menu, "⚙️ Configurações")


def says(person: Person, part: str) -> list[dict[str, Any]]:
    """The pinned messages that say `part`."""
    return [one for one in person.sees() if one["pinned"] and part in one["text"]]


async def pinned(person: Person, part: str) -> dict[str, Any]:
    """The pinned message, once it says `part`."""
    pulse = person.stand_in.world.pulse
    assert await pulse.until(lambda: bool(says(person, part)), SECONDS)
    return says(person, part)[-1]


async def test_the_board_is_pinned_and_written_over_in_place(shop: Shop) -> None:
    shown = await press(shop.owner, await settings(shop), "⚪ Fixar o placar do dia")
    first = await pinned(shop.owner, "R$ 0,00 recebidos")
    client = (await shop.ask(GetClients())).rows[0]
    await shop.ask(RecordPayment(client.client_id, Decimal("79.90"), "p"))
    later = await pinned(shop.owner, "R$ 79,90 recebidos")

    assert ["🟢 Placar do dia fixado"] in labels(shown)
    assert first["message_id"] == later["message_id"]


async def test_the_board_is_taken_away_by_its_switch(shop: Shop) -> None:
    shown = await press(shop.owner, await settings(shop), "⚪ Fixar o placar do dia")
    await pinned(shop.owner, "recebidos")
    await press(shop.owner, shown, "🟢 Placar do dia fixado")
    pulse = shop.owner.stand_in.world.pulse

    assert await pulse.until(lambda: not says(shop.owner, "recebidos"), SECONDS)
    assert not await shop.ask(GetBoard())


async def test_a_board_that_was_deleted_is_pinned_anew(live: Live, shop: Shop) -> None:
    await press(shop.owner, await settings(shop), "⚪ Fixar o placar do dia")
    gone = await pinned(shop.owner, "recebidos")
    chat = live.stand_in.world.chats[shop.owner.chat_id]
    del chat.entries[gone["message_id"]]
    client = (await shop.ask(GetClients())).rows[0]
    await shop.ask(RecordPayment(client.client_id, Decimal("79.90"), "p"))
    later = await pinned(shop.owner, "R$ 79,90 recebidos")

    assert later["message_id"] > gone["message_id"]
