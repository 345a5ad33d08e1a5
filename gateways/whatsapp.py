"""The orders a WhatsApp session understands, typed: no library of the worker shows through."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from errors import SidecarGone, SidecarProtocolError, SidecarTimeout, SidecarUnreadable
from gateways.fields import Fields
from gateways.sidecar_events import (
    NumberAnswer,
    NumberUnanswered,
    SendOutcome,
    Unknown,
    read_number,
    read_outcome,
)

OPEN_SECONDS = 15.0
CLOSE_SECONDS = 15.0
PAIR_SECONDS = 30.0
CHECK_SECONDS = 30.0
SEND_SECONDS = 45.0
STATS_SECONDS = 5.0
NO_TENANT = 0
"""Orders to the worker itself name no tenant."""
NO_EPOCH = 1


class Orders(Protocol):
    """The way to a worker, as `SidecarLink.call`."""

    async def call(
        self, op: str, *, tenant: int, epoch: int, args: Mapping[str, Any], deadline: float
    ) -> dict[str, Any]:
        """Give an order and wait for its answer."""
        ...


@dataclass(frozen=True, slots=True)
class WorkerStats:
    """What a worker holds; `sockets` counts every socket it ever made."""

    rss_bytes: int
    heap_bytes: int
    sessions: int
    sockets: int


@dataclass(frozen=True, slots=True)
class WhatsAppLine:
    """One tenant's session in a worker, under one ownership epoch."""

    link: Orders
    tenant_id: int
    epoch: int

    async def open(self, creds: str | None, *, deadline: float = OPEN_SECONDS) -> None:
        """Start the socket, ending an older one; None pairs anew (no key may be stored then)."""
        await self._order("open", {"creds": creds}, deadline)

    async def close(self, *, logout: bool = False, deadline: float = CLOSE_SECONDS) -> None:
        """End the socket, its credentials durable; `logout` unlinks the device."""
        await self._order("close", {"logout": logout}, deadline)

    async def pair_by_code(self, phone: str, *, deadline: float = PAIR_SECONDS) -> str:
        """The code to type on `phone` (digits, country first)."""
        reply = await self._order("pair_by_code", {"phone": phone}, deadline)
        return reply.text("code")

    async def check_number(
        self, candidates: tuple[str, ...], *, deadline: float = CHECK_SECONDS
    ) -> NumberAnswer:
        """Who has one of one or two written forms of a phone (F5), asked one by one.

        Absent only if WhatsApp said so of each; no answer, of whatever kind, is not a no. Raises
        SidecarRefused and SidecarGone, when nothing could be asked.
        """
        args: dict[str, object] = {"candidates": list(candidates)}
        try:
            return read_number(await self._order("check_number", args, deadline))
        except SidecarTimeout:
            return NumberUnanswered("timeout")
        except SidecarProtocolError:
            return NumberUnanswered("error")

    async def send(  # noqa: PLR0913 - the parts of one message, all named at the call
        self,
        message_id: str,
        jid: str,
        text: str,
        *,
        lid: str | None = None,
        typing_seconds: float = 0.0,
        deadline: float = SEND_SECONDS,
    ) -> SendOutcome:
        """Send to what WhatsApp resolved, its LID where known, and wait for the answer (F6).

        Every error raised means that surely nothing was written; whatever may have been is
        `Unknown`, to be tried again with the same id.
        """
        address = {"message_id": message_id, "jid": jid, "lid": lid}
        words = {"text": text, "typing_ms": round(typing_seconds * 1000)}
        try:
            reply = await self._order("send", {**address, **words}, deadline)
        except (SidecarTimeout, SidecarGone) as error:
            if not error.asked:
                raise
            return Unknown("timeout" if isinstance(error, SidecarTimeout) else "closed")
        except SidecarUnreadable:
            return Unknown("write_failed")
        try:
            return read_outcome(reply)
        except SidecarProtocolError:
            return Unknown("write_failed")

    async def _order(self, op: str, args: dict[str, object], deadline: float) -> Fields:
        reply = await self.link.call(
            op, tenant=self.tenant_id, epoch=self.epoch, args=args, deadline=deadline
        )
        return Fields(reply, op)


async def worker_stats(link: Orders, *, deadline: float = STATS_SECONDS) -> WorkerStats:
    """What the worker holds now, to decide on recycling it."""
    reply = Fields(
        await link.call("stats", tenant=NO_TENANT, epoch=NO_EPOCH, args={}, deadline=deadline),
        "stats",
    )
    return WorkerStats(
        reply.count("rss_bytes"),
        reply.count("heap_bytes"),
        reply.count("sessions"),
        reply.count("reconnects"),
    )
