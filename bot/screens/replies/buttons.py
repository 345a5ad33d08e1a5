"""What the buttons about replies say."""

from datetime import date

from aiogram.filters.callback_data import CallbackData

REPLIES = "replies"
"""What waits for the owner, from its beginning."""
QUIET = "quiet"
"""The hours of silence."""
REPLY_OWNER = "y"
"""The first letter of a way back to a card."""
_FORMAT = "%y%m%d"


class ShowReply(CallbackData, prefix="ya"):
    """A card; `client_id` is who was chosen of several on one phone, `page` that of the list."""

    talk_id: int
    client_id: int = 0
    page: int = 0


class ShowReplies(CallbackData, prefix="yb"):
    """A page of what waits."""

    page: int = 1


class AnswerPress(CallbackData, prefix="yc"):
    """Ask what to answer."""

    talk_id: int
    client_id: int


class PromisePress(CallbackData, prefix="yd"):
    """Ask for which day the payment was promised."""

    talk_id: int
    client_id: int


class RemindPress(CallbackData, prefix="ye"):
    """Remind the client on the promised day; `day` as yymmdd."""

    talk_id: int
    client_id: int
    day: str


class DonePress(CallbackData, prefix="yf"):
    """Nothing in a card waits any more."""

    talk_id: int
    page: int = 0


class TurnQuiet(CallbackData, prefix="yg"):
    """Turn the silence on, or off."""

    on: bool


class ChangeQuiet(CallbackData, prefix="yh"):
    """Ask from when until when."""


def reply_origin(talk_id: int) -> str:
    """The way back to a card."""
    return f"{REPLY_OWNER}{talk_id}"


def pack_day(day: date) -> str:
    """A day as a button carries it."""
    return f"{day:{_FORMAT}}"


def unpack_day(packed: str) -> date | None:
    """The day that a button carries; None for what is none."""
    if len(packed) != len("261125") or not packed.isdecimal():
        return None
    try:
        return date(2000 + int(packed[:2]), int(packed[2:4]), int(packed[4:]))
    except ValueError:
        return None
