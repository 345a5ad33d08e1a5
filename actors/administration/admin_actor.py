"""The administration (A8, A11): answers those who administer, and checks again that they do.

It sees accounts and counts, never anybody's client. Its parts stand beside it.
"""

from actors.administration.account import AccountPart
from actors.administration.accounts import AccountsPart
from actors.administration.broadcasts import BroadcastPart
from actors.administration.money import MoneyPart
from actors.administration.part import AdminPorts
from actors.administration.watch import WatchPart

__all__ = ["AdminActor", "AdminPorts"]


class AdminActor(AccountsPart, AccountPart, MoneyPart, WatchPart, BroadcastPart):
    """The one desk of all administrators."""
