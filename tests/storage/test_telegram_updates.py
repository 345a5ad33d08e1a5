"""An update is kept once, tried at most three times, and never lost (I4)."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from domain.chats import ChatState
from storage import telegram_updates
from storage.database import Database
from storage.telegram_updates import OpenUpdate, StoredUpdate, Turn
from tests.postgres import NOW

CHAT = 7
REPLICA = UUID(int=7)
UPDATE: dict[str, Any] = {"update_id": 100, "message": {"text": "oi"}}


async def test_an_update_is_kept_once(database: Database) -> None:
    async with database.tenant(CHAT) as tx:
        kept = [await telegram_updates.keep(tx, 100, UPDATE, NOW) for _ in range(2)]
        open_ = await telegram_updates.unhandled(tx, 10)

    assert ([True, False], [StoredUpdate(100, UPDATE, NOW, 0)]) == (kept, open_)


async def test_a_handled_update_is_not_begun_again(database: Database) -> None:
    async with database.tenant(CHAT) as tx:
        await telegram_updates.keep(tx, 100, UPDATE, NOW)
        first = await telegram_updates.begin(tx, REPLICA, 999, NOW)
        await telegram_updates.close(tx, {100: None}, None, NOW)

        assert (Turn(100, UPDATE, set_aside=False), None, []) == (
            first,
            await telegram_updates.begin(tx, REPLICA, 999, NOW),
            await telegram_updates.unhandled(tx, 10),
        )


async def test_the_fourth_try_sets_the_update_aside(database: Database) -> None:
    async with database.tenant(CHAT) as tx:
        await telegram_updates.keep(tx, 100, UPDATE, NOW)
        tries = [await telegram_updates.begin(tx, REPLICA, 999, NOW) for _ in range(5)]

        goes, gone = Turn(100, UPDATE, set_aside=False), Turn(100, UPDATE, set_aside=True)
        assert ([goes] * 3 + [gone, None], [], [StoredUpdate(100, UPDATE, NOW, 3)]) == (
            tries,
            await telegram_updates.unhandled(tx, 10),
            await telegram_updates.set_aside(tx, 10),
        )


async def test_updates_are_closed_together_and_what_was_wrong_with_each_is_kept(
    database: Database,
) -> None:
    faults = {100: None, 101: "boom\x00" * 200}
    async with database.tenant(CHAT) as tx:
        for update_id in (100, 101, 102):
            await telegram_updates.keep(tx, update_id, UPDATE, NOW)
        await telegram_updates.close(tx, faults, None, NOW)
        await telegram_updates.close(tx, {101: None}, None, NOW)  # repeated: nothing changes
        rows = await tx.fetch(
            "SELECT update_id, handled_at, error FROM telegram_updates"
            " WHERE tenant_id = $1 ORDER BY update_id",
            CHAT,
        )

    assert [(100, NOW, None), (101, NOW, ("boom" * 200)[:500]), (102, None, None)] == [
        tuple(row) for row in rows
    ]


async def test_what_waits_for_its_answer_to_be_taken_is_passed_over(database: Database) -> None:
    async with database.tenant(CHAT) as tx:
        for update_id in (100, 101):
            await telegram_updates.keep(tx, update_id, UPDATE, NOW)
        begun = [
            await telegram_updates.begin(tx, REPLICA, 999, NOW, in_hand)
            for in_hand in ([], [100], [100, 101])
        ]

    turns = [Turn(update_id, UPDATE, set_aside=False) for update_id in (100, 101)]
    assert [*turns, None] == begun


async def test_how_a_chat_stands_is_written_with_what_is_closed_and_read_with_what_is_begun(
    database: Database,
) -> None:
    state = ChatState(41, live_has_picture=True, asks="price\x00:7")
    async with database.tenant(CHAT) as tx:
        for update_id in (100, 101):
            await telegram_updates.keep(tx, update_id, UPDATE, NOW)
        await telegram_updates.close(tx, {100: None}, state, NOW)
        await telegram_updates.close(tx, {100: None}, None, NOW)  # it has not changed
        turn = await telegram_updates.begin(tx, REPLICA, 999, NOW)

    assert turn is not None
    assert replace(state, asks="price:7") == turn.chat


async def test_every_chat_waits_in_its_own_order(database: Database) -> None:
    for chat, update_id in ((7, 103), (8, 101), (7, 102)):
        async with database.tenant(chat) as tx:
            await telegram_updates.keep(tx, update_id, UPDATE, NOW)

    async with database.tenant(CHAT) as tx:
        own = [update.update_id for update in await telegram_updates.unhandled(tx, 10)]
    async with database.dispatcher() as connection:
        everywhere = await telegram_updates.unhandled_everywhere(connection, REPLICA, 10)
    open_ = [
        OpenUpdate(chat, update, tried=False) for chat, update in ((8, 101), (7, 102), (7, 103))
    ]
    assert ([102, 103], open_) == (own, everywhere)


async def test_what_was_begun_before_is_known_as_such(database: Database) -> None:
    async with database.tenant(CHAT) as tx:
        await telegram_updates.keep(tx, 100, UPDATE, NOW)
        await telegram_updates.begin(tx, REPLICA, 999, NOW)

    async with database.dispatcher() as connection:
        everywhere = await telegram_updates.unhandled_everywhere(connection, REPLICA, 10)
    assert [OpenUpdate(CHAT, 100, tried=True)] == everywhere


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        pytest.param("a\x00b", "ab", id="NUL"),
        pytest.param("a\ud83db", "a?b", id="half an emoji"),
        pytest.param("a\\u0000b", "a\\u0000b", id="what only looks like NUL"),
        pytest.param("é 😀", "é 😀", id="ordinary text"),
    ],
)
async def test_what_postgresql_cannot_hold_does_not_stop_the_chat(
    database: Database, sent: str, kept: str
) -> None:
    async with database.tenant(CHAT) as tx:
        await telegram_updates.keep(tx, 100, {"message": [{"text": sent}]}, NOW)

        begun = await telegram_updates.begin(tx, REPLICA, 999, NOW)
    assert Turn(100, {"message": [{"text": kept}]}, set_aside=False) == begun


async def test_only_what_was_set_aside_is_listed_so_in_its_order(database: Database) -> None:
    async with database.tenant(CHAT) as tx:
        for update_id in (104, 103, 102, 101):
            await telegram_updates.keep(tx, update_id, UPDATE, NOW)
        await telegram_updates.close(tx, {101: None}, None, NOW)
        for _ in range(8):  # each has three tries
            await telegram_updates.begin(tx, REPLICA, 999, NOW)
        found = [
            [update.update_id for update in listed]
            for listed in (
                await telegram_updates.set_aside(tx, 10),
                await telegram_updates.set_aside(tx, 1),
                await telegram_updates.unhandled(tx, 10),
            )
        ]

    assert [[102, 103], [102], [104]] == found


async def test_only_what_is_kept_waits_for_the_disk(database: Database) -> None:
    waits = []
    for step in (
        lambda tx: telegram_updates.keep(tx, 100, UPDATE, NOW),
        lambda tx: telegram_updates.begin(tx, REPLICA, 999, NOW),
        lambda tx: telegram_updates.close(tx, {100: None}, None, NOW),
    ):
        async with database.tenant(CHAT) as tx:
            await step(tx)
            waits.append(await tx.fetchval("SELECT current_setting('synchronous_commit')"))

    assert ["on", "off", "off"] == waits
