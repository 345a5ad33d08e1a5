"""Renewing, and the ledger of what clients paid (C6–C9, C14)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from actors.messages.clients import CancelledMessage
from actors.messages.payments import (
    GetPayments,
    GetRenewal,
    Paid,
    PaymentRow,
    PaymentsView,
    ReadRenewalDate,
    RecordPayment,
    RenewalChoices,
    RenewClient,
    Renewed,
)
from actors.runtime import on
from actors.tenant import cards
from actors.tenant.desk import Desk, DeskPart
from domain.client_list import pages_of
from domain.due_dates import day_in_month
from domain.money import check_price
from domain.reminders import Kind
from domain.renewal import (
    ZERO,
    already_moved,
    check_amount,
    check_renewal,
    renewal_choices,
    still_open,
)
from domain.typed_dates import parse_renewal_date
from domain.undo import Act
from errors import AlreadyChanged
from storage import audit, client_card, clients, ledger, undos
from storage.client_card import Card
from storage.ledger import Line, Renewal

LAST_DAY = 31


class PaymentsPart(DeskPart):
    """Renews, and records what was paid."""

    @on(GetRenewal)
    async def get_renewal(self, message: GetRenewal) -> RenewalChoices:
        """The dates and the amount to choose from (C6)."""
        async with self._desk() as desk:
            card = await client_card.card(desk.tx, message.client_id)
            client = card.client
            open_amount = None if client.price is None else still_open(client.price, card.paid)
            amount = open_amount if message.amount is None else check_amount(message.amount)
            return RenewalChoices(
                row=cards.row_of(desk, client),
                plan=client.plan,
                price=client.price,
                amount=amount,
                rest=max(ZERO, (open_amount or ZERO) - (amount or ZERO)),
                choices=renewal_choices(client, desk.today),
            )

    @on(ReadRenewalDate)
    async def read_renewal_date(self, message: ReadRenewalDate) -> date:
        """The date that was typed; never one of the past (C6)."""
        async with self._desk() as desk:
            await client_card.find_row(desk.tx, message.client_id)
            return parse_renewal_date(message.text, desk.today)

    @on(RenewClient)
    async def renew_client(self, message: RenewClient) -> Renewed:
        """Record the payment, move the due date and cancel what was pending, at once (C6–C9)."""
        async with self._desk() as desk:
            renewal = await _renew(desk, message)
            if renewal.repeated:
                stored = await undos.latest(desk.tx, Act.RENEW, str(renewal.payment_id))
                offer = stored.offer(desk.now) if stored else None
                gone = _cancelled_then(desk, stored.payload if stored else {})
            else:
                offer = await _note_renewal(desk, message, renewal)
                gone = cards.cancelled(desk, renewal.cancelled, renewal.scheduled)
            card = await client_card.card(desk.tx, message.client_id)
            is_todays = desk.is_todays(message.due_on)
            answer = Renewed(
                row=cards.row_of(desk, card.client),
                before=message.due_on_before,
                amount=message.amount,
                rest=card.rest,
                cancelled=gone,
                preview=desk.words(card.client, Kind.RENEWAL),
                undo=desk.offer(offer),
                payment_id=renewal.payment_id,
                repeated=renewal.repeated,
            )
        # A reminder of the new due date may be of today (E4). The renewal is done in any case: an
        # error here would have it done twice.
        if is_todays:
            await self._plan_if_possible()
        return answer

    @on(RecordPayment)
    async def record_payment(self, message: RecordPayment) -> Paid:
        """Record a payment that renews nothing; the oldest debt it fits into comes first (C14)."""
        amount = check_price(message.amount)
        async with self._desk() as desk:
            await clients.hold(desk.tx, message.client_id)
            card = await client_card.card(desk.tx, message.client_id)
            payment_id, recorded, is_new = await ledger.record(
                desk.tx,
                message.client_id,
                amount=amount,
                paid_on=desk.today,
                towards=_towards(card, amount),
                nonce=message.nonce,
                now=desk.now,
            )
            offer = await self._offer_payment(desk, message.client_id, payment_id, is_new=is_new)
            after = await client_card.card(desk.tx, message.client_id)
            return Paid(
                row=cards.row_of(desk, after.client),
                amount=recorded,
                rest=after.rest + still_open(after.client.price, after.paid),
                payment_id=payment_id,
                undo=desk.offer(offer),
            )

    @on(GetPayments)
    async def get_payments(self, message: GetPayments) -> PaymentsView:
        """A page of the ledger: of one client, or of all (law 10: totals open their list)."""
        month = message.month.replace(day=1) if message.month else None
        last = day_in_month(month.year, month.month, LAST_DAY) if month else None
        async with self._desk() as desk:
            row = None
            if message.client_id is not None:
                row = await cards.row(desk, message.client_id)
            found = await ledger.page(
                desk.tx, client_id=message.client_id, first=month, last=last, page=message.page
            )
        return PaymentsView(
            row=row,
            payments=tuple(payment_row(line) for line in found.lines),
            month=month,
            page=found.page,
            total=found.total,
            pages=pages_of(found.total),
            sum=found.sum,
        )

    async def _offer_payment(
        self, desk: Desk, client_id: int, payment_id: int, *, is_new: bool
    ) -> undos.Offer | None:
        if not is_new:
            stored = await undos.latest(desk.tx, Act.PAY, str(payment_id))
            return stored.offer(desk.now) if stored else None
        await audit.note(desk.tx, "pay", f"payment {payment_id}", desk.now)
        return await undos.add(
            desk.tx,
            Act.PAY,
            topic=str(payment_id),
            client_id=client_id,
            payload={"payment_id": payment_id},
            now=desk.now,
        )


def payment_row(line: Line) -> PaymentRow:
    """A line of the ledger as screens show it."""
    return PaymentRow(**{name: getattr(line, name) for name in PaymentRow.__dataclass_fields__})


async def _renew(desk: Desk, message: RenewClient) -> Renewal:
    """Renew, or find that it was done; raises AlreadyChanged with the owner's sentence."""
    amount = check_amount(message.amount)
    check_renewal(message.due_on, desk.today)
    try:
        return await ledger.renew(
            desk.tx,
            message.client_id,
            due_on=message.due_on,
            amount=amount,
            paid_on=desk.today,
            now=desk.now,
            due_on_before=message.due_on_before,
        )
    except AlreadyChanged:
        client = await clients.find(desk.tx, message.client_id)
        raise AlreadyChanged(already_moved(client)) from None


