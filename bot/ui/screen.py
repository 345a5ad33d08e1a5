"""A screen's own declaration: what leads to it, and who may see it. Nothing else lists screens.

Handlers are functions from a turn, and what was pressed or said, to a view.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal, TypeVar

from aiogram.filters.callback_data import CallbackData

from bot.ui.buttons import PLACE_OWNER
from bot.ui.form import Form
from bot.ui.ports import Turn
from bot.ui.view import View
from domain.subscription import Area

B = TypeVar("B", bound=CallbackData)
V = TypeVar("V", bound=View | None)
Answer = Awaitable[View | None]
Plain = Callable[[Turn], Answer]
Pressed = Callable[[Turn, B], Answer]
Told = Callable[[Turn, str], Answer]
Kind = Literal["text", "contact", "file"]
P = TypeVar("P", bound=Plain)
T = TypeVar("T", bound=Told)


@dataclass(frozen=True, slots=True)
class Found:
    """What is offered to who asks from the typing box; chosen, it `sends` that text to the chat."""

    key: str
    title: str
    below: str
    sends: str


InlineSearch = Callable[[Turn, str], Awaitable[Sequence[Found]]]


class Audience(Enum):
    """Who may see a screen (A8)."""

    OWNERS = "owners"
    ANYBODY = "anybody"
    ADMINS = "admins"


@dataclass(frozen=True, slots=True)
class Command:
    """A command; `told` is its line in Telegram's menu, None where it is not offered there.

    The menu is in the order of `order`.
    """

    names: tuple[str, ...]
    told: str | None
    order: int
    handler: Told


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """What leads to some screens of one area, by kind.

    `area` is what a subscription that is over closes (A6).
    """

    area: Area = Area.EVERYTHING_ELSE
    audience: Audience = Audience.OWNERS
    places: dict[str, Plain] = field(default_factory=dict)
    presses: dict[type[CallbackData], Pressed[Any]] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)
    questions: dict[str, Plain] = field(default_factory=dict)
    origins: dict[str, Told] = field(default_factory=dict)
    anywhere: dict[Kind, Plain] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    searches: list[InlineSearch] = field(default_factory=list)

    def form(self, form: Form) -> Form:
        """Answer all that belongs to a form."""
        self.forms[form.key] = form
        self.questions[form.asks] = form.answer
        return form

    def place(self, name: str) -> Callable[[P], P]:
        """Answer buttons that need no more than the screen's name."""

        def keep(handler: P) -> P:
            self.places[name] = handler
            return handler

        return keep

    def press(
        self, button: type[B]
    ) -> Callable[[Callable[[Turn, B], Awaitable[V]]], Callable[[Turn, B], Awaitable[V]]]:
        """Answer the buttons of a class."""

        def keep(handler: Callable[[Turn, B], Awaitable[V]]) -> Callable[[Turn, B], Awaitable[V]]:
            self.presses[button] = handler
            return handler

        return keep

    def command(self, *names: str, told: str | None = None, order: int = 0) -> Callable[[T], T]:
        """Answer a command, under any of `names`; what follows it comes along."""

        def keep(handler: T) -> T:
            self.commands.append(Command(names, told, order, handler))
            return handler

        return keep

    def question(self, key: str) -> Callable[[P], P]:
        """Answer what is said while a view that `asks` this is the live screen."""

        def keep(handler: P) -> P:
            self.questions[key] = handler
            return handler

        return keep

    def origin(self, letter: str) -> Callable[[T], T]:
        """Answer Voltar where the way back begins with `letter`; the rest comes along."""
        assert len(letter) == 1  # noqa: S101 - a programmer's slip, seen at the first import
        assert letter != PLACE_OWNER  # noqa: S101 - taken

        def keep(handler: T) -> T:
            self.origins[letter] = handler
            return handler

        return keep

    def typed(self, kind: Kind) -> Callable[[P], P]:
        """Answer what is said where nothing was asked (law 12)."""

        def keep(handler: P) -> P:
            self.anywhere[kind] = handler
            return handler

        return keep

    def inline(self) -> Callable[[InlineSearch], InlineSearch]:
        """Answer what is asked from the typing box."""

        def keep(handler: InlineSearch) -> InlineSearch:
            self.searches.append(handler)
            return handler

        return keep
