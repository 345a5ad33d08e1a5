"""The Telegram stand-in is as strict as the Bot API, seen through the real aiogram."""

import asyncio
import itertools
from io import BytesIO
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
)
from aiohttp import ClientSession, web
from PIL import Image

from bot.telegram.client import make_bot
from playground.rig import free_port
from playground.telegram import TelegramStandIn
from playground.telegram_faults import Fault
from settings import PLAYGROUND_TOKEN

_CHATS = itertools.count(1_000)
PATIENCE_SECONDS = 10.0
HOOK_NAME = "of-the-webhook"


@pytest.fixture
def chat(shared_stand_in: TelegramStandIn) -> int:
    """A chat whose person has written, so that the bot may."""
    chat_id = next(_CHATS)
    shared_stand_in.control.say(chat_id, "/start")
    return chat_id


def picture(width: int = 40, height: int = 40) -> BufferedInputFile:
    out = BytesIO()
    Image.new("1", (width, height), 1).save(out, "PNG")
    return BufferedInputFile(out.getvalue(), "p.png")


def keys(*buttons: InlineKeyboardButton) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[list(buttons)])


async def seen(stand_in: TelegramStandIn, chat: int) -> list[dict[str, Any]]:
    _, messages = await stand_in.control.look(chat)
    return [message for message in messages if message["from"] == "bot"]


async def test_get_me_names_the_bot(client: Bot) -> None:
    assert (await client.get_me()).username == "EmDiaBot"


async def test_a_wrong_token_is_unauthorized(shared_stand_in: TelegramStandIn) -> None:
    stranger = make_bot("1000000001:someone-else", shared_stand_in.api)
    async with stranger:
        with pytest.raises(TelegramUnauthorizedError):
            await stranger.get_me()


async def test_a_bot_cannot_write_first(client: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await client.send_message(next(_CHATS), "oi")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("  ", "message text is empty", id="nothing but spaces"),
        pytest.param("x" * 4097, "message is too long", id="4097 letters"),
        pytest.param("🙂" * 2049, "message is too long", id="4098 UTF-16 units"),
        pytest.param("<foo>x</foo>", "Unsupported start tag", id="unknown tag"),
        pytest.param("1 < 2", "Unsupported start tag", id="unescaped less-than"),
        pytest.param("<b>x", "Can't find end tag", id="unclosed tag"),
        pytest.param("<b><i>x</b></i>", "Unmatched end tag", id="crossed tags"),
        pytest.param("x</b>", "Unexpected end tag", id="end without start"),
        pytest.param('<span class="big">x</span>', 'must have class "tg-spoiler"', id="span"),
    ],
)
async def test_a_text_telegram_would_refuse_is_refused(
    client: Bot, chat: int, text: str, complaint: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=complaint):
        await client.send_message(chat, text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x" * 4096, id="4096 letters"),
        pytest.param("<b>" + "x" * 4096 + "</b>", id="tags do not count"),
        pytest.param("A &amp; B &lt; C &copy; &#128578;", id="character references"),
        pytest.param('<a href="https://a.b/?c=1&amp;d=2">x</a> <code>1</code>', id="link, code"),
        pytest.param("<b>a <i>b</i> <u>c</u></b><blockquote expandable>d</blockquote>", id="nest"),
    ],
)
async def test_a_text_telegram_would_take_is_taken(client: Bot, chat: int, text: str) -> None:
    assert (await client.send_message(chat, text)).message_id > 0


async def test_entities_are_counted_in_utf16_units(client: Bot, chat: int) -> None:
    sent = await client.send_message(chat, "  🙂 <b>até</b>  ")

    assert sent.text == "🙂 até"
    assert [(one.type, one.offset, one.length) for one in sent.entities or ()] == [("bold", 3, 3)]


