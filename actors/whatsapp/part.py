"""What every part of a WhatsApp session has: how it stands, and a memory that outlasts an outage.

What must be kept is written as soon as PostgreSQL is there, in order; what it refuses for ever is
set aside alone (F11). What the owner must hear is kept in the same transaction as its cause.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actors.messages import kept
from actors.messages.notices import KeptNotice, TellOwner
from actors.messages.scoreboard import DayMoved
from actors.runtime import Actor, Timer, on
from actors.whatsapp.connection import SessionPorts
from domain.whatsapp import SessionPhase, SessionState
from domain.whatsapp_log import Happened, LogEntry
from errors import ActorError, StaleEpoch, StorageUnavailable, Unstorable
from storage import tenants, whatsapp_log, whatsapp_state
from storage.database import TenantConnection
from storage.values import storable
from telemetry import logger

LOG = logger("whatsapp")
STORAGE_AWAY_SECONDS = 2.0
MOST_MEMOS = 10_000

Write = Callable[[TenantConnection], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Memo:
    """Something to keep: `write` may run more than once.

    `notice` is what the owner hears of it, by its key, once it is written; `event` is what the log
    says of it, in the same transaction (F2); `then` hears what `write` returned.
    """

    what: str
    write: Write
    notice: Callable[[], tuple[str, KeptNotice]] | None = None
    then: Callable[[Any], None] | None = None
    event: LogEntry | None = None


@dataclass(frozen=True, slots=True)
class _WriteAgain:
    """Time to try what could not be written."""


class SessionPart(Actor):
    """The base of the session of `tenant_id`."""

    def __init__(self, tenant_id: int, ports: SessionPorts) -> None:
        self._tenant_id = tenant_id
        self._ports = ports
        self._phase = SessionPhase.CLOSED
        self._state = SessionState.DISCONNECTED
        self._phone: str | None = None
        self._epoch = 0
        self._memos: deque[Memo] = deque()
        self._writing_again: Timer | None = None

    @on(_WriteAgain)
    async def write_again(self, _message: _WriteAgain) -> None:
        """Try once more."""
        self._writing_again = None
        await self._write_memos()

    async def _remember(self, memo: Memo) -> None:
        """Keep something now or, while PostgreSQL is away, as soon as it is back."""
        if len(self._memos) >= MOST_MEMOS:
            LOG.error("not kept: too much waits", what=memo.what, tenant_id=self._tenant_id)
            return
        self._memos.append(memo)
        if self._writing_again is None:
            await self._write_memos()

    def _event(
        self, kind: Happened, detail: object = "", *, until: datetime | None = None
    ) -> LogEntry:
        """What the log says of something that happens now."""
        return LogEntry(self._now(), kind, str(detail), until)

    async def _log(self, kind: Happened, detail: object = "") -> None:
        """Keep in the log what changes nothing else that is kept."""
        await self._remember(Memo("log", nothing, event=self._event(kind, detail)))

    async def _write_memos(self) -> None:
        while self._memos:
            memo = self._memos[0]
            try:
                await self._write(memo)
            except StorageUnavailable as error:
                LOG.warning("storage away", tenant_id=self._tenant_id, error=repr(error))
                self._writing_again = self.context.after(STORAGE_AWAY_SECONDS, _WriteAgain())
                return
            except Unstorable as error:
                LOG.exception(
                    "set aside", what=memo.what, kind=str(error), tenant_id=self._tenant_id
                )
            except StaleEpoch:
                await self._fence()
            self._memos.popleft()

    async def _write(self, memo: Memo) -> None:
        told: tuple[str, KeptNotice] | None = None
        with storable():
            async with self._transaction() as tx:
                found = await memo.write(tx)
                if memo.event is not None:
                    await whatsapp_log.note(tx, memo.event)
                if memo.notice is not None:
                    told = memo.notice()
                    await self._put_notice(tx, *told)
        if memo.then is not None:
            memo.then(found)
            self._tell_moved()
        if told is not None:
            await self._tell_owner(*told)

    async def _put_notice(self, tx: TenantConnection, key: str, notice: KeptNotice) -> None:
        kind, payload = kept.kind_of(notice), kept.pack(notice)
        await tenants.put_notice(tx, kind=kind, key=key, payload=payload, now=self._now())

    async def _tell_owner(self, key: str, notice: KeptNotice) -> None:
        try:
            await self._ports.owner.tell(TellOwner(key, notice))
        except ActorError as error:
            # It is kept: the tenant tells it when it is there again.
            LOG.warning("owner not told yet", tenant_id=self._tenant_id, error=repr(error))

    def _tell_moved(self) -> None:
        """Let the tenant know that a message came further; a full mailbox is no reason to wait."""
        with suppress(ActorError):
            self._ports.owner.try_tell(DayMoved())

    async def _is_owner(self) -> bool | None:
        """Whether the tenant is still ours; None when PostgreSQL cannot tell."""
        try:
            async with self._transaction() as tx:
                return await whatsapp_state.is_owned(tx, self._epoch)
        except StorageUnavailable:
            return None

    async def _fence(self) -> None:
        """Stop at once: the tenant is another process's."""
        raise NotImplementedError

    def _transaction(self) -> AbstractAsyncContextManager[TenantConnection]:
        return self._ports.database.tenant(self._tenant_id)

    def _now(self) -> datetime:
        return self.context.clock.now()

    def standing(self) -> str:
        """Its line's phase."""
        return self._phase.value

    def _enter(self, phase: SessionPhase) -> None:
        self._phase = phase


async def nothing(_tx: TenantConnection) -> None:
    """Keep nothing but the notice, or the line of the log."""
