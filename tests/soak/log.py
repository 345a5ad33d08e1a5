"""The system's log, read for what nobody expects even while everything falls.

Warnings are expected: each is somebody who met a fault and dealt with it, a library's with its
traceback included. Of errors only these are: a worker's question that could not be answered while
PostgreSQL was away (the worker ends that session and says so), tasks left behind by a shutdown
that had to end in time, and a worker that was stopped and so killed for not answering.
"""

from pathlib import Path

import orjson

NEVER = ("was never retrieved", "was never awaited", "exception calling callback")
ERRORS = frozenset({"error", "critical", "exception"})
EXPECTED_ERRORS = frozenset(
    {
        ("a question of the worker failed", "StorageUnavailable"),
        ("tasks left behind", None),
        ("the worker is killed", "the worker does not answer"),
    }
)
MOST_CHARACTERS = 400


def unhandled(log: Path) -> list[str]:
    """The lines of `log` that ought not to be there."""
    if not log.exists():
        return []
    with log.open(encoding="utf-8", errors="replace") as lines:
        return [line[:MOST_CHARACTERS].strip() for line in lines if is_unhandled(line)]


def is_unhandled(line: str) -> bool:
    """Whether the line is an error nobody took care of, or no line of the log at all."""
    if not line.strip():
        return False
    if any(words in line for words in NEVER):
        return True
    try:
        entry = orjson.loads(line)
    except orjson.JSONDecodeError:
        return True
    if not isinstance(entry, dict):
        return True
    known = (entry.get("event"), entry.get("error", entry.get("reason")))
    return entry.get("level") in ERRORS and known not in EXPECTED_ERRORS
