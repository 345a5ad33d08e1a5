"""A rolling deploy from outside: what phones hear, and what people say to the bot meanwhile.

Both processes have one public address, at which Telegram leaves what people say.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import monotonic

import aiohttp

from playground.rig import Rig, RigFailed
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from tests.faults.front import Front
from tests.system.business import DAWN, FIVE, NINE, Business

BUSINESSES = 3
MESSAGES = 36  # of each business
GAP_SECONDS = "0.3-0.5"
TURN_SECONDS = 0.1  # between two looks, and two words
FIRST_CHAT = 660_000_000
TALKER = 650_000_000
WORDS = ("/ajuda", "/menu", "/hoje")
IN_CHARGE_SECONDS = 40.0
OVER_SECONDS = 100.0
TWICE_SECONDS = 20.0
LAST_WORDS_SECONDS = 20.0
TAKEN_TWICE = 10
LAST_STRANGERS = 2 * TAKEN_TWICE
# As a machine's clock that is not quite the other's.
LATER = timedelta(seconds=40)


class PublicRig(Rig):
    """A process behind `front`, where Telegram brings the updates."""

    front: Front

    @property
    def environment(self) -> dict[str, str]:
        """What the system is told, its public address included."""
        return super().environment | {
            "EMDIA_PUBLIC_URL": self.front.address,
            "EMDIA_TELEGRAM_UPDATES": "webhook",
        }


@dataclass
class Street:
    """What everybody says and hears, looked at again and again."""

    rig: Rig
    is_silent: bool = False
    strangers: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    last: dict[str, float] = field(default_factory=dict)
    gaps: dict[str, float] = field(default_factory=dict)

    async def live(self) -> None:
        """Go on until cancelled."""
        while True:
            if not self.is_silent:
                self.speak()
            await self.listen()
            await asyncio.sleep(TURN_SECONDS)

    def speak(self) -> None:
        """Let somebody new sign up, and somebody known say one more thing."""
        control = self.rig.telegram.control
        control.say(FIRST_CHAT + self.strangers, "/start", "Ana")
        control.say(TALKER, WORDS[self.strangers % len(WORDS)], "Bia")
        self.strangers += 1

    async def listen(self) -> None:
        """Note how long each business has been silent."""
        sent: Counter[str] = Counter()
        for touched in (await self.rig.whatsapp.tally()).messages:
            sent[touched.by] += touched.times
        now = monotonic()
        for sender in sent.keys() - {n for n, count in self.seen.items() if count == sent[n]}:
            if sender in self.last:
                gap = now - self.last[sender]
                self.gaps[sender] = max(gap, self.gaps.get(sender, 0.0))
            self.last[sender] = now
        self.seen = sent

    @property
    def heard(self) -> int:
        """How many messages came through so far."""
        return self.seen.total()

    @property
    def longest_silence(self) -> float:
        """Seconds between two sends of the business that was silent longest."""
        return max(self.gaps.values(), default=0.0)


@dataclass
class Deploy:
    """The system at work at nine o'clock, with a day to send."""

    rig: PublicRig
    database: Database
    businesses: Sequence[Business]
    street: Street

    @property
    def front(self) -> Front:
        """What stands at the public address."""
        return self.rig.front

    async def successor(self) -> Rig:
        """Start a newer process beside; it gets the traffic once it is ready."""
        newer = self.rig.beside()
        newer.set_clock(NINE + LATER)
        await newer.start()
        await newer.ready()
        self.front.let_in(newer)
        return newer

    async def both_keep(self, newer: Rig) -> None:
        """Have Telegram repeat itself, until both processes took some of the same."""
        self.front.repeats = True
        enough = self.front.taken_twice + TAKEN_TWICE

        async def did() -> bool:
            return self.front.taken_twice >= enough

        await newer.until(did, TWICE_SECONDS, "os dois receberem o mesmo")

    async def answered_by(self, rig: Rig) -> None:
        """Wait until those who signed up last have their answer, while others go on talking."""
        end = FIRST_CHAT + self.street.strangers
        last = range(max(FIRST_CHAT, end - LAST_STRANGERS), end)

        async def did() -> bool:
            return all([await self._rows_of(chat, "handled_at IS NOT NULL") for chat in last])

        await rig.until(did, LAST_WORDS_SECONDS, "as respostas")

    async def in_charge(self, rig: Rig) -> None:
        """Wait until that process is in charge."""

        async def stands() -> bool:
            with suppress(RigFailed, aiohttp.ClientError):
                return bool((await rig.http("GET", "/status"))["standing"] == "in_charge")
            return False

        await rig.until(stands, IN_CHARGE_SECONDS, "o comando")

    async def over(self, rig: Rig) -> None:
        """Wait until that process has brought the day to its end, and answered all that is said."""

        async def done() -> bool:
            return all([await business.is_over() for business in self.businesses])

        await rig.until(done, OVER_SECONDS, "a fila acabar")

    async def all_answered(self) -> bool:
        """Whether all was kept and handled that anybody said; nobody says more from now on."""
        self.street.is_silent = True
        said = 2 * self.street.strangers
        return said == len(await self.updates("handled_at IS NOT NULL"))

    async def updates(self, where: str = "true") -> list[tuple[int, int]]:
        """Chat and tries of each update there is, in the order they were handled."""
        return [
            (row["tenant_id"], row["attempts"])
            for chat in [TALKER, *range(FIRST_CHAT, FIRST_CHAT + self.street.strangers)]
            for row in await self._rows_of(chat, where)
        ]

    async def answered_in_order(self) -> bool:
        """Whether the talker's words were handled one after the other."""
        rows = await self._rows_of(TALKER, "handled_at IS NOT NULL")
        ids = [row["update_id"] for row in rows]
        return bool(ids) and ids == sorted(ids)

    async def heard(self) -> list[Counter[str]]:
        """How often each phone shows a message, business by business."""
        return [await business.heard() for business in self.businesses]

    def once_each(self) -> list[Counter[str]]:
        """What they should show."""
        return [
            Counter({client.phone[1:]: 1 for client in business.one_day_late(MESSAGES)})
            for business in self.businesses
        ]

    async def _rows_of(self, chat: int, where: str) -> list[dict[str, int]]:
        # In the order of the transactions that wrote them last: the processes' clocks differ. Those
        # that one transaction closed were handled in their own order.
        async with self.database.tenant(chat) as tx:
            rows = await tx.fetch(
                "SELECT tenant_id, update_id, attempts FROM telegram_updates"  # noqa: S608 - ours
                f" WHERE tenant_id = $1 AND {where} ORDER BY xmin::text::bigint, update_id",
                chat,
            )
        return [dict(row) for row in rows]


