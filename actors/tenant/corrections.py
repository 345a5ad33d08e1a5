"""Payments set right afterwards: not received, received after all, another amount or day (C9, C14).

None of it moves a due date, which is said with each answer, and before.
"""

from dataclasses import replace

from actors.messages.payments import (
    CorrectPayment,
    GetPayment,
    PaymentChanged,
    PaymentView,
    RestorePayment,
    VoidPayment,
)
from actors.runtime import on
from actors.tenant import cards
from actors.tenant.desk import Desk, DeskPart
from actors.tenant.payments import payment_row
from domain.clients import parse_notes
from domain.due_dates import short_date
from domain.money import check_price
from domain.renewal import due_date_stays
from domain.undo import Act
from errors import InvalidInput
from storage import audit, ledger, undos
from storage.ledger import Line


class CorrectionsPart(DeskPart):
    """Sets payments right."""

    @on(GetPayment)
    async def get_payment(self, message: GetPayment) -> PaymentView:
        """One payment, and what changing it does to the due date."""
        async with self._desk() as desk:
            line = await ledger.find(desk.tx, message.payment_id)
            row = await cards.row(desk, line.client_id) if line.client_id else None
        says = due_date_stays(line.name, row.due_on if row else None)
        return PaymentView(payment_row(line), row, says)

    @on(VoidPayment)
    async def void_payment(self, message: VoidPayment) -> PaymentChanged:
        """Have it count no more."""
        async with self._desk() as desk:
            line = await ledger.find(desk.tx, message.payment_id)
            if not line.voided:
                await ledger.void(desk.tx, line.payment_id, desk.now)
                await audit.note(desk.tx, "void", f"payment {line.payment_id}", desk.now)
            return await _changed(desk, Act.VOID, line, is_new=not line.voided)

    @on(RestorePayment)
    async def restore_payment(self, message: RestorePayment) -> PaymentChanged:
        """Have it count again."""
        async with self._desk() as desk:
            line = await ledger.find(desk.tx, message.payment_id)
            if line.voided:
                await ledger.restore(desk.tx, line.payment_id)
                await audit.note(desk.tx, "restore", f"payment {line.payment_id}", desk.now)
            return await _changed(desk, Act.RESTORE, line, is_new=line.voided)

    @on(CorrectPayment)
    async def correct_payment(self, message: CorrectPayment) -> PaymentChanged:
        """Set right the amount, the day or the note."""
        async with self._desk() as desk:
            line = await ledger.find(desk.tx, message.payment_id)
            after = _corrected(line, message)
            if after.paid_on > desk.today:
                raise InvalidInput(
                    f"{short_date(after.paid_on)} ainda não chegou. Mande o dia em que recebeu."
                )
            if after != line:
                await ledger.correct(desk.tx, line.payment_id, after.amount, after.paid_on)
                await ledger.annotate(desk.tx, line.payment_id, after.note)
                await audit.note(desk.tx, "correct", f"payment {line.payment_id}", desk.now)
            return await _changed(desk, Act.CORRECT, line, is_new=after != line)


def facts_of(line: Line) -> list[str | None]:
    """What can be set right of a line, as plain text."""
    return [str(line.amount), line.paid_on.isoformat(), line.note]


def _corrected(line: Line, message: CorrectPayment) -> Line:
    return replace(
        line,
        amount=line.amount if message.amount is None else check_price(message.amount),
        paid_on=message.paid_on or line.paid_on,
        note=line.note if message.note is None else parse_notes(message.note),
    )


async def _changed(desk: Desk, act: Act, before: Line, *, is_new: bool) -> PaymentChanged:
    """The answer to a change of `before`, with its offer: a repeat finds that of the first."""
    topic = str(before.payment_id)
    if is_new:
        after = await ledger.find(desk.tx, before.payment_id)
        payload = {
            "payment_id": before.payment_id,
            "before": facts_of(before),
            "after": facts_of(after),
        }
        offer: undos.Offer | None = await undos.add(
            desk.tx, act, topic=topic, client_id=before.client_id, payload=payload, now=desk.now
        )
    else:
        stored = await undos.latest(desk.tx, act, topic)
        offer = stored.offer(desk.now) if stored else None
    line = await ledger.find(desk.tx, before.payment_id)
    row = await cards.row(desk, line.client_id) if line.client_id else None
    says = due_date_stays(line.name, row.due_on if row else None)
    return PaymentChanged(payment_row(line), row, desk.offer(offer), says)
