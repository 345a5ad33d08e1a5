"""What administrators look at (A11): accounts by how they stand, and lines by what they deliver.

Pure. Accounts are told by their own data and by counts; nobody's client is in any of it.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from domain.deliveries import Deliveries, Flow, flow
from domain.subscription import Standing
from domain.whatsapp import SessionState

ACCOUNT_ROWS = 4
"""Accounts on a page: what is above and below them leaves no room for more (law 2)."""


class Which(StrEnum):
    """The accounts that are listed; the value is what buttons carry."""

    ALL = "a"
    ACTIVE = "v"
    TRIAL = "t"
    ENDED = "e"
    BLOCKED = "b"

    @property
    def standing(self) -> Standing | None:
        """How those that are listed stand; None for all."""
        return _STANDINGS.get(self)


_STANDINGS = {
    Which.ACTIVE: Standing.ACTIVE,
    Which.TRIAL: Standing.TRIAL,
    Which.ENDED: Standing.ENDED,
    Which.BLOCKED: Standing.BLOCKED,
}


@dataclass(frozen=True, slots=True)
class AccountPlace:
    """A page of accounts; `search` is a part of a name, an e-mail or a phone, or an id."""

    which: Which = Which.ALL
    page: int = 1
    search: str = ""

    def on(self, page: int) -> "AccountPlace":
        """Another page of the same."""
        return replace(self, page=page)


FIRST_ACCOUNTS = AccountPlace()


class LineHealth(StrEnum):
    """How a WhatsApp line does, told by what arrives (F10); the value is what buttons carry."""

    DELIVERING = "d"
    FAILING = "f"
    QUIET = "q"  # linked, and nothing was sent in a day that could tell
    OFF = "o"  # not linked: nothing leaves


def health(state: SessionState | None, facts: Deliveries) -> LineHealth:
    """How the line of a device in `state` does, whose last day came to `facts`."""
    if state is not SessionState.PAIRED:
        return LineHealth.OFF
    match flow(facts):
        case Flow.WELL:
            return LineHealth.DELIVERING
        case Flow.QUIET:
            return LineHealth.QUIET
        case Flow.PARTLY | Flow.STALLED | Flow.UNACKED:
            return LineHealth.FAILING