@pytest.mark.parametrize(
    ("button", "complaint"),
    [
        pytest.param(
            InlineKeyboardButton(text="a", callback_data="é" * 33), "BUTTON_DATA", id="66 bytes"
        ),
        pytest.param(InlineKeyboardButton(text="a"), "Text buttons are unallowed", id="no action"),
        pytest.param(
            InlineKeyboardButton(text="a", url="a b", callback_data="c"), "unallowed", id="two"
        ),
        pytest.param(InlineKeyboardButton(text="a", url="emdia"), "BUTTON_URL", id="no address"),
        pytest.param(
            InlineKeyboardButton(text=" ", callback_data="c"), "must be non-empty", id="no text"
        ),
        pytest.param(
            InlineKeyboardButton(text="a", copy_text=CopyTextButton(text="x" * 257)),
            "COPY_TEXT",
            id="257 letters to copy",
        ),
        pytest.param(
            InlineKeyboardButton(text="a", callback_data="c", style="purple"), "style", id="style"
        ),
    ],
)
async def test_a_button_telegram_would_refuse_is_refused(
    client: Bot, chat: int, button: InlineKeyboardButton, complaint: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=complaint):
        await client.send_message(chat, "x", reply_markup=keys(button))


async def test_an_edit_changes_the_message_and_counts(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int
) -> None:
    sent = await client.send_message(chat, "um")
    await client.edit_message_text("<b>dois</b>", chat_id=chat, message_id=sent.message_id)

    [message] = await seen(shared_stand_in, chat)
    assert (message["text"], message["edits"]) == ("dois", 1)


async def test_an_edit_to_the_same_is_refused(client: Bot, chat: int) -> None:
    sent = await client.send_message(chat, "<b>um</b>")
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await client.edit_message_text(" <b>um</b>", chat_id=chat, message_id=sent.message_id)


async def test_another_keyboard_alone_is_a_change(client: Bot, chat: int) -> None:
    sent = await client.send_message(chat, "um")
    button = InlineKeyboardButton(text="a", callback_data="c")
    edited = await client.edit_message_reply_markup(
        chat_id=chat, message_id=sent.message_id, reply_markup=keys(button)
    )

    markup = getattr(edited, "reply_markup", None)
    assert markup is not None
    assert markup.inline_keyboard[0][0].callback_data == "c"


async def test_a_message_that_is_gone_cannot_be_edited(client: Bot, chat: int) -> None:
    sent = await client.send_message(chat, "um")
    await client.delete_message(chat, sent.message_id)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await client.edit_message_text("dois", chat_id=chat, message_id=sent.message_id)


async def test_what_the_person_wrote_cannot_be_edited(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int
) -> None:
    theirs = shared_stand_in.control.say(chat, "oi").message_id
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await client.edit_message_text("dois", chat_id=chat, message_id=theirs)


async def test_a_picture_has_a_caption_and_no_text(client: Bot, chat: int) -> None:
    sent = await client.send_photo(chat, picture(), caption="um")
    at = sent.message_id
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await client.edit_message_text("dois", chat_id=chat, message_id=at)
    await client.edit_message_caption(chat_id=chat, message_id=at, caption="<i>dois</i>")


async def test_a_text_has_no_caption(client: Bot, chat: int) -> None:
    sent = await client.send_message(chat, "um")
    with pytest.raises(TelegramBadRequest, match="there is no caption in the message to edit"):
        await client.edit_message_caption(chat_id=chat, message_id=sent.message_id, caption="dois")


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


async def test_a_press_is_answered_once(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int
) -> None:
    button = InlineKeyboardButton(text="a", callback_data="c")
    sent = await client.send_message(chat, "x", reply_markup=keys(button))
    query = shared_stand_in.control.press(chat, sent.message_id, "c")
    await client.answer_callback_query(query.query_id, text="ok")

    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await client.answer_callback_query(query.query_id)
    assert query.answer == {"text": "ok", "show_alert": False}


async def test_a_button_that_is_not_there_cannot_be_pressed(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int
) -> None:
    sent = await client.send_message(chat, "x")
    with pytest.raises(ValueError, match="no button"):
        shared_stand_in.control.press(chat, sent.message_id, "c")


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        pytest.param(BotCommand(command="Menu", description="x"), "COMMAND_INVALID", id="capital"),
        pytest.param(
            BotCommand(command="menu", description=""), "DESCRIPTION_INVALID", id="no words"
        ),
    ],
)
async def test_a_command_telegram_would_refuse_is_refused(
    client: Bot, command: BotCommand, complaint: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=complaint):
        await client.set_my_commands([command])


async def test_an_unknown_chat_action_is_refused(client: Bot, chat: int) -> None:
    with pytest.raises(TelegramBadRequest, match="wrong parameter action"):
        await client.send_chat_action(chat, "dancing")


