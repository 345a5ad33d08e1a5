"""Which handler answers what: put together once from what the screens declare.

Two screens that claim the same button, command, question or way back are a mistake of ours, found
when the bot is made.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from aiogram.filters.callback_data import CallbackData
from pydantic import ValidationError

from bot.ui.buttons import MOST_NUMBER, PLACE_OWNER, Back, Go
from bot.ui.form import Form, FormPress
from bot.ui.ports import Turn
from bot.ui.screen import Answer, Audience, Command, InlineSearch, Kind, Plain, Screen, Told

B = TypeVar("B", bound=CallbackData)
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Route:
    """A way to an answer: its screen, and the work. `origin` is where the press came from."""

    screen: Screen
    answer: Callable[[Turn], Answer]
    origin: str | None = None


class Routes:
    """All ways into the screens."""

    def __init__(self, screens: Iterable[Screen]) -> None:
        self._places: dict[str, tuple[Screen, Plain]] = {}
        self._presses: dict[str, tuple[Screen, type[CallbackData], Callable[..., Answer]]] = {}
        self._commands: dict[str, tuple[Screen, Told]] = {}
        self._questions: dict[str, tuple[Screen, Plain]] = {}
        self._origins: dict[str, tuple[Screen, Told]] = {}
        self._anywhere: dict[Kind, tuple[Screen, Plain]] = {}
        self._forms: dict[str, tuple[Screen, Form]] = {}
        self._offered: list[tuple[Screen, Command]] = []
        self.search: tuple[Screen, InlineSearch] | None = None
        for screen in screens:
            self._add(screen)

    @property
    def menu(self) -> Mapping[str, str]:
        """The commands that Telegram offers to all, and what it says of them (H3)."""
        return self._menu_of(lambda audience: audience is not Audience.ADMINS)

    @property
    def menu_of_admins(self) -> Mapping[str, str]:
        """What it offers to who administers: their own on top (A8)."""
        return {**self._menu_of(lambda audience: audience is Audience.ADMINS), **self.menu}

    @property
    def button_classes(self) -> Mapping[str, type[CallbackData]]:
        """The classes of buttons that are answered, by prefix."""
        return {prefix: kind for prefix, (_, kind, _) in self._presses.items()}

    def of_press(self, data: str) -> Route | None:
        """Who answers a button; None for one that nobody knows (any more)."""
        prefix = data.partition(":")[0]
        if prefix == Go.__prefix__:
            return self._to_place(data.partition(":")[2])
        if prefix == Back.__prefix__:
            return self.way_back(data.partition(":")[2])
        if prefix == FormPress.__prefix__:
            return self._to_form(_unpacked(FormPress, data))
        if prefix not in self._presses:
            return None
        screen, kind, handler = self._presses[prefix]
        pressed = _unpacked(kind, data)
        if pressed is None:
            return None
        return Route(screen, lambda turn: handler(turn, pressed), getattr(pressed, "origin", None))

    def way_back(self, origin: str) -> Route | None:
        """Who answers Voltar to `origin`."""
        if origin.startswith(PLACE_OWNER):
            return self._to_place(origin.removeprefix(PLACE_OWNER))
        if origin[:1] not in self._origins:
            return None
        screen, handler = self._origins[origin[:1]]
        return Route(screen, lambda turn: handler(turn, origin[1:]))

    def of_command(self, name: str, rest: str) -> Route | None:
        """Who answers a command; of `/ver_12` the 12 comes along as what follows it."""
        if name not in self._commands and "_" in name:
            name, _, rest = name.partition("_")
        if name not in self._commands:
            return None
        screen, handler = self._commands[name]
        return Route(screen, lambda turn: handler(turn, rest))

    def of_question(self, asked: str | None) -> Route | None:
        """Who asked, and answers what is said to it."""
        return _route(self._questions.get(asked or ""))

    def of_said(self, kind: Kind) -> Route | None:
        """Who answers what nobody asked for."""
        return _route(self._anywhere.get(kind))

    def _to_form(self, pressed: FormPress | None) -> Route | None:
        if pressed is None or pressed.form not in self._forms:
            return None
        screen, form = self._forms[pressed.form]
        return Route(screen, lambda turn: form.press(turn, pressed))

    def _menu_of(self, is_for: Callable[[Audience], bool]) -> dict[str, str]:
        offered = [command for screen, command in self._offered if is_for(screen.audience)]
        offered.sort(key=lambda command: command.order)
        return {command.names[0]: command.told or "" for command in offered}

    def _to_place(self, name: str) -> Route | None:
        return _route(self._places.get(name))

    def _add(self, screen: Screen) -> None:
        for kind, handler in screen.presses.items():
            _put(self._presses, kind.__prefix__, (screen, kind, handler))
        for name, place in screen.places.items():
            _put(self._places, name, (screen, place))
        for command in screen.commands:
            for name in command.names:
                _put(self._commands, name, (screen, command.handler))
        self._offered += [(screen, command) for command in screen.commands if command.told]
        for name, form in screen.forms.items():
            _put(self._forms, name, (screen, form))
        for key, question in screen.questions.items():
            _put(self._questions, key, (screen, question))
        for letter, origin in screen.origins.items():
            _put(self._origins, letter, (screen, origin))
        for said, anywhere in screen.anywhere.items():
            _put(self._anywhere, said, (screen, anywhere))
        for search in screen.searches:
            assert self.search is None, "two screens want what is asked from the typing box"  # noqa: S101 - our own mistake
            self.search = (screen, search)


def _route(found: tuple[Screen, Plain] | None) -> Route | None:
    return None if found is None else Route(*found)


def _unpacked(kind: type[B], data: str) -> B | None:
    """What the button says; None where somebody else wrote it."""
    try:
        pressed = kind.unpack(data)
    except (TypeError, ValueError, ValidationError):
        return None
    numbers = (value for _, value in pressed if isinstance(value, int))
    return pressed if all(abs(number) <= MOST_NUMBER for number in numbers) else None


def _put(known: dict[K, V], key: K, value: V) -> None:
    assert key not in known, f"claimed twice: {key}"  # noqa: S101 - our own mistake, at the first start
    known[key] = value
