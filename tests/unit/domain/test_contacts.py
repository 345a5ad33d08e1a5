"""Phones in every Brazilian shape, and the two forms of a mobile."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contacts import (
    format_phone,
    mask_phone,
    parse_email,
    parse_phone,
    same_phone_key,
    whatsapp_candidates,
)
from errors import InvalidInput

AREAS = st.sampled_from(["11", "21", "31", "41", "51", "55", "61", "71", "85", "92", "98"])
OLD_NUMBERS = st.from_regex(r"[6-9][0-9]{7}", fullmatch=True)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("(11) 98765-4321", "+5511987654321", id="usual"),
        pytest.param("11987654321", "+5511987654321", id="digits"),
        pytest.param("+55 11 98765-4321", "+5511987654321", id="international"),
        pytest.param("5511987654321", "+5511987654321", id="country code without plus"),
        pytest.param("0 11 98765 4321", "+5511987654321", id="trunk zero"),
        pytest.param("015 11 98765-4321", "+5511987654321", id="carrier"),
        pytest.param("(11)9.8765.4321", "+5511987654321", id="dots"),
        pytest.param("11 98765–4321", "+5511987654321", id="typographic dash"),
        pytest.param("１１ 98765-4321", "+5511987654321", id="wide digits"),
        pytest.param("11 3333-4444", "+551133334444", id="landline"),
        pytest.param("11 8765-4321", "+551187654321", id="mobile without the ninth digit"),
        pytest.param("551187654321", "+551187654321", id="old mobile with country code"),
        pytest.param("55 99999-1234", "+5555999991234", id="area code 55"),
        pytest.param("55 9999-1234", "+555599991234", id="old mobile in area code 55"),
        pytest.param("+351 912 345 678", "+351912345678", id="Portugal"),
    ],
)
def test_a_phone_is_kept_as_typed_in_e164(typed: str, expected: str) -> None:
    assert expected == parse_phone(typed)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Faltou o telefone"),
        ("98765-4321", "Faltou o DDD"),
        ("8765-4321", "Faltou o DDD"),
        ("11 9876O-4321", "só pode ter números"),
        ("não sei", "só pode ter números"),
        ("11 98765-4321 / 11 91234-5678", "mande um só"),
        ("20 98765-4321", "confira o DDD"),
        ("11 987654321 0", "confira o DDD"),
        ("4004-1234", "Faltou o DDD"),
        ("0800 123 4567", "confira o DDD"),
        ("+", "só pode ter números"),
        ("1", "Não reconheci"),
        ("190", "confira o DDD"),
    ],
)
def test_a_phone_that_cannot_be_used_is_explained(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        parse_phone(typed)


@given(AREAS, OLD_NUMBERS)
def test_either_form_of_a_mobile_leads_to_the_other(area: str, number: str) -> None:
    short, long = f"+55{area}{number}", f"+55{area}9{number}"

    assert (short, long) == whatsapp_candidates(short)
    assert (long, short) == whatsapp_candidates(long)
    assert same_phone_key(short) == same_phone_key(long)


@pytest.mark.parametrize("e164", ["+551133334444", "+5511933334444", "+351912345678"])
def test_no_candidate_is_somebody_elses_landline(e164: str) -> None:
    assert (e164,) == whatsapp_candidates(e164)


@given(AREAS, OLD_NUMBERS, st.booleans())
def test_a_phone_survives_being_shown_and_typed_again(area: str, number: str, ninth: bool) -> None:
    e164 = f"+55{area}{'9' if ninth else ''}{number}"

    assert e164 == parse_phone(format_phone(e164)) == parse_phone(e164)


@given(st.text(max_size=30))
def test_any_text_is_an_e164_phone_or_a_clear_refusal(text: str) -> None:
    phone = "+5511987654321"
    with suppress(InvalidInput):
        phone = parse_phone(text)

    assert phone[0] == "+"
    assert phone[1:].isascii()
    assert phone[1:].isdecimal()
    assert len(phone) <= 16


def test_a_masked_phone_shows_area_and_last_two_digits_only() -> None:
    assert "+5511*******21" == mask_phone("+5511987654321")


@pytest.mark.parametrize(
    ("e164", "expected"),
    [
        ("+5511987654321", "(11) 98765-4321"),
        ("+551187654321", "(11) 8765-4321"),
        ("+351912345678", "+351 912 345 678"),
    ],
)
def test_a_phone_is_shown_as_people_write_it(e164: str, expected: str) -> None:
    assert expected == format_phone(e164)


def test_an_email_is_lower_cased() -> None:
    assert "ana.lima@exemplo.com.br" == parse_email("  Ana.Lima@Exemplo.com.br ")


@pytest.mark.parametrize(
    "typed",
    ["", "ana", "ana@", "@exemplo.com", "ana@exemplo", "a b@c.com", "a..b@c.com", "a@-c.com"],
)
def test_what_is_no_email_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match=r"nome@exemplo\.com"):
        parse_email(typed)
