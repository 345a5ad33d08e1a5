"""Writing to one client: a text chosen or typed, its preview, now or at a moment, done (E12).

What was previewed is what goes: a text that is changed elsewhere meanwhile stays here as it was
shown. The form's number makes it one message, however often it is pressed.
"""

from collections.abc import Mapping
from datetime import datetime

from actors.messages.by_hand import (
    ChangeHandMessage,
    GetHandMessage,
    GetTexts,
    PreviewByHand,
    ScheduleMessage,
    WritableTexts,
    WriteToClient,
    Written,
)
from actors.messages.drafts import Draft, EndDraft, GetDraft
from bot.screens.by_hand import words
from bot.screens.by_hand.buttons import (
    HAND_OWNER,
    SCHEDULED_BUTTON,
    ShowScheduled,
    WriteTo,
)
from bot.screens.by_hand.when import (
    KEY,
    NOW,
    TEXT,
    WHEN,
    ask_when,
    read_when,
    text_in,
    text_value,
    two_a_row,
)
from bot.screens.clients.card import card_at
from bot.screens.clients.card_words import KINDS
from bot.screens.clients.hub import or_gone
from bot.screens.clients.offers import see_button
from bot.screens.clients.rows import card_keyboard, title_of
from bot.ui.buttons import Row, button, keyboard, number_in
from bot.ui.form import Form, Option, Question, Step, Summary
from bot.ui.labels import cut_name
from bot.ui.measure import label_width
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.undo import undo_row
from bot.ui.view import View
from domain.by_hand import check_text
from domain.reminders import Kind
from domain.templates import parse

KEEP = "keep"
"""The moment stays as it is."""
SCREEN = Screen()


# Ways in


@SCREEN.press(WriteTo)
async def write_to(turn: Turn, pressed: WriteTo) -> View:
    """Ask what to write; who may not be written to is told why."""

    async def work() -> View:
        texts = await turn.ask(GetTexts(pressed.client_id))
        if texts.refusal is not None:
            return _refused_view(texts, pressed.origin)
        values = {
            "client_id": str(pressed.client_id),
            "name": texts.row.name,
            "own": " ".join(texts.own_variables),
            "origin": pressed.origin,
        }
        origin = f"{HAND_OWNER}{pressed.client_id}.{pressed.origin}"
        return await FORM.begin(turn, origin, values)

    return await or_gone(turn, pressed.origin, work())


@SCREEN.origin(HAND_OWNER)
async def back_to_card(turn: Turn, rest: str) -> View:
    """Voltar from the first question."""
    number, _, origin = rest.partition(".")
    return await card_at(turn, number_in(number), origin)


def _refused_view(texts: WritableTexts, origin: str) -> View:
    title = title_of(texts.row, texts.today)
    return View(
        words.refused(title, texts.refusal or ""),
        card_keyboard(client_id=texts.row.client_id, origin=origin),
    )


# The questions


async def _ask_text(turn: Turn, draft: Draft) -> Question:
    """The tenant's texts as buttons, and whatever is typed."""
    texts = await turn.ask(GetTexts(int(draft.values["client_id"])))
    options = [
        Option(_text_label(one.kind, one.name), text_value(one.kind, one.text, one.text_id))
        for one in texts.texts
    ]
    rows: list[Row] = []
    if texts.scheduled and "id" not in draft.values:
        row = texts.row
        to_come = ShowScheduled(client_id=row.client_id, origin=draft.values["origin"])
        rows = [[button(f"{SCHEDULED_BUTTON} · {texts.scheduled}", to_come)]]
    return Question(words.ASK_TEXT, two_a_row(options), rows=rows)


def _text_label(kind: Kind, name: str) -> str:
    shown = name if kind is Kind.GENERAL else KINDS[kind]
    return cut_name(f"📝 {shown[0].upper()}{shown[1:]}", label_width(2))


def _read_text(text: str, draft: Draft) -> str:
    """What was typed, its variables checked (D3)."""
    own = draft.values["own"].split()
    return text_value(Kind.GENERAL, parse(check_text(text), own).text)


# The preview, and the end


