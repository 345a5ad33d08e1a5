"""What a shop's list, due dates and ledger must be after each act: the rules once more, in brief.

Written from the rules (C3, C6, C9, C13, C14), not from the code that keeps them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from tests.play.days import fold, following, on_day

ZERO = Decimal("0.00")
UNDO_FOR = timedelta(minutes=10)
THIRTY = timedelta(days=30)
ROWS = 6


@dataclass
class Client:
    """Somebody who pays; `agreed` is the day of the month that was agreed on."""

    number: int
    name: str
    due: date
    agreed: int
    price: Decimal
    plan: str
    billing: bool = True
    notices: bool = True
    archived: bool = False

    def choices(self, today: date) -> list[date]:
        """The dates that a renewal offers, the likeliest first (C6)."""
        found = []
        days = int(self.plan.partition(" ")[0])
        if days != THIRTY.days:
            found.append(max(self.due, today) + timedelta(days=days))
        if self.due < today:
            found.append(today + THIRTY)
        if self.due + THIRTY > today:
            found.append(self.due + THIRTY)
        month = following(self.due)
        while on_day(month, self.agreed) <= today:
            month = following(month)
        same_day = on_day(month, self.agreed)
        by_month = self.agreed != self.due.day
        return [same_day, *found] if by_month else [*found, same_day]


@dataclass
class Payment:
    """A line of the ledger; with `after`, it renewed, at the `price` of then."""

    client: int | None
    amount: Decimal
    paid_on: date
    before: date
    after: date | None = None
    price: Decimal = ZERO
    voided: bool = False


@dataclass
class Act:
    """Something that can be taken back until then: `back` says whether it was."""

    data: str
    client: Client | None
    until: datetime
    back: Callable[[], bool]
    is_done: bool = False


@dataclass
class Shop:
    """All of it. `gone` are the numbers of who was deleted."""

    clients: dict[int, Client] = field(default_factory=dict)
    payments: list[Payment] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)

    # Acts

    def renew(self, client: Client, due: date, amount: Decimal, today: date) -> Callable[[], bool]:
        """Move the due date and record the payment; how it is taken back (C14)."""
        payment = Payment(client.number, amount, today, client.due, due, client.price)
        self.payments.append(payment)
        before = client.due, client.agreed
        client.due = due
        client.agreed = client.agreed if due == on_day(due, client.agreed) else due.day
        after = client.due, client.agreed

        def back() -> bool:
            if (client.due, client.agreed) != after:
                return False
            client.due, client.agreed = before
            payment.voided = True
            return True

        return back

    def pay(self, client: Client, amount: Decimal, today: date) -> Callable[[], bool]:
        """Record a payment towards the oldest debt it fits into (C14)."""
        payment = Payment(client.number, amount, today, self._towards(client, amount))
        self.payments.append(payment)
        return lambda: self.count(payment, voided=True)

    def count(self, payment: Payment, *, voided: bool) -> bool:
        """Have a payment count, or not (C9)."""
        payment.voided = voided
        return True

    def change(self, what: Client | Payment, **values: object) -> Callable[[], bool]:
        """Set fields; taken back only while the first of them stands."""
        before = {name: getattr(what, name) for name in values}
        first = next(iter(values))

        def back() -> bool:
            if getattr(what, first) != values[first]:
                return False
            vars(what).update(before)
            return True

        vars(what).update(values)
        return back

    def delete(self, client: Client) -> None:
        """For good; what was paid stays counted, without a name."""
        del self.clients[client.number]
        for payment in self.payments:
            payment.client = None if payment.client == client.number else payment.client

    def undo(self, act: Act, now: datetime) -> bool:
        """Take an act back, once, in time, and as long as its client is there."""
        if act.is_done or client_gone(self, act) or now >= act.until or not act.back():
            return False
        act.is_done = True
        return True

    # What is to be seen

    def listed(self, *, archived: bool = False) -> list[Client]:
        """The list in its order (C3)."""
        shown = (one for one in self.clients.values() if one.archived == archived)
        return sorted(shown, key=lambda one: (one.due, fold(one.name), one.number))

    def label(self, client: Client, today: date) -> str:
        """A row of it."""
        year = "" if client.due.year == today.year else f"/{client.due.year}"
        return f"{emoji(client, today)} {client.name} · {client.due:%d/%m}{year}"

    def counts(self, today: date) -> dict[str, int]:
        """How many stand how."""
        stand = [emoji(one, today) for one in self.listed()]
        return {sign: stand.count(sign) for sign in "🔴🟡🟢"}

    def money(self, today: date) -> list[Decimal]:
        """Expected, received and overdue; expected is received + to come + overdue."""
        month_end = on_day(today, 31)
        overdue = sum((self.owed(one) for one in self.listed() if one.due < today), ZERO)
        to_come = sum((self.owed(c) for c in self.listed() if today <= c.due <= month_end), ZERO)
        received = sum((one.amount for one in self.ledger(today)), ZERO)
        return [received + to_come + overdue, received, overdue]

    def ledger(self, today: date) -> list[Payment]:
        """The month's payments, the latest first."""
        month = f"{today:%Y%m}"
        return latest_first(
            one for one in self.payments if not one.voided and f"{one.paid_on:%Y%m}" == month
        )

    def of_client(self, client: Client) -> list[Payment]:
        """All of a client, the latest first."""
        return latest_first(one for one in self.payments if one.client == client.number)

    def owed(self, client: Client) -> Decimal:
        """What is left of the price for the due date that stands."""
        return max(ZERO, client.price - self._paid(client, client.due))

    def _paid(self, client: Client, due: date) -> Decimal:
        lines = (p for p in self.payments if p.client == client.number and not p.voided)
        return sum((p.amount for p in lines if p.before == due and p.after is None), ZERO)

    def _towards(self, client: Client, amount: Decimal) -> date:
        led_here = [
            p
            for p in self.payments
            if p.client == client.number and p.after == client.due and not p.voided
        ]
        if led_here:
            last = led_here[-1]
            if amount <= last.price - last.amount - self._paid(client, last.before):
                return last.before
        return client.due


def latest_first(lines: Iterable[Payment]) -> list[Payment]:
    """By the day they were paid on; of one day, what was recorded last comes first."""
    numbered = sorted(enumerate(lines), key=lambda one: (one[1].paid_on, one[0]), reverse=True)
    return [line for _, line in numbered]


def client_gone(shop: Shop, act: Act) -> bool:
    """Whether the client of an act was deleted."""
    return act.client is not None and act.client.number not in shop.clients


def emoji(client: Client, today: date) -> str:
    """🟢 more than 3 days, 🟡 0 to 3, 🔴 overdue (C3)."""
    ahead = (client.due - today).days
    return "🔴" if ahead < 0 else "🟡" if ahead <= 3 else "🟢"
