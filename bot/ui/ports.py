"""What the screens need of the rest of the system: the tenant they belong to, and a way to show."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from actors.runtime import Request
from bot.ui.view import View

R = TypeVar("R")
ASK_SECONDS = 25.0

Show = Callable[[View], Awaitable[None]]
"""Put a view where the answer will be, before the answer is known."""


class Tenants(Protocol):
    """The tenants, by chat id. Errors are those of `Ref.ask` and `Ref.tell`."""

    async def ask(self, tenant_id: int, message: Request[R], *, deadline: float) -> R:
        """Return the tenant's answer."""
        ...

    async def tell(self, tenant_id: int, message: object, *, deadline: float = 5.0) -> None:
        """Leave a message with the tenant."""
        ...


@dataclass(frozen=True, slots=True)
class Tenant:
    """The one tenant a screen can speak to: the one whose chat it is shown in (B2)."""

    tenant_id: int
    tenants: Tenants

    async def ask(self, message: Request[R]) -> R:
        """Return the tenant's answer; a screen waits at most `ASK_SECONDS`."""
        return await self.tenants.ask(self.tenant_id, message, deadline=ASK_SECONDS)
