"""The people's side of the Telegram stand-in: what they do, what they see, and ordered faults.

A driver in the same process uses this class; the others speak HTTP (`telegram_routes`).
"""

from playground.telegram_entries import Entry, InlineQuery, Json, Query, StoredFile
from playground.telegram_faults import Faults, fault_from
from playground.telegram_people import People
from playground.telegram_profile import Profile
from playground.telegram_record import seen, typing_box
from playground.telegram_world import TelegramWorld


class Control(People):
    """What a person, or a driver for them, can do."""

    def __init__(
        self, world: TelegramWorld, faults: Faults, profile: Profile, bot_user: Json
    ) -> None:
        super().__init__(world, profile, bot_user)
        self._faults = faults

    # Looking

    async def answered(self, query: Query | InlineQuery, wait_seconds: float) -> Json | None:
        """What the bot answered to a press or a search; None when it did not in time."""
        await self._world.pulse.until(lambda: query.answer is not None, wait_seconds)
        return query.answer

    async def look(
        self, chat_id: int, after: int = 0, wait_seconds: float = 0.0
    ) -> tuple[int, list[Json]]:
        """What is new or changed in the chat since `after`, and where to look on from."""
        await self._world.pulse.until(lambda: bool(self._since(chat_id, after)), wait_seconds)
        changed = self._since(chat_id, after)
        chat = self._world.chats.get(chat_id)
        shown = [seen(entry, chat) for entry in changed] if chat else []
        return max((entry.seq for entry in changed), default=after), shown

    def record(self, chat_id: int) -> list[Json]:
        """The chat as the person sees it now, the oldest message first."""
        chat = self._chat(chat_id)
        return [seen(entry, chat) for entry in chat.entries.values() if not entry.deleted]

    def typing_box(self, chat_id: int) -> Json:
        """What the person sees around the typing box: see `telegram_record.typing_box`."""
        return typing_box(self._chat(chat_id))

    def commands(self, chat_id: int, language: str = "pt") -> list[Json]:
        """The commands that the menu of the chat offers."""
        return self._profile.commands(chat_id, language)

    def unanswered(self, older_than_seconds: float = 0.0) -> list[Json]:
        """The presses that still wait for their answer, and for how many seconds each."""
        now = self._world.seconds()
        return [
            {
                "query_id": query.query_id,
                "chat_id": query.chat_id,
                "message_id": query.message_id,
                "data": query.data,
                "seconds": now - query.at,
            }
            for query in self._world.queries.values()
            if query.answer is None and now - query.at >= older_than_seconds
        ]

    def redeliver(self, count: int = 1) -> None:
        """Let the last confirmed updates come once more."""
        self._world.redeliver(count)

    def push_raw(self, content: Json) -> int:
        """Queue any JSON as an update, well-formed or not."""
        return self._world.push_update(content)

    def file(self, file_id: str) -> StoredFile:
        """A file by its id; KeyError without it."""
        return self._world.files[file_id]

    def search(self, query_id: str) -> InlineQuery:
        """An inline query by its id; KeyError without it."""
        return self._world.inline[query_id]

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

    def _since(self, chat_id: int, after: int) -> list[Entry]:
        chat = self._world.chats.get(chat_id)
        entries = chat.entries.values() if chat else ()
        return sorted((one for one in entries if one.seq > after), key=lambda one: one.seq)
