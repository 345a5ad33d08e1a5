"""A few invented clients, to look around with (A10)."""

from datetime import date, timedelta
from decimal import Decimal

from domain.clients import Client, NewClient, parse_name, parse_plan
from domain.contacts import parse_phone
from domain.samples import sample_client, sample_clients
from tests.unit.domain.makers import TODAY


def test_the_people_are_invented_and_due_around_today() -> None:
    expected = [
        ("Exemplo: Ana Souza", "+5511955500101", -4),
        ("Exemplo: Bruno Alves", "+5511955500102", -1),
        ("Exemplo: Carla Dias", "+5511955500103", 0),
        ("Exemplo: Diego Ramos", "+5511955500104", 2),
        ("Exemplo: Elaine Costa", "+5511955500105", 9),
        ("Exemplo: Fábio Moraes", "+5511955500106", 20),
    ]

    assert [
        NewClient(
            name=name,
            phone=phone,
            plan="30 dias",
            price=Decimal("79.90"),
            due_on=TODAY + timedelta(days=days),
        )
        for name, phone, days in expected
    ] == sample_clients(TODAY)


def test_each_of_them_could_have_been_typed() -> None:
    made = sample_clients(TODAY)

    assert [(one.name, one.phone, one.plan) for one in made] == [
        (parse_name(one.name), parse_phone(one.phone), parse_plan(one.plan or "")) for one in made
    ]


def test_a_text_is_shown_with_somebody_who_is_due_when_it_says() -> None:
    due_on = date(2026, 12, 31)

    assert Client(
        id=0,
        name="Ana Souza",
        phone="+5511955500163",
        plan="30 dias",
        price=Decimal("79.90"),
        due_on=due_on,
    ) == sample_client(due_on)
