"""How each part of the system is made, and what it is given: the factories of supervisor.py.

Nothing is opened here. A part finds what it needs when its actor starts, so making the tree (to
print it, say) touches no file, no database and no network.
"""

import asyncio
import random
import zlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path
from uuid import uuid4

import settings as environment
import telemetry
from actors.administration.admin_actor import AdminActor, AdminPorts
from actors.administration.quarantine_actor import QuarantineActor, Recovered, SetAside
from actors.charge.database_actor import DatabaseActor, DatabaseHolder
from actors.charge.handover import Handover
from actors.charge.lease_actor import LeaseActor
from actors.charge.standing import Charge
from actors.payments.ports import PaymentsPorts
from actors.payments_actor import PaymentsActor
from actors.runtime import (
    Actor,
    ActorStatus,
    ChildSpec,
    Clock,
    Directory,
    Event,
    EventKind,
    LateRef,
    MovableClock,
    Ref,
    System,
    SystemClock,
    log_event,
)
from actors.scheduler_actor import SchedulerActor, SchedulesChanged
from actors.telegram_actor import TelegramActor
from actors.tenant_actor import TenantActor, TenantPorts
from actors.whatsapp.connection import SessionPorts
from actors.whatsapp.sidecar_actor import SidecarActor
from actors.whatsapp_session import WhatsAppSession
from bot.telegram.client import make_bot
from bot.telegram.webhook import Place
from domain.charge import Standing
from domain.figures import Figures, PoolFigures
from domain.pacing import PacingRules, hurried
from domain.retention import Retention
from domain.subscription import Terms
from errors import (
    ActorError,
    ActorStopped,
    EmDiaError,
    MigrationRefused,
    SettingsError,
    StorageUnavailable,
)
from gateways.clouds import Clouds
from gateways.mercado_pago import MercadoPago
from gateways.mercado_pago_http import MERCADO_PAGO
from gateways.node import WORKER
from gateways.payments import Payments
from gateways.versions import UNKNOWN, installed
from settings import Settings
from storage import figures, home
from storage.database import Database
from storage.telegram_inbox import StoredInbox
from storage.vault import Vault
from web.inspection import Inspection, Sources
from web.mercado_pago_webhook import MercadoPagoWebhook
from web.server import WebActor
from web.telegram_webhook import TelegramWebhook

LOG = telemetry.logger("supervisor")
# What no restart mends: whoever set the system up has to.
FINAL = (SettingsError, MigrationRefused)


