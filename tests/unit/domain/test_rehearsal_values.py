"""A day before it comes: who gets what, and for the others why not (J7)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.charter import OwnText
from domain.pix import PixKey, PixKeyKind
from domain.reasons import Reason
from domain.rehearsal import (
    FATES,
    FURTHEST,
    GOES,
    Fate,
    Foreseen,
    due_dates_of,
    foresee,
    foresee_by_hand,
    to_fill_in,
)
from domain.reminders import Kind
from domain.rulebook import rulebook
from tests.unit.domain.makers import TODAY, make_client
from tests.unit.domain.test_rulebook import NINE, charter

CLIENT = make_client(id=4)
ALL_KINDS = frozenset(FATES)
TEXTS = {kind: OwnText("Oi, {primeiro_nome}!", active=True) for kind in FATES}
BOOK = rulebook(charter(TEXTS, automatic_kinds=ALL_KINDS), NINE)
SAYS_PRICE = {Kind.BILLING: OwnText("São {valor}. {pix_copia_e_cola}", active=True)}
KEY = PixKey(PixKeyKind.EMAIL, "rita@example.com")


def due(late: int) -> date:
    """The due date of somebody who is `late` days late on the day."""
    return TODAY - timedelta(days=late)


@pytest.mark.parametrize(
    ("kind", "late", "fate", "sentence"),
    [
        (Kind.BILLING, 1, Fate.BILLING, "cobrança do 1º dia de atraso"),
        (Kind.DUE_TODAY, 0, Fate.DUE_TODAY, "aviso do dia do vencimento"),
        (Kind.REMINDER_1_DAY, -1, Fate.DUE_TOMORROW, "lembrete de 1 dia antes"),
        (Kind.REMINDER_2_DAYS, -2, Fate.DUE_IN_2_DAYS, "lembrete de 2 dias antes"),
    ],
)
def test_each_kind_has_its_list(kind: Kind, late: int, fate: Fate, sentence: str) -> None:
    client = make_client(due_on=due(late))
    expected = Foreseen(
        client=client,
        kind=kind,
        fate=fate,
        reason=Reason.DUE,
        sentence=f"Hoje é dia de mandar: {sentence}.",
        texts=("Oi, Maria!",),
        missing=(),
    )
    found = foresee(BOOK, client, kind, TODAY, NINE)

    assert (expected, True) == (found, found.goes)


@pytest.mark.parametrize(
    ("fate", "code", "goes"),
    [
        (Fate.BILLING, "b", True),
        (Fate.DUE_TODAY, "v", True),
        (Fate.DUE_TOMORROW, "1", True),
        (Fate.DUE_IN_2_DAYS, "2", True),
        (Fate.BY_HAND, "m", True),
        (Fate.NOT, "x", False),
        (Fate.OFF, "o", False),
    ],
)
def test_who_gets_a_message_is_in_one_of_the_lists_that_go(
    fate: Fate, code: str, goes: bool
) -> None:
    foreseen = Foreseen(
        client=CLIENT, kind=Kind.BILLING, fate=fate, reason=Reason.DUE, sentence="É hoje."
    )

    assert (code, goes, goes, (), ()) == (
        fate.value,
        foreseen.goes,
        fate in GOES,
        foreseen.texts,
        foreseen.missing,
    )


def test_each_kind_speaks_about_a_due_date_of_its_own() -> None:
    assert {
        Kind.REMINDER_2_DAYS: date(2026, 11, 26),
        Kind.REMINDER_1_DAY: date(2026, 11, 25),
        Kind.DUE_TODAY: date(2026, 11, 24),
        Kind.BILLING: date(2026, 11, 23),
    } == due_dates_of(TODAY)


def test_a_year_and_a_day_is_looked_at() -> None:
    assert timedelta(days=366) == FURTHEST


def test_a_pause_ends_before_the_day_comes() -> None:
    paused = replace(BOOK, rules=replace(BOOK.rules, paused=True))

    assert foresee(BOOK, CLIENT, Kind.BILLING, TODAY, NINE) == foresee(
        paused, CLIENT, Kind.BILLING, TODAY, NINE
    )
    assert foresee_by_hand(BOOK, CLIENT, "Oi", TODAY, NINE) == foresee_by_hand(
        paused, CLIENT, "Oi", TODAY, NINE
    )


@pytest.mark.parametrize(
    ("made", "fate", "reason"),
    [
        pytest.param(False, Fate.BILLING, Reason.DUE, id="not yet"),
        pytest.param(True, Fate.NOT, Reason.ALREADY_MADE, id="on another day (E6)"),
    ],
)
def test_what_the_queue_has_had_goes_no_second_time(made: bool, fate: Fate, reason: Reason) -> None:
    found = foresee(BOOK, CLIENT, Kind.BILLING, TODAY, NINE, made=made)

    assert (fate, reason) == (found.fate, found.reason)


def test_by_itself_nothing_is_taken_for_made() -> None:
    assert foresee(BOOK, CLIENT, Kind.BILLING, TODAY, NINE).goes


@pytest.mark.parametrize(
    ("kind", "late", "fate"),
    [
        pytest.param(Kind.BILLING, 1, Fate.NOT, id="a billing is missed"),
        pytest.param(Kind.DUE_TODAY, 0, Fate.OFF, id="a reminder is as chosen"),
    ],
)
def test_a_kind_that_is_switched_off_is_told_as_one(kind: Kind, late: int, fate: Fate) -> None:
    client = make_client(due_on=due(late))
    off = replace(BOOK, rules=replace(BOOK.rules, kinds=frozenset()))
    silent = replace(BOOK, rules=replace(BOOK.rules, without_text=frozenset({kind})))

    found = [foresee(book, client, kind, TODAY, NINE) for book in (off, silent)]

    assert [(fate, Reason.KIND_OFF), (fate, Reason.TEMPLATE_OFF)] == [
        (one.fate, one.reason) for one in found
    ]
    assert [f"Você deixou desligado nos ajustes: {kind.label}.", (kind, client)] == [
        found[0].sentence,
        (found[0].kind, found[0].client),
    ]


def test_a_reminder_kept_back_by_the_client_is_no_choice_for_all() -> None:
    client = make_client(due_on=TODAY, receives_notices=False)
    found = foresee(BOOK, client, Kind.DUE_TODAY, TODAY, NINE)

    assert (Fate.NOT, Reason.NOTICES_OFF) == (found.fate, found.reason)
    assert "Os avisos deste cliente estão desligados." == found.sentence


def test_a_text_that_lacks_a_price_says_so_once() -> None:
    book = rulebook(
        charter(SAYS_PRICE, pix_key=KEY, pix_beneficiary="Rita", pix_city="Recife"), NINE
    )
    found = foresee(book, replace(CLIENT, price=None), Kind.BILLING, TODAY, NINE)

    assert (Fate.NOT, Reason.MISSING_VALUES, ("valor",), "", ()) == (
        found.fate,
        found.reason,
        found.missing,
        found.sentence,
        found.texts,
    )


def test_without_a_pix_key_the_code_is_what_lacks() -> None:
    book = rulebook(charter(SAYS_PRICE), NINE)
    found = foresee(book, replace(CLIENT, price=None), Kind.BILLING, TODAY, NINE)

    assert ("valor", "pix_copia_e_cola") == found.missing


@pytest.mark.parametrize(
    ("missing", "has_pix", "expected"),
    [
        pytest.param((), True, (), id="nothing"),
        pytest.param(("suporte", "valor"), True, ("suporte", "valor"), id="as they are"),
        pytest.param(("pix_copia_e_cola",), True, ("valor",), id="a code without its price"),
        pytest.param(("pix_copia_e_cola",), False, ("pix_copia_e_cola",), id="no key"),
        pytest.param(
            ("valor", "pix_copia_e_cola", "suporte"), True, ("valor", "suporte"), id="once"
        ),
        pytest.param(("valor",), False, ("valor",), id="a price without a key"),
    ],
)
def test_what_the_owner_must_fill_in(
    missing: tuple[str, ...], has_pix: bool, expected: tuple[str, ...]
) -> None:
    assert expected == to_fill_in(missing, has_pix=has_pix)


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        pytest.param(
            datetime(2026, 11, 24, 10, 59, 59, tzinfo=UTC), Reason.WINDOW_NOT_OPEN, id="before"
        ),
        pytest.param(datetime(2026, 11, 24, 11, tzinfo=UTC), Reason.DUE, id="as it opens"),
        pytest.param(datetime(2026, 11, 24, 23, tzinfo=UTC), Reason.WINDOW_CLOSED, id="after"),
    ],
)
def test_its_turn_counts_as_on_its_day(at: datetime, reason: Reason) -> None:
    found = foresee(BOOK, CLIENT, Kind.BILLING, TODAY, at)

    assert (reason, reason is Reason.DUE, bool(found.texts)) == (
        found.reason,
        found.goes,
        found.goes,
    )


def test_what_no_window_has_room_for_any_more_does_not_go() -> None:
    texts = {Kind.BILLING: OwnText("Oi {pix_copia_e_cola}", active=True)}
    book = rulebook(charter(texts, pix_key=KEY, pix_beneficiary="Rita", pix_city="Recife"), NINE)
    opens, closes = book.sending_hours(TODAY)
    first, last = (
        foresee(book, CLIENT, Kind.BILLING, TODAY, at)
        for at in (opens, closes - timedelta(seconds=1))
    )

    assert (2, Reason.DUE) == (len(first.texts), first.reason)
    assert ((), Reason.WINDOW_CLOSED, Fate.NOT) == (last.texts, last.reason, last.fate)


def test_access_that_ends_before_the_day_is_why_not() -> None:
    ended = replace(BOOK, rules=replace(BOOK.rules, access_ended=True))

    assert (Reason.ACCESS_ENDED, Reason.ACCESS_ENDED) == (
        foresee(ended, CLIENT, Kind.BILLING, TODAY, NINE).reason,
        foresee_by_hand(ended, CLIENT, "Oi", TODAY, NINE).reason,
    )


def test_what_the_owner_has_scheduled_goes_as_it_was_written() -> None:
    expected = Foreseen(
        client=CLIENT,
        kind=Kind.GENERAL,
        fate=Fate.BY_HAND,
        reason=Reason.DUE,
        sentence="",
        texts=("Oi, Maria!",),
    )

    assert expected == foresee_by_hand(BOOK, CLIENT, "Oi, {primeiro_nome}!", TODAY, NINE)


@pytest.mark.parametrize("due_on", [TODAY - timedelta(days=90), TODAY, TODAY + timedelta(days=90)])
def test_what_was_scheduled_asks_for_no_due_date(due_on: date) -> None:
    assert foresee_by_hand(BOOK, make_client(due_on=due_on), "Oi", TODAY, NINE).goes


def test_what_was_scheduled_is_kept_back_as_any_message() -> None:
    opted_out = foresee_by_hand(BOOK, make_client(opted_out=True), "Oi", TODAY, NINE)
    lacking = foresee_by_hand(BOOK, make_client(price=None), "São {valor}", TODAY, NINE)

    assert [
        (Kind.GENERAL, Fate.NOT, Reason.OPTED_OUT, ()),
        (Kind.GENERAL, Fate.NOT, Reason.MISSING_VALUES, ("valor",)),
    ] == [(one.kind, one.fate, one.reason, one.missing) for one in (opted_out, lacking)]


def test_a_due_date_that_is_of_another_day_is_no_message() -> None:
    found = foresee(BOOK, make_client(due_on=due(2)), Kind.BILLING, TODAY, NINE)

    assert (Fate.NOT, Reason.LATE_TOO_LONG) == (found.fate, found.reason)


def test_a_text_that_grows_too_long_for_one_client_is_found_before_its_day() -> None:
    book = rulebook(charter({Kind.BILLING: OwnText("{nome} " * 50, active=True)}), NINE)
    short, long = (
        foresee(book, make_client(name=name), Kind.BILLING, TODAY, NINE)
        for name in ("Maria", "a" * 100)
    )

    assert [(Fate.BILLING, Reason.DUE), (Fate.NOT, Reason.TOO_LONG)] == [
        (short.fate, short.reason),
        (long.fate, long.reason),
    ]
