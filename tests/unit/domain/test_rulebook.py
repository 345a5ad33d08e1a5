"""What a charter allows at one moment, and what it makes of one message (C5, C10, D1, D2, E2)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from domain.charter import Charter, OwnText, Tenant
from domain.clients import Client
from domain.default_templates import DEFAULT_TEMPLATES
from domain.outbox import MessageState, OutboxMessage, Verdict
from domain.reasons import Reason
from domain.reminders import Kind
from domain.rulebook import Held, Reviewed, review, rulebook, subscription_of
from domain.schedule import DEFAULT_ZONE, SendingWindow
from domain.subscription import Subscription
from tests.unit.domain.makers import TODAY, make_client, make_settings

# São Paulo is three hours behind UTC.
NINE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DUE_ON = TODAY - DAY
RITA = Tenant(
    email=None,
    phone=None,
    tenant_id=7,
    name="Rita",
    created_at=NINE - DAY,
    trial_ends_at=NINE + DAY,
    paid_until=None,
    blocked_at=None,
)
SETTINGS = make_settings(company="TV Boa", company_phone="(11) 90000-0000", support="@tvboa")
BILLING = OutboxMessage(
    id=1,
    client_id=1,
    kind=Kind.BILLING,
    about_due_on=DUE_ON,
    day=TODAY,
    state=MessageState.QUEUED,
    body=None,
    phone="+5511990000001",
    whatsapp_id="3EB0",
    correlation_id="m-1",
    attempt=0,
    expires_at=NINE + DAY,
)
BY_HAND = replace(BILLING, kind=Kind.GENERAL, about_due_on=None)


def charter(
    texts: dict[Kind, OwnText] | None = None, tenant: Tenant = RITA, **settings: Any
) -> Charter:
    """Rita's charter: her own texts, and what she set otherwise."""
    own = {Kind.BILLING: OwnText("Oi, {primeiro_nome}!", active=True)} if texts is None else texts
    return Charter(1, tenant, replace(SETTINGS, **settings), own)


def reviewed(
    made: Charter,
    *,
    message: OutboxMessage = BILLING,
    client: Client | None = None,
    now: datetime = NINE,
) -> tuple[str, ...] | Held | Reviewed:
    """What becomes of a message."""
    return review(rulebook(made, now), message, client or make_client(), now)


def test_a_message_that_may_go_gets_its_words() -> None:
    assert ("Oi, Maria!",) == reviewed(charter())


def test_a_message_that_was_tried_keeps_its_words() -> None:
    assert ("As de ontem",) == reviewed(charter(), message=replace(BILLING, body="As de ontem"))


def test_an_inactive_text_is_never_used() -> None:
    off = charter({Kind.BILLING: OwnText("Não use", active=False)})

    assert DEFAULT_TEMPLATES == rulebook(off, NINE).templates


def test_what_is_asked_for_by_hand_has_the_words_of_its_owner_also_while_they_are_off() -> None:
    off = charter({Kind.RENEWAL: OwnText("Valeu, {primeiro_nome}!", active=False)})

    assert "Valeu, {primeiro_nome}!" == rulebook(off, NINE).templates[Kind.RENEWAL].text


@pytest.mark.parametrize(
    ("kind", "active", "silenced"),
    [
        pytest.param(Kind.BILLING, False, {Kind.BILLING}, id="a dated kind, off"),
        pytest.param(Kind.BILLING, True, set(), id="a dated kind, on"),
        pytest.param(Kind.GENERAL, False, set(), id="one written by hand, off"),
        pytest.param(Kind.GENERAL, True, set(), id="one written by hand, on"),
    ],
)
def test_an_inactive_text_silences_its_kind(kind: Kind, active: bool, silenced: set[Kind]) -> None:
    made = charter({kind: OwnText("Oi", active=active)})

    assert silenced == rulebook(made, NINE).rules.without_text


def test_an_own_text_stands_before_the_default() -> None:
    texts = rulebook(charter(), NINE).templates

    assert ("Oi, {primeiro_nome}!", DEFAULT_TEMPLATES[Kind.WELCOME]) == (
        texts[Kind.BILLING].text,
        texts[Kind.WELCOME],
    )