class Parts:
    """The parts of one running system; `system` is the tree they hang in, once there is one.

    `tenant` and `whatsapp` are the specs of the actors that come and go with the tenants.
    """

    def __init__(self, settings: Settings, tenant: ChildSpec, whatsapp: ChildSpec) -> None:
        self.settings = settings
        self.clock = make_clock(settings)
        self.replica = uuid4()
        self.charge = Charge(Standing.COMING)
        self.holder = DatabaseHolder()
        telegram_itself = "" if settings.playground else environment.TELEGRAM_ITSELF
        mercado_pago_itself = "" if settings.playground else MERCADO_PAGO
        self.clouds = Clouds(
            telegram_api=settings.telegram_api or telegram_itself,
            whatsapp_url=settings.whatsapp_url or "",
            whatsapp_root_key=settings.whatsapp_root_key or "",
            mercado_pago_api=settings.mercado_pago_api or mercado_pago_itself,
        )
        self.directory = Directory(self._tenant, tenant=tenant)
        self.retention = Retention(
            log=timedelta(days=settings.keep_log_days),
            replies=timedelta(days=settings.keep_replies_days),
        )
        self.system: System | None = None
        self.refusal: EmDiaError | None = None  # over which the process must end
        self.refused = asyncio.Event()
        self._whatsapp = whatsapp
        self._gateway: MercadoPago | None = None

    # The factories

    def stand_ins(self) -> Actor:
        """The local clouds (playground). In production not even their code is there."""
        from playground.clouds import CloudsActor  # noqa: PLC0415 - see above

        return CloudsActor(self.clouds, self.settings.home / "clouds")

    def database(self) -> Actor:
        """PostgreSQL, or a server of our own where no address was given."""
        settings = self.settings
        dsn = settings.address or None
        return DatabaseActor(self.holder, dsn=dsn, home=settings.home, mode=settings.mode)

    def leases(self) -> Actor:
        """The registration of this process as alive."""
        sidecars = [f"sidecar {number}" for number in range(self.settings.sidecar_workers)]
        hands = Handover(self._child, self.directory, sidecars)
        return LeaseActor(self.holder, self.replica, self.charge, hands)

    def sidecar(self, program: Path = WORKER) -> Actor:
        """A Node worker."""
        return SidecarActor(self._database, self._vault, self._worker_environment(), program)

    def quarantine(self) -> Actor:
        """The record of who is set aside."""
        admins = self.settings.admin_chat_ids
        return QuarantineActor(
            self._database, partial(self._child, "telegram"), self.directory, admins
        )

    def admin(self) -> Actor:
        """The desk of those who administer."""
        settings = self.settings
        return AdminActor(
            AdminPorts(
                database=self._database,
                tenants=self.directory,
                admins=settings.admin_chat_ids,
                terms=Terms(
                    trial=timedelta(days=settings.trial_days), price=settings.monthly_price
                ),
                checks=self.checks,
                figures=self._figures,
                actors=self._actors,
                versions=self._versions,
                telegram=partial(self._child, "telegram"),
                replica=self.replica,
                charge=self.charge,
            )
        )

    def telegram(self) -> Actor:
        """The bot."""
        return TelegramActor(
            partial(make_bot, self.settings.bot_token, self.clouds.telegram_api),
            StoredInbox(self._database, self.clock.now, self.replica),
            self.directory,
            self.settings.admin_chat_ids,
            administration=LateRef(partial(self._child, "admin")),
            place=self._place,
            charge=self.charge,
            terms=Terms(
                trial=timedelta(days=self.settings.trial_days),
                period=timedelta(days=self.settings.period_days),
                price=self.settings.monthly_price,
            ),
        )

    def scheduler(self) -> Actor:
        """The clock of all tenants."""
        return SchedulerActor(
            self._database,
            self.directory,
            self.replica,
            self.retention,
            self._pacing,
            on_set_aside=self.job_set_aside,
            charge=self.charge,
        )

    def payments(self) -> Actor:
        """What the platform is paid."""
        settings = self.settings
        return PaymentsActor(
            PaymentsPorts(
                database=self._database,
                provider=self._provider,
                tenants=self.directory,
                telegram=partial(self._child, "telegram"),
                replica=self.replica,
                admins=settings.admin_chat_ids,
                price=settings.monthly_price,
                days=settings.period_days,
                in_charge=self.charge,
            )
        )

    def web(self) -> Actor:
        """The HTTP server."""
        movable = self.clock if isinstance(self.clock, MovableClock) else None
        place, settings = self._place, self.settings
        webhook = TelegramWebhook(place.secret, partial(self._child, "telegram")) if place else None
        return WebActor(
            settings.host,
            settings.port,
            self.checks,
            self._inspection(),
            movable,
            webhook=webhook,
            payments=MercadoPagoWebhook(
                settings.payments_secret or "", partial(self._child, "payments"), self.clock.now
            ),
            on_listening=partial(setattr, self.clouds, "own_address"),
        )

    def _provider(self) -> Payments | None:
        """A gateway to the account at Mercado Pago; None where there is no account."""
        token = self.settings.payments_token
        if token is None:
            return None
        self._gateway = MercadoPago(
            token,
            api=self.clouds.mercado_pago_api,
            monotonic=self.clock.monotonic,
            sleep=self.clock.sleep,
            random=random.SystemRandom(),
        )
        return self._gateway

    @property
    def _place(self) -> Place | None:
        """Where Telegram brings the updates, if it does."""
        address = self.settings.webhook_address
        return Place(address, self.settings.webhook_secret) if address else None

    def _inspection(self) -> Inspection:
        token = self.settings.status_token
        sources = Sources(
            checks=self.checks,
            figures=self._figures,
            tree=self.status,
            standing=lambda: self.charge.standing,
            actors=self._actors,
            tenants_known=lambda: self.directory.known,
            pools=self._pools,
            versions=self._versions,
            monotonic=self.clock.monotonic,
        )
        return Inspection(sources, token.get_secret_value() if token is not None else None)

    def _tenant(self, tenant_id: int) -> Actor:
        return TenantActor(
            tenant_id,
            TenantPorts(
                database=self._database,
                telegram=self._child("telegram"),
                session=self._session,
                session_spec=self._whatsapp,
                schedules_changed=self.schedules_changed,
                trial=timedelta(days=self.settings.trial_days),
                retention=self.retention,
                replica=self.replica,
                pacing=self._pacing,
                payments=partial(self._child, "payments"),
            ),
        )

    def _session(self, tenant_id: int, owner: Ref) -> Actor:
        # The worker of a tenant is always the same one.
        number = zlib.crc32(str(tenant_id).encode()) % self.settings.sidecar_workers
        return WhatsAppSession(
            tenant_id,
            SessionPorts(
                database=self._database,
                vault=self._vault,
                sidecar=self._child(f"sidecar {number}"),
                telegram=self._child("telegram"),
                owner=owner,
                replica=self.replica,
                pacing=self._pacing,
            ),
        )

    # What the parts ask of each other

    @property
    def _database(self) -> Database:
        """The open database; the tree starts it first."""
        return self.holder.database

    @cached_property
    def _versions(self) -> Mapping[str, str]:
        return {"emdia": self.settings.revision or UNKNOWN, **installed()}

    @cached_property
    def _vault(self) -> Vault:
        keys = self.settings.vault_keys
        # The playground makes itself a ring and keeps it beside its data.
        ring = keys.get_secret_value() if keys else home.playground_ring(self.settings.home)
        return Vault.from_ring(ring)

    @property
    def _pacing(self) -> PacingRules:
        gap = self.settings.send_gap_seconds
        return PacingRules() if gap is None else hurried(*gap)

    def _child(self, name: str) -> Ref:
        if self.system is None:
            raise ActorStopped(name, "there is no tree yet")
        return self.system.ref(name)

    def schedules_changed(self) -> None:
        """Wake the clock; it looks by itself soon anyway."""
        try:
            self._child("scheduler").try_tell(SchedulesChanged())
        except ActorError:
            LOG.info("the scheduler is not there yet")

    def job_set_aside(self, tenant_id: int, job: str, failure: str) -> None:
        """Have whoever administers hear of a job that was given up (F11)."""
        self._tell_quarantine(SetAside(f"{job} de {tenant_id}", failure))

    def observe(self, event: Event) -> None:
        """Log what happens in the tree; have quarantines written down and told (guarantee 4)."""
        log_event(event)
        news: SetAside | Recovered
        match event.kind:
            case EventKind.CRASHED if isinstance(event.error, FINAL):
                self.refusal = self.refusal or event.error
                self.refused.set()
                return
            case EventKind.CRASHED:
                telemetry.CRASHES.labels(family=event.actor_id.partition(" ")[0]).inc()
                return
            case EventKind.QUARANTINED:
                news = SetAside(event.actor_id, type(event.error).__name__)
            case EventKind.RECOVERED:
                news = Recovered(event.actor_id)
            case _:
                return
        self._tell_quarantine(news)

    def _tell_quarantine(self, news: SetAside | Recovered) -> None:
        try:
            self._child("quarantine").try_tell(news)
        except ActorError as error:
            LOG.warning("quarantine not kept", actor=news.actor_id, error=repr(error))

    async def checks(self) -> Mapping[str, bool]:
        """Whether we can work: readiness is the database, never a WhatsApp session."""
        try:
            async with self._database.dispatcher() as connection:
                return {"database": await connection.fetchval("SELECT true")}
        except EmDiaError:
            return {"database": False}

    def status(self) -> Mapping[str, object]:
        """How the tree as a whole is: who it is, who is set aside (guarantee 9)."""
        return {
            "replica": str(self.replica),
            "restarts_paused": self.system is not None and self.system.gate.is_shut,
            "standing": self.charge.standing,
            "tenants_known": self.directory.known,
            "tenants_on_trial": sorted(self.directory.on_trial),
            "payments": self._gateway.breaker.state if self._gateway else "not_set_up",
        }

    def _actors(self) -> Sequence[ActorStatus]:
        return [] if self.system is None else self.system.snapshot()

    def _pools(self) -> Mapping[str, PoolFigures]:
        try:
            return self._database.pools()
        except StorageUnavailable:
            return {}

    async def _figures(self) -> Figures:
        async with self._database.dispatcher() as connection:
            return await figures.read(connection, self.clock.now())

    def _worker_environment(self) -> dict[str, str]:
        mode = {"EMDIA_MODE": self.settings.mode.value}
        if not self.settings.playground:
            return mode
        return mode | {
            "EMDIA_WHATSAPP_URL": self.clouds.whatsapp_url,
            "EMDIA_WHATSAPP_ROOT_KEY": self.clouds.whatsapp_root_key,
        }


def make_clock(settings: Settings) -> Clock:
    """The machine's clock, or in the playground one that can be moved."""
    if not settings.playground:
        return SystemClock()
    clock = MovableClock()
    if settings.clock is not None:
        clock.move_to(settings.clock)
    return clock
