"""What the system says about itself: JSON logs on stderr and the definitions of its metrics (I1).

A correlation id follows one message from its plan to its receipt. Secrets, phones in full and
message bodies never enter a log: phones pass through `masked`, the rest is not handed over.
"""

import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import orjson
import structlog
from prometheus_client import Counter, Gauge, Histogram
from structlog.contextvars import bound_contextvars, merge_contextvars

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
VISIBLE_DIGITS = 4

MESSAGES = Counter(
    "emdia_messages_total", "Messages that came to a state of the outbox", ["kind", "state"]
)
SEND_SECONDS = Histogram(
    "emdia_send_seconds", "From the claim of a message to WhatsApp's answer, in seconds"
)
JOBS = Counter("emdia_jobs_total", "Scheduled jobs carried out", ["job", "outcome"])
JOB_DELAY_SECONDS = Histogram(
    "emdia_job_delay_seconds",
    "How long after its due time a job ran, in seconds",
    buckets=(0.1, 0.5, 1, 5, 15, 60, 300, 3600),
)
SESSIONS = Gauge("emdia_whatsapp_sessions", "WhatsApp sessions by state", ["state"])
CRASHES = Counter(
    "emdia_actor_crashes_total", "Lives of actors that ended over an error", ["family"]
)
SIDECAR_SET_ASIDE = Counter(
    "emdia_sidecar_set_aside_total",
    "Frames of the link to a WhatsApp worker, and lines of its log, that were set aside",
    ["kind"],
)
CACHE = Counter("emdia_cache_total", "Questions to a cache", ["cache", "outcome"])
LOOP_LAG_SECONDS = Histogram(
    "emdia_loop_lag_seconds",
    "How late the event loop comes to what is due, in seconds",
    buckets=(0.005, 0.02, 0.1, 0.5, 2, 10),
)


def configure(level: str = "info") -> None:
    """Send every log line, ours and the libraries', to stderr as one JSON object."""
    shared: list[structlog.typing.Processor] = [
        merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(serializer=_json)],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _name_library],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_json),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=max(LEVELS[level], logging.WARNING), force=True)


def logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """A logger whose lines say which part of the system speaks."""
    # Lazy on purpose: modules ask for their logger before `configure` has run.
    found: structlog.typing.FilteringBoundLogger = structlog.get_logger(part=name)
    return found


@contextmanager
def correlated(correlation_id: str) -> Iterator[None]:
    """Put `correlation_id` on every line logged inside, child tasks included."""
    with bound_contextvars(correlation_id=correlation_id):
        yield


def masked(phone: str) -> str:
    """A phone as a log may show it: its last four digits."""
    return "…" + phone[-VISIBLE_DIGITS:]


def _json(event: Any, **options: Any) -> str:
    return orjson.dumps(event, default=options.get("default", str)).decode()


def _name_library(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    event["part"] = event["_record"].name
    return event
