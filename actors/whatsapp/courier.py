"""Carries one message at a time from the outbox to WhatsApp.

`sending` is committed before the frame leaves, and the answer is settled against that attempt: a
crash between the two repeats the message under its own id. The courier decides nothing about pace
or connection; it reports what happened.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from actors.runtime import Clock
from domain.charter import Charter
from domain.contacts import whatsapp_candidates
from domain.outbox import OutboxMessage, Verdict
from domain.pacing import MAX_ATTEMPTS, PacingRules, retry_delay, typing_time
from domain.reasons import Reason
from domain.rulebook import Held, Reviewed, review, rulebook
from errors import SidecarError
from gateways.sidecar_events import Acked, Refused, SendOutcome, Unknown
from gateways.whatsapp import WhatsAppLine
from guards.cache import Cache
from storage import outbox, tenants, whatsapp_numbers
from storage.database import Database, TenantConnection
from storage.outbox import Attempt, Ready
from telemetry import MESSAGES, SEND_SECONDS, correlated, logger, masked

LOG = logger("courier")
REACHOUT_TIMELOCK = 463
# An earlier version is never asked for again.
CHARTERS_KEPT = 1
# How long a change may go unnoticed that was made with the triggers of its version switched off.
CHARTER_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing may go now; the next message becomes ready at `wake_at`, if there is one."""

    wake_at: datetime | None


@dataclass(frozen=True, slots=True)
class Set:
    """A message was put to rest without a frame: no need to wait before the next."""

    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """A frame left, or tried to: the human gap comes before the next."""

    state: str


@dataclass(frozen=True, slots=True)
class Restricted:
    """WhatsApp refuses new chats (463): stop (F5)."""


Step = Idle | Held | Set | Tried | Restricted


@dataclass(frozen=True, slots=True)
class Settlement:
    """How an attempt ends: the state, the reason's code and when to try again."""

    state: str
    reason: Reason | None = None
    next_try: datetime | None = None


