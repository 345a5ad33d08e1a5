"""What PostgreSQL cannot take out of what people send: NUL and lone halves of surrogate pairs.

Anybody can send them, and a refusal would be met again at every retry, so they are dropped here.
What is refused all the same (too long, out of range) is told apart from PostgreSQL being away.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import orjson

from errors import Unstorable

NUL_IN_JSON = b"\\u0000"
# What PostgreSQL will not take as it is, however often it is asked.
UNSTORABLE = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
    UnicodeError,
)


def text(value: str) -> str:
    """`value` without what PostgreSQL refuses."""
    return value.replace("\x00", "").encode("utf-8", "replace").decode()


def json(value: object) -> bytes:
    """`value` as JSON that fits a jsonb column; raises TypeError for what is no JSON."""
    try:
        written = orjson.dumps(value)
    except orjson.JSONEncodeError:
        return orjson.dumps(_clean(value))
    return orjson.dumps(_clean(value)) if NUL_IN_JSON in written else written


@contextmanager
def storable() -> Iterator[None]:
    """Around a whole transaction: raises Unstorable when its values are refused, for ever (F11)."""
    try:
        yield
    except UNSTORABLE as error:
        # Never the error's own text: it may quote the value.
        raise Unstorable(type(error).__name__) from error


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value
