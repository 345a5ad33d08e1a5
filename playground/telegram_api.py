"""The methods of the Bot API that the product uses, each as strict as the real one.

Wording of refusals follows api.telegram.org; https://core.telegram.org/bots/api gives the limits.
"""

import io
import re
from collections.abc import Awaitable, Callable
from typing import Any

from PIL import Image, UnidentifiedImageError

from playground.telegram_call import Call
from playground.telegram_markup import RichText, parse_keyboard, parse_text, utf16_length
from playground.telegram_refusals import Refusal, bad_request
from playground.telegram_updates import UpdateFeed
from playground.telegram_world import Entry, Json, StoredFile, TelegramWorld

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
ANSWER_UNITS = 200
PHOTO_BYTES = 10_000_000
PHOTO_SIDES = 10_000
PHOTO_RATIO = 20
DOCUMENT_BYTES = 50_000_000
DOWNLOAD_BYTES = 20_000_000
COMMANDS = 100
CHAT_ACTIONS = frozenset(
    {"typing", "upload_photo", "upload_document", "record_video", "upload_video", "find_location"}
)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
Method = Callable[[Call], Awaitable[Any]]


class BotApi:
    """Carries out calls on the world on behalf of one bot."""

    def __init__(self, world: TelegramWorld, feed: UpdateFeed, bot_user: Json) -> None:
        self._world = world
        self._feed = feed
        self._bot = bot_user
        self.commands: list[Json] = []
        self._methods: dict[str, Method] = {
            "getMe": self.get_me,
            "getUpdates": feed.get_updates,
            "setWebhook": feed.set_webhook,
            "deleteWebhook": feed.delete_webhook,
            "getWebhookInfo": feed.get_webhook_info,
            "sendMessage": self.send_message,
            "sendPhoto": self.send_photo,
            "sendDocument": self.send_document,
            "sendChatAction": self.send_chat_action,
            "editMessageText": self.edit_message_text,
            "editMessageMedia": self.edit_message_media,
            "editMessageCaption": self.edit_message_caption,
            "editMessageReplyMarkup": self.edit_message_reply_markup,
            "deleteMessage": self.delete_message,
            "answerCallbackQuery": self.answer_callback_query,
            "setMyCommands": self.set_my_commands,
            "getMyCommands": self.get_my_commands,
            "getFile": self.get_file,
        }

    async def carry_out(self, call: Call) -> Any:
        """The result of a call; a refusal is raised."""
        by_lower_case = {name.lower(): method for name, method in self._methods.items()}
        method = by_lower_case.get(call.method.lower())
        if method is None:
            raise Refusal(404, "Not Found: method not found")
        return await method(call)

    async def get_me(self, _call: Call) -> Json:
        """Who the bot is."""
        return {
            **self._bot,
            "can_join_groups": False,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    # Sending

    async def send_message(self, call: Call) -> Json:
        """A text of 1 to 4096 units."""
        chat = self._world.chat_for_bot(call.require_chat())
        body = _text(call)
        entry = self._world.write(
            chat, from_bot=True, body=body, source=call.text("text"), keyboard=_keyboard(call)
        )
        return self._show(entry)

    async def send_photo(self, call: Call) -> Json:
        """A picture, uploaded or by its id."""
        return self._send_file(call, "photo")

    async def send_document(self, call: Call) -> Json:
        """A file, uploaded or by its id."""
        return self._send_file(call, "document")

    def _send_file(self, call: Call, kind: str) -> Json:
        chat = self._world.chat_for_bot(call.require_chat())
        body, source = _caption(call.params)
        keyboard = _keyboard(call)
        entry = self._world.write(
            chat,
            from_bot=True,
            body=body,
            source=source,
            file=self._file(call, call.text(kind) or kind, kind),
            keyboard=keyboard,
        )
        return self._show(entry)

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
        return self._change(entry, _text(call), call.text("text"), entry.file, _keyboard(call))

    async def edit_message_media(self, call: Call) -> Json:
        """Another picture, or a picture where a text was."""
        entry = self._editable(call)
        media = call.json("media")
        if not isinstance(media, dict) or media.get("type") not in {"photo", "document"}:
            raise bad_request("can't parse media: unsupported type")
        body, source = _caption(media)
        file = self._file(call, str(media.get("media") or ""), media["type"])
        return self._change(entry, body, source, file, _keyboard(call))

    async def edit_message_caption(self, call: Call) -> Json:
        """Other words under the same picture."""
        entry = self._editable(call)
        if entry.file is None:
            raise bad_request("there is no caption in the message to edit")
        body, source = _caption(call.params)
        return self._change(entry, body, source, entry.file, _keyboard(call))

    async def edit_message_reply_markup(self, call: Call) -> Json:
        """Other buttons under the same message."""
        entry = self._editable(call)
        return self._change(entry, entry.body, entry.source, entry.file, _keyboard(call))

    def _editable(self, call: Call) -> Entry:
        return self._world.entry_of_bot(call.require_chat(), call.integer("message_id"), "edit")

    def _change(
        self,
        entry: Entry,
        body: RichText,
        source: str,
        file: StoredFile | None,
        keyboard: list[list[Json]],
    ) -> Json:
        if (body, file, keyboard) == (entry.body, entry.file, entry.keyboard):
            raise bad_request(NOT_MODIFIED)
        entry.body, entry.source, entry.file, entry.keyboard = body, source, file, keyboard
        entry.edits += 1
        self._world.touch(entry)
        return self._show(entry)

    async def delete_message(self, call: Call) -> bool:
        """Take a message away, the bot's or the person's."""
        entry = self._world.entry_of_bot(call.require_chat(), call.integer("message_id"), "delete")
        entry.deleted = True
        self._world.touch(entry)
        return True

    async def answer_callback_query(self, call: Call) -> bool:
        """Stop the button's spinner. Once for each press."""
        query = self._world.queries.get(call.text("callback_query_id"))
        if query is None or query.answer is not None:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        if utf16_length(call.text("text")) > ANSWER_UNITS:
            raise bad_request("MESSAGE_TOO_LONG")
        query.answer = {"text": call.text("text"), "show_alert": call.flag("show_alert")}
        self._world.pulse.beat()
        return True

    # The rest

    async def set_my_commands(self, call: Call) -> bool:
        """What the menu button offers."""
        commands = call.json("commands")
        if not isinstance(commands, list) or len(commands) > COMMANDS:
            raise bad_request("can't parse commands")
        for command in commands:
            if not re.fullmatch(r"/?[a-z0-9_]{1,32}", str(command.get("command"))):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(str(command.get("description") or "")) <= 256:  # noqa: PLR2004 - the API's own limit
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands = commands
        return True

    async def get_my_commands(self, _call: Call) -> list[Json]:
        """What the menu button offers now."""
        return self.commands

    async def get_file(self, call: Call) -> Json:
        """Where to fetch a file; the big ones cannot be."""
        file = self._world.files.get(call.text("file_id"))
        if file is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if len(file.data) > DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        return {
            "file_id": file.file_id,
            "file_unique_id": f"u-{file.file_id}",
            "file_size": len(file.data),
            "file_path": f"{file.kind}s/{file.file_id}",
        }

    def _file(self, call: Call, named: str, kind: str) -> StoredFile:
        """The file meant by `attach://field`, by the field itself, or by the id of an older one."""
        upload = call.files.get(named.removeprefix("attach://"))
        if upload is not None:
            return self._keep(*upload, kind)
        known = self._world.files.get(named)
        if known is None or known.kind != kind:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return known

    def _keep(self, name: str, data: bytes, kind: str) -> StoredFile:
        if not data:
            raise bad_request("file must be non-empty")
        if kind == "document":
            if len(data) > DOCUMENT_BYTES:
                raise Refusal(413, "Request Entity Too Large")
            return self._world.keep_file(data, name, kind)
        return self._world.keep_file(data, name, kind, _picture_size(data))

    def _show(self, entry: Entry) -> Json:
        return self._world.message_json(entry, self._bot)


def _text(call: Call) -> RichText:
    body = parse_text(call.text("text"), call.text("parse_mode"))
    if not body.text:
        raise bad_request("message text is empty")
    if utf16_length(body.text) > TEXT_UNITS:
        raise bad_request("message is too long")
    return body


def _caption(params: dict[str, Any]) -> tuple[RichText, str]:
    source = str(params.get("caption") or "")
    body = parse_text(source, params.get("parse_mode"))
    if utf16_length(body.text) > CAPTION_UNITS:
        raise bad_request("message caption is too long")
    return body, source


def _keyboard(call: Call) -> list[list[Json]]:
    markup = call.json("reply_markup")
    return [] if markup is None else parse_keyboard(markup)


def _picture_size(data: bytes) -> tuple[int, int]:
    """Width and height of a picture Telegram would take as a photo."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError):
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    if len(data) > PHOTO_BYTES:
        raise Refusal(413, "Request Entity Too Large")
    sides = sorted((width, height))
    if sum(sides) > PHOTO_SIDES or sides[1] > sides[0] * PHOTO_RATIO:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height
