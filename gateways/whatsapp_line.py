"""One tenant's WhatsApp line: the orders of the frame protocol, typed, under one epoch.

What may have left is never reported as not sent: only `NotSent` means that surely nothing did.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from errors import SidecarError, SidecarGone, SidecarRefused, SidecarTimeout
from gateways.fields import Fields
from gateways.sidecar_events import SendOutcome, Unknown, read_outcome

OPEN_SECONDS = 10.0
CLOSE_SECONDS = 10.0
CHECK_SECONDS = 30.0
# The worker itself gives up waiting for WhatsApp's ack after 20 s and says so.
SEND_SECONDS = 30.0
# The worker's words for "surely nothing was written".
NOTHING_WRITTEN = frozenset({"not_open", "no_session", "busy", "bad_request"})


class NotSent(SidecarError):
    """Nothing left for WhatsApp; the message may be tried again as if it never had been."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who WhatsApp says has a number; `jid` is None when nobody does."""

    jid: str | None
    lid: str | None


class Caller(Protocol):
    """What a line needs of the link to its worker."""

    async def call(
        self, op: str, *, tenant: int, epoch: int, args: dict[str, Any], deadline: float
    ) -> dict[str, Any]:
        """Give an order and wait for its answer."""
        ...


class WhatsAppLine:
    """The line of `tenant_id` through one worker."""

    def __init__(self, link: Caller, tenant_id: int, epoch: int) -> None:
        self._link = link
        self._tenant_id = tenant_id
        self._epoch = epoch

    async def open(self, creds: str | None) -> None:
        """Start the socket with the stored credentials, or pair anew with None."""
        await self._order("open", {"creds": creds}, OPEN_SECONDS)

    async def close(self, *, logout: bool = False) -> None:
        """End the socket; with `logout` the device is unlinked too."""
        await self._order("close", {"logout": logout}, CLOSE_SECONDS)

    async def check_number(self, candidates: Sequence[str]) -> Contact:
        """Ask WhatsApp who has a number, one form (E.164) after the other."""
        digits = [candidate.removeprefix("+") for candidate in candidates]
        answer = Fields(
            await self._order("check_number", {"candidates": digits}, CHECK_SECONDS), "check_number"
        )
        return Contact(answer.maybe_text("jid"), answer.maybe_text("lid"))

    async def send(self, message_id: str, jid: str, text: str, typing_s: float) -> SendOutcome:
        """Send `text` under `message_id` and wait for WhatsApp's own answer.

        Raises:
            NotSent: surely nothing was written.
        """
        args = {
            "message_id": message_id,
            "jid": jid,
            "text": text,
            "typing_ms": round(typing_s * 1000),
        }
        try:
            answer = await self._order("send", args, SEND_SECONDS + typing_s)
        except SidecarRefused as error:
            if error.code in NOTHING_WRITTEN:
                raise NotSent(error.code) from error
            return Unknown("closed")
        except SidecarTimeout:
            return Unknown("timeout")
        except SidecarGone as error:
            if not error.asked:
                raise NotSent("the worker is gone") from error
            return Unknown("closed")
        return read_outcome(Fields(answer, "send"))

    async def _order(self, op: str, args: dict[str, Any], deadline: float) -> dict[str, Any]:
        return await self._link.call(
            op, tenant=self._tenant_id, epoch=self._epoch, args=args, deadline=deadline
        )
