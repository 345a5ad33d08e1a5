"""What happens in the tree, as facts for the log, the metrics and the admin's alerts."""

import traceback
from dataclasses import dataclass
from enum import Enum

from telemetry import logger


class EventKind(Enum):
    """The facts worth telling."""

    CRASHED = "crashed"  # a life ended over an error; a failed start too
    REFUSED = "refused"  # a message nobody waits for was answered with an error
    QUARANTINED = "quarantined"  # over its restart budget
    PAUSED = "paused"  # too many failed together: restarts wait
    RESUMED = "resumed"
    PROBED = "probed"  # a quarantined actor is tried again
    RECOVERED = "recovered"  # the trial lasted a stable minute
    STOPPING_FAILED = "stopping_failed"  # an error while ending
    ABANDONED = "abandoned"  # a task ignored its cancellation


@dataclass(frozen=True, slots=True)
class Event:
    """One fact about one actor."""

    kind: EventKind
    actor_id: str
    error: BaseException | None = None


def log_event(event: Event) -> None:
    """Log an event with where its error was raised, never with what the error says."""
    # Where, without reading any source: that would stop the whole loop for milliseconds.
    trace = event.error.__traceback__ if event.error is not None else None
    steps = [f"{frame.f_code.co_filename}:{line}" for frame, line in traceback.walk_tb(trace)]
    logger("actors").warning(
        "actor_event",
        kind=event.kind.value,
        actor=event.actor_id,
        error=type(event.error).__name__ if event.error else None,
        at=steps[-3:],
    )
