"""Messages are sent, edited, copied, pinned and taken away as Telegram lets a bot do it."""

from collections.abc import Awaitable, Callable
from itertools import count

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineKeyboardButton, ReplyParameters

from playground.telegram import TelegramStandIn
from tests.bot.stand_in.support import NOON, Watch, key, keys, picture, seen

NOBODY = count(900_000)
TWO_DAYS = 48 * 3_600


async def test_a_bot_cannot_write_first(client: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await client.send_message(next(NOBODY), "oi")


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


async def test_many_are_taken_away_at_once_and_the_missing_passed_over(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int
) -> None:
    ids = [(await client.send_message(chat, text)).message_id for text in ("um", "dois")]
    await client.delete_messages(chat, [*ids, 999_999])

    assert [True, True] == [message["deleted"] for message in await seen(shared_stand_in, chat)]


@pytest.mark.parametrize(("many", "refusal"), [(0, "are not specified"), (101, "too many")])
async def test_a_wrong_number_to_take_away_is_refused(
    client: Bot, chat: int, many: int, refusal: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=refusal):
        await client.delete_messages(chat, [*range(1, many + 1)])


async def test_what_is_older_than_two_days_stays(
    timed: TelegramStandIn, timed_client: Bot, watch: Watch
) -> None:
    old = await timed_client.send_message(1, "um")
    watch.move(TWO_DAYS)
    await timed_client.delete_message(1, old.message_id)
    old = await timed_client.send_message(1, "dois")
    watch.move(TWO_DAYS + 1)
    with pytest.raises(TelegramBadRequest, match="message can't be deleted for everyone"):
        await timed_client.delete_message(1, old.message_id)
    await timed_client.edit_message_text("três", chat_id=1, message_id=old.message_id)

    assert "três" == timed.control.record(1)[-1]["text"]


async def test_what_the_bot_pins_is_said_in_the_chat_once(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int
) -> None:
    sent = await client.send_message(chat, "placar")
    await client.pin_chat_message(chat, sent.message_id)
    await client.pin_chat_message(chat, sent.message_id)

    [board, line] = shared_stand_in.control.record(chat)[1:]
    assert (True, "pinned", sent.message_id) == (
        board["pinned"],
        line["service"],
        line["pinned_message"],
    )


async def test_what_is_pinned_is_unpinned_by_name_by_turn_or_all_at_once(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int
) -> None:
    ids = [(await client.send_message(chat, f"{n}")).message_id for n in range(4)]
    pinned = shared_stand_in.world.chats[chat]
    for one in ids:
        await client.pin_chat_message(chat, one)
    await client.unpin_chat_message(chat, message_id=ids[0])
    await client.unpin_chat_message(chat)
    left = list(pinned.pinned)
    await client.unpin_all_chat_messages(chat)

    assert (ids[1:3], []) == (left, pinned.pinned)


ACTS: dict[str, Callable[[Bot, int, int], Awaitable[object]]] = {
    "pin": lambda client, chat, it: client.pin_chat_message(chat, it),
    "unpin": lambda client, chat, it: client.unpin_chat_message(chat, message_id=it),
    "delete": lambda client, chat, it: client.delete_message(chat, it),
    "copy": lambda client, chat, it: client.copy_message(chat, chat, it),
}


@pytest.mark.parametrize("verb", ACTS)
async def test_what_is_not_there_is_refused_by_the_name_of_the_act(
    client: Bot, chat: int, verb: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=f"message to {verb} not found"):
        await ACTS[verb](client, chat, 999_999)


async def test_a_copy_is_the_same_again_with_other_words_and_buttons(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int
) -> None:
    sent = await client.send_photo(chat, picture(), caption="um")
    copied = await client.copy_message(
        chat, chat, sent.message_id, caption="<b>dois</b>", reply_markup=keys(key())
    )

    [first, second] = await seen(shared_stand_in, chat)
    assert (copied.message_id, first["photo"]) == (second["message_id"], second["photo"])
    assert ("dois", "a") == (second["caption"], second["buttons"][0][0]["text"])


async def test_the_line_that_tells_of_a_pin_is_no_message_of_the_bot(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int
) -> None:
    sent = await client.send_message(chat, "placar")
    await client.pin_chat_message(chat, sent.message_id)
    line = shared_stand_in.control.record(chat)[-1]["message_id"]
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await client.edit_message_text("x", chat_id=chat, message_id=line)
    await client.delete_message(chat, line)

    assert sent.message_id == shared_stand_in.control.record(chat)[-1]["message_id"]


async def test_the_record_keeps_every_form_a_message_had(
    timed: TelegramStandIn, timed_client: Bot, watch: Watch
) -> None:
    sent = await timed_client.send_message(1, "<b>um</b>", reply_markup=keys(key()))
    watch.move(5)
    await timed_client.edit_message_text("dois", chat_id=1, message_id=sent.message_id)
    watch.move(5)
    await timed_client.delete_message(1, sent.message_id)

    start = NOON.timestamp()
    [message] = await seen(timed, 1)
    told = [(one["what"], one["at"] - start, one.get("html")) for one in message["past"]]
    assert [("sent", 0, "<b>um</b>"), ("edited", 5, "dois"), ("deleted", 10, None)] == told
    assert (int(start) + 5, True) == (message["edited_at"], message["deleted"])
    assert sent.message_id not in {one["message_id"] for one in timed.control.record(1)}


async def test_an_answer_names_what_it_answers(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int
) -> None:
    sent = await client.send_message(chat, "um", disable_notification=True)
    shared_stand_in.control.say(chat, "dois", reply_to=sent.message_id)
    await client.send_message(
        chat, "três", reply_parameters=ReplyParameters(message_id=sent.message_id)
    )
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await client.send_message(chat, "x", reply_parameters=ReplyParameters(message_id=999_999))

    record = shared_stand_in.control.record(chat)[1:]
    assert [None, sent.message_id, sent.message_id] == [one["reply_to"] for one in record]
    assert [True, False, False] == [one["silent"] for one in record]
