"""A random day of one outbox: whatever comes in whatever order, its promises hold after each step.

Real PostgreSQL, real courier, real plan; a seed repeats a walk. Connections end before and after
commits, lines drop, processes die, clients pay and come back, receipts come late and twice. Half of
the walks are of messages in two parts (D5).
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from actors.tenant.day import plan_now
from actors.whatsapp.courier import Courier, recover
from actors.whatsapp.unsettled import Unsettled
from domain.outbox import ARRIVED, OPEN, MessageState, may_become
from domain.pacing import PacingRules
from domain.reasons import Reason
from domain.reminders import Kind
from errors import SidecarGone, SidecarTimeout, StaleEpoch, StorageUnavailable
from storage import clients, ledger, outbox, receipts, tenants
from storage.database import TenantConnection
from tests.system.office import ACKED, DAY, NINE, REFUSED, TENANT, UNKNOWN, Office, open_office

S = MessageState
CLIENTS = 6
STEPS = 90
CLOSES = NINE + timedelta(hours=11)
YESTERDAY = DAY - timedelta(days=1)
ANSWERS: list[Any] = [ACKED, ACKED, ACKED, REFUSED, UNKNOWN, "not written", "gone", "late", "odd"]


FIRST_PROVED = "first part sent"


class Killed(BaseException):
    """The process ends here, with all it had in memory."""


@dataclass
class Walk:
    """One seeded walk, what its phones heard, and what was known of every message."""

    office: Office
    random: Random
    with_crashes: bool
    epoch: int = 1
    unsettled: Unsettled = field(default_factory=Unsettled)
    acked: set[str] = field(default_factory=set)
    # What a receipt, an ack or a late ack told of.
    proved: set[str] = field(default_factory=set)
    after_ack: list[str] = field(default_factory=list)
    too_early: list[str] = field(default_factory=list)
    ids: dict[int, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with a courier of the first epoch."""
        self.courier: Courier = self.office.courier(self.epoch, self.unsettled)
        self.office.worker.on_send = self.sent

    def sent(self, whatsapp_id: str, answer: Any) -> None:
        """Hear what the worker was given."""
        if whatsapp_id in self.acked:
            self.after_ack.append(whatsapp_id)
        first_of = {second: first for first, second in self.ids.values()}
        if first_of.get(whatsapp_id, whatsapp_id) not in self.proved | {whatsapp_id}:
            self.too_early.append(whatsapp_id)
        if answer is ACKED:
            self.acked.add(whatsapp_id)
            self.proved.add(whatsapp_id)

    async def surely(self, work: Callable[[TenantConnection], Awaitable[object]]) -> None:
        """Do what may be done again until PostgreSQL has said yes."""
        while True:
            try:
                async with self.office.database.tenant(TENANT) as tx:
                    await work(tx)
            except StorageUnavailable:
                continue
            return

    # What may happen

    async def deliver(self) -> None:
        """A step of the courier, whatever its worker answers."""
        answer = self.random.choice(ANSWERS)
        made: dict[str, Any] = {
            "not written": SidecarGone("gone", asked=False),
            "gone": SidecarGone("gone", asked=True),
            "late": SidecarTimeout("late"),
            "odd": ValueError("odd"),
        }
        self.office.worker.answers = [
            made.get(answer, answer) if isinstance(answer, str) else answer
        ]
        with suppress(StorageUnavailable):
            await self.courier.deliver_next()

    async def trouble(self) -> None:
        """PostgreSQL ends a connection while a message is counted, begun or settled."""
        moment = self.random.choice(["before", "after"])
        self.office.database.fail({self.random.randint(1, 3): moment})
        await self.deliver()

    async def storm(self) -> None:
        """PostgreSQL ends the connections of several transactions in a row."""
        first = self.random.randint(1, 3)
        self.office.database.fail(
            {first + n: self.random.choice(["before", "after"]) for n in range(4)}
        )
        for _ in range(4):
            await self.deliver()

    async def reconnect(self) -> None:
        """The line came back: a new courier under the same epoch."""
        self.courier = self.office.courier(self.epoch, self.unsettled)

    async def crash(self) -> None:
        """The process dies, perhaps with a frame on its way, and another takes over."""
        if not self.with_crashes:
            return

        def die() -> None:
            raise Killed

        if self.random.random() < 0.5:
            self.office.worker.before_answer = die
            self.office.worker.answers = [ACKED]
            with suppress(Killed, StorageUnavailable):
                await self.courier.deliver_next()
            self.office.worker.before_answer = lambda: None
        await self.office.take_over()
        self.epoch += 1
        self.unsettled = Unsettled()
        self.courier = self.office.courier(self.epoch, self.unsettled)
        await self.surely(
            lambda tx: recover(
                tx, self.epoch, PacingRules(), self.office.clock.instant, self.office.random
            )
        )

    async def an_old_owner(self) -> None:
        """One who lost the tenant and does not know it yet."""
        if self.epoch > 1:
            with suppress(StaleEpoch, StorageUnavailable):
                await self.office.courier(self.epoch - 1).deliver_next()

    async def time(self) -> None:
        """Minutes pass, within the window."""
        later = self.office.clock.instant + timedelta(minutes=self.random.randint(1, 20))
        self.office.clock.instant = min(later, CLOSES - timedelta(minutes=1))

    async def pay(self) -> None:
        """A client pays, or seems to."""
        client = await self.a_client()
        now = self.office.clock.instant

        async def renew(tx: TenantConnection) -> None:
            await ledger.renew(
                tx,
                client,
                due_on=DAY + timedelta(days=29),
                amount=Decimal(35),
                paid_on=DAY,
                now=now,
            )

        await self.surely(renew)

    async def undo(self) -> None:
        """It was a slip, or the client comes back; the plan is asked for at once."""
        client_id = await self.a_client()

        async def save(tx: TenantConnection) -> None:
            found = await clients.find(tx, client_id)
            back = replace(found, due_on=YESTERDAY, archived=False, receives_billing=True)
            await clients.save(tx, back, self.office.clock.instant)

        await self.surely(save)
        await self.plan()

    async def leave(self) -> None:
        """A client is archived, or its switch goes off."""
        client_id = await self.a_client()
        field_ = self.random.choice([{"archived": True}, {"receives_billing": False}])

        async def save(tx: TenantConnection) -> None:
            found = await clients.find(tx, client_id)
            changed = replace(found, **field_)  # type: ignore[arg-type] # drawn by field
            await clients.save(tx, changed, self.office.clock.instant)

        await self.surely(save)

    async def cancel(self) -> None:
        """The owner cancels one by hand."""
        client_id = await self.a_client()
        now = self.office.clock.instant
        await self.surely(lambda tx: outbox.cancel_pending(tx, client_id, Reason.CANCELLED, now))

    async def switch(self) -> None:
        """The whole kind goes off or on, or the queue is paused or not."""
        kinds = frozenset({Kind.BILLING} if self.random.random() < 0.7 else ())
        paused = self.random.random() < 0.3
        await self.surely(lambda tx: tenants.set_automatic_kinds(tx, kinds))
        await self.surely(lambda tx: tenants.set_paused(tx, paused=paused))
        await self.plan()

    async def plan(self) -> None:
        """Plan the day once more."""
        connected = self.random.choice([True, False, None])
        await self.surely(lambda tx: plan_now(tx, self.office.clock.instant, connected=connected))

    async def receipt(self) -> None:
        """A receipt or a late ack of something that was sent, in any order."""
        if not self.office.worker.ids:
            return
        whatsapp_id = self.random.choice(self.office.worker.ids)
        now = self.office.clock.instant
        what = self.random.choice(["delivered", "read", "ack"])
        self.proved.add(whatsapp_id)
        await self.surely(
            lambda tx: (
                receipts.acknowledge_late(tx, whatsapp_id, now)
                if what == "ack"
                else receipts.receipt(tx, whatsapp_id, what, now)
            )
        )

    async def a_client(self) -> int:
        """One of them."""
        rows = await self.office.console.fetch("SELECT id FROM clients ORDER BY id")
        return int(self.random.choice(rows)["id"])

    # What must hold

    async def check(self) -> None:
        """Every promise, after every step."""
        rows = await self.office.console.fetch("SELECT * FROM messages ORDER BY id")
        assert 1 >= sum(row["state"] == S.SENDING for row in rows)
        for row in rows:
            ids = (row["whatsapp_id"], row["second_whatsapp_id"])
            assert ids == self.ids.setdefault(row["id"], ids)
        assert len(rows) == len({(row["client_id"], row["due_on"], row["kind"]) for row in rows})
        assert set(self.office.worker.ids) <= {one for both in self.ids.values() for one in both}
        assert [] == self.too_early
        await self.check_log()

    async def check_log(self) -> None:
        """Each message went from state to state only as it may."""
        events = await self.office.console.fetch("SELECT * FROM message_events ORDER BY id")
        states: dict[int, MessageState] = defaultdict(lambda: S.QUEUED)
        for event in events:
            before, after = states[event["message_id"]], S(event["state"])
            assert before is after or may_become(before, after), (before, after, event["detail"])
            if before in {S.CANCELLED, S.EXPIRED, S.FAILED} and after is S.QUEUED:
                assert 0 == event["attempt"] or event["detail"] == FIRST_PROVED
            states[event["message_id"]] = after

    async def end(self) -> None:
        """The hours pass until the window closes, and the day is closed."""
        self.office.database.fail({})
        self.office.worker.answers = []
        await self.office.work_until(CLOSES, self.courier)
        self.office.clock.instant = CLOSES + timedelta(minutes=10)
        await self.surely(lambda tx: outbox.expire(tx, self.office.clock.instant))
        await self.check()
        rows = await self.office.console.fetch("SELECT * FROM messages ORDER BY id")
        for row in rows:
            state = S(row["state"])
            assert state not in OPEN
            assert state in ARRIVED or row["reason"] is not None
            assert row["owner_epoch"] is None
            if state in ARRIVED:
                said = self.ids[row["id"]][: 1 if row["second_body"] is None else 2]
                assert set(said) <= set(self.office.worker.ids)
        if not self.with_crashes:
            marked = {
                one
                for row in rows
                for one, mark in (
                    (row["whatsapp_id"], row["first_mark"] or S(row["state"]) in ARRIVED),
                    (row["second_whatsapp_id"], row["second_mark"]),
                )
                if mark
            }
            assert self.acked <= marked
            assert [] == self.after_ack


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_comes_the_outbox_keeps_its_promises(dsn: str, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a seeded walk
    async with open_office(dsn, CLIENTS, trial_ends=NINE + timedelta(days=7)) as office:
        if seed % 4 >= 2:
            await office.code_in_text()
        walk = Walk(office, random, with_crashes=seed % 2 == 1)
        steps = [
            *[walk.deliver] * 8,
            *[walk.time] * 3,
            *[walk.receipt] * 2,
            *[walk.undo] * 2,
            *[walk.trouble] * 3,
            walk.storm,
            walk.reconnect,
            walk.crash,
            walk.an_old_owner,
            walk.pay,
            walk.leave,
            walk.cancel,
            walk.switch,
            walk.plan,
        ]
        for _ in range(STEPS):
            await random.choice(steps)()
            await walk.check()
        await walk.end()
