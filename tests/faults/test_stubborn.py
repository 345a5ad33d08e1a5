"""The process ends in time also when one of its tasks never does (guarantee 6)."""

import asyncio
import sys

import pytest

from actors.runtime import EXIT_STUCK
from playground.rig import ROOT, clean_environment
from supervisor import SHUTDOWN_SECONDS
from tests.faults.distant import EXIT_SECONDS, DistantRig
from tests.faults.stubborn_system import STAYS
from tests.postgres import fleeting_folder

START_SECONDS = 60.0


@pytest.mark.timeout(180)
async def test_a_task_that_will_not_be_cancelled_does_not_keep_the_process(dsn: str) -> None:
    with fleeting_folder() as home:
        async with DistantRig(home, dsn) as rig:
            rig.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.faults.stubborn_system",
                cwd=ROOT,
                env=clean_environment() | rig.environment,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
            log = rig.process.stderr
            assert log is not None
            async with asyncio.timeout(START_SECONDS):
                while STAYS not in (await log.readline()).decode():
                    pass
            reading = asyncio.create_task(log.read())

            code, seconds = await rig.end()
            said = (await reading).decode()

    assert (EXIT_STUCK, True) == (code, seconds < SHUTDOWN_SECONDS + EXIT_SECONDS)
    assert "stubborn: stay" in said
