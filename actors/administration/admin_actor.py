"""The administration (A8, A11): answers those who administer, and checks again that they do.

It sees accounts and counts, never anybody's client. Its parts stand beside it.
"""

from actors.administration.account import AccountPart
from actors.administration.accounts import AccountsPart
from actors.administration.part import AdminPorts

__all__ = ["AdminActor", "AdminPorts"]


class AdminActor(AccountsPart, AccountPart):
    """The one desk of all administrators."""
