"""Events in order per tenant, tenants beside each other, with back-pressure.

A tenant whose events pile up is asked to pause (its WhatsApp socket stops being read) until it has
caught up. The reader of the link itself never waits here, so replies always get through. What a
worker tells in spite of the pause is bounded too: receipts first, which only say how far a message
came, and are set aside; how a line stands is kept longer.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

from gateways.sidecar_events import Event, ReceiptArrived
from guards.keyed_queue import KeyedQueue
from telemetry import SIDECAR_SET_ASIDE

PAUSE_AT = 256
RESUME_AT = 64
MOST_WITH_RECEIPTS = 4_096
MOST = 8_192

OnEvent = Callable[[Event], Awaitable[None]]
Throttle = Callable[[str, Event], None]


class Lanes:
    """One lane per tenant that has events waiting."""

    def __init__(
        self, on_event: OnEvent, throttle: Throttle, log: structlog.typing.FilteringBoundLogger
    ) -> None:
        self._on_event = on_event
        self._throttle = throttle
        self._log = log
        self._events: KeyedQueue[Event] = KeyedQueue(self._handle, _spawn)
        self._paused: set[int] = set()
        self._flooded: set[int] = set()

    def put(self, event: Event) -> None:
        """Queue an event behind those of its tenant."""
        waiting = self._events.depth(event.tenant_id)
        if waiting >= (MOST_WITH_RECEIPTS if isinstance(event, ReceiptArrived) else MOST):
            self._set_aside(event)
            return
        self._events.put(event.tenant_id, event)
        if waiting + 1 >= PAUSE_AT and event.tenant_id not in self._paused:
            self._paused.add(event.tenant_id)
            self._throttle("pause", event)

    async def drain(self) -> None:
        """Wait until every event is handled."""
        await self._events.drained()

    def cancel(self) -> None:
        """Give up the events still waiting and the handlers at work."""
        self._events.cancel()

    def _set_aside(self, event: Event) -> None:
        SIDECAR_SET_ASIDE.labels(kind="flood").inc()
        if event.tenant_id not in self._flooded:
            self._flooded.add(event.tenant_id)
            self._log.error("events of a tenant are set aside", tenant_id=event.tenant_id)

    async def _handle(self, tenant_id: int, event: Event) -> None:
        try:
            await self._on_event(event)
        except Exception:  # noqa: BLE001 - one bad event must not hold back the tenant's next ones
            self._log.exception("an event was not handled", event_kind=type(event).__name__)
        left = self._events.depth(tenant_id) - 1
        if left <= RESUME_AT and tenant_id in self._paused:
            self._paused.remove(tenant_id)
            self._throttle("resume", event)
        if not left:
            self._flooded.discard(tenant_id)


def _spawn(work: Coroutine[Any, Any, None], name: str) -> "asyncio.Task[None]":
    return asyncio.create_task(work, name=f"sidecar events: {name}")
