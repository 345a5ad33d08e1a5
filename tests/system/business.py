"""One business on the whole running system, for tests of whole days."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from domain.clients import NewClient
from playground.rig import Rig
from storage import clients, outbox, schedules, tenants
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from storage.outbox import DayRow
from storage.tenants import CompanyDetails

CHAT = 550_011_002
OWNER = "5511900000002"
DAY = date(2026, 11, 24)
# São Paulo is three hours behind UTC.
DAWN = datetime(2026, 11, 24, 7, 55, tzinfo=UTC)
FIVE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NINE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
UNSETTLED = frozenset({"queued", "sending", "retry", "unknown"})


@dataclass(frozen=True, slots=True)
class Business:
    """A tenant whose WhatsApp is paired, and its rows."""

    rig: Rig
    database: Database

    async def rows(self) -> list[DayRow]:
        """The day's outbox."""
        async with self.database.tenant(CHAT) as tx:
            return await outbox.day_rows(tx, DAY)

    async def is_over(self) -> bool:
        """Whether nothing of the day is on its way any more."""
        async with self.database.tenant(CHAT) as tx:
            counts = await outbox.counts_of_day(tx, DAY)
        return bool(counts) and not UNSETTLED & counts.keys()

    async def has_run(self, job: str, at: datetime) -> bool:
        """Whether `job` of `at` was carried out."""
        async with self.database.tenant(CHAT) as tx:
            return (await schedules.of_tenant(tx))[job] > at

    async def heard(self) -> Counter[str]:
        """How many messages each phone shows, the owner's own left out."""
        shown = await self.rig.whatsapp.inboxes()
        return Counter(
            {number: len(found) for number, found in shown.items() if found and number != OWNER}
        )

    async def register(self, new: Sequence[NewClient]) -> list[int]:
        """Register clients and put their phones on WhatsApp."""
        await self.rig.whatsapp.add_phones([client.phone[1:] for client in new])
        async with self.database.tenant(CHAT) as tx:
            return await clients.add_many(tx, new, DAWN)


@asynccontextmanager
async def paired_business(rig: Rig) -> AsyncIterator[Business]:
    """A running system whose one tenant has paired by the QR in its chat."""
    await rig.start()
    await rig.ready()
    await rig.whatsapp.add_phones([OWNER])
    await rig.pair(CHAT, "Rita", OWNER)
    server = await EmbeddedPostgres.start(rig.home)
    try:
        database = await Database.open(server.dsn)
        try:
            async with database.tenant(CHAT) as tx:
                details = CompanyDetails(pix_key="rita@tv.example", pix_beneficiary="Rita")
                await tenants.set_company(tx, details)
            yield Business(rig, database)
        finally:
            await database.close()
    finally:
        await server.stop()


def person(number: int, due_on: date) -> NewClient:
    """An invented client with a phone of its own."""
    return NewClient(
        name=f"Cliente {number}",
        phone=f"+55119{91_000_000 + number}",
        plan="Mensal",
        price=Decimal(35),
        due_on=due_on,
    )


def one_day_late(count: int) -> list[NewClient]:
    """Clients who get the billing message of DAY."""
    return [person(number, DAY - timedelta(days=1)) for number in range(count)]


def not_today(count: int) -> list[NewClient]:
    """Clients who must hear nothing on DAY."""
    days = (0, 1, -2, -3, -30)
    return [
        person(5000 + number, DAY + timedelta(days=days[number % len(days)]))
        for number in range(count)
    ]
