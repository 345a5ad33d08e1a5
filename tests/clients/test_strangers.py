"""Another business's ids are not found, and nothing of it changes (B2)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from actors.messages import clients, payments, tags
from actors.messages.undo import Undo
from actors.runtime import Request
from domain.client_list import ListPlace
from domain.clients import ClientField, Switch
from domain.reminders import Kind
from errors import NotFound
from tests.clients.shop import DAY, NEIGHBOUR, PRICE, YESTERDAY, Shop

NEXT = DAY + timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Theirs:
    """The ids of a business."""

    client: int
    other: int
    payment: int
    tag: int
    field: int
    undo: int


@pytest.fixture
async def theirs(shop: Shop) -> Theirs:
    """A business that has something of everything."""
    renewed = await shop.renew(await shop.register())
    assert renewed.undo is not None
    other = await shop.register(name="Ana", phone="+5511955500163")
    tag = await shop.ask(tags.MakeTag("Ipê"))
    field = await shop.ask(tags.MakeOwnField("Usuário"))
    await shop.ask(tags.SetTag(other.row.client_id, tag.tag_id, on=True))
    await shop.ask(tags.SetOwnValue(other.row.client_id, field.field_id, "ana"))
    return Theirs(
        renewed.row.client_id,
        other.row.client_id,
        renewed.payment_id,
        tag.tag_id,
        field.field_id,
        renewed.undo.undo_id,
    )


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda ids: clients.GetClient(ids.other), id="GetClient"),
        pytest.param(
            lambda ids: clients.EditClient(ids.other, ClientField.NAME, "Bia"), id="EditClient"
        ),
        pytest.param(
            lambda ids: clients.SetSwitch(ids.other, Switch.BILLING, on=False), id="SetSwitch"
        ),
        pytest.param(lambda ids: clients.ArchiveClient(ids.other, archived=True), id="Archive"),
        pytest.param(lambda ids: clients.GetDeletion(ids.other), id="GetDeletion"),
        pytest.param(lambda ids: clients.DeleteClient(ids.other), id="DeleteClient"),
        pytest.param(lambda ids: clients.GetClientMessages(ids.other), id="GetClientMessages"),
        pytest.param(lambda ids: clients.WhyNotToday(ids.other), id="WhyNotToday"),
        pytest.param(lambda ids: clients.SendToClient(ids.other, Kind.WELCOME), id="SendToClient"),
        pytest.param(lambda ids: payments.GetRenewal(ids.other), id="GetRenewal"),
        pytest.param(lambda ids: payments.ReadRenewalDate(ids.other, "10/12"), id="ReadDate"),
        pytest.param(
            lambda ids: payments.RenewClient(ids.other, YESTERDAY, NEXT, PRICE), id="RenewClient"
        ),
        pytest.param(lambda ids: payments.GetPayments(ids.client), id="GetPayments"),
        pytest.param(lambda ids: payments.GetPayment(ids.payment), id="GetPayment"),
        pytest.param(lambda ids: payments.RecordPayment(ids.other, PRICE, "n"), id="RecordPayment"),
        pytest.param(lambda ids: payments.VoidPayment(ids.payment), id="VoidPayment"),
        pytest.param(lambda ids: payments.RestorePayment(ids.payment), id="RestorePayment"),
        pytest.param(
            lambda ids: payments.CorrectPayment(ids.payment, Decimal(1)), id="CorrectPayment"
        ),
        pytest.param(lambda ids: tags.RenameTag(ids.tag, "Vila"), id="RenameTag"),
        pytest.param(lambda ids: tags.DropTag(ids.tag), id="DropTag"),
        pytest.param(lambda ids: tags.SetTag(ids.other, ids.tag, on=False), id="SetTag"),
        pytest.param(lambda ids: tags.RenameOwnField(ids.field, "Login"), id="RenameOwnField"),
        pytest.param(lambda ids: tags.DropOwnField(ids.field), id="DropOwnField"),
        pytest.param(lambda ids: tags.SetOwnValue(ids.other, ids.field, "x"), id="SetOwnValue"),
        pytest.param(lambda ids: Undo(ids.undo), id="Undo"),
    ],
)
async def test_what_is_anothers_is_not_found_and_stays(
    shop: Shop, theirs: Theirs, make: Callable[[Theirs], Request[Any]]
) -> None:
    before = await shop.everything()
    with pytest.raises(NotFound):
        await shop.ask(make(theirs), NEIGHBOUR)

    assert before == await shop.everything()


async def test_lists_hold_nothing_of_another(shop: Shop, theirs: Theirs) -> None:
    view = await shop.ask(clients.GetClients(ListPlace(tag=theirs.tag, search="ana")), NEIGHBOUR)
    month = await shop.ask(payments.GetPayments(month=DAY), NEIGHBOUR)
    owners = await shop.ask(clients.GetPhoneOwners("+5511955500163"), NEIGHBOUR)
    presets = await shop.ask(clients.GetPresets(), NEIGHBOUR)
    own = await shop.ask(tags.GetTags(), NEIGHBOUR), await shop.ask(tags.GetOwnFields(), NEIGHBOUR)

    assert (0, (), 0, 0, (), (), ((), ())) == (
        view.total,
        view.tags,
        view.figures.active,
        month.total,
        owners,
        presets.plans,
        own,
    )


async def test_a_tag_of_ours_goes_on_no_client_of_theirs(shop: Shop, theirs: Theirs) -> None:
    mine = await shop.ask(tags.MakeTag("Minha"), NEIGHBOUR)
    client = await shop.register(NEIGHBOUR)
    before = await shop.everything()
    with pytest.raises(NotFound):
        await shop.ask(tags.SetTag(theirs.other, mine.tag_id, on=True), NEIGHBOUR)
    with pytest.raises(NotFound):
        await shop.ask(tags.SetTag(client.row.client_id, theirs.tag, on=True), NEIGHBOUR)

    assert before == await shop.everything()
