"""What was handled stays open until its answer is taken; the chat's next one does not wait (I4)."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from typing import Any

import pytest

from actors.runtime import SystemClock
from bot.telegram.answered import Handled
from bot.telegram.chats import Chats
from bot.telegram.closing import Persist
from bot.telegram.handling import Handling
from errors import ChatUnreachable, UpdateSetAside
from storage import telegram_updates
from tests.bot.support import CHAT, PATIENCE_SECONDS, WatchedInbox

ASKED = "price"
Outcome = asyncio.Future[None]


async def write_once(write: Any) -> Any:
    """Whatever `write` returns: PostgreSQL is there."""
    return await write()


async def nobody_is_set_aside(error: UpdateSetAside) -> None:
    raise error


class Office:
    """Updates handled by a screen whose answers Telegram takes when the test says so."""

    def __init__(self, inbox: WatchedInbox) -> None:
        self.inbox = inbox
        self.heard: list[str | None] = []
        self.answers: asyncio.Queue[Outcome] = asyncio.Queue()
        self.chats = Chats()
        self.tasks = set[asyncio.Task[None]]()
        persist: Persist = write_once
        self.handling = Handling(
            inbox,
            self._handle,
            chats=self.chats,
            may_begin=lambda: True,
            on_set_aside=nobody_is_set_aside,
            persist=persist,
            spawn=self._spawn,
            clock=SystemClock(),
        )

    async def says(self, *updates: int) -> list[Outcome]:
        """Have updates kept and handled; their answers, on their way."""
        for update_id in updates:
            await self.inbox.store_update(update_id, CHAT, {"update_id": update_id})
            await self.handling.add(CHAT, update_id)
        async with asyncio.timeout(PATIENCE_SECONDS):
            return [await self.answers.get() for _ in updates]

    async def open(self) -> list[int]:
        """Which updates are not closed."""
        async with self.inbox.database.tenant(CHAT) as tx:
            return [update.update_id for update in await telegram_updates.unhandled(tx, 10)]

    async def _handle(self, _payload: Mapping[str, Any], chat_id: int) -> Handled:
        self.heard.append(self.chats.asks(chat_id))
        self.chats.ask(chat_id, f"{ASKED}:{len(self.heard)}")
        answer: Outcome = asyncio.get_running_loop().create_future()
        self.answers.put_nowait(answer)
        return Handled(None, answer)

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self.tasks.add(task)
        return task


@pytest.fixture
async def office(inbox: WatchedInbox) -> AsyncIterator[Office]:
    opened = Office(inbox)
    yield opened
    opened.handling.cancel()
    await asyncio.gather(*opened.tasks, return_exceptions=True)


async def test_what_was_handled_is_open_until_its_answer_is_taken(office: Office) -> None:
    (answer,) = await office.says(1)
    before = await office.open()
    answer.set_result(None)

    assert [None] == await office.inbox.all_closed(CHAT, 1)
    assert ([1], []) == (before, await office.open())


async def test_the_chats_next_update_does_not_wait_for_that(office: Office) -> None:
    first, second = await office.says(1, 2)
    before = await office.open()
    first.set_result(None)
    await office.inbox.all_closed(CHAT, 1)

    assert ([1, 2], [2]) == (before, await office.open())
    assert not second.done()


async def test_what_is_answered_first_is_closed_with_the_one_before_it(office: Office) -> None:
    first, second = await office.says(1, 2)
    second.set_result(None)
    before = await office.open()
    first.set_result(None)
    await office.inbox.all_closed(CHAT, 2)

    assert ([1, 2], [1, 2], 1) == (before, office.inbox.order, office.inbox.calls["close"])


async def test_answers_that_are_taken_together_cost_one_write(office: Office) -> None:
    for answer in await office.says(1, 2, 3):
        answer.set_result(None)
    await office.inbox.all_closed(CHAT, 3)

    assert 1 == office.inbox.calls["close"]


async def test_an_answer_that_never_can_be_taken_is_what_was_wrong(office: Office) -> None:
    (answer,) = await office.says(1)
    answer.set_exception(ChatUnreachable("chat 1: blocked"))

    assert ["not shown: ChatUnreachable"] == await office.inbox.all_closed(CHAT, 1)


async def test_a_question_stands_open_as_soon_as_it_was_asked(office: Office) -> None:
    await office.says(1, 2)

    assert [None, f"{ASKED}:1"] == office.heard


async def test_who_is_handled_again_finds_the_question_it_found(
    office: Office, inbox: WatchedInbox
) -> None:
    first, *_ = await office.says(1, 2, 3)
    first.set_result(None)
    await inbox.all_closed(CHAT, 1)
    office.handling.cancel()
    after = Office(inbox)
    await after.handling.add(CHAT, 3)
    async with asyncio.timeout(PATIENCE_SECONDS):
        _ = [await after.answers.get() for _ in range(2)]
    after.handling.cancel()

    assert [f"{ASKED}:1", f"{ASKED}:1"] == after.heard


async def test_what_waits_for_its_answer_to_be_taken_is_no_longer_taken_up(office: Office) -> None:
    await office.inbox.store_update(1, CHAT, {"update_id": 1})
    async with asyncio.timeout(PATIENCE_SECONDS):
        await office.handling.take_up()
        await office.handling.take_up()

    assert (1, [1]) == (len(office.heard), await office.open())


async def test_who_gives_up_takes_the_answers_back_and_leaves_the_updates_open(
    office: Office,
) -> None:
    answers = await office.says(1, 2)
    office.handling.cancel()

    assert [True, True] == [answer.cancelled() for answer in answers]
    assert [1, 2] == await office.open()


async def test_all_is_drained_once_the_answers_are_taken_and_closed(office: Office) -> None:
    (answer,) = await office.says(1)
    draining = asyncio.create_task(office.handling.drained(PATIENCE_SECONDS))
    await office.inbox.unhandled(1)
    before = draining.done()
    answer.set_result(None)
    await draining

    assert (False, []) == (before, await office.open())
