"""What WhatsApp's screens say: what happens to messages, and a way out of each end (F4, F10)."""

from datetime import UTC, date, datetime, timedelta
from typing import cast

import pytest
from aiogram.types import InlineKeyboardMarkup

from actors.messages.clients import ClientRow
from actors.messages.notices import WhatsAppLost
from actors.messages.whatsapp import TestView, WhatsAppLog, WhatsAppScreen, WhatsAppView
from bot.screens.notices.notices import kept_view
from bot.screens.whatsapp import pairing_words, state_words, trial_words, words
from bot.screens.whatsapp.buttons import CONNECT, NEW_QR, RECONNECT
from bot.screens.whatsapp.history import log_view
from bot.screens.whatsapp.log_words import line
from bot.screens.whatsapp.state import away_view, screen_view
from bot.screens.whatsapp.trial import test_view as trial_view
from bot.ui.measure import PINNED_POINTS, cut_labels, points
from bot.ui.view import View
from domain.deliveries import Deliveries
from domain.due_dates import Status
from domain.whatsapp import Loss, SessionState
from domain.whatsapp_log import UNLINKED, Happened, LogEntry
from domain.whatsapp_tests import OwnTest, TestState, WhyNot

NOW = datetime(2026, 11, 25, 10, 42, tzinfo=UTC)
NINE_FORTY = NOW.replace(hour=9, minute=40)
RITA = ClientRow(3, "Rita Gomes", date(2026, 11, 24), Status.OVERDUE, archived=False)
GOOD = Deliveries(
    last_delivered_at=NOW - timedelta(minutes=4),
    sent=20,
    delivered=19,
    read=14,
    due=20,
    due_delivered=19,
)


def screen(
    deliveries: Deliveries = GOOD,
    *,
    paused: datetime | None = None,
    missing: int = 1,
) -> WhatsAppScreen:
    """WhatsApp as it stands on a Wednesday morning, connected."""
    return WhatsAppScreen(
        view=WhatsAppView(
            SessionState.PAIRED,
            connected=True,
            phone="+5511955500142",
            paused_until=paused,
            paired_at=NOW.replace(month=6, day=2),
        ),
        now=NOW,
        deliveries=deliveries,
        sent_today=7,
        missing=(RITA,) * min(missing, 1),
        missing_total=missing,
        waiting=3,
    )


def labels(view: View) -> list[list[str]]:
    """What the buttons of a view say, row by row."""
    keyboard = cast("InlineKeyboardMarkup", view.keyboard)
    return [[one.text for one in row] for row in keyboard.inline_keyboard]


def targets(view: View) -> list[str]:
    """Where the buttons of a view lead."""
    keyboard = cast("InlineKeyboardMarkup", view.keyboard)
    return [str(one.callback_data) for row in keyboard.inline_keyboard for one in row]


def fits(view: View) -> bool:
    """Whether it fits a phone below the pinned board, with whole labels (laws 2 and 9)."""
    rows = labels(view)
    return points(view.text, len(rows)) <= PINNED_POINTS and not cut_labels(rows)


@pytest.mark.parametrize(
    ("shown", "title"),
    [
        pytest.param(screen(), "📲 <b>WhatsApp entregando bem</b>", id="well"),
        pytest.param(screen(Deliveries()), "📲 <b>WhatsApp conectado</b>", id="nothing was sent"),
        pytest.param(
            screen(Deliveries(sent=9, due=9, due_delivered=5)),
            "⚠️ <b>Conectado, mas só parte chega</b>",
            id="a part",
        ),
        pytest.param(
            screen(Deliveries(sent=9, due=9, silent=9, silent_since=NINE_FORTY)),
            "⚠️ <b>Conectado, mas nada chega desde 09:40</b>",
            id="nothing",
        ),
        pytest.param(
            screen(Deliveries(unacked=5, unacked_since=NINE_FORTY - timedelta(days=1))),
            "⚠️ <b>Conectado, mas o WhatsApp não confirma nada desde 24/11 às 09:40</b>",
            id="nothing is taken",
        ),
        pytest.param(
            screen(paused=NOW.replace(hour=14, minute=0)),
            "⏸️ <b>O WhatsApp pediu para esperar até 14:00</b>",
            id="restricted",
        ),
    ],
)
def test_the_first_word_is_what_happens_to_messages(shown: WhatsAppScreen, title: str) -> None:
    view = screen_view(shown)

    assert title == view.text.partition("\n")[0]
    assert fits(view)


