"""One business: its decisions, one message at a time, and the WhatsApp session below it.

It decides and records; it never waits for Telegram or WhatsApp. What its owner must hear is kept
first and told by a task beside it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from actors import notices
from actors.day import Outcome, next_runs, run_job
from actors.messages import (
    ChatBlocked,
    ClientRenewed,
    ConnectWhatsApp,
    GetToday,
    GetWhatsApp,
    KeptNotice,
    Notify,
    OutboxChanged,
    RenewClient,
    RunJob,
    SignedUp,
    SignUp,
    TellOwner,
    TodayView,
    WhatsAppView,
)
from actors.rulebook import load
from actors.runtime import Actor, Ref, on
from actors.specs import ChildSpec
from domain.subscription import Terms
from errors import ActorError, ChatUnreachable, EmDiaError, NotSignedUp
from storage import ledger, outbox, schedules, tenants, whatsapp_state
from storage.database import Database, TenantConnection
from telemetry import logger

LOG = logger("tenant")
SESSION_SECONDS = 20.0
NOTICE_SECONDS = 60.0
NOTICE_RETRY_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantPorts:
    """What a tenant works with; `session` makes its WhatsApp session, supervised by its spec."""

    database: Database
    telegram: Ref
    session: Callable[[int, Ref], Actor]
    session_spec: ChildSpec
    schedules_changed: Callable[[], None]
    trial: timedelta


@dataclass(frozen=True, slots=True)
class _TellAgain:
    """Time to try undelivered notices again."""


class TenantActor(Actor):
    """The tenant `tenant_id`, or the chat that may become one."""

    def __init__(self, tenant_id: int, ports: TenantPorts) -> None:
        self._tenant_id = tenant_id
        self._ports = ports
        self._telling: asyncio.Task[None] | None = None
        self._more_to_tell = False

    async def started(self) -> None:
        """Keep a paired session open, and tell what was left untold."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            signed_up = await tenants.find(tx) is not None
            stored = await whatsapp_state.find_session(tx)
        if stored is not None and stored.state == "paired":
            await self._session()
        if signed_up:
            self._tell_kept()

    # The account

    @on(SignUp)
    async def sign_up(self, message: SignUp) -> SignedUp:
        """Make the account with its trial and its jobs; a second time changes nothing (A1, A2)."""
        now = self.context.clock.now()
        trial = Terms(trial=self._ports.trial)
        async with self._ports.database.tenant(self._tenant_id) as tx:
            created = await tenants.create(
                tx, name=message.name, now=now, trial_ends_at=now + trial.trial
            )
            if created:
                settings = await tenants.settings(tx)
                await schedules.set_next(tx, next_runs(settings, now))
            stored = await whatsapp_state.find_session(tx)
        if created:
            LOG.info("signed up", tenant_id=self._tenant_id)
            self._ports.schedules_changed()
        return SignedUp(created, stored is not None and stored.state == "paired")

    @on(ConnectWhatsApp)
    async def connect_whatsapp(self, message: ConnectWhatsApp) -> WhatsAppView:
        """Open the session; a QR follows as a notice when it must be paired (F1)."""
        return await (await self._session()).ask(message, deadline=SESSION_SECONDS)

    @on(GetWhatsApp)
    async def get_whatsapp(self, message: GetWhatsApp) -> WhatsAppView:
        """How WhatsApp stands (F2)."""
        return await (await self._session()).ask(message, deadline=SESSION_SECONDS)

    # The day

    @on(RunJob)
    async def run_job(self, message: RunJob) -> None:
        """Carry out one scheduled job."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            outcome = await run_job(tx, message.job, message.due_at, now)
            await self._keep(tx, outcome)
        LOG.info("job done", tenant_id=self._tenant_id, job=message.job, planned=outcome.planned)
        self._tell_kept()
        if message.job in {"verify", "send"}:
            await self._wake_session()

    @on(GetToday)
    async def get_today(self, _message: GetToday) -> TodayView:
        """The day at a glance."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            today = (await load(tx, now)).today(now)
            numbers = await tenants.morning_numbers(tx, today, today - timedelta(days=1))
            counts = await outbox.counts_of_day(tx, today)
        return TodayView(today, numbers.due_today, numbers.overdue, counts)

    @on(OutboxChanged)
    async def outbox_changed(self, _message: OutboxChanged) -> None:
        """Let the session look."""
        await self._wake_session()

    @on(RenewClient)
    async def renew_client(self, message: RenewClient) -> ClientRenewed:
        """Record the payment, move the due date and cancel what was pending, at once (C6–C9)."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            renewal = await ledger.renew(
                tx,
                message.client_id,
                due_on=message.due_on,
                amount=message.amount,
                paid_on=message.paid_on,
                now=self.context.clock.now(),
            )
        return ClientRenewed(message.due_on, tuple(kind.value for kind in renewal.cancelled))

    # What the owner is told

    @on(TellOwner)
    async def tell_owner(self, message: TellOwner) -> None:
        """Keep a notice and tell it."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            await self._keep(tx, Outcome(notices=[(message.key, message.notice)]))
        self._tell_kept()

    @on(ChatBlocked)
    async def chat_blocked(self, _message: ChatBlocked) -> None:
        """Note it: the day goes on, clients are still reminded; only the owner hears nothing."""
        LOG.info("blocked by the owner", tenant_id=self._tenant_id)

    @on(_TellAgain)
    async def tell_again(self, _message: _TellAgain) -> None:
        """Try once more."""
        self._tell_kept()

    async def _keep(self, tx: TenantConnection, outcome: Outcome) -> None:
        for key, notice in outcome.notices:
            await tenants.put_notice(
                tx,
                kind=notices.kind_of(notice),
                key=key,
                payload=notices.pack(notice),
                now=self.context.clock.now(),
            )

    def _tell_kept(self) -> None:
        """Tell what is kept, in a task beside: Telegram's slowness is not the tenant's."""
        self._more_to_tell = True
        if self._telling is None or self._telling.done():
            self._telling = self.context.spawn(self._tell_all(), name="tell owner")

    async def _tell_all(self) -> None:
        try:
            while self._more_to_tell:
                self._more_to_tell = False
                for notice_id, notice in await self._untold():
                    await self._tell(notice)
                    async with self._ports.database.tenant(self._tenant_id) as tx:
                        await tenants.notice_delivered(tx, notice_id, self.context.clock.now())
        except EmDiaError as error:
            LOG.warning("owner not told yet", tenant_id=self._tenant_id, error=repr(error))
            self.context.after(NOTICE_RETRY_SECONDS, _TellAgain())

    async def _tell(self, notice: KeptNotice) -> None:
        """Have Telegram take it; an owner who shut the bot out is done with, too."""
        try:
            await self._ports.telegram.ask(Notify(self._tenant_id, notice), deadline=NOTICE_SECONDS)
        except ChatUnreachable:
            LOG.info("the owner does not want us", tenant_id=self._tenant_id)

    async def _untold(self) -> list[tuple[int, KeptNotice]]:
        async with self._ports.database.tenant(self._tenant_id) as tx:
            kept = await tenants.undelivered_notices(tx)
        return [(notice.id, notices.unpack(notice)) for notice in kept]

    # The session

    async def _session(self) -> Ref:
        """The tenant's WhatsApp session, started on first use; raises NotSignedUp."""
        name = f"whatsapp {self._tenant_id}"
        running = self.context.children().get(name)
        if running is not None:
            return running
        async with self._ports.database.tenant(self._tenant_id) as tx:
            if await tenants.find(tx) is None:
                raise NotSignedUp(f"tenant {self._tenant_id}")
        return await self.context.start_child(
            replace(
                self._ports.session_spec,
                id=name,
                factory=lambda: self._ports.session(self._tenant_id, self.context.me),
            )
        )

    async def _wake_session(self) -> None:
        for session in self.context.children().values():
            try:
                await session.tell(OutboxChanged())
            except ActorError as error:
                LOG.warning("session not woken", error=repr(error))
