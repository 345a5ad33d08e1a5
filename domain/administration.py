"""What administrators look at (A11): accounts by how they stand, and lines by what they deliver.

Pure. Accounts are told by their own data and by counts; nobody's client is in any of it.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from domain.deliveries import Deliveries, Flow, flow
from domain.subscription import Standing
from domain.text import fold, plain
from domain.whatsapp import SessionState
from errors import InvalidInput

NOT_DAYS = "Não entendi quantos dias. Escreva só o número, como 45."
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
    def standings(self) -> tuple[Standing, ...]:
        """How those that are listed stand; empty for all."""
        return _STANDINGS.get(self, ())


_STANDINGS = {
    Which.ACTIVE: (Standing.ACTIVE,),
    Which.TRIAL: (Standing.TRIAL,),
    Which.ENDED: (Standing.ENDED, Standing.ERASABLE),
    Which.BLOCKED: (Standing.BLOCKED,),
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


MOST_DAYS = 3660
"""Days that are given at once, at most."""
MOST_REASON = 200
"""Characters of why an account is blocked."""


def parse_days(text: str) -> int:
    """How many days somebody wrote: "30", "45 dias". Raises InvalidInput."""
    found = re.fullmatch(r"(\d{1,5}) ?(?:d|dias?)?", fold(plain(text)).strip(" .+"), re.ASCII)
    if found is None:
        raise InvalidInput(NOT_DAYS)
    return check_days(int(found[1]))


def check_days(days: int) -> int:
    """`days`, where so many can be given. Raises InvalidInput."""
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput(f"Dá para dar de 1 a {MOST_DAYS} dias. Escreva só o número, como 45.")
    return days


def would_end(ends_on: date, today: date, days: int) -> date:
    """The day an access would end on that gets `days` more: from its end, or from today (A5)."""
    return max(ends_on, today) + timedelta(days=days)


def parse_reason(text: str) -> str:
    """Why an account is blocked, in one line. Raises InvalidInput."""
    reason = " ".join(plain(text).split())
    if not reason:
        raise InvalidInput("Escreva o motivo em uma frase curta: o dono da conta vai ler.")
    if len(reason) > MOST_REASON:
        raise InvalidInput(
            f"O motivo ficou com {len(reason)} letras, e cabem {MOST_REASON}. Escreva mais curto."
        )
    return reason


class Trouble(StrEnum):
    """What could not be done; the value is what buttons carry and what is asked by."""

    MESSAGE = "message"  # of an owner, to a client
    JOB = "job"  # of an account's day
    UPDATE = "update"  # what somebody wrote to the bot
    WEBHOOK = "webhook"  # what Mercado Pago told
    CHARGE = "charge"  # money that is not as it was asked for
    ACCOUNT = "account"  # set aside after too many failures
