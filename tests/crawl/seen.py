"""What a person sees of one message, and which screen that is.

Two messages are one screen when they ask the same and their buttons are of the same kinds:
three hundred client cards are one screen, since names, numbers and dates do not count.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, get_args

from aiogram.filters.callback_data import CallbackData

HOME = "🏠"
BACK = "⬅️"
GO_HOME = "go:home"  # under whatever words
NOT_UNDERSTOOD = "🤔"
PLACE = "origin"  # where Voltar leads
OF_A_FORM = "fm:"  # what its buttons begin with
LIST = "place"  # in the list of clients: its first letter says which
WAY_BACK = "Back"  # the class of a button that is nothing but such a place
DEAL = "deal"  # dates and an amount in letters
MOST_VALUE_LETTERS = 24
MOST_TITLE_CHARACTERS = 60

TAG = re.compile(r"<[^>]*>")
BOLD = re.compile(r"<b>(.*?)</b>", re.DOTALL)
QUOTED = re.compile(r"“[^”]*”|‘[^’]*’")
NUMBER = re.compile(r"[+-]?\d[\d.,:/]*")
DAY = re.compile(
    r"\b(?:segunda|terça|quarta|quinta|sexta|sábado|domingo)(?:-feira)?\b"
    r"|\b(?:janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro"
    r"|dezembro)\b"
    r"|\b(?:seg|ter|qua|qui|sex|sáb|dom|hoje|amanhã|ontem)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Button:
    """One button: what it reads, what it says when pressed (None: it opens or copies)."""

    label: str
    data: str | None
    style: str | None = None
    copied: str = ""

    @property
    def kind(self) -> str:
        """What it says without whom it is about: its class and the fields that are no ids."""
        return kind_of(self.data) if self.data else f"({self.label[:2]})"


@dataclass(frozen=True)
class Seen:
    """A message of the bot as a person sees it; `names` are the words that are names to them."""

    message_id: int
    source: str
    rows: tuple[tuple[Button, ...], ...]
    picture: bool = False
    document: str | None = None  # the id of its file
    names: re.Pattern[str] | None = None

    @cached_property
    def text(self) -> str:
        """The words without their marks."""
        return html.unescape(TAG.sub("", self.source))

    @cached_property
    def buttons(self) -> tuple[Button, ...]:
        """All buttons in reading order."""
        return tuple(button for row in self.rows for button in row)

    @cached_property
    def presses(self) -> dict[str, Button]:
        """What can be pressed, the first of each kind."""
        first: dict[str, Button] = {}
        for button in self.buttons:
            if button.data:
                first.setdefault(button.kind, button)
        return first

    @cached_property
    def title(self) -> str:
        """The first line, without names, numbers and days."""
        line = next((line for line in self.text.splitlines() if line.strip()), "")
        if line.startswith(NOT_UNDERSTOOD):
            return NOT_UNDERSTOOD  # whatever was wrong, the question tells which screen it is
        return self._plain(line)[:MOST_TITLE_CHARACTERS]

    @cached_property
    def question(self) -> str:
        """The question in bold that it asks, if any; in a form every last bold line is one."""
        bold = [TAG.sub("", words) for words in BOLD.findall(self.source)]
        in_a_form = any(kind.startswith(OF_A_FORM) for kind in self.presses)
        asked = [words for words in bold if "?" in words] or (bold if in_a_form else [])
        return self._plain(html.unescape(asked[-1])) if asked else ""

    @cached_property
    def screen(self) -> str:
        """Which screen it is."""
        kinds = " ".join(sorted({button.kind for button in self.buttons}))
        form = "📷" if self.picture else "📎" if self.document else ""
        return f"{form}{self.title} | {self.question} | {kinds}"

    @property
    def home(self) -> Button | None:
        """The way home."""
        ways = (one for one in self.buttons if one.label.startswith(HOME) or one.data == GO_HOME)
        return next(ways, None)

    @property
    def back(self) -> Button | None:
        """The way back."""
        return next((one for one in self.buttons if one.label.startswith(BACK)), None)

    def _plain(self, line: str) -> str:
        if self.names is not None:
            line = self.names.sub("@", line)
        return NUMBER.sub("#", DAY.sub("%", QUOTED.sub("@", line))).strip()


def seen(message: Mapping[str, Any], names: re.Pattern[str] | None = None) -> Seen:
    """A recorded message of the stand-in as a person sees it."""
    rows = tuple(
        tuple(
            Button(
                one["text"],
                one.get("callback_data"),
                one.get("style"),
                str((one.get("copy_text") or {}).get("text", "")),
            )
            for one in row
        )
        for row in message["buttons"] or ()
    )
    return Seen(
        message["message_id"],
        message["html"] or message["text"] or message["caption"] or "",
        rows,
        picture=message.get("photo") is not None,
        document=message.get("document"),
        names=names,
    )


def kind_of(data: str) -> str:
    """`data` without ids, numbers and places: all buttons that do the same to another one."""
    prefix, *values = data.split(":")
    cls = classes().get(prefix)
    if cls is None:
        return ":".join([prefix, *(_any(value) for value in values)])
    fields = list(cls.model_fields.items())
    parts = [
        value[:1] if cls.__name__ == WAY_BACK else _part(name, field.annotation, value)
        for (name, field), value in zip(fields, values, strict=False)
    ]
    return ":".join([prefix, *parts])


def _part(name: str, annotation: Any, value: str) -> str:
    if name == PLACE:
        return ""  # where Voltar leads makes no other button of it
    if name == LIST:
        return value[:1]
    return DEAL if name == DEAL else _value(annotation, value)


def classes() -> dict[str, type[CallbackData]]:
    """All kinds of buttons there are, by what their data begin with."""
    return {cls.__prefix__: cls for cls in _below(CallbackData)}


def _below(cls: type[CallbackData]) -> Iterator[type[CallbackData]]:
    for child in cls.__subclasses__():
        if hasattr(child, "__prefix__"):
            yield child
        yield from _below(child)


def _value(annotation: Any, value: str) -> str:
    kinds = get_args(annotation) or (annotation,)
    if any(isinstance(kind, type) and issubclass(kind, Enum) for kind in kinds):
        return value
    return _any(value)


def _any(value: str) -> str:
    return re.sub(r"-?\d+", "#", value)[:MOST_VALUE_LETTERS]