def test_every_figure_opens_its_list_and_who_has_nothing_yet_is_named() -> None:
    view = screen_view(screen())

    assert "20 enviadas · <b>19 entregues</b> · 14 lidas" in view.text
    assert "✅ Última entrega: <b>10:38</b>, há 4 minutos" in view.text
    assert "⏳ Falta chegar: Rita Gomes · 24/11" in view.text
    assert ["📨 20", "✅ 19", "👀 14", "📤 7"] == labels(view)[1]
    assert ["🔴 Rita Gomes · 24/11"] == labels(view)[2]
    assert "🔒 Conectado desde 02/06" in view.text


def test_several_who_have_nothing_yet_stand_behind_their_number() -> None:
    assert ["⏳ 5 ainda não chegaram"] in labels(screen_view(screen(missing=5)))


@pytest.mark.parametrize(
    ("code", "says"),
    [
        pytest.param(405, words.TOO_OLD, id="405: the client is too old"),
        pytest.param(408, "O WhatsApp parou de responder", id="408: silent"),
        pytest.param(409, "O WhatsApp não aceitou a conexão", id="409: refused"),
        pytest.param(411, "O WhatsApp do celular pede outra versão", id="411: another version"),
        pytest.param(428, "A conexão caiu", id="428: closed"),
        pytest.param(440, words.TAKEN_ELSEWHERE, id="440: replaced, for now"),
        pytest.param(500, "O WhatsApp se perdeu na conversa", id="500: bad session"),
        pytest.param(503, "O WhatsApp ficou fora do ar", id="503: away"),
        pytest.param(515, "O WhatsApp pediu para recomeçar", id="515: restart"),
        pytest.param(599, "O WhatsApp encerrou a conexão", id="a code nobody knows"),
        pytest.param("storage", "Não consegui guardar", id="our own trouble"),
        pytest.param(None, "A conexão caiu", id="nobody knows why"),
    ],
)
def test_a_line_that_comes_back_by_itself_says_why_it_went_and_never_a_code(
    code: int | str | None, says: str
) -> None:
    view = away_view(WhatsAppView(SessionState.PAIRED, connected=False, last_end=code))

    assert says in view.text
    assert str(code) not in view.text
    assert f"go:{RECONNECT}" in targets(view)
    assert fits(view)


@pytest.mark.parametrize(
    ("state", "way_out"),
    [
        pytest.param(SessionState.DISCONNECTED, CONNECT, id="never paired, or unlinked here"),
        pytest.param(SessionState.PAIRING, CONNECT, id="waits for a code"),
        pytest.param(SessionState.NEEDS_QR, CONNECT, id="401: logged out"),
        pytest.param(SessionState.TEMPORARILY_BANNED, CONNECT, id="402: suspended"),
        pytest.param(SessionState.LOCKED, CONNECT, id="403: locked"),
        pytest.param(SessionState.BANNED, CONNECT, id="406: banned"),
        pytest.param(SessionState.REPLACED, NEW_QR, id="440: replaced for good"),
        pytest.param(SessionState.UNREACHABLE, NEW_QR, id="given up"),
    ],
)
def test_each_state_that_is_no_connection_has_a_way_out(state: SessionState, way_out: str) -> None:
    view = away_view(WhatsAppView(state, connected=False, until=NOW))

    assert words.away(state, words.when(NOW)) == view.text
    assert f"go:{way_out}" in targets(view)
    assert [words.LOG_BUTTON] in labels(view)
    assert fits(view)


def test_who_is_to_type_a_code_is_shown_that_code_again_and_no_qr() -> None:
    waits = WhatsAppView(SessionState.PAIRING, connected=False, code_for="+5511955500142")
    view = away_view(waits)

    assert "Esperando você digitar o código" in view.text
    assert "wc:5511955500142" in targets(view)
    assert fits(view)


@pytest.mark.parametrize("loss", Loss)
def test_each_loss_is_told_with_a_way_out_and_leads_to_the_screen(loss: Loss) -> None:
    view = kept_view(WhatsAppLost(loss, NOW))

    assert words.lost(loss, words.when(NOW)) == view.text
    assert f"go:{CONNECT}" in targets(view)
    assert "go:wa" in targets(view)
    assert fits(view)


