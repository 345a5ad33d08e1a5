"""What the screens need of the rest of the system: the tenant they belong to, and ways to show."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from actors.runtime import Request
from bot.ui.view import View
from domain.subscription import Terms

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


class Administration(Protocol):
    """What administrators ask and order (A11). Errors are those of `Ref.ask`."""

    async def ask(self, message: Request[R], *, deadline: float) -> R:
        """Return the answer."""
        ...


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody's card out of the address book; `own` when it is the sender's."""

    name: str
    phone: str = field(repr=False)
    own: bool = False


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that was sent; `size` in bytes, as Telegram tells it."""

    file_id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says: a text, a card, a file, or (all None) something nobody can read."""

    text: str | None = field(default=None, repr=False)
    contact: Contact | None = None
    file: SentFile | None = None

    @property
    def answer(self) -> str | None:
        """What answers a question: the text, or the number on the card."""
        return self.contact.phone if self.contact else self.text


@dataclass(frozen=True, slots=True)
class Person:
    """Who is at the other end, as Telegram knows them."""

    name: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One update, for the screen that answers it.

    The tenant is the one whose chat it is, and no other can be reached (B2). `asks` is the question
    that stood open when it came. `update_id` is the same when it is handled again after a crash.
    """

    chat_id: int
    update_id: int
    person: Person
    said: Said
    asks: str | None
    tenants: Tenants
    show: Show
    fetch: Callable[[SentFile], Awaitable[bytes]]
    ways: "Callable[[Turn, str], Awaitable[View]]"
    inline: bool = False
    """Whether the bot may be asked from the typing box."""
    administration: Administration | None = None
    """Only where the chat is an administrator's."""
    terms: Terms = field(default_factory=Terms)
    """What EmDia costs and how long it is free (A2)."""

    async def ask(self, message: Request[R]) -> R:
        """Return the tenant's answer; a screen waits at most `ASK_SECONDS`."""
        return await self.tenants.ask(self.chat_id, message, deadline=ASK_SECONDS)

    async def administer(self, message: Request[R]) -> R:
        """Return what the administration answers an administrator."""
        assert self.administration is not None  # noqa: S101 - who may not is sent away before
        return await self.administration.ask(message, deadline=ASK_SECONDS)

    async def back(self, origin: str) -> View:
        """What Voltar to `origin` shows, as it is now; home where that leads nowhere."""
        return await self.ways(self, origin)
