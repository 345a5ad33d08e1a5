"""Typed reading of the worker's JSON: what is missing, of another type or too long is refused here.

What comes out can be kept: no text has NUL, which PostgreSQL refuses, and an identity fits its
column, so that no storage has to find out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from errors import SidecarProtocolError

MAX_TEXT_CHARS = 65_536
MAX_ID_CHARS = 100
"""An id or address of WhatsApp's, as wide as the columns that keep them."""
MAX_INTEGER = 2**53 - 1
"""What a number of JSON says exactly on both sides."""
NUL = "\x00"
MILLISECONDS = 1_000
MAX_MILLISECONDS = 253_402_300_799_000
"""The end of the year 9999, past which there is no datetime."""


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object whose fields are read by type."""

    values: Mapping[str, Any]
    where: str

    def text(self, name: str, most: int = MAX_TEXT_CHARS) -> str:
        """A string of `most` characters, without NUL."""
        value = self.values.get(name)
        if not isinstance(value, str) or len(value) > most or NUL in value:
            raise self._wrong(name)
        return value

    def identity(self, name: str, most: int = MAX_ID_CHARS) -> str:
        """An id or an address: a text that is not empty, short, and never cut."""
        value = self.text(name, most)
        if not value:
            raise self._wrong(name)
        return value

    def maybe_identity(self, name: str) -> str | None:
        """An id or an address, or null."""
        return None if self.values.get(name) is None else self.identity(name)

    def maybe_text(self, name: str) -> str | None:
        """A string or null."""
        return None if self.values.get(name) is None else self.text(name)

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        """One of the strings allowed."""
        value = self.text(name)
        if value not in allowed:
            raise self._wrong(name)
        return value

    def integer(self, name: str) -> int:
        """A whole number; a boolean is none."""
        value = self.values.get(name)
        if type(value) is not int or abs(value) > MAX_INTEGER:
            raise self._wrong(name)
        return value

    def maybe_count(self, name: str) -> int | None:
        """A count or null."""
        return None if self.values.get(name) is None else self.count(name)

    def count(self, name: str) -> int:
        """A whole number that is not negative."""
        value = self.integer(name)
        if value < 0:
            raise self._wrong(name)
        return value

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self.values.get(name)
        if not isinstance(value, bool):
            raise self._wrong(name)
        return value

    def instant(self, name: str) -> datetime:
        """Milliseconds since 1970 as an aware instant in UTC."""
        value = self.count(name)
        if value > MAX_MILLISECONDS:
            raise self._wrong(name)
        return datetime.fromtimestamp(value / MILLISECONDS, UTC)

    def maybe_instant(self, name: str) -> datetime | None:
        """An instant or null."""
        return None if self.values.get(name) is None else self.instant(name)

    def record(self, name: str) -> "Fields":
        """An object inside this one."""
        value = self.values.get(name)
        if not isinstance(value, dict):
            raise self._wrong(name)
        return Fields(value, f"{self.where}.{name}")

    def identities(self, name: str, most: int) -> tuple[str, ...]:
        """A list of ids of `most` characters each."""
        value = self.values.get(name)
        if not isinstance(value, list) or not all(is_identity(item, most) for item in value):
            raise self._wrong(name)
        return tuple(value)

    def _wrong(self, name: str) -> SidecarProtocolError:
        # Never the value: it may be a key, a phone or a text.
        return SidecarProtocolError(f"{self.where}: the field {name!r} is missing or not usable")


def is_identity(value: object, most: int) -> bool:
    """Whether it can name something that is kept."""
    return isinstance(value, str) and 0 < len(value) <= most and NUL not in value
