"""What the sidecar's tests share: a store in memory that answers a worker, events to wait for."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from errors import StaleEpoch
from gateways.sidecar_calls import CredsSet, Incoming, KeysGet, KeysSet, MessageText, read_call
from gateways.sidecar_events import Event

PATIENCE_SECONDS = 30.0

E = TypeVar("E", bound=Event)


@dataclass(slots=True)
class Stored:
    """What one tenant's session left with us."""

    creds: str | None = None
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    incoming: dict[str, Incoming] = field(default_factory=dict)
    key_writes: int = 0


class Store:
    """Answers the worker's questions as PostgreSQL would, and fences on request."""

    def __init__(self) -> None:
        self.tenants: dict[int, Stored] = defaultdict(Stored)
        self.fenced: set[tuple[int, int]] = set()
        self._answered = asyncio.Condition()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until a question of the worker has made `condition` true."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._answered:
            await self._answered.wait_for(condition)

    async def on_call(
        self, op: str, tenant: int, epoch: int, args: dict[str, Any]
    ) -> dict[str, Any]:
        """One question, one answer."""
        if (tenant, epoch) in self.fenced:
            raise StaleEpoch(tenant, epoch)
        async with self._answered:
            answer = self._answer(self.tenants[tenant], op, args)
            self._answered.notify_all()
        return answer

    def _answer(self, stored: Stored, op: str, args: dict[str, Any]) -> dict[str, Any]:
        match read_call(op, args):
            case KeysGet(kind, ids):
                found = {i: stored.keys[kind, i] for i in ids if (kind, i) in stored.keys}
                return {"values": found}
            case KeysSet(entries):
                _keep(stored, entries)
            case CredsSet(creds):
                stored.creds = creds
            case MessageText(message_id):
                return {"text": stored.texts.get(message_id)}
            case Incoming() as incoming:
                stored.incoming[incoming.message_id] = incoming
        return {}


def _keep(stored: Stored, entries: Mapping[str, Mapping[str, str | None]]) -> None:
    stored.key_writes += 1
    for kind, values in entries.items():
        for name, value in values.items():
            if value is None:
                stored.keys.pop((kind, name), None)
            else:
                stored.keys[kind, name] = value


class Heard:
    """Every event told so far, and a way to wait for one."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._more = asyncio.Condition()

    async def on_event(self, event: Event) -> None:
        """Keep it."""
        async with self._more:
            self.events.append(event)
            self._more.notify_all()

    async def wait_for(self, kind: type[E], *, tenant_id: int | None = None, nth: int = 1) -> E:
        """The `nth` event of a kind, of one tenant or of any, as soon as it is told."""

        def found() -> list[E]:
            mine = (e for e in self.events if tenant_id in {None, e.tenant_id})
            return [e for e in mine if isinstance(e, kind)]

        async with asyncio.timeout(PATIENCE_SECONDS), self._more:
            await self._more.wait_for(lambda: len(found()) >= nth)
        return found()[nth - 1]
