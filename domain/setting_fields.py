"""How one field of the settings is checked; a fault never quotes the value, which may be a secret.

For `settings.py` alone.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_core import PydanticCustomError


def that(fits: Callable[[Any], bool]) -> AfterValidator:
    """Take a value that `fits`, and no other."""

    def check(value: Any) -> Any:
        if not fits(value.get_secret_value() if isinstance(value, SecretStr) else value):
            raise ValueError
        return value

    return AfterValidator(check)


def without(fault_of: Callable[[str], str | None]) -> AfterValidator:
    """Take a text about which `fault_of` has no sentence, and no other."""

    def check(value: Any) -> Any:
        fault = fault_of(value.get_secret_value() if isinstance(value, SecretStr) else value)
        if fault is not None:
            raise PydanticCustomError("told", "{fault}", {"fault": fault})
        return value

    return AfterValidator(check)


def read(reader: Callable[[str], object]) -> BeforeValidator:
    """Have a text read by `reader`, which raises ValueError for a wrong one."""
    return BeforeValidator(lambda value: reader(value) if isinstance(value, str) else value)


def of_whom(folder: Path) -> Path:
    """A folder with the `~` in it found; ValueError where nobody has that name."""
    try:
        return folder.expanduser()
    except RuntimeError:
        raise ValueError from None
