"""Phones in every Brazilian shape, and the two forms of a mobile."""

import re
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
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
        pytest.param("55 11 8765-4321", "+551187654321", id="old mobile with country code"),
        pytest.param("5511 8765 4321", "+551187654321", id="old mobile, country and area as one"),
        pytest.param("55 99999-1234", "+5555999991234", id="area code 55"),
        pytest.param("55 9999-1234", "+555599991234", id="old mobile in area code 55"),
        pytest.param("+351 912 345 678", "+351912345678", id="Portugal"),
        pytest.param("+1 (415) 555-2671", "+14155552671", id="United States"),
        pytest.param("1133334444", "+551133334444", id="landline, digits only"),
        pytest.param("551133334444", "+551133334444", id="landline with country code"),
        pytest.param("(11) 33334444", "+551133334444", id="landline, unbroken"),
        pytest.param("1 1 9 8 7 6 5 4 3 2 1", "+5511987654321", id="spelled out"),
        pytest.param("11.987.654.321", "+5511987654321", id="grouped as a sum"),
        pytest.param("1198765-4321", "+5511987654321", id="glued to its area code"),
        pytest.param("119 8765 4321", "+5511987654321", id="ninth digit at the area code"),
        pytest.param("11 9 8765-4321", "+5511987654321", id="ninth digit alone"),
        pytest.param("11 98 76 54 321", "+5511987654321", id="in pairs"),
        pytest.param("📱 11 98765-4321 ☎", "+5511987654321", id="among symbols"),
        pytest.param("+1415 555 2671", "+14155552671", id="country glued to what follows"),
        pytest.param("55 (11) 33334444", "+551133334444", id="landline, unbroken, with country"),
        pytest.param("[11] 98765-4321", "+5511987654321", id="square brackets"),
        pytest.param("98 98877-7711", "+5598988777711", id="area code 98"),
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
        ("(11) 98765-432", "Parece que falta um número"),
        ("11 98765432", "Parece que falta um número"),
        ("1198765432", "Parece que falta um número"),
        ("551198765432", "Parece que falta um número"),
        ("+55 11 98765-432", "Parece que falta um número"),
        ("+551187654321", "Parece que falta um número"),
        ("wa.me/551198765432", "Parece que falta um número"),
        ("(11) 9876-543", "confira o DDD|Faltou o DDD"),
        ("(11) 987-65432", "Parece que falta um número"),
        ("(11) 9 8765-432", "Parece que falta um número"),
        ("118765-4321", "Parece que falta um número"),
        ("1 98765-4321", "confira o DDD"),
        ("1 9 8765-4321", "confira o DDD"),
        ("1 94765-4321", "confira o DDD"),
        ("(11) 98765-43210", "confira o DDD"),
        ("11 9876 5432 1", "confira o DDD"),
        ("11 9 8 7654321", "confira o DDD"),
        ("11 9 8765432 1", "confira o DDD"),
        ("1133 334444", "Parece que falta um número"),
        ("1187654321", "Parece que falta um número"),
        ("(11) 333 34444", "Parece que falta um número"),
        ("98765-4321 11", "confira o DDD"),
        ("98988-7777 (11)", "confira o DDD"),
        ("9898 8777 011", "confira o DDD"),
        ("(11) 18765-4321", "confira o DDD"),
        ("11 98888-7777 / 11 97777-6666", "mande um só"),
        ("(11) 3333-4444 / 98888-7777", "mande um só"),
        ("3333-4444, 3333-5555", "mande um só"),
        ("11 98888-7777 ou 97777-6666", "mande um só"),
        ("11 98888-7777\n11 97777-6666", "mande um só"),
        ("11 98888-7777 / 6666", "confira o DDD"),
        ("xx 98765-4321", "Faltou o DDD"),
        ("5,5119E+12", "os últimos números se perderam"),
        ("1.19889E+10", "os últimos números se perderam"),
        ("1.198888777E10", "os últimos números se perderam"),
        ("1198765432.0", "Parece que falta um número"),
        ("0051 98765-4321", "confira o DDD"),
        ("+5 11 98765-4321", "confira o DDD"),
        ("+5 41 98765-4321", "confira o DDD"),
        ("+542914501234", "confira o DDD"),
        ("++", "Faltou o telefone|só pode ter números"),
        ("tel:", "Faltou o telefone|só pode ter números"),
        ("wa.me/5511988887777 wa.me/5511977776666", "mande um só"),
        ("11 97777-6666 wa.me/5511988887777", "mande um só"),
        ("wa.me/11988887777", "confira o DDD"),
        ("https://wa.me/", "só pode ter números"),
        ("https://chat.whatsapp.com/AbC123", "só pode ter números"),
        ("Maria 11 98765-4321", "só pode ter números"),
        ("11 3333-4444 ramal 12", "só pode ter números"),
    ],
)
def test_a_phone_that_cannot_be_used_is_explained(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        parse_phone(typed)


@pytest.mark.parametrize(
    "country", ["+55 {}", "+55{}", "(+55) {}", "+ 55 {}", "wa.me/55{}", "0055 {}"]
)
@given(local=st.from_regex(r"9[1-9][0-9]{3}-[0-9]{4}|[2-5][0-9]{3}-[0-9]{4}", fullmatch=True))
@example(local="98765-4321")
@example(local="3333-4444")
def test_the_code_of_the_country_is_never_taken_for_the_area_55(country: str, local: str) -> None:
    with pytest.raises(InvalidInput):
        parse_phone(country.format(local))


DECORATED = [
    "\u202a{}\u202c", "\u2066{}\u2069", "\u200e{}", "\u200f{}\u200b", "\ufeff{}",
    "\u00a0{}\u2003", "\u00ad{}\u2060", "{}\0", "\u3164{}", "'{}", '="{}"', "={}", '"{}"', "“{}”",
    "‘{}’", "`{}`", "{};", "{},", "{}.", "{} ;", "- {}", "*{}*", "📱 {}", "☎️{}", "<{}>", "[{}]",
    "Tel.: {}", "tel {}", "TEL:{}", "Telefone: {}", "Fone {}", "fone/whats: {}", "WhatsApp: {}",
    "Whats App {}", "Cel. {}", "CEL{}", "Celular - {}", "zap {}", "Contato: {}", "Nº {}",
    "{} (WhatsApp)", "{} whats", "{} - zap", "{} cel.", "tel:{}", "TEL;TYPE=CELL:{}",
]  # fmt: skip
NATIONAL = [
    "({a}) {n5}-{n4}", "{a}{n5}{n4}", "{a} {n5} {n4}", "{a} 9 {r4}-{n4}", "({a})9.{r4}.{n4}",
    "{a}-{n5}-{n4}", "{a}/{n5}{n4}", "{a}{n5}-{n4}", "0{a} {n5}-{n4}", "(0{a}) {n5}-{n4}",
    "0xx{a} {n5}-{n4}", "(0xx{a}) {n5}-{n4}", "0XX({a}) {n5}{n4}", "0**{a} {n5} {n4}",
    "(xx{a}) {n5}-{n4}", "015 {a} {n5}-{n4}", "0 21 {a} {n5} {n4}", "041{a}{n5}{n4}",
]  # fmt: skip
INTERNATIONAL = [
    "+55 {a} {n5}-{n4}", "+55{a}{n5}{n4}", "55 {a} {n5}-{n4}", "55{a}{n5}{n4}",
    "+55 (0){a} {n5}-{n4}", "+55 (0{a}) {n5}-{n4}", "+(55) {a} {n5}-{n4}", "(+55) {a} {n5} {n4}",
    "0055{a}{n5}{n4}", "0055 {a} {n5}-{n4}", "00 55 ({a}) {n5}-{n4}",
]  # fmt: skip
LINKS = [
    "wa.me/55{a}{n5}{n4}", "https://wa.me/55{a}{n5}{n4}?text=Oi%2011",
    "http://wa.me/+55{a}{n5}{n4}/", "https://api.whatsapp.com/send?phone=55{a}{n5}{n4}&text=oi",
    "api.whatsapp.com/send/?phone=%2B55{a}{n5}{n4}",
    "https://web.whatsapp.com/send?text=1&phone=55{a}{n5}{n4}",
    "whatsapp://send?phone=55{a}{n5}{n4}", "tel:+55-{a}-{n5}-{n4}",
    "55{a}{n5}{n4}@s.whatsapp.net", "Me chama: wa.me/55{a}{n5}{n4}",
    '=HYPERLINK("https://wa.me/55{a}{n5}{n4}")',
]  # fmt: skip
MOBILES = st.from_regex(r"9[1-9][0-9]{7}", fullmatch=True)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def written(shape: str, area: str, mobile: str) -> str:
    """The mobile, area code apart, in one of the shapes people use."""
    return shape.format(a=area, n5=mobile[:5], r4=mobile[1:5], n4=mobile[5:])


@example(
    shape=NATIONAL[0],
    decorations=["TEL;TYPE=CELL:{}", "tel:{}"],
    area="11",
    mobile="910000000",
    wide=False,
)
@given(
    shape=st.sampled_from(NATIONAL + INTERNATIONAL),
    decorations=st.lists(st.sampled_from(DECORATED), max_size=2),
    area=AREAS,
    mobile=MOBILES,
    wide=st.booleans(),
)
def test_whatever_is_around_a_number_it_is_that_number(
    shape: str, decorations: list[str], area: str, mobile: str, wide: bool
) -> None:
    typed = written(shape, area, mobile)
    for decoration in decorations:
        typed = decoration.format(typed)
    typed = typed.translate(WIDE) if wide else typed

    assert f"+55{area}{mobile}" == parse_phone(typed)


@given(st.sampled_from(LINKS), AREAS, MOBILES)
def test_a_link_to_a_chat_is_its_number(shape: str, area: str, mobile: str) -> None:
    assert f"+55{area}{mobile}" == parse_phone(f"  {written(shape, area, mobile)}\n")


@given(AREAS, MOBILES, st.sampled_from(["", "+"]))
def test_what_a_spreadsheet_made_of_a_number_is_taken_when_no_digit_was_lost(
    area: str, mobile: str, plus: str
) -> None:
    digits = f"{area}{mobile}"

    assert f"+55{digits}" == parse_phone(f"{digits[0]}.{digits[1:]}E{plus}10")
    assert f"+55{digits}" == parse_phone(f"5,5{digits}E{plus}12")
    assert f"+55{digits}" == parse_phone(f"{digits}.0")


SHAPES = st.sampled_from(NATIONAL + INTERNATIONAL + LINKS)
WRITTEN_4_PLUS_4 = re.compile(r"\d\d\D+\d{4}\D+\d{4}$")
LANDLINE_AS_ONE = re.compile(r"\d\d\D*[2-5]\d{7}(?!\d)")


def accepted(typed: str) -> str | None:
    """What became of `typed`."""
    with suppress(InvalidInput):
        return parse_phone(typed)
    return None


@given(SHAPES, AREAS, MOBILES, st.data())
@settings(max_examples=400)
def test_a_digit_less_is_never_somebody_elses_number(
    shape: str, area: str, mobile: str, data: st.DataObject
) -> None:
    right = f"+55{area}{mobile}"
    typed = written(shape, area, mobile)
    place = data.draw(st.sampled_from([at for at, mark in enumerate(typed) if mark.isdigit()]))
    short = typed[:place] + typed[place + 1 :]
    found = accepted(short)

    # Decision 6 lets 4+4 stand for itself, and so does a landline whose ten digits are all there.
    stands_for_itself = WRITTEN_4_PLUS_4.search(short) or LANDLINE_AS_ONE.search(short)
    assert found in {None, right} or stands_for_itself


@given(SHAPES, AREAS, MOBILES, st.data())
@settings(max_examples=400)
def test_a_digit_more_is_never_somebody_elses_number(
    shape: str, area: str, mobile: str, data: st.DataObject
) -> None:
    typed = written(shape, area, mobile)
    place = data.draw(st.sampled_from([at for at, mark in enumerate(typed) if mark.isdigit()]))
    digit = data.draw(st.sampled_from("0123456789"))

    long = typed[:place] + digit + typed[place:]

    # 5 51 9…, 55 1 9…: a 5 more before such an area code can make country, area and eight digits.
    stands_for_itself = area.startswith("5") and (
        WRITTEN_4_PLUS_4.search(long) or LANDLINE_AS_ONE.search(long)
    )
    assert accepted(long) in {None, f"+55{area}{mobile}"} or stands_for_itself


@given(AREAS, MOBILES)
def test_nothing_but_the_number_and_its_one_other_form_is_asked_about(
    area: str, mobile: str
) -> None:
    forms = whatsapp_candidates(f"+55{area}{mobile}")

    assert f"+55{area}{mobile}" == forms[0]
    assert set(forms) <= {f"+55{area}{mobile}", f"+55{area}{mobile[1:]}"}


@given(AREAS, OLD_NUMBERS)
def test_either_form_of_a_mobile_leads_to_the_other(area: str, number: str) -> None:
    short, long = f"+55{area}{number}", f"+55{area}9{number}"

    assert (short, long) == whatsapp_candidates(short)
    assert (long, short) == whatsapp_candidates(long)
    assert short == same_phone_key(short) == same_phone_key(long)


@pytest.mark.parametrize(
    "e164", ["+551133334444", "+5511933334444", "+5511912345678", "+351912345678"]
)
def test_no_candidate_is_somebody_elses_landline(e164: str) -> None:
    assert (e164,) == whatsapp_candidates(e164)


@given(AREAS, OLD_NUMBERS, st.booleans())
def test_a_phone_survives_being_shown_and_typed_again(area: str, number: str, ninth: bool) -> None:
    e164 = f"+55{area}{'9' if ninth else ''}{number}"

    assert e164 == parse_phone(format_phone(e164))


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
    [
        "",
        "ana",
        "ana@",
        "@exemplo.com",
        "ana@exemplo",
        "a b@c.com",
        "a..b@c.com",
        "a@-c.com",
        f"{'a' * 65}@c.com",
        f"a@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 63}.com",
    ],
)
def test_what_is_no_email_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match=r"nome@exemplo\.com"):
        parse_email(typed)
