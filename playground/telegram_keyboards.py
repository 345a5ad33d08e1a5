"""What Telegram checks in a keyboard before it takes it, below a message or in the typing box.

Stricter than Telegram in one thing: a button with two actions, which it reads one of, is refused.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from playground.telegram_entities import checked_link
from playground.telegram_markup import utf16_length
from playground.telegram_refusals import bad_request

CALLBACK_DATA_BYTES = 64
COPY_TEXT_UNITS = 256
PLACEHOLDER_CHARACTERS = 64
SWITCH_QUERY_CHARACTERS = 256
BUTTONS_PER_MESSAGE = 100
KEYBOARD_BYTES = 10_000
BUTTON_STYLES = frozenset({"danger", "success", "primary"})
CHOSEN_CHATS = ("user", "bot", "group", "channel")
# Of games, payments and pages, which this bot has no part in.
FOREIGN = frozenset({"web_app", "login_url", "callback_game", "pay"})
UNSOUND = {"callback_data": "BUTTON_DATA_INVALID", "copy_text": "BUTTON_COPY_TEXT_INVALID"}
ACTIONS = frozenset(
    {
        "url",
        "callback_data",
        "copy_text",
        "disabled",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        *FOREIGN,
    }
)
KEYBOARD_FLAGS = ("is_persistent", "resize_keyboard", "one_time_keyboard", "selective")
Json = dict[str, Any]
Rows = list[list[Json]]


@dataclass(frozen=True, slots=True)
class Markup:
    """Buttons below the message, and what it does to the typing box: nothing, if `box` is None.

    `box` has `keyboard` (rows or None), `placeholder`, `force_reply`, `remove`, `one_time`,
    `persistent` and `resize`.
    """

    rows: Rows = field(default_factory=list)
    box: Json | None = None

    @property
    def locks(self) -> bool:
        """Whether Telegram refuses every edit of a message that came with it."""
        return not self.rows and self.box is not None and not self.box["remove"]


NOTHING = Markup()


def parse_markup(markup: Any) -> Markup:
    """What a new message comes with."""
    if markup is None:
        return NOTHING
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = parse_keyboard(markup)
        return Markup(rows, _box(markup) if _flag(markup, "force_reply") else None)
    if "keyboard" in markup:
        for name in KEYBOARD_FLAGS:
            _flag(markup, name)
        return Markup(box=_box(markup, _reply_rows(markup["keyboard"])))
    if _flag(markup, "remove_keyboard") or _flag(markup, "force_reply"):
        return Markup(box=_box(markup))
    raise bad_request("object expected as reply markup")


def parse_edited(markup: Any) -> Rows:
    """The buttons of a message that is edited: nothing else can be changed."""
    if markup is None:
        return []
    if not isinstance(markup, dict) or "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    if _flag(markup, "force_reply"):
        raise bad_request("force_reply can't be changed when the inline keyboard is edited")
    return parse_keyboard(markup)


def parse_keyboard(markup: Json) -> Rows:
    """The rows of an inline keyboard, each button checked."""
    rows = _rows(markup["inline_keyboard"], "inline_keyboard")
    for row in rows:
        for button in row:
            _check_button(button)
    return rows


def _rows(rows: Any, name: str) -> Rows:
    if not isinstance(rows, list):
        raise bad_request(f'field "{name}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad_request(f'field "{name}" must be an Array of Arrays')
    too_many = sum(len(row) for row in rows) > BUTTONS_PER_MESSAGE
    if too_many or len(json.dumps(rows, ensure_ascii=False).encode()) > KEYBOARD_BYTES:
        raise bad_request("reply markup is too long")
    return [row for row in rows if row]


def _reply_rows(keyboard: Any) -> Rows:
    rows: list[list[Any]] = _rows(keyboard, "keyboard")
    return [[_reply_button(button) for button in row] for row in rows]


def _reply_button(button: Any) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad_request("can't parse keyboard button: KeyboardButton must be an Object")
    _check_label(button, "keyboard button")
    for name in ("request_contact", "request_location"):
        if not isinstance(button.get(name, False), bool):
            raise bad_request(
                f'can\'t parse keyboard button: Field "{name}" must be of type Boolean'
            )
    _check_style(button, "keyboard button")
    return button


def _check_button(button: Any) -> None:
    if not isinstance(button, dict):
        raise _broken("InlineKeyboardButton must be an Object")
    _check_label(button, "inline keyboard button")
    actions = {name for name in ACTIONS if button.get(name) is not None}
    if len(actions) != 1 or button.get("callback_data") == "":
        raise _broken("Text buttons are unallowed in the inline keyboard")
    _check_style(button, "inline keyboard button")
    _check_action(button, *actions)


def _check_action(button: Json, action: str) -> None:
    what = button[action]
    if action == "url":
        _check_url(str(what))
    elif action == "switch_inline_query_chosen_chat":
        _check_chosen_chat(what)
    elif action in FOREIGN:
        _check_foreign(action, what)
    elif not _is_sound(action, what):
        raise bad_request(UNSOUND.get(action, "BUTTON_TYPE_INVALID"))


def _is_sound(action: str, what: Any) -> bool:
    if action == "callback_data":
        return isinstance(what, str) and len(what.encode()) <= CALLBACK_DATA_BYTES
    if action == "copy_text":
        text = what.get("text") if isinstance(what, dict) else None
        return isinstance(text, str) and 1 <= utf16_length(text) <= COPY_TEXT_UNITS
    if action == "disabled":
        return isinstance(what, dict)
    return isinstance(what, str) and len(what) <= SWITCH_QUERY_CHARACTERS


def _check_url(url: str) -> None:
    try:
        checked_link(url)
    except ValueError as error:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {error}") from None


def _check_chosen_chat(what: Any) -> None:
    if not isinstance(what, dict):
        raise _broken('Field "switch_inline_query_chosen_chat" must be of type Object')
    allowed = [what.get(f"allow_{kind}_chats", False) for kind in CHOSEN_CHATS]
    for kind, flag in zip(CHOSEN_CHATS, allowed, strict=True):
        if not isinstance(flag, bool):
            raise _broken(f'Field "allow_{kind}_chats" must be of type Boolean')
    if not any(allowed):
        raise bad_request("at least one chat type must be allowed")


def _check_foreign(action: str, what: Any) -> None:
    """Actions that this bot has no part in."""
    if action == "login_url":
        raise bad_request("BOT_DOMAIN_INVALID")
    if action != "web_app":  # of payments and games
        raise bad_request("BUTTON_TYPE_INVALID")
    url = str(what.get("url") or "") if isinstance(what, dict) else ""
    if not re.match(r"https://\S+$", url):
        raise bad_request(
            f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed"
        )


def _check_label(button: Json, what: str) -> None:
    if "text" not in button:
        raise bad_request(f"can't parse {what}: Can't find field \"text\"")
    if not isinstance(button["text"], str):
        raise bad_request(f'can\'t parse {what}: Field "text" must be of type String')
    if not button["text"].strip():
        raise bad_request(f"can't parse {what}: text must be non-empty")


def _check_style(button: Json, what: str) -> None:
    if button.get("style", "primary") not in BUTTON_STYLES:
        raise bad_request(f"can't parse {what}: invalid button style specified")


def _box(markup: Json, rows: Rows | None = None) -> Json:
    placeholder = markup.get("input_field_placeholder")
    fits = isinstance(placeholder, str) and 1 <= len(placeholder) <= PLACEHOLDER_CHARACTERS
    if placeholder is not None and not fits:
        raise bad_request("input field placeholder must have from 1 to 64 characters")
    return {
        "keyboard": rows,
        "placeholder": placeholder,
        "force_reply": _flag(markup, "force_reply"),
        "remove": _flag(markup, "remove_keyboard"),
        "one_time": _flag(markup, "one_time_keyboard"),
        "persistent": _flag(markup, "is_persistent"),
        "resize": _flag(markup, "resize_keyboard"),
    }


def _flag(holder: Json, name: str) -> bool:
    value = holder.get(name)
    if value is not None and not isinstance(value, bool):
        raise bad_request(f'field "{name}" must be of type Boolean')
    return bool(value)


def _broken(what: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {what}")
