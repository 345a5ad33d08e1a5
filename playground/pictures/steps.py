"""What a scene is made of: whose phone it is, what a thumb does there, and the hour."""

from dataclasses import dataclass, field
from datetime import time
from enum import Enum


class Who(Enum):
    """Whose phone it is."""

    STRANGER = "somebody who has never written to the bot"
    SAME = "whoever the scene before was about, in the same chat"
    OWNER = "the owner of the sample business"
    ADMIN = "who administers the platform, and has no business on it"


@dataclass(frozen=True, slots=True)
class Say:
    """Type something. `shows` is what the answer must hold before the next step."""

    text: str
    shows: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """Press the button whose label holds `label`, on the lowest message that has one."""

    label: str
    shows: str = ""


@dataclass(frozen=True, slots=True)
class SendFile:
    """Send a file."""

    name: str
    data: bytes = field(repr=False)
    shows: str = ""


@dataclass(frozen=True, slots=True)
class ShareContact:
    """Share somebody out of the address book; without a name, one's own number."""

    phone: str
    name: str = ""
    shows: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """Read the code that stands in the chat with the WhatsApp of this number."""

    number: str
    shows: str = ""


@dataclass(frozen=True, slots=True)
class Kick:
    """WhatsApp ends the line of this number, as it does for `code`."""

    number: str
    code: int
    shows: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """Type after the bot's name in the typing box: what is found lies above it."""

    text: str
    shows: str = ""


@dataclass(frozen=True, slots=True)
class LookBack:
    """Scroll up to the last message that holds `shows`: it alone is the picture."""

    shows: str


@dataclass(frozen=True, slots=True)
class Hear:
    """A client of the sample business writes on WhatsApp: a text, or a file of a kind."""

    name: str
    text: str = ""
    kind: str = "text"
    file_name: str = ""
    size: int = 0
    shows: str = ""


@dataclass(frozen=True, slots=True)
class Pay:
    """The bank pays what the code that stands in the chat is of."""

    shows: str = ""


Step = Pay | Hear | Say | Press | SendFile | ShareContact | Scan | Kick | Search | LookBack


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: `name` is its file, `title` and `tells` are what the album says of it.

    `days` after the day of the album, at the hour `at`.
    """

    name: str
    title: str
    tells: str
    steps: tuple[Step, ...]
    who: Who = Who.OWNER
    at: time = time(10, 42)
    days: int = 0
    dark: bool = False
