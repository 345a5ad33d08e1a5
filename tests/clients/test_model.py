"""Renewing, paying, voiding and undoing in any order: the books are what a model says (C14)."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actors.messages.clients import GetClient
from actors.messages.payments import GetPayments, RecordPayment, VoidPayment
from actors.messages.undo import UndoOffer
from domain.due_dates import agreed_after
from errors import CannotUndo
from tests.clients.shop import NINE, Shop

START = date(2026, 11, 30)
PRICE = Decimal(100)
EXAMPLES = 40
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("renew"), st.sampled_from([1, 28, 30, 31, 62])),
        st.tuples(st.just("pay"), st.sampled_from([1, 40, 100])),
        st.tuples(st.just("void"), st.integers(0, 3)),
        st.tuples(st.just("undo"), st.integers(0, 3)),
    ),
    max_size=8,
)


@dataclass(frozen=True, slots=True)
class Done:
    """One act of the model: the payment it made, or voided, and the dates it moved."""

    payment: int
    voids: bool = False
    before: tuple[date, int] | None = None
    after: tuple[date, int] | None = None


@dataclass(slots=True)
class Books:
    """The model: the due date, the agreed day, what each payment is worth, what was done."""

    due: tuple[date, int] = (START, 31)
    amounts: list[Decimal] = field(default_factory=list)
    voided: set[int] = field(default_factory=set)
    done: list[Done] = field(default_factory=list)
    undone: set[int] = field(default_factory=set)

    def renew(self, due_on: date) -> None:
        """A full payment that moves the due date."""
        self.amounts.append(PRICE)
        after = (due_on, agreed_after(self.due[1], due_on))
        self.done.append(Done(len(self.amounts) - 1, before=self.due, after=after))
        self.due = after

    def undo(self, number: int) -> bool:
        """Take an act back; False where what it did does not stand."""
        act = self.done[number]
        if number not in self.undone:
            if act.after not in {None, self.due}:
                return False
            self.due = act.before or self.due
            (self.voided.discard if act.voids else self.voided.add)(act.payment)
            self.undone.add(number)
        return True

    @property
    def received(self) -> Decimal:
        """All that counts."""
        counted = (amount for n, amount in enumerate(self.amounts) if n not in self.voided)
        return sum(counted, Decimal(0))


@dataclass(slots=True)
class Run:
    """The real shop beside the model."""

    shop: Shop
    client_id: int
    books: Books = field(default_factory=Books)
    payments: list[int] = field(default_factory=list)
    offers: list[UndoOffer] = field(default_factory=list)

    async def step(self, act: str, number: int) -> None:
        """One act on both."""
        if act == "renew":
            await self.renew(number)
        elif act == "pay":
            await self.pay(Decimal(number))
        elif act == "void" and self.payments:
            await self.void(number % len(self.payments))
        elif act == "undo" and self.offers:
            await self.undo(number % len(self.offers))

    async def renew(self, days: int) -> None:
        """A renewal from the due date that stands."""
        card = await self.shop.ask(GetClient(self.client_id))
        renewed = await self.shop.renew(card, days, PRICE)
        self.books.renew(card.client.due_on + timedelta(days=days))
        self.keep(renewed.payment_id, renewed.undo)

    async def pay(self, amount: Decimal) -> None:
        """A payment that moves nothing."""
        paid = await self.shop.ask(
            RecordPayment(self.client_id, amount, f"{self.client_id}.{len(self.payments)}")
        )
        self.books.amounts.append(amount)
        self.books.done.append(Done(len(self.books.amounts) - 1))
        self.keep(paid.payment_id, paid.undo)

    async def void(self, number: int) -> None:
        """Not received after all; a second time nothing changes."""
        voided = await self.shop.ask(VoidPayment(self.payments[number]))
        if number not in self.books.voided:
            self.books.voided.add(number)
            self.books.done.append(Done(number, voids=True))
            self.keep(None, voided.undo)

    async def undo(self, number: int) -> None:
        """Both take it back, or neither."""
        could = self.books.undo(number)
        with nullcontext() if could else pytest.raises(CannotUndo):
            await self.shop.undo(self.offers[number])

    def keep(self, payment_id: int | None, offer: UndoOffer | None) -> None:
        """Remember what can be named later."""
        assert offer is not None
        self.offers.append(offer)
        if payment_id is not None:
            self.payments.append(payment_id)


@given(steps=STEPS)
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_books_are_what_the_model_says_after_each_step(
    shop: Shop, steps: list[tuple[str, int]]
) -> None:
    shop.clock.move_to(NINE)
    card = await shop.register(due_on=START, agreed_day=31, price=PRICE)
    run = Run(shop, card.row.client_id)
    for act, number in steps:
        await run.step(act, number)
        client = (await shop.ask(GetClient(run.client_id))).client
        ledger = await shop.ask(GetPayments(run.client_id))
        assert (run.books.due, run.books.received) == (
            (client.due_on, client.agreed_day),
            ledger.sum,
        )
