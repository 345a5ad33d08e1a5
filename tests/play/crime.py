"""A shop that has one of everything, and a print of all its rows: whether anything was touched."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import asyncpg

from actors.messages.clients import GetClient, RegisterClient, SendToClient
from actors.messages.payments import RecordPayment, RenewClient
from actors.messages.tags import MakeOwnField, MakeTag, SetOwnValue, SetTag
from bot.screens.clients.money_buttons import pack_deal
from bot.screens.sheets.buttons import Confirm
from domain.clients import NewClient
from domain.reminders import Kind
from tests.bot.live import NOW, SECONDS, Live
from tests.bot.support import Person
from tests.play.belongings import belongings
from tests.play.hostile import Ids
from tests.play.talk import Talk

TODAY = NOW.date()
SHEET = "nome;telefone;plano;valor;vencimento\n{word} Sá;11955500777;30 dias;79,90;10/12/2026\n"
PRICE = Decimal("79.90")
TABLES = """SELECT c.table_name FROM information_schema.columns c
            JOIN information_schema.tables t USING (table_schema, table_name)
            WHERE c.table_schema = 'public' AND c.column_name = 'tenant_id'
                AND t.table_type = 'BASE TABLE' ORDER BY 1"""
# What one says is kept, and where a question stands; neither is what a shop is.
UPDATES = ("telegram_updates", "audit_log")
TALKING = (*UPDATES, "drafts", "telegram_chats")


@dataclass(frozen=True, slots=True)
class Mark:
    """A shop with `word` in every name and text of it."""

    person: Person
    talk: Talk
    word: str
    ids: Ids


async def open_shop(live: Live, word: str, clients: int = 3) -> Mark:
    """A shop with clients, a payment, a message, a tag, a field, an undo, a form half filled."""
    person = await live.owner(f"Loja {word}")
    talk = Talk(live, person.chat_id, name=word)
    ask = live.tenant(person).ask
    made = [
        await ask(RegisterClient(n + 1, _client(word, person.chat_id, n)), deadline=SECONDS)
        for n in range(clients)
    ]
    client_id = made[0].card.row.client_id
    renewed = await ask(
        RenewClient(client_id, TODAY, TODAY + timedelta(days=30), PRICE), deadline=SECONDS
    )
    paid = await ask(RecordPayment(client_id, Decimal("5.00"), f"{word}1"), deadline=SECONDS)
    tag = await ask(MakeTag(f"Etiqueta {word}"), deadline=SECONDS)
    field = await ask(MakeOwnField(f"Campo {word}"[:20]), deadline=SECONDS)
    await ask(SetTag(client_id, tag.tag_id, on=True), deadline=SECONDS)
    await ask(SetOwnValue(client_id, field.field_id, f"valor {word}"), deadline=SECONDS)
    await ask(SendToClient(client_id, Kind.RENEWAL), deadline=SECONDS)
    card = await ask(GetClient(client_id), deadline=SECONDS)
    due = card.row.due_on
    more = await belongings(live, person, talk, _client(word, person.chat_id, -3))
    await talk.say("/menu")
    person.send_file(SHEET.format(word=word).encode(), name="clientes.csv")
    sheet = await talk.after(1)
    import_id = sheet.first(Confirm).import_id
    await talk.say(f"/novo {word} Pereira; 79,90")
    number = int(next(d for _, d in talk.screen.buttons if d.startswith("fm:")).split(":")[2])
    numbers = {
        "tenant_id": person.chat_id,
        "client_id": client_id,
        "payment_id": paid.payment_id,
        "tag_id": tag.tag_id,
        "field_id": field.field_id,
        "message_id": card.last_messages[0].message_id,
        "undo_id": renewed.undo.undo_id if renewed.undo else 0,
        "import_id": import_id,
        "number": number,
        "broadcast_id": 1,  # of those who administer, and of nobody here
        **{name: value for name, value in more.items() if isinstance(value, int)},
    }
    texts = {name: value for name, value in more.items() if isinstance(value, str)}
    deal = pack_deal(due, due + timedelta(days=30), PRICE)
    return Mark(person, talk, word, Ids(numbers, {**texts, "deal": deal}))


async def print_of(
    console: asyncpg.Pool, tenant: int, without: Sequence[str] = UPDATES
) -> dict[str, str]:
    """All rows of a tenant, table by table."""
    tables = [row[0] for row in await console.fetch(TABLES)]
    return {table: await _rows(console, table, tenant) for table in tables if table not in without}


async def _rows(console: asyncpg.Pool, table: str, tenant: int) -> str:
    rows = await console.fetch(
        f"SELECT t::text FROM {table} t WHERE tenant_id = $1 ORDER BY 1",  # noqa: S608 - names of our own
        tenant,
    )
    text = "\n".join(row[0] for row in rows)
    return f"{len(rows)} {hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _client(word: str, chat: int, number: int) -> NewClient:
    return NewClient(
        name=f"{word} {('Alves', 'Braga', 'Couto', 'Diniz', 'Farias', 'Godoy')[number % 6]}",
        phone=f"+55119{80_000_000 + chat % 10_000 * 100 + 50 + number}",
        plan="30 dias",
        price=PRICE,
        due_on=TODAY + timedelta(days=number),
        server=f"Torre {word}",
        notes=f"Nota de {word}",
    )
