"""The people's side of the Telegram stand-in: they write, press buttons, look, and order faults.

A driver in the same process uses this class; the others speak HTTP (`telegram_routes`).
"""

import io
from typing import Any

from PIL import Image

from playground.telegram_faults import Faults, fault_from
from playground.telegram_markup import RichText
from playground.telegram_world import (
    Chat,
    Entry,
    Json,
    Query,
    StoredFile,
    TelegramWorld,
    person_json,
)

PERSON = "Maria"


class Control:
    """What a person, or a driver for them, can do."""

    def __init__(self, world: TelegramWorld, faults: Faults, bot_user: Json) -> None:
        self._world = world
        self._faults = faults
        self._bot = bot_user

    # Writing

    def say(self, chat_id: int, text: str, first_name: str | None = None) -> Entry:
        """Write to the bot; the first time opens the chat."""
        extra: Json = {}
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            extra["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return self._write(chat_id, first_name, body=RichText(text), source=text, extra=extra)

    def send_file(  # noqa: PLR0913 - what a person picks when sending a file
        self,
        chat_id: int,
        data: bytes,
        *,
        kind: str = "document",
        name: str = "arquivo",
        caption: str = "",
        first_name: str | None = None,
    ) -> Entry:
        """Send a photo, a document or a sticker to the bot."""
        size = _picture_size(data) if kind != "document" else (0, 0)
        file = self._world.keep_file(data, name, kind, size)
        return self._write(chat_id, first_name, body=RichText(caption), file=file)

    def press(self, chat_id: int, message_id: int, data: str, *, force: bool = False) -> Query:
        """Press a button of the bot; `force` presses one that was there before an edit."""
        entry = self._chat(chat_id).entries.get(message_id)
        if entry is None or not entry.from_bot or entry.deleted:
            raise ValueError(f"no message {message_id} of the bot in chat {chat_id}")
        shown = {button.get("callback_data") for row in entry.keyboard for button in row}
        if data not in shown and not force:
            raise ValueError(f"message {message_id} has no button {data!r}")
        query = Query(f"q{len(self._world.queries) + 1}")
        self._world.queries[query.query_id] = query
        self._world.push_update(
            {
                "callback_query": {
                    "id": query.query_id,
                    "from": person_json(self._chat(chat_id)),
                    "message": self._world.message_json(entry, self._bot),
                    "chat_instance": f"c{chat_id}",
                    "data": data,
                }
            }
        )
        return query

    def block(self, chat_id: int, *, blocked: bool = True) -> None:
        """Block the bot, or take it back; Telegram tells the bot either way."""
        chat = self._chat(chat_id)
        if chat.blocked == blocked:
            return
        chat.blocked = blocked
        member = {"status": "member", "user": self._bot}
        gone = {"status": "kicked", "user": self._bot, "until_date": 0}
        old, new = (member, gone) if blocked else (gone, member)
        self._world.push_update(
            {
                "my_chat_member": {
                    "chat": {
                        "id": chat_id,
                        "type": "private",
                        "first_name": chat.first_name,
                    },
                    "from": person_json(chat),
                    "date": 1,
                    "old_chat_member": old,
                    "new_chat_member": new,
                }
            }
        )

    # Looking

    async def answered(self, query: Query, wait_seconds: float) -> Json | None:
        """What the bot answered to a press; None when it did not in time."""
        await self._world.pulse.until(lambda: query.answer is not None, wait_seconds)
        return query.answer

    async def look(
        self, chat_id: int, after: int = 0, wait_seconds: float = 0.0
    ) -> tuple[int, list[Json]]:
        """What is new or changed in the chat since `after`, and where to look on from."""
        await self._world.pulse.until(lambda: bool(self._since(chat_id, after)), wait_seconds)
        changed = self._since(chat_id, after)
        return max((entry.seq for entry in changed), default=after), [_seen(e) for e in changed]

    def redeliver(self, count: int = 1) -> None:
        """Let the last confirmed updates come once more."""
        self._world.redeliver(count)

    def push_raw(self, content: Json) -> int:
        """Queue any JSON as an update, well-formed or not."""
        return self._world.push_update(content)

    def file(self, file_id: str) -> StoredFile:
        """A file by its id; KeyError without it."""
        return self._world.files[file_id]

    # Misfortune

    def order(self, order: Json) -> None:
        """Order a fault: its `kind` and what goes with it. ValueError when there is none such."""
        match order:
            case {"kind": "block" | "unblock" as kind, "chat_id": int(chat_id)}:
                self.block(chat_id, blocked=kind == "block")
            case {"kind": "redeliver"}:
                self.redeliver(int(order.get("count", 1)))
            case {"kind": "limits"}:
                self._faults.limits = bool(order.get("on", True))
            case {"kind": "clear"}:
                self._faults.clear()
            case {"kind": "update", "content": dict(content)}:
                self.push_raw(content)
            case {"kind": str()}:
                self._faults.order(fault_from(order))
            case _:
                raise ValueError("a fault needs a kind")

    def _write(self, chat_id: int, first_name: str | None, **content: Any) -> Entry:
        chat = self._world.chats.setdefault(chat_id, Chat(chat_id, first_name or PERSON))
        if chat.blocked:
            raise ValueError(f"chat {chat_id} has blocked the bot; unblock first")
        chat.first_name = first_name or chat.first_name
        entry = self._world.write(chat, from_bot=False, **content)
        self._world.push_update({"message": self._world.message_json(entry, self._bot)})
        return entry

    def _chat(self, chat_id: int) -> Chat:
        chat = self._world.chats.get(chat_id)
        if chat is None:
            raise ValueError(f"nobody has written from chat {chat_id} yet")
        return chat

    def _since(self, chat_id: int, after: int) -> list[Entry]:
        chat = self._world.chats.get(chat_id)
        entries = chat.entries.values() if chat else ()
        return sorted((one for one in entries if one.seq > after), key=lambda one: one.seq)


def _seen(entry: Entry) -> Json:
    """A message the way drivers and the page see it."""
    return {
        "message_id": entry.message_id,
        "seq": entry.seq,
        "from": "bot" if entry.from_bot else "person",
        "date": entry.date,
        "text": "" if entry.file else entry.body.text,
        "caption": entry.body.text if entry.file else "",
        "html": entry.source,
        "entities": list(entry.body.entities),
        "buttons": entry.keyboard,
        **{
            kind: entry.file.file_id if entry.file and entry.file.kind == kind else None
            for kind in ("photo", "document", "sticker")
        },
        "file_name": entry.file.name if entry.file else None,
        "edits": entry.edits,
        "deleted": entry.deleted,
    }


def _picture_size(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.size
