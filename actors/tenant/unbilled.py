"""Decision 2's question about who was left unbilled: bill all, some, or none of them (E3b).

An answer counts for exactly those that were shown with it. Given twice, it is one answer.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actors.messages.clients import ClientRow
from actors.messages.queue_acts import (
    BillMarked,
    Decided,
    DismissAll,
    GetLeftOut,
    LeftOut,
    LeftOutView,
    MarkLeftOut,
)
from actors.runtime import on
from actors.tenant import left_out
from actors.tenant.desk import Desk
from actors.tenant.queue_acts import QueueActsPart
from domain.client_list import ROWS, clamped, pages_of
from domain.due_dates import status_of
from domain.marks import Marks, kept_marks, seal, stored_marks
from domain.names import first_name
from domain.undo import Act
from storage import audit, outbox, queue_acts, undos
from storage.unbilled import Unbilled
from telemetry import logger

LOG = logger("tenant")
FORM = "unbilled"
MOST_NAMES = 3
DONE = "done"


@dataclass(frozen=True, slots=True)
class _List:
    """Who is listed, with the owner's marks; `answers` is what is kept of them."""

    found: tuple[Unbilled, ...]
    marks: Marks
    answers: dict[str, Any]

    @property
    def marked(self) -> list[Unbilled]:
        """Those who are to be billed."""
        return [one for one in self.found if self.marks.has(one.client_id)]


class UnbilledPart(QueueActsPart):
    """Asks, and carries the answer out."""

    @on(GetLeftOut)
    async def get_left_out(self, message: GetLeftOut) -> LeftOutView:
        """Who was left out, with the owner's marks."""
        async with self._desk() as desk:
            return _view(desk, await _read(desk), message.page)

    @on(MarkLeftOut)
    async def mark_left_out(self, message: MarkLeftOut) -> LeftOutView:
        """Mark as the button says, however often it is pressed."""
        async with self._desk() as desk:
            await outbox.hold_day(desk.tx)
            listed = await _read(desk)
            if message.client_id is None:
                marks = Marks(rest=message.on)
            else:
                marks = listed.marks.put(message.client_id, on=message.on)
            listed = await _keep(desk, _List(listed.found, marks, listed.answers))
            return _view(desk, listed, message.page)

    @on(BillMarked)
    async def bill_marked(self, message: BillMarked) -> Decided:
        """Queue the cobranca of those that are marked (decision 2)."""
        async with self._desk() as desk:
            await outbox.hold_day(desk.tx)
            listed = await _read(desk)
            if _seal(listed.marked) != message.seal or not listed.marked:
                return await _again(desk, listed, message.seal)
            ids = [one.client_id for one in listed.marked]
            billed = await left_out.bill(desk.tx, desk.book, ids, desk.now)
            await audit.note(desk.tx, "bill late", f"{billed} clients", desk.now)
            listed = await _decided(desk, message.seal, billed, None)
            answer = Decided(done=True, clients=billed, left=_view(desk, listed, 1))
        LOG.info("billed late", tenant_id=self._tenant_id, clients=billed)
        await self._wake_session()
        return answer

    @on(DismissAll)
    async def dismiss_all(self, message: DismissAll) -> Decided:
        """List them no more; it can be undone."""
        async with self._desk() as desk:
            await outbox.hold_day(desk.tx)
            listed = await _read(desk)
            if _seal(listed.found) != message.seal or not listed.found:
                return await _again(desk, listed, message.seal)
            ids = [one.client_id for one in listed.found]
            dismissed = await left_out.dismiss(desk.tx, desk.book, ids, desk.now)
            made = await undos.add(
                desk.tx,
                Act.DISMISS,
                topic=message.seal,
                client_id=None,
                payload={"at": desk.now.isoformat()},
                now=desk.now,
            )
            await audit.note(desk.tx, "dismiss", f"{dismissed} clients", desk.now)
            listed = await _decided(desk, message.seal, dismissed, made.undo_id)
            return Decided(
                done=True,
                clients=dismissed,
                left=_view(desk, listed, 1),
                undo=desk.offer(made),
            )


async def _read(desk: Desk) -> _List:
    found = await left_out.left_out(desk.tx, desk.book, desk.now)
    answers = await queue_acts.marks(desk.tx, FORM)
    return _List(tuple(found), stored_marks(answers, desk.today.isoformat()), answers)


async def _keep(desk: Desk, listed: _List) -> _List:
    ids = [one.client_id for one in listed.found]
    answers = kept_marks(listed.marks, desk.today.isoformat(), ids)
    if DONE in listed.answers:
        answers[DONE] = listed.answers[DONE]
    await queue_acts.put_marks(desk.tx, FORM, answers, desk.now)
    return _List(listed.found, listed.marks, answers)


async def _decided(desk: Desk, sealed: str, clients: int, undo_id: int | None) -> _List:
    """Remember the answer: who gives it again is told the same, and nobody else is billed by it."""
    listed = await _read(desk)
    answers = {**listed.answers, DONE: [sealed, clients, undo_id]}
    return await _keep(desk, _List(listed.found, listed.marks, answers))


async def _again(desk: Desk, listed: _List, sealed: str) -> Decided:
    """What to say to an answer about another list than there is: perhaps it was given already."""
    shown = _view(desk, listed, 1)
    match listed.answers.get(DONE):
        case [before, int(clients), undo_id] if before == sealed:
            stored = await undos.latest(desk.tx, Act.DISMISS, sealed) if undo_id else None
            offer = stored.offer(desk.now) if stored else None
            return Decided(done=True, clients=clients, left=shown, undo=desk.offer(offer))
        case _:
            return Decided(done=False, clients=0, left=shown)


def _seal(clients: "list[Unbilled] | tuple[Unbilled, ...]") -> str:
    return seal(f"{one.client_id} {one.due_on}" for one in clients)


def _view(desk: Desk, listed: _List, page: int) -> LeftOutView:
    total = len(listed.found)
    pages = pages_of(total)
    page = clamped(page, pages)
    marked = listed.marked
    return LeftOutView(
        rows=tuple(
            LeftOut(
                row=ClientRow(
                    one.client_id, one.name, one.due_on, status_of(one.due_on, desk.today)
                ),
                price=one.price,
                reason=one.reason,
                marked=listed.marks.has(one.client_id),
            )
            for one in listed.found[(page - 1) * ROWS : page * ROWS]
        ),
        today=desk.today,
        page=page,
        pages=pages,
        total=total,
        marked=len(marked),
        amount=sum((one.price for one in marked if one.price is not None), Decimal(0)),
        why=_why(listed.found),
        seal=_seal(marked),
        all_seal=_seal(listed.found),
    )


def _why(found: tuple[Unbilled, ...]) -> tuple[tuple[str, tuple[str, ...], int], ...]:
    """Each reason with the first names of some who have it, the commonest first."""
    by_reason: dict[str, list[str]] = {}
    for one in found:
        by_reason.setdefault(one.reason, []).append(first_name(one.name))
    said = sorted(by_reason.items(), key=lambda item: -len(item[1]))
    return tuple((reason, tuple(names[:MOST_NAMES]), len(names)) for reason, names in said)
