"""Who gets which message on which day, and why somebody got none (E3, E4, E8)."""

from dataclasses import fields
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clients import Client
from domain.reasons import Reason, explain
from domain.reminders import DAYS_LATE, Kind, TenantRules, decide, due_dates_on, recheck
from tests.unit.domain.makers import TODAY, make_client

EVERYTHING_ON = TenantRules(kinds=frozenset(DAYS_LATE), sundays=True)
NINE = datetime(2026, 11, 24, 9, 0)  # noqa: DTZ001 - the tenant's wall time
SWITCH = st.sampled_from([True, False, None])
CLIENTS = st.builds(
    make_client,
    due_on=st.dates(min_value=date(2026, 9, 1), max_value=date(2027, 3, 1)),
    receives_billing=SWITCH,
    receives_notices=SWITCH,
    preferences=st.sampled_from([{}, None, {"cobranca": False}, {"vence_hoje": "?"}]),
    archived=st.booleans(),
    opted_out=st.booleans(),
    renewed_on=st.sampled_from([None, TODAY]),
)
RULES = st.builds(
    TenantRules,
    kinds=st.frozensets(st.sampled_from(list(DAYS_LATE))),
    without_text=st.frozensets(st.sampled_from(list(DAYS_LATE)), max_size=1),
    sundays=st.booleans(),
    paused=st.booleans(),
    access_ended=st.booleans(),
)
DAYS = st.dates(min_value=date(2026, 10, 1), max_value=date(2027, 1, 31))
TIMES = st.none() | st.times()


@pytest.mark.parametrize(
    ("days_late", "expected"),
    [
        pytest.param(-1, None, id="tomorrow"),
        pytest.param(0, None, id="today"),
        pytest.param(1, Kind.BILLING, id="one day late"),
        pytest.param(2, None, id="two days late"),
        pytest.param(30, None, id="long overdue"),
    ],
)
def test_by_default_only_the_first_day_late_gets_a_message(
    days_late: int, expected: Kind | None
) -> None:
    client = make_client(due_on=TODAY - timedelta(days=days_late))

    assert expected == decide(client, TenantRules(), TODAY).kind


@pytest.mark.parametrize(("kind", "days_late"), DAYS_LATE.items())
def test_each_reminder_has_its_day_once_the_owner_turns_it_on(kind: Kind, days_late: int) -> None:
    client = make_client(due_on=TODAY - timedelta(days=days_late))

    assert kind == decide(client, EVERYTHING_ON, TODAY).kind


@pytest.mark.parametrize(
    ("client", "rules", "reason", "sentence"),
    [
        pytest.param(
            make_client(due_on=date(2026, 11, 19)),
            TenantRules(),
            Reason.LATE_TOO_LONG,
            "Atrasado há 5 dias: só cobramos no 1º dia de atraso.",
            id="five days late",
        ),
        pytest.param(
            make_client(due_on=date(2026, 12, 4)),
            TenantRules(),
            Reason.NOT_DUE_YET,
            "Vence em 04/12/2026, daqui a 10 dias: ainda não é dia de mensagem.",
            id="not due yet",
        ),
        pytest.param(
            make_client(due_on=date(2026, 12, 24), renewed_on=TODAY),
            TenantRules(),
            Reason.RENEWED,
            "Renovou em 24/11/2026: agora vence em 24/12/2026, daqui a 30 dias.",
            id="renewed",
        ),
        pytest.param(
            make_client(archived=True),
            TenantRules(),
            Reason.ARCHIVED,
            "O cliente está arquivado.",
            id="archived",
        ),
        pytest.param(
            make_client(opted_out=True),
            TenantRules(),
            Reason.OPTED_OUT,
            "O cliente respondeu SAIR e não recebe mais mensagens.",
            id="opted out",
        ),
        pytest.param(
            make_client(receives_billing=False),
            TenantRules(),
            Reason.BILLING_OFF,
            "As cobranças deste cliente estão desligadas.",
            id="billing switched off for the client",
        ),
        pytest.param(
            make_client(due_on=TODAY, receives_notices=False),
            EVERYTHING_ON,
            Reason.NOTICES_OFF,
            "Os avisos deste cliente estão desligados.",
            id="notices switched off for the client",
        ),
        pytest.param(
            make_client(preferences=None),
            TenantRules(),
            Reason.PREFERENCES_UNREADABLE,
            "Não consegui ler as preferências deste cliente e, na dúvida, não mando.",
            id="preferences unreadable (C10)",
        ),
        pytest.param(
            make_client(preferences={"cobranca": "sim"}),
            TenantRules(),
            Reason.PREFERENCES_UNREADABLE,
            "Não consegui ler as preferências deste cliente e, na dúvida, não mando.",
            id="one preference unreadable (C10)",
        ),
        pytest.param(
            make_client(preferences={"cobranca": False}),
            TenantRules(),
            Reason.PREFERENCE_OFF,
            "Este tipo de mensagem está desligado para este cliente.",
            id="own preference",
        ),
        pytest.param(
            make_client(due_on=TODAY),
            TenantRules(),
            Reason.KIND_OFF,
            "Você deixou desligado nos ajustes: aviso do dia do vencimento.",
            id="kind off (E4)",
        ),
        pytest.param(
            make_client(),
            TenantRules(without_text=frozenset({Kind.BILLING})),
            Reason.TEMPLATE_OFF,
            "O texto está desligado: cobrança do 1º dia de atraso.",
            id="template off",
        ),
        pytest.param(
            make_client(),
            TenantRules(paused=True),
            Reason.PAUSED,
            "A fila está pausada.",
            id="queue paused (E7)",
        ),
        pytest.param(
            make_client(),
            TenantRules(access_ended=True),
            Reason.ACCESS_ENDED,
            "Sua assinatura do EmDia acabou, e o envio automático parou.",
            id="subscription over (A6)",
        ),
    ],
)
def test_the_owner_reads_why_a_client_got_nothing(
    client: Client, rules: TenantRules, reason: Reason, sentence: str
) -> None:
    decision = decide(client, rules, TODAY)

    assert (None, reason, sentence) == (decision.kind, decision.reason, decision.sentence)


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (time(7, 59), Reason.WINDOW_NOT_OPEN),
        (time(8, 0), Reason.DUE),
        (time(19, 59), Reason.DUE),
        (time(20, 0), Reason.WINDOW_CLOSED),
    ],
)
def test_messages_go_inside_the_sending_window_only(at: time, reason: Reason) -> None:
    assert reason == decide(make_client(), TenantRules(), TODAY, at=at).reason


