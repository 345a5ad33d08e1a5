"""A day before it comes: who gets what, and why the others do not (J7)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.charter import Charter, OwnText, Tenant
from domain.reasons import Reason
from domain.rehearsal import (
    FATES,
    GOES,
    Fate,
    due_dates_of,
    foresee,
    foresee_by_hand,
    to_fill_in,
)
from domain.reminders import Kind
from domain.rulebook import Rulebook, rulebook
from tests.unit.domain.makers import TODAY, make_client, make_settings

NINE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
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


def book(text: str = "Oi, {primeiro_nome}!", **settings: object) -> Rulebook:
    """Rita's rules of the day."""
    own = {Kind.BILLING: OwnText(text, active=True)}
    return rulebook(Charter(1, RITA, make_settings(company="TV Boa", **settings), own), NINE)


def test_each_kind_speaks_about_its_own_due_date() -> None:
    assert {
        Kind.BILLING: date(2026, 11, 23),
        Kind.DUE_TODAY: TODAY,
        Kind.REMINDER_1_DAY: date(2026, 11, 25),
        Kind.REMINDER_2_DAYS: date(2026, 11, 26),
    } == due_dates_of(TODAY)


def test_who_is_billed_reads_the_words_of_the_day() -> None:
    found = foresee(book(), make_client(), Kind.BILLING, TODAY, NINE)

    assert (Fate.BILLING, ("Oi, Maria!",), True) == (found.fate, found.texts, found.goes)


def test_a_pause_ends_and_the_day_goes_on() -> None:
    found = foresee(book(queue_paused=True), make_client(), Kind.BILLING, TODAY, NINE)
    written = foresee_by_hand(book(queue_paused=True), make_client(), "Oi", TODAY, NINE)

    assert (True, True) == (found.goes, written.goes)


def test_what_was_made_already_is_not_made_again() -> None:
    found = foresee(book(), make_client(), Kind.BILLING, TODAY, NINE, made=True)

    assert (Fate.NOT, False, ()) == (found.fate, found.goes, found.texts)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"archived": True}, Reason.ARCHIVED),
        ({"opted_out": True}, Reason.OPTED_OUT),
        ({"receives_billing": False}, Reason.BILLING_OFF),
    ],
)
def test_who_gets_nothing_is_told_why(changes: dict[str, object], reason: Reason) -> None:
    found = foresee(book(), make_client(**changes), Kind.BILLING, TODAY, NINE)

    assert (Fate.NOT, reason) == (found.fate, found.reason)


def test_a_reminder_that_is_off_is_told_apart_from_a_billing_that_is() -> None:
    reminder = foresee(book(), make_client(due_on=TODAY), Kind.DUE_TODAY, TODAY, NINE)
    nothing = book(automatic_kinds=frozenset())
    billing = foresee(nothing, make_client(), Kind.BILLING, TODAY, NINE)

    assert (Fate.OFF, Reason.KIND_OFF) == (reminder.fate, reminder.reason)
    assert (Fate.NOT, Reason.KIND_OFF) == (billing.fate, billing.reason)


def test_a_text_that_lacks_a_value_names_what_is_missing() -> None:
    found = foresee(book("Oi: {valor}"), make_client(price=None), Kind.BILLING, TODAY, NINE)

    assert (Fate.NOT, ("valor",)) == (found.fate, found.missing)


def test_what_the_owner_wrote_goes_as_it_is() -> None:
    found = foresee_by_hand(book(), make_client(), "Até amanhã", TODAY, NINE)

    assert (Kind.GENERAL, Fate.BY_HAND, ("Até amanhã",), True) == (
        found.kind,
        found.fate,
        found.texts,
        found.goes,
    )


@pytest.mark.parametrize(
    ("missing", "has_pix", "expected"),
    [
        (("pix_copia_e_cola", "valor"), True, ("valor",)),
        (("pix_copia_e_cola",), False, ("pix_copia_e_cola",)),
        (("plano", "valor"), True, ("plano", "valor")),
    ],
)
def test_where_there_is_a_key_its_code_lacks_the_price_alone(
    missing: tuple[str, ...], has_pix: bool, expected: tuple[str, ...]
) -> None:
    assert expected == to_fill_in(missing, has_pix=has_pix)


def test_every_fate_but_two_gets_a_message() -> None:
    assert {Fate.NOT, Fate.OFF} == set(Fate) - GOES
    assert len(FATES) == len(set(FATES.values()))
