"""Typed reading of the worker's JSON: a field missing or of another type is a protocol error."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from errors import SidecarProtocolError

MAX_TEXT_CHARS = 65_536
MILLISECONDS = 1_000
MAX_MILLISECONDS = 253_402_300_799_000
"""The end of the year 9999, past which there is no datetime."""


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object whose fields are read by type."""

    values: Mapping[str, Any]
    where: str

    def text(self, name: str) -> str:
        """A string, bounded."""
        value = self.values.get(name)
        if not isinstance(value, str) or len(value) > MAX_TEXT_CHARS:
            raise self._wrong(name)
        return value

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
        if type(value) is not int:
            raise self._wrong(name)
        return value

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

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings."""
        value = self.values.get(name)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wrong(name)
        return tuple(value)

    def _wrong(self, name: str) -> SidecarProtocolError:
        # Never the value: it may be a key, a phone or a text.
        return SidecarProtocolError(f"{self.where}: the field {name!r} is missing or not usable")