async def _note_renewal(desk: Desk, message: RenewClient, renewal: Renewal) -> undos.Offer:
    """Keep what undoing takes, and that it was done."""
    await audit.note(desk.tx, "renew", f"client {message.client_id}", desk.now)
    return await undos.add(
        desk.tx,
        Act.RENEW,
        topic=str(renewal.payment_id),
        client_id=message.client_id,
        payload={
            "payment_id": renewal.payment_id,
            "due_on_before": message.due_on_before,
            "due_on_after": message.due_on,
            "agreed_before": renewal.agreed_before,
            "agreed_after": renewal.agreed_after,
            "messages": [
                [gone.message_id, gone.kind, gone.day, gone.at] for gone in renewal.cancelled
            ],
            "scheduled": cards.kept_scheduled(desk, renewal.scheduled),
        },
        now=desk.now,
    )


def _cancelled_then(desk: Desk, payload: dict[str, Any]) -> tuple[CancelledMessage, ...]:
    """What a renewal cancelled when it was done first."""
    messages = [(kind, at) for _, kind, _, at in payload.get("messages", ())]
    messages += [(Kind.GENERAL, at) for _, at in payload.get("scheduled", ()) if at is not None]
    moments = [(Kind(kind), desk.local(datetime.fromisoformat(at))) for kind, at in messages]
    return tuple(CancelledMessage(kind=kind, day=at.date(), at=at) for kind, at in moments)


def _towards(card: Card, amount: Decimal) -> date:
    """Which due date a payment goes towards: what the last renewal left open, if it fits there."""
    if card.renewed_from is not None and amount <= card.rest:
        return card.renewed_from
    return card.client.due_on