async def test_an_unknown_method_is_not_found(shared_stand_in: TelegramStandIn) -> None:
    async with ClientSession() as http:
        answer = await http.post(f"{shared_stand_in.api}/bot1000000001:x/getMe")
        assert answer.status == 401
        answer = await http.post(f"{shared_stand_in.api}/botnobody/getMe")
        assert answer.status == 404


async def test_a_blocked_bot_is_forbidden_and_told(stand_in: TelegramStandIn) -> None:
    stand_in.control.say(1, "oi")
    stand_in.control.order({"kind": "block", "chat_id": 1})
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
            await bot.send_message(1, "oi")
        [_, change] = await bot.get_updates()

    assert change.my_chat_member is not None
    assert change.my_chat_member.new_chat_member.status == "kicked"


async def test_updates_stay_until_an_offset_confirms_them(stand_in: TelegramStandIn) -> None:
    for text in ("um", "dois", "três"):
        stand_in.control.say(1, text)
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        first = await bot.get_updates(limit=2)
        again = await bot.get_updates(offset=first[1].update_id)
        rest = await bot.get_updates(offset=again[-1].update_id + 1)

    assert [one.message.text for one in again if one.message] == ["dois", "três"]
    assert rest == []


async def test_a_long_poll_ends_when_something_comes(stand_in: TelegramStandIn) -> None:
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await until_polled(stand_in)
        stand_in.control.say(1, "oi")
        [update] = await asyncio.wait_for(poll, PATIENCE_SECONDS)

    assert update.message is not None
    assert update.message.text == "oi"


async def test_the_second_poller_ends_the_first(stand_in: TelegramStandIn) -> None:
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        first = asyncio.create_task(bot.get_updates(timeout=30))
        await until_polled(stand_in)
        await bot.get_updates(timeout=0)
        with pytest.raises(TelegramConflictError, match="terminated by other getUpdates"):
            await asyncio.wait_for(first, PATIENCE_SECONDS)


async def test_only_wanted_kinds_of_updates_come(stand_in: TelegramStandIn) -> None:
    stand_in.control.say(1, "oi")
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        assert await bot.get_updates(allowed_updates=["callback_query"]) == []


