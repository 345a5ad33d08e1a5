"""Renewals and payments: what a tenant is asked about the money of its clients, and its answers.

All money is Decimal, in reais. Repeats answer as the first did, and add nothing.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from actors.messages.clients import CancelledMessage, ClientRow
from actors.messages.undo import UndoOffer
from actors.runtime import Request
from domain.renewal import RenewalChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalChoices:
    """What a renewal may be (C6), the likeliest date first.

    `amount` is the one asked for, else what is open of the price; None where no price is known.
    `rest` is what it would leave unpaid.
    """

    row: ClientRow
    plan: str | None
    price: Decimal | None
    amount: Decimal | None
    rest: Decimal
    choices: tuple[RenewalChoice, ...]


@dataclass(frozen=True, slots=True)
class GetRenewal(Request[RenewalChoices]):
    """The dates and the amount to choose from."""

    client_id: int
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ReadRenewalDate(Request[date]):
    """The date that was typed for a renewal (C6); raises InvalidInput for the past."""

    client_id: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """What a renewal did (C7, C8).

    `preview` is the message it could send, None without a text for it. `repeated`: it had been done
    before. `undo` is None once it cannot be undone.
    """

    row: ClientRow
    before: date
    amount: Decimal
    rest: Decimal
    cancelled: tuple[CancelledMessage, ...]
    preview: str | None
    undo: UndoOffer | None
    payment_id: int
    repeated: bool


@dataclass(frozen=True, slots=True)
class RenewClient(Request[Renewed]):
    """Record a payment, move the due date, cancel what was pending: at once (C6, C7, C9).

    `due_on_before` is the due date the owner saw: AlreadyChanged when it stands no more, unless by
    this very renewal.
    """

    client_id: int
    due_on_before: date
    due_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """One line of the ledger (C9). A renewal has `due_on_after`; an erased client has no name."""

    payment_id: int
    client_id: int | None
    name: str | None
    amount: Decimal
    paid_on: date
    due_on_before: date | None
    due_on_after: date | None
    note: str | None
    voided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsView:
    """One page of payments, the latest first; `sum` is of all pages, without the voided."""

    row: ClientRow | None
    payments: tuple[PaymentRow, ...]
    month: date | None
    page: int
    total: int
    pages: int
    sum: Decimal


@dataclass(frozen=True, slots=True)
class GetPayments(Request[PaymentsView]):
    """The payments of one client, or of all: the list behind "Recebido".

    `month` is any day of the month, None for all time; the month's list has no voided lines.
    """

    client_id: int | None = None
    page: int = 1
    month: date | None = None


@dataclass(frozen=True, slots=True)
class PaymentView:
    """One payment, its client, and what voiding it would do to the due date (C14)."""

    payment: PaymentRow
    row: ClientRow | None
    says: str


@dataclass(frozen=True, slots=True)
class GetPayment(Request[PaymentView]):
    """One payment, before it is changed."""

    payment_id: int


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that was recorded, and what is still open; the due date is as it was."""

    row: ClientRow
    amount: Decimal
    rest: Decimal
    payment_id: int
    undo: UndoOffer | None


@dataclass(frozen=True, slots=True)
class RecordPayment(Request[Paid]):
    """Record a payment, partial or late, that renews nothing (C14).

    `nonce` is the button's own: the same again is the same payment.
    """

    client_id: int
    amount: Decimal
    nonce: str


@dataclass(frozen=True, slots=True)
class PaymentChanged:
    """A payment as it is now, and what became of the due date. `undo`: None if nothing changed."""

    payment: PaymentRow
    row: ClientRow | None
    undo: UndoOffer | None
    says: str


@dataclass(frozen=True, slots=True)
class VoidPayment(Request[PaymentChanged]):
    """Not received after all: the line stays, and counts no more (C9)."""

    payment_id: int


@dataclass(frozen=True, slots=True)
class RestorePayment(Request[PaymentChanged]):
    """Received after all: the line counts again."""

    payment_id: int


@dataclass(frozen=True, slots=True)
class CorrectPayment(Request[PaymentChanged]):
    """Set right what was paid, when, or the note; None leaves what is there. "" empties the note.

    Raises InvalidInput.
    """

    payment_id: int
    amount: Decimal | None = None
    paid_on: date | None = None
    note: str | None = None
