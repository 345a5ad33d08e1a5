"""One business on the whole running system, for tests of whole days."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import psutil

from domain.clients import NewClient
from domain.jobs import Job
from domain.outbox import READY, MessageState
from errors import StorageUnavailable
from playground.rig import Rig
from storage import clients, outbox, schedules, tenants
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from storage.outbox import DayRow
from storage.tenants import CompanyDetails

DAY = date(2026, 11, 24)
# A billing text whose code goes as a message of its own (D5), and how both begin on a phone.
WITH_CODE = "Para pagar, copie o PIX 👇\n{pix_copia_e_cola}"
BEGINS = 6
BOTH_PARTS = ["Para p", "000201"]
# São Paulo is three hours behind UTC.
DAWN = datetime(2026, 11, 24, 7, 55, tzinfo=UTC)
FIVE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NINE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CONNECTED_SECONDS = 30.0
UNSETTLED = READY | {MessageState.SENDING}


@dataclass(frozen=True, slots=True)
class Business:
    """A tenant whose WhatsApp is paired, and its rows."""

    rig: Rig
    database: Database
    chat: int = 550_011_002
    # Phones of different businesses in one simulator must not be the same.
    first_phone: int = 91_000_000

    @property
    def owner(self) -> str:
        """The owner's own number, as WhatsApp has it."""
        return f"5521{900_000_000 + self.chat % 1_000_000}"

    async def rows(self) -> list[DayRow]:
        """The day's outbox."""
        async with self.database.tenant(self.chat) as tx:
            return await outbox.day_rows(tx, DAY)

    async def is_over(self) -> bool:
        """Whether nothing of the day is on its way any more."""
        async with self.database.tenant(self.chat) as tx:
            counts = await outbox.counts_of_day(tx, DAY)
        return bool(counts) and not UNSETTLED & counts.keys()

    async def has_arrived(self) -> bool:
        """Whether each message of the day is known to be on its phone; receipts follow later."""
        async with self.database.tenant(self.chat) as tx:
            return (await outbox.counts_of_day(tx, DAY)).keys() == {"delivered"}

    async def has_run(self, job: str, at: datetime) -> bool:
        """Whether `job` of `at` was carried out."""
        async with self.database.tenant(self.chat) as tx:
            return (await schedules.of_tenant(tx))[Job(job)] > at

    async def heard(self) -> Counter[str]:
        """How many messages each phone shows that came from this business."""
        inboxes = await self.rig.whatsapp.inboxes()
        return Counter(
            number
            for number, messages in inboxes.items()
            for shown in messages
            if shown.sender == self.owner
        )

    async def shown(self) -> dict[str, list[str]]:
        """How each message begins that a phone shows of this business, in the order they came."""
        inboxes = await self.rig.whatsapp.inboxes()
        found = {
            number: [one.text[:BEGINS] for one in messages if one.sender == self.owner]
            for number, messages in inboxes.items()
        }
        return {number: texts for number, texts in found.items() if texts}

    async def code_in_text(self) -> None:
        """Let every billing message go in two parts."""
        async with self.database.tenant(self.chat) as tx:
            await tx.execute(
                """INSERT INTO templates
                       (tenant_id, kind, name, body, active, created_at, updated_at)
                   VALUES ($1, 'cobranca', 'Cobrança', $2, true, $3, $3)""",
                self.chat,
                WITH_CODE,
                DAWN,
            )

    async def register(self, new: Sequence[NewClient]) -> list[int]:
        """Register clients and put their phones on WhatsApp."""
        await self.rig.whatsapp.add_phones([client.phone[1:] for client in new])
        return await self.register_unreachable(new)

    async def register_unreachable(self, new: Sequence[NewClient]) -> list[int]:
        """Register clients whose phones WhatsApp does not know."""
        async with self.database.tenant(self.chat) as tx:
            return await clients.add_many(tx, new, DAWN)

    async def open(self) -> None:
        """Sign up in the chat, pair by the QR that comes, and fill in the PIX key.

        Only once it is logged in is the clock moved: for an hour after a pairing no number is
        believed to be nobody's, so it must not count from a later hour of the test.
        """
        await self.rig.whatsapp.add_phones([self.owner])
        await self.rig.pair(self.chat, "Rita", self.owner)
        await self.rig.until(self.is_connected, CONNECTED_SECONDS, "a conexão")
        await self.fill_in_pix()

    async def is_connected(self) -> bool:
        """Whether WhatsApp has a live connection of this business."""
        sessions = await self.rig.whatsapp.sessions()
        return any(one["number"] == self.owner and one["connected"] for one in sessions)

    async def fill_in_pix(self) -> None:
        """Tell where to pay."""
        async with self.database.tenant(self.chat) as tx:
            details = CompanyDetails(pix_key="rita@tv.example", pix_beneficiary="Rita")
            await tenants.set_company(tx, details)

    async def forget_pix(self) -> None:
        """Have told nothing of where to pay."""
        async with self.database.tenant(self.chat) as tx:
            await tx.execute("UPDATE settings SET pix_key = NULL WHERE tenant_id = $1", self.chat)

    async def kill_postgresql(self) -> None:
        """Kill -9 of the server; its backends end when they notice."""
        data = self.rig.home / "postgres" / "data"
        pid = int(await asyncio.to_thread(first_line, data / "postmaster.pid"))
        psutil.Process(pid).kill()

    async def is_over_again(self) -> bool:
        """`is_over`, while PostgreSQL may be on its way back."""
        try:
            return await self.is_over()
        except StorageUnavailable:
            return False

    def person(self, number: int, due_on: date) -> NewClient:
        """An invented client with a phone of its own."""
        return NewClient(
            name=f"Cliente {number}",
            phone=f"+55119{self.first_phone + number}",
            plan="Mensal",
            price=Decimal(35),
            due_on=due_on,
        )

    def one_day_late(self, count: int) -> list[NewClient]:
        """Clients who get the billing message of DAY."""
        return [self.person(number, DAY - timedelta(days=1)) for number in range(count)]

    def not_today(self, count: int) -> list[NewClient]:
        """Clients who must hear nothing on DAY."""
        days = (0, 1, -2, -3, -30)
        return [
            self.person(5000 + number, DAY + timedelta(days=days[number % len(days)]))
            for number in range(count)
        ]


def first_line(file: Path) -> str:
    """The first line of `file`."""
    return file.read_text(encoding="utf-8").splitlines()[0]


@asynccontextmanager
async def running_system(home: Path, make: type[Rig] = Rig) -> AsyncIterator[tuple[Rig, Database]]:
    """The whole system at DAWN of DAY, ready, and a way of one's own to its database."""
    async with make(home, clock=DAWN) as rig:
        await rig.start()
        await rig.ready()
        server = await EmbeddedPostgres.start(rig.home)
        try:
            database = await Database.open(server.dsn)
            try:
                yield rig, database
            finally:
                await database.close()
        finally:
            await server.stop()
