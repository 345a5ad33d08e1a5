"""Tags and own fields (C12), and own fields as variables of the texts (D3)."""

from datetime import timedelta

import pytest

from actors.messages.clients import GetClient, GetClients
from actors.messages.tags import (
    DropOwnField,
    DropTag,
    GetOwnFields,
    GetTags,
    MakeOwnField,
    MakeTag,
    RenameOwnField,
    RenameTag,
    SetOwnValue,
    SetTag,
)
from domain.client_list import ListPlace
from domain.retention import Retention
from domain.tags import MAX_OWN_FIELDS, MAX_TAGS_OF_CLIENT, Tag
from errors import CannotUndo, InvalidInput
from storage import client_card, retention
from storage.database import Database
from tests.clients.shop import NINE, TENANT, Shop


async def test_a_tag_is_made_once_named_and_given(shop: Shop) -> None:
    card = await shop.register()
    made = await shop.ask(MakeTag("Prédio Ipê", "🟣"))
    same = await shop.ask(MakeTag("predio ipe"))
    await shop.ask(RenameTag(made.tag_id, "Ipê"))
    for _ in range(2):
        await shop.ask(SetTag(card.row.client_id, made.tag_id, on=True))
    counted = await shop.ask(GetTags())

    assert (made, Tag(made.tag_id, "🟣", "Ipê"), [1]) == (
        same,
        counted[0].tag,
        [count.clients for count in counted],
    )


async def test_a_tag_comes_off_as_it_went_on(shop: Shop) -> None:
    card = await shop.register()
    tag = await shop.ask(MakeTag("Ipê"))
    on = await shop.ask(SetTag(card.row.client_id, tag.tag_id, on=True))
    off = [await shop.ask(SetTag(card.row.client_id, tag.tag_id, on=False)) for _ in range(2)]

    assert ((tag,), [(), ()]) == (on.tags, [card.tags for card in off])


async def test_a_client_has_ten_tags_at_most(shop: Shop) -> None:
    card = await shop.register()
    tags = [await shop.ask(MakeTag(f"Etiqueta {n}")) for n in range(MAX_TAGS_OF_CLIENT + 1)]
    for tag in tags[:-1]:
        await shop.ask(SetTag(card.row.client_id, tag.tag_id, on=True))

    with pytest.raises(InvalidInput, match="até 10"):
        await shop.ask(SetTag(card.row.client_id, tags[-1].tag_id, on=True))


async def test_a_dropped_tag_comes_back_with_its_clients(shop: Shop) -> None:
    card = await shop.register()
    tag = await shop.ask(MakeTag("Ipê"))
    await shop.ask(SetTag(card.row.client_id, tag.tag_id, on=True))
    dropped, again = await shop.ask(DropTag(tag.tag_id)), await shop.ask(DropTag(tag.tag_id))
    without = await shop.ask(GetClient(card.row.client_id))
    await shop.undo(dropped.undo)

    assert (dropped, 1, ()) == (again, dropped.clients, without.tags)
    assert (tag,) == (await shop.ask(GetClient(card.row.client_id))).tags


async def test_a_dropped_tag_stays_so_under_another_of_its_name(shop: Shop) -> None:
    tag = await shop.ask(MakeTag("Ipê"))
    dropped = await shop.ask(DropTag(tag.tag_id))
    await shop.ask(MakeTag("ipe"))

    with pytest.raises(CannotUndo, match="outra etiqueta"):
        await shop.undo(dropped.undo)


async def test_two_tags_have_no_name_in_common(shop: Shop) -> None:
    await shop.ask(MakeTag("Ipê"))
    other = await shop.ask(MakeTag("Vila"))

    with pytest.raises(InvalidInput, match="Ipê"):
        await shop.ask(RenameTag(other.tag_id, "IPE"))


async def test_a_field_is_made_once_and_holds_a_value_of_each_client(shop: Shop) -> None:
    card = await shop.register()
    made = await shop.ask(MakeOwnField("Senha do app", secret=True))
    same = await shop.ask(MakeOwnField("Senha do app", secret=True))
    filled = await shop.ask(SetOwnValue(card.row.client_id, made.field_id, " xk29mQ7 "))
    emptied = await shop.ask(SetOwnValue(card.row.client_id, made.field_id, ""))

    assert (made, "senha_do_app") == (same, made.variable)
    assert ["xk29mQ7", None] == [card.fields[0].value for card in (filled, emptied)]
    assert "xk29mQ7" not in repr(filled)
    assert "xk29mQ7" not in repr(SetOwnValue(1, 1, "xk29mQ7"))


