"""Workers, real and made up, that end with the test that started them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from gateways import node
from gateways.sidecar import OnCall, Pulse, SidecarLink
from tests.sidecar.support import Heard, Store

MADE_UP = Path(__file__).parent / "workers"
CLOSE_SECONDS = 5.0
MADE_UP_CLOSE_SECONDS = 0.05
"""The made-up ones have nothing to save, and some are deaf to the end."""

StartLink = Callable[..., Awaitable[SidecarLink]]


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
async def start_link(store: Store, heard: Heard) -> AsyncIterator[StartLink]:
    """Starts links; `worker` names a made-up one, none is the real one."""
    async with AsyncExitStack() as ending:

        async def start(
            worker: str | None = None,
            *,
            environment: Mapping[str, str] | None = None,
            on_call: OnCall | None = None,
            pulse: Pulse | None = None,
        ) -> SidecarLink:
            link = await SidecarLink.start(
                environment=environment or {},
                on_call=on_call or store.on_call,
                on_event=heard.on_event,
                program=node.WORKER if worker is None else MADE_UP / worker,
                pulse=pulse,
            )
            seconds = CLOSE_SECONDS if worker is None else MADE_UP_CLOSE_SECONDS
            ending.push_async_callback(link.close, seconds)
            return link

        yield start
