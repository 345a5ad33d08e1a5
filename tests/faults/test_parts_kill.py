"""Kill -9 of the process and of its WhatsApp worker amid messages in two parts (D5, E6, F6).

Every phone shows the text and then the code, each once, as it deciphered them. `test_kill` is the
short form.
"""

import contextlib
from collections.abc import AsyncIterator, Mapping
from random import Random

import psutil
import pytest

from playground.rig import Rig
from storage import whatsapp_numbers
from tests.postgres import walkable_folder
from tests.system.business import BOTH_PARTS, NINE, Business, running_system

MESSAGES = 60
SEED = 20261125
WORKER, PROCESS = "worker", "process"
KILLS = [WORKER, PROCESS] * 10
# A part is two or three rows of the log of sendings.
MOST_ROWS = 9
MOST_ROUND_TRIPS = 20
# Most kills come while a frame has left and nobody knows what became of it.
SLOW: Mapping[str, object] = {"ack_delay_ms": 150, "receipts": {"how": "none"}}
MOMENT_SECONDS = 60.0
END_SECONDS = 120.0


@pytest.fixture
async def business() -> AsyncIterator[Business]:
    """A paired business whose clients' numbers are known: nobody waits for an answer about them."""
    with walkable_folder() as home:
        async with running_system(home) as (rig, database):
            found = Business(rig, database)
            await found.open()
            await found.code_in_text()
            await found.register(found.one_day_late(MESSAGES))
            async with database.tenant(found.chat) as tx:
                for client in found.one_day_late(MESSAGES):
                    jid = f"{client.phone[1:]}@s.whatsapp.net"
                    await whatsapp_numbers.keep(tx, client.phone, jid=jid, lid=None, now=NINE)
            yield found


def workers(rig: Rig) -> list[psutil.Process]:
    """The WhatsApp workers of the running process."""
    found = []
    assert rig.process is not None
    for child in psutil.Process(rig.process.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if any(part.endswith("main.ts") for part in child.cmdline()):
                found.append(child)
    return found


async def kill(business: Business, which: str, random: Random) -> None:
    """Kill it a few rows further on and a moment more, wherever it is by then."""
    rig, rows = business.rig, await log_rows(business) + random.randint(1, MOST_ROWS)

    async def that_far() -> bool:
        return await log_rows(business) >= rows or await business.is_over()

    await rig.until(that_far, MOMENT_SECONDS, "a fila andar")
    # Round trips to somebody else: time that passes without being measured.
    for _ in range(random.randint(0, MOST_ROUND_TRIPS)):
        await rig.whatsapp.stats()
    if which == PROCESS:
        await rig.kill()
        await rig.start()
    for worker in workers(rig) if which == WORKER else ():
        worker.kill()


async def log_rows(business: Business) -> int:
    """How long the log of sendings is."""
    async with business.database.tenant(business.chat) as tx:
        return int(await tx.fetchval("SELECT count(*) FROM message_events"))


@pytest.mark.long
@pytest.mark.timeout(540)
async def test_both_parts_reach_every_phone_once_and_in_order_after_twenty_kills(
    business: Business,
) -> None:
    random = Random(SEED)  # noqa: S311 - chooses where to kill, reproducibly
    await business.rig.whatsapp.faults(SLOW)
    await business.rig.move_clock(NINE)
    for which in KILLS:
        await kill(business, which, random)
    before_the_end = [row.state for row in await business.rows()]
    await business.rig.until(business.is_over, END_SECONDS, "a fila acabar")
    stats = await business.rig.whatsapp.stats()
    print(f"ids that came again, and were not shown again: {stats['repeated_ids']}")  # noqa: T201 - the figure

    expected = {client.phone[1:]: BOTH_PARTS for client in business.one_day_late(MESSAGES)}
    assert expected == await business.shown()
    assert {"sent"} == {row.state for row in await business.rows()}
    assert 1 == stats["pairings"]
    assert "queued" in before_the_end, "the day was over before the last kill"
