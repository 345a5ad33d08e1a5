"""What the buttons about texts say. A text is named as `TextKey.packed` writes it."""

import re

from aiogram.filters.callback_data import CallbackData

from actors.messages.texts import EditAct, TextGroup
from bot.screens.clients.buttons import ShowCard
from bot.ui.buttons import number_in
from domain.text_keys import TextKey

TEXTS = "texts"
"""All texts, from the first."""
NEW_TEXT = "new_text"
"""The name of a new text, or going on with one."""
SCHEDULE = "schedule"
"""The Agendador, where there is one."""
COMPANY = "company"
"""What messages say about the business, where that can be set."""
TEXTS_OWNER = "x"
"""The first letter of a way back into the texts."""
MOST_CHANGES = 9_999_999
_WAY = re.compile(r"(?P<where>[lcmtx])(?P<page>\d{1,5})(?:\.(?P<key>\w{1,20}))?", re.ASCII)
_LIST, _CARD, _CLIENT = "l", "c", "k"


class ShowTexts(CallbackData, prefix="xl"):
    """A page of all texts."""

    page: int = 1


class ShowText(CallbackData, prefix="xt"):
    """One text; `page` is where it stands in the list."""

    key: str
    page: int = 1


class SwitchTextPress(CallbackData, prefix="xs"):
    """Let a text go, or not: to what is said, however often it is pressed."""

    key: str
    on: bool
    page: int = 1


class RestorePress(CallbackData, prefix="xr"):
    """Let a kind have the words again that everybody begins with."""

    key: str
    page: int = 1


class DropTextPress(CallbackData, prefix="xd"):
    """Delete one of the tenant's own texts."""

    key: str
    page: int = 1


class RenameTextPress(CallbackData, prefix="xn"):
    """Ask how a text is called from now on."""

    key: str
    page: int = 1


class PreviewPress(CallbackData, prefix="xv"):
    """A text as a client will read it; 0 for whom shows it best."""

    key: str
    client_id: int = 0
    page: int = 1


class ShowTextMessages(CallbackData, prefix="xm"):
    """A page of the messages behind a count of a text."""

    key: str
    group: TextGroup
    page: int = 1


class OpenPress(CallbackData, prefix="xo"):
    """Open the editor; Voltar leads to the text."""

    key: str
    page: int = 1


class EditAfterRenewal(CallbackData, prefix="xw"):
    """Open the editor of what a client was offered to get; Voltar leads to the client."""

    key: str
    client_id: int


class EditorPress(CallbackData, prefix="xe"):
    """Change the working copy that has `at` changes; `put` is a variable, a page, or a client."""

    key: str
    act: EditAct
    at: int
    put: str = ""


class SavePress(CallbackData, prefix="xk"):
    """Save the working copy that has `at` changes."""

    key: str
    at: int


class DropEditPress(CallbackData, prefix="xq"):
    """Let go of the working copy."""

    key: str


class RestoreEditPress(CallbackData, prefix="xu"):
    """Take the working copy back that began with this number."""

    key: str
    number: int


def list_way(page: int) -> str:
    """The way back to a page of the texts."""
    return f"{TEXTS_OWNER}{_LIST}{page}"


def card_way(key: TextKey, page: int = 1) -> str:
    """The way back to a text."""
    return f"{TEXTS_OWNER}{_CARD}{page}.{key.packed}"


def messages_way(key: TextKey, group: TextGroup, page: int) -> str:
    """The way back to a page of a text's messages."""
    return f"{TEXTS_OWNER}{group.value}{page}.{key.packed}"


def client_way(client_id: int) -> str:
    """The way back to a client, from the text it was offered."""
    return f"{TEXTS_OWNER}{_CLIENT}{client_id}"


def way_in(packed: str) -> ShowTexts | ShowText | ShowTextMessages | ShowCard:
    """What a way back (without its first letter) leads to; the list where it leads nowhere."""
    if packed.startswith(_CLIENT):
        return ShowCard(client_id=number_in(packed.removeprefix(_CLIENT)))
    found = _WAY.fullmatch(packed)
    page = int(found["page"]) if found else 1
    key = found["key"] if found else None
    if found is None or key is None or found["where"] == _LIST:
        return ShowTexts(page=page)
    if found["where"] == _CARD:
        return ShowText(key=key, page=page)
    return ShowTextMessages(key=key, group=TextGroup(found["where"]), page=page)
