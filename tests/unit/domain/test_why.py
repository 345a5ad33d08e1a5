"""Why a client received nothing today, in sentences, for every one (E8)."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from domain.outbox import MessageState
from domain.reasons import Reason, explain
from domain.reminders import Kind, TenantRules
from domain.why import MadeToday, why_not_today, why_today
from tests.unit.domain.makers import make_client

TODAY = date(2026, 11, 25)
AT = datetime(2026, 11, 25, 9, 3, tzinfo=ZoneInfo("America/Sao_Paulo"))
RULES = TenantRules()
NOON = time(12)
S = MessageState


def made(state: MessageState, reason: Reason | None = None) -> MadeToday:
    """A billing message of today."""
    return MadeToday(Kind.BILLING, state, reason, AT)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(made(S.READ), "Cobrança do 1º dia de atraso: saiu às 09:03.", id="it went"),
        pytest.param(
            made(S.QUEUED),
            "Cobrança do 1º dia de atraso: está na fila, para as 09:03.",
            id="it waits",
        ),
        pytest.param(
            made(S.WAITING, Reason.MISSING_VALUES),
            "Cobrança do 1º dia de atraso: está na fila, para as 09:03. "
            "Falta preencher um dado que o texto usa.",
            id="it lacks something",
        ),
        pytest.param(
            made(S.CANCELLED, Reason.RENEWED),
            "Cobrança do 1º dia de atraso: não saiu. Já renovou.",
            id="it did not go",
        ),
    ],
)
def test_each_message_of_today_is_told(message: MadeToday, expected: str) -> None:
    client = make_client(due_on=date(2026, 11, 24))

    assert (expected,) == why_today(client, RULES, TODAY, NOON, [message])


def test_what_holds_the_queue_is_told_once_where_something_waits() -> None:
    client = make_client(due_on=date(2026, 11, 24))
    waiting = [made(S.QUEUED, Reason.PAUSED)]
    held = why_today(client, RULES, TODAY, NOON, waiting, obstacle=Reason.NOT_CONNECTED)
    gone = why_today(client, RULES, TODAY, NOON, [made(S.SENT)], obstacle=Reason.NOT_CONNECTED)

    assert (2, 1) == (len(held), len(gone))


@pytest.mark.parametrize(
    ("due_on", "messages", "expected"),
    [
        pytest.param(date(2026, 11, 24), [], None, id="it is due"),
        pytest.param(date(2026, 11, 24), [made(S.DELIVERED)], None, id="it went"),
        pytest.param(
            date(2026, 11, 22),
            [],
            "Atrasado há 3 dias: só cobramos no 1º dia de atraso.",
            id="too late",
        ),
        pytest.param(
            date(2026, 11, 24),
            [made(S.FAILED, Reason.NOT_ON_WHATSAPP)],
            "Cobrança do 1º dia de atraso: não saiu. Esse número não tem WhatsApp.",
            id="it failed",
        ),
    ],
)
def test_a_card_says_why_only_where_nothing_goes(
    due_on: date, messages: list[MadeToday], expected: str | None
) -> None:
    client = make_client(due_on=due_on)

    assert expected == why_not_today(client, RULES, TODAY, NOON, messages)


def test_who_is_to_be_billed_is_told_what_holds_the_queue() -> None:
    client = make_client(due_on=date(2026, 11, 24))
    said = why_today(client, RULES, TODAY, NOON, [], obstacle=Reason.NOT_CONNECTED)
    late = make_client(due_on=date(2026, 11, 22))
    nothing = why_today(late, RULES, TODAY, NOON, [], obstacle=Reason.NOT_CONNECTED)

    assert (2, explain(Reason.NOT_CONNECTED), 1) == (len(said), said[-1], len(nothing))


def test_what_holds_the_queue_does_not_concern_what_went_or_ended() -> None:
    client = make_client(due_on=date(2026, 11, 24))
    held = why_today(
        client,
        RULES,
        TODAY,
        NOON,
        [made(S.QUEUED)],
        obstacle=Reason.NOT_CONNECTED,
    )
    ended = [made(S.CANCELLED, Reason.RENEWED)]

    assert 2 == len(held)
    assert 1 == len(why_today(client, RULES, TODAY, NOON, ended, obstacle=Reason.NOT_CONNECTED))


def test_before_anything_is_made_it_is_decided_what_would_go() -> None:
    due, far = make_client(due_on=date(2026, 11, 24)), make_client(due_on=date(2026, 12, 30))
    held = why_today(due, RULES, TODAY, NOON, [], obstacle=Reason.NOT_CONNECTED)
    alone = why_today(far, RULES, TODAY, NOON, [], obstacle=Reason.NOT_CONNECTED)

    assert (
        "Hoje é dia de mandar: cobrança do 1º dia de atraso.",
        explain(Reason.NOT_CONNECTED),
    ) == held
    assert ("Vence em 30/12/2026, daqui a 35 dias: ainda não é dia de mensagem.",) == alone


def test_a_message_by_hand_takes_nothing_from_the_day() -> None:
    client = make_client(due_on=date(2026, 12, 30))
    sent = MadeToday(Kind.GENERAL, S.SENT, None, AT)
    waiting = MadeToday(Kind.GENERAL, S.QUEUED, None, AT)

    assert 2 == len(why_today(client, RULES, TODAY, NOON, [sent]))
    assert 3 == len(why_today(client, RULES, TODAY, NOON, [waiting], obstacle=Reason.NOT_CONNECTED))


@pytest.mark.parametrize(
    ("due_on", "message", "expected"),
    [
        pytest.param(date(2026, 11, 24), made(S.SENT), None, id="it went"),
        pytest.param(date(2026, 11, 24), made(S.QUEUED), None, id="it may go"),
        pytest.param(
            date(2026, 11, 24),
            made(S.FAILED),
            f"Cobrança do 1º dia de atraso: não saiu. {explain(Reason.INTERNAL)}",
            id="it failed, and nobody wrote why",
        ),
        pytest.param(
            date(2026, 11, 24),
            MadeToday(Kind.GENERAL, S.CANCELLED, Reason.CANCELLED, AT),
            None,
            id="one by hand was taken back, and the bill goes",
        ),
        pytest.param(
            date(2026, 12, 30),
            MadeToday(Kind.GENERAL, S.CANCELLED, Reason.CANCELLED, AT),
            "Vence em 30/12/2026, daqui a 35 dias: ainda não é dia de mensagem.",
            id="one by hand was taken back, and it is no day",
        ),
    ],
)
def test_why_nothing_goes_is_said_only_where_nothing_does(
    due_on: date, message: MadeToday, expected: str | None
) -> None:
    client = make_client(due_on=due_on)

    assert expected == why_not_today(client, RULES, TODAY, NOON, [message])


def test_of_several_messages_that_did_not_go_the_first_is_told() -> None:
    client = make_client(due_on=date(2026, 11, 24))
    ended = [made(S.CANCELLED, Reason.RENEWED), made(S.FAILED, Reason.REFUSED)]

    assert "Cobrança do 1º dia de atraso: não saiu. Já renovou." == why_not_today(
        client, RULES, TODAY, NOON, ended
    )