@pytest.mark.parametrize(
    ("message", "made", "now", "reason"),
    [
        pytest.param(
            BILLING, charter(queue_paused=True), NINE, Reason.PAUSED, id="paused, by itself"
        ),
        pytest.param(
            BY_HAND, charter(queue_paused=True), NINE, Reason.PAUSED, id="paused, by hand"
        ),
        pytest.param(
            BILLING,
            charter(tenant=replace(RITA, trial_ends_at=NINE - DAY)),
            NINE,
            Reason.ACCESS_ENDED,
            id="trial over",
        ),
        pytest.param(
            BY_HAND,
            charter(tenant=replace(RITA, blocked_at=NINE)),
            NINE,
            Reason.ACCESS_ENDED,
            id="blocked",
        ),
        pytest.param(
            BILLING,
            charter(),
            NINE - timedelta(hours=2),
            Reason.WINDOW_NOT_OPEN,
            id="before the window",
        ),
        pytest.param(
            BILLING,
            charter(),
            NINE + timedelta(hours=11),
            Reason.WINDOW_CLOSED,
            id="after the window",
        ),
    ],
)
def test_an_obstacle_of_the_business_holds_the_queue(
    message: OutboxMessage, made: Charter, now: datetime, reason: Reason
) -> None:
    assert Held(reason) == reviewed(made, message=message, now=now)


@pytest.mark.parametrize(
    ("client", "made", "reason"),
    [
        pytest.param(make_client(opted_out=True), charter(), Reason.OPTED_OUT, id="opted out"),
        pytest.param(make_client(archived=True), charter(), Reason.ARCHIVED, id="archived"),
        pytest.param(make_client(due_on=TODAY + 9 * DAY), charter(), Reason.RENEWED, id="renewed"),
        pytest.param(
            make_client(), charter(automatic_kinds=frozenset()), Reason.KIND_OFF, id="switched off"
        ),
        pytest.param(
            make_client(opted_out=True),
            charter(queue_paused=True),
            Reason.OPTED_OUT,
            id="opted out while paused",
        ),
    ],
)
def test_an_obstacle_of_the_message_cancels_it(
    client: Client, made: Charter, reason: Reason
) -> None:
    found = reviewed(made, client=client)

    assert isinstance(found, Reviewed)
    assert (1, "cancelled", reason, ()) == (
        found.verdict.message_id,
        found.verdict.state,
        found.verdict.reason,
        found.missing,
    )


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(charter({Kind.BILLING: OwnText("{pix_chave}", active=True)}), id="may go"),
        pytest.param(
            charter({Kind.BILLING: OwnText("{pix_chave}", active=True)}, queue_paused=True),
            id="held",
        ),
    ],
)
def test_a_message_that_lacks_data_waits_and_names_it(made: Charter) -> None:
    found = reviewed(made)

    assert isinstance(found, Reviewed)
    assert ("waiting", Reason.MISSING_VALUES, ("pix_chave",)) == (
        found.verdict.state,
        found.verdict.reason,
        found.missing,
    )


@pytest.mark.parametrize("paused", [False, True], ids=["may go", "paused"])
def test_a_message_that_grows_too_long_waits(paused: bool) -> None:
    made = charter({Kind.BILLING: OwnText("{informacoes}" * 9, active=True)}, queue_paused=paused)

    assert Reviewed(Verdict(1, MessageState.WAITING, Reason.TOO_LONG)) == reviewed(
        made, client=make_client(notes="a" * 500)
    )


def test_the_words_are_those_of_the_tenants_day() -> None:
    made = charter({Kind.BILLING: OwnText("{saudacao} {data_atual} {hora_atual}", active=True)})

    assert ("Bom dia 24/11/2026 09:00",) == reviewed(made)


def test_the_words_know_the_business() -> None:
    text = OwnText("{empresa} {empresa_telefone} {suporte}", active=True)

    assert ("TV Boa (11) 90000-0000 @tvboa",) == reviewed(charter({Kind.BILLING: text}))


@pytest.mark.parametrize(
    ("hour", "expected"),
    [pytest.param(2, date(2026, 11, 23), id="night"), pytest.param(3, TODAY, id="midnight")],
)
def test_today_is_the_tenants_own(hour: int, expected: date) -> None:
    now = datetime(2026, 11, 24, hour, tzinfo=UTC)

    assert expected == rulebook(charter(), now).today(now)


