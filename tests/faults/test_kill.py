"""Kill -9 of the whole process at random points of a day: everybody hears once (E6).

Each message goes in two parts: the text, then the code alone, as the phone deciphers them (D5).
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from random import Random

import pytest

from playground.rig import Rig
from tests.faults.forked_rig import ForkedRig
from tests.postgres import fleeting_folder
from tests.system.business import BOTH_PARTS, FIVE, NINE, Business, running_system

MESSAGES = 50
BYSTANDERS = 20
KILLS = 22
SEED = 20261124
# A life says about six lines before it begins to send, then one or two for each message.
FEWEST_LINES = 3
MOST_LINES = 9
IDLE_SECONDS = 20.0
MOST_ROUND_TRIPS = 20
END_SECONDS = 120.0


@pytest.fixture
async def business() -> AsyncIterator[Business]:
    """A paired business with fifty clients who are one day late."""
    with fleeting_folder() as home:
        async with running_system(home, ForkedRig) as (rig, database):
            found = Business(rig, database)
            await found.open()
            await found.code_in_text()
            await found.register([*found.one_day_late(MESSAGES), *found.not_today(BYSTANDERS)])
            yield found


async def live_a_little(rig: Rig, random: Random) -> None:
    """Start the system and kill it after so many log lines and a moment more, wherever it is."""
    process = await rig.start(stderr=asyncio.subprocess.PIPE)
    assert process.stderr is not None
    with contextlib.suppress(TimeoutError):  # with nothing left to say it is killed idle
        async with asyncio.timeout(IDLE_SECONDS):
            for _ in range(random.randint(FEWEST_LINES, MOST_LINES)):
                await process.stderr.readline()
    # Round trips to somebody else: time that passes without being measured.
    for _ in range(random.randint(0, MOST_ROUND_TRIPS)):
        await rig.whatsapp.stats()
    await rig.kill()
    await process.stderr.read()


@pytest.mark.timeout(540)
async def test_a_day_killed_at_random_points_reaches_everybody_once(business: Business) -> None:
    random = Random(SEED)  # noqa: S311 - chooses where to kill, reproducibly
    await business.rig.move_clock(FIVE)
    await business.rig.until(lambda: business.has_run("verify", FIVE), 30, "05:00")
    await business.rig.stop()
    business.rig.set_clock(NINE)

    for _ in range(KILLS):
        await live_a_little(business.rig, random)
    before_the_last = [row.state for row in await business.rows()]
    await business.rig.start()
    await business.rig.until(business.is_over, END_SECONDS, "a fila acabar")

    expected = {client.phone[1:]: BOTH_PARTS for client in business.one_day_late(MESSAGES)}
    assert expected == await business.shown()
    assert {"sent", "delivered"} >= {row.state for row in await business.rows()}
    assert 1 == (await business.rig.whatsapp.stats())["pairings"]
    assert "queued" in before_the_last, "the day was over before the last kill"
