"""The whole system as one supervision tree; `python supervisor.py` starts it and stays up.

Children start in this order and stop in reverse. What must last is in PostgreSQL, so any part may
fall and be started again alone.
"""

import asyncio
import os
import random
import signal
import sys
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import uuid4

import settings as environment
import telemetry
from actors.clock import Clock, MovableClock, SystemClock
from actors.connector import SessionPorts
from actors.database_actor import DatabaseActor, DatabaseHolder
from actors.directory import Directory
from actors.events import Event, EventKind, log_event
from actors.lease_actor import LeaseActor
from actors.quarantine_actor import QuarantineActor, Recovered, SetAside
from actors.runtime import Actor, Ref
from actors.scheduler_actor import SchedulerActor, SchedulesChanged
from actors.sidecar_actor import SidecarActor
from actors.supervision import ChildSpec, Supervisor, System
from actors.telegram_actor import TelegramActor
from actors.telegram_inbox import StoredInbox
from actors.tenant_actor import TenantActor, TenantPorts
from actors.watchdog import Watchdog
from actors.whatsapp_session import WhatsAppSession
from bot.client import make_bot
from domain.pacing import PacingRules
from errors import ActorError, EmDiaError, SettingsError
from playground.clouds import Clouds, CloudsActor
from settings import Settings
from storage.database import Database
from storage.vault import Vault, new_key
from web.server import WebActor

LOG = telemetry.logger("supervisor")
SHUTDOWN_SECONDS = 25.0
SETTINGS_EXIT = 2
CRASH_EXIT = 1
# Without a human gap nothing is gained by long waits after a failure either (playground only).
PLAYGROUND_BACKOFF_SECONDS = 1.0
PLAYGROUND_TYPING_CHARS_PER_SECOND = 1_000_000.0


