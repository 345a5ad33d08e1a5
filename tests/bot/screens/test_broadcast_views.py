"""What an administrator tells all owners, as it is seen: counts that open their lists (A11)."""

from datetime import UTC, date, datetime

import pytest
from aiogram.types import InlineKeyboardMarkup

from actors.messages.admin import AccountLine
from actors.messages.broadcasts import ReachedPage
from bot.screens.broadcasts.progress import announcement, arriving_view, progress_view
from bot.screens.broadcasts.reached import reached_view
from bot.screens.broadcasts.words import preview
from bot.ui import measure
from bot.ui.view import View
from domain.broadcasts import MOST_LETTERS, Broadcast, BroadcastState, BroadcastTo, Group, Reach
from domain.subscription import Standing

AT = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
LONG = ("linha\n" * MOST_LETTERS)[:MOST_LETTERS]
COUNTS = {
    Reach.SENT: 7,
    Reach.WAITING: 3,
    Reach.SENDING: 1,
    Reach.UNREACHABLE: 2,
    Reach.REFUSED: 1,
    Reach.UNSURE: 4,
}


def broadcast(state: BroadcastState) -> Broadcast:
    return Broadcast(
        broadcast_id=5,
        made_by=1,
        body=LONG,
        audience=BroadcastTo.ALL,
        state=state,
        total=20,
        made_at=AT,
        ended_at=None,
        counts=COUNTS,
    )


def labels(view: View) -> list[str]:
    assert isinstance(view.keyboard, InlineKeyboardMarkup)
    return [one.text for row in view.keyboard.inline_keyboard for one in row]


def rows(view: View) -> int:
    assert isinstance(view.keyboard, InlineKeyboardMarkup)
    return len(view.keyboard.inline_keyboard)


@pytest.mark.parametrize("state", BroadcastState)
def test_every_count_opens_its_list_and_the_screen_fits_a_phone(state: BroadcastState) -> None:
    view = progress_view(broadcast(state))
    assert ["📨 7", "🕒 4", "🚫 2", "❌ 1", "❔ 4"] == labels(view)[:5]
    assert measure.fits(view.text, rows(view))


def test_voltar_leads_to_the_list_where_somebody_asked_and_is_not_there_where_nobody_did() -> None:
    one = broadcast(BroadcastState.DONE)
    asked, arrived = progress_view(one), arriving_view(one, final=True)
    assert ["⬅️ Voltar", "🏠 Início"] == labels(asked)[-2:]
    assert ["📣 Avisos", "🏠 Início"] == labels(arrived)[-2:]


@pytest.mark.parametrize("text", [announcement(LONG).text, preview(LONG)])
def test_the_longest_text_fits_a_phone(text: str) -> None:
    assert measure.fits(text, 2)


def test_the_accounts_behind_a_count_lead_to_themselves() -> None:
    line = AccountLine(7, "Conecta Bairro", Standing.ACTIVE, date(2026, 12, 10))
    view = reached_view(
        ReachedPage(
            broadcast_id=5,
            group=Group.LEFT,
            today=TODAY,
            lines=(line,),
            page=1,
            pages=1,
            total=1,
        )
    )
    assert ["🟢 Conecta Bairro · 10/12", "⬅️ Voltar", "🏠 Início"] == labels(view)
