"""What every test shares."""

import pytest

pytest_plugins = ["tests.postgres"]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The product runs on asyncio; so do its tests."""
    return "asyncio"
