"""What all owners are told: each reachable one hears it once, whatever happens meanwhile (A11)."""

import asyncpg
import pytest

from actors.messages.broadcasts import (
    GetBroadcast,
    GetReached,
    PauseBroadcast,
    ResumeBroadcast,
    StartBroadcast,
    StopBroadcast,
    TellDoubted,
)
from actors.runtime import Ref, SystemClock
from domain.broadcasts import Broadcast, BroadcastState, BroadcastTo, Group, Reach
from errors import InvalidInput
from playground.telegram import TelegramStandIn
from storage import broadcasts
from storage.database import Database
from tests.administration.town import ADMIN, OWNERS, Town, until
from tests.bot.support import PATIENCE_SECONDS, Person

FEW, MANY = 120, 2_000
BODY = "Amanhã às 22:00 o EmDia para por 10 minutos."
ON_TRIAL = "UPDATE tenants SET trial_ends_at = now() - interval '9 days' WHERE tenant_id % 2 = 1"


async def make_owners(dsn: str, stand_in: TelegramStandIn, many: int) -> list[int]:
    owners = [*range(1_000, 1_000 + many)]
    connection = await asyncpg.connect(dsn)
    await connection.execute(OWNERS, owners)
    await connection.close()
    for owner in (ADMIN, *owners):
        stand_in.control.meet(owner)
    return owners


@pytest.fixture
async def town(database: Database, stand_in: TelegramStandIn) -> Town:
    return Town(database, stand_in)


async def begin(admin: Ref, press: int = 1, to: BroadcastTo = BroadcastTo.ALL) -> Broadcast:
    return await admin.ask(StartBroadcast(ADMIN, press, to, BODY), deadline=PATIENCE_SECONDS)


