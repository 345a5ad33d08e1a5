"""What the buttons about clients say. A list remembers its place in them (law 4)."""

import re

from aiogram.filters.callback_data import CallbackData

from domain.client_list import FIRST_PLACE, ListPlace, Which
from domain.text import fold

CLIENTS = "clients"
"""The list, from its beginning."""
NEW_CLIENT = "new"
"""The form of a new client."""
LIST_OWNER = "l"
"""The first letter of a way back into the list."""
MOST_SEARCH_BYTES = 20
"""What is searched is cut to what a button carries: the screen shows it so."""
MOST_PAGE = 99_999

_LETTERS = {
    Which.ALL: "a",
    Which.OVERDUE: "o",
    Which.DUE_SOON: "s",
    Which.UP_TO_DATE: "u",
    Which.ARCHIVED: "x",
}
_WHICH = {letter: which for which, letter in _LETTERS.items()}
_PLACE = re.compile(
    r"(?P<which>[aosux])(?P<page>\d{1,5})(?:\.(?P<tag>\d{1,19}))?(?:~(?P<search>.*))?", re.ASCII
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
    tag = "" if place.tag is None else f".{place.tag}"
    search = f"~{needle(place.search)}" if place.search else ""
    return f"{_LETTERS[place.which]}{min(max(place.page, 1), MOST_PAGE)}{tag}{search}"


def unpack_place(packed: str) -> ListPlace:
    """The place that a button carries; the beginning of the list for what is none."""
    found = _PLACE.fullmatch(packed)
    if found is None:
        return FIRST_PLACE
    return ListPlace(
        which=_WHICH[found["which"]],
        page=int(found["page"]),
        tag=int(found["tag"]) if found["tag"] else None,
        search=found["search"] or "",
    )


def list_origin(place: ListPlace) -> str:
    """The way back to a place in the list."""
    return LIST_OWNER + pack_place(place)


def needle(search: str) -> str:
    """What is searched for, short and plain enough for a button."""
    words = " ".join(fold(search).replace(":", " ").split())
    return words.encode()[:MOST_SEARCH_BYTES].decode(errors="ignore").strip()
