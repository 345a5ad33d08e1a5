"""A keyboard is taken or refused as Telegram does, below a message and in the typing box."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    CopyTextButton,
    DisabledButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    SwitchInlineQueryChosenChat,
)

from playground.telegram import TelegramStandIn
from playground.telegram_keyboards import Markup, parse_edited, parse_markup
from playground.telegram_refusals import Refusal
from tests.bot.stand_in.support import key, keys, seen

NOTHING_ASKED = {
    "keyboard": None,
    "placeholder": None,
    "force_reply": False,
    "remove": False,
    "one_time": False,
    "persistent": False,
    "resize": False,
}
PHONE = ReplyKeyboardMarkup(
    keyboard=[[KeyboardButton(text="📱 Enviar", request_contact=True)]],
    one_time_keyboard=True,
    resize_keyboard=True,
    input_field_placeholder="Seu telefone",
)


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
        pytest.param(
            InlineKeyboardButton(text="a", url="emdia"), "Wrong HTTP URL", id="no address"
        ),
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


@pytest.mark.parametrize(
    "button",
    [
        InlineKeyboardButton(text="a", copy_text=CopyTextButton(text="x" * 256)),
        InlineKeyboardButton(text="a", callback_data="é" * 32, style="danger"),
        InlineKeyboardButton(text="a", switch_inline_query_current_chat=""),
        InlineKeyboardButton(
            text="a",
            switch_inline_query_chosen_chat=SwitchInlineQueryChosenChat(allow_user_chats=True),
        ),
        InlineKeyboardButton(text="a", url="tg://user?id=1"),
        InlineKeyboardButton(text="a", url="t.me/EmDiaBot"),
        InlineKeyboardButton(text="a", disabled=DisabledButton()),
    ],
    ids=["copy", "press", "search here", "search there", "person", "no scheme", "disabled"],
)
async def test_a_button_telegram_would_take_is_in_the_record(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int, button: InlineKeyboardButton
) -> None:
    await client.send_message(chat, "x", reply_markup=keys(button))

    [message] = await seen(shared_stand_in, chat)
    assert [[button.model_dump(exclude_none=True)]] == message["buttons"]


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        pytest.param(
            {"text": "a", "url": "not-a-url"},
            "inline keyboard button URL 'not-a-url' is invalid: Wrong HTTP URL",
            id="no address",
        ),
        pytest.param(
            {"text": "a", "url": "ftp://example.com"},
            "inline keyboard button URL 'ftp://example.com' is invalid: Unsupported URL protocol",
            id="ftp",
        ),
        pytest.param(
            {"text": "a", "callback_data": ""},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
            id="nothing to send",
        ),
        pytest.param(
            {"callback_data": "x"},
            "can't parse inline keyboard button: Can't find field \"text\"",
            id="no label",
        ),
        pytest.param(
            {"text": "a", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID", id="no copy"
        ),
        pytest.param({"text": "a", "pay": True}, "BUTTON_TYPE_INVALID", id="pay"),
        pytest.param(
            {"text": "a", "switch_inline_query": "x" * 257}, "BUTTON_TYPE_INVALID", id="long search"
        ),
        pytest.param(
            {"text": "a", "switch_inline_query_chosen_chat": {}},
            "at least one chat type must be allowed",
            id="no chat",
        ),
        pytest.param(
            {"text": "a", "web_app": {"url": "http://example.com"}},
            "inline keyboard button Web App URL 'http://example.com' is invalid: "
            "Only HTTPS links are allowed",
            id="page without TLS",
        ),
    ],
)
def test_a_wrong_button_is_refused_in_telegrams_words(button: dict[str, Any], refusal: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_markup({"inline_keyboard": [[button]]})

    assert f"Bad Request: {refusal}" == refused.value.description


@pytest.mark.parametrize(
    ("markup", "refusal"),
    [
        ("x", "object expected as reply markup"),
        ({"inline_keyboard": "x"}, 'field "inline_keyboard" must be of type Array'),
        ({"keyboard": "x"}, 'field "keyboard" must be of type Array'),
        ({"force_reply": "yes"}, 'field "force_reply" must be of type Boolean'),
        ({"remove_keyboard": 1}, 'field "remove_keyboard" must be of type Boolean'),
        (
            {"keyboard": [[{"text": "a"}]], "is_persistent": "yes"},
            'field "is_persistent" must be of type Boolean',
        ),
        (
            {"keyboard": [[{"text": "a", "request_contact": "yes"}]]},
            'can\'t parse keyboard button: Field "request_contact" must be of type Boolean',
        ),
        (
            {"force_reply": True, "input_field_placeholder": "x" * 65},
            "input field placeholder must have from 1 to 64 characters",
        ),
        (
            {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]] * 101},
            "reply markup is too long",
        ),
        (
            {"inline_keyboard": [[{"text": "a" * 110, "callback_data": "b"}]] * 90},
            "reply markup is too long",
        ),
    ],
)
def test_a_wrong_keyboard_is_refused_in_telegrams_words(markup: Any, refusal: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_markup(markup)

    assert f"Bad Request: {refusal}" == refused.value.description


def test_a_row_may_be_of_any_length_and_empty_rows_go() -> None:
    row = [{"text": "a", "callback_data": "b"}] * 9

    assert Markup([row]) == parse_markup({"inline_keyboard": [row, []]})


def test_a_keyboard_can_open_the_typing_box_of_a_new_message_only() -> None:
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]], "force_reply": True}

    assert parse_markup(markup).box == {**NOTHING_ASKED, "force_reply": True}
    with pytest.raises(Refusal, match="force_reply can't be changed"):
        parse_edited(markup)


async def test_what_is_asked_of_the_typing_box_lies_there_until_it_is_used(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int
) -> None:
    control = shared_stand_in.control
    await client.send_message(chat, "Qual o seu telefone?", reply_markup=PHONE)
    shown = control.typing_box(chat)
    contact = control.share_own_number(chat, "+5511999990000")

    [[button]] = shown["keyboard"]
    assert (button["request_contact"], shown["placeholder"]) == (True, "Seu telefone")
    assert contact.extra["contact"]["user_id"] == chat
    assert control.typing_box(chat)["keyboard"] is None


async def test_a_keyboard_that_is_taken_away_is_gone(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int
) -> None:
    stays = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Menu")]], is_persistent=True)
    await client.send_message(chat, "um", reply_markup=stays)
    shared_stand_in.control.say(chat, "Menu")
    before = shared_stand_in.control.typing_box(chat)
    await client.send_message(chat, "dois", reply_markup=ReplyKeyboardRemove())

    assert ([[{"text": "Menu"}]], True) == (before["keyboard"], before["persistent"])
    assert shared_stand_in.control.typing_box(chat)["keyboard"] is None


async def test_what_is_typed_answers_the_message_that_opened_the_box(
    client: Bot, shared_stand_in: TelegramStandIn, chat: int
) -> None:
    control = shared_stand_in.control
    force = InlineKeyboardMarkup(inline_keyboard=[[key("Voltar")]], force_reply=True)
    sent = await client.send_message(chat, "Nome?", reply_markup=force)
    control.say(chat, "Ana")
    control.say(chat, "Souza")

    [first, second] = control.record(chat)[-2:]
    assert (sent.message_id, None) == (first["reply_to"], second["reply_to"])


@pytest.mark.parametrize("markup", [PHONE, ForceReply()], ids=["reply keyboard", "forced reply"])
async def test_a_message_that_changed_the_typing_box_cannot_be_edited(
    client: Bot, chat: int, markup: Any
) -> None:
    sent = await client.send_message(chat, "um", reply_markup=markup)
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await client.edit_message_text("dois", chat_id=chat, message_id=sent.message_id)


def test_only_an_inline_keyboard_fits_an_edit() -> None:
    with pytest.raises(Refusal, match="inline keyboard expected"):
        parse_edited({"keyboard": [[{"text": "a"}]]})