async def _summary(turn: Turn, draft: Draft) -> Summary:
    """All of it as the phone will show it then (D3)."""
    values = draft.values
    _, text, _ = text_in(values[TEXT])
    at, monthly_day = _when_in(values)
    preview = await turn.ask(PreviewByHand(int(values["client_id"]), text, at))
    if preview.missing or preview.refusal is not None:
        lacks = preview.refusal or words.missing(preview.missing)
        return Summary(lacks, words.FILLED_BUTTON, _edits(draft))
    shown = words.summary(preview, now=at is None, monthly_day=monthly_day, rows=3)
    return Summary(shown, _save_label(values), _edits(draft))


def _save_label(values: Mapping[str, str]) -> str:
    if "id" in values:
        return words.CHANGE_BUTTON
    return words.SEND_BUTTON if values[WHEN] == NOW else words.SCHEDULE_BUTTON


def _edits(draft: Draft) -> list[Row]:
    return [
        [FORM.edit(words.TEXT_EDIT, draft, TEXT), FORM.edit(words.TIME_EDIT, draft, WHEN)],
    ]


async def _finish(turn: Turn, draft: Draft) -> View:
    """Make it, once for this form."""
    written = await _ordered(turn, draft)
    now = draft.values[WHEN] == NOW
    origin = draft.values["origin"]
    done = f"{written.message.message_id}.{int(now)}.{origin}"
    await turn.ask(EndDraft(KEY, draft.number, done))
    return made_view(written, origin, now=now)


async def _ordered(turn: Turn, draft: Draft) -> Written:
    values = draft.values
    kind, text, text_id = text_in(values[TEXT])
    at, monthly_day = _when_in(values)
    if "id" in values:
        kept = values[WHEN] == KEEP
        return await turn.ask(
            ChangeHandMessage(
                message_id=int(values["id"]),
                text=text,
                at=None if kept else at,
                monthly_day=None if kept else monthly_day,
            )
        )
    client_id, nonce = int(values["client_id"]), f"form {draft.number}"
    if at is None:
        return await turn.ask(
            WriteToClient(client_id=client_id, text=text, nonce=nonce, kind=kind, text_id=text_id)
        )
    return await turn.ask(
        ScheduleMessage(
            client_id=client_id,
            at=at,
            nonce=nonce,
            text=text,
            kind=kind,
            text_id=text_id,
            monthly_day=monthly_day,
        )
    )


async def _done(turn: Turn, result: str) -> View:
    """How it stands, for who presses once more."""
    message_id, now, origin = result.split(".", 2)
    message = await turn.ask(GetHandMessage(int(message_id)))
    return made_view(Written(message, None, None), origin, now=now == "1")


def made_view(written: Written, origin: str, *, now: bool) -> View:
    """What was made, and how to take it back."""
    row = written.message.row
    to_come = ShowScheduled(client_id=row.client_id, origin=origin)
    rows = [
        [see_button(row.client_id, row.name, origin), button(SCHEDULED_BUTTON, to_come)],
        undo_row(written.undo, origin),
    ]
    return View(
        words.made(written, now=now, rows=len(rows) + 1),
        keyboard(*rows, back=origin),
        toast=words.toast(written, now=now),
    )


def _when_in(values: Mapping[str, str]) -> tuple[datetime | None, int | None]:
    """The moment that was chosen, None for now; and the day of the month it comes back on."""
    said = values["at"] if values[WHEN] == KEEP else values[WHEN]
    if said == NOW:
        return None, None
    moment, _, monthly = said.partition("|")
    return datetime.fromisoformat(moment), int(monthly) if monthly else None


def _head(draft: Draft, _number: int) -> str:
    return words.head(draft.values["name"])


FORM = SCREEN.form(
    Form(
        key=KEY,
        steps=(
            Step(TEXT, _ask_text, _read_text),
            Step(WHEN, ask_when, lambda text, _: text, after=TEXT),
        ),
        head=_head,
        finish=_finish,
        summary=_summary,
        done=_done,
    )
)


async def answer(turn: Turn) -> View:
    """Take an answer; a moment is read by the tenant, who knows the hour."""
    draft = await turn.ask(GetDraft(KEY))
    if draft is None or draft.result is not None or draft.step != WHEN or turn.said.answer is None:
        return await FORM.answer(turn)
    return await FORM.begin(turn, draft.origin, await read_when(turn, draft, turn.said.answer))


SCREEN.question(FORM.asks)(answer)
