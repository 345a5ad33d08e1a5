"""What a person does in the Telegram stand-in: writes, sends, shares, presses, searches."""

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image

from playground.telegram_entries import (
    FILE_KINDS,
    Chat,
    Entry,
    InlineQuery,
    Json,
    Query,
    chat_json,
    person_json,
    poll_json,
)
from playground.telegram_markup import RichText, commands_in
from playground.telegram_profile import Profile
from playground.telegram_world import TelegramWorld

PERSON = "Maria"
PICTURES = frozenset({"photo", "sticker"})
MOVING = frozenset({"video", "animation"})
MOVING_SIZE = (320, 240)


class People:
    """The acts of people; each reaches the bot as an update."""

    def __init__(self, world: TelegramWorld, profile: Profile, bot_user: Json) -> None:
        self._world = world
        self._profile = profile
        self._bot = bot_user

    # Writing

    def say(  # noqa: PLR0913 - what a person picks when writing
        self,
        chat_id: int,
        text: str,
        first_name: str | None = None,
        *,
        entities: Sequence[Json] = (),
        forwarded_from: str | None = None,
        reply_to: int | None = None,
    ) -> Entry:
        """Write to the bot, or pass on what someone wrote; the first time opens the chat.

        `reply_to` is the message that is answered, if it is another than the typing box says.
        """
        body = RichText(text, (*commands_in(text), *entities))
        extra = self._forwarded(forwarded_from) if forwarded_from else {}
        if reply_to is not None:
            self._chat(chat_id).reply_to = self._entry(chat_id, reply_to)
        return self._write(chat_id, first_name, body=body, source=text, extra=extra)

    def send_file(  # noqa: PLR0913 - what a person picks when sending a file
        self,
        chat_id: int,
        data: bytes,
        *,
        kind: str = "document",
        name: str = "arquivo",
        caption: str = "",
        first_name: str | None = None,
        entities: Sequence[Json] = (),
    ) -> Entry:
        """Send a file of one of FILE_KINDS: a photo, a document, a voice message, and so on."""
        if kind not in FILE_KINDS:
            raise ValueError(f"no file is a {kind!r}: {', '.join(FILE_KINDS)}")
        size = MOVING_SIZE if kind in MOVING else (0, 0)
        if kind in PICTURES:
            size = _picture_size(data)
        file = self._world.keep_file(data, name, kind, size)
        body = RichText(caption, tuple(entities))
        return self._write(chat_id, first_name, body=body, source=caption, file=file)

    def share_contact(
        self,
        chat_id: int,
        phone: str,
        first_name: str,
        last_name: str | None = None,
        user_id: int | None = None,
    ) -> Entry:
        """Share someone from the address book; `user_id` if they are on Telegram."""
        contact: Json = {"phone_number": phone, "first_name": first_name}
        if last_name:
            contact["last_name"] = last_name
        if user_id is not None:
            contact["user_id"] = user_id
        return self._write(chat_id, None, extra={"contact": contact})

    def share_own_number(self, chat_id: int, phone: str) -> Entry:
        """Press the button of the reply keyboard that asks for one's own number."""
        chat = self._chat(chat_id)
        rows = (chat.box or {}).get("keyboard") or ()
        if not any(button.get("request_contact") for row in rows for button in row):
            raise ValueError(f"no button in chat {chat_id} asks for the person's number")
        return self.share_contact(chat_id, phone, chat.first_name, user_id=chat_id)

    def send_location(self, chat_id: int, latitude: float, longitude: float) -> Entry:
        """Send a place."""
        place = {"latitude": latitude, "longitude": longitude}
        return self._write(chat_id, None, extra={"location": place})

    def send_dice(self, chat_id: int, value: int = 4) -> Entry:
        """Throw a die."""
        return self._write(chat_id, None, extra={"dice": {"emoji": "🎲", "value": value}})

    def send_poll(self, chat_id: int, question: str, options: Sequence[str]) -> Entry:
        """Ask the bot to choose."""
        poll = poll_json(f"poll-{self._world.seq + 1}", question, options)
        return self._write(chat_id, None, extra={"poll": poll})

    def correct(self, chat_id: int, message_id: int, text: str) -> Entry:
        """Edit what one wrote; a file keeps its caption in the same place."""
        entry = self._entry(chat_id, message_id)
        if entry.from_bot:
            raise ValueError(f"message {message_id} is the bot's")
        entry.body, entry.source = RichText(text, commands_in(text)), text
        entry.edits += 1
        entry.edited_at = int(self._world.seconds())
        self._world.note(entry, "edited")
        self._world.push_update({"edited_message": self._world.show(entry, self._bot)})
        return entry

    def take_away(self, chat_id: int, message_id: int) -> None:
        """Delete a message for both sides; the bot is not told."""
        self._world.delete(self._entry(chat_id, message_id))

    # Buttons and searches

    def press(self, chat_id: int, message_id: int, data: str, *, force: bool = False) -> Query:
        """Press a button of the bot; `force` presses one that was there, also if it all is gone."""
        chat = self._chat(chat_id)
        entry = chat.entries.get(message_id)
        there = entry is not None and (force or not entry.deleted)
        if entry is None or not there or not (entry.from_bot or entry.via_bot):
            raise ValueError(f"no message {message_id} of the bot in chat {chat_id}")
        shown = {button.get("callback_data") for row in entry.keyboard for button in row}
        if data not in shown and not force:
            raise ValueError(f"message {message_id} has no button {data!r}")
        number = f"q{len(self._world.queries) + 1}"
        query = Query(number, chat_id, message_id, data, self._world.seconds())
        self._world.queries[query.query_id] = query
        gone: Json = {"chat": chat_json(chat), "message_id": message_id, "date": 0}
        self._world.push_update(
            {
                "callback_query": {
                    "id": query.query_id,
                    "from": person_json(chat),
                    "message": gone if entry.deleted else self._world.show(entry, self._bot),
                    "chat_instance": f"c{chat_id}",
                    "data": data,
                }
            }
        )
        return query

    def inline(
        self, chat_id: int, text: str = "", *, offset: str = "", chat_type: str = "sender"
    ) -> InlineQuery:
        """Type `text` after the bot's name; `chat_type` "sender" is the chat with the bot."""
        if not self._profile.inline:
            raise ValueError("this bot takes no inline queries")
        chat = self._chat(chat_id)
        number = f"i{len(self._world.inline) + 1}"
        query = InlineQuery(number, chat_id, text, self._world.seconds())
        self._world.inline[query.query_id] = query
        self._world.push_update(
            {
                "inline_query": {
                    "id": query.query_id,
                    "from": person_json(chat),
                    "query": text,
                    "offset": offset,
                    "chat_type": chat_type,
                }
            }
        )
        return query

    def choose(self, query: InlineQuery, result_id: str) -> Entry:
        """Take one of the results: it becomes the person's own message, sent by way of the bot."""
        results = (query.answer or {}).get("results", ())
        result = next((one for one in results if one["id"] == result_id), None)
        if result is None:
            raise ValueError(f"query {query.query_id} has no result {result_id!r}")
        entities = result["entities"] or commands_in(result["text"])
        return self._write(
            query.chat_id,
            None,
            body=RichText(result["text"], tuple(entities)),
            source=result["html"],
            keyboard=result["buttons"],
            via_bot=True,
        )

    def meet(self, chat_id: int, first_name: str = PERSON) -> None:
        """Let the bot know somebody who wrote to it long ago: of that nothing is brought."""
        self._world.chats.setdefault(chat_id, Chat(chat_id, first_name))

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
                    "chat": chat_json(chat),
                    "from": person_json(chat),
                    "date": 1,
                    "old_chat_member": old,
                    "new_chat_member": new,
                }
            }
        )

    def _write(self, chat_id: int, first_name: str | None, **content: Any) -> Entry:
        chat = self._world.chats.setdefault(chat_id, Chat(chat_id, first_name or PERSON))
        if chat.blocked:
            raise ValueError(f"chat {chat_id} has blocked the bot; unblock first")
        chat.first_name = first_name or chat.first_name
        extra: Json = dict(content.pop("extra", {}))
        if chat.reply_to is not None and not content.get("via_bot"):
            extra["reply_to_message"] = self._world.show(chat.reply_to, self._bot)
        chat.reply_to = None
        if chat.box and chat.box["one_time"]:
            chat.box = None
        entry = self._world.write(chat, from_bot=False, extra=extra, **content)
        self._world.push_update({"message": self._world.show(entry, self._bot)})
        return entry

    def _forwarded(self, sender: str) -> Json:
        at = int(self._world.seconds())
        return {"forward_origin": {"type": "hidden_user", "date": at, "sender_user_name": sender}}

    def _chat(self, chat_id: int) -> Chat:
        chat = self._world.chats.get(chat_id)
        if chat is None:
            raise ValueError(f"nobody has written from chat {chat_id} yet")
        return chat

    def _entry(self, chat_id: int, message_id: int) -> Entry:
        entry = self._chat(chat_id).entries.get(message_id)
        if entry is None or entry.deleted:
            raise ValueError(f"no message {message_id} in chat {chat_id}")
        return entry


def _picture_size(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.size
