"""The rules of one tenant as its courier reads them: kept as long as their version stands."""

from datetime import datetime

from actors.runtime import Clock
from domain.charter import Charter
from domain.rulebook import Rulebook, rulebook
from errors import EmDiaError
from guards.cache import Cache
from storage import tenants
from storage.database import TenantConnection
from telemetry import logger

LOG = logger("courier")
# An earlier version is never asked for again.
CHARTERS_KEPT = 1
# How long a change may go unnoticed that was made with the triggers of its version switched off.
CHARTER_SECONDS = 300.0


class Rules:
    """What counts for the messages of one tenant; what is kept ends with it."""

    def __init__(self, tenant_id: int, clock: Clock) -> None:
        self._tenant_id = tenant_id
        self._charters = Cache[int, Charter](
            "charter", most=CHARTERS_KEPT, seconds=CHARTER_SECONDS, timer=clock.monotonic
        )

    async def at(self, tx: TenantConnection, version: int, now: datetime) -> Rulebook | None:
        """The rules at `now`; None when they cannot be read, which is no message's fault."""
        try:
            return rulebook(await self._charter(tx, version), now)
        except EmDiaError:
            raise
        except Exception as error:  # noqa: BLE001 - the queue waits, whatever is wrong with them
            LOG.error(  # noqa: TRY400 - a traceback could show what the owner wrote
                "rules not readable", tenant_id=self._tenant_id, error=type(error).__name__
            )
            self._charters.clear()  # what is mended need not be told by a new version
            return None

    async def _charter(self, tx: TenantConnection, version: int) -> Charter:
        """The tenant's charter of `version`, or of a later one when it changes at this moment.

        It is kept under the version that was read with it, in one statement, in a transaction that
        writes no rules: so what is kept was committed, and is whole.
        """
        charter = self._charters.get(version)
        if charter is None:
            charter = await tenants.charter(tx)
            self._charters.put(charter.version, charter)
        return charter
