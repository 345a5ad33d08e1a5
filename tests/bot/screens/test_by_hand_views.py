"""Messages by hand as they are drawn: one phone shows them, no label is cut away (laws 1, 2)."""

from dataclasses import replace
from datetime import datetime

import pytest

from actors.messages.by_hand import (
    HandMessage,
    HandMessages,
    HandState,
    Preview,
    Written,
)
from actors.messages.notices import ScheduledMissed
from actors.messages.undo import UndoOffer
from bot.screens.by_hand import words
from bot.screens.by_hand.buttons import ShowHand
from bot.screens.by_hand.scheduled import cancelled_view, list_view, one_view
from bot.screens.by_hand.write import made_view
from bot.screens.clients.buttons import list_origin
from bot.screens.notices import words as notice_words
from bot.ui.measure import fits
from bot.ui.view import View
from domain.client_list import ListPlace, Which
from domain.outbox import MessageState
from domain.reasons import Reason
from domain.reminders import Kind
from tests.bot.screens.people import BIGGEST, PINNED, TODAY, cut, height, labels, row

ORIGIN = list_origin(ListPlace(Which.OVERDUE, 99_999, search="x" * 30))
AT = datetime(TODAY.year, TODAY.month, TODAY.day, 18, 0)  # noqa: DTZ001 - a wall clock
LONG = "Oi, Maria Aparecida! " * 150
MESSAGE = HandMessage(
    message_id=BIGGEST,
    row=row("Maria Aparecida de Souza Oliveira da Silva"),
    today=TODAY,
    state=HandState.SCHEDULED,
    at=AT.replace(month=12, day=28, year=2027),
    text="{saudacao}, {primeiro_nome}!",
    words=LONG,
    missing=(),
    by_day=("saudacao", "status", "dias_para_vencer"),
    kind=Kind.GENERAL,
    monthly_day=31,
    reason=None,
    state_sent=None,
)
QUEUED = replace(MESSAGE, state=HandState.QUEUED, at=AT, monthly_day=None)
ENDED = replace(QUEUED, state=HandState.ENDED, reason=Reason.WINDOW_CLOSED.value)
GONE = replace(QUEUED, state=HandState.GONE, state_sent=MessageState.READ)
MISSING = replace(MESSAGE, words=None, missing=("pix_chave", "servidor"))
PLACE = ShowHand(message_id=BIGGEST, of_client=True, page=99_999, origin=ORIGIN)
PAGE = HandMessages(
    row=None, today=TODAY, messages=(MESSAGE, QUEUED, ENDED) * 2, page=3, total=900, pages=150
)
PREVIEW = Preview(
    row=MESSAGE.row,
    today=TODAY,
    at=MESSAGE.at,
    words=LONG,
    missing=(),
    refusal=None,
    by_day=MESSAGE.by_day,
    warnings=("As cobranças deste cliente estão desligadas.", "A fila está pausada."),
    soonest=MESSAGE.at,
)
MADE = Written(QUEUED, UndoOffer(BIGGEST, AT), "O WhatsApp não estava conectado.")
EVERY_VIEW = {
    "all": list_view(PAGE, ""),
    "of a client": list_view(replace(PAGE, row=MESSAGE.row), ORIGIN),
    "none": list_view(replace(PAGE, messages=(), total=0, pages=1, page=1), ""),
    "scheduled": one_view(MESSAGE, PLACE),
    "queued": one_view(QUEUED, PLACE),
    "ended": one_view(ENDED, PLACE),
    "gone": one_view(GONE, PLACE),
    "lacking": one_view(MISSING, PLACE),
    "made": made_view(MADE, ORIGIN, now=True),
    "made for later": made_view(Written(MESSAGE, None, None), ORIGIN, now=False),
    "cancelled": cancelled_view(replace(MADE, message=ENDED), PLACE),
    "cancelled on its way": cancelled_view(
        replace(
            MADE, message=replace(ENDED, monthly_day=31, state_sent=MessageState.SENDING), held=None
        ),
        PLACE,
    ),
}
EVERY = pytest.mark.parametrize("view", EVERY_VIEW.values(), ids=EVERY_VIEW)


@EVERY
def test_a_screen_is_seen_without_scrolling(view: View) -> None:
    assert height(view) <= PINNED


@EVERY
def test_no_label_is_cut(view: View) -> None:
    assert [] == cut(view)


@pytest.mark.parametrize("monthly_day", [None, 31])
def test_a_preview_and_its_questions_fit_one_phone(monthly_day: int | None) -> None:
    assert fits(words.summary(PREVIEW, now=False, monthly_day=monthly_day, rows=3), 3, pinned=True)
    assert fits(words.ask_when(PREVIEW, 6), 6, pinned=True)


def test_an_empty_list_teaches_how_to_begin() -> None:
    assert "💬 Mensagem" in EVERY_VIEW["none"].text
    assert [["👥 Escolher um cliente"], ["⬅️ Voltar", "🏠 Início"]] == labels(EVERY_VIEW["none"])


def test_each_row_says_whose_and_when() -> None:
    rows = labels(EVERY_VIEW["all"])[:3]
    of_client = labels(EVERY_VIEW["of a client"])[:3]

    assert ["28/12/2027 · 18:00", "25/11 · 18:00", "25/11 · 18:00"] == [
        label.partition(" · ")[2] for (label,) in rows
    ]
    assert ["🔁 28/12/2027 18:00", "🕒 Hoje 18:00", "⚠️ Hoje 18:00"] == [
        label.partition(": ")[0] for (label,) in of_client
    ]
    assert "não saiu" in EVERY_VIEW["all"].text


def test_of_one_that_repeats_what_went_is_not_said_not_to_go() -> None:
    assert "A de hoje já saiu, ou está saindo agora." in EVERY_VIEW["cancelled on its way"].text
    assert "Não vai" not in EVERY_VIEW["cancelled on its way"].text


def test_what_ended_says_why_and_offers_itself_again() -> None:
    view = EVERY_VIEW["ended"]

    assert "O horário de envio de hoje acabou antes." in view.text
    assert ["🔁 Marcar de novo"] == labels(view)[0]


@pytest.mark.parametrize(
    ("messages", "said"),
    [(1, "A mensagem para Ana não saiu"), (3, "3 mensagens agendadas não saíram")],
)
def test_what_was_missed_is_told_with_its_reason(messages: int, said: str) -> None:
    text = notice_words.scheduled_missed(ScheduledMissed(messages, "Ana", AT, Reason.AWAY))

    assert said in text
    assert "O EmDia ficou fora do ar nesse horário." in text