@pytest.mark.parametrize(
    ("name", "why"),
    [
        pytest.param("Nome", "já existe nos textos", id="a variable of our own"),
        pytest.param("usuario", "já tem um campo", id="one that is there"),
        pytest.param("🔑", "precisa ter letras", id="no letters"),
        pytest.param("", "Faltou", id="nothing"),
    ],
)
async def test_a_field_is_told_apart_by_its_name(shop: Shop, name: str, why: str) -> None:
    await shop.ask(MakeOwnField("Usuário"))
    with pytest.raises(InvalidInput, match=why):
        await shop.ask(MakeOwnField(name))


async def test_there_are_ten_fields_at_most(shop: Shop) -> None:
    for number in range(MAX_OWN_FIELDS):
        await shop.ask(MakeOwnField(f"Campo {number}"))
    with pytest.raises(InvalidInput, match="até 10 campos"):
        await shop.ask(MakeOwnField("Mais um"))


async def test_a_dropped_field_comes_back_with_what_was_in_it(shop: Shop) -> None:
    card = await shop.register()
    field = await shop.ask(MakeOwnField("Usuário"))
    await shop.ask(SetOwnValue(card.row.client_id, field.field_id, "roberto"))
    dropped = await shop.ask(DropOwnField(field.field_id))
    without = await shop.ask(GetClient(card.row.client_id))
    unfound = await shop.ask(GetClients(ListPlace(search="roberto")))
    await shop.undo(dropped.undo)
    after = await shop.ask(GetClient(card.row.client_id))

    assert ((), 1, "roberto") == (without.fields, dropped.clients, after.fields[0].value)
    assert 1 == unfound.total  # by its name
    assert (field,) == await shop.ask(GetOwnFields())


async def test_a_field_that_a_text_names_stays(shop: Shop) -> None:
    field = await shop.ask(MakeOwnField("Usuário"))
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(
            """INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
               VALUES (21, 'renovacao', 'Acesso', 'Oi {usuario}', true, now(), now())"""
        )
    with pytest.raises(InvalidInput, match=r"“Acesso” usa \{usuario\}"):
        await shop.ask(DropOwnField(field.field_id))
    with pytest.raises(InvalidInput, match=r"“Acesso” usa \{usuario\}"):
        await shop.ask(RenameOwnField(field.field_id, "Login"))


async def test_a_text_says_what_a_client_has_in_a_field(shop: Shop) -> None:
    field = await shop.ask(MakeOwnField("Usuário"))
    card = await shop.register()
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(
            """INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
               VALUES (21, 'renovacao', 'Acesso', 'Acesso: {login}', true, now(), now())"""
        )
    await shop.ask(RenameOwnField(field.field_id, "Login"))
    without = await shop.renew(card)
    await shop.ask(SetOwnValue(card.row.client_id, field.field_id, "roberto"))
    shown = await shop.renew(await shop.ask(GetClient(card.row.client_id)))

    assert (None, "Acesso: roberto") == (without.preview, shown.preview)


async def test_cleaning_forgets_what_was_dropped_a_day_ago(shop: Shop) -> None:
    field = await shop.ask(MakeOwnField("Usuário"))
    card = await shop.register()
    await shop.ask(SetOwnValue(card.row.client_id, field.field_id, "roberto"))
    await shop.ask(DropOwnField(field.field_id))
    tag = await shop.ask(MakeTag("Ipê"))
    await shop.ask(DropTag(tag.tag_id))
    assert [1, 1, 2, "roberto"] == await left(shop.database, card.row.client_id, field.field_id)

    await clean(shop.database, days=2)

    assert [0, 0, 0, None] == await left(shop.database, card.row.client_id, field.field_id)


async def left(database: Database, client_id: int, field_id: int) -> list[object]:
    """How many tags, fields and undos there are, and what the client has in the field."""
    async with database.tenant(TENANT) as tx:
        counts = [
            await tx.fetchval(f"SELECT count(*) FROM {table} WHERE tenant_id = {TENANT}")  # noqa: S608 - names of this list
            for table in ("tags", "own_fields", "undos")
        ]
        card = await client_card.card(tx, client_id)
        return [*counts, card.client.own_values.get(str(field_id))]


async def clean(database: Database, days: int) -> None:
    """The tenant's cleaning, so many days later."""
    async with database.tenant(TENANT) as tx:
        await retention.clean(tx, Retention(), NINE + timedelta(days=days))
