"""Forgetting a client and a tenant, in every table that the catalogue names (I9)."""

import json
from typing import Any

import asyncpg
import pytest

from actors.messages.clients import DeleteClient, GetClients
from actors.messages.data import (
    EraseAccount,
    Format,
    GetAccountLosses,
    GetTrail,
    TakenOut,
    TakeOut,
)
from actors.messages.payments import RecordPayment
from actors.messages.sheets import ConfirmImport, PreviewImport
from actors.messages.tags import MakeOwnField, MakeTag, SetOwnValue, SetTag
from actors.runtime import Request
from domain.import_decision import Doubles
from domain.outbox import MessageState
from domain.replies import ReplyKind
from domain.sheets import MAX_FILE_BYTES
from domain.takeout import REPLIES, REPLY_HEADINGS, Losses
from errors import NotSignedUp
from gateways.sheet_xlsx import read_xlsx
from storage import outbox, receipts
from storage.database import TenantConnection
from storage.erasure import OUTLIVES
from storage.takeout import WITHHELD
from tests.clients.shop import DAY, NINE, PRICE, TENANT, Shop

NAME, PHONE = "Zuleide Quaresma", "+5511955500999"
SHEET = f"Nome;Telefone;Valor;Vencimento\n{NAME};11 95550-0999;79,90;23/11/2026\n{NAME};x;1;x\n"
# Where somebody's name or number can stand; a new table that can is to be added here, and erased.
NAMES_A_CLIENT = {
    "clients",
    "drafts",
    "import_rows",
    "imports",
    "messages",
    "notices",
    "telegram_updates",
    "undos",
    "whatsapp_incoming",
    "whatsapp_numbers",
    "client_payments",
    "import_changes",
}
HELD_BY_THE_TENANT = """
    WITH RECURSIVE held AS (
        SELECT 'tenants'::regclass::oid AS oid
        UNION
        SELECT k.conrelid FROM pg_constraint k JOIN held ON k.confrelid = held.oid
        WHERE k.contype = 'f' AND k.confdeltype = 'c'
    )
    SELECT name FROM tenant_tables() AS name
    WHERE ('public.' || name)::regclass::oid NOT IN (SELECT oid FROM held)
"""


async def counts(shop: Shop, tenant: int = TENANT) -> dict[str, int]:
    """How many rows each table has of a tenant."""
    async with shop.database.tenant(tenant) as tx:
        return {
            row["name"]: row["count"]
            for row in await tx.fetch(
                """SELECT name, (SELECT count(*) FROM rows_of($1, name))
                   FROM tenant_tables() AS name""",
                tenant,
            )
            if row["count"]
        }


async def naming(shop: Shop) -> set[str]:
    """The tables in which the client still stands, by name or number."""
    async with shop.database.tenant(TENANT) as tx:
        rows = await tx.fetch(
            """SELECT DISTINCT name FROM tenant_tables() AS name, rows_of($1, name) AS found
               WHERE strpos(found::text, 'Zuleide') > 0 OR strpos(found::text, '955500999') > 0""",
            TENANT,
        )
    return {row["name"] for row in rows}


async def put_what_others_write(tx: TenantConnection) -> None:
    """What the bot, WhatsApp and the tenant keep of a client beside it."""
    await tx.execute(
        """INSERT INTO telegram_updates (tenant_id, update_id, payload, received_at, handled_at)
           VALUES ($1, 900, $2, $3, $3)""",
        TENANT, {"message": {"text": NAME}}, NINE,
    )  # fmt: skip
    await tx.execute(
        """INSERT INTO notices (tenant_id, kind, dedupe_key, payload, created_at, delivered_at)
           VALUES ($1, 'reply', 'k', $2, $3, $3)""",
        TENANT, {"name": NAME}, NINE,
    )  # fmt: skip
    await tx.execute(
        """INSERT INTO whatsapp_incoming
               (tenant_id, from_jid, whatsapp_id, from_phone, kind, body, at)
           VALUES ($1, '77@lid', 'ABC', NULL, 'text', $2, $3)""",
        TENANT, f"aqui é a {NAME}", NINE,
    )  # fmt: skip
    await tx.execute(
        """INSERT INTO whatsapp_numbers (tenant_id, phone, jid, lid, checked_at)
           VALUES ($1, $2, '5511955500999@s.whatsapp.net', '77@lid', $3)""",
        TENANT, PHONE, NINE,
    )  # fmt: skip
    await tx.execute(
        """INSERT INTO drafts (tenant_id, form, number, step, answers, update_id, updated_at)
           VALUES ($1, 'client', 1, 'plan', $2, 1, $3)""",
        TENANT, {"name": NAME, "phone": PHONE}, NINE,
    )  # fmt: skip


