"""What an administrator tells all owners, between screens, administration and Telegram (A11)."""

from dataclasses import dataclass, field
from datetime import date

from actors.messages.admin import AccountLine
from actors.runtime import Request
from domain.broadcasts import Broadcast, BroadcastTo, Group, Reach


@dataclass(frozen=True, slots=True)
class CountAudience(Request[dict[BroadcastTo, int]]):
    """How many owners each audience has now."""

    by: int


@dataclass(frozen=True, slots=True)
class StartBroadcast(Request[Broadcast]):
    """Tell `audience` the text, as typed. Repeated with the same `press` it is the same one.

    Raises InvalidInput for a text that cannot be told, and where there is nobody to tell.
    """

    by: int
    press: int
    audience: BroadcastTo
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class GetBroadcast(Request[Broadcast]):
    """One broadcast as it stands. Raises NotFound."""

    by: int
    broadcast_id: int


@dataclass(frozen=True, slots=True)
class GetBroadcasts(Request[tuple[Broadcast, ...]]):
    """The newest broadcasts, newest first."""

    by: int
    most: int = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachedPage:
    """A page of the accounts of a group; `page` is the one that is shown, `today` São Paulo's."""

    broadcast_id: int
    group: Group
    today: date
    lines: tuple[AccountLine, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class GetReached(Request[ReachedPage]):
    """The accounts behind a count of a broadcast; none of one that there is not."""

    by: int
    broadcast_id: int
    group: Group
    page: int = 1


@dataclass(frozen=True, slots=True)
class PauseBroadcast(Request[Broadcast]):
    """Tell nobody more for now. What is so already stays so. Raises NotFound."""

    by: int
    broadcast_id: int


@dataclass(frozen=True, slots=True)
class ResumeBroadcast(Request[Broadcast]):
    """Go on telling. Raises NotFound."""

    by: int
    broadcast_id: int


@dataclass(frozen=True, slots=True)
class StopBroadcast(Request[Broadcast]):
    """End it for good, with whoever has heard it. Raises NotFound."""

    by: int
    broadcast_id: int


@dataclass(frozen=True, slots=True)
class TellDoubted(Request[Broadcast]):
    """Tell those in doubt once more, at the risk that they heard it. Raises NotFound."""

    by: int
    broadcast_id: int


# To `telegram`.


@dataclass(frozen=True, slots=True)
class Announce(Request[Reach]):
    """Tell one owner, in one attempt: it is never repeated, for it must not be heard twice.

    Answered `WAITING` where Telegram has certainly not heard of it, `UNSURE` where it may have.
    """

    chat_id: int
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShowBroadcast(Request[None]):
    """Show whoever made it how it goes, over what was shown before; `final`: with a sound."""

    broadcast: Broadcast
    final: bool = False
