"""What can be read of a Telegram update that need not be well-formed: whose it is, who waits.

https://core.telegram.org/bots/api#update gives the shape that a well-formed one has.
"""

from collections.abc import Mapping
from typing import Any, TypeGuard

NO_CHAT = 0  # for what carries no chat: kept all the same
MOST_QUERY_CHARACTERS = 64


def is_id(value: object) -> TypeGuard[int]:
    """Whether `value` can be an id of Telegram's: a whole number that fits a bigint."""
    return type(value) is int and -(2**63) <= value < 2**63


def chat_of(payload: Mapping[str, Any]) -> int:
    """The chat an update belongs to, or who it is from, or `NO_CHAT`."""
    for content in payload.values():
        if not isinstance(content, Mapping):
            continue
        message = content.get("message")
        holder = message if isinstance(message, Mapping) else content
        for place in (holder.get("chat"), content.get("from")):
            if isinstance(place, Mapping) and is_id(chat_id := place.get("id")):
                return chat_id
    return NO_CHAT


def query_of(payload: Mapping[str, Any]) -> str | None:
    """The press of a button that waits for an answer, if the update is one."""
    return _id_of(payload.get("callback_query"))


def inline_query_of(payload: Mapping[str, Any]) -> str | None:
    """The question from somebody's typing box that waits for an answer, if the update is one."""
    return _id_of(payload.get("inline_query"))


def remains_of(update_id: int, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of an update that no database takes: enough to answer a press, and its number.

    It is malformed on purpose, so that it ends as every malformed update does.
    """
    query_id = query_of(payload)
    if query_id is None:
        return {"update_id": update_id, "message": "unstorable"}
    return {"update_id": update_id, "callback_query": {"id": query_id}}


def _id_of(query: object) -> str | None:
    query_id = query.get("id") if isinstance(query, Mapping) else None
    if isinstance(query_id, str) and 0 < len(query_id) <= MOST_QUERY_CHARACTERS:
        return query_id
    return None
