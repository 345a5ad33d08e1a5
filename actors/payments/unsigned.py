"""Deliveries whose signature is not ours: they credit nothing, and at most wake a look (A5).

Real ones may not verify (those of test credentials do not), and anybody can send them: so a look
at a charge is woken once a minute at most, and only for a charge that waits.
"""

from functools import partial

from actors.payments.lines import Lines
from actors.payments.looking import Looker
from actors.payments.ports import PaymentsPorts
from actors.runtime import Clock
from domain.charges import ChargeState
from errors import EmDiaError
from guards.cache import Cache
from storage import webhooks
from telemetry import logger

LOG = logger("payments")
MINUTE = 60.0
MOST_PER_MINUTE = 60
"""In all: each costs PostgreSQL a question."""
MOST_REMEMBERED = 10_000


class Unsigned:
    """What is made of them."""

    def __init__(self, ports: PaymentsPorts, looker: Looker, lines: Lines, clock: Clock) -> None:
        self._ports = ports
        self._looker = looker
        self._lines = lines
        self._clock = clock
        self._looked = Cache[str, int](
            "payments woken", most=MOST_REMEMBERED, seconds=MINUTE, timer=clock.monotonic
        )
        self._window = float("-inf")
        self._in_window = 0

    async def came(self, payment_id: str) -> None:
        """Look at the charge that is meant, if it is one of ours that waits."""
        if not self._may_look(payment_id):
            return
        try:
            async with self._ports.database.dispatcher() as connection:
                ref = await webhooks.charge_of_payment(connection, payment_id)
            if ref is not None and ref.state is ChargeState.PENDING:
                see = partial(self._looker.see, ref.tenant_id, ref.charge_id)
                await self._lines.run(ref.tenant_id, see)
        except EmDiaError as error:
            LOG.warning("not looked at", error=repr(error))

    def _may_look(self, payment_id: str) -> bool:
        now = self._clock.monotonic()
        if now - self._window >= MINUTE:
            self._window, self._in_window = now, 0
        if self._in_window >= MOST_PER_MINUTE or self._looked.get(payment_id) is not None:
            return False
        self._in_window += 1
        self._looked.put(payment_id, self._in_window)
        return True
