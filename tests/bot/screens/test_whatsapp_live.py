"""The screens of WhatsApp over real tenants: what leads where, and what is typed (F1, F2)."""

from datetime import timedelta

import pytest

from bot.screens.whatsapp import pairing_words, state_words, trial_words, words
from bot.screens.whatsapp.buttons import (
    ASK_DISCONNECT,
    BY_CODE,
    DISCONNECT,
    NEW_QR,
    RECONNECT,
    TRY_OTHER,
    TRY_OUT,
    AskCode,
    ShowLog,
    ShowRecent,
    ShowTest,
)
from bot.ui.buttons import Back, Go
from domain.deliveries import Recent
from domain.whatsapp_log import Happened, LogEntry
from storage import whatsapp_log
from tests.bot.live import NOW, Live
from tests.bot.screens.walk import Walk, walk

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
async def at_home(live: Live) -> Walk:
    """An owner who has just signed up, at the home screen."""
    return await walk(await live.owner())


async def test_what_happened_is_read_page_by_page_on_the_owners_clock(
    live: Live, at_home: Walk
) -> None:
    async with live.database.tenant(at_home.person.chat_id) as tx:
        for hours in range(8):
            at = NOW - timedelta(hours=hours)
            await whatsapp_log.note(tx, LogEntry(at, Happened.LOST, "503"))
    await at_home.say("/whatsapp")
    await at_home.tap(words.LOG_BUTTON)
    first = at_home.text
    await at_home.tap("›")

    assert "10:42 🔄 Caiu: o WhatsApp ficou fora do ar" in first
    assert "2/2" in at_home.labels
    assert "03:42" in at_home.text
    await at_home.tap("⬅️")
    assert "WhatsApp desconectado" in at_home.text


async def test_the_code_is_for_the_owners_number_or_for_one_that_is_typed(at_home: Walk) -> None:
    await at_home.open(Go(to=BY_CODE))
    asked = at_home.labels[0]
    await at_home.say("não sei")
    again = at_home.text
    await at_home.say("(31) 98888-7777")

    assert "📱 (11) 95550-0142" == asked
    assert "🤔" in again
    assert pairing_words.ASK_NUMBER.splitlines()[-1] in again
    assert pairing_words.CONNECTING == at_home.text


@pytest.mark.parametrize(
    "pressed",
    [
        pytest.param(Go(to=ASK_DISCONNECT), id="asking to disconnect"),
        pytest.param(Go(to=DISCONNECT), id="disconnecting"),
        pytest.param(Go(to=RECONNECT), id="reconnecting"),
    ],
)
async def test_an_old_button_of_a_line_that_is_no_more_shows_how_it_stands(
    at_home: Walk, pressed: Go
) -> None:
    await at_home.open(pressed)

    assert "WhatsApp desconectado" in at_home.text


@pytest.mark.parametrize(
    "pressed",
    [
        pytest.param(Go(to=NEW_QR), id="another QR"),
        pytest.param(AskCode(phone="5511955500142"), id="a code for a number on a button"),
    ],
)
async def test_where_nothing_is_linked_a_code_is_on_its_way_at_once(
    at_home: Walk, pressed: Go | AskCode
) -> None:
    await at_home.open(pressed)

    assert pairing_words.CONNECTING == at_home.text


async def test_a_test_needs_a_line_and_a_number_that_can_be_read(at_home: Walk) -> None:
    await at_home.open(Go(to=TRY_OUT))
    offline = at_home.text
    await at_home.open(Go(to=TRY_OTHER))
    await at_home.say("1234")
    unread = at_home.text
    await at_home.say("11 95550-0199")

    assert "não está conectado" in offline
    assert "🤔" in unread
    assert "não está conectado" in at_home.text


async def test_a_button_of_a_test_that_is_gone_says_so(at_home: Walk) -> None:
    await at_home.open(ShowTest(nonce=404))

    assert trial_words.GONE == at_home.text


@pytest.mark.parametrize("which", Recent)
async def test_an_empty_list_says_so_and_leads_back(at_home: Walk, which: Recent) -> None:
    await at_home.open(ShowRecent(which=which, page=9))
    _, title = state_words.FIGURES[which]

    assert title in at_home.text
    assert "Nenhuma." in at_home.text


@pytest.mark.parametrize("to", ["wx.1", "wa.1", "wa.x", f"wa.{2**63}"])
async def test_a_way_back_that_is_spoilt_leads_somewhere(at_home: Walk, to: str) -> None:
    await at_home.open(Back(to=to))

    assert "WhatsApp" in at_home.text or "Enviadas" in at_home.text


async def test_a_page_of_the_log_that_is_not_there_is_the_nearest(at_home: Walk) -> None:
    await at_home.open(ShowLog(page=99))

    assert "Ainda não aconteceu nada" in at_home.text
