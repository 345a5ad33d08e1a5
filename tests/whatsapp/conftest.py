"""A business without clients, and one with its line open."""

from collections.abc import AsyncIterator

import pytest

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
