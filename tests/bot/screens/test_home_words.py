"""What the home screen says of today's messages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiogram.types import InlineKeyboardMarkup

from actors.messages.home import HomeView
from bot.screens.home import words
from bot.screens.home.home import figures_view
from bot.ui.measure import cut_labels
from domain.deliveries import Flow
from domain.outbox import MessageState
from tests.bot.support import HOME

DELIVERED, QUEUED = MessageState.DELIVERED, MessageState.QUEUED


@pytest.mark.parametrize(
    ("by_state", "expected"),
    [
        pytest.param({QUEUED: 1}, "1 mensagem\n1 esperando", id="none"),
        pytest.param({DELIVERED: 1}, "1 mensagem, já entregue\n", id="the only one"),
        pytest.param({DELIVERED: 14}, "14 mensagens, todas entregues\n", id="all"),
        pytest.param({DELIVERED: 1, QUEUED: 2}, "3 mensagens, 1 já entregue\n", id="one"),
        pytest.param({DELIVERED: 6, QUEUED: 3}, "9 mensagens, 6 já entregues\n", id="some"),
    ],
)
def test_how_many_have_arrived_is_said_as_people_say_it(
    by_state: dict[MessageState, int], expected: str
) -> None:
    assert f"📬 <b>Hoje</b>: {expected}" in words.home(replace(HOME, by_state=by_state))


AWAY = replace(HOME, connected=False)
AT = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        pytest.param(
            replace(HOME, last_delivered_at=AT, flow=Flow.WELL),
            "📲 WhatsApp entregando · última às 09:40",
            id="well",
        ),
        pytest.param(
            replace(HOME, flow=Flow.STALLED, quiet_since=AT),
            "⚠️ WhatsApp conectado, mas nada chega desde 09:40",
            id="nothing arrives",
        ),
        pytest.param(
            replace(HOME, flow=Flow.STALLED, paused_until=AT + timedelta(days=1)),
            "⏸️ O WhatsApp pediu para esperar até 25/11 09:40",
            id="restricted",
        ),
        pytest.param(AWAY, "📲 WhatsApp reconectando…", id="on its way back"),
    ],
)
def test_whatsapp_is_told_by_what_happens_to_messages(view: HomeView, expected: str) -> None:
    assert expected in words.home(replace(view, paired=True, connected=view is not AWAY))


def test_who_was_left_unbilled_waits_longest_for_the_owner() -> None:
    view = figures_view(replace(HOME, paired=True, unbilled=5, reminders_chosen=False))
    assert isinstance(view.keyboard, InlineKeyboardMarkup)
    first = view.keyboard.inline_keyboard[0][0]

    assert ("⚠️ 5 clientes sem cobrança", "primary") == (first.text, first.style)


@pytest.mark.parametrize(
    ("waits", "beside"),
    [
        pytest.param({}, [], id="nothing else"),
        pytest.param({"by_state": {MessageState.WAITING: 99}}, ["✍️ 99 a resolver"], id="messages"),
        pytest.param({"unbilled": 99}, ["⚠️ 99 sem cobrança"], id="the unbilled"),
        pytest.param({"reminders_chosen": False}, ["🔔 O que sai só"], id="a choice"),
    ],
)
def test_people_who_wrote_come_first_and_what_else_waits_stands_beside_them(
    waits: dict[str, Any], beside: list[str]
) -> None:
    facts = {"reminders_chosen": True, "paired": True, "replies": 99, **waits}
    view = figures_view(replace(HOME, **facts))
    assert isinstance(view.keyboard, InlineKeyboardMarkup)
    rows = view.keyboard.inline_keyboard

    assert ["📥 99 respostas", *beside] == [one.text for one in rows[0]]
    assert ["primary"] == [one.style for row in rows for one in row if one.style]
    assert [] == cut_labels([[one.text for one in row] for row in rows])
