"""What becomes of an update: the answer that is on its way, and what the chat asks from then on."""

import asyncio
from dataclasses import dataclass

from bot.ui.view import Spot


@dataclass(frozen=True, slots=True)
class Answered:
    """An update that was handled.

    `asks` is the question that typed text answers from now on. `taken` ends when Telegram has the
    answer, or when a later one has taken its place; None: nothing is to be shown.
    """

    asks: str | None = None
    taken: "asyncio.Future[None] | None" = None


@dataclass(frozen=True, slots=True)
class Handled:
    """The same for whoever keeps updates: `fault` is what was wrong with it, if anything was."""

    fault: str | None = None
    taken: "asyncio.Future[None] | None" = None


@dataclass(slots=True, eq=False)
class Sheet:
    """The message that several views are drawn on in turn; `spot` is None until the first is."""

    spot: Spot | None = None
