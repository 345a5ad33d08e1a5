"""What every part of a tenant has: its id and what it works with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from actors.runtime import Actor, ChildSpec, Ref
from domain.pacing import PacingRules
from domain.retention import Retention
from errors import ActorStopped
from storage.database import Database


def _no_payments() -> Ref:
    """Nobody takes payments."""
    raise ActorStopped("payments", "there are none here")


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantPorts:
    """What a tenant works with; `session` makes its WhatsApp session, supervised by its spec.

    `scoreboard_seconds` pass at least between two writings of the pinned board (J8).
    """

    database: Database
    telegram: Ref
    session: Callable[[int, Ref], Actor]
    session_spec: ChildSpec
    schedules_changed: Callable[[], None]
    trial: timedelta
    retention: Retention
    replica: UUID
    scoreboard_seconds: float = 15.0
    pacing: PacingRules = field(default_factory=PacingRules)
    payments: Callable[[], Ref] = _no_payments


class TenantPart(Actor):
    """The base of the tenant `tenant_id`, or of the chat that may become one."""

    def __init__(self, tenant_id: int, ports: TenantPorts) -> None:
        self._tenant_id = tenant_id
        self._ports = ports
