"""One Node worker process under supervision: it lives while the worker lives.

Questions about keys are answered straight from storage, fenced by the epoch. Events go to the
session they belong to. Sessions hold the link itself, so a slow send never blocks this mailbox.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from actors.messages.sidecar import Attach, Detach
from actors.runtime import Actor, Ref, on
from errors import ActorError
from gateways.node import WORKER
from gateways.sidecar import SidecarLink
from gateways.sidecar_calls import CredsSet, Incoming, KeysGet, KeysSet, MessageText, read_call
from gateways.sidecar_events import Event
from storage import outbox, whatsapp_state
from storage.database import Database
from storage.vault import Vault
from telemetry import logger

LOG = logger("sidecar")
CLOSE_SECONDS = 3.0


class SidecarActor(Actor):
    """Starts the worker, answers its questions, routes its events, and falls when it falls."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        environment: Mapping[str, str],
        program: Path = WORKER,
    ) -> None:
        self._database = database
        self._vault = vault
        self._environment = environment
        self._program = program
        self._link: SidecarLink | None = None
        self._sessions: dict[int, Ref] = {}
        self._closing = False

    async def started(self) -> None:
        """Start the worker; raises SidecarGone when it does not come up."""
        self._link = await SidecarLink.start(
            environment=self._environment,
            on_call=self._answer,
            on_event=self._route,
            program=self._program,
        )
        self.context.spawn(self._watch(self._link), name="watch")

    async def stopping(self) -> None:
        """Let the worker finish what it is sending, then end it."""
        self._closing = True
        if self._link is not None:
            await self._link.close(CLOSE_SECONDS)

    def may_rest(self) -> bool:
        """A worker holds open connections."""
        return False

    @on(Attach)
    async def attach(self, message: Attach) -> SidecarLink:
        """Route a tenant's events to its session from now on."""
        assert self._link is not None  # noqa: S101 - set by `started`
        self._sessions[message.tenant_id] = message.session
        return self._link

    @on(Detach)
    async def detach(self, message: Detach) -> None:
        """Forget a session, unless a newer one took its place."""
        if self._sessions.get(message.tenant_id) is message.session:
            del self._sessions[message.tenant_id]

    async def _watch(self, link: SidecarLink) -> None:
        reason = await link.wait_gone()
        if not self._closing:
            raise SidecarWorkerEnded(reason)

    async def _route(self, event: Event) -> None:
        session = self._sessions.get(event.tenant_id)
        if session is None:
            return
        try:
            await session.tell(event)
        except ActorError as error:
            LOG.warning("event lost", kind=type(event).__name__, error=repr(error))

    async def _answer(
        self, op: str, tenant_id: int, epoch: int, args: dict[str, Any]
    ) -> dict[str, Any]:
        """Answer the worker; what it stores is durable before the answer leaves."""
        call = read_call(op, args)
        async with self._database.tenant(tenant_id) as tx:
            match call:
                case KeysGet():
                    values = await whatsapp_state.get_keys(tx, self._vault, call.type, call.ids)
                    return {"values": values}
                case KeysSet():
                    await whatsapp_state.set_keys(tx, self._vault, epoch, call.entries)
                case CredsSet():
                    now = self.context.clock.now()
                    await whatsapp_state.set_creds(tx, self._vault, epoch, call.creds, now)
                case MessageText():
                    return {"text": await outbox.text_of(tx, call.message_id)}
                case Incoming():
                    await whatsapp_state.keep_incoming(tx, call)
        return {}


class SidecarWorkerEnded(Exception):
    """The worker process ended by itself: a crash of this actor, for the supervisor to mend."""