@asynccontextmanager
async def a_day_at_work(home: Path) -> AsyncIterator[Deploy]:
    """One process at nine, three businesses beginning to send, and people who talk to the bot."""
    async with Front() as front, PublicRig(home, clock=DAWN, gap_seconds=GAP_SECONDS) as rig:
        rig.front = front
        front.let_in(rig)
        await rig.start()
        await rig.ready()
        server = await EmbeddedPostgres.start(rig.home)
        database = await Database.open(server.dsn)
        try:
            deploy = Deploy(rig, database, businesses(rig, database), Street(rig))
            await asyncio.gather(*(at_dawn(business) for business in deploy.businesses))
            await rig.move_clock(FIVE)
            for business in deploy.businesses:
                await rig.until(partial(business.has_run, "verify", FIVE), 30, "05:00")
            await rig.move_clock(NINE)
            living = asyncio.create_task(deploy.street.live())
            try:
                yield deploy
            finally:
                living.cancel()
                await asyncio.wait({living})
        finally:
            await database.close()
            await server.stop()


async def at_dawn(business: Business) -> None:
    """Let it begin, with a day to send."""
    await business.open()
    await business.register(business.one_day_late(MESSAGES))


def businesses(rig: Rig, database: Database) -> list[Business]:
    """Some businesses, each with phones of its own."""
    return [
        Business(rig, database, chat=550_011_002 + n, first_phone=91_000_000 + 100_000 * n)
        for n in range(BUSINESSES)
    ]
