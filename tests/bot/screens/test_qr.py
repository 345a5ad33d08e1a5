"""The WhatsApp QR in the chat: readable, one message as it rotates, counted down, replaced (F1)."""

from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from actors.messages.notices import Notify, QrShown, WhatsAppConnected
from actors.runtime import Ref
from bot.screens.whatsapp import words as whatsapp_words
from bot.screens.whatsapp.state import draw_qr
from bot.ui.words import CONNECT_BUTTON, HOME_BUTTON
from tests.bot.support import Person, buttons

ASK_SECONDS = 10.0
LINK = "https://wa.me/settings/linked_devices#2@"
# As long as a real one: a reference, three keys of 32 bytes in base64, a platform.
PAYLOADS = [f"{LINK}{'Qx/+' * 30}{number},{'Ab9/' * 11},{'k7+Z' * 11},{'mN0=' * 11},1"
            for number in range(2)]  # fmt: skip


def decode(picture: bytes) -> str:
    with Image.open(BytesIO(picture)) as image:
        [code] = zxingcpp.read_barcodes(image)
    return str(code.text)


@pytest.fixture
async def first(telegram: Ref, maria: Person) -> dict[str, Any]:
    """The message in which the first code shows."""
    maria.say("/start")
    welcome = await maria.read()
    await maria.press(welcome, CONNECT_BUTTON)
    connecting = await maria.read()
    await telegram.ask(Notify(maria.chat_id, QrShown(PAYLOADS[0], 60.0)), deadline=ASK_SECONDS)
    shown = await maria.read()
    await maria.left(connecting)
    return shown


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_drawn_code_reads_as_what_was_drawn(payload: str) -> None:
    assert payload == decode(draw_qr(payload))


async def test_the_code_shows_as_it_was_told(first: dict[str, Any], maria: Person) -> None:
    assert PAYLOADS[0] == decode(maria.picture(first))
    assert "Vale por mais 60 s" in first["caption"]


async def test_the_next_code_takes_the_place_of_the_last(
    telegram: Ref, first: dict[str, Any], maria: Person
) -> None:
    await telegram.ask(Notify(maria.chat_id, QrShown(PAYLOADS[1], 20.0)), deadline=ASK_SECONDS)
    second = await maria.read()

    assert second["message_id"] == first["message_id"]
    assert PAYLOADS[1] == decode(maria.picture(second))


async def test_a_code_that_ran_out_says_so_in_place(
    telegram: Ref, first: dict[str, Any], maria: Person
) -> None:
    await telegram.ask(Notify(maria.chat_id, QrShown(PAYLOADS[1], 0.05)), deadline=ASK_SECONDS)
    shown, over = await maria.read(), await maria.read()

    assert {first["message_id"]} == {shown["message_id"], over["message_id"]}
    assert over["caption"] == whatsapp_words.QR_EXPIRED
    assert whatsapp_words.NEW_QR_BUTTON in buttons(over)


async def test_connected_takes_the_buttons_of_the_code_away(
    telegram: Ref, first: dict[str, Any], maria: Person
) -> None:
    await telegram.ask(
        Notify(maria.chat_id, WhatsAppConnected("+5511987654321")), deadline=ASK_SECONDS
    )
    connected = await maria.read()
    await maria.left(first)

    assert "✅ WhatsApp conectado" in connected["text"]


async def test_a_new_message_comes_when_the_old_one_is_gone(
    telegram: Ref, first: dict[str, Any], maria: Person
) -> None:
    maria.stand_in.world.chats[maria.chat_id].entries[first["message_id"]].deleted = True
    await telegram.ask(Notify(maria.chat_id, QrShown(PAYLOADS[1], 20.0)), deadline=ASK_SECONDS)
    second = await maria.read()

    assert second["message_id"] != first["message_id"]
    assert PAYLOADS[1] == decode(maria.picture(second))


async def test_who_has_gone_home_is_not_followed_by_the_next_code(
    telegram: Ref, first: dict[str, Any], maria: Person
) -> None:
    await maria.press(first, HOME_BUTTON)
    home = await maria.read()
    await telegram.ask(Notify(maria.chat_id, QrShown(PAYLOADS[1], 20.0)), deadline=ASK_SECONDS)
    maria.say("/menu")

    assert home["text"] == (await maria.read())["text"]