@pytest.mark.parametrize(
    "many", [pytest.param(FEW, id="few"), pytest.param(MANY, id="many", marks=pytest.mark.long)]
)
async def test_each_reachable_owner_hears_it_once_through_blocks_a_flood_and_a_restart(
    town: Town, dsn: str, stand_in: TelegramStandIn, many: int
) -> None:
    owners = await make_owners(dsn, stand_in, many)
    blocked = owners[::7]
    for owner in blocked:
        stand_in.control.block(owner)
    stand_in.control.order({"kind": "flood", "method": "sendMessage", "retry_after": 1})
    async with town.administration() as admin:
        broadcast_id = (await begin(admin)).broadcast_id
        await until(admin, broadcast_id, left=many * 2 // 3)
    async with town.administration() as admin:
        found = await until(admin, broadcast_id, left=0, seconds=many / 8)

    reached = [0 if owner in set(blocked) else 1 for owner in owners]
    assert reached == town.heard(owners)
    assert {Reach.SENT: sum(reached), Reach.UNREACHABLE: len(blocked)} == found.counts
    assert many == found.total


async def test_a_press_that_is_handled_again_begins_nothing_new(
    town: Town, dsn: str, stand_in: TelegramStandIn
) -> None:
    owners = await make_owners(dsn, stand_in, 3)
    async with town.administration() as admin:
        first = await begin(admin)
        again = await begin(admin)
        await until(admin, first.broadcast_id, left=0)
        another = await begin(admin, press=2)
        await until(admin, another.broadcast_id, left=0)

    assert again.broadcast_id == first.broadcast_id != another.broadcast_id
    assert [2, 2, 2] == town.heard(owners)


async def test_only_the_audience_is_told(town: Town, dsn: str, stand_in: TelegramStandIn) -> None:
    owners = await make_owners(dsn, stand_in, 6)
    connection = await asyncpg.connect(dsn)
    await connection.execute(ON_TRIAL)
    await connection.close()
    async with town.administration() as admin:
        found = await begin(admin, to=BroadcastTo.ENDED)
        await until(admin, found.broadcast_id, left=0)

    assert [owner % 2 for owner in owners] == town.heard(owners)


async def test_nobody_to_tell_is_said(town: Town) -> None:
    async with town.administration() as admin:
        with pytest.raises(InvalidInput, match="nenhuma"):
            await begin(admin)


async def test_paused_it_tells_nobody_and_stopped_it_never_goes_on(
    town: Town, dsn: str, stand_in: TelegramStandIn
) -> None:
    owners = await make_owners(dsn, stand_in, FEW)
    # Nobody is told while this lasts, so that it is paused in the middle for sure.
    stand_in.control.order({"kind": "slow", "method": "sendMessage", "count": 4, "seconds": 1.0})
    async with town.administration() as admin:
        one = (await begin(admin)).broadcast_id
        paused = await admin.ask(PauseBroadcast(ADMIN, one), deadline=PATIENCE_SECONDS)
        resumed = await admin.ask(ResumeBroadcast(ADMIN, one), deadline=PATIENCE_SECONDS)
        stopped = await admin.ask(StopBroadcast(ADMIN, one), deadline=PATIENCE_SECONDS)
        late = await admin.ask(ResumeBroadcast(ADMIN, one), deadline=PATIENCE_SECONDS)
        found = await settled(admin, one)

    states = [one.state for one in (paused, resumed, stopped, late)]
    assert [
        BroadcastState.PAUSED,
        BroadcastState.RUNNING,
        BroadcastState.STOPPED,
        BroadcastState.STOPPED,
    ] == states
    assert found.count(Reach.SENT) == sum(town.heard(owners)) < FEW


async def settled(admin: Ref, broadcast_id: int) -> Broadcast:
    """How it stands once nobody is being told."""
    while True:
        message = GetBroadcast(ADMIN, broadcast_id)
        found: Broadcast = await admin.ask(message, deadline=PATIENCE_SECONDS)
        if not found.count(Reach.SENDING):
            return found


async def test_whoever_was_being_told_when_a_process_died_is_in_doubt_until_somebody_decides(
    town: Town, dsn: str, stand_in: TelegramStandIn
) -> None:
    owners = await make_owners(dsn, stand_in, 3)
    async with town.administration() as admin:
        stand_in.control.order({"kind": "drop", "method": "sendMessage", "chat_id": owners[0]})
        one = (await begin(admin)).broadcast_id
        found = await until(admin, one, left=0)
        doubted = found.count(Reach.UNSURE)
        again = await admin.ask(TellDoubted(ADMIN, one), deadline=PATIENCE_SECONDS)
        after = await until(admin, one, left=0)

    assert (1, BroadcastState.RUNNING) == (doubted, again.state)
    assert {Reach.SENT: 3} == after.counts
    assert [1, 1, 1] == town.heard(owners)


async def test_an_old_button_makes_nobody_wait_in_one_that_was_stopped(
    town: Town, dsn: str, stand_in: TelegramStandIn
) -> None:
    owners = await make_owners(dsn, stand_in, 3)
    async with town.administration() as admin:
        stand_in.control.order({"kind": "drop", "method": "sendMessage", "chat_id": owners[0]})
        one = (await begin(admin)).broadcast_id
        await until(admin, one, left=0)
        connection = await asyncpg.connect(dsn)
        await connection.execute("UPDATE broadcasts SET state = 'stopped' WHERE id = $1", one)
        await connection.close()
        after = await admin.ask(TellDoubted(ADMIN, one), deadline=PATIENCE_SECONDS)

    assert (BroadcastState.STOPPED, 1) == (after.state, after.count(Reach.UNSURE))


async def test_its_end_is_shown_to_who_began_it_also_after_a_restart(
    town: Town, dsn: str, stand_in: TelegramStandIn, database: Database
) -> None:
    await make_owners(dsn, stand_in, 3)
    admin_chat = Person(stand_in, ADMIN)
    async with town.administration() as admin:
        await until(admin, (await begin(admin)).broadcast_id, left=0)
    async with town.administration():
        shown = await read_until(admin_chat, "Aviso dado")

    assert "3 receberam" in shown
    async with database.dispatcher() as connection:
        assert [] == await broadcasts.untold(connection)


async def read_until(person: Person, words: str) -> str:
    """The first message with `words` in it."""
    while True:
        text: str = (await person.read())["text"]
        if words in text:
            return text


async def test_behind_every_count_are_its_accounts_page_by_page(
    town: Town, dsn: str, stand_in: TelegramStandIn
) -> None:
    owners = await make_owners(dsn, stand_in, 8)
    stand_in.control.block(owners[3])
    async with town.administration() as admin:
        one = (await begin(admin)).broadcast_id
        await until(admin, one, left=0)
        asked = [GetReached(ADMIN, one, Group.HEARD), GetReached(ADMIN, one, Group.HEARD, 9)]
        asked += [GetReached(ADMIN, one, Group.SHUT), GetReached(ADMIN, one, Group.LEFT)]
        pages = [await admin.ask(message, deadline=PATIENCE_SECONDS) for message in asked]

    assert [(7, 2), (7, 2), (1, 1), (0, 1)] == [(page.total, page.pages) for page in pages]
    first, last, shut, _ = ([line.tenant_id for line in page.lines] for page in pages)
    assert set(owners) - {owners[3]} == {*first, *last}
    assert [owners[3]] == shut


async def test_a_turn_that_was_taken_by_a_call_whose_answer_was_lost_is_given_back(
    town: Town, dsn: str, stand_in: TelegramStandIn, database: Database
) -> None:
    owners = await make_owners(dsn, stand_in, 3)
    async with town.administration() as admin:
        await until(admin, (await begin(admin)).broadcast_id, left=0)
        async with database.dispatcher() as connection:
            one = await broadcasts.start(
                connection,
                press=2,
                made_by=ADMIN,
                body=BODY,
                audience=BroadcastTo.ALL,
                recipients=owners,
                now=SystemClock().now(),
            )
            await broadcasts.claim(connection, town.replica, SystemClock().now())
        await admin.ask(ResumeBroadcast(ADMIN, one), deadline=PATIENCE_SECONDS)
        found = await until(admin, one, left=0)

    assert {Reach.SENT: 3} == found.counts
    assert [2, 2, 2] == town.heard(owners)
