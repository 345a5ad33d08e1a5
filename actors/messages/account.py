"""The owner's account, between its actors: sign-up, access, its data, a chat that was shut."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from actors.messages.undo import UndoOffer
from actors.runtime import Request
from domain.reminders import Kind
from domain.subscription import Area, Standing, is_open


@dataclass(frozen=True, slots=True)
class SignedUp:
    """Whether the account is new, and whether its WhatsApp is connected already."""

    created: bool
    whatsapp_connected: bool


@dataclass(frozen=True, slots=True)
class SignUp(Request[SignedUp]):
    """Make the tenant, on trial, with the settings of the first minute (A1, A2).

    A second sign-up changes nothing. `phone` is E.164.
    """

    name: str
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Access:
    """What a chat may use now (A6, A8); `standing` is None for who has not signed up."""

    standing: Standing | None

    @property
    def signed_up(self) -> bool:
        """Whether there is an account."""
        return self.standing is not None

    def may_use(self, area: Area) -> bool:
        """Whether `area` answers."""
        return self.standing is not None and is_open(area, self.standing)


@dataclass(frozen=True, slots=True)
class GetAccess(Request[Access]):
    """What this chat may use, asked before every screen."""


class AccountField(StrEnum):
    """What an owner may change of its own account (A9)."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """The owner's own account (A9): `ends_on` is the local date of the end of trial or plan."""

    name: str
    email: str | None
    phone: str | None
    standing: Standing
    ends_on: date
    days_left: int
    since: date
    blocked_why: str | None = None


@dataclass(frozen=True, slots=True)
class GetAccount(Request[AccountView]):
    """The owner's own account."""


@dataclass(frozen=True, slots=True)
class EditAccount(Request[AccountView]):
    """Change one field, as it was typed. Raises InvalidInput."""

    field: AccountField
    text: str


@dataclass(frozen=True, slots=True)
class PixView:
    """The owner's PIX (D5); None where nothing was set. `code` is one with R$ 0,01 in it.

    `alone`: the code goes as a message of its own, after the text.
    """

    key: str | None
    kind: str | None
    beneficiary: str | None
    city: str | None
    code: str | None = field(default=None, repr=False)
    alone: bool = True


@dataclass(frozen=True, slots=True)
class GetPix(Request[PixView]):
    """The owner's PIX."""


@dataclass(frozen=True, slots=True)
class SetPix(Request[PixView]):
    """Set the key and who receives, as typed: all of it or nothing. Raises InvalidInput."""

    key: str
    beneficiary: str
    city: str


@dataclass(frozen=True, slots=True)
class SetPixAlone(Request[PixView]):
    """Let the PIX code go as a message of its own, after the text, or inside it (D5)."""

    alone: bool


@dataclass(frozen=True, slots=True)
class Reminder:
    """One automatic kind: whether it goes by itself, and its text with an invented client (E4).

    `second` is what goes after `preview` as a message of its own (D5).
    """

    kind: Kind
    on: bool
    preview: str | None
    second: str | None = None


@dataclass(frozen=True, slots=True)
class GetReminders(Request[tuple[Reminder, ...]]):
    """Which kinds go by themselves (decision 3)."""


@dataclass(frozen=True, slots=True)
class RemindersChanged:
    """The kinds as they are now, and how many messages of today came of the change."""

    reminders: tuple[Reminder, ...]
    planned: int
    undo: UndoOffer | None = None


@dataclass(frozen=True, slots=True)
class SetReminder(Request[RemindersChanged]):
    """Let a kind go by itself, or not; today's queue follows at once (E9)."""

    kind: Kind
    on: bool


@dataclass(frozen=True, slots=True)
class ChooseReminders(Request[None]):
    """The owner has looked at the kinds, and wants them as they are."""


@dataclass(frozen=True, slots=True)
class AddSamples(Request[int]):
    """Register a few invented clients, to look around: nothing is ever sent to them."""


@dataclass(frozen=True, slots=True)
class RemoveSamples(Request[int]):
    """Take the invented clients away again; answered with how many."""


@dataclass(frozen=True, slots=True)
class ChatBlocked:
    """The owner has shut the bot out, and hears nothing more."""
