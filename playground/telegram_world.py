"""What the Telegram stand-in knows: chats and their messages, files, updates not yet confirmed.

Plain state with the rules that belong to it, and no HTTP. It lives as long as the stand-in does,
so updates wait for a bot that restarts.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from playground.telegram_markup import RichText
from playground.telegram_refusals import bad_request, forbidden

UPDATES_KEPT_BY_DEFAULT = frozenset(
    {"message", "edited_message", "callback_query", "my_chat_member"}
)
Json = dict[str, Any]
NO_TEXT = RichText("")


@dataclass(slots=True)
class StoredFile:
    """A file by its id, as Telegram keeps it."""

    file_id: str
    data: bytes
    name: str
    kind: str
    size: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class Entry:
    """One message of a chat, whoever wrote it. `seq` rises with every change anywhere."""

    message_id: int
    chat_id: int
    from_bot: bool
    date: int
    body: RichText = NO_TEXT
    source: str = ""
    file: StoredFile | None = None
    extra: Json = field(default_factory=dict)
    keyboard: list[list[Json]] = field(default_factory=list)
    edits: int = 0
    deleted: bool = False
    seq: int = 0


@dataclass(slots=True)
class Chat:
    """A private chat. The bot may write only after the person did."""

    chat_id: int
    first_name: str
    blocked: bool = False
    entries: dict[int, Entry] = field(default_factory=dict)


@dataclass(slots=True)
class Query:
    """A pressed button that waits for its answer."""

    query_id: str
    answer: Json | None = None


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
        """A message the bot may `verb` (edit, delete)."""
        entry = self.chat_for_bot(chat_id).entries.get(message_id)
        if entry is None or entry.deleted:
            raise bad_request(f"message to {verb} not found")
        if not entry.from_bot and verb == "edit":
            raise bad_request("message can't be edited")
        return entry

    def write(self, chat: Chat, *, from_bot: bool, **content: Any) -> Entry:
        """Add a message to the chat."""
        self._message_id += 1
        entry = Entry(
            self._message_id,
            chat.chat_id,
            from_bot=from_bot,
            date=int(self._now().timestamp()),
            **content,
        )
        chat.entries[entry.message_id] = entry
        self.touch(entry)
        return entry

    def touch(self, entry: Entry) -> None:
        """Tell those who watch that this message is new or changed."""
        self.seq += 1
        entry.seq = self.seq
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

    # How things look in JSON

    def message_json(self, entry: Entry, bot_user: Json) -> Json:
        """The message as the Bot API shows it."""
        chat = self.chats[entry.chat_id]
        person = person_json(chat)
        shown: Json = {
            "message_id": entry.message_id,
            "date": entry.date,
            "chat": {"id": chat.chat_id, "type": "private", "first_name": chat.first_name},
            "from": bot_user if entry.from_bot else person,
            **entry.extra,
        }
        words, marks = ("caption", "caption_entities") if entry.file else ("text", "entities")
        if entry.body.text:
            shown[words] = entry.body.text
        if entry.body.entities:
            shown[marks] = list(entry.body.entities)
        if entry.file:
            shown[entry.file.kind] = file_json(entry.file)
        if entry.keyboard:
            shown["reply_markup"] = {"inline_keyboard": entry.keyboard}
        if entry.edits:
            shown["edit_date"] = entry.date
        return shown


def person_json(chat: Chat) -> Json:
    """The person of a private chat: the ids are the same."""
    return {
        "id": chat.chat_id,
        "is_bot": False,
        "first_name": chat.first_name,
        "language_code": "pt-br",
    }


def file_json(file: StoredFile) -> Any:
    """A file as it shows inside a message: photos come as a list of sizes."""
    known = {
        "file_id": file.file_id,
        "file_unique_id": f"u-{file.file_id}",
        "file_size": len(file.data),
    }
    if file.kind == "document":
        return {**known, "file_name": file.name}
    sized = {**known, "width": file.size[0], "height": file.size[1]}
    if file.kind == "sticker":
        return {**sized, "type": "regular", "is_animated": False, "is_video": False}
    return [sized]
