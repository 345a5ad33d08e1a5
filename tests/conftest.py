"""What every test shares."""

from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

import telemetry

# No logger may keep how it was set up for the tests after.
telemetry.CACHES_LOGGERS = False

# How long an example takes says how busy the machine is; what hangs meets the test's own timeout.
settings.register_profile("emdia", deadline=None)
settings.load_profile("emdia")

pytest_plugins = ["tests.postgres"]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The product runs on asyncio; so do its tests."""
    return "asyncio"


@pytest.fixture(autouse=True)
def log_as_set_up() -> Iterator[None]:
    """A command that runs inside a test sets the log up for itself, and for no other test."""
    before = structlog.get_config()
    yield
    if structlog.get_config() != before:
        structlog.configure(**before)
