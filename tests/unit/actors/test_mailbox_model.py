"""Guarantee 2, under random senders, cancellations and time: nothing lost, doubled or reordered."""

# ruff: noqa: D102 -- the rules of the machine are sentences already

import asyncio
import sys
from collections import deque
from functools import partial
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from actors.runtime.mailbox import Envelope, Mailbox
from errors import ActorStopped, MailboxFull
from tests.unit.actors.support import outcome
from tests.virtual_time import VirtualTimeLoop


class Machine(RuleBasedStateMachine):
    """A mailbox and, beside it, the plainest queue that does the same."""

    @initialize(capacity=st.integers(1, 4), seed=st.integers(0, 2**16))
    def make(self, capacity: int, seed: int) -> None:
        self.runner = asyncio.Runner(loop_factory=lambda: VirtualTimeLoop(seed))
        self.mailbox = Mailbox("a", capacity)
        self.inside: deque[int] = deque()
        self.signals: deque[int] = deque()
        self.line: deque[tuple[int, asyncio.Task[Any]]] = deque()
        self.refused: list[asyncio.Task[Any]] = []
        self.is_open = True
        self.number = 0

    def settle(self, seconds: float = 0.0) -> None:
        """Let every task get as far as it can."""

        async def run() -> None:
            await asyncio.sleep(seconds)
            for _ in range(10):
                await asyncio.sleep(0)

        self.runner.run(run())

    def next_number(self) -> int:
        self.number += 1
        return self.number

    def admit(self) -> None:
        """Move the model's line up."""
        while self.line and len(self.inside) < self.mailbox.capacity:
            self.inside.append(self.line.popleft()[0])

    @precondition(lambda self: self.is_open)
    @rule()
    def offer(self) -> None:
        number = self.next_number()
        has_room = not self.line and len(self.inside) < self.mailbox.capacity
        self.inside.extend([number] * has_room)
        assert has_room == self.mailbox.offer((number, 0.0, None, None))

    @precondition(lambda self: self.is_open and len(self.inside) == self.mailbox.capacity)
    @rule(patience=st.sampled_from([10.0, 1000.0]))
    def stand_in_line(self, patience: float) -> None:
        number = self.next_number()

        async def begin() -> asyncio.Task[Any]:
            return asyncio.create_task(
                outcome(self.mailbox.put((number, 0.0, None, None), patience))
            )

        self.line.append((number, self.runner.run(begin())))
        self.settle()

    @precondition(lambda self: self.line)
    @rule(data=st.data())
    def give_up(self, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(self.line) - 1))
        self.line[place][1].cancel()
        del self.line[place]
        self.settle()

    @rule()
    def lose_patience(self) -> None:
        self.settle(20.0)
        impatient = [entry for entry in self.line if entry[1].done()]
        assert [MailboxFull] * len(impatient) == [task.result() for _, task in impatient]
        self.line = deque(entry for entry in self.line if not entry[1].done())

    @rule()
    def signal(self) -> None:
        self.signals.append(self.next_number())
        self.mailbox.signal(self.number, 0.0)

    @rule()
    def take(self) -> None:
        lane = self.signals or self.inside
        expected = lane.popleft() if lane else None
        self.admit()
        envelope = self.mailbox.take()
        assert expected == (envelope and envelope[0])
        self.settle()

    @rule()
    def close(self) -> None:
        self.mailbox.close(partial(ActorStopped, "a"))
        self.settle()
        assert [ActorStopped] * len(self.line) == [task.result() for _, task in self.line]
        self.inside.clear()
        self.line.clear()
        self.is_open = False

    @precondition(lambda self: not self.is_open)
    @rule()
    def reopen(self) -> None:
        self.mailbox.open()
        self.is_open = True

    @invariant()
    def depth_is_that_of_the_model(self) -> None:
        assert len(self.inside) == len(self.mailbox) <= self.mailbox.capacity

    def teardown(self) -> None:
        with self.runner:
            while self.signals or self.inside:
                self.take()
            assert self.mailbox.take() is None


QUICKLY = settings(
    max_examples=60, stateful_step_count=40, deadline=None, database=None, derandomize=True
)


def test_the_mailbox_does_what_the_plain_queue_does() -> None:
    run_state_machine_as_test(Machine, settings=QUICKLY)


class Unfair(Mailbox):
    """Gives room to whoever came last."""

    def _admit(self) -> None:
        if self._writers:
            self._writers.rotate(1)
        super()._admit()


class Forgetful(Mailbox):
    """Gives room to who has stopped waiting for it."""

    def _admit(self) -> None:
        if self._writers:
            room, envelope = self._writers.popleft()
            if not room.done():
                self._items.append(envelope)
                room.set_result(None)


class Rude(Mailbox):
    """Lets newcomers pass those who stand in line."""

    def offer(self, envelope: Envelope) -> bool:
        """Take whatever there is room for."""
        if self.refusal is None and len(self._items) <= self.capacity:
            self._items.append(envelope)
            return True
        return super().offer(envelope)


class Deaf(Mailbox):
    """Reads what it was told before what it was signalled."""

    def take(self) -> Envelope | None:
        """Return the next envelope."""
        return self._items.popleft() if self._items else super().take()


@pytest.mark.parametrize("defect", [Unfair, Forgetful, Rude, Deaf])
def test_a_planted_defect_is_found(defect: type[Mailbox], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "Mailbox", defect)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            Machine,
            settings=settings(QUICKLY, max_examples=300, phases=[Phase.generate], print_blob=False),
        )
