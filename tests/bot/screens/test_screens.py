"""What a person sees: the first screens, the ways back, and answers to everything (H1, H2, H5)."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from actors.messages.notices import (
    DailySummary,
    DataMissing,
    Notify,
    SendingRestricted,
    WhatsAppLost,
)
from actors.messages.whatsapp import ConnectWhatsApp
from actors.runtime import Ref
from bot.screens.home.words import CLIENTS_BUTTON
from bot.screens.whatsapp import pairing_words
from bot.screens.whatsapp.buttons import CONNECT
from bot.screens.whatsapp.qr import draw_qr
from bot.ui.buttons import Go
from bot.ui.words import (
    CONNECT_BUTTON,
    EXPIRED_BUTTON,
    HELP_BUTTON,
    HOME_BUTTON,
    NOT_UNDERSTOOD,
    UNEXPECTED,
)
from domain.outbox import MessageState
from domain.whatsapp import Loss, SessionState
from tests.bot.support import TODAY, Person, Script, WatchedInbox, buttons

pytestmark = pytest.mark.usefixtures("telegram")
ASK_SECONDS = 10.0
# As the tenant tells it: on the clock of its owner, who is in Manaus.
BAN_ENDS = datetime(2026, 11, 26, 13, 0, tzinfo=UTC).astimezone(ZoneInfo("America/Manaus"))
SUMMARY = DailySummary(
    day=date(2026, 11, 24),
    due_today=4,
    overdue=24,
    overdue_value=Decimal("840.00"),
    sent_yesterday=12,
    received_yesterday=Decimal("1234.50"),
    to_send_today=28,
    problems={"not_on_whatsapp": 2, "missing_values": 1},
    unbilled={"sunday": 3, "away": 1},
)


@pytest.mark.parametrize(
    "typed", ["/start", "/Start", "/START@emdia_bot", "\u200e/menu\u200b", "/start xyz"]
)
async def test_a_command_is_understood_however_it_is_written(maria: Person, typed: str) -> None:
    maria.say(typed)

    assert "Conecta Bairro" in (await maria.read())["text"]


async def test_the_first_steps_stand_in_the_place_of_the_figures(
    maria: Person,
) -> None:
    maria.say("/start")
    home = await maria.read()

    assert "Falta 1 passo" in home["text"]
    assert CONNECT_BUTTON in buttons(home)


async def test_connecting_draws_over_the_pressed_message(maria: Person, script: Script) -> None:
    maria.say("/start")
    welcome = await maria.read()
    answer = await maria.press(welcome, CONNECT_BUTTON)
    waiting = await maria.read()

    assert answer == {"text": "", "show_alert": False}
    assert (waiting["message_id"], waiting["text"]) == (
        welcome["message_id"],
        pairing_words.CONNECTING,
    )
    assert (maria.chat_id, ConnectWhatsApp()) in script.heard


@pytest.mark.parametrize(
    "state", sorted(set(SessionState) - {SessionState.PAIRING, SessionState.PAIRED})
)
async def test_connecting_what_cannot_be_paired_now_says_at_once_how_it_stands(
    maria: Person, script: Script, state: SessionState
) -> None:
    script.whatsapp = state
    maria.say("/whatsapp")
    message = await maria.read()
    # What is shown first stays for a second only: who looks is there before.
    looking = asyncio.create_task(maria.read())
    await maria.press_old(message, Go(to=CONNECT).pack())
    connecting, answer = await looking, await maria.read()

    assert pairing_words.CONNECTING == connecting["text"]
    assert answer["text"] == message["text"] != pairing_words.CONNECTING
    assert Go(to=CONNECT).pack() in buttons(answer).values()


async def test_whatsapp_shows_the_connected_number(maria: Person, script: Script) -> None:
    script.connected = True
    maria.say("/whatsapp")
    message = await maria.read()

    assert "📲 WhatsApp conectado" in message["text"]
    assert "98765-4321" in message["text"]


async def test_today_counts_the_day(maria: Person) -> None:
    maria.say("/hoje")
    message = await maria.read()

    assert "Fila de hoje · 26 mensagens" in message["text"]
    assert "🕒 24 na fila" in message["text"]
    assert "não foram" not in message["text"]


async def test_today_of_a_new_owner_is_all_zeros(maria: Person, script: Script) -> None:
    script.today = replace(TODAY, due_today=0, overdue=0, by_state={})
    maria.say("/hoje")

    assert "Nenhuma mensagem para hoje." in (await maria.read())["text"]


async def test_pressing_refresh_twice_is_answered_twice(maria: Person) -> None:
    maria.say("/hoje")
    message = await maria.read()
    first = await maria.press(message, "🔄")
    second = await maria.press(message, "🔄")

    assert first == second == {"text": "Atualizado.", "show_alert": False}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("client:42:edit", id="of a version to come"),
        pytest.param("go:nowhere", id="unknown place"),
        pytest.param("go:home:extra", id="too many parts"),
        pytest.param("go", id="too few parts"),
        pytest.param("🙃", id="nonsense"),
    ],
)
async def test_a_button_nobody_knows_says_so_and_shows_home(maria: Person, data: str) -> None:
    maria.say("/ajuda")
    shown = await maria.read()
    answer = await maria.press_old(shown, data)
    home = await maria.read()

    assert answer == {"text": EXPIRED_BUTTON, "show_alert": False}
    assert shown["message_id"] == home["message_id"]
    assert CONNECT_BUTTON in buttons(home)


async def test_a_button_of_a_deleted_message_still_answers(maria: Person) -> None:
    maria.say("/menu")
    menu = await maria.read()
    data = buttons(menu)[HELP_BUTTON]
    query = maria.stand_in.control.press(maria.chat_id, menu["message_id"], data)
    maria.stand_in.world.chats[maria.chat_id].entries[menu["message_id"]].deleted = True
    answer = await maria.stand_in.control.answered(query, ASK_SECONDS)
    shown = await maria.read()

    assert answer == {"text": "", "show_alert": False}
    assert shown["message_id"] != menu["message_id"]
    assert "Como o EmDia funciona" in shown["text"]


@pytest.mark.parametrize("text", ["/nada", "/ nada <b>"])
async def test_what_the_bot_does_not_understand_gets_the_menu(maria: Person, text: str) -> None:
    maria.say(text)
    message = await maria.read()

    assert message["text"] == NOT_UNDERSTOOD
    assert {CLIENTS_BUTTON, HELP_BUTTON} <= {*buttons(message)}


@pytest.mark.parametrize("kind", ["sticker", "photo"])
async def test_what_is_no_text_gets_the_menu(maria: Person, kind: str) -> None:
    maria.stand_in.control.send_file(maria.chat_id, draw_qr("oi"), kind=kind)

    assert (await maria.read())["text"].startswith(NOT_UNDERSTOOD)


async def test_a_refusal_is_told_in_its_own_words(maria: Person, script: Script) -> None:
    script.refusal = "O valor <x> não serve."
    maria.say("/hoje")

    assert (await maria.read())["text"] == "O valor <x> não serve."


async def test_a_crash_of_the_tenant_is_told_in_plain_words(maria: Person, script: Script) -> None:
    script.crash = True
    maria.say("/hoje")

    assert (await maria.read())["text"] == UNEXPECTED


async def test_a_screen_that_fails_says_so_and_its_update_is_set_aside(
    maria: Person, script: Script, inbox: WatchedInbox
) -> None:
    script.today = replace(TODAY, by_state=cast("dict[MessageState, int]", None))
    maria.say("/hoje")
    message = await maria.read()

    assert message["text"] == UNEXPECTED
    [fault] = await inbox.all_closed(maria.chat_id, 1)
    assert (fault or "").startswith("AttributeError at day_groups.py:")


async def test_the_daily_summary_says_all_that_matters(telegram: Ref, maria: Person) -> None:
    maria.say("/menu")
    await maria.read()
    await telegram.ask(Notify(maria.chat_id, SUMMARY), deadline=ASK_SECONDS)
    text = (await maria.read())["text"]

    assert "Vencem hoje: 4" in text
    assert "Atrasados: 24 (R$ 840,00)" in text
    assert "Saíram ontem: 12" in text
    assert "Recebido ontem: R$ 1.234,50" in text
    assert "• 2 mensagens: Esse número não tem WhatsApp." in text
    assert "• 1 mensagem: Falta preencher um dado que o texto usa." in text
    assert "4 clientes sem a cobrança do 1º dia de atraso" in text
    assert "• 3 clientes: Aos domingos as cobranças não saem, como você escolheu." in text
    assert "• 1 cliente: O EmDia ficou fora do ar nesse horário." in text


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        pytest.param(WhatsAppLost(Loss.LOGGED_OUT), "é só ler um código novo", id="logged out"),
        pytest.param(WhatsAppLost(Loss.BANNED), "conectar outro número", id="banned"),
        pytest.param(WhatsAppLost(Loss.LOCKED), "conectar outro número", id="locked"),
        pytest.param(WhatsAppLost(Loss.REPLACED), "em outro lugar", id="replaced"),
        pytest.param(WhatsAppLost(Loss.PASSKEY_REQUIRED), "usar outro número", id="passkey"),
        pytest.param(WhatsAppLost(Loss.UNREACHABLE), "para proteger", id="given up"),
        pytest.param(WhatsAppLost(Loss.PAIRING_FAILED), "tentar de novo", id="no code came"),
        pytest.param(WhatsAppLost(Loss.NO_ROUTE), "continuo tentando sozinho", id="no way there"),
        pytest.param(
            WhatsAppLost(Loss.TEMPORARILY_BANNED, BAN_ENDS),
            "suspendeu este número até 26/11 às 09:00",
            id="banned for a while",
        ),
        pytest.param(SendingRestricted(None), "limitou os seus envios por um tempo", id="463"),
        pytest.param(DataMissing(("pix_chave",), 3), "3 mensagens esperam", id="data missing"),
        pytest.param(
            replace(SUMMARY, overdue=0, overdue_value=Decimal(0), problems={}),
            "Atrasados: 0\n",
            id="a quiet morning",
        ),
    ],
)
async def test_every_notice_has_words_and_a_way_home(
    telegram: Ref, maria: Person, notice: Any, words: str
) -> None:
    maria.say("/menu")
    await maria.read()
    await telegram.ask(Notify(maria.chat_id, notice), deadline=ASK_SECONDS)
    message = await maria.read()

    assert words in message["text"]
    assert HOME_BUTTON in buttons(message)
