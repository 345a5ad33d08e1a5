"""What the local Mercado Pago knows: the payments of one account, and what may become of each.

Time comes from outside, so that a charge runs out by the clock of whoever plays.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import SystemRandom

from playground.mercado_pago_orders import wish_in
from playground.mercado_pago_payments import Held, Refund
from playground.mercado_pago_refusals import (
    NOT_FOUND,
    TOO_LATE,
    TOO_MUCH,
    WRONG_STATE,
    Json,
    Refusal,
    bad_request,
)

# Whose payments are forgotten with the process, and kept by whoever asked: no number comes twice.
FIRST_IDS = (10**11, 9 * 10**11)
# The real one takes some minutes: whoever pays in between has paid.
RUNS_OUT_AFTER = timedelta(minutes=3)
REFUNDABLE = timedelta(days=180)
OF_ONE_REFUND = 3  # deliveries: as it was seen


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered to a key, to be answered again; `raw` is what it was asked with."""

    raw: bytes
    held: Held | None
    refusal: Refusal | None = None


class Bank:
    """One account; `on_change` hears of each payment that was made or has changed."""

    def __init__(
        self,
        now: Callable[[], datetime],
        on_change: Callable[[Held, str, int], None],
        first_id: int | None = None,
    ) -> None:
        self.now = now
        self._on_change = on_change
        self._payments: dict[int, Held] = {}
        self._last_id = (first_id or SystemRandom().randrange(*FIRST_IDS)) - 1
        self.answered: dict[str, Answered] = {}

    # Looking

    def all(self) -> Iterator[Held]:
        """Every payment as it is by now, the newest first."""
        for held in reversed(self._payments.values()):
            self._run_out(held)
            yield held

    def held(self, payment_id: str | int) -> Held:
        """One payment as it is by now; raises Refusal."""
        text = str(payment_id)
        held = self._payments.get(int(text)) if text.isascii() and text.isdecimal() else None
        if held is None:
            raise not_found()
        self._run_out(held)
        return held

    def by_code(self, code: str) -> Held:
        """The payment that a code is of; raises Refusal."""
        found = next((one for one in self.all() if one.code == code), None)
        if found is None:
            raise not_found()
        return found

    # What the account asks for

    def make(self, body: Json) -> Held:
        """Make a charge; raises Refusal."""
        now = self.now()
        held = Held(
            payment_id=self.next_id(), wish=wish_in(body, now), created_at=now, updated_at=now
        )
        self._payments[held.payment_id] = held
        self._on_change(held, "payment.created", 1)
        return held

    def cancel(self, held: Held) -> None:
        """Call a charge off that nobody paid yet."""
        self._only(held, "pending")
        self._change(held, "cancelled", "by_collector")

    def refund(self, held: Held, amount: Decimal | None = None) -> Refund:
        """Give back all that is left, or a part."""
        self._only(held, "approved")
        now = self.now()
        if held.approved_at is not None and now - held.approved_at > REFUNDABLE:
            raise bad_request(TOO_LATE)
        left = held.amount - held.refunded
        amount = left if amount is None else amount
        if amount > left:
            raise bad_request(TOO_MUCH)
        refund = Refund(refund_id=self.next_id(), amount=amount, at=now)
        held.refunds.append(refund)
        if held.refunded == held.amount:
            self._change(held, "refunded", "refunded", OF_ONE_REFUND)
        else:
            self._change(held, "approved", "partially_refunded", OF_ONE_REFUND)
        return refund

    # What others do

    def pay(
        self, held: Held, *, amount: Decimal | None = None, currency: str | None = None
    ) -> None:
        """Somebody pays it; another `amount` or `currency` is what only a forger could do."""
        self._only(held, "pending")
        held.paid, held.currency = amount, currency or held.currency
        held.approved_at = self.now()
        self._change(held, "approved", "accredited")

    def refuse(self, held: Held) -> None:
        """The payer's bank does not let it through."""
        self._only(held, "pending")
        self._change(held, "rejected", "rejected_high_risk")

    def expire(self, held: Held) -> None:
        """It runs out now."""
        self._only(held, "pending")
        self._change(held, "cancelled", "expired")

    def charge_back(self, held: Held) -> None:
        """The payer's bank takes it back."""
        self._only(held, "approved", "in_mediation")
        self._change(held, "charged_back", "settled")

    def mediate(self, held: Held) -> None:
        """The payer complains."""
        self._only(held, "approved")
        self._change(held, "in_mediation", "pending")

    def win(self, held: Held) -> None:
        """The account was right, and keeps the money."""
        self._only(held, "charged_back", "in_mediation")
        self._change(held, "approved", "accredited")

    # Helpers

    def _run_out(self, held: Held) -> None:
        over = held.wish.expires_at + RUNS_OUT_AFTER
        if held.status == "pending" and self.now() >= over:
            self._change(held, "cancelled", "expired")

    def _change(self, held: Held, status: str, detail: str, deliveries: int = 1) -> None:
        held.status, held.status_detail = status, detail
        # Each change is later than the one before, whoever moves the clock.
        held.updated_at = max(self.now(), held.updated_at + timedelta(milliseconds=1))
        self._on_change(held, "payment.updated", deliveries)

    def next_id(self) -> int:
        """A number nobody has."""
        self._last_id += 1
        return self._last_id

    @staticmethod
    def _only(held: Held, *statuses: str) -> None:
        if held.status not in statuses:
            raise bad_request(WRONG_STATE)


def not_found() -> Refusal:
    """What is said of a payment that is not there."""
    return Refusal(404, NOT_FOUND[1], NOT_FOUND[0])
