"""What the tests of a business's clients share."""

from collections.abc import AsyncIterator

import pytest

from tests.clients.shop import Shop, open_shop


@pytest.fixture
async def shop(dsn: str) -> AsyncIterator[Shop]:
    """Two businesses; it is nine o'clock."""
    async with open_shop(dsn) as made:
        yield made
