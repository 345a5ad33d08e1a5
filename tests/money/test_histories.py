"""Any history of payments ends where a model of thirty lines says: days, states and books (A5).

Payments early, late, twice, in part, disputed, returned; answers lost; clocks moved, backwards as
well; deliveries again and out of turn; processes that end and start anew.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from uuid import uuid4

import pytest

from actors.charge.standing import Charge as InCharge
from actors.payments.looking import Looker
from actors.payments.making import Maker
from actors.payments.ports import PaymentsPorts
from actors.payments.till import Till
from actors.runtime import MovableClock
from domain.charges import ChargeState, Order, Payment
from domain.settlement import PAID
from errors import ActorStopped, PaymentsAway
from playground.mercado_pago_bank import Bank
from playground.mercado_pago_orders import Wish
from playground.mercado_pago_payments import Held
from playground.mercado_pago_refusals import Refusal
from storage import subscriptions, tenants
from storage.database import Database
from tests.postgres import NOW, Cluster

SEEDS = range(25)
STEPS = 60
PRICE = Decimal("20.00")
DAYS = 30
TRIAL = timedelta(days=7)
NUMBERS = count(1)
WEIGHTS = {
    "press": 10,
    "pay": 12,
    "refund": 3,
    "part": 3,
    "charge_back": 3,
    "mediate": 3,
    "win": 4,
    "refuse": 1,
    "expire": 2,
    "cancel": 1,
    "forge": 1,
    "look": 8,
    "look_at_all": 4,
    "hours": 10,
    "lose_answer": 2,
    "away": 1,
    "back": 3,
    "restart": 2,
    "give": 2,
}


def history(random: Random) -> list[tuple[str, int]]:
    """What happens, in order, and to which payment or for how long."""
    acts = random.choices(list(WEIGHTS), weights=list(WEIGHTS.values()), k=STEPS)
    return [(act, _how(act, random)) for act in acts]


def _how(act: str, random: Random) -> int:
    if act == "hours":
        return random.choice([-48, -1, 1, 5, 12, 23, 24, 26, 24 * 7, 24 * 20, 24 * 45])
    return random.randint(1, 40) if act == "give" else random.randint(0, 5)


class Direct:
    """The local Mercado Pago without a network: it may be away, or lose its answer."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.away = False
        self.loses = False
        self._keys: dict[object, Held] = {}

    async def create(self, order: Order) -> Payment:
        """Make it, once for each key."""
        self._check()
        held = self._keys.get(order.key)
        if held is None:
            held = self._keys[order.key] = self._made(order)
        if self.loses:
            self.loses = False
            raise PaymentsAway("the answer was lost")
        return payment_of(held)

    async def find(self, payment_id: str) -> Payment | None:
        """As it is now."""
        self._check()
        return payment_of(self.bank.held(payment_id))

    async def search(self, reference: str) -> tuple[Payment, ...]:
        """All that carry the reference."""
        self._check()
        found = (held for held in self.bank.all() if held.wish.reference == reference)
        return tuple(payment_of(held) for held in found)

    async def close(self) -> None:
        """Nothing is held."""

    def _check(self) -> None:
        if self.away:
            raise PaymentsAway("away")

    def _made(self, order: Order) -> Held:
        now = self.bank.now()
        number = 10**9 + next(NUMBERS)
        wish = Wish(
            amount=order.amount,
            email=order.payer_email,
            expires_at=order.expires_at,
            reference=order.reference,
            description=order.description,
        )
        held = Held(payment_id=number, wish=wish, created_at=now, updated_at=now)
        self.bank._payments[number] = held  # noqa: SLF001 - a body of JSON is not what is tested here
        return held


def payment_of(held: Held) -> Payment:
    """What is told of a payment."""
    return Payment(
        payment_id=str(held.payment_id),
        status=held.status,
        status_detail=held.status_detail,
        amount=held.amount,
        currency=held.currency,
        reference=held.wish.reference,
        refunded=held.refunded,
        approved_at=held.approved_at,
        updated_at=held.updated_at,
        expires_at=held.wish.expires_at,
        live=True,
        code=f"code of {held.payment_id}",
    )


class Nobody:
    """Where no tenant is awake."""

    async def tell(self, tenant_id: int, message: object) -> None:  # noqa: ARG002 - as it is asked
        """Refuse."""
        raise ActorStopped(f"tenant {tenant_id}")


@dataclass
class Ground:
    """A database, a bank for all and a clock."""

    database: Database
    clock: MovableClock
    gateway: Direct


