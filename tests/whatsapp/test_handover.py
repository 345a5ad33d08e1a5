"""A tenant's line when a newer process takes over, and when the lease is lost (I7)."""

import pytest

from actors.messages.charge import DropLines
from actors.messages.queue import WakeUp
from domain.whatsapp import SessionState
from tests.whatsapp.support import losses, openings
from tests.whatsapp.world import ASK_SECONDS, ELSEWHERE, OWNER_JID, World

pytestmark = pytest.mark.timeout(90)


async def wake(world: World) -> None:
    """This process is in charge, as far as it knows."""
    await world.tenant.ask(WakeUp(), deadline=ASK_SECONDS)
    await world.settle()


async def elsewhere_ends(world: World) -> None:
    """The newer process is no more."""
    await world.console.execute(
        "UPDATE replicas SET lease_until = clock_timestamp() WHERE id = $1", ELSEWHERE
    )


@pytest.fixture
async def fenced(paired: World) -> World:
    """A session whose tenant a newer process took, and whose line was replaced."""
    await paired.take_over()
    await paired.closes(440)
    await paired.settle()
    return paired


async def test_while_the_newer_process_lives_the_tenant_is_not_taken_back(fenced: World) -> None:
    for _ in range(3):
        await wake(fenced)
        await fenced.pass_time(60.0)

    assert (2, []) == (await openings(fenced), await losses(fenced))


async def test_when_the_newer_process_is_gone_the_line_comes_back_without_a_qr(
    fenced: World,
) -> None:
    before = await fenced.epoch()
    await elsewhere_ends(fenced)
    await wake(fenced)
    opened = await fenced.is_ordered("open", 3)
    await fenced.opens()
    await fenced.settle()
    view = await fenced.view()

    assert f"creds of {OWNER_JID}" == opened["args"]["creds"]
    assert (True, SessionState.PAIRED) == (view.connected, view.state)
    assert opened["epoch"] > before + 1


async def test_who_was_refused_looks_again_by_itself(fenced: World) -> None:
    await wake(fenced)
    await elsewhere_ends(fenced)
    await fenced.pass_time(2.5)

    await fenced.is_ordered("open", 3)


async def test_a_lost_lease_drops_the_line_which_comes_back_under_the_same_epoch(
    paired: World,
) -> None:
    before = await paired.epoch()
    closed = len(await paired.orders("close"))
    await paired.system.ref("sidecar").tell(DropLines())
    await paired.is_ordered("close", closed + 1)
    await paired.settle()
    view = await paired.view()
    await paired.pass_time(2.0)
    opened = await paired.is_ordered("open", 3)

    assert (False, before) == (view.connected, opened["epoch"])
