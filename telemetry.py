"""What the system says about itself: JSON logs and the definitions of its metrics (I1).

Every line says which process wrote it, of which commit, and about what: a correlation id follows an
update through every actor it reaches, and a message from its plan to its receipt. Secrets, phones
in full and message bodies never enter a log: phones pass through `masked`, what an error says is
left out, the rest is not handed over.
"""

import logging
import os
import sys
import threading
import traceback
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from errno import errorcode
from pathlib import Path
from typing import Any, TextIO

import orjson
import structlog
from prometheus_client import Counter, Gauge, Histogram

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
VISIBLE_DIGITS = 4
JOURNAL_BYTES = 8 * 1024 * 1024
HIDDEN = "•••"
# Who configures again in one process (tests, after a command of theirs) wants no logger of before.
CACHES_LOGGERS = True
MOST_CAUSES = 5
FRAMES_SHOWN = 8

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
BROADCAST = Counter(
    "emdia_broadcast_owners_total", "Owners an administrator's broadcast was told to", ["outcome"]
)
CRASHES = Counter(
    "emdia_actor_crashes_total", "Lives of actors that ended over an error", ["family"]
)
SIDECAR_SET_ASIDE = Counter(
    "emdia_sidecar_set_aside_total",
    "Frames of the link to a WhatsApp worker, and lines of its log, that were set aside",
    ["kind"],
)
CACHE = Counter("emdia_cache_total", "Questions to a cache", ["cache", "outcome"])
HTTP_CUT = Counter(
    "emdia_http_cut_total", "HTTP connections that took too long, or one too many", ["why"]
)
WEBHOOK_REQUESTS = Counter(
    "emdia_telegram_webhook_requests_total",
    "What came to the door for Telegram's updates, by what became of it",
    ["outcome"],
)
PAYMENT_WEBHOOKS = Counter(
    "emdia_payment_webhooks_total",
    "What came to the door for Mercado Pago's deliveries, by what became of it",
    ["outcome"],
)
PAYMENT_EVENTS = Counter(
    "emdia_payment_events_total", "Kept deliveries dealt with, by what became of them", ["outcome"]
)
PAYMENT_LOOKS = Counter(
    "emdia_payment_looks_total", "Looks at charges, by what became of them", ["outcome"]
)
CHARGES_SETTLED = Counter(
    "emdia_charges_settled_total", "Charges whose days came or went", ["follows"]
)
WEBHOOK_PENDING = Gauge(
    "emdia_telegram_webhook_pending", "Updates that Telegram has not brought yet, as it says"
)
WEBHOOK_LAST_ERROR = Gauge(
    "emdia_telegram_webhook_last_error_timestamp_seconds",
    "When Telegram last failed to bring an update, as it says; 0 for never",
)
BREAKER_STATE = Gauge(
    "emdia_breaker_state", "Where a circuit breaker stands: 1 for what holds", ["breaker", "state"]
)
BREAKER_OPENED = Counter("emdia_breaker_opened_total", "Times a breaker opened", ["breaker"])
BREAKER_REFUSED = Counter(
    "emdia_breaker_refused_total", "Calls an open breaker did not let through", ["breaker"]
)
THREADS_ABANDONED = Gauge(
    "emdia_threads_abandoned", "Worker threads that hang, and that nobody waits for", ["pool"]
)
PAYMENT_CALLS = Counter(
    "emdia_payment_calls_total", "Calls to Mercado Pago, by what came of each", ["call", "outcome"]
)
LOOP_LAG_SECONDS = Histogram(
    "emdia_loop_lag_seconds",
    "How late the event loop comes to what is due, in seconds",
    buckets=(0.005, 0.02, 0.1, 0.5, 2, 10),
)

CORRELATION: ContextVar[str | None] = ContextVar("correlation", default=None)
"""What is being handled: an update or a message. Actors pass it on with what they tell and ask."""
_process: dict[str, str] = {}


