"""Carries one message at a time from the outbox to WhatsApp.

`sending` is committed before the frame leaves, and the answer is settled against that attempt: a
crash between the two repeats the message under its own id. The courier decides nothing about pace
or connection; it reports what happened.
"""

from datetime import datetime
from random import Random

from actors.runtime import Clock
from actors.whatsapp.numbers import Found, Numbers, Unsure
from actors.whatsapp.rules import Rules
from actors.whatsapp.steps import (
    REACHOUT_TIMELOCK,
    Idle,
    Prepared,
    Restricted,
    Set,
    Step,
    Tried,
    Unasked,
    answer_to,
    rests,
)
from actors.whatsapp.unsettled import Answered, Unsettled, write
from domain.outbox import (
    HOLDING,
    MAX_FAULTS,
    MessageState,
    OutboxMessage,
    Verdict,
    postponement,
    settlement,
)
from domain.pacing import PacingRules, pasting_time, retry_delay, typing_time
from domain.reasons import Reason
from domain.rulebook import Held, Reviewed, review
from domain.whatsapp_numbers import Absent, Reachable
from errors import NotSignedUp, StaleEpoch, StorageUnavailable
from gateways.sidecar_events import Refused, SendOutcome
from gateways.whatsapp import WhatsAppLine
from storage import outbox, preparation
from storage.database import Database, TenantConnection
from storage.outbox import Ready
from storage.preparation import TakenUp
from telemetry import MESSAGES, SEND_SECONDS, correlated, logger

LOG = logger("courier")
# So many preparations of a new courier are counted before they begin: what ended the process before
# is the first to be taken up again.
CAREFUL_STEPS = 1
# Errors that say nothing against the message in hand.
NOT_ITS_FAULT = (StorageUnavailable, StaleEpoch, NotSignedUp)