def test_what_stops_is_named_before_disconnecting() -> None:
    text = state_words.ask_disconnect(screen())

    assert "(11) 95550-0142" in text
    assert "3 mensagens de hoje na fila deixam de sair" in text


EVENTS = [
    (LogEntry(NOW, Happened.OPENED), "<b>10:42</b> ✅ Conectado"),
    (LogEntry(NOW, Happened.LOST, "503"), "🔄 Caiu: o WhatsApp ficou fora do ar"),
    (LogEntry(NOW, Happened.ENDED, Loss.LOCKED), "⛔ Parou: o WhatsApp bloqueou o acesso"),
    (LogEntry(NOW, Happened.ENDED, "402"), "⛔ Parou: o WhatsApp encerrou a conexão"),
    (LogEntry(NOW, Happened.PAIRED, "+5511955500142"), "🔗 Código lido: (11) 95550-0142"),
    (LogEntry(NOW, Happened.PAIRING_OVER), "⌛ Não conectou: ninguém leu o código a tempo"),
    (LogEntry(NOW, Happened.RESTRICTED, until=NOW), "limitou os envios até 25/11 10:42"),
    (LogEntry(NOW, Happened.DISCONNECTED), "Você desconectou, e o celular não soube"),
    (LogEntry(NOW, Happened.DISCONNECTED, UNLINKED), "🔌 Você desconectou"),
    (LogEntry(NOW, Happened.TESTED, TestState.SENT), "🧪 Teste: enviado"),
    (LogEntry(NOW, Happened.STALLED, "6"), "⚠️ 6 mensagens seguidas sem chegar"),
    (LogEntry(NOW - timedelta(days=1), Happened.REFUSED), "<b>24/11 10:42</b> 🚫"),
]


@pytest.mark.parametrize(("entry", "says"), EVENTS, ids=lambda one: str(one)[:40])
def test_what_happened_is_told_in_plain_words(entry: LogEntry, says: str) -> None:
    assert says in line(entry, NOW.date())


def test_a_page_of_the_log_fits_a_phone() -> None:
    longest = [LogEntry(NOW, Happened.ENDED, Loss.UNREACHABLE, NOW)] * 6
    view = log_view(WhatsAppLog(entries=tuple(longest), today=NOW.date(), page=2, pages=90))

    assert fits(view)
    assert ["‹", "2/90", "›", "90 »"] == labels(view)[0]


def trial(state: TestState, *, own: bool = True, reason: WhyNot | None = None) -> TestView:
    """A test as it stands."""
    return TestView(
        OwnTest(
            nonce=2**63 - 1,
            whatsapp_id="3EB07E57AAAAAAAAAAAAAA",
            phone="+5511955500142",
            own=own,
            state=state,
            reason=reason,
            created_at=NOW,
            sent_at=NOW,
            delivered_at=NOW,
        )
    )


@pytest.mark.parametrize(
    ("shown", "says"),
    [
        pytest.param(trial(TestState.WAITING), "Mandando um teste", id="on its way"),
        pytest.param(trial(TestState.SENT), "não avisa quando chega", id="acked, own number"),
        pytest.param(trial(TestState.SENT, own=False), "Ainda não chegou a (11)", id="acked"),
        pytest.param(trial(TestState.DELIVERED, own=False), "O teste chegou às 10:42", id="there"),
        pytest.param(trial(TestState.READ, own=False), "já foi lido", id="read"),
        pytest.param(trial(TestState.UNKNOWN), "Não sei se o teste", id="nobody knows"),
        pytest.param(
            trial(TestState.FAILED, reason=WhyNot.NOBODY), "não tem WhatsApp", id="nobody's number"
        ),
        pytest.param(TestView(None, WhyNot.CLIENT, "Ana"), "Esse número é de Ana", id="a client's"),
        pytest.param(TestView(None, WhyNot.TOO_SOON), "Espere um minuto", id="too soon"),
        pytest.param(TestView(None), trial_words.GONE, id="gone"),
    ],
)
def test_a_test_says_what_is_known_of_it_and_no_more(shown: TestView, says: str) -> None:
    view = trial_view(shown)

    assert says in view.text
    assert fits(view)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("ABCD1234", "ABCD-1234", id="in two halves"),
        pytest.param("ABCD-1234", "ABCD-1234", id="as it is"),
    ],
)
def test_the_code_is_spelt_as_the_phone_shows_it(code: str, expected: str) -> None:
    assert expected == pairing_words.spelt(code)
