"""What the web door says to the bot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actors.runtime import Request


@dataclass(frozen=True, slots=True)
class TakeUpdate(Request[None]):
    """Keep an update that Telegram brought; answered once it is kept (I4).

    Its number is checked; nothing else of it is.
    """

    update_id: int
    payload: Mapping[str, Any] = field(repr=False)