def test_a_kind_is_made_once_for_a_due_date() -> None:
    decision = decide(make_client(), TenantRules(), TODAY, already_made={Kind.BILLING})

    assert (None, Reason.ALREADY_MADE) == (decision.kind, decision.reason)


@pytest.mark.parametrize(
    ("changes", "kind", "reason"),
    [
        pytest.param({}, Kind.BILLING, Reason.DUE, id="billing goes"),
        pytest.param({"sundays": False}, Kind.BILLING, Reason.SUNDAY, id="the owner rests"),
        pytest.param({"sundays": False}, Kind.DUE_TODAY, Reason.DUE, id="reminders go"),
    ],
)
def test_on_sundays_billing_goes_unless_the_owner_rests(
    changes: dict[str, Any], kind: Kind, reason: Reason
) -> None:
    sunday = date(2026, 11, 29)
    client = make_client(due_on=sunday - timedelta(days=DAYS_LATE[kind]))
    rules = TenantRules(kinds=frozenset(DAYS_LATE), **changes)

    assert reason == decide(client, rules, sunday).reason


@given(CLIENTS, RULES, DAYS, TIMES)
def test_every_client_has_an_answer_every_day(
    client: Client, rules: TenantRules, today: date, at: time | None
) -> None:
    decision = decide(client, rules, today, at=at)

    assert (decision.kind is not None) == (decision.reason is Reason.DUE)
    assert decision.sentence.endswith(".")


@given(CLIENTS, RULES, DAYS, TIMES)
def test_billing_never_goes_on_any_day_but_the_first_late_one(
    client: Client, rules: TenantRules, today: date, at: time | None
) -> None:
    billed = decide(client, rules, today, at=at).kind is Kind.BILLING

    assert not billed or (today - client.due_on).days == 1


@pytest.mark.parametrize(
    ("rules", "day", "expected"),
    [
        pytest.param(TenantRules(), TODAY, {Kind.BILLING: date(2026, 11, 23)}, id="by default"),
        pytest.param(TenantRules(sundays=False), date(2026, 11, 29), {}, id="on a day of rest"),
        pytest.param(
            EVERYTHING_ON,
            TODAY,
            {
                Kind.REMINDER_2_DAYS: date(2026, 11, 26),
                Kind.REMINDER_1_DAY: date(2026, 11, 25),
                Kind.DUE_TODAY: date(2026, 11, 24),
                Kind.BILLING: date(2026, 11, 23),
            },
            id="everything on",
        ),
    ],
)
def test_the_plan_of_a_day_names_one_due_date_for_each_kind(
    rules: TenantRules, day: date, expected: dict[Kind, date]
) -> None:
    assert expected == due_dates_on(day, rules)


@given(CLIENTS, RULES, DAYS)
def test_the_plan_of_a_day_holds_every_kind_that_a_client_would_get(
    client: Client, rules: TenantRules, today: date
) -> None:
    kind = decide(client, rules, today).kind

    assert kind is None or due_dates_on(today, rules)[kind] == client.due_on


@given(CLIENTS, RULES, DAYS, st.times())
def test_the_second_check_agrees_with_the_first_while_nothing_changed(
    client: Client, rules: TenantRules, today: date, at: time
) -> None:
    first = decide(client, rules, today, at=at)
    again = recheck(Kind.BILLING, client.due_on, client, rules, datetime.combine(today, at))

    assert (first.kind is Kind.BILLING) == (again.kind is Kind.BILLING)


