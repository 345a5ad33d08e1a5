"""What an owner does with the queue: a message now, cancelled, tried once more; all of it stopped.

Each act is one transaction, safe to repeat: a repeat finds what was done, and its offer to undo.
What comes too late changes nothing, and the message is shown as it stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from actors.messages.queue import TodayView
from actors.messages.queue_acts import Acted, ActOn, PauseQueue
from actors.messages.undo import UndoOffer
from actors.runtime import on
from actors.tenant import cards
from actors.tenant.desk import Desk
from actors.tenant.queue_views import QueueViewsPart
from domain import queue_acts as rules
from domain.outbox import PENDING, READY, Cancelled, MessageState
from domain.queue_acts import QueueAct
from domain.reasons import Reason, explain
from domain.reminders import recheck
from domain.undo import Act
from storage import audit, outbox, queue_acts, undos
from storage.queue_acts import Found, Stopped
from telemetry import logger

LOG = logger("tenant")
BEFORE_ALL = "Passou para a frente da fila."
TRIED_AGAIN = "Vou tentar de novo."
ON_ANOTHER_DAY = "Ela foi marcada para outro dia, e sai só nele."
IN_FRONT_AT = "Ela é a primeira quando o envio abrir, às {opens:%H:%M}."
WINDOW_OVER = (
    "O envio de hoje terminou às {closes:%H:%M}, e nada sai fora do horário. "
    "Amanhã ele abre às {opens:%H:%M}."
)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What an act did, before the message is looked at again."""

    done: bool
    says: str
    cancelled: Sequence[Cancelled] = ()
    undo: UndoOffer | None = None


class QueueActsPart(QueueViewsPart):
    """Changes the queue."""

    @on(ActOn)
    async def act_on(self, message: ActOn) -> Acted:
        """Do it, and show the message as it stands after that."""
        async with self._desk() as desk:
            # Before all messages and clients, as whoever touches many of them does.
            await outbox.hold_day(desk.tx)
            found = await queue_acts.find(desk.tx, message.message_id)
            match message.act:
                case QueueAct.NOW:
                    outcome = await _now(desk, found)
                case QueueAct.RETRY:
                    outcome = await _retry(desk, found)
                case QueueAct.CANCEL | QueueAct.CANCEL_ALL:
                    outcome = await _cancel(desk, found, every=message.act is QueueAct.CANCEL_ALL)
            if outcome.done:
                topic = f"{message.act.name.lower()} message {found.message.id}"
                await audit.note(desk.tx, "queue", topic, desk.now)
        if outcome.done:
            LOG.info("queue act", tenant_id=self._tenant_id, act=message.act.name.lower())
            await self._wake_session()
        connected = await self._connected()
        async with self._desk() as desk:
            return Acted(
                message=await self._message(desk, message.message_id, connected),
                done=outcome.done,
                says=outcome.says,
                cancelled=cards.cancelled(desk, outcome.cancelled),
                undo=outcome.undo,
            )

    @on(PauseQueue)
    async def pause_queue(self, message: PauseQueue) -> TodayView:
        """Stop all, or let what is left of the day go: the session sees it at its next step."""
        async with self._desk() as desk:
            changed = await queue_acts.pause(desk.tx, paused=message.paused, now=desk.now)
            if changed:
                topic = "stopped" if message.paused else "goes on"
                await audit.note(desk.tx, "queue", topic, desk.now)
        if changed:
            LOG.info("queue", tenant_id=self._tenant_id, paused=message.paused)
            await self._plan_if_possible()
        return await self._queue()


async def _now(desk: Desk, found: Found) -> _Outcome:
    """To the front of the queue, inside the window and at the pace (F5)."""
    message = found.message
    if message.state not in READY:
        return _Outcome(done=False, says=_not_now(message.state))
    if late := _window_over(desk, found):
        return late
    opens, _ = desk.book.rules.window.instants(desk.today, desk.book.zone)
    if not await queue_acts.hurry(desk.tx, message.id, opens=opens, now=desk.now):
        # It began, or was cancelled, since it was looked at.
        stands = (await queue_acts.find(desk.tx, message.id)).message.state
        return _Outcome(done=False, says=_not_now(stands))
    if desk.now < opens:
        says = IN_FRONT_AT.format(opens=desk.book.rules.window.opens)
        return _Outcome(done=True, says=says)
    return _Outcome(done=True, says=BEFORE_ALL)


async def _retry(desk: Desk, found: Found) -> _Outcome:
    """Once more, under the same ids, if it still may go (E8)."""
    message = found.message
    if message.state is not MessageState.FAILED:
        return _Outcome(done=False, says=rules.too_late(message.state))
    if late := _window_over(desk, found):
        return late
    refusal = recheck(
        message.kind,
        message.about_due_on,
        found.client,
        replace(desk.book.rules, paused=False),
        desk.local(desk.now),
        late_allowed=message.on_request,
    )
    opens, _ = desk.book.rules.window.instants(desk.today, desk.book.zone)
    if refusal.kind is None and desk.now >= opens:
        return _Outcome(done=False, says=refusal.sentence)
    state = rules.retried(found.reason, message.attempt)
    if await queue_acts.retry(desk.tx, message, state, at=max(desk.now, opens), now=desk.now):
        return _Outcome(done=True, says=TRIED_AGAIN)
    # A receipt or the close of the day came first; what still rests has another day by now.
    stands = (await queue_acts.find(desk.tx, message.id)).message.state
    says = ON_ANOTHER_DAY if stands is MessageState.FAILED else rules.too_late(stands)
    return _Outcome(done=False, says=says)


async def _cancel(desk: Desk, found: Found, *, every: bool) -> _Outcome:
    """Cancel by hand: so it stays, unless that is undone within ten minutes (E6)."""
    message = found.message
    topic = f"client {found.client.id}" if every else f"message {message.id}"
    stopped = await queue_acts.cancel(
        desk.tx,
        desk.now,
        message_id=None if every else message.id,
        client_id=found.client.id if every else None,
    )
    if not stopped:
        stored = await undos.latest(desk.tx, Act.CANCEL, topic)
        offer = stored.offer(desk.now) if stored else None
        says = rules.too_late(message.state)
        return _Outcome(done=False, says=says, undo=desk.offer(offer))
    offer = await undos.add(
        desk.tx,
        Act.CANCEL,
        topic=topic,
        client_id=found.client.id,
        payload={"messages": [_kept(one) for one in stopped]},
        now=desk.now,
    )
    gone = [one.cancelled for one in stopped]
    return _Outcome(done=True, says=_said(len(gone)), cancelled=gone, undo=desk.offer(offer))


def _kept(stopped: Stopped) -> list[object]:
    return [stopped.cancelled.message_id, stopped.was, stopped.attempt]


def _said(messages: int) -> str:
    return "Cancelada." if messages == 1 else f"{messages} mensagens canceladas."


def _not_now(state: MessageState) -> str:
    if state in PENDING:
        return "Falta um dado: preencha e ela sai sozinha."
    return rules.too_late(state)


def _window_over(desk: Desk, found: Found) -> _Outcome | None:
    """Why nothing goes any more today, or None while it may."""
    if found.message.day < desk.today:
        return _Outcome(done=False, says=explain(Reason.DAY_PASSED))
    window = desk.book.rules.window
    _, closes = window.instants(desk.today, desk.book.zone)
    if desk.now < min(closes, found.message.expires_at):
        return None
    return _Outcome(done=False, says=WINDOW_OVER.format(closes=window.closes, opens=window.opens))
