"""What WhatsApp's answers about a number are worth, and that no bill goes to a stranger (F5)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.whatsapp_numbers import (
    CLOCK_SLACK,
    Absent,
    KnownNumber,
    Reachable,
    Standing,
    Unasked,
    answers_for,
    forms_of,
    is_no_believed,
    phone_of,
    standing,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
MONTH = timedelta(days=30)
PHONE = "+5511987654321"
JID = "5511987654321@s.whatsapp.net"
OLD_JID = "551187654321@s.whatsapp.net"
LID = "123456789012345@lid"
DIGITS = st.text("0123456789", min_size=8, max_size=15)
PHONES = st.one_of(
    st.from_regex(r"\+55[1-9][1-9]9[0-9]{8}", fullmatch=True),
    st.from_regex(r"\+55[1-9][1-9][2-9][0-9]{7}", fullmatch=True),
    DIGITS.map(lambda digits: f"+{digits}"),
)
JIDS = st.one_of(
    DIGITS.map(lambda digits: f"{digits}@s.whatsapp.net"),
    st.from_regex(r"55[1-9][1-9]9?[0-9]{8}@(s\.whatsapp\.net|lid|g\.us)", fullmatch=True),
    st.text(max_size=40),
)


def known(jid: str | None, *, lid: str | None = None, age: timedelta = HOUR) -> KnownNumber:
    """An answer of some time ago."""
    return KnownNumber(jid, lid, NOW - age)


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        pytest.param(None, Unasked(), id="never asked"),
        pytest.param(known(JID), Reachable(JID), id="a yes"),
        pytest.param(known(OLD_JID), Reachable(OLD_JID), id="a yes for the other form"),
        pytest.param(known(JID, lid=LID), Reachable(JID, LID), id="a yes with the LID"),
        pytest.param(known(JID, lid="x@lid"), Reachable(JID), id="a LID that is none"),
        pytest.param(known(JID, lid=JID), Reachable(JID), id="a number in the LID's place"),
        pytest.param(known(JID, age=MONTH - SECOND), Reachable(JID), id="a yes of a month"),
        pytest.param(known(JID, age=MONTH), Unasked(), id="a yes older than a month"),
        pytest.param(known(None), Absent(), id="a no"),
        pytest.param(known(None, age=DAY - SECOND), Absent(), id="a no of a day"),
        pytest.param(known(None, age=DAY), Unasked(), id="a no older than a day"),
        pytest.param(known(JID, age=-HOUR), Unasked(), id="a yes from the future"),
        pytest.param(known(None, age=-200 * DAY), Unasked(), id="a no from the future"),
        pytest.param(known(JID, age=-SECOND), Reachable(JID), id="a clock a second apart"),
        pytest.param(known("5511987654320@s.whatsapp.net"), Unasked(), id="somebody else's"),
        pytest.param(known("5511987654321:2@s.whatsapp.net"), Unasked(), id="a device"),
        pytest.param(known("5511987654321@g.us"), Unasked(), id="a group"),
        pytest.param(known("5511987654321"), Unasked(), id="no server"),
    ],
)
def test_what_a_kept_answer_is_worth(kept: KnownNumber | None, expected: Standing) -> None:
    assert expected == standing(PHONE, kept, now=NOW, paired_at=NOW - 90 * DAY)


@pytest.mark.parametrize(
    ("after_pairing", "expected"),
    [
        pytest.param(timedelta(), False, id="at once"),
        pytest.param(HOUR - SECOND, False, id="within the hour"),
        pytest.param(HOUR, True, id="an hour later"),
        pytest.param(-SECOND, True, id="before it"),
        pytest.param(-200 * DAY, True, id="paired while the clock was wrong"),
    ],
)
def test_a_no_right_after_pairing_is_not_trusted(after_pairing: timedelta, expected: bool) -> None:
    assert expected == is_no_believed(NOW, NOW - after_pairing)


def test_a_no_that_was_kept_right_after_pairing_is_asked_again() -> None:
    kept = known(None, age=HOUR)

    assert Unasked() == standing(PHONE, kept, now=NOW, paired_at=NOW - HOUR - HOUR / 2)


def test_without_a_known_pairing_a_no_is_a_no() -> None:
    assert is_no_believed(NOW, None)


@given(phone=PHONES, jid=JIDS)
def test_only_the_typed_form_or_its_one_other_form_answers_for_a_phone(
    phone: str, jid: str
) -> None:
    allowed = {f"{form}@s.whatsapp.net" for form in forms_of(phone)}

    assert (jid in allowed) == answers_for(jid, phone)


@given(phone=PHONES, jid=JIDS, lid=st.none() | JIDS, age=st.timedeltas(-DAY, 40 * DAY))
def test_whatever_was_kept_no_stranger_is_ever_written_to(
    phone: str, jid: str, lid: str | None, age: timedelta
) -> None:
    kept = KnownNumber(jid, lid, NOW - age)

    found = standing(phone, kept, now=NOW, paired_at=None)

    assert isinstance(found, Unasked) or answers_for(jid, phone)


@given(phone=PHONES)
def test_a_phone_has_one_other_form_at_most_and_both_end_alike(phone: str) -> None:
    forms = forms_of(phone)

    assert phone.removeprefix("+") == forms[0]
    assert len(forms) <= 2
    assert 1 == len({form[-8:] for form in forms})


@pytest.mark.parametrize(
    ("jid", "expected"),
    [
        (None, None),
        ("5511988887777:12@s.whatsapp.net", "+5511988887777"),
        ("5511988887777@s.whatsapp.net", "+5511988887777"),
    ],
)
def test_the_number_of_an_account_is_before_its_device(
    jid: str | None, expected: str | None
) -> None:
    assert expected == phone_of(jid)


def test_an_answer_from_a_clock_a_little_ahead_is_worth_what_it_says() -> None:
    ahead = KnownNumber(JID, None, NOW + CLOCK_SLACK)
    too_far = KnownNumber(JID, None, NOW + CLOCK_SLACK + SECOND)

    assert Reachable(JID, None) == standing(PHONE, ahead, now=NOW, paired_at=None)
    assert Unasked() == standing(PHONE, too_far, now=NOW, paired_at=None)
