"""How many failures of a child are borne, and how long it rests after each."""

import random
from dataclasses import dataclass

from domain.backoff import ACTOR_RESTART


@dataclass(frozen=True, slots=True)
class Budget:
    """How many failures are borne in how many seconds of life."""

    restarts: int = 5
    seconds: float = 60.0


class Ledger:
    """The failures of one child, dated by its own uptime.

    Uptime, not wall time: a child that fails to start has no uptime, so it exhausts its budget
    however slowly it fails, and a stable minute forgets every failure before it.
    """

    __slots__ = ("_failures", "_uptime")

    def __init__(self) -> None:
        self._failures: tuple[float, ...] = ()
        self._uptime = 0.0

    def failed(self, budget: Budget, lived: float, rng: random.Random) -> float | None:
        """Count a failure after `lived` seconds; the backoff in seconds, None when over budget."""
        self._uptime += lived
        window = self._uptime - budget.seconds
        recent = [at for at in self._failures if at > window]
        self._failures = (*recent[-budget.restarts :], self._uptime)
        if len(self._failures) > budget.restarts:
            return None
        return ACTOR_RESTART.delay(len(self._failures), rng)
