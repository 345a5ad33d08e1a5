"""What the buttons of the administration say. A list remembers its place in them (law 4)."""

import re

from aiogram.filters.callback_data import CallbackData

from bot.screens.clients.buttons import MOST_PAGE, needle
from domain.administration import AccountPlace, LineHealth, Trouble, Which

ADMIN = "admin"
"""The first screen, from the beginning of its list."""
ADMIN_ALONE = "admin_alone"
"""The same, in the place of a home that a chat without an account has not."""
FIND_ACCOUNT = "admin_find"
"""The question for which account is meant, and what is typed at the first screen."""
ADMIN_OWNER = "a"
"""The first letter of a way back into the list of accounts."""
SYSTEM = "admin_system"
SYSTEM_AGAIN = "admin_look"
TROUBLES = "admin_troubles"
MONEY_OWNER = "v"
"""The first letter of a way back to the months; a page follows."""
FORECAST_OWNER = "f"
"""The first letter of a way back to what is to come; a page follows."""
WAITING_OWNER = "j"
"""The first letter of a way back to what can be paid; a page follows."""
LINES_OWNER = "n"
"""The first letter of a way back to lines; how they do and a page follow."""
DAY_OF_ALL_OWNER = "o"
"""The first letter of a way back to today's messages; a page follows."""
ACCOUNT_OWNER = "c"
"""The first letter of a way back to one account."""
_PLACE = re.compile(r"(?P<which>[avteb])(?P<page>\d{1,5})(?:~(?P<search>.*))?", re.ASCII)


class ShowAccounts(CallbackData, prefix="oa"):
    """A page of accounts; `place` as `pack_accounts` writes it."""

    place: str


class ShowAccount(CallbackData, prefix="oc"):
    """One account."""

    tenant_id: int
    origin: str = ""


class ShowAccountPayments(CallbackData, prefix="op"):
    """A page of what an account has paid."""

    tenant_id: int
    page: int = 1
    origin: str = ""


class AskGive(CallbackData, prefix="og"):
    """Ask how many days an account is given."""

    tenant_id: int
    origin: str = ""


class TakeBack(CallbackData, prefix="ot"):
    """Take back the days that were given under a number."""

    tenant_id: int
    number: int
    origin: str = ""


class AskBlock(CallbackData, prefix="ob"):
    """Ask why an account is to be blocked."""

    tenant_id: int
    origin: str = ""


class Unblock(CallbackData, prefix="ou"):
    """Let an account in again."""

    tenant_id: int
    origin: str = ""


class ShowRevenue(CallbackData, prefix="or"):
    """What months brought in."""

    page: int = 1


class ShowMonth(CallbackData, prefix="om"):
    """A page of the entries of a month, as in "2026-12"."""

    month: str
    page: int = 1
    origin: str = ""


class ShowForecast(CallbackData, prefix="of"):
    """A page of who would pay again."""

    page: int = 1


class ShowWaiting(CallbackData, prefix="ow"):
    """A page of the charges that can be paid."""

    page: int = 1


class ShowLines(CallbackData, prefix="ol"):
    """A page of the lines that do as `which`."""

    which: LineHealth
    page: int = 1


class ShowDayOfAll(CallbackData, prefix="od"):
    """A page of today's messages by account."""

    page: int = 1


class ShowTroubles(CallbackData, prefix="oe"):
    """A page of one kind of what could not be done."""

    what: Trouble
    page: int = 1


def pack_accounts(place: AccountPlace) -> str:
    """A place as a button carries it: "e3", "a2~souz" with a search."""
    search = f"~{needle(place.search)}" if place.search else ""
    return f"{place.which.value}{min(max(place.page, 1), MOST_PAGE)}{search}"


def unpack_accounts(packed: str) -> AccountPlace:
    """The place that a button carries; the beginning of the list for what is none."""
    found = _PLACE.fullmatch(packed)
    if found is None:
        return AccountPlace()
    return AccountPlace(Which(found["which"]), int(found["page"]), found["search"] or "")


def accounts_origin(place: AccountPlace) -> str:
    """The way back to a page of accounts."""
    return ADMIN_OWNER + pack_accounts(place)


def account_origin(tenant_id: int, origin: str) -> str:
    """The way back to an account, and from there to `origin`."""
    return f"{ACCOUNT_OWNER}{tenant_id}~{origin}"
