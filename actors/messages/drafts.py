"""What a tenant is asked about the forms its owner is filling in: they wait in PostgreSQL (C1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from actors.runtime import Request

MOST_RESULT = 80
"""Characters of what a form led to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A form that is being filled in: one of each kind.

    `number` is that of the update which began it, so a button can say which it belongs to.
    `values` are what was answered, as text by field; an empty one was skipped. `offered` are the
    values behind the buttons of each step. `update_id` is the last that changed it, `result` what
    it led to once it is done. `today` is the owner's local date.
    """

    form: str
    number: int
    step: str
    values: Mapping[str, str] = field(default_factory=dict)
    offered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    origin: str = ""
    update_id: int = 0
    result: str | None = None
    today: date


@dataclass(frozen=True, slots=True)
class GetDraft(Request[Draft | None]):
    """The form of this kind that waits for its owner, or was done last; None without one."""

    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartDraft(Request[Draft]):
    """Begin a form, in the place of an older one. The same number again begins nothing anew."""

    form: str
    number: int
    step: str
    values: Mapping[str, str]
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PutDraft(Request[bool]):
    """Keep where a form stands; False when it is no longer the one of that number."""

    form: str
    number: int
    step: str
    values: Mapping[str, str]
    offered: Mapping[str, tuple[str, ...]]
    update_id: int


@dataclass(frozen=True, slots=True)
class EndDraft(Request[None]):
    """The form is done, and led to `result`."""

    form: str
    number: int
    result: str


@dataclass(frozen=True, slots=True)
class DroppedDraft:
    """A form that was thrown away, which can be undone until then (local time)."""

    number: int
    origin: str
    until: datetime


@dataclass(frozen=True, slots=True)
class DropDraft(Request[DroppedDraft | None]):
    """Throw a form away; None when there was none. Without a number, whichever there is."""

    form: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class RestoreDraft(Request[Draft | None]):
    """Take a form back that was thrown away; None when it is too late."""

    form: str
    number: int
