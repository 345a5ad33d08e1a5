"""The methods that answer what a person did: pressed a button, or typed after the bot's name."""

from typing import Any

from playground.telegram_call import Call
from playground.telegram_entries import InlineQuery, Json
from playground.telegram_keyboards import parse_edited
from playground.telegram_markup import utf16_length
from playground.telegram_messages import Messages
from playground.telegram_refusals import bad_request
from playground.telegram_world import TelegramWorld

ANSWER_UNITS = 200
RESULTS = 50
RESULT_ID_BYTES = 64
OFFSET_BYTES = 64
# A person who types on has long asked anew.
INLINE_SECONDS = 10.0
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class Answers:
    """Takes one answer for each query."""

    def __init__(self, world: TelegramWorld, messages: Messages) -> None:
        self._world = world
        self._messages = messages

    async def answer_callback_query(self, call: Call) -> bool:
        """Stop the button's spinner. Once for each press."""
        query = self._world.queries.get(call.text("callback_query_id"))
        if query is None or query.answer is not None:
            raise bad_request(TOO_OLD)
        words, alert = call.text("text"), call.flag("show_alert")
        if utf16_length(words) > ANSWER_UNITS:
            raise bad_request("MESSAGE_TOO_LONG")
        query.answer = {"text": words, "show_alert": alert}
        chat = self._world.chats.get(query.chat_id)
        entry = chat.entries.get(query.message_id) if chat else None
        if words and entry is not None:
            at = self._world.seconds()
            entry.toasts.append({"at": at, "text": words, "show_alert": alert, "data": query.data})
        self._world.pulse.beat()
        return True

    async def answer_inline_query(self, call: Call) -> bool:
        """What the person may choose from."""
        query = self._world.inline.get(call.text("inline_query_id"))
        if query is None or query.answer is not None or self._is_old(query):
            raise bad_request(TOO_OLD)
        results = call.json("results")
        if not isinstance(results, list):
            raise bad_request("can't parse inline query results: expected an Array")
        if len(results) > RESULTS:
            raise bad_request("RESULTS_TOO_MUCH")
        checked = [self._result(one) for one in results]
        if len({one["id"] for one in checked}) < len(checked):
            raise bad_request("RESULT_ID_DUPLICATE")
        if len(call.text("next_offset").encode()) > OFFSET_BYTES:
            raise bad_request("NEXT_OFFSET_INVALID")
        query.answer = {
            "results": checked,
            "next_offset": call.text("next_offset"),
            "cache_time": call.integer("cache_time", 300),
            "is_personal": call.flag("is_personal"),
        }
        self._world.pulse.beat()
        return True

    def _is_old(self, query: InlineQuery) -> bool:
        return self._world.seconds() - query.at > INLINE_SECONDS

    def _result(self, result: Any) -> Json:
        """An article, and what choosing it sends: `text`, `entities`, `html`, `buttons`."""
        if not isinstance(result, dict):
            raise _broken("expected an Object")
        if result.get("type") != "article":
            raise _broken("unsupported type specified")
        if not 1 <= len(str(result.get("id") or "").encode()) <= RESULT_ID_BYTES:
            raise bad_request("RESULT_ID_INVALID")
        if not str(result.get("title") or "").strip():
            raise _broken('Can\'t find field "title"')
        content = result.get("input_message_content")
        if not isinstance(content, dict) or "message_text" not in content:
            raise _broken('Can\'t find field "message_text"')
        body = self._messages.text(content, "message_text")
        return {
            **result,
            "text": body.text,
            "entities": list(body.entities),
            "html": content["message_text"],
            "buttons": parse_edited(result.get("reply_markup")),
        }


def _broken(what: str) -> Exception:
    return bad_request(f"can't parse InlineQueryResult: {what}")