class Courier:
    """The courier of one tenant under one epoch. One call of `deliver_next` at a time.

    The charter it keeps ends with it: a restart and a new epoch begin with none. What is open under
    the epoch is kept in `unsettled`, which outlives a courier.
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
        unsettled: Unsettled | None = None,
        paired_at: datetime | None = None,
    ) -> None:
        self._tenant_id = tenant_id
        self._epoch = epoch
        self._database = database
        self._line = line
        self._pacing = pacing
        self._clock = clock
        self._random = random
        self._numbers = Numbers(
            tenant_id=tenant_id,
            database=database,
            line=line,
            paired_at=paired_at,
            clock=clock,
            random=random,
        )
        self._unsettled = unsettled or Unsettled()
        self._careful = CAREFUL_STEPS
        self._excused: int | None = None
        self._rules = Rules(tenant_id, clock)
        # The message whose second part comes before all others (D5).
        self._goes_on: int | None = None

    async def deliver_next(self) -> Step:
        """Take the oldest ready message one step further.

        Whatever is wrong with one message is counted in its row and costs only that one (F11).

        Raises:
            StaleEpoch: another process owns the tenant by now.
            StorageUnavailable: PostgreSQL is away; whatever was begun is repeated later.
        """
        try:
            return await self._step(self._clock.now())
        except StorageUnavailable:
            self._unsettled.doubt()
            raise

    async def _step(self, now: datetime) -> Step:
        taken: TakenUp | None = None
        if self._careful or self._unsettled.in_doubt:
            taken = await self._begin_carefully(now)
            if taken is not None and taken.faults > MAX_FAULTS:
                return Set()
        found: Ready | None = None
        try:
            async with self._database.tenant(self._tenant_id) as tx:
                found = await self._next(tx, taken, now)
                if found is None:
                    return await self._idle(tx, now)
                with correlated(found.message.correlation_id):
                    prepared = await self._prepare(tx, found, now)
                if taken is not None and isinstance(prepared, Held | Unasked):
                    await preparation.clear_faults(tx, found.message.id)
        except StorageUnavailable:
            self._excused = taken.message_id if taken else None
            raise
        except (StaleEpoch, NotSignedUp):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this message's (F11)
            self._unsettled.begins(None)
            return await self._set_back(found, taken, error)
        with correlated(found.message.correlation_id):
            if isinstance(prepared, Unasked):
                return await self._look_up(prepared.message, prepared.phone)
            if not isinstance(prepared, Prepared):
                return prepared
            return await self._carry(prepared)

    async def _begin_carefully(self, now: datetime) -> TakenUp | None:
        """Settle or recover what is open, and count the next preparation before it begins."""
        taken: TakenUp | None = None
        try:
            async with self._database.tenant(self._tenant_id) as tx:
                if self._unsettled.in_doubt:
                    await self._close_open(tx, now)
                if self._careful:
                    taken = await preparation.take_up(tx, now, excused=self._excused)
                if taken is not None and taken.faults > MAX_FAULTS:
                    await preparation.set_back(
                        tx, taken.message_id, taken.state, taken.faults - 1, now
                    )
        except StorageUnavailable:
            # Perhaps counted, and nothing came of it: the next count is not the message's fault.
            self._excused = taken.message_id if taken else self._excused
            raise
        except (StaleEpoch, NotSignedUp):
            raise
        except Exception as error:  # noqa: BLE001 - an answer that cannot be written is given up
            LOG.warning("answer given up", error=type(error).__name__)
            self._unsettled.forget_answer()
            self._unsettled.begins(None)
            return None
        self._unsettled.closed()
        self._careful = max(0, self._careful - 1)
        self._excused = None
        return taken

    async def _close_open(self, tx: TenantConnection, now: datetime) -> None:
        delay = retry_delay(self._pacing, 1, self._random) or 0.0
        reopened = await self._unsettled.close(tx, self._epoch, delay, now)
        if reopened:
            LOG.warning("interrupted sends reopened", count=reopened, tenant_id=self._tenant_id)
        # The line is there again: what held the queue for a moment holds it no more.
        await outbox.hold(tx, None, now)

    async def _set_back(self, found: Ready | None, taken: TakenUp | None, error: Exception) -> Step:
        """Count a fault in the row of the message in hand: behind the others, or aside."""
        LOG.warning("message not prepared", error=type(error).__name__)
        if taken is not None:
            message_id, state, faults = taken.message_id, taken.state, taken.faults
        elif found is not None:
            message = found.message
            message_id, state, faults = message.id, message.state, message.faults + 1
        else:
            # Not even read: taken up before it is read, it can be named.
            self._careful = CAREFUL_STEPS
            return Tried(MessageState.QUEUED)
        async with self._database.tenant(self._tenant_id) as tx:
            end = await preparation.set_back(tx, message_id, state, faults, self._clock.now())
        return Tried(end.state)

    async def _next(
        self, tx: TenantConnection, taken: TakenUp | None, now: datetime
    ) -> Ready | None:
        """What was taken up; else the rest of the message in hand, or the oldest that may go."""
        if taken is not None:
            return await outbox.next_ready(tx, now, taken.message_id)
        if self._goes_on is not None:
            found = await outbox.next_ready(tx, now, self._goes_on)
            if found is not None:
                return found
            self._goes_on = None
        return await outbox.next_ready(tx, now)

    async def _idle(self, tx: TenantConnection, now: datetime) -> Idle:
        """End what the window left behind, and say when to look again."""
        if await outbox.is_any_over(tx, now):
            await outbox.expire(tx, now)
        return Idle(await outbox.next_wake(tx, now))

    async def _prepare(
        self, tx: TenantConnection, found: Ready, now: datetime
    ) -> Step | Unasked | Prepared:
        """Check once more, find the words and the address, and begin the attempt."""
        message, client = found.message, found.client
        book = await self._rules.at(tx, found.rules_version, now)
        verdict = review(book, message, client, now) if book else Held(Reason.INTERNAL)
        if isinstance(verdict, Held):
            if verdict.reason in HOLDING:
                await outbox.hold(tx, verdict.reason, now)
            return verdict
        if isinstance(verdict, Reviewed):
            await outbox.rest(tx, [verdict.verdict], now)
            rests(message, verdict.verdict)
            return Set(verdict.missing)
        standing = self._numbers.standing(client.phone, found.number)
        if isinstance(standing, Absent):
            why = Reason.CODE_NOT_SENT if message.first_is_out else Reason.NOT_ON_WHATSAPP
            failed = Verdict(message.id, MessageState.FAILED, why)
            await outbox.rest(tx, [failed], now)
            rests(message, failed)
            return Set()
        if not isinstance(standing, Reachable):
            return Unasked(message, client.phone)
        self._unsettled.begins(message.id)
        attempt = await outbox.begin_attempt(
            tx,
            message.id,
            epoch=self._epoch,
            phone=client.phone,
            body=verdict[0],
            second_body=verdict[1] if len(verdict) > 1 else None,
            now=now,
        )
        return Prepared(message, attempt, standing, verdict)

    async def _look_up(self, message: OutboxMessage, phone: str) -> Step:
        """Ask WhatsApp who has this number; without an answer its message waits, others go on."""
        try:
            found = await self._numbers.ask(phone)
        except NOT_ITS_FAULT:
            raise
        except Exception as error:  # noqa: BLE001 - it is this number's, and so this message's
            LOG.warning("number not asked about", error=type(error).__name__)
            found = Found.NO_ANSWER
        if found is Found.SOMEBODY:
            return Set()
        if found is not Found.NOBODY:
            now = self._clock.now()
            later = now + postponement(message.postponed)
            async with self._database.tenant(self._tenant_id) as tx:
                await outbox.postpone(
                    tx,
                    message.id,
                    until=found.until if isinstance(found, Unsure) else later,
                    reason=Reason.NUMBER_UNANSWERED,
                    now=now,
                )
        # Asking is paced as sending is, unless a message follows at once.
        return Tried(message.state)

    async def _carry(self, ready: Prepared) -> Step:
        """Send the part under way, and write down what came back."""
        outcome = await self._send(ready)
        now = self._clock.now()
        end = settlement(
            answer_to(outcome),
            attempt=ready.tries,
            delay=retry_delay(self._pacing, ready.tries, self._random) or 0.0,
            now=now,
            expires_at=ready.message.expires_at,
            first_is_out=ready.message.first_is_out,
        )
        answered = Answered(ready.attempt, ready.whatsapp_id, end)
        self._unsettled.answered(answered)
        try:
            async with self._database.tenant(self._tenant_id) as tx:
                settled = await write(tx, answered, now)
        except NOT_ITS_FAULT:
            raise
        except Exception as error:  # noqa: BLE001 - tried once more, then recovered
            LOG.warning("answer not written", error=type(error).__name__)
            self._unsettled.doubt()
            return Tried(MessageState.SENDING)
        self._unsettled.forget_answer()
        goes_on = end.state is MessageState.SENT and not ready.is_last
        self._goes_on = ready.message.id if goes_on else None
        # Its receipt may have been faster.
        if not goes_on and (settled or end.state is MessageState.SENT):
            MESSAGES.labels(kind=ready.message.kind.value, state=end.state.value).inc()
        LOG.info("attempt over", state=end.state, attempt=ready.attempt.number, goes_on=goes_on)
        if outcome == Refused(REACHOUT_TIMELOCK):
            return Restricted()
        return Tried(end.state, goes_on)

    async def _send(self, ready: Prepared) -> SendOutcome | Exception:
        """Give the part under way to the line; what came back, told apart in `answer_to`."""
        started = self._clock.monotonic()
        types = pasting_time if ready.message.first_is_out else typing_time
        outcome: SendOutcome | Exception
        self._unsettled.leaves()
        try:
            outcome = await self._line.send(
                ready.whatsapp_id,
                ready.to.jid,
                ready.body,
                lid=ready.to.lid,
                typing_seconds=types(self._pacing, ready.body),
            )
        except Exception as error:  # noqa: BLE001 - it may have been sent
            outcome = error
        SEND_SECONDS.observe(self._clock.monotonic() - started)
        return outcome


async def recover(
    tx: TenantConnection, epoch: int, pacing: PacingRules, now: datetime, random: Random
) -> int:
    """Reopen what any life up to `epoch` left `sending` (see `outbox.recover`)."""
    delay = retry_delay(pacing, 1, random) or 0.0
    return await outbox.recover(tx, epoch=epoch, delay=delay, now=now)
