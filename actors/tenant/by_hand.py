"""Messages an owner writes by hand: made now or for a moment, changed, cancelled, undone (E12).

Each act is one transaction, safe to repeat: a nonce is one message, and each of its days one row of
the outbox with ids of its own (E6).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from actors.messages.by_hand import (
    CancelHandMessage,
    ChangeHandMessage,
    HandState,
    ScheduleMessage,
    WriteToClient,
    Written,
)
from actors.runtime import on
from actors.tenant.day import queue_obstacle
from actors.tenant.desk import Desk, DeskPart
from actors.tenant.hand_views import checked, shown, stands, written
from actors.tenant.scheduled import has_ended, moved
from domain import by_hand as rules
from domain import schedule
from domain.by_hand import Going, ScheduledState
from domain.outbox import ENDED
from domain.reasons import Reason, explain
from domain.reminders import Kind
from domain.typed_dates import LONGEST_MONTH_DAYS
from domain.undo import Act
from errors import AlreadyChanged, CannotUndo, InvalidInput, MissingValue, NotFound, TextTooLong
from storage import audit, by_hand, clients, outbox, undos
from storage.by_hand import Scheduled
from storage.undos import StoredUndo
from telemetry import logger

LOG = logger("tenant")
GONE_ALREADY = "Esta mensagem já saiu, ou está saindo agora."
TRIED_ALREADY = "Esta já foi tentada nesse dia. Marque para outro dia, ou escreva outra."
GOES_TODAY = "A de hoje já saiu, ou está saindo agora."
OVER_ALREADY = "Esta mensagem já foi cancelada."
MOST_NONCE = 80
# What is for today, whatever the hour, is for this much later.
SOON = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Order:
    """One message to be made: `going` where it is for now, else it is for its moment."""

    client_id: int
    nonce: str
    kind: Kind
    text: str | None
    at: datetime
    monthly_day: int | None = None
    going: Going | None = None
    text_id: int | None = None


class ByHandPart(DeskPart):
    """Makes messages by hand, and takes them back."""

    @on(WriteToClient)
    async def write_to_client(self, message: WriteToClient) -> Written:
        """Send it now; an answer to what the client just wrote goes at any hour."""
        connected = await self._connected()
        async with self._desk() as desk:
            await outbox.hold_day(desk.tx)
            known = await by_hand.of_nonce(desk.tx, message.client_id, message.nonce)
            if known is None:
                going = _now_in_front(desk, message.answers)
                order = _Order(
                    message.client_id, message.nonce, message.kind, message.text, desk.now,
                    going=going, text_id=message.text_id,
                )  # fmt: skip
                known = await _make(desk, order)
            answer = await _answer(desk, known, "make", connected)
        return await self._queued(answer)

    @on(ScheduleMessage)
    async def schedule_message(self, message: ScheduleMessage) -> Written:
        """Keep it for its moment; what is for today is queued at once (E5)."""
        connected = await self._connected()
        async with self._desk() as desk:
            await outbox.hold_day(desk.tx)
            known = await by_hand.of_nonce(desk.tx, message.client_id, message.nonce)
            if known is None:
                at = _moment(desk, message.at, message.monthly_day)
                order = _Order(
                    message.client_id, message.nonce, message.kind, message.text, at,
                    monthly_day=message.monthly_day, text_id=message.text_id,
                )  # fmt: skip
                known = await _make(desk, order)
            answer = await _answer(desk, known, "make", connected)
        return await self._queued(answer)

    @on(ChangeHandMessage)
    async def change_hand_message(self, message: ChangeHandMessage) -> Written:
        """Another text, or another time."""
        connected = await self._connected()
        async with self._desk() as desk:
            one = await _held(desk, message.message_id)
            after = _changed(desk, one, message)
            if after != one:
                await _check_client(desk, one.client_id, after.text)
                await _withdraw(desk, one)
                await _put(desk, after)
                await _offer(desk, one, "change")
            answer = await _answer(desk, one.id, "change", connected)
        return await self._queued(answer)

    @on(CancelHandMessage)
    async def cancel_hand_message(self, message: CancelHandMessage) -> Written:
        """Let it not go."""
        async with self._desk() as desk:
            one = await _held(desk, message.message_id)
            if one.state is not ScheduledState.CANCELLED:
                if one.state is ScheduledState.MADE and one.monthly_day is None:
                    await _withdraw(desk, one)
                elif one.message_id is not None:
                    await by_hand.withdraw(desk.tx, one.message_id, Reason.CANCELLED, desk.now)
                await by_hand.save(desk.tx, _cancelled(one), desk.now)
                await _offer(desk, one, "cancel")
            return await _answer(desk, one.id, "cancel", None)

    async def _queued(self, answer: Written) -> Written:
        LOG.info("by hand", tenant_id=self._tenant_id, state=answer.message.state)
        await self._wake_session()
        return answer


async def take_back(desk: Desk, stored: StoredUndo) -> str:
    """Take back what was made, changed or cancelled by hand; raises CannotUndo."""
    try:
        one = await by_hand.hold(desk.tx, stored.payload["id"])
    except NotFound:
        raise CannotUndo("Esta mensagem não existe mais.") from None
    was = stored.payload["was"]
    if has_ended(one) and was is None:
        return "Desfeito: a mensagem não vai."
    try:
        is_out = not await _withdraw(desk, one)
    except AlreadyChanged as error:
        raise CannotUndo(error.sentence) from None
    if was is None:
        await by_hand.save(desk.tx, _cancelled(one), desk.now)
        if is_out:
            return f"{GOES_TODAY} Desfeito: nos outros meses ela não vai."
        return "Desfeito: a mensagem não vai."
    before = _as_it_was(desk, one, was)
    if before.state is ScheduledState.WAITING and _is_over(desk, before):
        raise CannotUndo("O horário desta mensagem já passou. Marque outro.")
    await _put(desk, before)
    if is_out and before.day == one.day:
        return f"{GOES_TODAY} Desfeito: nos outros meses ela vai como era antes."
    at = desk.local(before.at)
    return f"Desfeito: a mensagem vai {rules.moment_words(at, desk.now, desk.book.zone)}."


def _now_in_front(desk: Desk, answers: datetime | None) -> Going:
    """Now, before all that wait since this morning; raises InvalidInput outside the hours.

    Several of them keep their order: the earlier row goes first.
    """
    going = rules.at_once(desk.book.rules.window, desk.book.zone, desk.now, answers=answers)
    return replace(going, not_before=schedule.instant(desk.today, time(0), desk.book.zone))


def _moment(desk: Desk, at: datetime | date, monthly_day: int | None) -> datetime:
    """The moment asked for, UTC; one that does not work is refused with the nearest that does."""
    if not isinstance(at, datetime):
        begins, _ = desk.book.sending_hours(at)
        at = max(begins, desk.now + SOON) if at == desk.today else begins
    elif at.tzinfo is None:
        at = schedule.instant(at.date(), at.time(), desk.book.zone)
    _check_monthly(monthly_day)
    found, says = checked(desk, at, monthly_day)
    if says is not None:
        nearest = rules.moment_words(desk.local(found), desk.now, desk.book.zone)
        raise InvalidInput(f"{says} O mais perto que dá: {nearest}.")
    return found


def _check_monthly(monthly_day: int | None) -> None:
    if monthly_day is not None and not 1 <= monthly_day <= LONGEST_MONTH_DAYS:
        raise InvalidInput("Esse dia não existe em mês nenhum. Use um dia de 1 a 31.")


async def _make(desk: Desk, order: _Order) -> int:
    """Keep it, queue it if it is of today, and offer to take it back; returns its id."""
    if not 1 <= len(order.nonce) <= MOST_NONCE:
        raise InvalidInput("Não entendi esse pedido. Comece de novo.")
    text = order.text if order.text is not None else desk.book.templates[order.kind].text
    template = await _check_client(desk, order.client_id, text)
    made, is_new = await by_hand.add(
        desk.tx,
        order.client_id,
        nonce=order.nonce,
        kind=order.kind,
        text=template,
        at=order.at,
        day=desk.local(order.at).date(),
        monthly_day=order.monthly_day,
        now=desk.now,
        text_id=order.text_id,
    )
    if is_new:
        one = await by_hand.find(desk.tx, made)
        await _put(desk, one, order.going)
        await _offer(desk, one, "make")
    return made


async def _check_client(desk: Desk, client_id: int, text: str) -> str:
    """The text as it is kept, if it can go to this client; raises InvalidInput, NotFound."""
    client = await clients.find(desk.tx, client_id)
    refusal = rules.refusal(client)
    if refusal is not None:
        raise InvalidInput(explain(refusal))
    template = written(desk, text)
    try:
        desk.book.fill(template, client, desk.now)
    except (MissingValue, TextTooLong) as error:
        raise InvalidInput(error.sentence) from None
    return template.text


async def _put(desk: Desk, one: Scheduled, going: Going | None = None) -> None:
    """Store it as it is now; what is of today goes into the outbox (E5)."""
    await by_hand.save(desk.tx, one, desk.now)
    if one.state is not ScheduledState.WAITING or one.day != desk.today:
        return
    found = going or rules.going(one.at, desk.book.rules.window, desk.book.zone, desk.now)
    if found is not None:
        await by_hand.queue(desk.tx, one.id, found, desk.now)


async def _held(desk: Desk, schedule_id: int) -> Scheduled:
    await outbox.hold_day(desk.tx)
    return await by_hand.hold(desk.tx, schedule_id)


async def _withdraw(desk: Desk, one: Scheduled) -> bool:
    """Take it out of the outbox, if it is there; AlreadyChanged when it went meanwhile.

    False for one that repeats whose message of today went, or goes, all the same.
    """
    if one.state is not ScheduledState.MADE or one.message_id is None or has_ended(one):
        return True
    if one.monthly_day is not None and one.day != desk.today:
        return True
    gone = await by_hand.withdraw(desk.tx, one.message_id, Reason.CANCELLED, desk.now)
    if not gone and one.monthly_day is None:
        raise AlreadyChanged(GONE_ALREADY)
    return gone or (await by_hand.find(desk.tx, one.id)).message_state in ENDED


def _changed(desk: Desk, one: Scheduled, message: ChangeHandMessage) -> Scheduled:
    """It as the owner wants it; raises InvalidInput, AlreadyChanged."""
    state, at = stands(desk, one)
    if state is HandState.GONE:
        raise AlreadyChanged(GONE_ALREADY)
    if one.state is ScheduledState.CANCELLED and one.reason == Reason.CANCELLED:
        raise AlreadyChanged(OVER_ALREADY)
    monthly_day = one.monthly_day
    if message.at is not None:
        at, monthly_day = _moment(desk, message.at, message.monthly_day), message.monthly_day
    elif has_ended(one):
        raise AlreadyChanged("Esta mensagem não saiu. Marque outro horário para ela.")
    text = one.text if message.text is None else written(desk, message.text).text
    same = (text, at, monthly_day) == (one.text, one.at, one.monthly_day)
    if same and not has_ended(one):
        return one
    after = moved(desk.book, replace(one, text=text, monthly_day=monthly_day), at)
    if after.day == one.day and one.attempt > 0:
        raise AlreadyChanged(TRIED_ALREADY)
    return replace(after, state=ScheduledState.WAITING, reason=None)


def _cancelled(one: Scheduled) -> Scheduled:
    return replace(one, state=ScheduledState.CANCELLED, reason=Reason.CANCELLED)


def _is_over(desk: Desk, one: Scheduled) -> bool:
    if one.at > desk.now:
        return False
    return rules.going(one.at, desk.book.rules.window, desk.book.zone, desk.now) is None


async def _offer(desk: Desk, one: Scheduled, verb: str) -> None:
    """Keep how it was before, for taking the act back; what was just made was not."""
    await undos.add(
        desk.tx,
        Act.BY_HAND,
        topic=f"{one.id}:{verb}",
        client_id=one.client_id,
        payload={"id": one.id, "was": None if verb == "make" else _kept(one)},
        now=desk.now,
    )
    await audit.note(desk.tx, "by_hand", f"{verb} {one.id}", desk.now)


def _kept(one: Scheduled) -> dict[str, Any]:
    return {
        "text": one.text,
        "at": one.at.isoformat(),
        "monthly_day": one.monthly_day,
        "state": one.state,
        "reason": one.reason,
    }


def _as_it_was(desk: Desk, one: Scheduled, was: dict[str, Any]) -> Scheduled:
    """It as it was before the act; what was made then is to be made again."""
    state = ScheduledState(was["state"])
    before = replace(one, text=was["text"], monthly_day=was["monthly_day"])
    before = moved(desk.book, before, datetime.fromisoformat(was["at"]))
    if state is ScheduledState.MADE:
        state = ScheduledState.WAITING
    return replace(before, state=state, reason=was["reason"])


async def _answer(desk: Desk, schedule_id: int, verb: str, connected: bool | None) -> Written:
    """What was made, as it stands now, and how to take it back."""
    one = await by_hand.find(desk.tx, schedule_id)
    stored = await undos.latest(desk.tx, Act.BY_HAND, f"{schedule_id}:{verb}")
    offer = stored.offer(desk.now) if stored else None
    held = await queue_obstacle(desk.tx, desk.book, desk.now, connected=connected)
    return Written(
        message=await shown(desk, one),
        undo=desk.offer(offer),
        held=explain(held) if held and one.day == desk.today and not has_ended(one) else None,
    )
