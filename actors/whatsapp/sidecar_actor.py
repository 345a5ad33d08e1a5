"""One Node worker process under supervision: it lives while the worker lives.

A worker is heard only about the sessions attached to it, each under its epoch: whatever else it
asks is another owner's, and what else it tells is history. Questions about keys are answered
straight from storage, which fences them by the epoch too. Sessions hold the link itself, so a slow
send never blocks this mailbox.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from actors.messages.charge import DropLines
from actors.messages.replies import RepliesCame
from actors.messages.sidecar import Attach, Detach
from actors.runtime import Actor, Ref, on
from domain.replies import ReplyKind
from domain.whatsapp import STORAGE
from errors import ActorError, SidecarError, SidecarProtocolError, StaleEpoch, StorageUnavailable
from gateways import node
from gateways.sidecar import Pulse, SidecarLink
from gateways.sidecar_calls import (
    Call,
    CredsSet,
    Incoming,
    KeysGet,
    KeysSet,
    MessageText,
    read_call,
)
from gateways.sidecar_events import Event, SessionClosed
from gateways.whatsapp import WhatsAppLine
from guards.cache import Cache
from storage import receipts, whatsapp_state, whatsapp_tests
from storage.database import Database
from storage.vault import Vault
from telemetry import logger

LOG = logger("sidecar")
CLOSE_SECONDS = 3.0
# Tries to keep one incoming message before it is set aside; each is a login of its session.
MOST_TRIES = 3
TROUBLES_KEPT = 1_000
TROUBLE_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class _Attached:
    """The session of a tenant, and the epoch it was attached under."""

    epoch: int
    session: Ref


class SidecarActor(Actor):
    """Starts the worker, answers its questions, routes its events, and falls when it falls."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        environment: Mapping[str, str],
        program: Path = node.WORKER,
        *,
        pulse: Pulse | None = None,
    ) -> None:
        self._database = database
        self._vault = vault
        self._environment = environment
        self._program = program
        self._pulse = pulse
        self._link: SidecarLink | None = None
        self._attached: dict[int, _Attached] = {}
        self._closing = False

    async def started(self) -> None:
        """Start the worker; raises SidecarGone when it does not come up."""
        self._tries = Cache[tuple[int, str, str], int](
            "incoming_trouble",
            most=TROUBLES_KEPT,
            seconds=TROUBLE_SECONDS,
            timer=self.context.clock.monotonic,
        )
        self._link = await SidecarLink.start(
            environment=self._environment,
            on_call=self._answer,
            on_event=self._route,
            program=self._program,
            pulse=self._pulse,
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
        """Hear the worker about this tenant, under this epoch, from now on."""
        assert self._link is not None  # noqa: S101 - set by `started`
        earlier = self._attached.get(message.tenant_id)
        if earlier is not None and earlier.epoch > message.epoch:
            raise StaleEpoch(message.tenant_id, message.epoch)
        self._attached[message.tenant_id] = _Attached(message.epoch, message.session)
        return self._link

    @on(Detach)
    async def detach(self, message: Detach) -> None:
        """Forget a session, unless a newer one took its place."""
        attached = self._attached.get(message.tenant_id)
        if attached is not None and attached.session is message.session:
            del self._attached[message.tenant_id]

    @on(DropLines)
    async def drop_lines(self, _message: DropLines) -> None:
        """End every line, and have each session take it for trouble of our own: it tries again."""
        assert self._link is not None  # noqa: S101 - set by `started`
        for tenant_id, attached in self._attached.items():
            self.context.spawn(self._drop(self._link, tenant_id, attached), name="drop line")

    async def _drop(self, link: SidecarLink, tenant_id: int, attached: _Attached) -> None:
        try:
            await WhatsAppLine(link, tenant_id, attached.epoch).close()
        except SidecarError as error:  # no line, or one that is closed and could not be saved
            LOG.info("line dropped", tenant_id=tenant_id, error=repr(error))
        await self._route(
            SessionClosed(
                tenant_id, attached.epoch, code=STORAGE, reason="lease lost", logged_out=False
            )
        )

    async def _watch(self, link: SidecarLink) -> None:
        reason = await link.wait_gone()
        if not self._closing:
            raise SidecarWorkerEnded(reason)

    async def _route(self, event: Event) -> None:
        attached = self._attached.get(event.tenant_id)
        if attached is None or attached.epoch != event.epoch:
            return
        try:
            await attached.session.tell(event)
        except ActorError as error:
            LOG.warning("event lost", kind=type(event).__name__, error=repr(error))

    async def _answer(
        self, op: str, tenant_id: int, epoch: int, args: dict[str, Any]
    ) -> dict[str, Any]:
        """Answer the worker; what it stores is durable before the answer leaves."""
        attached = self._attached.get(tenant_id)
        if attached is None or attached.epoch != epoch:
            LOG.warning("a worker asked for what is not its own", op=op, tenant_id=tenant_id)
            raise StaleEpoch(tenant_id, epoch)
        call = read_call(op, args)
        if isinstance(call, Incoming):
            await self._keep(tenant_id, call)
            return {}
        return await self._carry_out(tenant_id, epoch, call)

    async def _carry_out(self, tenant_id: int, epoch: int, call: Call) -> dict[str, Any]:
        async with self._database.tenant(tenant_id) as tx:
            match call:
                case KeysGet():
                    values = await whatsapp_state.get_keys(
                        tx, self._vault, epoch, call.type, call.ids
                    )
                    return {"values": values}
                case KeysSet():
                    await whatsapp_state.set_keys(tx, self._vault, epoch, call.entries)
                case CredsSet():
                    now = self.context.clock.now()
                    await whatsapp_state.set_creds(tx, self._vault, epoch, call.creds, now)
                case MessageText():
                    text = await receipts.text_of(tx, call.message_id)
                    return {"text": text or await whatsapp_tests.text_of(tx, call.message_id)}
                case Incoming():
                    await whatsapp_state.keep_incoming(tx, call)
        return {}

    async def _keep(self, tenant_id: int, message: Incoming) -> None:
        """Keep what somebody wrote (F8), or, when it cannot be kept, that somebody wrote (F11).

        Raises SidecarProtocolError to have the worker set it aside, and whatever else went wrong
        to have it come again.
        """
        try:
            await self._store(tenant_id, message)
        except (StorageUnavailable, StaleEpoch):
            raise
        except Exception as error:
            kind = type(error).__name__
            LOG.error("incoming not kept", tenant_id=tenant_id, error=kind)  # noqa: TRY400 - the traceback quotes it
            hopeless = isinstance(error, whatsapp_state.UNSTORABLE)
            if not hopeless and not self._tried_enough(tenant_id, message):
                raise
            await self._keep_trace(tenant_id, message)

    async def _keep_trace(self, tenant_id: int, message: Incoming) -> None:
        trace = replace(
            message,
            kind=ReplyKind.OTHER,
            text=None,
            from_phone=None,
            push_name=None,
            name=None,
            about=None,
        )
        try:
            await self._store(tenant_id, trace)
        except (StorageUnavailable, StaleEpoch):
            raise
        except Exception as error:
            raise SidecarProtocolError("an incoming message cannot be kept at all") from error

    async def _store(self, tenant_id: int, message: Incoming) -> None:
        async with self._database.tenant(tenant_id) as tx:
            await whatsapp_state.keep_incoming(tx, message)
        attached = self._attached.get(tenant_id)
        if attached is not None:
            await self._wake(attached.session)

    async def _wake(self, session: Ref) -> None:
        """Let the tenant look; what is kept is found in any case, at the latest when it starts."""
        try:
            session.try_tell(RepliesCame())
        except ActorError as error:
            LOG.info("reply waits", error=repr(error))

    def _tried_enough(self, tenant_id: int, message: Incoming) -> bool:
        which = (tenant_id, message.from_jid, message.message_id)
        tries = (self._tries.get(which) or 0) + 1
        self._tries.put(which, tries)
        return tries >= MOST_TRIES


class SidecarWorkerEnded(Exception):
    """The worker process ended by itself: a crash of this actor, for the supervisor to mend."""
