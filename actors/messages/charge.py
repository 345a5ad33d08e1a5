"""What is said when a newer process takes over, or when nobody knows who is in charge."""

from dataclasses import dataclass

from actors.runtime import Request


@dataclass(frozen=True, slots=True)
class LetGo(Request[None]):
    """A newer process is in charge: begin nothing more; answered when nothing is in hand."""


@dataclass(frozen=True, slots=True)
class DropLines:
    """The lease was not renewed in time: end every WhatsApp line, saved or not."""


@dataclass(frozen=True, slots=True)
class GoOn:
    """This process is in charge, again perhaps: take up what was fenced off."""
