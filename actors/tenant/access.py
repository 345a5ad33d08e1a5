"""What the tenant answers when its access is over: the rule of the door of the bot (A6, A8).

Whatever asks, and by whichever way it came in, is refused here. A question that nobody named is
closed: who makes one that stays open, or that no person asks, says so here.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from actors.messages.account import EditAccount, GetAccess, GetAccount, SignUp
from actors.messages.data import EraseAccount, GetAccountLosses, GetTrail, TakeOut
from actors.messages.drafts import (
    DropDraft,
    EndDraft,
    GetDraft,
    PutDraft,
    RestoreDraft,
    StartDraft,
)
from actors.messages.queue import CheckSchedule, PlanNow, RunJob, WakeUp
from actors.messages.sheets import ExportClients, GetTemplateSheet
from actors.messages.subscription import CheckCharge, GetHistory, GetOffer, GetReceipt
from actors.runtime import Request
from actors.tenant.account import AccountPart
from domain.subscription import Area, is_open
from errors import AccessEnded

Handler = Callable[[Any, Any], Awaitable[Any]]

AREAS: dict[type, Area] = {
    SignUp: Area.HELP,
    GetAccess: Area.HELP,
    GetAccount: Area.ACCOUNT,
    EditAccount: Area.ACCOUNT,
    GetOffer: Area.PAYMENT,
    CheckCharge: Area.PAYMENT,
    GetHistory: Area.PAYMENT,
    GetReceipt: Area.PAYMENT,
    ExportClients: Area.EXPORT,
    GetTemplateSheet: Area.EXPORT,
    TakeOut: Area.EXPORT,
    GetTrail: Area.EXPORT,
    GetAccountLosses: Area.EXPORT,
    EraseAccount: Area.EXPORT,
    # A form writes nothing but its own draft; what it ends in is asked as a question of its own.
    StartDraft: Area.HELP,
    GetDraft: Area.HELP,
    PutDraft: Area.HELP,
    EndDraft: Area.HELP,
    DropDraft: Area.HELP,
    RestoreDraft: Area.HELP,
}
NOBODYS = frozenset({CheckSchedule, PlanNow, RunJob, WakeUp})
"""Asked by the clock: what they may do, the rules of the day decide (E2)."""


class AccessPart(AccountPart):
    """Refuses what is closed; every question of the tenant goes through it."""

    def __init_subclass__(cls) -> None:
        """Put the check before the handlers of what can be closed."""
        super().__init_subclass__()
        cls.handlers = {
            kind: _checked(handler, area_of(kind)) if _is_asked(kind) else handler
            for kind, handler in cls.handlers.items()
        }

    async def _check_open(self, area: Area) -> None:
        """Raise AccessEnded where `area` is closed; who has no account is told so elsewhere."""
        found = await self._access()
        if found.standing is not None and not is_open(area, found.standing):
            raise AccessEnded(f"tenant {self._tenant_id}: {found.standing}")


def area_of(kind: type) -> Area:
    """What a question is about, as far as access goes."""
    return AREAS.get(kind, Area.EVERYTHING_ELSE)


def _is_asked(kind: type) -> bool:
    """Whether it is a person's question that can be closed."""
    return issubclass(kind, Request) and kind not in NOBODYS and area_of(kind) is not Area.HELP


def _checked(handler: Handler, area: Area) -> Handler:
    @wraps(handler)
    async def checked(self: AccessPart, message: Any) -> Any:
        await self._check_open(area)
        return await handler(self, message)

    return checked
