"""Two processes on one database, as in every rolling deploy: nothing twice, nothing lost (I7)."""

from collections.abc import AsyncIterator
from time import monotonic

import pytest

from domain.charge import LEASE_SECONDS
from tests.faults.deploy import BUSINESSES, LAST_WORDS_SECONDS, MESSAGES, Deploy, a_day_at_work
from tests.postgres import fleeting_folder

MOST_SILENT_SECONDS = 10.0
ALL = BUSINESSES * MESSAGES
TAKE_BACK_SECONDS = LEASE_SECONDS + MOST_SILENT_SECONDS


@pytest.fixture
async def deploy() -> AsyncIterator[Deploy]:
    """A day at work in one process."""
    with fleeting_folder() as home:
        async with a_day_at_work(home) as at_work:
            yield at_work


def tell(deploy: Deploy, how: str) -> None:
    """Show what was measured: `pytest -s`."""
    print(f"{how}: longest silence {deploy.street.longest_silence:.1f} s")  # noqa: T201 - the figure


@pytest.mark.timeout(240)
async def test_a_process_is_replaced_by_a_newer_one_and_nobody_notices(deploy: Deploy) -> None:
    newer = await deploy.successor()
    await deploy.both_keep(newer)
    began = monotonic()
    code = await deploy.rig.stop()
    took = monotonic() - began
    await deploy.in_charge(newer)
    heard_before = deploy.street.heard
    await deploy.over(newer)
    await newer.until(deploy.all_answered, LAST_WORDS_SECONDS, "as respostas")
    tell(deploy, "replaced")

    assert (0, True) == (code, took < 25.0)
    assert deploy.once_each() == await deploy.heard()
    assert 3 == (await newer.whatsapp.stats())["pairings"]
    # An answer that waits for its turn at the change is taken back: the newer one handles it anew.
    assert {tries for _, tries in await deploy.updates()} <= {1, 2}
    assert await deploy.answered_in_order()
    assert {deploy.rig.address, newer.address} == deploy.front.takers
    assert 0 < heard_before < ALL, "the day was over before"
    assert deploy.street.longest_silence < MOST_SILENT_SECONDS


@pytest.mark.long
@pytest.mark.timeout(240)
async def test_the_older_process_is_killed_while_it_hands_over(deploy: Deploy) -> None:
    newer = await deploy.successor()
    await deploy.rig.kill()
    await deploy.in_charge(newer)
    heard_before = deploy.street.heard
    await deploy.over(newer)
    await newer.until(deploy.all_answered, LAST_WORDS_SECONDS, "as respostas")
    tell(deploy, "the older killed")

    assert deploy.once_each() == await deploy.heard()
    assert 3 == (await newer.whatsapp.stats())["pairings"]
    assert await deploy.answered_in_order()
    assert {deploy.rig.address, newer.address} == deploy.front.takers
    assert 0 < heard_before < ALL, "the day was over before"
    assert deploy.street.longest_silence < MOST_SILENT_SECONDS


@pytest.mark.long
@pytest.mark.timeout(240)
async def test_the_older_process_goes_on_when_the_newer_one_is_killed(deploy: Deploy) -> None:
    newer = await deploy.successor()
    await deploy.in_charge(newer)
    await deploy.both_keep(newer)
    await deploy.answered_by(newer)
    await newer.kill()
    await deploy.in_charge(deploy.rig)
    heard_before = deploy.street.heard
    await deploy.over(deploy.rig)
    await deploy.rig.until(deploy.all_answered, LAST_WORDS_SECONDS, "as respostas")
    tell(deploy, "the newer killed")

    assert deploy.once_each() == await deploy.heard()
    assert 3 == (await deploy.rig.whatsapp.stats())["pairings"]
    assert await deploy.answered_in_order()
    assert {deploy.rig.address, newer.address} == deploy.front.takers
    assert 0 < heard_before < ALL, "the day was over before"
    assert deploy.street.longest_silence < TAKE_BACK_SECONDS
