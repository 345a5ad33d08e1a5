"""A client in one line: each piece is read wherever it stands, and nothing guessed (C1, C2)."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.quick_entry import MAX_CHARS, Entry, read_entry
from errors import InvalidInput

TODAY = date(2026, 11, 24)  # a Tuesday
PHONE = "11 98888-7777"
E164 = "+5511988887777"
# As people write them, and what is meant.
PHONES = [
    (PHONE, E164),
    ("11988887777", E164),
    ("(11) 98888-7777", E164),
    ("+55 11 98888-7777", E164),
    ("11 98888 7777", E164),
    ("(98) 99999-7777", "+5598999997777"),
    ("21 3333-4444", "+552133334444"),
]
PRICES = [
    ("R$ 35", Decimal(35)),
    ("R$ 1.234,50", Decimal("1234.50")),
    ("35,00", Decimal(35)),
    ("35 reais", Decimal(35)),
    ("49,9", Decimal("49.90")),
    ("40", Decimal(40)),
]
DATES = [
    ("hoje", TODAY),
    ("amanhã", TODAY + timedelta(days=1)),
    ("dia 10", date(2026, 12, 10)),
    ("10/12", date(2026, 12, 10)),
    ("10/12/2026", date(2026, 12, 10)),
    ("sexta", date(2026, 11, 27)),
    ("daqui a 30 dias", TODAY + timedelta(days=30)),
    ("vence dia 5", date(2026, 12, 5)),
]
PLANS = ["mensal", "Trimestral", "30 dias", "anual"]
NAMES = ["João Silva", "Ana", "Dona Maria", "Carla Domingos", "Academia Alfa", "Zé 2"]


@st.composite
def lines(draw: st.DrawFn) -> tuple[str, Entry]:
    """A line and what it says; a bare number for a price only where the name has none."""
    name = draw(st.sampled_from(NAMES))
    phone, e164 = draw(st.sampled_from(PHONES))
    price, amount = draw(st.sampled_from(PRICES if name.isalpha() else PRICES[:4]))
    due, due_on = draw(st.sampled_from(DATES))
    plan = draw(st.sampled_from(PLANS))
    pieces = draw(st.permutations([name, phone, price, due, plan]))
    between = draw(st.sampled_from(["; ", " | ", "\t", " - ", ", ", " "]))
    said = Entry(
        name=name, phone=e164, plan=plan, price=amount, due_on=due_on, agreed_day=due_on.day
    )
    return between.join(pieces), said


@given(lines())
def test_the_pieces_come_in_any_order(line: tuple[str, Entry]) -> None:
    text, said = line

    assert said == read_entry(text, TODAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"João Silva {PHONE} mensal 35 dia 10",
            Entry(
                name="João Silva", phone=E164, plan="mensal", price=Decimal(35),
                due_on=date(2026, 12, 10), agreed_day=10,
            ),
            id="all of it",
        ),
        pytest.param("", Entry(), id="nothing"),
        pytest.param("Ana", Entry(name="Ana"), id="a name alone"),
        pytest.param(PHONE, Entry(phone=E164), id="a phone alone"),
        pytest.param(
            f"Nome: Ana Tel: {PHONE} Valor: 35",
            Entry(name="Ana", phone=E164, price=Decimal(35)),
            id="announced",
        ),
        pytest.param(
            f"Academia 12 R$ 35 {PHONE}",
            Entry(name="Academia 12", phone=E164, price=Decimal(35)),
            id="a number in the name",
        ),
        pytest.param(
            f"Ana {PHONE} plano ouro 35",
            Entry(name="Ana", phone=E164, plan="ouro", price=Decimal(35)),
            id="a plan of their own",
        ),
        pytest.param(
            "Rita 98 99999-7777 35",
            Entry(name="Rita", phone="+5598999997777", price=Decimal(35)),
            id="no phone out of a phone and a price",
        ),
        pytest.param(
            f"Ana {PHONE} todo dia 31",
            Entry(name="Ana", phone=E164, due_on=date(2026, 11, 30), agreed_day=31),
            id="a day that this month lacks",
        ),
    ],
)  # fmt: skip
def test_a_line_says_what_it_says(text: str, expected: Entry) -> None:
    assert expected == read_entry(text, TODAY)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(f"Ana {PHONE} 11 97777-6666", "dois telefones", id="two phones"),
        pytest.param(f"Ana {PHONE} 35 40", "dois valores", id="two prices"),
        pytest.param(f"Ana {PHONE} hoje 10/12", "duas datas", id="two dates"),
        pytest.param("Ana (11) 98765-432 35", "Não reconheci esse telefone", id="a digit short"),
        pytest.param("Ana 98888-7777", "Não reconheci esse telefone", id="no area code"),
        pytest.param(f"Ana {PHONE} 31/02", "não existe no calendário", id="no such day"),
        pytest.param(f"Ana {PHONE} 10/11/2026", "já passou", id="past"),
        pytest.param(f"Ana {PHONE} terça", "Hoje já é esse dia", id="today by its name"),
        pytest.param("a" * (MAX_CHARS + 1), "Uma linha por cliente", id="too long"),
    ],
)
def test_what_is_wrong_or_could_be_two_things_is_asked_about(text: str, told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_entry(text, TODAY)

    assert told in refused.value.sentence


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_or_refused_in_words(text: str) -> None:
    with suppress(InvalidInput):
        found = read_entry(text, TODAY)

        assert found.due_on is None or found.due_on >= TODAY
        assert found.name is None or found.name.strip()


@pytest.mark.parametrize(
    ("text", "name", "price"),
    [
        ("Ana R$ 0", "Ana R$ 0", None),
        ("Ana 0,001 35", "Ana 0,001", Decimal(35)),
        ("Ana 1,2,3", "Ana 1,2,3", None),
        ("Ana 20 35,00", "Ana 20", Decimal(35)),
        ("Ana 20,00 R$ 35", "Ana 20,00", Decimal(35)),
        ("Ana 20,00 35 reais", "Ana 20,00", Decimal(35)),
    ],
)
def test_what_is_no_amount_is_left_and_the_surest_amount_counts(
    text: str, name: str, price: Decimal | None
) -> None:
    assert Entry(name=name, price=price) == read_entry(text, TODAY)


def test_a_number_nobody_could_read_is_shown_to_forty_letters() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_entry("1234567 " + "a" * 60, TODAY)

    assert refused.value.sentence.endswith(f"Está em “1234567 {'a' * 32}”.")


@pytest.mark.parametrize(
    ("text", "name"),
    [("Ana telefone: 11 98888-7777", "Ana"), ("Nome Ana", "Nome Ana"), ("Nome: Ana", "Ana")],
)
def test_a_word_that_announces_what_follows_is_no_part_of_the_name(text: str, name: str) -> None:
    assert name == read_entry(text, TODAY).name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana +55 11 9 88 88 7777", Entry(name="Ana", phone=E164)),
        ("Ana telefone 11 98888-7777", Entry(name="Ana", phone=E164)),
        ("Valor Ana 11 98888-7777", Entry(name="Valor Ana", phone=E164)),
        (
            "Ana 10/12 35",
            Entry(name="Ana", price=Decimal(35), due_on=date(2026, 12, 10), agreed_day=10),
        ),
        (
            "Ana dia 10 de dezembro",
            Entry(name="Ana", due_on=date(2026, 12, 10), agreed_day=10),
        ),
    ],
)
def test_each_word_belongs_to_the_longest_piece_it_is_part_of(text: str, expected: Entry) -> None:
    assert expected == read_entry(text, TODAY)
