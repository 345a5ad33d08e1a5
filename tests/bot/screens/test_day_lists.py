"""The day, the morning and their lists: every count opens what it counts (E7, E11, law 10)."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from aiogram.types import InlineKeyboardMarkup

from actors.messages.notices import DailySummary
from actors.messages.queue import DayMessage, DayMessages, TodayView
from bot.screens.notices.summary import summary_view
from bot.screens.today.buttons import pack_day, unpack_day
from bot.screens.today.day_lists import day_view
from bot.screens.today.today import today_view
from bot.ui.measure import cut_labels, points
from bot.ui.view import View
from domain.day_groups import DayGroup
from domain.outbox import MessageState
from domain.reminders import Kind
from tests.bot.screens.people import TODAY, row

AT = datetime(2026, 11, 25, 9, 5, tzinfo=UTC)


def labels(view: View) -> list[str]:
    """What the buttons of a view say."""
    assert isinstance(view.keyboard, InlineKeyboardMarkup)
    return [one.text for some in view.keyboard.inline_keyboard for one in some]


def fits(view: View) -> bool:
    """Whether it fits a phone, with whole labels."""
    assert isinstance(view.keyboard, InlineKeyboardMarkup)
    rows = [[one.text for one in some] for some in view.keyboard.inline_keyboard]
    return points(view.text, len(rows)) <= 716 and not cut_labels(rows)


DAY = TodayView(
    TODAY,
    4,
    22,
    {
        MessageState.WAITING: 1,
        MessageState.QUEUED: 2,
        MessageState.RETRY: 1,
        MessageState.SENT: 1,
        MessageState.DELIVERED: 4,
        MessageState.READ: 2,
        MessageState.EXPIRED: 3,
        MessageState.CANCELLED: 1,
    },
)


@pytest.mark.parametrize("label", ["✍️ 1", "🕒 3", "✔️ 1", "✅ 6", "❌ 3", "🚫 1"])
def test_every_count_of_the_day_is_a_button(label: str) -> None:
    view = today_view(DAY)

    assert label in labels(view)
    assert label in view.text.replace("<b>", "")
    assert fits(view)


def test_a_day_without_anything_teaches_what_comes_by_itself() -> None:
    view = today_view(TodayView(TODAY, 0, 0, {}))

    assert ["🔄", "⏸ Parar", "🔮 Amanhã", "🗓 Agenda", "⬅️ Voltar", "🏠 Início"] == labels(view)
    assert "Nenhuma mensagem para hoje." in view.text


def test_a_list_of_the_day_shows_whose_and_when() -> None:
    shown = DayMessage(row(), Kind.BILLING, MessageState.DELIVERED, None, AT)
    view = day_view(
        DayMessages(
            day=TODAY,
            today=TODAY,
            group=DayGroup.ARRIVED,
            messages=(shown,),
            page=1,
            total=1,
            pages=1,
        )
    )

    assert "✅ Roberto Souza · 23/11 · 09:05" == labels(view)[0]
    assert "✅ <b>Entregues</b> · hoje · 1" in view.text
    assert fits(view)


def test_the_morning_opens_what_it_counts() -> None:
    view = summary_view(
        DailySummary(
            day=TODAY,
            due_today=4,
            overdue=22,
            overdue_value=Decimal("1757.80"),
            sent_yesterday=15,
            received_yesterday=Decimal("399.50"),
            to_send_today=12,
            problems={"expired": 1},
            unbilled={"away": 5},
        )
    )

    assert ["⚠️ 5 sem cobrança", "🟡 4", "🔴 22", "📬 12", "📨 15", "🏠 Início"] == labels(view)
    assert fits(view)


@pytest.mark.parametrize("packed", ["", "2611", "269925", "abcdef", "²61125"])
def test_what_is_no_day_is_today(packed: str) -> None:
    assert unpack_day(packed) is None


def test_a_day_goes_through_a_button_and_back() -> None:
    assert unpack_day(pack_day(TODAY)) == TODAY
