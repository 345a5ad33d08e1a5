"""Each promise of the mailbox on its own: room, order, signals, refusals, who waits."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from actors.runtime.mailbox import Envelope, Mailbox, expire
from errors import ActorStopped, MailboxFull
from tests.unit.actors.support import outcome
from tests.virtual_time import run_virtual

STOPPED = partial(ActorStopped, "a")


def told(message: object, at: float = 0.0) -> Envelope:
    """A message nobody waits for the answer of."""
    return (message, at, None, None)


def drained(mailbox: Mailbox) -> list[object]:
    """All that is left, in order."""
    found = []
    while (envelope := mailbox.take()) is not None:
        found.append(envelope[0])
    return found


async def turns() -> None:
    """Let every task get as far as it can."""
    await asyncio.sleep(0.01)  # virtual: it passes once nobody can do anything more


async def line_up(mailbox: Mailbox, *envelopes: Envelope) -> list[asyncio.Task[Any]]:
    """Who stand in line with these, one behind the other."""
    tasks = []
    for envelope in envelopes:
        tasks.append(asyncio.create_task(outcome(mailbox.put(envelope, 60.0))))
        await turns()
    return tasks


def test_signals_are_read_first_and_each_once() -> None:
    mailbox = Mailbox("a", 3)
    for number in (1, 2):
        mailbox.offer(told(number))
    for word in ("stop", "down"):
        mailbox.signal(word, 0.0)

    assert ["stop", "down", 1, 2] == drained(mailbox)


@pytest.mark.parametrize("capacity", [1, 2, 5])
def test_there_is_room_for_as_many_as_it_says(capacity: int) -> None:
    mailbox = Mailbox("a", capacity)
    taken = [mailbox.offer(told(number)) for number in range(capacity + 2)]

    assert [True] * capacity + [False] * 2 == taken
    assert capacity == len(mailbox)


def test_a_signal_takes_no_room_and_is_not_counted() -> None:
    mailbox = Mailbox("a", 1)
    for number in range(9):
        mailbox.signal(number, 0.0)

    assert (0, True, 1) == (len(mailbox), mailbox.offer(told("x")), len(mailbox))


def test_signals_of_a_former_reader_are_forgotten_and_messages_are_not() -> None:
    mailbox = Mailbox("a", 3)
    mailbox.offer(told("for whoever reads"))
    mailbox.signal("for the dead", 0.0)
    mailbox.forget_signals()
    mailbox.signal("for the living", 0.0)

    assert ["for the living", "for whoever reads"] == drained(mailbox)


@pytest.mark.parametrize(
    ("arrive", "idle"),
    [
        pytest.param(lambda mailbox: mailbox.oldest(), True, id="nothing"),
        pytest.param(lambda mailbox: mailbox.offer(told(1)), False, id="a message"),
        pytest.param(lambda mailbox: mailbox.signal(1, 0.0), False, id="a signal"),
    ],
)
def test_it_is_idle_while_its_reader_waits_and_nothing_came(
    arrive: Callable[[Mailbox], object], idle: bool
) -> None:
    async def main() -> tuple[bool, bool, bool]:
        mailbox = Mailbox("a", 3)
        before = mailbox.is_idle
        reader = mailbox.arrival(asyncio.get_running_loop())
        arrive(mailbox)
        return before, mailbox.is_idle, reader.done()

    assert (False, idle, not idle) == run_virtual(main)


def test_a_reader_that_waits_again_is_woken_again() -> None:
    async def main() -> list[bool]:
        mailbox, loop, woken = Mailbox("a", 3), asyncio.get_running_loop(), []
        for _ in range(3):
            reader = mailbox.arrival(loop)
            mailbox.offer(told(1))
            mailbox.offer(told(2))  # nobody waits any more: no harm
            woken.append(reader.done())
            drained(mailbox)
        return woken

    assert [True] * 3 == run_virtual(main)


def test_a_reader_that_gave_up_is_not_woken() -> None:
    async def main() -> bool:
        mailbox = Mailbox("a", 3)
        mailbox.arrival(asyncio.get_running_loop()).cancel()
        idle = mailbox.is_idle
        mailbox.signal("down", 0.0)
        return idle

    assert False is run_virtual(main)


def test_it_knows_since_when_the_oldest_waits() -> None:
    mailbox = Mailbox("a", 3)
    before = mailbox.oldest()
    for at in (5.0, 7.0):
        mailbox.offer(told("x", at))
    mailbox.signal("y", 1.0)

    assert (None, 5.0) == (before, mailbox.oldest())


def test_who_stands_in_line_gets_room_one_by_one_and_in_order() -> None:
    async def main() -> list[object]:
        mailbox = Mailbox("a", 1)
        mailbox.offer(told(0))
        tasks = await line_up(mailbox, told(1), told(2), told(3))
        found: list[object] = []
        for _ in range(4):
            passed = mailbox.offer(told("newcomer"))
            envelope = mailbox.take()
            found.append((envelope and envelope[0], passed, len(mailbox)))
            await turns()
        found.append([task.done() for task in tasks])
        return found

    assert [
        (0, False, 1), (1, False, 1), (2, False, 1), (3, False, 0), [True] * 3,
    ] == run_virtual(main)  # fmt: skip


def test_who_waits_too_long_for_room_hears_so_and_leaves_no_message() -> None:
    async def main() -> Any:
        mailbox = Mailbox("a", 1)
        mailbox.offer(told(0))
        heard = await outcome(mailbox.put(told(1), 5.0))
        return heard, asyncio.get_running_loop().time() >= 5.0, drained(mailbox)

    assert (MailboxFull, True, [0]) == run_virtual(main)


def test_who_leaves_the_line_leaves_the_room_to_the_next() -> None:
    async def main() -> Any:
        mailbox = Mailbox("a", 1)
        mailbox.offer(told(0))
        impatient, patient = await line_up(mailbox, told(1), told(2))
        impatient.cancel()
        await turns()
        first = mailbox.take()
        await patient
        return first and first[0], drained(mailbox)

    assert (0, [2]) == run_virtual(main)


def test_closing_refuses_whoever_comes_stands_in_line_or_waits_for_an_answer() -> None:
    async def main() -> Any:
        mailbox, loop = Mailbox("a", 2), asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        mailbox.offer(("ask", 0.0, answer, None))
        mailbox.offer(told("tell"))
        (writer,) = await line_up(mailbox, told("late"))
        mailbox.close(STOPPED)
        with pytest.raises(ActorStopped):
            mailbox.offer(told("later"))
        refused = [await outcome(answer), await writer]
        left = drained(mailbox)
        mailbox.open()
        return refused, left, mailbox.offer(told("again")), drained(mailbox)

    assert ([ActorStopped] * 2, [], True, ["again"]) == run_virtual(main)


def test_failing_the_asks_keeps_what_was_told_and_lets_the_line_move_up() -> None:
    async def main() -> Any:
        mailbox, loop = Mailbox("a", 3), asyncio.get_running_loop()
        answers: list[asyncio.Future[Any]] = [loop.create_future() for _ in range(3)]
        mailbox.offer(("ask", 0.0, answers[0], None))
        mailbox.offer(told("tell"))
        mailbox.offer(("ask", 0.0, answers[1], None))
        waits = ("ask", 0.0, answers[2], None)
        in_line = await line_up(mailbox, waits, told("one"), told("two"), told("three"))
        mailbox.fail_asks(STOPPED)
        await turns()
        heard = [await outcome(answer) for answer in answers[:2]]
        line = [task.result() if task.done() else "waits" for task in in_line]
        return heard, line, drained(mailbox)

    assert (
        [ActorStopped] * 2,
        [ActorStopped, None, None, "waits"],
        ["tell", "one", "two", "three"],
    ) == run_virtual(main)


def test_a_waiter_fails_once_and_not_after_it_was_answered() -> None:
    async def main() -> Any:
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Any] = loop.create_future()
        answered.set_result("yes")
        waiting: asyncio.Future[Any] = loop.create_future()
        for future in (answered, waiting, waiting):
            expire(future, STOPPED())
        return await outcome(answered), await outcome(waiting)

    assert ("yes", ActorStopped) == run_virtual(main)