class Courier:
    """The courier of one tenant under one epoch. One call of `deliver_next` at a time.

    The charter it keeps ends with it: a restart and a new epoch begin with none.
    """

    def __init__(  # noqa: PLR0913 - its parts, all injected
        self,
        *,
        tenant_id: int,
        epoch: int,
        database: Database,
        line: WhatsAppLine,
        pacing: PacingRules,
        clock: Clock,
        random: Random,
    ) -> None:
        self._tenant_id = tenant_id
        self._epoch = epoch
        self._database = database
        self._line = line
        self._pacing = pacing
        self._clock = clock
        self._random = random
        self._charters = Cache[int, Charter](
            "charter", most=CHARTERS_KEPT, seconds=CHARTER_SECONDS, timer=clock.monotonic
        )

    async def deliver_next(self) -> Step:
        """Take the oldest ready message one step further.

        Raises:
            StaleEpoch: another process owns the tenant by now.
            StorageUnavailable: PostgreSQL is away; whatever was begun is repeated later.
        """
        now = self._clock.now()
        async with self._database.tenant(self._tenant_id) as tx:
            found = await outbox.next_ready(tx, now)
            if found is None:
                return Idle(await outbox.next_wake(tx))
            with correlated(found.message.correlation_id):
                prepared = await self._prepare(tx, found, now)
        with correlated(found.message.correlation_id):
            if isinstance(prepared, _Unasked):
                return await self._look_up(prepared.phone)
            if not isinstance(prepared, _Prepared):
                return prepared
            return await self._carry(found.message, prepared)

    async def _prepare(
        self, tx: TenantConnection, found: Ready, now: datetime
    ) -> "Step | _Unasked | _Prepared":
        """Check once more, find the words and the address, and begin the attempt."""
        message, client, number = found.message, found.client, found.number
        book = rulebook(await self._charter(tx, found.rules_version), now)
        verdict = review(book, message, client, now)
        if isinstance(verdict, Held):
            return verdict
        if isinstance(verdict, Reviewed):
            await outbox.rest(tx, [verdict.verdict], now)
            _count(message, verdict.verdict.state)
            return Set(verdict.missing)
        if number is None:
            return _Unasked(client.phone)
        if number.jid is None:
            await outbox.rest(tx, [Verdict(message.id, "failed", Reason.NOT_ON_WHATSAPP)], now)
            _count(message, "failed")
            return Set()
        attempt = await outbox.begin_attempt(
            tx, message.id, epoch=self._epoch, phone=client.phone, body=verdict, now=now
        )
        return _Prepared(attempt, number.jid, verdict)

    async def _charter(self, tx: TenantConnection, version: int) -> Charter:
        """The tenant's charter of `version`, or of a later one when it changes at this moment.

        It is kept under the version that was read with it, in one statement, in a transaction that
        writes no rules: so what is kept was committed, and is whole.
        """
        charter = self._charters.get(version)
        if charter is None:
            charter = await tenants.charter(tx)
            self._charters.put(charter.version, charter)
        return charter

    async def _look_up(self, phone: str) -> Step:
        """Ask WhatsApp who has this number, once, in both forms (F5)."""
        forms = tuple(form.removeprefix("+") for form in whatsapp_candidates(phone))
        try:
            found = await self._line.check_number(forms)
        except SidecarError as error:
            LOG.info("number not checked", phone=masked(phone), error=repr(error))
            return Tried("queued")
        async with self._database.tenant(self._tenant_id) as tx:
            await whatsapp_numbers.keep(
                tx,
                phone,
                jid=found.jid if found else None,
                lid=found.lid if found else None,
                now=self._clock.now(),
            )
        return Set()

    async def _carry(self, message: OutboxMessage, ready: "_Prepared") -> Step:
        started = self._clock.monotonic()
        typing = typing_time(self._pacing, ready.body)
        outcome: SendOutcome | SidecarError
        try:
            outcome = await self._line.send(
                message.whatsapp_id, ready.jid, ready.body, typing_seconds=typing
            )
        except SidecarError as error:
            outcome = error  # surely nothing was written
        SEND_SECONDS.observe(self._clock.monotonic() - started)
        settlement = self._settlement(outcome, ready.attempt.number)
        async with self._database.tenant(self._tenant_id) as tx:
            settled = await outbox.settle(
                tx,
                ready.attempt,
                state=settlement.state,
                reason=settlement.reason,
                next_try=settlement.next_try,
                now=self._clock.now(),
            )
        if settled:
            _count(message, settlement.state)
        LOG.info("attempt over", state=settlement.state, attempt=ready.attempt.number)
        if outcome == Refused(REACHOUT_TIMELOCK):
            return Restricted()
        return Tried(settlement.state)

    def _settlement(self, outcome: SendOutcome | SidecarError, attempt: int) -> Settlement:
        """What an answer means for the outbox (E8); an unknown one is never "not sent"."""
        match outcome:
            case Acked():
                return Settlement("sent")
            case Refused(error=463):
                return Settlement("failed", Reason.RESTRICTED)
            case Refused():
                return self._again("retry", Reason.REFUSED, Reason.REFUSED, attempt)
            case Unknown():
                return self._again("unknown", Reason.UNCONFIRMED, Reason.UNCONFIRMED, attempt)
            case SidecarError():
                return self._again(
                    "retry", Reason.NOT_CONNECTED, Reason.ATTEMPTS_EXHAUSTED, attempt
                )

    def _again(self, state: str, why: Reason, given_up: Reason, attempt: int) -> Settlement:
        delay = retry_delay(self._pacing, attempt, self._random)
        if delay is None:
            return Settlement("failed", given_up)
        return Settlement(state, why, self._clock.now() + timedelta(seconds=delay))


@dataclass(frozen=True, slots=True)
class _Unasked:
    phone: str


@dataclass(frozen=True, slots=True)
class _Prepared:
    attempt: Attempt
    jid: str
    body: str


async def recover(
    tx: TenantConnection, epoch: int, pacing: PacingRules, now: datetime, random: Random
) -> int:
    """Reopen what an earlier owner left `sending` (see `outbox.recover`)."""
    wait = retry_delay(pacing, 1, random) or 0.0
    return await outbox.recover(
        tx,
        epoch=epoch,
        most_attempts=MAX_ATTEMPTS,
        next_try=now + timedelta(seconds=wait),
        now=now,
    )


def _count(message: OutboxMessage, state: str) -> None:
    MESSAGES.labels(kind=message.kind.value, state=state).inc()
