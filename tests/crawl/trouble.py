"""What the system says of itself meanwhile: every error, and every view that was refused."""

import logging
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog

ERRORS = frozenset({"error", "critical", "exception"})
REFUSED = "not shown"  # Telegram did not take a view: to a person that is a dead button
OF_AN_ACTOR = "actor_event"
ENDS = frozenset({"crashed", "quarantined", "stopping_failed", "abandoned"})


@contextmanager
def heard(tell: Callable[[str], None]) -> Iterator[None]:
    """Tell of every error that is logged inside, ours and the libraries'."""

    def listen(_logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
        if is_trouble(method, event):
            tell(in_words(event))
        raise structlog.DropEvent

    before = structlog.get_config()
    handler = _Handler(tell)
    logging.getLogger().addHandler(handler)
    structlog.configure(
        processors=[structlog.processors.ExceptionRenderer(_kind), listen],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        cache_logger_on_first_use=False,
    )
    try:
        yield
    finally:
        structlog.configure(**before)
        logging.getLogger().removeHandler(handler)


def is_trouble(method: str, event: MutableMapping[str, Any]) -> bool:
    """Whether a line of the log tells of an error."""
    if event.get("event") == OF_AN_ACTOR:
        return event.get("kind") in ENDS
    return method in ERRORS or event.get("event") == REFUSED


def in_words(event: MutableMapping[str, Any]) -> str:
    """What a line says, without what differs each time."""
    told = ("part", "event", "kind", "error", "at", "exception")
    return " · ".join(str(event[name]) for name in told if event.get(name))


class _Handler(logging.Handler):
    """Hears the libraries."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Tell of one line."""
        self._tell(f"{record.name} · {record.getMessage().partition(chr(10))[0]}")


def _kind(exc_info: structlog.typing.ExcInfo) -> str:
    return exc_info[0].__name__
