"""A text exactly as the phone of a client will show it, and what it lacks for that (D1, D4)."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton

from actors.messages.texts import PreviewOfText, PreviewText, TextPreview
from bot.screens.clients.money_buttons import EditField
from bot.screens.settings.pix import PIX
from bot.screens.settings.settings import SETTINGS
from bot.screens.texts import reading, words
from bot.screens.texts.buttons import COMPANY, OpenPress, PreviewPress, card_way
from bot.screens.texts.places import there_is
from bot.ui.buttons import Row, button, go, keyboard
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from domain.tags import OwnField
from domain.text_keys import TextKey
from errors import NotFound

SCREEN = Screen()
MOST_MISSING = 3
OF_CLIENT = {"valor": "price", "plano": "plan", "servidor": "server", "informacoes": "notes"}
OF_BUSINESS = frozenset({"empresa", "empresa_telefone", "suporte"})


@SCREEN.press(PreviewPress)
async def show_preview(turn: Turn, pressed: PreviewPress) -> View:
    """As the next client would read it."""
    key = TextKey.unpack(pressed.key)
    if key is None:
        raise NotFound(f"text {pressed.key[:20]}")
    return preview_view(await turn.ask(PreviewText(key, pressed.client_id)), pressed.page)


def preview_view(found: PreviewOfText, page: int = 1) -> View:
    """The messages, one quote each, and the ways to fill in what is missing."""
    key, shown = found.card.row.key, found.preview
    way = card_way(key, page)
    rows: list[Row] = fill_rows(shown, way, style="primary")
    if shown.next_id is not None:
        other = PreviewPress(key=key.packed, client_id=shown.next_id, page=page)
        rows.append([button(words.OTHER_BUTTON, other)])
    waits = bool(rows) and bool(shown.missing)
    edit = OpenPress(key=key.packed, page=page)
    rows.append([button(words.EDIT_BUTTON, edit, style=None if waits else "primary")])
    return View(words.preview(found.card, shown, len(rows) + 1), keyboard(*rows, back=way))


def fill_rows(shown: TextPreview, way: str, style: str | None = None) -> list[Row]:
    """A button for each thing that is missing, to where it is filled in; `style` of the first."""
    found = (_fill(shown, name, way) for name in shown.missing)
    fills = {one.text: one for one in found if one is not None}
    return [
        [one if at else one.model_copy(update={"style": style})]
        for at, one in enumerate([*fills.values()][:MOST_MISSING])
    ]


def _fill(shown: TextPreview, name: str, way: str) -> InlineKeyboardButton | None:
    if name.startswith("pix_"):
        return go(words.PIX_BUTTON, PIX)
    if name in OF_BUSINESS:
        return go(words.COMPANY_BUTTON, COMPANY if there_is(COMPANY) else SETTINGS)
    field = OF_CLIENT.get(name) or _own_field(shown.own, name)
    if shown.row is None or field is None:
        return None
    label = next((one.name for one in shown.own if one.variable == name), None)
    pressed = EditField(client_id=shown.client_id, field=field, origin=way)
    return button(reading.missing_button(name, label), pressed)


def _own_field(own: Sequence[OwnField], name: str) -> str | None:
    """An own field as the client's edit names it: by its place among them."""
    return next((f"o{at}" for at, one in enumerate(own) if one.variable == name), None)
