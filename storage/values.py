"""What PostgreSQL cannot take out of what people send: NUL and lone halves of surrogate pairs.

Anybody can send them, and a refusal would be met again at every retry, so they are dropped here.
"""

from typing import Any

import orjson

NUL_IN_JSON = b"\\u0000"


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


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value
