"""Everything typed is welcome anywhere: a name finds, a phone finds or registers (law 12).

What reads as a registration opens the form, filled in; what nobody understands gets the likeliest
next steps as buttons.
"""

from datetime import date

from actors.messages.clients import ClientRow, GetClients, GetPhoneOwners
from actors.messages.drafts import Draft, GetDraft, StartDraft
from bot.screens.clients.buttons import CLIENTS, needle
from bot.screens.clients.card import card_at
from bot.screens.clients.hub import TO_LIST, find_button, list_view
from bot.screens.clients.money_buttons import StartNew
from bot.screens.clients.register import new_client, prefilled
from bot.screens.clients.rows import client_rows
from bot.screens.clients.search import first_page, search
from bot.screens.clients.words import CLIENTS_BUTTON, FIND_AGAIN_BUTTON
from bot.screens.quick import words
from bot.screens.quick.buttons import RegisterLine
from bot.screens.quick.pasted import pasted_view
from bot.ui.buttons import Row, button, go, keyboard
from bot.ui.form import SUMMARY
from bot.ui.ports import Contact, Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import not_understood
from domain.clients import parse_name
from domain.contacts import format_phone, parse_phone
from domain.pasted_lines import is_list, split_lines
from domain.quick_entry import Entry, read_entry
from errors import InvalidInput

SCREEN = Screen()
LINE = "line"
"""The draft that keeps a line for the button under it."""
MOST_OWNERS = 6


@SCREEN.typed("text")
async def said(turn: Turn) -> View:
    """Do what the text is likeliest to mean."""
    return await understood(turn, turn.said.text or "")


@SCREEN.typed("contact")
async def shared(turn: Turn) -> View:
    """Whoever was shared out of the address book: their card, or the form with name and number."""
    contact = turn.said.contact
    if contact is None:
        return _nothing(turn, words.NOT_READ)
    try:
        entry = Entry(name=_name_of(contact), phone=parse_phone(contact.phone))
    except InvalidInput as error:
        return _nothing(turn, not_understood(error.sentence))
    owners = await turn.ask(GetPhoneOwners(entry.phone or ""))
    if not owners:
        return await new_client(turn, values=prefilled(entry))
    if len(owners) == 1:
        return await card_at(turn, owners[0].client_id, TO_LIST)
    return await _owners(turn, entry, owners, format_phone(entry.phone or ""))


@SCREEN.command("novo", told="Cadastrar um cliente", order=50)
async def new(turn: Turn, rest: str) -> View:
    """Answer /novo: the form, filled in with what follows."""
    lines = split_lines(rest)
    if is_list(lines):
        return await pasted_view(turn, lines)
    if not lines:
        return await new_client(turn)
    try:
        entry = read_entry("; ".join(lines), await _today(turn))
    except InvalidInput as error:
        return _nothing(turn, f"{not_understood(error.sentence)}\n\n{words.EXAMPLE}")
    return await new_client(turn, values=prefilled(entry))


@SCREEN.command("ver")
async def see(turn: Turn, rest: str) -> View:
    """Answer /ver 12 and /ver_12: what the typing box sends for who was chosen there."""
    wanted = rest.strip()
    if wanted.isascii() and wanted.isdecimal():
        return await card_at(turn, min(int(wanted), 2**63 - 1), TO_LIST)
    return await understood(turn, rest) if wanted else await first_page(turn)


@SCREEN.press(RegisterLine)
async def register_line(turn: Turn, pressed: RegisterLine) -> View:
    """Open the form with what was typed."""
    draft = await turn.ask(GetDraft(LINE))
    if draft is None or draft.number != pressed.number:
        return View(words.LINE_GONE, keyboard(), toast=words.LINE_GONE)
    entry = read_entry(draft.values["text"], draft.today)
    return await new_client(turn, values=prefilled(entry))


async def understood(turn: Turn, text: str) -> View:
    """A list, a line that reads as a registration, a phone, or a piece of a name."""
    lines = split_lines(text)
    if is_list(lines):
        return await pasted_view(turn, lines)
    line = "; ".join(lines)
    if not needle(line):
        return _nothing(turn, words.NOT_READ)
    return await _one_line(turn, line)


async def _one_line(turn: Turn, line: str) -> View:
    found = await search(turn, line)
    try:
        entry = read_entry(line, found.today)
    except InvalidInput as error:
        entry, notice = Entry(), not_understood(error.sentence)
    else:
        notice = words.NOT_READ
    if entry.phone is not None:
        return await _with_phone(turn, line, entry)
    if found.total:
        return list_view(found, inline=turn.inline)
    # Who asks something names nobody.
    name = None if "?" in line else entry.name
    return await _nobody(turn, line, name) if name else _nothing(turn, notice)


async def _with_phone(turn: Turn, line: str, entry: Entry) -> View:
    if entry.name is not None:
        return await new_client(turn, values=prefilled(entry))
    owners = await turn.ask(GetPhoneOwners(entry.phone or ""))
    return await _owners(turn, entry, owners, line)


async def _owners(turn: Turn, entry: Entry, owners: tuple[ClientRow, ...], line: str) -> View:
    """Who has a number, and the way to one more client on it."""
    draft = await _kept(turn, line)
    phone = entry.phone or ""
    register = button(
        words.WITH_PHONE_BUTTON,
        RegisterLine(number=draft.number),
        style=None if owners else "primary",
    )
    text = words.phone_owners(phone, len(owners)) if owners else words.free_phone(phone)
    rows = client_rows(owners[:MOST_OWNERS], draft.today, TO_LIST)
    return View(text, keyboard(*rows, [register], _again(turn)))


async def _nobody(turn: Turn, line: str, name: str) -> View:
    draft = await _kept(turn, line)
    register = button(
        words.register_button(name), RegisterLine(number=draft.number), style="primary"
    )
    return View(words.nobody(line), keyboard([register], _again(turn)))


def _nothing(turn: Turn, text: str) -> View:
    """The likeliest next steps, for what cannot be used (law 12)."""
    return View(text, keyboard([button(words.NEW_BUTTON, StartNew())], _again(turn)))


def _again(turn: Turn) -> Row:
    return [
        find_button(FIND_AGAIN_BUTTON, inline=turn.inline),
        go(CLIENTS_BUTTON, CLIENTS),
    ]


async def _kept(turn: Turn, line: str) -> Draft:
    """The line, kept for the button under the answer: a button has no room for it."""
    return await turn.ask(
        StartDraft(form=LINE, number=turn.update_id, step=SUMMARY, values={"text": line}, origin="")
    )


async def _today(turn: Turn) -> date:
    return (await turn.ask(GetClients())).today


def _name_of(contact: Contact) -> str | None:
    """The name on the card, where it is one."""
    try:
        return parse_name(contact.name)
    except InvalidInput:
        return None
