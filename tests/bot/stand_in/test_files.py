"""Pictures and documents go both ways, within Telegram's limits."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, InputMediaPhoto

from playground.telegram import TelegramStandIn
from playground.telegram_files import DOWNLOAD_BYTES
from tests.bot.stand_in.support import picture, seen


async def test_a_text_can_become_a_picture_that_can_be_downloaded(client: Bot, chat: int) -> None:
    sent = await client.send_message(chat, "um")
    shown = picture()
    edited = await client.edit_message_media(
        InputMediaPhoto(media=shown, caption="dois"), chat_id=chat, message_id=sent.message_id
    )

    [size] = getattr(edited, "photo", None) or []
    file = await client.get_file(size.file_id)
    downloaded = await client.download_file(file.file_path or "")
    assert downloaded is not None
    assert downloaded.read() == shown.data


@pytest.mark.parametrize(
    ("file", "caption", "complaint"),
    [
        pytest.param(picture(), "x" * 1025, "caption is too long", id="1025 letters"),
        pytest.param(picture(), "<b>x", "can't parse entities", id="broken caption"),
        pytest.param(BufferedInputFile(b"no picture", "p.png"), "", "IMAGE_PROCESS", id="no image"),
        pytest.param(picture(8_000, 2_001), "", "INVALID_DIMENSIONS", id="10001 pixels"),
        pytest.param(picture(210, 10), "", "INVALID_DIMENSIONS", id="21 to 1"),
        pytest.param("photo-999999", "", "wrong file identifier", id="unknown file id"),
    ],
)
async def test_a_picture_telegram_would_refuse_is_refused(
    client: Bot, chat: int, file: Any, caption: str, complaint: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=complaint):
        await client.send_photo(chat, file, caption=caption)


async def test_a_document_made_in_memory_arrives_with_its_name_and_words(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int
) -> None:
    sheet = BufferedInputFile(b"nome;valor", "clientes.csv")
    await client.send_document(chat, sheet, caption="<b>Sua lista</b>")

    [message] = await seen(shared_stand_in, chat)
    assert ("clientes.csv", "<b>Sua lista</b>") == (message["file_name"], message["html"])
    assert b"nome;valor" == shared_stand_in.control.file(message["document"]).data


async def test_a_file_that_is_too_big_cannot_be_fetched(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int
) -> None:
    fits = shared_stand_in.control.send_file(chat, bytes(DOWNLOAD_BYTES))
    too_big = shared_stand_in.control.send_file(chat, bytes(DOWNLOAD_BYTES + 1))
    assert fits.file is not None
    assert too_big.file is not None

    assert DOWNLOAD_BYTES == (await client.get_file(fits.file.file_id)).file_size
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await client.get_file(too_big.file.file_id)
