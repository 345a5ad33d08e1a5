"""Events in order per tenant, tenants beside each other, with back-pressure.

A tenant whose events pile up is asked to pause (its WhatsApp socket stops being read) until it has
caught up. The reader of the link itself never waits here, so replies always get through. What a
worker tells in spite of the pause is bounded too: receipts first, which only say how far a message
came, and are set aside; how a line stands is kept longer.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import structlog

from gateways.sidecar_events import Event, ReceiptArrived
from telemetry import SIDECAR_SET_ASIDE

PAUSE_AT = 256
RESUME_AT = 64
MOST_WITH_RECEIPTS = 4_096
MOST = 8_192

OnEvent = Callable[[Event], Awaitable[None]]
Throttle = Callable[[str, Event], None]


class Lanes:
    """One lane per tenant that has events waiting; a tenant without any costs nothing."""

    def __init__(
        self, on_event: OnEvent, throttle: Throttle, log: structlog.typing.FilteringBoundLogger
    ) -> None:
        self._on_event = on_event
        self._throttle = throttle
        self._log = log
        self._waiting: dict[int, deque[Event]] = {}
        self._paused: set[int] = set()
        self._flooded: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, event: Event) -> None:
        """Queue an event behind those of its tenant."""
        lane = self._waiting.get(event.tenant_id)
        if lane is None:
            self._waiting[event.tenant_id] = deque([event])
            self._start(event.tenant_id)
            return
        if len(lane) >= (MOST_WITH_RECEIPTS if isinstance(event, ReceiptArrived) else MOST):
            self._set_aside(event)
            return
        lane.append(event)
        if len(lane) >= PAUSE_AT and event.tenant_id not in self._paused:
            self._paused.add(event.tenant_id)
            self._throttle("pause", event)

    async def drain(self) -> None:
        """Wait until every event is handled."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def cancel(self) -> None:
        """Give up the events still waiting and the handlers at work."""
        for task in self._tasks:
            task.cancel()

    def _set_aside(self, event: Event) -> None:
        SIDECAR_SET_ASIDE.labels(kind="flood").inc()
        if event.tenant_id not in self._flooded:
            self._flooded.add(event.tenant_id)
            self._log.error("events of a tenant are set aside", tenant_id=event.tenant_id)

    def _start(self, tenant_id: int) -> None:
        task = asyncio.create_task(self._run(tenant_id), name=f"sidecar events {tenant_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, tenant_id: int) -> None:
        lane = self._waiting[tenant_id]
        try:
            while lane:
                await self._handle(lane[0])
                handled = lane.popleft()
                self._maybe_resume(handled, len(lane))
        finally:
            del self._waiting[tenant_id]
            self._flooded.discard(tenant_id)

    async def _handle(self, event: Event) -> None:
        try:
            await self._on_event(event)
        except Exception:  # noqa: BLE001 - one bad event must not hold back the tenant's next ones
            self._log.exception("an event was not handled", event_kind=type(event).__name__)

    def _maybe_resume(self, event: Event, left: int) -> None:
        if left <= RESUME_AT and event.tenant_id in self._paused:
            self._paused.remove(event.tenant_id)
            self._throttle("resume", event)
