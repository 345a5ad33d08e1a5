"""A business without clients, and one with its line open."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.whatsapp.outside import NINE
from tests.whatsapp.support import ACKED, PAIRED_AT, for_each
from tests.whatsapp.world import World, world


@pytest.fixture
async def shop(dsn: str) -> AsyncIterator[World]:
    """A business that never paired."""
    async with world(dsn) as made:
        await made.start()
        yield made


@pytest.fixture
async def paired(shop: World) -> World:
    """A business whose line is open."""
    await shop.connect()
    await shop.is_ordered("open", 1)
    await shop.pairs()
    await shop.closes(515)
    await shop.is_ordered("open", 2)
    await shop.opens()
    await shop.hears(1)
    return shop


@pytest.fixture
async def late(dsn: str) -> AsyncIterator[World]:
    """A business paired long ago, with five clients one day late and a line that is open."""
    async with world(dsn, late_clients=5) as made:
        await made.start()
        await made.connect()
        await made.is_ordered("open", 1)
        await made.script("check_number", for_each(5, {}))
        await made.script("send", ACKED)
        await made.pairs()
        await made.console.execute(PAIRED_AT, NINE - timedelta(days=9))
        await made.closes(515)
        await made.is_ordered("open", 2)
        yield made