@pytest.mark.parametrize(
    ("client", "rules", "reason"),
    [
        pytest.param(make_client(), TenantRules(), Reason.DUE, id="as planned"),
        pytest.param(
            make_client(due_on=date(2026, 12, 23)), TenantRules(), Reason.RENEWED, id="renewed (C7)"
        ),
        pytest.param(
            make_client(due_on=date(2026, 11, 20)),
            TenantRules(),
            Reason.DUE_DATE_CHANGED,
            id="due date moved back",
        ),
        pytest.param(
            make_client(receives_billing=None),
            TenantRules(),
            Reason.PREFERENCES_UNREADABLE,
            id="switch unreadable",
        ),
        pytest.param(make_client(opted_out=True), TenantRules(), Reason.OPTED_OUT, id="SAIR"),
        pytest.param(make_client(), TenantRules(paused=True), Reason.PAUSED, id="paused"),
        pytest.param(make_client(), TenantRules(kinds=frozenset()), Reason.KIND_OFF, id="off"),
    ],
)
def test_what_changed_since_planning_stops_a_queued_billing(
    client: Client, rules: TenantRules, reason: Reason
) -> None:
    assert reason == recheck(Kind.BILLING, date(2026, 11, 23), client, rules, NINE).reason


@pytest.mark.parametrize(
    ("late_allowed", "reason"), [(False, Reason.LATE_TOO_LONG), (True, Reason.DUE)]
)
def test_a_late_billing_goes_only_on_the_owners_word(late_allowed: bool, reason: Reason) -> None:
    client = make_client(due_on=date(2026, 11, 19))
    decision = recheck(
        Kind.BILLING, client.due_on, client, TenantRules(), NINE, late_allowed=late_allowed
    )

    assert reason == decision.reason


def test_a_reminder_that_missed_its_day_stays_behind() -> None:
    client = make_client(due_on=TODAY)
    decision = recheck(Kind.REMINDER_1_DAY, TODAY, client, EVERYTHING_ON, NINE)

    assert Reason.DAY_PASSED == decision.reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"receives_notices": False}, Reason.DUE, id="switches only warn (E12)"),
        pytest.param({"preferences": None}, Reason.DUE, id="preferences only warn (E12)"),
        pytest.param({"opted_out": True}, Reason.OPTED_OUT, id="SAIR blocks"),
        pytest.param({"archived": True}, Reason.ARCHIVED, id="archived"),
    ],
)
def test_a_message_written_by_hand_obeys_the_client_not_the_switches(
    changes: dict[str, Any], reason: Reason
) -> None:
    client = make_client(**changes)

    assert reason == recheck(Kind.GENERAL, None, client, TenantRules(), NINE).reason


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        pytest.param(TenantRules(paused=True), Reason.PAUSED, id="paused"),
        pytest.param(TenantRules(access_ended=True), Reason.ACCESS_ENDED, id="not paid"),
    ],
)
def test_what_stops_the_business_stops_what_is_written_by_hand_too(
    rules: TenantRules, reason: Reason
) -> None:
    assert reason == recheck(Kind.GENERAL, None, make_client(), rules, NINE).reason


def test_a_billing_that_was_asked_for_goes_on_a_day_of_rest_too() -> None:
    client = make_client(due_on=date(2026, 11, 26))
    sunday = datetime(2026, 11, 29, 9, 0)  # noqa: DTZ001 - the tenant's wall time
    rules = TenantRules(sundays=False)
    found = recheck(Kind.BILLING, client.due_on, client, rules, sunday, late_allowed=True)

    assert Reason.DUE == found.reason


@pytest.mark.parametrize("reason", list(Reason))
def test_every_stored_reason_has_a_sentence(reason: Reason) -> None:
    assert explain(reason.value).endswith(".")


def test_a_reason_from_another_version_still_gets_an_answer() -> None:
    assert "Não foi enviada (motivo: eclipse)." == explain("eclipse")


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_name_for_the_owner(kind: Kind) -> None:
    assert kind.label


def test_only_the_four_dated_kinds_are_automatic() -> None:
    assert set(DAYS_LATE) == {kind for kind in Kind if kind.automatic}


def test_the_defaults_are_those_of_decision_three() -> None:
    rules = TenantRules()
    defaults = {field.name: getattr(rules, field.name) for field in fields(rules)}

    assert {Kind.BILLING} == defaults["kinds"]
    assert (True, False, False) == (rules.sundays, rules.paused, rules.access_ended)


@pytest.mark.parametrize(
    ("opted_out", "farewell"),
    [pytest.param(False, False, id="as ever"), pytest.param(True, True, id="what confirms SAIR")],
)
def test_what_may_still_go_says_that_it_is_its_time(opted_out: bool, farewell: bool) -> None:
    client = make_client(opted_out=opted_out)
    found = recheck(Kind.GENERAL, None, client, TenantRules(), NINE, farewell=farewell)

    assert (Kind.GENERAL, Reason.DUE, explain(Reason.DUE)) == (
        found.kind,
        found.reason,
        found.sentence,
    )
