"""What the home screen is made of."""

from dataclasses import dataclass, field
from datetime import date, datetime

from actors.runtime import Request
from domain.client_list import Figures
from domain.deliveries import Flow
from domain.outbox import MessageState
from domain.subscription import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeView:
    """The business at a glance; `ends_on` is the local date on which trial or plan ends.

    The three first steps are `paired`, `has_pix` and any client (A10). Instants are local.
    `by_state` counts the messages of today, `waits_until` is when the last of them may go.
    `replies` counts the phones that wait for an answer (F8).
    `flow` is what happens to messages (F10), `quiet_since` since when none arrives.
    """

    name: str
    today: date
    standing: Standing
    ends_on: date
    paired: bool
    connected: bool
    phone: str | None
    last_delivered_at: datetime | None
    has_pix: bool
    figures: Figures
    by_state: dict[MessageState, int] = field(default_factory=dict)
    waits_until: datetime | None = None
    unbilled: int = 0
    replies: int = 0
    reminders_chosen: bool = True
    flow: Flow = Flow.QUIET
    quiet_since: datetime | None = None
    paused_until: datetime | None = None

    @property
    def steps_left(self) -> int:
        """How many of the first steps are still to do."""
        has_client = bool(self.figures.active or self.figures.archived)
        return (not self.paired) + (not self.has_pix) + (not has_client)


@dataclass(frozen=True, slots=True)
class GetHome(Request[HomeView]):
    """The business at a glance."""