async def zuleide(shop: Shop) -> int:
    """A client who left a trace in every table that can hold one."""
    review = await shop.ask(PreviewImport("clientes.csv", SHEET.encode()))
    await shop.ask(ConfirmImport(review.import_id, Doubles.ADD))
    found = (await shop.ask(GetClients())).rows[0].client_id
    await shop.ask(SetTag(found, (await shop.ask(MakeTag("Ipê"))).tag_id, on=True))
    field = await shop.ask(MakeOwnField("Usuário"))
    await shop.ask(SetOwnValue(found, field.field_id, NAME))
    payment = await shop.ask(RecordPayment(found, PRICE, "n"))
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(
            "UPDATE client_payments SET note = $2 WHERE tenant_id = $1 AND id = $3",
            TENANT, f"a {NAME} pagou", payment.payment_id,
        )  # fmt: skip
        await tx.execute(
            """UPDATE undos SET payload = payload || jsonb_build_object('shown', $2::text)
               WHERE tenant_id = $1""",
            TENANT, NAME,
        )  # fmt: skip
        await tx.execute(
            """UPDATE import_changes SET before = jsonb_build_object('name', $2::text)
               WHERE tenant_id = $1""",
            TENANT, NAME,
        )  # fmt: skip
        await put_what_others_write(tx)
    return found


async def test_a_deleted_client_stands_in_no_table_any_more(shop: Shop) -> None:
    client_id = await zuleide(shop)
    before = await naming(shop)
    await shop.ask(DeleteClient(client_id))

    assert before == NAMES_A_CLIENT
    assert await naming(shop) == set()


async def test_who_shares_a_phone_with_a_deleted_client_keeps_the_number(shop: Shop) -> None:
    client_id = await zuleide(shop)
    await shop.register(name="Otávio", phone=PHONE)
    await shop.ask(DeleteClient(client_id))

    assert {"clients", "messages", "whatsapp_incoming", "whatsapp_numbers"} <= await naming(shop)


async def test_a_deleted_clients_money_stays_counted(shop: Shop) -> None:
    client_id = await zuleide(shop)
    await shop.ask(DeleteClient(client_id))

    assert (await counts(shop))["client_payments"] == 1


async def test_every_table_hangs_on_the_tenant_or_is_named(shop: Shop) -> None:
    async with shop.database.tenant(TENANT) as tx:
        rows = await tx.fetch(HELD_BY_THE_TENANT)

    assert {row["name"] for row in rows} == OUTLIVES | {
        "drafts",
        "telegram_chats",
        "telegram_updates",
    }


async def test_an_erased_account_leaves_nothing_but_the_log_without_names(shop: Shop) -> None:
    await zuleide(shop)
    assert await shop.ask(EraseAccount())

    assert set(await counts(shop)) == OUTLIVES
    assert await naming(shop) == set()


async def test_erasing_an_account_again_does_no_harm(shop: Shop) -> None:
    await shop.ask(EraseAccount())

    assert not await shop.ask(EraseAccount())


async def test_an_erased_account_is_nobodys_but_its_own(shop: Shop) -> None:
    await shop.register(tenant=22)
    before = await shop.everything(22)
    await shop.ask(EraseAccount())

    assert await shop.everything(22) == before


async def test_what_would_be_lost_is_counted_first(shop: Shop) -> None:
    await zuleide(shop)

    assert await shop.ask(GetAccountLosses()) == Losses(clients=1, payments=1, messages=1, texts=0)


async def test_who_has_no_account_has_nothing_to_lose(shop: Shop) -> None:
    await shop.ask(EraseAccount())

    with pytest.raises(NotSignedUp):
        await shop.ask(GetAccountLosses())


@pytest.mark.parametrize("whole", [False, True], ids=["the client", "the account"])
async def test_what_comes_of_a_message_whose_client_is_gone_finds_nothing_and_breaks_nothing(
    shop: Shop, whole: bool
) -> None:
    """Erased while it is `sending`: answer, receipt and restart have nothing to settle."""
    client_id = (await shop.register(name=NAME, phone=PHONE)).row.client_id
    ((message_id, *_),) = await shop.messages()
    async with shop.database.tenant(TENANT) as tx:
        whatsapp_id = await tx.fetchval(
            """UPDATE messages SET state = 'sending', attempt = 1, owner_epoch = 1, body = 'Oi'
               WHERE tenant_id = $1 RETURNING whatsapp_id""",
            TENANT,
        )
    erase: dict[bool, Request[Any]] = {True: EraseAccount(), False: DeleteClient(client_id)}
    await shop.ask(erase[whole])
    async with shop.database.tenant(TENANT) as tx:
        attempt = outbox.Attempt(message_id, 1, 1)
        settled = await outbox.settle(tx, attempt, state=MessageState.SENT, now=NINE)
        late = await receipts.acknowledge_late(tx, whatsapp_id, NINE)
        read = await receipts.receipt(tx, whatsapp_id, "read", NINE)
        await outbox.take_back(tx, message_id, 1, NINE)
        reopened = await outbox.recover(tx, epoch=1, delay=1.0, now=NINE)
        left = await tx.fetchval("SELECT count(*) FROM message_events")

    assert (False, None, None, 0, 0) == (settled, late, read, reopened, left)


