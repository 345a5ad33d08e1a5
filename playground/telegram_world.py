"""What the Telegram stand-in knows: chats and their messages, files, updates not yet confirmed.

Plain state with the rules that belong to it, and no HTTP. It lives as long as the stand-in does,
so updates wait for a bot that restarts.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from playground.telegram_entries import (
    Chat,
    Entry,
    InlineQuery,
    Json,
    Query,
    StoredFile,
    message_json,
)
from playground.telegram_refusals import bad_request, forbidden

UPDATES_KEPT_BY_DEFAULT = frozenset(
    {"message", "edited_message", "callback_query", "inline_query", "my_chat_member"}
)
DELETABLE_SECONDS = 48 * 3_600


class Pulse:
    """Wakes everyone who waits for something to change."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def beat(self) -> None:
        """Something changed: look again."""
        event, self._event = self._event, asyncio.Event()
        event.set()

    async def until(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Wait until `ready()`, at most `seconds`; whether it came to be."""
        try:
            async with asyncio.timeout(seconds):
                while not ready():
                    await self._event.wait()
        except TimeoutError:
            return ready()
        return True


class TelegramWorld:
    """All chats of one bot."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.queries: dict[str, Query] = {}
        self.inline: dict[str, InlineQuery] = {}
        self.updates: deque[Json] = deque()
        self.pulse = Pulse()
        self.seq = 0
        self._repeats: list[Json] = []
        self._confirmed: deque[Json] = deque(maxlen=100)
        self._now = now
        self._message_id = 0
        # They only rise, also from one run to the next: a bot keeps what it has seen.
        self._update_id = int(now().timestamp())

    # What the bot may touch

    def chat_for_bot(self, chat_id: int) -> Chat:
        """The chat, if it exists and lets the bot write."""
        chat = self.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        return chat

    def entry_of_bot(self, chat_id: int, message_id: int, verb: str) -> Entry:
        """A message the bot may `verb` (edit, delete, pin, unpin, copy)."""
        entry = self.chat_for_bot(chat_id).entries.get(message_id)
        if entry is None or entry.deleted:
            raise bad_request(f"message to {verb} not found")
        if verb == "edit" and (not entry.from_bot or entry.locked or entry.service):
            raise bad_request("message can't be edited")
        if verb == "copy" and entry.service:
            raise bad_request("message can't be copied")
        if verb == "delete" and self.seconds() - entry.date > DELETABLE_SECONDS:
            raise bad_request("message can't be deleted for everyone")
        return entry

    def write(self, chat: Chat, *, from_bot: bool, **content: Any) -> Entry:
        """Add a message to the chat."""
        self._message_id += 1
        entry = Entry(
            self._message_id,
            chat.chat_id,
            from_bot=from_bot,
            date=int(self.seconds()),
            **content,
        )
        chat.entries[entry.message_id] = entry
        self.note(entry, "sent")
        return entry

    def delete(self, entry: Entry) -> None:
        """Take a message away, from where it is pinned too."""
        chat = self.chats[entry.chat_id]
        entry.deleted = True
        chat.pinned = [one for one in chat.pinned if one != entry.message_id]
        if chat.reply_to is entry:
            chat.reply_to = None
        self.note(entry, "deleted")

    def note(self, entry: Entry, what: str) -> None:
        """Keep how the message looks from now on, and tell those who watch."""
        form: Json = {"what": what, "at": self.seconds()}
        if not entry.deleted:
            form |= {
                "html": entry.source,
                "text": entry.body.text,
                "buttons": entry.keyboard,
                "file": entry.file.file_id if entry.file else None,
            }
        self.seq += 1
        entry.seq = self.seq
        entry.past.append({**form, "seq": entry.seq})
        self.pulse.beat()

    def keep_file(
        self, data: bytes, name: str, kind: str, size: tuple[int, int] = (0, 0)
    ) -> StoredFile:
        """Store a file under a new id."""
        file = StoredFile(f"{kind}-{len(self.files) + 1:06d}", data, name, kind, size)
        self.files[file.file_id] = file
        return file

    # Updates

    def push_update(self, content: Mapping[str, Any]) -> int:
        """Queue an update for the bot and return its id."""
        self._update_id += 1
        self.updates.append({"update_id": self._update_id, **content})
        self.pulse.beat()
        return self._update_id

    def confirm_before(self, offset: int) -> None:
        """Forget the updates the bot says it has. A negative offset counts from the end."""
        last = self.updates[offset]["update_id"] if -len(self.updates) <= offset < 0 else offset
        while self.updates and self.updates[0]["update_id"] < last:
            self._confirmed.append(self.updates.popleft())

    def confirm(self, update: Json) -> None:
        """Forget one update, whichever others there are."""
        if update in self._repeats:
            self._repeats.remove(update)
        elif update in self.updates:
            self.updates.remove(update)
            self._confirmed.append(update)

    def now(self) -> datetime:
        """What time it is."""
        return self._now()

    def seconds(self) -> float:
        """What time it is, in Unix seconds."""
        return self._now().timestamp()

    def redeliver(self, count: int) -> None:
        """Let the last confirmed updates come once more, as after an answer lost on the way."""
        self._repeats.extend([*self._confirmed][-count:])
        self.pulse.beat()

    def pending(self) -> list[Json]:
        """Return what the bot has not confirmed, and before it what comes once more."""
        return [*self._repeats, *self.updates]

    def repeated(self) -> None:
        """Note that what comes once more has come."""
        self._repeats.clear()

    def show(self, entry: Entry, bot_user: Json) -> Json:
        """The message as the Bot API shows it."""
        return message_json(entry, self.chats[entry.chat_id], bot_user)
