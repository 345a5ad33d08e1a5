"""What every test shares."""

import pytest
from hypothesis import settings

# How long an example takes says how busy the machine is; what hangs meets the test's own timeout.
settings.register_profile("emdia", deadline=None)
settings.load_profile("emdia")

pytest_plugins = ["tests.postgres"]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The product runs on asyncio; so do its tests."""
    return "asyncio"