async def taken(shop: Shop, form: Format) -> TakenOut:
    """Everything, as a file."""
    await zuleide(shop)
    return await shop.ask(TakeOut(form))


async def test_the_json_has_every_table_of_the_catalogue_but_those_withheld(shop: Shop) -> None:
    found = json.loads((await taken(shop, Format.JSON)).data)["tabelas"]
    async with shop.database.tenant(TENANT) as tx:
        names = [row[0] for row in await tx.fetch("SELECT tenant_tables()")]

    assert list(found) == [name for name in names if name not in WITHHELD]


async def test_the_json_has_every_row_with_its_cents(shop: Shop) -> None:
    file = await taken(shop, Format.JSON)
    found = json.loads(file.data, parse_float=str)["tabelas"]
    expected = await counts(shop)

    assert [row["price"] for row in found["clients"]] == ["79.90"]
    assert {name: len(rows) for name, rows in found.items() if rows} == {
        **{name: count for name, count in expected.items() if name not in WITHHELD},
        # Written once the file was made: that it was.
        "audit_log": expected["audit_log"] - 1,
    }


async def test_nothing_sealed_and_no_salt_is_taken_out(shop: Shop) -> None:
    found = json.loads((await taken(shop, Format.JSON)).data)["tabelas"]

    assert "message_salt" not in found["tenants"][0]
    assert "file" not in found["imports"][0]


async def test_a_table_that_is_none_of_a_tenants_cannot_be_taken_out(shop: Shop) -> None:
    with pytest.raises(asyncpg.UndefinedTableError):
        async with shop.database.tenant(TENANT) as tx:
            await tx.fetch("SELECT rows_of($1, 'replicas')", TENANT)


async def test_another_tenants_rows_cannot_be_asked_for(shop: Shop) -> None:
    await shop.register(tenant=22)
    async with shop.database.tenant(TENANT) as tx:
        assert await tx.fetch("SELECT rows_of(22::bigint, 'clients')") == []


async def test_the_sheet_of_everything_has_the_messages_and_is_read_back(shop: Shop) -> None:
    file = await taken(shop, Format.SHEET)
    review = await shop.ask(PreviewImport("tudo.xlsx", file.data))

    assert (file.messages, file.all_messages) == (1, 1)
    assert (review.tab, review.new, review.known, review.bad) == ("Clientes", 0, 1, 0)
    assert len(file.data) < MAX_FILE_BYTES


async def test_the_sheet_of_everything_has_what_clients_wrote_back(shop: Shop) -> None:
    client_id = (await shop.register(name=NAME, phone=PHONE)).row.client_id
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(
            """WITH talk AS (
                   INSERT INTO reply_talks (tenant_id, phone, since, last_at)
                   VALUES ($1, $2, $3, $3) RETURNING id
               ), people AS (
                   INSERT INTO reply_people (tenant_id, talk_id, client_id)
                   SELECT $1, id, $4 FROM talk
               )
               INSERT INTO whatsapp_incoming
                   (tenant_id, from_jid, whatsapp_id, kind, body, name, at, handled_at, talk_id)
               SELECT $1, '77@lid', 'ABC', 'pdf', '=PAGUEI()', 'pix.pdf', $3, $3, id FROM talk""",
            TENANT, PHONE, NINE, client_id,
        )  # fmt: skip
    file = await shop.ask(TakeOut(Format.SHEET))
    (grid,) = [tab.grid for tab in read_xlsx(file.data).tabs if tab.name == "Respostas"]

    assert [
        [*REPLY_HEADINGS],
        ["24/11/2026 09:00", NAME, "PDF", "=PAGUEI()", "pix.pdf"],
    ] == [[str(cell) for cell in row] for row in grid]


@pytest.mark.parametrize("kind", ReplyKind)
def test_whatever_a_client_sends_has_a_word_in_the_sheet(kind: ReplyKind) -> None:
    assert REPLIES[kind]


async def test_who_did_what_is_told_without_a_name(shop: Shop) -> None:
    client_id = await zuleide(shop)
    await shop.ask(DeleteClient(client_id))
    trail = await shop.ask(GetTrail())

    assert [line.sentence for line in trail.lines[:2]] == [
        "Você apagou um cliente",
        "Você anotou um pagamento",
    ]
    assert trail.lines[0].at.hour == 9
    assert trail.lines[0].at.date() == DAY
