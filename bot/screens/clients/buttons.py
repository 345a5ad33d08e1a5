"""What the buttons about clients say. A list remembers its place in them (law 4)."""

import re
from typing import TypeVar

from aiogram.filters.callback_data import CallbackData

from bot.ui.buttons import number_in
from domain.client_list import FIRST_PLACE, ListPlace, Which
from domain.text import fold

CLIENTS = "clients"
"""The list, from its beginning."""
NEW_CLIENT = "new"
"""The form of a new client."""
FIND = "find"
"""The question for what is searched."""
MORE = "more"
"""What else can be done with the list."""
SAMPLES = "samples"
"""Clients to look around with."""
TAGS = "tags"
OWN_FIELDS = "fields"
LIST_OWNER = "l"
"""The first letter of a way back into the list."""
CLIENT_TAGS_OWNER = "t"
"""The first letter of a way back to the tags of a client."""
MOST_SEARCH_BYTES = 20
"""What is searched is cut to what a button carries: the screen shows it so."""
MOST_PAGE = 99_999

B = TypeVar("B", bound=CallbackData)

_LETTERS = {
    Which.ALL: "a",
    Which.OVERDUE: "o",
    Which.DUE_SOON: "s",
    Which.DUE_TODAY: "t",
    Which.UP_TO_DATE: "u",
    Which.ARCHIVED: "x",
}
_WHICH = {letter: which for which, letter in _LETTERS.items()}
_PLACE = re.compile(
    r"(?P<which>[aostux])(?P<page>\d{1,5})(?:\.(?P<tag>\d{1,19}))?(?:~(?P<search>.*))?", re.ASCII
)


class ShowList(CallbackData, prefix="cl"):
    """A page of the list; `place` as `pack_place` writes it."""

    place: str


class ShowCard(CallbackData, prefix="cc"):
    """A client's card."""

    client_id: int
    origin: str = ""


def pack_place(place: ListPlace) -> str:
    """A place as a button carries it: "o3", "a1.12" with a tag, "a2~souz" with a search."""
    search = f"~{needle(place.search)}" if place.search else ""
    # Who searches, searches among all: a button carries one or the other.
    tag = "" if place.tag is None or search else f".{place.tag}"
    return f"{_LETTERS[place.which]}{min(max(place.page, 1), MOST_PAGE)}{tag}{search}"


def unpack_place(packed: str) -> ListPlace:
    """The place that a button carries; the beginning of the list for what is none."""
    found = _PLACE.fullmatch(packed)
    if found is None:
        return FIRST_PLACE
    return ListPlace(
        which=_WHICH[found["which"]],
        page=int(found["page"]),
        tag=number_in(found["tag"]) if found["tag"] else None,
        search=found["search"] or "",
    )


def list_origin(place: ListPlace) -> str:
    """The way back to a place in the list."""
    return LIST_OWNER + pack_place(place)


def client_tags_origin(client_id: int, origin: str) -> str:
    """The way back to the tags of a client, and from there to `origin`."""
    return f"{CLIENT_TAGS_OWNER}{client_id}~{origin}"


def needle(search: str) -> str:
    """What is searched for, short and plain enough for a button."""
    words = " ".join(fold(search).replace(":", " ").split())
    return words.encode()[:MOST_SEARCH_BYTES].decode(errors="ignore").strip()


class ShowMessages(CallbackData, prefix="lm"):
    """A page of what went to a client."""

    client_id: int
    page: int = 1
    origin: str = ""


class ShowWhy(CallbackData, prefix="lw"):
    """Why a client received nothing today."""

    client_id: int
    origin: str = ""


class PutAway(CallbackData, prefix="la"):
    """Archive a client, or take it back into the list."""

    client_id: int
    away: bool
    origin: str = ""


class AskDelete(CallbackData, prefix="lx"):
    """Ask whether a client is to be deleted for good."""

    client_id: int
    origin: str = ""


class Delete(CallbackData, prefix="ld"):
    """Delete a client for good."""

    client_id: int
    origin: str = ""


class ShowClientTags(CallbackData, prefix="lt"):
    """All tags, with those that a client has."""

    client_id: int
    page: int = 1
    origin: str = ""


class PutTag(CallbackData, prefix="lg"):
    """Put a tag on a client, or take it off."""

    client_id: int
    tag_id: int
    on: bool
    page: int = 1
    origin: str = ""


class ShowTags(CallbackData, prefix="tp"):
    """A page of all tags."""

    page: int


class ShowTag(CallbackData, prefix="tg"):
    """One tag."""

    tag_id: int


class NewTag(CallbackData, prefix="tn"):
    """Ask for a new tag; `client_id` is who gets it at once, 0 for nobody."""

    client_id: int = 0
    origin: str = ""


class RenameTagPress(CallbackData, prefix="tr"):
    """Ask how a tag is called from now on."""

    tag_id: int


class DropTagPress(CallbackData, prefix="td"):
    """Drop a tag."""

    tag_id: int


class ShowField(CallbackData, prefix="fg"):
    """One own field."""

    field_id: int


class RenameFieldPress(CallbackData, prefix="fr"):
    """Ask how an own field is called from now on."""

    field_id: int


class DropFieldPress(CallbackData, prefix="fd"):
    """Drop an own field, with what clients have in it."""

    field_id: int


def fitted(pressed: B) -> B:
    """`pressed`, or the same without its way back where a button cannot carry both.

    Two of the largest numbers and the longest way back are more than Telegram takes.
    """
    try:
        pressed.pack()
    except ValueError:
        return pressed.model_copy(update={"origin": ""})
    return pressed
