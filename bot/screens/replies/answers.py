"""Answering by hand, and reminding of a promise: typed, shown, and sent by WhatsApp (E12, J3)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from actors.messages.by_hand import PreviewByHand, ScheduleMessage, WriteToClient, Written
from actors.messages.drafts import Draft, EndDraft
from actors.messages.replies import GetReply
from bot.screens.replies import words
from bot.screens.replies.buttons import (
    AnswerPress,
    PromisePress,
    RemindPress,
    reply_origin,
    unpack_day,
)
from bot.screens.replies.cards import reply_at
from bot.ui.buttons import keyboard, number_in
from bot.ui.form import Form, Option, Question, Step, Summary
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.undo import undo_row
from bot.ui.view import View
from bot.ui.words import not_understood, toast
from domain.text import lines
from domain.typed_dates import parse_date
from errors import InvalidInput, NotFound

SCREEN = Screen()
TEXT, DAY = "text", "day"
MOST_CHARS = 3_000
DAYS_OFFERED = (1, 3, 5, 7)
EMPTY = "Escreva o que quer responder."
TOO_LONG = f"Ficou grande demais: use até {MOST_CHARS} letras."


@SCREEN.press(AnswerPress)
async def ask_answer(turn: Turn, pressed: AnswerPress) -> View:
    """Ask what to answer."""
    values = await _about(turn, pressed.talk_id, pressed.client_id)
    if values is None:
        return await reply_at(turn, pressed.talk_id)
    return await ANSWER_FORM.begin(turn, reply_origin(pressed.talk_id), values)


@SCREEN.press(PromisePress)
async def ask_day(turn: Turn, pressed: PromisePress) -> View:
    """Ask for which day."""
    values = await _about(turn, pressed.talk_id, pressed.client_id)
    if values is None:
        return await reply_at(turn, pressed.talk_id)
    return await PROMISE_FORM.begin(turn, reply_origin(pressed.talk_id), values)


@SCREEN.press(RemindPress)
async def remind(turn: Turn, pressed: RemindPress) -> View:
    """Schedule the one message of a promise; the same button again is the same message."""
    day = unpack_day(pressed.day)
    if day is None:
        return await reply_at(turn, pressed.talk_id)
    try:
        return await _remind(turn, pressed.talk_id, pressed.client_id, day)
    except InvalidInput as error:
        view = await reply_at(turn, pressed.talk_id, pressed.client_id)
        return replace(view, toast=toast(error.sentence))
    except NotFound:
        return await reply_at(turn, pressed.talk_id)


async def _about(turn: Turn, talk_id: int, client_id: int) -> dict[str, str] | None:
    """What a form must know; None where the talk, or the client in it, is no more."""
    try:
        card = await turn.ask(GetReply(talk_id))
    except NotFound:
        return None
    named = next((one for one in card.clients if one.row.client_id == client_id), None)
    if named is None:
        return None
    return {
        "talk_id": str(talk_id),
        "client_id": str(client_id),
        "name": named.row.name,
        "last_at": card.last_at.isoformat(),
    }


async def _ask_text(_turn: Turn, _draft: Draft) -> Question:
    return Question(words.ASK_ANSWER)


def _read_text(text: str, _draft: Draft) -> str:
    kept = lines(text)
    if not kept:
        raise InvalidInput(EMPTY)
    if len(kept) > MOST_CHARS:
        raise InvalidInput(TOO_LONG)
    return kept


async def _show_text(turn: Turn, draft: Draft) -> Summary:
    """The answer exactly as the phone will show it."""
    values = draft.values
    try:
        found = await turn.ask(PreviewByHand(int(values["client_id"]), values[TEXT]))
    except InvalidInput as error:
        return Summary(not_understood(error.sentence), words.SEND_BUTTON)
    warnings = [*([found.refusal] if found.refusal else []), *found.warnings]
    shown = values[TEXT] if found.words is None else found.words
    return Summary(words.preview(values["name"], shown, warnings), words.SEND_BUTTON)


async def _send(turn: Turn, draft: Draft) -> View:
    """Send it, once for each form."""
    values = draft.values
    await turn.ask(
        WriteToClient(
            client_id=int(values["client_id"]),
            text=values[TEXT],
            nonce=f"reply.{draft.number}",
            answers=datetime.fromisoformat(values["last_at"]),
        )
    )
    done = f"{values['talk_id']}.{values['client_id']}"
    await turn.ask(EndDraft(ANSWER_FORM.key, draft.number, done))
    return await _sent(turn, done)


async def _sent(turn: Turn, done: str) -> View:
    """The card again, which shows how far the answer comes."""
    talk_id, _, client_id = done.partition(".")
    view = await reply_at(turn, number_in(talk_id), number_in(client_id))
    return replace(view, toast=words.SENT)


async def _which_day(_turn: Turn, draft: Draft) -> Question:
    days = [draft.today + timedelta(days=ahead) for ahead in DAYS_OFFERED]
    options = [Option(words.day_button(day, draft.today), str(day)) for day in days]
    return Question(words.ASK_DAY, [options[:2], options[2:]])


def _read_day(text: str, draft: Draft) -> str:
    day = parse_date(text, draft.today)
    if day <= draft.today:
        raise InvalidInput(words.FUTURE_DAY)
    return str(day)


async def _promised(turn: Turn, draft: Draft) -> View:
    values = draft.values
    talk_id, client_id = int(values["talk_id"]), int(values["client_id"])
    view = await _remind(turn, talk_id, client_id, date.fromisoformat(values[DAY]))
    done = f"{talk_id}.{client_id}.{values[DAY]}"
    await turn.ask(EndDraft(PROMISE_FORM.key, draft.number, done))
    return view


async def _promised_already(turn: Turn, done: str) -> View:
    talk_id, client_id, day = done.split(".")
    try:
        return await _remind(turn, int(talk_id), int(client_id), date.fromisoformat(day))
    except InvalidInput as error:
        return replace(await reply_at(turn, int(talk_id)), toast=toast(error.sentence))


async def _remind(turn: Turn, talk_id: int, client_id: int, day: date) -> View:
    written: Written = await turn.ask(
        ScheduleMessage(
            client_id=client_id,
            at=day,
            nonce=f"promise.{talk_id}.{client_id}.{day}",
            text=words.REMINDER,
        )
    )
    origin = reply_origin(talk_id)
    return View(
        words.reminded(written.message), keyboard(undo_row(written.undo, origin), back=origin)
    )


def _head_answer(draft: Draft, _number: int) -> str:
    return words.asked_answer(draft.values["name"])


def _head_day(draft: Draft, _number: int) -> str:
    return words.asked_day(draft.values["name"])


ANSWER_FORM = SCREEN.form(
    Form(
        key="answer_reply",
        steps=(Step(TEXT, _ask_text, _read_text),),
        head=_head_answer,
        finish=_send,
        summary=_show_text,
        done=_sent,
    )
)
PROMISE_FORM = SCREEN.form(
    Form(
        key="promise",
        steps=(Step(DAY, _which_day, _read_day),),
        head=_head_day,
        finish=_promised,
        done=_promised_already,
    )
)
