"""A client as the rules see one, and what each field of its registration accepts (C1).

Two switches and a jsonb say what a client receives (C10); a value that cannot be read is None
here, and None never means yes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.due_dates import agreed_after
from domain.names import first_name
from domain.text import lines, one_line
from errors import InvalidInput

MAX_NAME_CHARS = 100
MAX_PLAN_CHARS = 60
MAX_SERVER_CHARS = 60
MAX_NOTES_CHARS = 500


class ClientField(StrEnum):
    """What can be edited of a client, one at a time (C5)."""

    NAME = "name"
    PHONE = "phone"
    PLAN = "plan"
    PRICE = "price"
    SERVER = "server"
    DUE_ON = "due_on"
    NOTES = "notes"


class Switch(StrEnum):
    """The two switches of a client (C10)."""

    BILLING = "billing"
    NOTICES = "notices"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClient:
    """What registration and import gather: every field already valid.

    `agreed_day` is the day of the month where a short one hides it behind `due_on` (C13). `tags`
    are names, `tag_emojis` what colours those that are new, `own_fields` values by the names of the
    fields (C12). What the client refused (C10) is known only of one that was registered before.
    """

    name: str
    phone: str
    price: Decimal
    due_on: date
    agreed_day: int | None = None
    plan: str | None = None
    server: str | None = None
    notes: str | None = None
    tags: tuple[str, ...] = ()
    tag_emojis: Mapping[str, str] = field(default_factory=dict)
    own_fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    receives_billing: bool = True
    receives_notices: bool = True
    opted_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One registered client; `phone` is E.164 as typed, `due_on` a local date of the tenant.

    `agreed_day` is the day of the month behind `due_on` (C13): given another due date that is not
    that day, the client has agreed on the new one. `own_values` are those of the tenant's own
    fields, by their ids as text (C12).
    """

    id: int
    name: str
    phone: str
    due_on: date
    agreed_day: int | None = None
    plan: str | None = None
    price: Decimal | None = None
    server: str | None = None
    notes: str | None = None
    receives_billing: bool | None = True
    receives_notices: bool | None = True
    preferences: Mapping[str, object] | None = field(default_factory=dict)
    archived: bool = False
    opted_out: bool = False
    renewed_on: date | None = None
    own_values: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Keep the agreed day and the due date in step."""
        object.__setattr__(self, "agreed_day", agreed_after(self.agreed_day, self.due_on))

    @property
    def first_name(self) -> str:
        """How a message calls the client; never empty, a number, or a title alone."""
        return first_name(self.name)


def parse_name(text: str) -> str:
    """A client's or tenant's name; raises InvalidInput."""
    name = one_line(text, field="o nome", limit=MAX_NAME_CHARS)
    if not any(letter.isalpha() for letter in name):
        raise InvalidInput("O nome precisa ter letras.")
    return name


def parse_plan(text: str) -> str:
    """A plan in free text (C1); raises InvalidInput."""
    return one_line(text, field="o plano", limit=MAX_PLAN_CHARS)


def parse_server(text: str) -> str:
    """A server's name; raises InvalidInput."""
    return one_line(text, field="o servidor", limit=MAX_SERVER_CHARS)


def parse_notes(text: str) -> str | None:
    """Notes, or None when there is nothing in them; raises InvalidInput when too long."""
    notes = lines(text)
    if len(notes) > MAX_NOTES_CHARS:
        raise InvalidInput(f"As observações vão até {MAX_NOTES_CHARS} letras.")
    return notes or None
