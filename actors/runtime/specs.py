"""What a supervisor is told about a child."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from actors.runtime.actor import Actor
from actors.runtime.budget import Budget

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
