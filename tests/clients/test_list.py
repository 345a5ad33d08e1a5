"""The list, its search and its figures (C3, G2, G3)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from actors.messages.clients import ArchiveClient, GetClients
from actors.messages.payments import GetPayments, RecordPayment
from actors.messages.tags import MakeOwnField, MakeTag, SetOwnValue, SetTag
from domain.client_list import ROWS, Figures, ListPlace, Which
from domain.due_dates import Status
from tests.clients.shop import DAY, PRICE, TENANT, Shop

LATER = DAY + timedelta(days=10)


async def names(shop: Shop, place: ListPlace) -> list[str]:
    """Who is on the page of `place`."""
    return [row.name for row in (await shop.ask(GetClients(place))).rows]


async def test_a_new_business_has_an_empty_list_of_zeros(shop: Shop) -> None:
    view = await shop.ask(GetClients())

    assert ((), 0, 1, 1) == (view.rows, view.total, view.pages, view.place.page)
    assert (
        Figures(
            month=date(2026, 11, 1),
            up_to_date=0,
            due_soon=0,
            overdue=0,
            overdue_value=Decimal(0),
            to_come=Decimal(0),
            received=Decimal(0),
            archived=0,
        )
        == view.figures
    )


async def test_the_overdue_come_first_and_everybody_shows_how_they_stand(shop: Shop) -> None:
    for name, days in (("Ana", 20), ("Bia", 1), ("Caio", -3), ("Davi", -1)):
        await shop.register(name=name, due_on=DAY + timedelta(days=days))
    view = await shop.ask(GetClients())

    assert [
        ("Caio", Status.OVERDUE),
        ("Davi", Status.OVERDUE),
        ("Bia", Status.DUE_SOON),
        ("Ana", Status.UP_TO_DATE),
    ] == [(row.name, row.status) for row in view.rows]


async def test_a_page_that_is_not_there_is_the_nearest_that_is(shop: Shop) -> None:
    for number in range(ROWS + 1):
        await shop.register(name=f"Cliente {number}", phone=f"+551195550{number:04}")
    beyond = await shop.ask(GetClients(ListPlace(page=99)))
    before = await shop.ask(GetClients(ListPlace(page=-1)))

    assert (2, 1, 2, ["Cliente 6"]) == (
        beyond.place.page,
        before.place.page,
        beyond.pages,
        [row.name for row in beyond.rows],
    )


async def test_filters_and_tags_narrow_the_list_and_leave_the_header(shop: Shop) -> None:
    late = await shop.register(name="Ana")
    await shop.register(name="Bia")
    await shop.register(name="Caio", due_on=LATER)
    tag = await shop.ask(MakeTag("Prédio Ipê"))
    await shop.ask(SetTag(late.row.client_id, tag.tag_id, on=True))
    view = await shop.ask(GetClients(ListPlace(Which.OVERDUE, tag=tag.tag_id)))

    assert ["Ana"] == [row.name for row in view.rows]
    assert (2, 1) == (view.figures.overdue, view.figures.up_to_date)
    assert [("Prédio Ipê", 1)] == [(count.tag.name, count.clients) for count in view.tags]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        pytest.param("SOUZ", ["Zé de Souza"], id="part of a name"),
        pytest.param("ze", ["Zé de Souza"], id="no accent"),
        pytest.param("leste", ["Ana Prado"], id="server"),
        pytest.param("5550-0163", ["Ana Prado"], id="phone"),
        pytest.param("Maçã", ["Ana Prado"], id="own field"),
        pytest.param("xk29", [], id="a secret field is found by nobody"),
        pytest.param("_", [], id="a wildcard is a letter"),
    ],
)
async def test_search_finds_by_name_phone_server_and_own_fields(
    shop: Shop, search: str, expected: list[str]
) -> None:
    ana = await shop.register(name="Ana Prado", phone="+5511955500163", server="Torre Léste")
    await shop.register(name="Zé de Souza", phone="+5511955500187", server="Vila")
    for name, value, secret in (("Usuário", "maca", False), ("Senha", "xk29mQ7", True)):
        field = await shop.ask(MakeOwnField(name, secret))
        await shop.ask(SetOwnValue(ana.row.client_id, field.field_id, value))

    assert expected == await names(shop, ListPlace(search=search))


async def test_the_archived_are_a_list_of_their_own_and_count_nowhere_else(shop: Shop) -> None:
    ana = await shop.register(name="Ana")
    await shop.register(name="Bia")
    await shop.ask(ArchiveClient(ana.row.client_id, archived=True))
    view = await shop.ask(GetClients(ListPlace(Which.ARCHIVED)))

    assert (["Ana"], ["Bia"]) == (
        [row.name for row in view.rows],
        await names(shop, ListPlace()),
    )
    assert (1, 1, PRICE) == (
        view.figures.archived,
        view.figures.active,
        view.figures.overdue_value,
    )


async def test_what_a_month_expects_is_received_to_come_and_in_arrears(shop: Shop) -> None:
    paid = await shop.register(name="Ana")
    await shop.renew(paid)
    partly = await shop.register(name="Bia", price=Decimal(100))
    await shop.ask(RecordPayment(partly.row.client_id, Decimal(30), "n1"))
    await shop.register(name="Caio", price=Decimal(50), due_on=DAY + timedelta(days=6))
    await shop.register(name="Davi", price=Decimal(60), due_on=DAY + timedelta(days=7))
    figures = (await shop.ask(GetClients())).figures
    received = await shop.ask(GetPayments(month=DAY))

    assert (PRICE + 30, Decimal(50), Decimal(70)) == (
        figures.received,
        figures.to_come,
        figures.overdue_value,
    )
    assert (figures.received, PRICE + 150) == (received.sum, figures.expected)


async def test_the_day_of_the_list_follows_the_time_zone_whoever_changed_it(shop: Shop) -> None:
    await shop.register(name="Ana", due_on=DAY)
    before = await shop.ask(GetClients())
    async with shop.database.tenant(TENANT) as tx:  # as another process would
        await tx.execute(
            "UPDATE settings SET time_zone = 'Pacific/Kiritimati' WHERE tenant_id = $1", TENANT
        )
    after = await shop.ask(GetClients())

    assert (
        (DAY, [Status.DUE_SOON]),
        (DAY + timedelta(days=1), [Status.OVERDUE]),
    ) == (
        (before.today, [row.status for row in before.rows]),
        (after.today, [row.status for row in after.rows]),
    )