@pytest.mark.parametrize(
    ("send_at", "starts"),
    [
        pytest.param(time(9), NINE, id="at the hour set"),
        pytest.param(time(6), NINE - timedelta(hours=1), id="not before the window"),
    ],
)
def test_messages_go_from_the_hour_set_until_the_window_ends(
    send_at: time, starts: datetime
) -> None:
    book = rulebook(charter(send_at=send_at), NINE)

    assert (starts, NINE + timedelta(hours=11)) == book.sending_hours(TODAY)


@pytest.mark.parametrize(
    ("settings", "of_rules"),
    [
        pytest.param({"sundays": False}, {"sundays": False}, id="sundays"),
        pytest.param({"queue_paused": True}, {"paused": True}, id="a pause"),
        pytest.param(
            {"window_opens": time(7), "window_closes": time(9)},
            {"window": SendingWindow(time(7), time(9))},
            id="the window",
        ),
        pytest.param(
            {"automatic_kinds": frozenset({Kind.DUE_TODAY})},
            {"kinds": frozenset({Kind.DUE_TODAY})},
            id="the kinds",
        ),
    ],
)
def test_a_setting_becomes_a_rule(settings: dict[str, Any], of_rules: dict[str, Any]) -> None:
    rules = rulebook(charter(**settings), NINE).rules

    assert replace(rulebook(charter(), NINE).rules, **of_rules) == rules


@pytest.mark.parametrize("blocked_at", [None, NINE])
def test_a_tenants_dates_are_its_subscription(blocked_at: datetime | None) -> None:
    tenant = replace(RITA, paid_until=NINE + 30 * DAY, blocked_at=blocked_at)

    assert Subscription(
        trial_ends_at=NINE + DAY, paid_until=NINE + 30 * DAY, blocked=blocked_at is not None
    ) == subscription_of(tenant, DEFAULT_ZONE)


@pytest.mark.parametrize(
    ("attempt", "expected"),
    [
        pytest.param(0, "Bom dia, Maria!", id="filled when it goes"),
        pytest.param(1, "{saudacao}, {primeiro_nome}!", id="as it is once it was tried"),
    ],
)
def test_what_a_person_wrote_is_filled_when_it_goes(attempt: int, expected: str) -> None:
    book = rulebook(charter(), NINE)
    written = replace(BY_HAND, body="{saudacao}, {primeiro_nome}!", attempt=attempt)

    words = review(book, written, make_client(), NINE)

    assert not isinstance(words, Held | Reviewed)
    assert expected == "".join(words)


def test_what_a_person_wrote_goes_outside_the_sending_hours_if_its_row_says_so() -> None:
    midnight = NINE + timedelta(hours=15)
    late = replace(BY_HAND, body="Oi", expires_at=midnight + timedelta(hours=2))
    words = review(rulebook(charter(), NINE), late, make_client(), midnight)

    assert not isinstance(words, Held | Reviewed)
    assert "Oi" == "".join(words)


def test_what_a_person_wrote_waits_for_what_it_lacks() -> None:
    written = replace(BY_HAND, body="{pix_chave}")
    found = review(rulebook(charter(), NINE), written, make_client(), NINE)

    assert isinstance(found, Reviewed)
    assert (MessageState.WAITING, ("pix_chave",)) == (found.verdict.state, found.missing)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(charter(), ("Pronto, {nome}!",), id="in spite of the opt-out, word for word"),
        pytest.param(charter(queue_paused=True), Held(Reason.PAUSED), id="not in spite of a pause"),
    ],
)
def test_a_farewell_goes_to_who_left(made: Charter, expected: tuple[str, ...] | Held) -> None:
    farewell = replace(BY_HAND, body="Pronto, {nome}!", farewell=True)

    assert expected == reviewed(made, message=farewell, client=make_client(opted_out=True))


def test_a_changed_phone_ends_only_what_had_begun() -> None:
    moved = make_client(phone="+5511990000002")
    begun = replace(BILLING, body="Oi", second_body="código", first_is_out=True)

    assert ("Oi, Maria!",) == reviewed(charter(), client=moved)
    assert Reviewed(Verdict(BILLING.id, MessageState.CANCELLED, Reason.PHONE_CHANGED)) == reviewed(
        charter(), message=begun, client=moved
    )


def test_a_text_is_filled_as_it_would_go() -> None:
    assert "Oi, Maria!" == rulebook(charter(), NINE).words(Kind.BILLING, make_client(), NINE)
