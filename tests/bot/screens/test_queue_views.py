"""The queue, one message, who was left out, a day to come: each on one phone (laws 1, 2, 10)."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from actors.messages.clients import CancelledMessage
from actors.messages.queue import DayMessage, Hold, TodayView
from actors.messages.queue_acts import (
    Acted,
    Decided,
    LeftOut,
    LeftOutView,
    LogLine,
    MessageView,
)
from actors.messages.rehearsal import ForeseenPage, ForeseenRow, ForeseenText, RehearsalView
from actors.messages.undo import UndoOffer
from bot.screens.rehearsal.rehearsal import foreseen_view, rehearsal_view, text_view
from bot.screens.today.buttons import LONGEST_WAY, day_origin, message_origin, unpack_message
from bot.screens.today.message import acted_view, message_view
from bot.screens.today.message_words import why
from bot.screens.today.today import today_view
from bot.screens.today.unbilled import decided_view, unbilled_view
from bot.screens.today.words import for_how_long
from bot.ui.view import View
from domain.day_groups import DayGroup
from domain.outbox import ENDED, PENDING, MessageState
from domain.queue_acts import QueueAct, possible
from domain.reasons import Reason
from domain.rehearsal import Fate, due_dates_of
from domain.reminders import Kind
from tests.bot.screens.people import (
    BIGGEST,
    PINNED,
    TODAY,
    board,
    coloured,
    cut,
    height,
    labels,
    row,
)

S = MessageState
NOW = datetime(2026, 11, 25, 10, 42, tzinfo=UTC)
CLOSES = NOW.replace(hour=20, minute=0)
LONG_NAME = ("Maria Aparecida " * 7)[:100].strip()
HOLDS = [
    None,
    *(
        Hold(reason, NOW - timedelta(hours=2), NOW + timedelta(hours=5))
        for reason in (
            Reason.PAUSED,
            Reason.NEEDS_QR,
            Reason.NOT_CONNECTED,
            Reason.BANNED,
            Reason.RESTRICTED,
            Reason.AWAY,
        )
    ),
]


def one(state: MessageState, name: str = LONG_NAME, **more: Any) -> DayMessage:
    """A message of today."""
    facts = {"reason": None, "at": NOW + timedelta(minutes=5), "message_id": BIGGEST, **more}
    return DayMessage(row(name, -1), Kind.BILLING, state, **facts)


def day(**more: Any) -> TodayView:
    """A day with something of everything."""
    facts: dict[str, Any] = {
        "by_state": dict.fromkeys(S, 1_234),
        "now": NOW,
        "coming": (
            one(S.QUEUED),
            one(S.QUEUED, "Carla Dias"),
            one(S.RETRY, "Diego Ramos", reason=Reason.NUMBER_UNANSWERED),
            one(S.UNKNOWN, "Bia", reason=Reason.UNCONFIRMED),
        ),
        "held": (one(S.WAITING, "Tiago Melo", reason=Reason.MISSING_VALUES, missing=("valor",)),),
        "last_turn": NOW + timedelta(minutes=20),
        "opens": NOW.replace(hour=8, minute=0),
        "closes": CLOSES,
        "unbilled": 1_234,
        **more,
    }
    return TodayView(TODAY, 4, 22, **facts)


def message(**more: Any) -> MessageView:
    """A message that waits for its turn."""
    state, reason = more.get("state", S.QUEUED), more.get("reason")
    facts: dict[str, Any] = {
        "message_id": BIGGEST,
        "row": row(LONG_NAME, -1),
        "today": TODAY,
        "day": TODAY,
        "kind": Kind.BILLING,
        "state": state,
        "reason": reason,
        "texts": ("Bom dia, Carla! " * 100, "00020126580014br.gov.bcb.pix" * 6),
        "fixed": False,
        "missing": (),
        "turn": NOW + timedelta(minutes=5),
        "expires_at": CLOSES,
        "sent_at": NOW,
        "delivered_at": NOW,
        "read_at": NOW,
        "attempts": 4,
        "log": tuple(LogLine(NOW, one, 3, Reason.REFUSED) for one in S),
        "hold": None,
        "pending": 3,
        "may": possible(state, reason, now=NOW, expires_at=CLOSES),
        **more,
    }
    return MessageView(**facts)


def keeps_the_laws(view: View) -> bool:
    """One phone under the pinned board, whole labels, one next step."""
    steps = [style for style in coloured(view).values() if style in {"primary", "success"}]
    return height(view) <= PINNED and not cut(view) and len(steps) <= 1


def flat(view: View) -> list[str]:
    """All labels."""
    return [label for line in labels(view) for label in line]


# The queue


@pytest.mark.parametrize("hold", HOLDS, ids=lambda hold: hold.reason if hold else "nothing holds")
def test_the_fullest_queue_fits_a_phone_with_one_next_step(hold: Hold | None) -> None:
    view = today_view(day(hold=hold))

    assert keeps_the_laws(view)
    assert len(coloured(view)) >= 1
    for emoji, count in re.findall(r"(✍️|🕒|✅|✔️|❌|🚫|⚠️) (?:<b>)?(\d+)", view.text):
        assert any(label.startswith(f"{emoji} {count}") for label in flat(view))


@pytest.mark.parametrize(
    ("changes", "label"),
    [
        pytest.param({"hold": Hold(Reason.PAUSED)}, "▶️ Voltar a enviar", id="stopped by hand"),
        pytest.param({"hold": Hold(Reason.NEEDS_QR)}, "📲 Conectar WhatsApp", id="not linked"),
        pytest.param({"hold": Hold(Reason.RESTRICTED)}, "📲 WhatsApp", id="limited"),
        pytest.param({}, "✍️ Tiago Melo · 24/11 · falta o valor", id="something is missing"),
        pytest.param({"held": ()}, "⚠️ 1234 sem cobrança: decidir", id="somebody was left out"),
    ],
)
def test_the_next_step_is_what_waits_longest(changes: dict[str, Any], label: str) -> None:
    view = today_view(day(**changes))

    assert {label: "primary"}.items() <= coloured(view).items()
    assert label == flat(view)[0]


def test_a_stopped_queue_says_first_since_when_and_for_how_long() -> None:
    view = today_view(day(hold=Hold(Reason.PAUSED, NOW - timedelta(hours=2))))

    assert view.text.startswith("⏸ <b>Você parou os envios</b> às 08:42, há 2 horas")
    assert not any(label.startswith("⏸") for label in flat(view))


def test_each_that_waits_says_when_unless_all_is_held() -> None:
    free, held = today_view(day()), today_view(day(hold=Hold(Reason.PAUSED)))

    assert "🕒 Carla Dias · 24/11 · às 10:47" in flat(free)
    assert not any("às 1" in label for label in flat(held))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"now": CLOSES}, "terminou às 20:00", id="the day is over"),
        pytest.param({"now": NOW.replace(hour=7)}, "abre às 08:00", id="before it opens"),
        pytest.param(
            {"begins_at": NOW + timedelta(minutes=3)}, "começa às 10:45", id="others come first"
        ),
        pytest.param(
            {"last_turn": CLOSES + timedelta(hours=1)}, "Não cabem todas até 20:00", id="too many"
        ),
        pytest.param({"by_state": {}, "coming": (), "held": ()}, "Nenhuma mensagem", id="empty"),
    ],
)
def test_where_the_day_stands_is_said(changes: dict[str, Any], said: str) -> None:
    view = today_view(day(**changes))

    assert said in view.text
    assert keeps_the_laws(view)


@pytest.mark.parametrize(
    ("lasted", "expected"),
    [
        (timedelta(0), "menos de 1 minuto"),
        (timedelta(minutes=1), "1 minuto"),
        (timedelta(minutes=59), "59 minutos"),
        (timedelta(minutes=60), "1 hora"),
        (timedelta(hours=23), "23 horas"),
        (timedelta(days=1), "1 dia"),
        (timedelta(hours=-1), "menos de 1 minuto"),
    ],
)
def test_how_long_it_lasts_is_said_as_people_say_it(lasted: timedelta, expected: str) -> None:
    assert expected == for_how_long(NOW - lasted, NOW)


# One message


@pytest.mark.parametrize("state", S)
def test_whatever_became_of_a_message_it_tells_why_it_did_not_go(state: MessageState) -> None:
    """E8: “por que não foi enviada?” is answered, whatever state and reason came together."""
    told = [why(message(state=state, reason=reason)) for reason in (None, *Reason)]

    assert all(bool(lines) >= (state in ENDED) for lines in told)
    assert all(line.endswith((".", ")")) for lines in told for line in lines)


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize(
    "reason",
    [None, Reason.MISSING_VALUES, Reason.TOO_LONG, Reason.UNCONFIRMED, Reason.NOT_ON_WHATSAPP],
)
def test_every_message_fits_a_phone(state: MessageState, reason: Reason | None) -> None:
    missing = ("valor", "pix_copia_e_cola") if reason is Reason.MISSING_VALUES else ()
    view = message_view(
        message(state=state, reason=reason, missing=missing if state in PENDING else ()),
        day_origin(DayGroup.FAILED, 3, ""),
    )

    assert keeps_the_laws(view)


@pytest.mark.parametrize("hold", HOLDS, ids=lambda hold: hold.reason if hold else "nothing holds")
@pytest.mark.parametrize("state", sorted(PENDING))
def test_what_holds_the_queue_is_said_of_each_message(
    state: MessageState, hold: Hold | None
) -> None:
    view = message_view(message(state=state, hold=hold), "")

    assert keeps_the_laws(view)


def test_a_message_of_two_parts_shows_both_as_the_phone_does() -> None:
    view = message_view(message(texts=("Oi, Carla!", "000201"), log=()), "")

    assert "<blockquote>Oi, Carla!</blockquote>\n<blockquote>000201</blockquote>" in view.text


def test_what_may_have_arrived_says_that_repeating_it_is_safe() -> None:
    view = message_view(message(state=S.FAILED, reason=Reason.UNCONFIRMED), "")

    assert "não mostra duas vezes" in view.text
    assert {"🔁 Tentar de novo": "primary"} == coloured(view)


def test_a_number_without_whatsapp_is_mended_not_tried_again() -> None:
    view = message_view(message(state=S.FAILED, reason=Reason.NOT_ON_WHATSAPP), "")

    assert {"✏️ Corrigir o telefone": "primary"} == coloured(view)
    assert "🔁 Tentar de novo" not in flat(view)


@pytest.mark.parametrize(
    ("changes", "offered"),
    [
        pytest.param({"state": S.EXPIRED}, True, id="its hours were over"),
        pytest.param({"state": S.FAILED, "may": frozenset()}, True, id="failed, its day over"),
        pytest.param({"state": S.FAILED}, False, id="failed, and still to be tried"),
        pytest.param({"state": S.EXPIRED, "kind": Kind.DUE_TODAY}, False, id="a reminder"),
        pytest.param(
            {"state": S.EXPIRED, "day": TODAY - timedelta(days=8)}, False, id="too long ago"
        ),
    ],
)
def test_a_billing_that_missed_its_day_leads_to_the_question(
    changes: dict[str, Any], offered: bool
) -> None:
    view = message_view(message(**changes), "")

    assert offered is ("⚠️ Cobrar mesmo assim" in flat(view))


def test_what_was_cancelled_is_named_with_the_way_back() -> None:
    gone = CancelledMessage(kind=Kind.BILLING, day=TODAY, at=NOW)
    later = CancelledMessage(kind=Kind.GENERAL, day=TODAY + timedelta(days=2), at=NOW)
    view = acted_view(
        Acted(
            message=message(state=S.CANCELLED, reason=Reason.CANCELLED),
            done=True,
            says="2 mensagens canceladas.",
            cancelled=(gone, later),
            undo=UndoOffer(BIGGEST, NOW + timedelta(minutes=10)),
        ),
        "",
    )

    assert "🚫 Cobrança, ia às 10:42" in view.text
    assert "🚫 Avulsa, 27/11, ia às 10:42" in view.text
    assert ("↩️ Desfazer até 10:52", "2 mensagens canceladas.") == (flat(view)[0], view.toast)
    assert keeps_the_laws(view)


def test_what_a_client_is_called_cannot_break_the_screen() -> None:
    odd = replace(message(texts=("<b>oi</b> & tchau",)), row=row("<i>Ana</i> & Cia", -1))
    view = message_view(odd, "")

    assert "<i>" not in view.text
    assert "&lt;b&gt;oi&lt;/b&gt; &amp; tchau" in view.text


@pytest.mark.parametrize("origin", ["", "gtoday", "dq.3", "dw.1667.261125", "x" * 40])
def test_a_way_back_through_a_message_fits_every_button(origin: str) -> None:
    for number in (7, 1_234_567, BIGGEST):
        packed = message_origin(number, origin)
        found, behind = unpack_message(packed[1:])

        assert len(packed.encode()) <= LONGEST_WAY
        assert (number, True) == (found, behind in {origin, ""})


@pytest.mark.parametrize("packed", ["", "x", ".", "-1.x", "9" * 30, "²"])
def test_what_is_no_message_is_nobodys(packed: str) -> None:
    assert 0 == unpack_message(packed)[0]


# Who was left out


def left(name: str, *, marked: bool = True, days: int = -5) -> LeftOut:
    return LeftOut(row=row(name, days), price=Decimal("79.90"), reason="paused", marked=marked)


def left_out(**more: Any) -> LeftOutView:
    facts: dict[str, Any] = {
        "rows": tuple(left(name, marked=at != 1) for at, name in enumerate([LONG_NAME] * 6)),
        "today": TODAY,
        "page": 2,
        "pages": 834,
        "total": 5_000,
        "marked": 4_999,
        "amount": Decimal("999999.90"),
        "why": (
            ("paused", ("Paulo", "Sandra"), 2),
            ("needs_qr", ("Marcelo", "Lúcia", "Zé"), 4_996),
            ("registered_late", ("Osvaldo",), 1),
        ),
        "seal": "0123456789ab",
        "all_seal": "ba9876543210",
        **more,
    }
    return LeftOutView(**facts)


def test_the_question_fits_a_phone_and_carries_its_number() -> None:
    view = unbilled_view(left_out())

    assert keeps_the_laws(view)
    assert {"📤 Cobrar os 4999 marcados": "primary"} == coloured(view)
    assert "☑️ Marcar os 5000" in flat(view)
    assert "Marcados: <b>4999 de 5000</b> · R$ 999.999,90" in view.text
    assert "• Paulo e Sandra: A fila está pausada." in view.text
    assert "• Marcelo, Lúcia, Zé e mais 4993:" in view.text


def test_with_all_marked_they_can_be_unmarked_and_with_none_nobody_is_billed() -> None:
    full, none = unbilled_view(left_out(marked=5_000)), unbilled_view(left_out(marked=0))

    assert "⬜ Desmarcar todos" in flat(full)
    assert not any(label.startswith("📤") for label in flat(none))


def test_a_mark_is_turned_to_what_its_button_says() -> None:
    pressed = [line[0].callback_data for line in board(unbilled_view(left_out())).inline_keyboard]

    assert ["um:7:0:2", "um:7:1:2"] == pressed[:2]


def test_nobody_left_out_is_said_in_a_word() -> None:
    view = unbilled_view(left_out(total=0, rows=(), marked=0, why=(), pages=1, page=1))

    assert ["⬅️ Voltar", "🏠 Início"] == flat(view)
    assert "Ninguém ficou sem cobrança" in view.text


def test_an_answer_leads_to_the_queue_and_to_who_is_left() -> None:
    done = Decided(done=True, clients=4, left=left_out(total=1))
    view = decided_view(done, "ok")

    assert ["📬 Ver a fila", "⚠️ 1 sem cobrança", "⬅️ Voltar", "🏠 Início"] == flat(view)


# A day to come


def foreseen(name: str = LONG_NAME, **more: Any) -> ForeseenRow:
    facts: dict[str, Any] = {
        "row": row(name, -1),
        "kind": Kind.BILLING,
        "reason": Reason.MISSING_VALUES,
        "sentence": "",
        "missing": ("valor",),
        **more,
    }
    return ForeseenRow(**facts)


def tomorrow(**more: Any) -> RehearsalView:
    ahead = TODAY + timedelta(days=1)
    facts: dict[str, Any] = {
        "day": ahead,
        "today": TODAY,
        "counts": dict.fromkeys(Fate, 1_234),
        "due_dates": due_dates_of(ahead),
        "not_going": (
            foreseen(),
            foreseen("Neide Rocha", reason=Reason.OPTED_OUT, missing=()),
            foreseen("Caio", reason=Reason.BILLING_OFF, missing=()),
        ),
        "begins": NOW.replace(hour=9, minute=0),
        "ends": NOW.replace(hour=9, minute=30),
        "closes": CLOSES,
        "late": 3,
        "hold": Hold(Reason.PAUSED, NOW),
        "rest": Reason.SUNDAY,
        **more,
    }
    return RehearsalView(**facts)


def test_the_fullest_day_to_come_fits_a_phone_and_its_counts_are_buttons() -> None:
    view = rehearsal_view(tomorrow())

    assert keeps_the_laws(view)
    for label in ("🔴 1234", "🟡 1234", "⏳ 1234", "📅 1234", "💬 1234", "🚫 1234", "⚪ 1234"):
        assert label in flat(view)
    assert "👀 Ler 6170 textos" in flat(view)


def test_tomorrow_says_how_many_when_and_who_gets_nothing() -> None:
    counts = {Fate.BILLING: 3, Fate.NOT: 2}
    view = rehearsal_view(tomorrow(counts=counts, hold=None, rest=None, late=0))

    assert view.text.startswith("🔮 <b>O que sai amanhã</b> · quinta, 26/11")
    assert "<b>3 mensagens</b>, das 09:00 até umas 09:30" in view.text
    assert "🔴 Venceram em 25/11: <b>3</b>" in view.text
    assert "• Neide Rocha · 24/11: pediu SAIR" in view.text
    assert ["‹ hoje", "📅 Outro dia", "sex 27/11 ›"] == labels(view)[-2]


def test_a_day_without_messages_says_so() -> None:
    view = rehearsal_view(tomorrow(counts={}, hold=None, rest=None, not_going=(), late=0))

    assert "Nada sai sozinho nesse dia." in view.text
    assert not any(label.startswith("👀") for label in flat(view))


@pytest.mark.parametrize("fate", Fate)
def test_each_list_of_a_day_fits_a_phone(fate: Fate) -> None:
    at = NOW if fate in {Fate.BILLING, Fate.DUE_TODAY} else None
    rows = tuple(
        foreseen(at=at, sentence="Você deixou desligado nos ajustes: x.") for _ in range(6)
    )
    view = foreseen_view(
        ForeseenPage(
            day=TODAY + timedelta(days=9),
            today=TODAY,
            fate=fate,
            rows=rows,
            page=3,
            pages=834,
            total=5_000,
        )
    )

    assert keeps_the_laws(view)


def test_a_text_is_read_as_the_phone_will_show_it_and_leads_to_the_next() -> None:
    view = text_view(
        ForeseenText(
            day=TODAY + timedelta(days=1),
            today=TODAY,
            number=2,
            total=12,
            shown=foreseen("Carla Dias", at=NOW),
            texts=("Bom dia, Carla!", "000201"),
        )
    )

    assert "<blockquote>Bom dia, Carla!</blockquote>\n<blockquote>000201</blockquote>" in view.text
    assert "Cobrança · amanhã, umas 10:42" in view.text
    assert ["‹", "2/12", "›", "12 »"] == labels(view)[0]


@pytest.mark.parametrize("texts", [("x " * 2_000,), ("x " * 1_000, "0" * 231)])
def test_the_longest_text_fits_a_phone(texts: tuple[str, ...]) -> None:
    ahead = TODAY + timedelta(days=1)
    view = text_view(
        ForeseenText(
            day=ahead, today=TODAY, number=1, total=5_000, shown=foreseen(at=NOW), texts=texts
        )
    )

    assert keeps_the_laws(view)


@pytest.mark.parametrize("act", QueueAct)
def test_every_act_is_named_by_a_button_or_by_its_number(act: QueueAct) -> None:
    states = [S.QUEUED, S.FAILED]
    said = " ".join(
        label for state in states for label in flat(message_view(message(state=state), ""))
    )
    words = {
        QueueAct.NOW: "Mandar agora",
        QueueAct.CANCEL: "Cancelar esta",
        QueueAct.CANCEL_ALL: "Cancelar as 3 deste cliente",
        QueueAct.RETRY: "Tentar de novo",
    }

    assert words[act] in said
