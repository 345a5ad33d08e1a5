"""The WhatsApp QR in the chat: readable, one message as it rotates, counted down, replaced (F1)."""

import asyncio
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from actors.messages.notices import CodeShown, Notify, PairingExpired, QrShown, WhatsAppConnected
from actors.runtime import Ref
from bot.screens.whatsapp import pairing_words
from bot.screens.whatsapp.qr import HIGH, WIDE, draw_qr
from bot.telegram import dispatch
from bot.ui.words import CONNECT_BUTTON, HOME_BUTTON
from tests.bot.support import Person, Script, buttons

ASK_SECONDS = 10.0
BY_CODE, TROUBLE = pairing_words.BY_CODE_BUTTON, pairing_words.TROUBLE_BUTTON
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
    await maria.gone(connecting)
    return shown


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_drawn_code_reads_as_what_was_drawn(payload: str) -> None:
    assert payload == decode(draw_qr(payload))


async def test_the_code_shows_as_it_was_told(first: dict[str, Any], maria: Person) -> None:
    assert PAYLOADS[0] == decode(maria.picture(first))
    assert "vence em 60 segundos" in first["caption"]
    assert (BY_CODE, TROUBLE) == tuple(buttons(first))[:2]


def test_the_picture_leaves_room_for_the_steps_and_the_buttons() -> None:
    with Image.open(BytesIO(draw_qr(PAYLOADS[0]))) as image:
        assert WIDE / HIGH == pytest.approx(image.width / image.height, abs=0.01)


async def test_the_next_code_takes_the_place_of_the_last(
    telegram: Ref, first: dict[str, Any], maria: Person
) -> None:
    await telegram.ask(Notify(maria.chat_id, QrShown(PAYLOADS[1], 20.0)), deadline=ASK_SECONDS)
    second = await maria.read()

    assert second["message_id"] == first["message_id"]
    assert PAYLOADS[1] == decode(maria.picture(second))


async def test_a_code_that_nobody_read_gives_way_to_a_button_for_another(
    telegram: Ref, first: dict[str, Any], maria: Person
) -> None:
    await telegram.ask(Notify(maria.chat_id, PairingExpired()), deadline=ASK_SECONDS)
    over = await maria.read()
    await maria.gone(first)

    assert pairing_words.QR_EXPIRED.partition("\n")[0] in over["html"]
    assert pairing_words.NEW_QR_BUTTON in buttons(over)


async def test_a_code_finds_its_place_also_where_everything_is_slow(
    telegram: Ref, maria: Person, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "PATIENCE_SECONDS", 0.05)
    script.line_opens = asyncio.Event()
    asyncio.get_running_loop().call_later(0.5, script.line_opens.set)
    maria.say("/start")
    await maria.press(await maria.read(), CONNECT_BUTTON)
    connecting = await maria.read()
    await script.line_opens.wait()
    await telegram.ask(Notify(maria.chat_id, QrShown(PAYLOADS[0], 60.0)), deadline=ASK_SECONDS)
    shown = await maria.read()

    assert pairing_words.CONNECTING == connecting["text"]
    assert PAYLOADS[0] == decode(maria.picture(shown))


async def test_once_connected_the_code_is_gone(
    telegram: Ref, first: dict[str, Any], maria: Person
) -> None:
    await telegram.ask(
        Notify(maria.chat_id, WhatsAppConnected("+5511987654321")), deadline=ASK_SECONDS
    )
    connected = await maria.read()
    await maria.gone(first)

    assert "✅ WhatsApp conectado" in connected["text"]


async def test_the_code_to_type_takes_the_place_of_the_question_and_is_copied_at_a_touch(
    telegram: Ref, first: dict[str, Any], maria: Person
) -> None:
    code = CodeShown("ABCD1234", "+5511987654321", 150.0)
    await telegram.ask(Notify(maria.chat_id, code), deadline=ASK_SECONDS)
    shown = await maria.read()
    await maria.gone(first)
    again = CodeShown("WXYZ9876", "+5511987654321", 150.0)
    await telegram.ask(Notify(maria.chat_id, again), deadline=ASK_SECONDS)
    later = await maria.read()

    assert "ABCD-1234" in shown["text"]
    assert {"text": "ABCD1234"} == shown["buttons"][0][0]["copy_text"]
    assert (shown["message_id"], True) == (later["message_id"], "WXYZ-9876" in later["text"])


async def test_a_time_that_telegram_finds_over_is_told_by_its_words(
    telegram: Ref, first: dict[str, Any], maria: Person
) -> None:
    await telegram.ask(Notify(maria.chat_id, QrShown(PAYLOADS[1], -60.0)), deadline=ASK_SECONDS)
    shown = await maria.read()

    assert first["message_id"] == shown["message_id"]
    assert "vence em -60 segundos" in shown["caption"]
    assert "tg-time" not in shown["html"]


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
    await maria.gone(first)
    await telegram.ask(Notify(maria.chat_id, QrShown(PAYLOADS[1], 20.0)), deadline=ASK_SECONDS)
    maria.say("/menu")

    assert home["text"] == (await maria.read())["text"]
