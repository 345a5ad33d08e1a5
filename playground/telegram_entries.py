"""What a chat of the Telegram stand-in is made of, and how each part looks in the Bot API."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from playground.telegram_keyboards import Rows
from playground.telegram_markup import RichText

Json = dict[str, Any]
NO_TEXT = RichText("")
SECONDS_OF_SOUND = 3
ROUND_SIDE = 240
SIZED = frozenset({"photo", "sticker", "video", "animation"})
TIMED = frozenset({"voice", "audio", "video", "video_note", "animation"})
NAMED = frozenset({"document", "audio", "video", "animation"})
FILE_KINDS = ("photo", "document", "sticker", *sorted(TIMED))


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
    """One message of a chat, whoever wrote it. `seq` rises with every change anywhere.

    `box` is what it did to the typing box (see `Markup`), `past` every form it had, each with its
    time, and `toasts` what the bot answered in words to presses of its buttons.
    """

    message_id: int
    chat_id: int
    from_bot: bool
    date: int
    body: RichText = NO_TEXT
    source: str = ""
    file: StoredFile | None = None
    extra: Json = field(default_factory=dict)
    keyboard: Rows = field(default_factory=list)
    box: Json | None = None
    locked: bool = False
    via_bot: bool = False
    silent: bool = False
    service: str | None = None
    edits: int = 0
    edited_at: int | None = None
    deleted: bool = False
    seq: int = 0
    past: list[Json] = field(default_factory=list)
    toasts: list[Json] = field(default_factory=list)


@dataclass(slots=True)
class Chat:
    """A private chat. The bot may write only after the person did.

    `box` is the reply keyboard that lies under the typing box and `reply_to` the message that is
    being answered there; `pinned` are ids, the newest last; `menu` is the menu button.
    """

    chat_id: int
    first_name: str
    blocked: bool = False
    entries: dict[int, Entry] = field(default_factory=dict)
    box: Json | None = None
    reply_to: Entry | None = None
    pinned: list[int] = field(default_factory=list)
    menu: Json | None = None


@dataclass(slots=True)
class Query:
    """A pressed button that waits for its answer."""

    query_id: str
    chat_id: int = 0
    message_id: int = 0
    data: str = ""
    at: float = 0.0
    answer: Json | None = None


@dataclass(slots=True)
class InlineQuery:
    """Words typed after the bot's name, which wait for their results."""

    query_id: str
    chat_id: int
    text: str
    at: float
    answer: Json | None = None


def chat_json(chat: Chat) -> Json:
    """The chat as the Bot API shows it."""
    return {"id": chat.chat_id, "type": "private", "first_name": chat.first_name}


def person_json(chat: Chat) -> Json:
    """The person of a private chat: the ids are the same."""
    return {
        "id": chat.chat_id,
        "is_bot": False,
        "first_name": chat.first_name,
        "language_code": "pt-br",
    }


def message_json(entry: Entry, chat: Chat, bot_user: Json) -> Json:
    """The message as the Bot API shows it."""
    shown: Json = {
        "message_id": entry.message_id,
        "date": entry.date,
        "chat": chat_json(chat),
        "from": bot_user if entry.from_bot else person_json(chat),
        **entry.extra,
    }
    words, marks = ("caption", "caption_entities") if entry.file else ("text", "entities")
    if entry.body.text:
        shown[words] = entry.body.text
    if entry.body.entities:
        shown[marks] = list(entry.body.entities)
    if entry.file:
        shown[entry.file.kind] = file_json(entry.file)
    if entry.file and entry.file.kind == "animation":
        shown["document"] = {**_known(entry.file), "file_name": entry.file.name}
    if entry.keyboard:
        shown["reply_markup"] = {"inline_keyboard": entry.keyboard}
    if entry.via_bot:
        shown["via_bot"] = bot_user
    if entry.edited_at is not None:
        shown["edit_date"] = entry.edited_at
    return shown


def file_json(file: StoredFile) -> Any:
    """A file as it shows inside a message: photos come as a list of sizes."""
    shown = _known(file)
    if file.kind in NAMED:
        shown["file_name"] = file.name
    if file.kind in SIZED:
        shown |= {"width": file.size[0], "height": file.size[1]}
    if file.kind in TIMED:
        shown["duration"] = SECONDS_OF_SOUND
    if file.kind == "video_note":
        shown["length"] = ROUND_SIDE
    if file.kind == "sticker":
        shown |= {"type": "regular", "is_animated": False, "is_video": False}
    return [shown] if file.kind == "photo" else shown


def poll_json(poll_id: str, question: str, options: Sequence[str]) -> Json:
    """A poll that nobody has voted in."""
    return {
        "id": poll_id,
        "question": question,
        "options": [
            {"persistent_id": f"{number}", "text": option, "voter_count": 0}
            for number, option in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    }


def _known(file: StoredFile) -> Json:
    return {
        "file_id": file.file_id,
        "file_unique_id": f"u-{file.file_id}",
        "file_size": len(file.data),
    }
