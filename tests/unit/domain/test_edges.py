"""Rules at their very edge: the last value that is let through, and the first that is not."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.clients import Client, parse_name, parse_notes, parse_plan, parse_server
from domain.contacts import format_phone, mask_phone, parse_email, same_phone_key
from domain.default_templates import DEFAULT_TEMPLATES
from domain.due_dates import Plan, plan_length
from domain.money import check_price, format_brl, parse_price
from domain.pacing import MAX_ATTEMPTS, PacingRules, new_chats_a_day, retry_delay
from domain.reasons import Reason, explain
from domain.reminders import DAYS_LATE, Kind, TenantRules, decide, recheck
from domain.retention import Retention
from domain.schedule import SendingWindow, parse_time
from domain.subscription import DATA_KEPT, Terms
from domain.template_values import Business, Facts, values_for
from domain.templates import VARIABLES
from domain.templates import parse as parse_text
from domain.text import one_line
from domain.typed_dates import check_year, parse_date
from errors import InvalidInput
from tests.unit.domain.makers import LONGEST, SHORTEST, TODAY, make_client

NINE = datetime(2026, 11, 24, 9, 0)  # noqa: DTZ001 - the tenant's wall time


def test_the_pace_is_that_of_the_rules_unless_it_is_set() -> None:
    assert (
        PacingRules(
            min_gap_s=12.0,
            max_gap_s=25.0,
            typing_chars_per_s=15.0,
            max_typing_s=8.0,
            per_hour=120,
            per_day=600,
            new_chats_by_week=(20, 40, 80, 120),
            start_step_s=10.0,
            longest_start_s=3600.0,
            backoff_base_s=60.0,
            backoff_max_s=3600.0,
        )
        == PacingRules()
    )


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.0), (0.5, 0.5), (1.0, 2.0)])
def test_a_gap_may_be_nothing_or_always_the_same(low: float, high: float) -> None:
    rules = PacingRules(min_gap_s=low, max_gap_s=high)

    assert (low, high) == (rules.min_gap_s, rules.max_gap_s)


def test_a_gap_below_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput):
        PacingRules(min_gap_s=-0.5, max_gap_s=1.0)


@pytest.mark.parametrize(
    ("attempt", "expected"),
    [
        pytest.param(0, (30.0, 60.0), id="before any"),
        pytest.param(1, (30.0, 60.0), id="first"),
        pytest.param(2, (60.0, 120.0), id="second"),
        pytest.param(4, (240.0, 480.0), id="fourth"),
        pytest.param(5, None, id="fifth and last"),
    ],
)
def test_a_failed_message_waits_longer_each_time_and_five_times_at_most(
    attempt: int, expected: tuple[float, float] | None
) -> None:
    waits = (
        retry_delay(PacingRules(), attempt, SHORTEST),
        retry_delay(PacingRules(), attempt, LONGEST),
    )

    assert (expected or (None, None)) == waits
    assert 5 == MAX_ATTEMPTS


def test_a_wait_has_a_ceiling() -> None:
    rules = PacingRules(backoff_base_s=3000.0)

    assert 3600.0 == retry_delay(rules, 2, LONGEST)


def test_a_number_that_pairs_again_in_the_future_starts_slowly() -> None:
    assert 20 == new_chats_a_day(PacingRules(), -7)


@pytest.mark.parametrize(
    ("read", "limit"),
    [
        pytest.param(parse_name, 100, id="name"),
        pytest.param(parse_plan, 60, id="plan"),
        pytest.param(parse_server, 60, id="server"),
        pytest.param(parse_notes, 500, id="notes"),
        pytest.param(lambda text: parse_text(text).text, 2000, id="a message's text"),
        pytest.param(lambda text: one_line(text, field="o campo", limit=7), 7, id="a line"),
    ],
)
def test_a_text_may_be_as_long_as_its_limit_and_no_longer(
    read: Callable[[str], str | None], limit: int
) -> None:
    assert "a" * limit == read("a" * limit)
    with pytest.raises(InvalidInput, match=str(limit)):
        read("a" * (limit + 1))


@pytest.mark.parametrize(
    ("read", "start", "limit"),
    [
        pytest.param(lambda text: parse_price(text[::-1]), "5", 30, id="a price"),
        pytest.param(lambda text: parse_date(text, TODAY), "25/12/2026 00:00:00.", 40, id="a date"),
    ],
)
def test_what_is_far_too_long_is_not_read_at_all(
    read: Callable[[str], object], start: str, limit: int
) -> None:
    assert read(start.ljust(limit, "0"))
    with pytest.raises(InvalidInput, match="Não entendi"):
        read(start.ljust(limit + 1, "0"))


def test_the_dearest_and_the_cheapest_price_are_taken() -> None:
    assert [Decimal("99999.99"), Decimal("0.01")] == [
        check_price(Decimal("99999.99")),
        check_price(Decimal("0.01")),
    ]


@pytest.mark.parametrize("amount", ["-0.01", "-1", "0", "0.001", "0.004"])
def test_less_than_a_cent_is_no_price(amount: str) -> None:
    with pytest.raises(InvalidInput, match="maior que zero"):
        check_price(Decimal(amount))


@pytest.mark.parametrize(
    ("amount", "expected"), [("0", "R$ 0,00"), ("-0.5", "-R$ 0,50"), ("0.5", "R$ 0,50")]
)
def test_money_around_nothing(amount: str, expected: str) -> None:
    assert expected == format_brl(Decimal(amount))


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("30 dias", 30), ("60 dias", 60), ("90d", 90), ("180", 180), ("360 dias", 360),
        ("Mensal", 30), ("bimestral", 60), ("Trimestral", 90), ("semestral", 180), ("Anual", 360),
    ],
)  # fmt: skip
def test_every_plan_of_a_known_length(name: str, days: int) -> None:
    assert Plan(days) == plan_length(name)


@pytest.mark.parametrize("days", [29, 31, 59, 61, 89, 91, 179, 181, 359, 361, 365])
def test_any_other_length_is_free_text(days: int) -> None:
    assert None is plan_length(f"{days} dias")


def test_a_client_receives_all_until_somebody_says_otherwise() -> None:
    client = Client(id=1, name="Ana", phone="+5511990000001", due_on=TODAY)

    assert (True, True, {}, False, False) == (
        client.receives_billing,
        client.receives_notices,
        client.preferences,
        client.archived,
        client.opted_out,
    )


@pytest.mark.parametrize("name", ["Ana", "Ana Maria", "Ana Maria de Souza"])
def test_the_first_name_is_one_word(name: str) -> None:
    assert "Ana" == make_client(name=name).first_name


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Kind.REMINDER_2_DAYS, "vence em 2 dias"),
        (Kind.REMINDER_1_DAY, "vence amanhã"),
        (Kind.DUE_TODAY, "vence hoje"),
        (Kind.BILLING, "ainda não vi o pagamento"),
        (Kind.RENEWAL, "recebi seu pagamento"),
        (Kind.WELCOME, "bem-vindo"),
        (Kind.GENERAL, "Tudo bem?"),
    ],
)
def test_a_default_text_says_what_its_kind_is_about(kind: Kind, words: str) -> None:
    assert words in DEFAULT_TEMPLATES[kind].text


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("00:00", time(0)), ("0h", time(0)), ("23:59", time(23, 59)), ("12h00", time(12))],
)
def test_the_day_begins_at_midnight_and_ends_a_minute_before(typed: str, expected: time) -> None:
    assert expected == parse_time(typed)


@pytest.mark.parametrize("typed", ["24:00", "23:60", "x", ""])
def test_there_is_no_twenty_fourth_hour_and_no_sixtieth_minute(typed: str) -> None:
    with pytest.raises(InvalidInput):
        parse_time(typed)


def test_a_window_of_no_length_is_refused() -> None:
    with pytest.raises(InvalidInput):
        SendingWindow(time(9), time(9))


@pytest.mark.parametrize(
    ("at", "open_then"),
    [(time(7, 59, 59), False), (time(8), True), (time(19, 59, 59), True), (time(20), False)],
)
def test_the_window_is_from_eight_until_eight(at: time, open_then: bool) -> None:
    assert open_then == SendingWindow().contains(at)


def test_a_subscription_is_a_week_for_nothing_and_twenty_reais_a_month() -> None:
    assert (timedelta(days=7), timedelta(days=30), Decimal("20.00"), timedelta(days=30)) == (
        Terms().trial,
        Terms().period,
        Terms().price,
        DATA_KEPT,
    )


@pytest.mark.parametrize("year", [2000, 2036])
def test_years_within_reach_are_taken(year: int) -> None:
    assert date(year, 1, 1) == check_year(date(year, 1, 1), TODAY)


@pytest.mark.parametrize("year", [1999, 2037])
def test_years_out_of_reach_are_a_slip(year: int) -> None:
    with pytest.raises(InvalidInput, match="parece errado"):
        check_year(date(year, 1, 1), TODAY)


@pytest.mark.parametrize(
    ("typed", "today", "expected"),
    [
        pytest.param("29/02", date(2096, 2, 29), date(2096, 2, 29), id="today"),
        pytest.param("dia 31", date(2026, 1, 31), date(2026, 1, 31), id="the 31st is today"),
        pytest.param("dia 1", date(2026, 12, 31), date(2027, 1, 1), id="over the year's end"),
        pytest.param("dia 30", date(2026, 1, 31), date(2026, 2, 28), id="a month that lacks it"),
    ],
)
def test_the_next_such_day(typed: str, today: date, expected: date) -> None:
    assert expected == parse_date(typed, today)


@pytest.mark.parametrize("day", [0, 32])
def test_no_month_has_such_a_day(day: int) -> None:
    with pytest.raises(InvalidInput, match=f"O dia {day} não existe"):
        parse_date(f"dia {day}", TODAY)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"paused": True}, Reason.PAUSED, id="a pause"),
        pytest.param({"access_ended": True}, Reason.ACCESS_ENDED, id="the end of the subscription"),
    ],
)
@pytest.mark.parametrize("kind", [kind for kind in Kind if not kind.automatic])
def test_a_pause_stops_manual_messages_too(
    kind: Kind, changes: dict[str, Any], reason: Reason
) -> None:
    rules = TenantRules(**changes)

    assert (None, reason) == (
        (decision := recheck(kind, None, make_client(), rules, NINE)).kind,
        decision.reason,
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_a_message_that_may_go_is_told_so(kind: Kind) -> None:
    due_on = TODAY - timedelta(days=DAYS_LATE.get(kind, 0))
    rules = TenantRules(kinds=frozenset(DAYS_LATE))
    decision = recheck(kind, due_on, make_client(due_on=due_on), rules, NINE)

    assert (kind, Reason.DUE, explain(Reason.DUE)) == (
        decision.kind,
        decision.reason,
        decision.sentence,
    )


@pytest.mark.parametrize(
    ("kind", "days_late"),
    [
        pytest.param(Kind.REMINDER_1_DAY, 5, id="a reminder"),
        pytest.param(Kind.DUE_TODAY, 2, id="the day itself"),
        pytest.param(Kind.BILLING, 0, id="not late yet"),
        pytest.param(Kind.BILLING, -1, id="due tomorrow"),
    ],
)
def test_the_owners_word_lets_only_a_late_billing_go(kind: Kind, days_late: int) -> None:
    client = make_client(due_on=TODAY - timedelta(days=days_late))
    rules = TenantRules(kinds=frozenset(DAYS_LATE))

    assert None is recheck(kind, client.due_on, client, rules, NINE, late_allowed=True).kind


def test_without_the_owners_word_a_late_billing_stays() -> None:
    client = make_client(due_on=TODAY - timedelta(days=5))

    assert None is recheck(Kind.BILLING, client.due_on, client, TenantRules(), NINE).kind


@pytest.mark.parametrize(
    ("kind", "days_late", "reason"),
    [
        pytest.param(Kind.DUE_TODAY, 1, Reason.DAY_PASSED, id="one day late"),
        pytest.param(Kind.DUE_TODAY, 2, Reason.LATE_TOO_LONG, id="two days late"),
        pytest.param(Kind.BILLING, 0, Reason.DAY_PASSED, id="a billing on the day itself"),
    ],
)
def test_a_missed_day_has_its_reason(kind: Kind, days_late: int, reason: Reason) -> None:
    client = make_client(due_on=TODAY - timedelta(days=days_late))
    rules = TenantRules(kinds=frozenset(DAYS_LATE))

    assert reason == recheck(kind, client.due_on, client, rules, NINE).reason


@pytest.mark.parametrize(
    ("days_ahead", "renewed_on", "reason"),
    [
        pytest.param(5, None, Reason.NOT_DUE_YET, id="not due"),
        pytest.param(5, TODAY, Reason.RENEWED, id="renewed"),
    ],
)
def test_who_is_not_late_is_told_so(
    days_ahead: int, renewed_on: date | None, reason: Reason
) -> None:
    client = make_client(due_on=TODAY + timedelta(days=days_ahead), renewed_on=renewed_on)

    assert reason == decide(client, TenantRules(kinds=frozenset({Kind.BILLING})), TODAY).reason


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        pytest.param(TODAY - timedelta(days=1), Reason.DUE, id="the same date"),
        pytest.param(TODAY - timedelta(days=2), Reason.RENEWED, id="moved on"),
        pytest.param(TODAY, Reason.DUE_DATE_CHANGED, id="moved back"),
    ],
)
def test_a_message_speaks_of_the_due_date_it_was_made_for(about: date, reason: Reason) -> None:
    assert reason == recheck(Kind.BILLING, about, make_client(), TenantRules(), NINE).reason


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        pytest.param(time(7, 59), Reason.WINDOW_NOT_OPEN, id="before"),
        pytest.param(time(8), Reason.DUE, id="at eight"),
        pytest.param(time(20), Reason.WINDOW_CLOSED, id="at its end"),
    ],
)
def test_the_window_stops_what_goes_by_itself(at: time, reason: Reason) -> None:
    now = datetime.combine(TODAY, at)

    assert reason == recheck(Kind.BILLING, None, make_client(), TenantRules(), now).reason


@pytest.mark.parametrize(
    ("days_late", "expected"),
    [
        pytest.param(-2, ("2", "0"), id="in two days"),
        pytest.param(0, ("0", "0"), id="today"),
        pytest.param(2, ("0", "2"), id="two days late"),
    ],
)
def test_days_to_come_and_days_late_are_never_below_nothing(
    days_late: int, expected: tuple[str, str]
) -> None:
    client = make_client(due_on=TODAY - timedelta(days=days_late))
    values = values_for(Facts(client, Business(), TODAY, NINE, None), VARIABLES)

    assert expected == (values["dias_para_vencer"], values["dias_de_atraso"])


def test_of_two_unknown_variables_the_first_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"\{zzz\}"):
        parse_text("{zzz} {yyy}")


def test_what_cannot_be_seen_is_a_space_in_a_line() -> None:
    assert "Ana Lima" == parse_name("Ana\x07Lima\x00")


@pytest.mark.parametrize(
    ("phone", "key"),
    [
        pytest.param("+5511987654321", "+551187654321", id="with the ninth digit"),
        pytest.param("+551187654321", "+551187654321", id="without"),
        pytest.param("+5511987654322", "+551187654322", id="another number"),
        pytest.param("+551133334444", "+551133334444", id="a landline"),
    ],
)
def test_both_forms_of_a_mobile_are_one_number(phone: str, key: str) -> None:
    assert key == same_phone_key(phone)


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        pytest.param("+5511987654321", "+5511*******21", id="a mobile"),
        pytest.param("+123456", "+123456", id="nothing between"),
        pytest.param("+1234567", "+1234*67", id="one digit between"),
    ],
)
def test_a_log_shows_the_ends_of_a_number_only(phone: str, shown: str) -> None:
    assert shown == mask_phone(phone)


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        pytest.param("+5511987654321", "(11) 98765-4321", id="eleven digits"),
        pytest.param("+551133334444", "(11) 3333-4444", id="ten digits"),
        pytest.param("+16502530000", "+1 650-253-0000", id="ten digits of another country"),
        pytest.param("+351912345678", "+351 912 345 678", id="another country"),
    ],
)
def test_a_number_is_shown_as_its_country_writes_it(phone: str, shown: str) -> None:
    assert shown == format_phone(phone)


@pytest.mark.parametrize(
    "email",
    [
        pytest.param("a" * 64 + "@exemplo.com", id="64 letters before the at sign"),
        pytest.param("a" * 6 + "@" + ".".join(["b" * 60] * 4) + ".com", id="254 in all"),
    ],
)
def test_the_longest_email_is_taken_and_a_longer_one_is_not(email: str) -> None:
    assert email == parse_email(email)
    with pytest.raises(InvalidInput):
        parse_email("a" + email)


def test_nothing_is_kept_longer_than_it_says() -> None:
    kept = Retention()

    assert [180, 90, 90, 7, 90, 60, 90, 1] == [
        kept.log.days,
        kept.replies.days,
        kept.notices.days,
        kept.updates.days,
        kept.set_aside.days,
        kept.numbers.days,
        kept.webhooks.days,
        kept.replicas.days,
    ]
