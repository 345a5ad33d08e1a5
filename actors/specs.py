"""What a supervisor is told about a child, and how it counts the child's failures."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from actors.actor import Actor

BACKOFF_BASE_SECONDS = 0.1
BACKOFF_CAP_SECONDS = 30.0
MOST_DOUBLINGS = 16  # far past the cap, and far from the largest float
MAILBOX_SIZE = 1000
SHUTDOWN_SECONDS = 5.0


class Restart(Enum):
    """When a child that ended is started again."""

    PERMANENT = "permanent"  # always
    TRANSIENT = "transient"  # after a failure only
    TEMPORARY = "temporary"  # never


class Strategy(Enum):
    """Whom a failing child takes along."""

    ONE_FOR_ONE = "one_for_one"  # nobody
    ONE_FOR_ALL = "one_for_all"  # all its siblings
    REST_FOR_ONE = "rest_for_one"  # the siblings started after it


@dataclass(frozen=True, slots=True)
class Budget:
    """How many failures are borne in how many seconds of life."""

    restarts: int = 5
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """How to make a child and what to do when it ends.

    `shutdown_seconds` is for all below too: a supervisor needs more than its children. A child
    that takes longer than `start_seconds` to start has failed to start.

    A significant child that spends its budget takes its supervisor down instead of being
    quarantined; if it ends for good without failing, its supervisor ends too.

    `below` are templates of what the child will start by itself, for whoever prints the tree.
    """

    id: str
    factory: Callable[[], Actor]
    restart: Restart = Restart.PERMANENT
    shutdown_seconds: float = SHUTDOWN_SECONDS
    budget: Budget = field(default_factory=Budget)
    significant: bool = False
    mailbox_size: int = MAILBOX_SIZE
    start_seconds: float = math.inf
    below: "tuple[ChildSpec, ...]" = ()


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
        doublings = min(len(self._failures) - 1, MOST_DOUBLINGS)
        ceiling = BACKOFF_BASE_SECONDS * 2.0**doublings
        # Full jitter: neighbours that fell together do not come back together.
        return rng.uniform(0.0, min(BACKOFF_CAP_SECONDS, ceiling))