async def test_a_webhook_gets_each_update_until_it_takes_it(stand_in: TelegramStandIn) -> None:
    received: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue()
    answers = iter([500, 200, 200])

    async def hook(request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        await received.put((secret, await request.json()))
        return web.Response(status=next(answers))

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    stand_in.control.say(1, "um")
    stand_in.control.say(1, "dois")
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        await bot.set_webhook(url, secret_token=HOOK_NAME)
        with pytest.raises(TelegramConflictError, match="webhook is active"):
            await bot.get_updates()
        got = [await asyncio.wait_for(received.get(), PATIENCE_SECONDS) for _ in range(3)]
        await bot.delete_webhook()
    await runner.cleanup()

    assert [update["message"]["text"] for _, update in got] == ["um", "um", "dois"]
    assert {secret for secret, _ in got} == {HOOK_NAME}


@pytest.mark.parametrize(
    ("url", "refusal"),
    [
        ("ftp://127.0.0.1/x", "Bad Request: invalid webhook URL specified"),
        ("https://", "Bad Request: invalid webhook URL specified"),
        ("https://a.example:x/", "Bad Request: invalid webhook URL specified"),
        (
            "http://a.example/x",
            "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            "https://a.example:8080/x",
            "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ("https://10.0.0.1/x", "Bad Request: bad webhook: IP address 10.0.0.1 is reserved"),
        (
            "https://[2001:db8::1]/x",
            "Bad Request: bad webhook: IPv6-only addresses are not allowed",
        ),
        (
            "https://a.example/x",
            "Bad Request: bad webhook: Failed to resolve host: Name or service not known",
        ),
    ],
)
async def test_an_address_telegram_would_not_take_is_refused_in_its_words(
    client: Bot, url: str, refusal: str
) -> None:
    with pytest.raises(TelegramBadRequest) as caught:
        await client.set_webhook(url)

    assert refusal == caught.value.message


@pytest.mark.parametrize(
    ("token", "refusal"),
    [("x" * 257, "is too long"), ("a b", "contains unallowed"), ("é", "contains unallowed")],
)
async def test_a_secret_telegram_would_not_take_is_refused(
    client: Bot, token: str, refusal: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=f"secret token {refusal}"):
        await client.set_webhook("http://127.0.0.1:9/x", secret_token=token)


async def test_a_webhook_ends_a_long_poll_and_tells_how_it_goes(stand_in: TelegramStandIn) -> None:
    stand_in.control.say(1, "oi")
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        unwanted = bot.get_updates(timeout=30, allowed_updates=["callback_query"])
        poll = asyncio.create_task(unwanted)
        await until_polled(stand_in)
        await bot.set_webhook(
            f"http://127.0.0.1:{free_port()}/x",
            max_connections=1000,
            allowed_updates=["message"],
        )
        with pytest.raises(TelegramConflictError, match="terminated by setWebhook request"):
            await asyncio.wait_for(poll, PATIENCE_SECONDS)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (info := await bot.get_webhook_info()).last_error_date:
                pass

    assert (100, ["message"], 1, "Connection refused") == (
        info.max_connections,
        info.allowed_updates,
        info.pending_update_count,
        info.last_error_message,
    )


def test_only_what_can_go_wrong_on_the_way_is_ordered_for_a_webhook() -> None:
    with pytest.raises(ValueError, match="no fault 'flood' of a webhook"):
        Fault("flood", method="webhook")


@pytest.mark.parametrize(
    ("order", "error"),
    [
        pytest.param({"kind": "flood", "retry_after": 3}, TelegramRetryAfter, id="flood wait"),
        pytest.param({"kind": "error"}, TelegramServerError, id="bad gateway"),
        pytest.param({"kind": "error", "code": 404}, TelegramNotFound, id="not found"),
        pytest.param({"kind": "drop"}, TelegramNetworkError, id="connection cut"),
    ],
)
async def test_an_ordered_fault_happens_once_and_nothing_is_sent(
    stand_in: TelegramStandIn, order: dict[str, Any], error: type[Exception]
) -> None:
    stand_in.control.say(1, "oi")
    stand_in.control.order({**order, "method": "sendMessage"})
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        with pytest.raises(error):
            await bot.send_message(1, "um")
        await bot.send_message(1, "dois")

    assert [message["text"] for message in await seen(stand_in, 1)] == ["dois"]


async def test_a_lost_answer_hides_a_message_that_was_taken(stand_in: TelegramStandIn) -> None:
    stand_in.control.say(1, "oi")
    stand_in.control.order({"kind": "lose_answer", "method": "sendMessage"})
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        with pytest.raises(TelegramNetworkError):
            await bot.send_message(1, "um")

    assert [message["text"] for message in await seen(stand_in, 1)] == ["um"]


async def test_speed_limits_refuse_a_burst_to_one_chat(stand_in: TelegramStandIn) -> None:
    stand_in.control.say(1, "oi")
    stand_in.control.order({"kind": "limits"})
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        for number in range(5):
            await bot.send_message(1, str(number))
        with pytest.raises(TelegramRetryAfter):
            await bot.send_message(1, "one too many")


async def test_the_control_api_does_all_that_over_http(stand_in: TelegramStandIn) -> None:
    base = stand_in.control_address
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot, ClientSession() as http:
        said = await http.post(f"{base}/chats/7/say", json={"text": "oi", "first_name": "Ana"})
        after = (await said.json())["seq"]
        button = InlineKeyboardButton(text="a", callback_data="c")
        await bot.send_photo(7, picture(), caption="um", reply_markup=keys(button))
        look = await http.get(f"{base}/chats/7/messages", params={"after": after, "wait_s": 5})
        [message] = (await look.json())["messages"]
        file = await http.get(f"{base}/files/{message['photo']}")
        press = await http.post(
            f"{base}/chats/7/press", json={"message_id": message["message_id"], "data": "c"}
        )
        sent = await http.post(f"{base}/chats/7/document?name=a.csv", data=b"nome;valor")
        fault = await http.post(f"{base}/faults", json={"kind": "earthquake"})
        updates = await bot.get_updates()

    assert (message["caption"], message["edits"], press.status) == ("um", 0, 200)
    assert await file.read() == picture().data
    assert (sent.status, fault.status) == (200, 400)
    assert [one.event_type for one in updates] == ["message", "callback_query", "message"]
    assert updates[2].message is not None
    assert updates[2].message.document is not None
    assert updates[2].message.document.file_name == "a.csv"


async def until_polled(stand_in: TelegramStandIn) -> None:
    """Wait until a long poll is being served."""
    assert await stand_in.until_polled(PATIENCE_SECONDS)
