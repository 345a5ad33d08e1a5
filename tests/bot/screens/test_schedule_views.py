"""The Agendador as it is shown: what a change does to today, one phone high (E9, laws 1 and 2)."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest

from actors.messages.clients import ClientRow
from actors.messages.schedule import (
    ChangedMessage,
    ChangedMessages,
    Effect,
    HolidaysView,
    OwnHolidayRow,
    ScheduleAnswer,
    ScheduleView,
)
from actors.messages.undo import UndoOffer
from bot.screens.schedule import words
from bot.screens.schedule.buttons import Switched, Timed
from bot.screens.schedule.more import holidays_view, more_view
from bot.screens.schedule.schedule import answered, changed_view, schedule_view
from bot.screens.schedule.times import time_view, window_view, zone_view
from bot.screens.texts.buttons import TEXTS
from bot.ui.buttons import go
from bot.ui.measure import cut_labels, fits
from bot.ui.view import View
from domain.dials import Overdue, dials_of
from domain.due_dates import Status
from domain.holidays import Calendar, OwnHoliday
from domain.reminders import DAYS_LATE, Kind
from domain.schedule import DEFAULT_ZONE
from domain.schedule_rules import refusal
from tests.unit.domain.makers import make_settings

TODAY = date(2026, 11, 25)
MADE_AT = datetime(2026, 11, 25, 8, 40, tzinfo=DEFAULT_ZONE)
NINE, EVENING = MADE_AT.replace(hour=9, minute=0), MADE_AT.replace(hour=18, minute=30)
DIALS = replace(
    dials_of(make_settings()), send_at=time(18, 30), automatic_kinds=frozenset(DAYS_LATE)
)
UNDO = UndoOffer(2**62, MADE_AT.replace(minute=50))
TWELVE = Effect(
    made_at=MADE_AT, moved=12, added=0, dropped=0, was=NINE, goes=EVENING, waiting=12, fitting=12,
    billed=0,
)  # fmt: skip
PLAIN = ScheduleView(dials=DIALS, today=TODAY)
CHANGED = replace(PLAIN, effect=TWELVE, undo=UNDO)
WORST = replace(
    CHANGED,
    effect=replace(
        TWELVE, moved=4_321, added=1_234, dropped=999, was=None, fitting=1_380, waiting=5_555,
        billed=0,
    ),
    unbilled=1_234,
)  # fmt: skip
OWN = tuple(
    OwnHolidayRow(
        2**62 + number,
        OwnHoliday(date(2027, 1, 20 + number), "Aniversário da cidade", yearly=True),
        TODAY,
    )
    for number in range(7)
)
DAYS = HolidaysView(
    on=False, optional=False, today=TODAY, own=OWN, undo=UNDO,
    coming=Calendar(tuple(row.holiday for row in OWN), facultative=True).coming(TODAY, 5),
)  # fmt: skip
ROW = ClientRow(2**62, "Maria Aparecida da Conceição", TODAY, Status.OVERDUE, archived=False)
LISTED = ChangedMessages(
    undo_id=2**62, today=TODAY, made_at=MADE_AT, page=2, pages=9, total=50,
    messages=(ChangedMessage(ROW, Kind.BILLING, NINE, EVENING),) * 6,
)  # fmt: skip


def labels(view: View) -> list[list[str]]:
    assert view.keyboard is not None
    return [[one.text for one in row] for row in view.keyboard.inline_keyboard]


def blue(view: View) -> list[str]:
    assert view.keyboard is not None
    return [
        one.text for row in view.keyboard.inline_keyboard for one in row if one.style == "primary"
    ]


def test_it_looks_as_it_was_drawn() -> None:
    view = schedule_view(CHANGED)

    assert view.text == (
        "⏰ <b>Agendador</b> · envio às <b>18:30</b>\n"
        "\n"
        "⚠️ <b>Isso muda 12 mensagens de hoje</b>\n"
        "Iam sair às 09:00, vão sair às 18:30.\n"
        "Dá tempo para todas até as 20:00.\n"
        "\n"
        "📋 05:00 monto a lista do dia\n"
        "📤 18:30 confiro de novo e envio\n"
        "🧹 02:00 limpo registros antigos"
    )
    assert labels(view) == [
        ["👀 Ver as 12 mensagens"],
        ["📋 05:00", "📤 18:30", "🧹 02:00"],
        ["🟢 1 dia de atraso", "🟢 Vence hoje"],
        ["🟢 Vence amanhã", "🟢 Em 2 dias"],
        ["🟢 Domingos", "🟢 Feriados"],
        ["🕗 08:00 às 20:00", "⚙️ Mais ajustes"],
        ["↩️ Desfazer até 08:50"],
        ["⬅️ Voltar", "🏠 Início"],
    ]


SCREENS = [
    pytest.param(schedule_view(PLAIN), id="plain"),
    pytest.param(schedule_view(CHANGED), id="changed"),
    pytest.param(schedule_view(WORST), id="everything changed"),
    pytest.param(changed_view(LISTED), id="what changes"),
    pytest.param(holidays_view(DAYS), id="holidays"),
    pytest.param(holidays_view(replace(DAYS, on=True), 3), id="holidays, the last page"),
    pytest.param(more_view(CHANGED), id="more"),
    pytest.param(window_view(PLAIN), id="window"),
    pytest.param(zone_view(PLAIN), id="zone"),
    *(pytest.param(time_view(PLAIN, which), id=which.value) for which in Timed),
]


@pytest.mark.parametrize("view", SCREENS)
def test_every_screen_of_it_is_one_phone_high_and_its_labels_are_whole(view: View) -> None:
    rows = labels(view)

    assert ([], True) == (cut_labels(rows), fits(view.text, len(rows), pinned=True))


@pytest.mark.parametrize("view", SCREENS)
def test_at_most_one_button_is_blue(view: View) -> None:
    assert len(blue(view)) <= 1


def test_the_button_of_the_texts_leads_to_where_they_are_changed() -> None:
    """The place of the switches shows each text, and changes none."""
    board = more_view(PLAIN).keyboard
    assert board is not None

    assert go(words.TEXTS_BUTTON, TEXTS) in [one for row in board.inline_keyboard for one in row]


def test_decision_2_s_question_waits_longer_than_the_list() -> None:
    assert ["⚠️ Cobrar os 1234?"] == blue(schedule_view(WORST))


def effect(**changes: Any) -> list[str]:
    still = {"moved": 0, "was": None, "goes": None, "waiting": 0, "fitting": 0}
    return words.changed(replace(PLAIN, effect=replace(TWELVE, **{**still, **changes})))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, ["✅ <b>Mudado.</b> Hoje não muda nada."], id="nothing"),
        pytest.param(
            {"moved": 1, "was": NINE, "goes": MADE_AT, "waiting": 1, "fitting": 1},
            [
                "⚠️ <b>Isso muda 1 mensagem de hoje</b>",
                "Ia sair às 09:00, vai sair agora.",
                "Dá tempo para todas até as 20:00.",
            ],
            id="at once",
        ),
        pytest.param(
            {"added": 3, "goes": EVENING, "waiting": 200, "fitting": 181},
            [
                "⚠️ <b>Isso muda 3 mensagens de hoje</b>",
                "Entram 3 para sair às 18:30.",
                "⏳ Até as 20:00 cabem 181: 19 ficam sem sair hoje.",
            ],
            id="too short a window is said",
        ),
        pytest.param(
            {"waiting": 90, "fitting": 61},
            [
                "⚠️ <b>Falta tempo para as mensagens de hoje</b>",
                "⏳ Até as 20:00 cabem 61: 29 ficam sem sair hoje.",
            ],
            id="a window that is too short for what does not move",
        ),
        pytest.param(
            {"dropped": 2},
            ["⚠️ <b>Isso muda 2 mensagens de hoje</b>", "2 não saem mais hoje."],
            id="dropped",
        ),
        pytest.param(
            {"billed": 5, "waiting": 5, "fitting": 5},
            [
                "✅ <b>Mudado.</b> Hoje não muda nada.",
                "Vou cobrar hoje também 5 que ficaram sem cobrança.",
                "Dá tempo para todas até as 20:00.",
            ],
            id="billed late, as the owner always wants it",
        ),
    ],
)
def test_each_change_says_what_it_does_to_today(
    changes: dict[str, Any], expected: list[str]
) -> None:
    assert expected == effect(**changes)


def test_a_refused_time_says_why_and_offers_the_nearest() -> None:
    before = replace(DIALS, send_at=time(9))
    refused = refusal(before, replace(before, send_at=time(7)))
    view = answered(ScheduleAnswer(replace(PLAIN, dials=before), refused), "")

    assert "das 08:00 às 20:00" in view.text
    assert [["📤 Enviar às 08:00"], ["📤 07:00 e 🕗 07:00 às 20:00"]] == labels(view)[:2]


@pytest.mark.parametrize(
    ("was", "goes", "expected"),
    [
        (NINE, EVENING, "09:00→18:30"),
        (EVENING, MADE_AT, "18:30→agora"),
        (None, EVENING, "entra 18:30"),
        (NINE, None, "não sai"),
    ],
)
def test_each_message_says_what_becomes_of_it(
    was: datetime | None, goes: datetime | None, expected: str
) -> None:
    assert expected == words.change_part(ChangedMessage(ROW, Kind.BILLING, was, goes), MADE_AT)


def test_a_kind_whose_text_is_off_is_shown_as_off() -> None:
    view = schedule_view(replace(PLAIN, without_text=frozenset({Kind.BILLING})))

    assert "⚪ 1 dia de atraso" in labels(view)[1]


def test_facultative_days_are_named_as_such() -> None:
    text = holidays_view(replace(DAYS, coming=Calendar(facultative=True).coming(TODAY, 4))).text

    assert "08/02 (seg) Carnaval · facultativo, dia normal" in text


def test_the_chosen_answer_of_decision_2_is_marked() -> None:
    rows = labels(
        more_view(replace(PLAIN, dials=replace(DIALS, overdue_on_reschedule=Overdue.NEVER)))
    )

    assert [["⚪ Perguntar"], ["⚪ Cobrar sempre"], ["🔘 Nunca cobrar"]] == rows[:3]


@pytest.mark.parametrize("which", Switched)
def test_a_switch_says_what_it_means(which: Switched) -> None:
    assert words.switch_toast(which, on=True) != words.switch_toast(which, on=False)