class Journal:
    """A log file for its user alone, and one more when that is full: together never beyond a size.

    Losing a line is better than ending the system for want of disk.
    """

    def __init__(self, path: Path, most_bytes: int = JOURNAL_BYTES) -> None:
        self._path = path
        self._most_bytes = most_bytes
        self._turn = threading.Lock()
        self._file: TextIO | None = None

    def write(self, text: str) -> int:
        """Append `text`."""
        with self._turn, suppress(OSError, ValueError):
            file = self._file or self._open()
            if file.tell() > self._most_bytes:
                file.close()
                self._path.replace(self._path.with_name(f"{self._path.name}.1"))
                file = self._open()
            file.write(text)
            file.flush()
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Let go of the file; the next line opens it again."""
        with self._turn:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _open(self) -> TextIO:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._file = os.fdopen(descriptor, "a", encoding="utf-8")
        return self._file


class Discreet:
    """Passes lines on to `sink` without any of `secrets` in them, whoever put it there.

    A terminal that is gone, or a pipe nobody reads, costs lines and never who writes them.
    """

    def __init__(self, sink: TextIO | Journal, secrets: Sequence[str]) -> None:
        self._sink = sink
        # As they are, and as JSON writes them.
        forms = {form for secret in secrets for form in (secret, _json(secret)[1:-1])}
        self._secrets = sorted(forms, key=len, reverse=True)

    def write(self, text: str) -> int:
        """Write `text`, cleaned."""
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, HIDDEN)
        with suppress(OSError, ValueError):
            self._sink.write(text)
        return len(text)

    def flush(self) -> None:
        """Write out what waits."""
        with suppress(OSError, ValueError):
            self._sink.flush()


def configure(level: str = "info", file: Path | None = None, secrets: Sequence[str] = ()) -> None:
    """Send every log line, ours and the libraries', to `file` or stderr as one JSON object."""
    sink: Any = Discreet(sys.stderr if file is None else Journal(file), secrets)
    shared: list[structlog.typing.Processor] = [
        _say_about_what,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_where),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(serializer=_json)],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(file=sink),
        cache_logger_on_first_use=CACHES_LOGGERS,
    )
    handler = logging.StreamHandler(sink)
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


def identify(**process: str | None) -> None:
    """Put what tells this process from others on every line from here on; None is not known."""
    _process.clear()
    _process.update({name: value for name, value in process.items() if value is not None})


def logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """A logger whose lines say which part of the system speaks."""
    # Lazy on purpose: modules ask for their logger before `configure` has run.
    found: structlog.typing.FilteringBoundLogger = structlog.get_logger(part=name)
    return found


@contextmanager
def correlated(correlation_id: str | None) -> Iterator[None]:
    """Put `correlation_id` on every line logged inside, child tasks included; None is none."""
    before = CORRELATION.set(correlation_id)
    try:
        yield
    finally:
        CORRELATION.reset(before)


def masked(phone: str) -> str:
    """A phone as a log may show it: its last four digits."""
    return "…" + phone[-VISIBLE_DIGITS:]


def _say_about_what(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    correlation_id = CORRELATION.get()
    if correlation_id is not None:
        event.setdefault("correlation_id", correlation_id)
    event.update(_process)
    return event


def _where(exc_info: structlog.typing.ExcInfo) -> str:
    """What kinds of errors led to this one, and where each was raised.

    Never what they say: it may quote what a person wrote, or a row with its phone.
    """
    causes: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None and len(causes) < MOST_CAUSES:
        frames = [
            f"{frame.f_code.co_filename}:{line}"
            for frame, line in traceback.walk_tb(error.__traceback__)
        ]
        causes.append(" < ".join([_kind_of(error), *reversed(frames[-FRAMES_SHOWN:])]))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return " | ".join(causes)


def _kind_of(error: BaseException) -> str:
    """The kind of an error, and the code that the operating system or PostgreSQL gave it."""
    code = getattr(error, "sqlstate", None) or errorcode.get(getattr(error, "errno", None) or 0)
    return type(error).__name__ + (f"[{code}]" if code else "")


def _json(event: Any, **options: Any) -> str:
    return orjson.dumps(event, default=options.get("default", str)).decode()


def _name_library(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    event["part"] = event["_record"].name
    if event["part"] == "asyncio":  # after the first line it shows the error, with all it says
        event["event"] = str(event["event"]).partition("\n")[0]
    return event