@dataclass
class Business:
    """One tenant, the parts that serve it, and the model: what really happened to its money."""

    ground: Ground
    tenant_id: int
    trial_ends_at: datetime
    given: list[tuple[datetime, int]] = field(default_factory=list)
    maker: Maker = field(init=False)
    looker: Looker = field(init=False)

    def __post_init__(self) -> None:
        """Be served."""
        self.restart()

    # What happens

    def restart(self) -> None:
        """Another process serves it."""
        ground, random = self.ground, Random(next(NUMBERS))  # noqa: S311 - a test's chance
        clock = ground.clock
        ports = PaymentsPorts(
            database=ground.database,
            provider=lambda: ground.gateway,
            tenants=Nobody(),
            telegram=lambda: (_ for _ in ()).throw(ActorStopped("telegram")),
            replica=uuid4(),
            admins=(),
            price=PRICE,
            days=DAYS,
            in_charge=InCharge(),
        )
        till = Till(ports, clock, lambda work, _name: _dropped(work))
        self.maker = Maker(ports, ground.gateway, till, clock, random)
        self.looker = Looker(ports, ground.gateway, till, self.maker, clock=clock, random=random)

    async def step(self, what: str, which: int) -> None:
        """Let one thing happen."""
        gateway, clock = self.ground.gateway, self.ground.clock
        match what:
            case "press":
                await self.maker.make(self.tenant_id)
            case "look":
                await self.looker.look(self.tenant_id)
            case "look_at_all":
                await self.look_at_all()
            case "hours":
                clock.move_to(clock.now() + timedelta(hours=which))
            case "lose_answer":
                gateway.loses = True
            case "away" | "back":
                gateway.away = what == "away"
            case "restart":
                self.restart()
            case "give":
                await self.give(which)
            case _:
                self.at_the_bank(what, which)

    def at_the_bank(self, what: str, which: int) -> None:
        """Let something happen to one of its payments, where it can."""
        bank = self.ground.gateway.bank
        payments = self.payments()
        if not payments:
            return
        held = payments[max(0, len(payments) - 1 - which // 2)]  # mostly the newest
        with suppress(Refusal):
            if what == "part":
                bank.refund(held, Decimal("5.00"))
            elif what == "forge":
                bank.pay(held, amount=Decimal("0.01"))
            else:
                getattr(bank, what)(held)

    async def give(self, days: int) -> None:
        """An administrator gives days."""
        now = self.ground.clock.now()
        self.given.append((now, days))
        async with self.ground.database.tenant(self.tenant_id) as tx:
            await subscriptions.grant(tx, days=days, starts_at=now, given_by="admin 5", now=now)

    async def look_at_all(self) -> None:
        """As the rounds do in the long run; each delivery comes twice, the last one first."""
        async with self.ground.database.tenant(self.tenant_id) as tx:
            rows = await tx.fetch(
                "SELECT id, payment_id FROM subscription_charges ORDER BY id DESC"
            )
        for row in [*rows, *rows]:
            await self.looker.see(self.tenant_id, row["id"], payment_id=row["payment_id"])

    # The model

    def payments(self) -> list[Held]:
        """What the bank has of this business, in the order it was made."""
        mine = f"emdia-{self.tenant_id}-"
        found = [one for one in self.ground.gateway.bank.all() if is_of(one, mine)]
        return found[::-1]

    def stand(self) -> list[Held]:
        """The payments whose money is here: what they were asked for, not returned."""
        return [
            one
            for one in self.payments()
            if one.status in {"approved", "in_mediation"} and one.amount == PRICE
        ]

    def end(self) -> datetime | None:
        """The end of what was paid and given, begun with the trial's."""
        paid = [(one.approved_at or NOW, DAYS) for one in self.stand()]
        end, rows = self.trial_ends_at, sorted([*paid, *self.given], key=lambda row: row[0])
        for at, days in rows:
            end = max(at, end) + timedelta(days=days)
        return end if rows else None

    def states(self) -> dict[str, ChargeState]:
        """Where each payment stands that was ever paid as it was asked for."""
        named = {
            "approved": ChargeState.APPROVED,
            "in_mediation": ChargeState.IN_MEDIATION,
            "refunded": ChargeState.REFUNDED,
            "charged_back": ChargeState.CHARGED_BACK,
        }
        return {
            str(one.payment_id): named[one.status]
            for one in self.payments()
            if one.status in named and one.amount == PRICE
        }

    def books(self) -> Decimal:
        """What is here of it."""
        return sum((PRICE - one.refunded for one in self.stand()), Decimal(0))


def is_of(held: Held, mine: str) -> bool:
    return (held.wish.reference or "").startswith(mine)


def _dropped(work: object) -> "asyncio.Task[None]":
    work.close()  # type: ignore[attr-defined]  # nobody is woken here
    return None  # type: ignore[return-value]


@pytest.fixture(scope="module")
async def ground(cluster: Cluster) -> AsyncIterator[Ground]:
    """One database and one bank for all histories; each has a business of its own."""
    dsn = await cluster.migrated_database()
    database = await Database.open(dsn)
    clock = MovableClock()
    yield Ground(database, clock, Direct(Bank(clock.now, lambda _held, _action, _times: None)))
    await database.close()
    await cluster.drop(dsn)


async def begun(ground: Ground) -> Business:
    """A business that signs up."""
    ground.clock.move_to(NOW)
    ground.gateway.away = ground.gateway.loses = False
    tenant_id, now = next(NUMBERS), ground.clock.now()
    async with ground.database.tenant(tenant_id) as tx:
        await tenants.create(
            tx, name="Ana", email="ana@exemplo.com", now=now, trial_ends_at=now + TRIAL
        )
    return Business(ground, tenant_id, now + TRIAL)


@pytest.mark.parametrize("seed", SEEDS)
async def test_any_history_ends_where_the_model_says(ground: Ground, seed: int) -> None:
    steps = history(Random(seed))  # noqa: S311 - a test's chance
    business = await begun(ground)
    for what, which in steps:
        await business.step(what, which)
    ground.gateway.away = ground.gateway.loses = False
    await business.look_at_all()
    async with ground.database.tenant(business.tenant_id) as tx:
        tenant = await tenants.find(tx)
        grants = await subscriptions.grants(tx)
        rows = await tx.fetch("SELECT payment_id, status, booked FROM subscription_charges")
        notices = await tx.fetchval("SELECT count(*) FROM notices WHERE kind = 'subscription_paid'")
    states = {row["payment_id"]: ChargeState(row["status"]) for row in rows}
    paid = [grant for grant in grants if grant.charge_id is not None]
    taken_back = [grant for grant in paid if not grant.stands]

    assert tenant is not None
    assert business.end() == tenant.paid_until
    assert business.states() == {key: at for key, at in states.items() if at in PAID}
    assert DAYS * len(business.stand()) == DAYS * len(paid) - DAYS * len(taken_back)
    assert business.books() == sum(row["booked"] for row in rows)
    assert len(paid) == notices
