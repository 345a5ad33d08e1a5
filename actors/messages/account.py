"""The owner's own account, between its actors: sign-up, and a chat that was shut."""

from dataclasses import dataclass

from actors.runtime import Request


@dataclass(frozen=True, slots=True)
class SignedUp:
    """Whether the account is new, and whether its WhatsApp is connected already."""

    created: bool
    whatsapp_connected: bool


@dataclass(frozen=True, slots=True)
class SignUp(Request[SignedUp]):
    """Make the tenant, on trial, with the settings of the first minute (A1, A2)."""

    name: str


@dataclass(frozen=True, slots=True)
class ChatBlocked:
    """The owner has shut the bot out, and hears nothing more."""
