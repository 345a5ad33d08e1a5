"""With no descriptor left, everything waits and nothing dies (I3)."""

import asyncio
import resource

import psutil

from playground.rig import RigFailed
from tests.faults.distant import DistantRig
from tests.postgres import fleeting_folder

HALF = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
SPARE = 4
CROWD = 100
# Long enough for the lease, the polls and the clock of all tenants to have their turns.
SHORT_SECONDS = 12.0


async def test_a_process_without_descriptors_lives_and_recovers(dsn: str) -> None:
    with fleeting_folder() as home:
        async with DistantRig(home, dsn) as rig:
            await rig.start()
            await rig.ready()
            assert rig.process is not None
            system = psutil.Process(rig.process.pid)
            port = int(rig.environment["PORT"])
            limits = resource.prlimit(system.pid, resource.RLIMIT_NOFILE)
            few = system.num_fds() + SPARE
            resource.prlimit(system.pid, resource.RLIMIT_NOFILE, (few, limits[1]))
            crowd = [await half_a_request(port) for _ in range(CROWD)]
            await asyncio.wait(
                {rig_ended := asyncio.create_task(rig.process.wait())}, timeout=SHORT_SECONDS
            )
            lived = not rig_ended.done()
            for writer in crowd:
                writer.close()
            resource.prlimit(system.pid, resource.RLIMIT_NOFILE, limits)
            await rig.until(lambda: answers(rig), 30.0, "responder de novo")
            status = await rig.http("GET", "/status")
            restarts = {actor["id"]: actor["restarts"] for actor in status["actors"]}
            await rig.stop()
            await rig_ended

    assert (True, {}) == (lived, {name: count for name, count in restarts.items() if count})


async def half_a_request(port: int) -> asyncio.StreamWriter:
    """Connect and begin to say something."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HALF)
    return writer


async def answers(rig: DistantRig) -> bool:
    """Whether the system says that it is ready."""
    try:
        await rig.http("GET", "/readyz")
    except (RigFailed, OSError):
        return False
    return True
