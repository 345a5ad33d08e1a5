"""The longest text with the longest client fits a message, or is refused when it is saved."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clients import MAX_NAME_CHARS, MAX_NOTES_CHARS, parse_name, parse_notes
from domain.default_templates import DEFAULT_TEMPLATES
from domain.money import MAX_PRICE
from domain.pix import PixKey, PixKeyKind, PixReceiver
from domain.reminders import Kind
from domain.tags import MAX_VALUE_CHARS
from domain.template_values import Business, Facts, values_for
from domain.templates import MAX_MESSAGE_CHARS, VARIABLES, parse, render
from domain.text_lengths import LONGEST, longest, too_long
from errors import InvalidInput
from tests.unit.domain.makers import make_client

OWN = {"usuario": "7"}
MONEY = st.decimals(min_value="0.01", max_value=MAX_PRICE, places=2)
EVERY_CHARACTER = st.characters(exclude_categories=())


def legal(parse_it: Any, most: int) -> Any:
    """Texts up to `most` letters that a field takes, in every script there is."""

    def taken(text: str) -> str | None:
        try:
            found: str | None = parse_it(text)
        except InvalidInput:
            return None
        return found

    short = st.text(alphabet=EVERY_CHARACTER, min_size=1, max_size=12)
    long = short.map(lambda text: (text * most)[:most])
    return (short | long).map(taken).filter(bool)


CLIENTS = st.builds(
    make_client,
    name=legal(parse_name, MAX_NAME_CHARS),
    notes=legal(parse_notes, MAX_NOTES_CHARS),
    phone=st.from_regex(r"\+[1-9][0-9]{7,14}", fullmatch=True),
    price=MONEY,
    due_on=st.dates(),
    plan=st.just("p" * 60),
    server=st.just("s" * 60),
    own_values=st.just({"7": "v" * MAX_VALUE_CHARS}),
)
BIG = PixReceiver(key=PixKey(PixKeyKind.EMAIL, "a" * 77), name="A" * 120, city="A" * 15)
SHOP = Business(name="e" * 120, phone="9" * 40, support="s" * 120)


def facts(client: Any, today: date, at: time) -> Facts:
    return Facts(client, SHOP, today, datetime.combine(today, at), BIG, OWN)


def test_every_variable_has_a_longest_value() -> None:
    assert set(VARIABLES) == set(LONGEST)


@given(CLIENTS, st.dates(), st.times())
def test_no_legal_client_has_a_longer_value_than_is_reckoned_with(
    client: Any, today: date, at: time
) -> None:
    values = values_for(facts(client, today, at), [*VARIABLES, *OWN])

    longer = {
        name: len(value)
        for name, value in values.items()
        if value is not None and len(value) > LONGEST.get(name, MAX_VALUE_CHARS)
    }

    assert {} == longer


@given(
    st.lists(st.sampled_from([*sorted(VARIABLES), "usuario"]), min_size=1, max_size=60),
    CLIENTS,
    st.dates(),
)
def test_a_text_that_can_be_saved_is_never_too_long_a_message(
    names: list[str], client: Any, today: date
) -> None:
    text = " ".join(f"{{{name}}}" for name in names)
    template = parse(text, OWN)
    values = values_for(facts(client, today, time(9)), template.variables)
    fits = too_long(text) is None

    assert not fits or len(render(template, values)) <= MAX_MESSAGE_CHARS


def test_the_longest_message_is_reckoned_letter_by_letter() -> None:
    client = make_client(name="Ana 😀" + "a" * 95, notes="😀" * 500, price=Decimal("99999.99"))
    text = "😀 {nome}: {valor}. {informacoes}{informacoes}"
    values = values_for(facts(client, date(2026, 11, 25), time(9)), parse(text).variables)

    assert longest(text) == len(render(parse(text), values))


def test_a_text_that_fills_a_message_to_the_last_letter_is_taken() -> None:
    whole = "{informacoes}" * 8

    assert MAX_MESSAGE_CHARS == longest(whole + "a" * 96)
    assert too_long(whole + "a" * 96) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param(
            "{informacoes}" * 8 + "a" * 97,
            "Com o cliente de dados mais compridos, esta mensagem passaria em 1 letra do que cabe "
            "(4096). Encurte o texto, ou tire uma das 8 vezes {informacoes}, que pode ter até 500 "
            "letras.",
            id="one letter more",
        ),
        pytest.param(
            "{usuario}" * 20 + "a" * 110,
            "Com o cliente de dados mais compridos, esta mensagem passaria em 14 letras do que "
            "cabe (4096). Encurte o texto, ou tire uma das 20 vezes {usuario}, que pode ter até "
            "200 letras.",
            id="an own field",
        ),
    ],
)
def test_a_text_that_could_grow_too_long_is_refused_with_what_to_shorten(
    text: str, sentence: str
) -> None:
    assert sentence == too_long(text)


@pytest.mark.parametrize("name", ["Academia " + "ﷺ" * 90, "ﷺ" * 100, "ﬃ" * 100], ids=ascii)
def test_letters_that_are_whole_words_make_no_name_longer_than_a_name(name: str) -> None:
    values = values_for(facts(make_client(name=name), date(2026, 11, 25), time(9)), LONGEST)

    assert len(values["primeiro_nome"] or "") <= MAX_NAME_CHARS


@pytest.mark.parametrize("kind", list(Kind))
def test_every_default_text_fits_the_longest_client(kind: Kind) -> None:
    assert too_long(DEFAULT_TEMPLATES[kind].text) is None


def test_a_text_that_is_too_long_by_itself_has_nothing_to_take_out() -> None:
    assert (
        "Com o cliente de dados mais compridos, esta mensagem passaria em 1 letra do que cabe "
        "(4096). Encurte o texto."
    ) == too_long("a" * 4097)


def test_a_variable_that_stands_once_is_not_counted() -> None:
    assert (
        "Com o cliente de dados mais compridos, esta mensagem passaria em 4 letras do que cabe "
        "(4096). Encurte o texto, ou tire {informacoes}, que pode ter até 500 letras."
    ) == too_long("{informacoes}" + "a" * 3600)


def test_what_takes_most_letters_away_is_named() -> None:
    assert (
        "Com o cliente de dados mais compridos, esta mensagem passaria em 10 letras do que cabe "
        "(4096). Encurte o texto, ou tire uma das 2 vezes {informacoes}, que pode ter até 500 "
        "letras."
    ) == too_long("{hora_atual}{informacoes}{hora_atual}{informacoes}" + "a" * 3096)
