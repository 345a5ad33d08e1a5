"""The whole system with its database somewhere else, and how long it takes to end."""

import asyncio
import signal
from pathlib import Path
from time import monotonic

from playground.rig import Rig
from supervisor import SHUTDOWN_SECONDS
from tests.system.business import DAWN

# For the interpreter's own end, on a loaded machine.
EXIT_SECONDS = 3.0
STUCK_SECONDS = SHUTDOWN_SECONDS + 15.0


class DistantRig(Rig):
    """The system with its database somewhere else."""

    def __init__(self, home: Path, dsn: str) -> None:
        super().__init__(home, clock=DAWN)
        self._dsn = dsn

    @property
    def environment(self) -> dict[str, str]:
        """Where that is, too."""
        return {**super().environment, "DATABASE_URL": self._dsn}

    async def end(self) -> tuple[int | None, float]:
        """SIGTERM; the exit code and the seconds it took, or (None, …) if it does not end."""
        assert self.process is not None
        began = monotonic()
        self.process.send_signal(signal.SIGTERM)
        waiting = asyncio.create_task(self.process.wait())
        await asyncio.wait({waiting}, timeout=STUCK_SECONDS)
        seconds = monotonic() - began
        code = self.process.returncode
        await self.kill()
        await waiting
        return code, seconds
