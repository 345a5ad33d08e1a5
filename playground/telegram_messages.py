"""The methods about messages: sending, editing, copying, pinning and taking away.

Wording of refusals follows api.telegram.org; https://core.telegram.org/bots/api gives the limits.
"""

from collections.abc import Mapping
from typing import Any

from playground.telegram_call import Call
from playground.telegram_entries import Chat, Entry, Json, StoredFile
from playground.telegram_files import Files
from playground.telegram_keyboards import Markup, Rows, parse_edited, parse_markup
from playground.telegram_markup import RichText, parse_text, utf16_length
from playground.telegram_refusals import bad_request
from playground.telegram_world import TelegramWorld

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
MOST_DELETED = 100
COPIED = frozenset({"contact", "location", "dice", "poll"})
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
CHAT_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "upload_document",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "record_video_note",
        "upload_video_note",
        "choose_sticker",
        "find_location",
    }
)


class Messages:
    """Carries out what the bot does to the messages of a chat."""

    def __init__(self, world: TelegramWorld, files: Files, bot_user: Json) -> None:
        self._world = world
        self._files = files
        self._bot = bot_user

    # Sending

    async def send_message(self, call: Call) -> Json:
        """A text of 1 to 4096 units."""
        chat = self._world.chat_for_bot(call.require_chat())
        markup = parse_markup(call.json("reply_markup"))
        body = self.text(call.params)
        return self._show(self._write(call, chat, markup, body=body, source=call.text("text")))

    async def send_photo(self, call: Call) -> Json:
        """A picture, uploaded or by its id."""
        return self._send_file(call, "photo")

    async def send_document(self, call: Call) -> Json:
        """A file, uploaded or by its id."""
        return self._send_file(call, "document")

    def _send_file(self, call: Call, kind: str) -> Json:
        chat = self._world.chat_for_bot(call.require_chat())
        body, source = self._caption(call.params)
        markup = parse_markup(call.json("reply_markup"))
        file = self._files.meant(call, call.text(kind) or kind, kind)
        return self._show(self._write(call, chat, markup, body=body, source=source, file=file))

    async def copy_message(self, call: Call) -> Json:
        """The same again, in this chat or in another, with other words if it has a caption."""
        chat = self._world.chat_for_bot(call.require_chat())
        old = self._world.entry_of_bot(
            call.integer("from_chat_id"), call.integer("message_id"), "copy"
        )
        markup = parse_markup(call.json("reply_markup"))
        body, source = old.body, old.source
        if old.file and "caption" in call.params:
            body, source = self._caption(call.params)
        extra = {name: value for name, value in old.extra.items() if name in COPIED}
        entry = self._write(
            call, chat, markup, body=body, source=source, file=old.file, extra=extra
        )
        return {"message_id": entry.message_id}

    async def send_chat_action(self, call: Call) -> bool:
        """The "typing…" line, which this world does not draw."""
        self._world.chat_for_bot(call.require_chat())
        if call.text("action") not in CHAT_ACTIONS:
            raise bad_request("wrong parameter action in request")
        return True

    # Editing

    async def edit_message_text(self, call: Call) -> Json:
        """Another text in the place of the old one."""
        entry = self._editable(call)
        if entry.file is not None:
            raise bad_request("there is no text in the message to edit")
        return self._change(call, entry, self.text(call.params), call.text("text"), entry.file)

    async def edit_message_media(self, call: Call) -> Json:
        """Another picture, or a picture where a text was."""
        entry = self._editable(call)
        media = call.json("media")
        if not isinstance(media, dict) or media.get("type") not in {"photo", "document"}:
            raise bad_request("can't parse media: unsupported type")
        body, source = self._caption(media)
        file = self._files.meant(call, str(media.get("media") or ""), media["type"])
        return self._change(call, entry, body, source, file)

    async def edit_message_caption(self, call: Call) -> Json:
        """Other words under the same picture."""
        entry = self._editable(call)
        if entry.file is None:
            raise bad_request("there is no caption in the message to edit")
        body, source = self._caption(call.params)
        return self._change(call, entry, body, source, entry.file)

    async def edit_message_reply_markup(self, call: Call) -> Json:
        """Other buttons under the same message."""
        entry = self._editable(call)
        return self._change(call, entry, entry.body, entry.source, entry.file)

    def _editable(self, call: Call) -> Entry:
        return self._world.entry_of_bot(call.require_chat(), call.integer("message_id"), "edit")

    def _change(
        self, call: Call, entry: Entry, body: RichText, source: str, file: StoredFile | None
    ) -> Json:
        keyboard: Rows = parse_edited(call.json("reply_markup"))
        if (body, file, keyboard) == (entry.body, entry.file, entry.keyboard):
            raise bad_request(NOT_MODIFIED)
        entry.body, entry.source, entry.file, entry.keyboard = body, source, file, keyboard
        entry.edits += 1
        entry.edited_at = int(self._world.seconds())
        self._world.note(entry, "edited")
        return self._show(entry)

    # Taking away

    async def delete_message(self, call: Call) -> bool:
        """Take a message away, the bot's or the person's."""
        self._world.delete(
            self._world.entry_of_bot(call.require_chat(), call.integer("message_id"), "delete")
        )
        return True

    async def delete_messages(self, call: Call) -> bool:
        """Take many away; those that are gone already are passed over."""
        chat = self._world.chat_for_bot(call.require_chat())
        ids = call.json("message_ids")
        if not isinstance(ids, list) or not ids:
            raise bad_request("message identifiers are not specified")
        if len(ids) > MOST_DELETED:
            raise bad_request("too many message identifiers specified")
        there = [one for one in ids if (entry := chat.entries.get(one)) and not entry.deleted]
        for entry in [self._world.entry_of_bot(chat.chat_id, one, "delete") for one in there]:
            self._world.delete(entry)
        return True

    # Pinning

    async def pin_chat_message(self, call: Call) -> bool:
        """Pin a message, which a line in the chat says; in private chats nothing rings."""
        chat = self._world.chat_for_bot(call.require_chat())
        entry = self._world.entry_of_bot(chat.chat_id, call.integer("message_id"), "pin")
        if entry.service:
            raise bad_request("message can't be pinned")
        if entry.message_id not in chat.pinned:
            chat.pinned.append(entry.message_id)
            pinned = {"pinned_message": self._show(entry)}
            self._world.write(chat, from_bot=True, service="pinned", extra=pinned)
        return True

    async def unpin_chat_message(self, call: Call) -> bool:
        """Unpin a message, the newest pinned one if none is named."""
        chat = self._world.chat_for_bot(call.require_chat())
        newest = chat.pinned[-1] if chat.pinned else 0
        entry = self._world.entry_of_bot(chat.chat_id, call.integer("message_id", newest), "unpin")
        chat.pinned = [one for one in chat.pinned if one != entry.message_id]
        self._world.pulse.beat()
        return True

    async def unpin_all_chat_messages(self, call: Call) -> bool:
        """Unpin whatever is."""
        self._world.chat_for_bot(call.require_chat()).pinned.clear()
        self._world.pulse.beat()
        return True

    # What the others need too

    def text(self, params: Mapping[str, Any], name: str = "text") -> RichText:
        """The text that a call or a part of it carries."""
        source = str(params.get(name) or "")
        if not source:
            raise bad_request("message text is empty")
        body = parse_text(source, params.get("parse_mode"), self._world.now())
        if not body.text:
            raise bad_request("text must be non-empty")
        if utf16_length(body.text) > TEXT_UNITS:
            raise bad_request("message is too long")
        return body

    def _caption(self, params: Mapping[str, Any]) -> tuple[RichText, str]:
        source = str(params.get("caption") or "")
        body = parse_text(source, params.get("parse_mode"), self._world.now())
        if utf16_length(body.text) > CAPTION_UNITS:
            raise bad_request("message caption is too long")
        return body, source

    def _write(self, call: Call, chat: Chat, markup: Markup, **content: Any) -> Entry:
        extra: Json = {**content.pop("extra", {}), **self._answered(call, chat)}
        entry = self._world.write(
            chat,
            from_bot=True,
            keyboard=markup.rows,
            box=markup.box,
            locked=markup.locks,
            silent=call.flag("disable_notification"),
            extra=extra,
            **content,
        )
        if markup.box is not None:
            if markup.box["remove"] or markup.box["keyboard"]:
                chat.box = None if markup.box["remove"] else markup.box
            chat.reply_to = entry if markup.box["force_reply"] else None
        return entry

    def _answered(self, call: Call, chat: Chat) -> Json:
        """The message that a new one answers, if any."""
        reply = call.json("reply_parameters")
        if not isinstance(reply, dict):
            return {}
        entry = chat.entries.get(reply.get("message_id", 0))
        if entry is not None and not entry.deleted:
            return {"reply_to_message": self._show(entry)}
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")

    def _show(self, entry: Entry) -> Json:
        return self._world.show(entry, self._bot)
