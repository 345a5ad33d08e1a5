"""An administration over a real bot, and many owners at the other end."""

from collections.abc import AsyncIterator

import pytest

from playground.telegram import TelegramStandIn


@pytest.fixture
async def stand_in() -> AsyncIterator[TelegramStandIn]:
    async with TelegramStandIn() as telegram:
        yield telegram
