"""The day and its queue: what the clock and the screens ask of a tenant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from actors.messages.clients import ClientRow
from actors.runtime import Request
from domain.day_groups import DayGroup
from domain.outbox import MessageState
from domain.reasons import Reason
from domain.reminders import Kind


@dataclass(frozen=True, slots=True)
class DayMessage:
    """A message of a day, and whose it is; `at` is the last thing known of it, local.

    Of one on its way that is when its turn is expected, of one that waits when the day ends.
    `missing` names the variables that one that waits has no value for.
    """

    row: ClientRow
    kind: Kind
    state: MessageState
    reason: str | None
    at: datetime
    message_id: int = 0
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hold:
    """What keeps the whole queue from going, since when and until when where that is known."""

    reason: Reason
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TodayView:
    """The day at a glance (E7): who is due, and the day's messages by state.

    `coming` are the next whose turn comes, `held` the first that wait for the owner, `last_turn` is
    when the last of all is expected to go. `begins_at`: the day begins later, in its turn (E13).
    Instants are local.
    """

    day: date
    due_today: int
    overdue: int
    by_state: Mapping[MessageState, int]
    now: datetime | None = None
    coming: tuple[DayMessage, ...] = ()
    held: tuple[DayMessage, ...] = ()
    last_turn: datetime | None = None
    opens: datetime | None = None
    closes: datetime | None = None
    begins_at: datetime | None = None
    hold: Hold | None = None
    unbilled: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnbilledClient:
    """A client whose D+1 passed without its cobranca; `reason` is a code (E3b)."""

    client_id: int
    name: str
    phone: str
    due_on: date
    price: Decimal | None
    reason: str


@dataclass(frozen=True, slots=True)
class GetToday(Request[TodayView]):
    """The day at a glance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMessages:
    """One page of the messages of `day` that a count of it stands for."""

    day: date
    today: date
    group: DayGroup
    messages: tuple[DayMessage, ...]
    page: int
    total: int
    pages: int


@dataclass(frozen=True, slots=True)
class GetDayMessages(Request[DayMessages]):
    """The messages behind a count; of today, where no day is named."""

    group: DayGroup
    page: int = 1
    day: date | None = None


@dataclass(frozen=True, slots=True)
class RunJob(Request[None]):
    """Carry out a scheduled job; `due_at` is the planned instant, UTC (E2, E10)."""

    job: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class CheckSchedule(Request[None]):
    """Compare the due times with the tenant's own times, and mend what is wrong (E14)."""


@dataclass(frozen=True, slots=True)
class WakeUp(Request[None]):
    """Be awake: there is something unsent, untold, or a session to keep open."""


@dataclass(frozen=True, slots=True)
class OutboxChanged:
    """Something entered the outbox, or an obstacle went away: look again."""


@dataclass(frozen=True, slots=True)
class PlanNow(Request[int]):
    """Something changed that decides who is billed today: plan at once (E3b, E6).

    Sent after a registration, an import, a change of settings, texts or preferences, a renewal or
    its undoing. Answered with how many messages are new, or came back.
    """


@dataclass(frozen=True, slots=True)
class GetUnbilled(Request[tuple[UnbilledClient, ...]]):
    """Who was left without the billing of its day, the oldest first (E3b)."""


@dataclass(frozen=True, slots=True)
class BillUnbilled(Request[int]):
    """Bill these of them now, late as it is (decision 2); answered with how many are queued.

    Raises InvalidInput when today's window is over.
    """

    client_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DismissUnbilled(Request[int]):
    """Bill these of them never, and list them no more; answered with how many."""

    client_ids: tuple[int, ...]
