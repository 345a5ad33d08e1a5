"""Looks at charges by ourselves, for what no webhook told: the slow and sure way (A4).

Only where this process is in charge. A few at a time; what cannot be asked now waits in PostgreSQL.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from actors.payments.lines import Lines
from actors.payments.looking import Look, Looker, Seen
from actors.payments.ports import PaymentsPorts
from actors.runtime import Clock
from errors import EmDiaError, StorageUnavailable
from storage import charges, webhooks
from storage.webhooks import ChargeRef
from telemetry import logger

LOG = logger("payments")
BATCH = 8
ASTRAY_SECONDS = 3600.0
BROKEN_FOR = timedelta(hours=1)
# A wall clock that moved this much against the monotonic one was set, not drifting (E14).
JUMP_SECONDS = 30.0


class Rounds:
    """The loop over the charges of everybody."""

    def __init__(self, ports: PaymentsPorts, looker: Looker, lines: Lines, clock: Clock) -> None:
        self._ports = ports
        self._looker = looker
        self._lines = lines
        self._clock = clock

    async def look_at_charges(self) -> None:
        """Look at those it is time for; at the start, hourly and after a jump at those put off."""
        astray_at, offset = 0.0, self._offset()
        while True:
            moved = abs(self._offset() - offset) > JUMP_SECONDS
            astray = moved or self._clock.monotonic() >= astray_at
            if astray:
                astray_at, offset = self._clock.monotonic() + ASTRAY_SECONDS, self._offset()
            due = await self._due(astray=astray)
            seen = await asyncio.gather(*(self._see(ref) for ref in due))
            await self._clock.sleep(self._pause(seen))

    async def _due(self, *, astray: bool) -> list[ChargeRef]:
        now = self._clock.now()
        try:
            async with self._ports.database.dispatcher() as connection:
                due = await webhooks.to_check(connection, now, BATCH)
                if astray:
                    due += await webhooks.astray(connection, now, BATCH)
        except EmDiaError as error:
            LOG.warning("charges not looked up", error=repr(error))
            return []
        return list({(ref.tenant_id, ref.charge_id): ref for ref in due}.values())

    async def _see(self, ref: ChargeRef) -> Seen | None:
        see = partial(self._looker.see, ref.tenant_id, ref.charge_id, make=True)
        try:
            return await self._lines.run(ref.tenant_id, see)
        except StorageUnavailable as error:
            LOG.warning("charge not looked at", tenant_id=ref.tenant_id, error=repr(error))
        except EmDiaError as error:
            LOG.warning("charge put off", tenant_id=ref.tenant_id, error=repr(error))
            await self._put_off(ref)  # else it would stand before all others
        return None

    async def _put_off(self, ref: ChargeRef) -> None:
        try:
            async with self._ports.database.tenant(ref.tenant_id) as tx:
                await charges.look_again(tx, ref.charge_id, self._clock.now() + BROKEN_FOR)
        except EmDiaError as error:
            LOG.warning("charge not put off", tenant_id=ref.tenant_id, error=repr(error))

    def _offset(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()

    def _pause(self, seen: Sequence[Seen | None]) -> float:
        """Seconds until the next batch: none where more may be due and somebody answers."""
        answered = any(one is not None and one.look is not Look.AWAY for one in seen)
        return 0.0 if answered and len(seen) >= BATCH else self._ports.poll_seconds