class EmDia:
    """The parts of one running system and the tree they hang in."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.replica = uuid4()
        self.holder = DatabaseHolder()
        self.vault = Vault.from_ring(vault_ring(settings))
        self.clouds = Clouds()
        telegram_itself = "" if settings.playground else environment.TELEGRAM_ITSELF
        self.clouds.telegram_api = settings.telegram_api or telegram_itself
        self.clouds.whatsapp_url = settings.whatsapp_url or ""
        self.clouds.whatsapp_root_key = settings.whatsapp_root_key or ""
        self.directory = Directory(self._tenant)
        self.root = Supervisor(self.children())

    def children(self) -> list[ChildSpec]:
        """The tree of docs and README, top to bottom."""
        settings, holder = self.settings, self.holder
        address = settings.database_url
        dsn = address.get_secret_value() if address is not None else None
        stand_ins = [
            ChildSpec("clouds", lambda: CloudsActor(self.clouds, settings.home / "clouds"))
        ]
        sidecars = [
            ChildSpec(
                f"sidecar {number}",
                lambda: SidecarActor(self.database, self.vault, self._worker_environment()),
                shutdown_seconds=10.0,
            )
            for number in range(settings.sidecar_workers)
        ]
        return [
            *(stand_ins if settings.playground else []),
            ChildSpec(
                "database",
                lambda: DatabaseActor(holder, dsn=dsn, home=settings.home),
                shutdown_seconds=15.0,
                significant=True,
            ),
            ChildSpec("leases", lambda: LeaseActor(holder, self.replica)),
            *sidecars,
            ChildSpec("quarantine", self._quarantine),
            self.directory.spec("tenants"),
            ChildSpec("telegram", self._telegram),
            ChildSpec("scheduler", lambda: SchedulerActor(self.database, self.directory)),
            ChildSpec("web", self._web),
        ]

    @property
    def database(self) -> Database:
        """The open database; the tree starts it first."""
        return self.holder.database

    def child(self, name: str) -> Ref:
        """A child of the root by its name."""
        return self.root.context.children()[name]

    def sidecar_of(self, tenant_id: int) -> Ref:
        """The worker of a tenant: always the same one."""
        number = zlib.crc32(str(tenant_id).encode()) % self.settings.sidecar_workers
        return self.child(f"sidecar {number}")

    def schedules_changed(self) -> None:
        """Wake the clock; it looks by itself soon anyway."""
        try:
            self.child("scheduler").try_tell(SchedulesChanged())
        except (ActorError, KeyError):
            LOG.info("the scheduler is not there yet")

    def observe(self, event: Event) -> None:
        """Log what happens in the tree; have quarantines written down and told (guarantee 4)."""
        log_event(event)
        if event.kind is EventKind.CRASHED:
            telemetry.CRASHES.labels(family=event.actor_id.partition(" ")[0]).inc()
        news: SetAside | Recovered
        if event.kind is EventKind.QUARANTINED:
            news = SetAside(event.actor_id, type(event.error).__name__)
        elif event.kind is EventKind.RECOVERED:
            news = Recovered(event.actor_id)
        else:
            return
        try:
            self.child("quarantine").try_tell(news)
        except (ActorError, KeyError) as error:
            LOG.warning("quarantine not kept", actor=event.actor_id, error=repr(error))

    def _quarantine(self) -> Actor:
        admin = self.settings.admin_chat_id
        return QuarantineActor(self.database, partial(self.child, "telegram"), admin)

    def _tenant(self, tenant_id: int) -> Actor:
        return TenantActor(
            tenant_id,
            TenantPorts(
                database=self.database,
                telegram=self.child("telegram"),
                session=self._session,
                schedules_changed=self.schedules_changed,
                trial=timedelta(days=self.settings.trial_days),
            ),
        )

    def _session(self, tenant_id: int, owner: Ref) -> Actor:
        return WhatsAppSession(
            tenant_id,
            SessionPorts(
                database=self.database,
                vault=self.vault,
                sidecar=self.sidecar_of(tenant_id),
                telegram=self.child("telegram"),
                owner=owner,
                replica=self.replica,
                pacing=pacing(self.settings),
            ),
        )

    def _telegram(self) -> Actor:
        return TelegramActor(
            partial(make_bot, self.settings.bot_token, self.clouds.telegram_api),
            StoredInbox(self.database, self.clock),
            self.directory,
        )

    def _web(self) -> Actor:
        movable = self.clock if isinstance(self.clock, MovableClock) else None
        return WebActor(self.settings.host, self.settings.port, self._checks, movable)

    async def _checks(self) -> Mapping[str, bool]:
        try:
            async with self.database.dispatcher() as connection:
                return {"database": await connection.fetchval("SELECT true")}
        except EmDiaError:
            return {"database": False}

    def _worker_environment(self) -> dict[str, str]:
        if not self.clouds.whatsapp_url:
            return {"EMDIA_MODE": "production"}
        return {
            "EMDIA_MODE": "playground",
            "EMDIA_WHATSAPP_URL": self.clouds.whatsapp_url,
            "EMDIA_WHATSAPP_ROOT_KEY": self.clouds.whatsapp_root_key,
        }


def pacing(settings: Settings) -> PacingRules:
    """The human pace, or what the playground asked for instead."""
    rules = PacingRules()
    if settings.send_gap_seconds is None:
        return rules
    least, most = settings.send_gap_seconds
    return replace(
        rules,
        min_gap_s=least,
        max_gap_s=most,
        typing_chars_per_s=PLAYGROUND_TYPING_CHARS_PER_SECOND,
        backoff_base_s=PLAYGROUND_BACKOFF_SECONDS,
    )


def vault_ring(settings: Settings) -> str:
    """The key ring; the playground makes itself one and keeps it beside its data."""
    if settings.vault_keys is not None:
        return settings.vault_keys.get_secret_value()
    file = settings.home / "vault.keys"
    if not file.exists():
        settings.home.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as ring:
            ring.write(new_key("playground"))
    return file.read_text(encoding="utf-8").strip()


def make_clock(settings: Settings) -> Clock:
    """The machine's clock, or in the playground one that can be moved."""
    if not settings.playground:
        return SystemClock()
    clock = MovableClock()
    if settings.clock is not None:
        clock.move_to(settings.clock)
    return clock


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT; raises what the tree failed of."""
    clock = make_clock(settings)
    emdia = EmDia(settings, clock)
    system = System(clock=clock, random=random.SystemRandom(), on_event=emdia.observe)
    watchdog = Watchdog()
    watchdog.start()
    asked_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked_to_stop.set)
    running = asyncio.create_task(system.run(ChildSpec("emdia", lambda: emdia.root)))
    stopping = asyncio.create_task(asked_to_stop.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
    finally:
        left = await system.stop(total_seconds=SHUTDOWN_SECONDS)
        await emdia.holder.close()
        watchdog.stop()
        if left:
            LOG.error("tasks left behind", tasks=left)


def main() -> int:
    """Start the system; returns the exit code."""
    try:
        settings = environment.load()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return SETTINGS_EXIT
    telemetry.configure(settings.log_level)
    try:
        asyncio.run(run(settings))
    except EmDiaError:
        LOG.exception("the system ended")
        return CRASH_EXIT
    return 0


if __name__ == "__main__":
    sys.exit(main())
