"""The newest process that lives is in charge, by the clock of PostgreSQL alone (I7)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from domain.charge import Seen
from domain.jobs import Job
from domain.retention import Retention
from errors import Superseded
from storage import leases, retention, schedules, telegram_updates, tenants
from storage.database import Database, DispatcherConnection
from storage.telegram_updates import OpenUpdate, Turn
from tests.postgres import NOW, sign_up

OLDER, NEWER, THIRD = UUID(int=2), UUID(int=1), UUID(int=3)
TENANT, OTHER = 7, 8
UPDATE = {"update_id": 1}
ALONE, WAITS = Seen(superseded=False, awaits=False), Seen(superseded=False, awaits=True)
BEHIND = Seen(superseded=True, awaits=False)
FAR = NOW + timedelta(days=400)


class Replicas:
    """Some processes and what becomes of them."""

    def __init__(self, database: Database, console: asyncpg.Connection) -> None:
        self.database = database
        self.console = console

    async def ask(self, what: Callable[[DispatcherConnection], Awaitable[object]]) -> object:
        """Ask across tenants."""
        async with self.database.dispatcher() as connection:
            return await what(connection)

    async def renews(self, replica: UUID) -> object:
        """Renew; what it sees."""
        return await self.ask(lambda connection: leases.renew(connection, replica))

    async def looks(self, replica: UUID) -> object:
        """What it sees."""
        return await self.ask(lambda connection: leases.look(connection, replica))

    async def lets_go(self, replica: UUID) -> None:
        """Give back what it claimed."""
        await self.ask(lambda connection: leases.let_go(connection, replica, NOW))

    async def ends(self, replica: UUID) -> None:
        """Let its lease run out."""
        await self.console.execute(
            "UPDATE replicas SET lease_until = clock_timestamp() - interval '1 ms' WHERE id = $1",
            replica,
        )

    async def crashes(self, replica: UUID) -> None:
        """Let its connection be gone while its lease goes on."""
        await self.console.execute("UPDATE replicas SET backend_pid = 0 WHERE id = $1", replica)

    async def claims(self, replica: UUID, *, again: bool = False) -> list[tuple[int, int]]:
        """Claim all jobs there are: tenant and tries of each."""
        async with self.database.dispatcher() as connection:
            claimed = await schedules.claim(
                connection,
                replica,
                now=NOW,
                until=NOW + timedelta(hours=1),
                most=10,
                again=again,
            )
        return [(job.tenant_id, job.attempts) for job in claimed]

    async def begins(self, replica: UUID, latest: int = 999) -> Turn | None:
        """Begin the tenant's oldest update up to one."""
        async with self.database.tenant(TENANT) as tx:
            return await telegram_updates.begin(tx, replica, latest, NOW)

    async def keeps(self, *updates: int, chat: int = TENANT) -> None:
        """Keep updates."""
        async with self.database.tenant(chat) as tx:
            for update_id in updates:
                await telegram_updates.keep(tx, update_id, UPDATE, NOW)

    async def tells(self, replica: UUID) -> list[int]:
        """Claim what the owner must hear."""
        async with self.database.tenant(TENANT) as tx:
            return [notice.id for notice in await tenants.claim_notices(tx, replica)]


@pytest.fixture
async def replicas(database: Database, dsn: str) -> AsyncIterator[Replicas]:
    """A tenant with a due job, and two processes, the newer with the lesser id."""
    console = await asyncpg.connect(dsn)
    await sign_up(database, TENANT)
    async with database.tenant(TENANT) as tx:
        await schedules.set_next(tx, {Job.VERIFY: NOW})
    made = Replicas(database, console)
    for replica in (OLDER, NEWER):
        await made.renews(replica)
    yield made
    await console.close()


def taken(update_id: int) -> Turn:
    """The turn that is ours."""
    return Turn(update_id, UPDATE, set_aside=False)


def theirs(update_id: int) -> Turn:
    """The turn that is another's."""
    return Turn(update_id, None, set_aside=False)


# Who is in charge


async def test_the_newer_of_two_is_in_charge_and_waits_for_the_older(replicas: Replicas) -> None:
    assert (BEHIND, WAITS) == (await replicas.looks(OLDER), await replicas.looks(NEWER))
    assert (BEHIND, WAITS) == (await replicas.renews(OLDER), await replicas.renews(NEWER))


async def test_of_two_that_began_at_once_the_greater_id_is_newer(replicas: Replicas) -> None:
    await replicas.console.execute("UPDATE replicas SET started_at = $1", NOW)

    assert (WAITS, BEHIND) == (await replicas.looks(OLDER), await replicas.looks(NEWER))


async def test_who_let_go_is_not_waited_for(replicas: Replicas) -> None:
    await replicas.lets_go(OLDER)
    first = await replicas.looks(NEWER)
    await replicas.renews(OLDER)  # still superseded: it has nothing in hand

    assert (ALONE, ALONE) == (first, await replicas.looks(NEWER))


async def test_who_crashed_is_not_waited_for(replicas: Replicas) -> None:
    await replicas.crashes(OLDER)

    assert ALONE == await replicas.looks(NEWER)


async def test_the_end_of_a_lease_gives_the_charge_back(replicas: Replicas) -> None:
    await replicas.lets_go(OLDER)
    await replicas.ends(NEWER)
    back = await replicas.renews(OLDER)
    late = await replicas.renews(NEWER)  # it was only stuck: it is the newer one still

    assert (ALONE, WAITS, BEHIND) == (back, late, await replicas.looks(OLDER))


async def test_who_released_its_lease_is_gone_at_once(replicas: Replicas) -> None:
    await replicas.ask(lambda connection: leases.release(connection, NEWER))

    assert ALONE == await replicas.looks(OLDER)


async def test_an_unknown_process_sees_nobody(replicas: Replicas) -> None:
    assert ALONE == await replicas.looks(THIRD)


async def test_the_version_of_before_still_finds_its_statements(replicas: Replicas) -> None:
    await replicas.console.execute("SET ROLE emdia_dispatcher")
    until = NOW + timedelta(seconds=15)
    await replicas.console.execute("SELECT dispatch.renew_lease($1, $2, $3)", THIRD, NOW, until)

    assert [] == await replicas.console.fetch("SELECT * FROM dispatch.open_updates(10)")


# Tenants


async def test_who_is_superseded_takes_no_tenant(replicas: Replicas) -> None:
    def take(replica: UUID) -> Callable[[DispatcherConnection], Awaitable[object]]:
        return lambda connection: leases.take_over(connection, TENANT, replica, NOW)

    epoch = await replicas.ask(take(NEWER))
    with pytest.raises(Superseded):
        await replicas.ask(take(OLDER))
    await replicas.ends(NEWER)

    assert (1, 2) == (epoch, await replicas.ask(take(OLDER)))


# Jobs


async def test_who_is_superseded_claims_no_job(replicas: Replicas) -> None:
    assert ([], [(TENANT, 1)]) == (await replicas.claims(OLDER), await replicas.claims(NEWER))


async def test_a_job_that_only_waited_is_given_back_as_if_never_claimed(replicas: Replicas) -> None:
    await replicas.ends(NEWER)
    claimed = await replicas.claims(OLDER)
    await replicas.renews(NEWER)
    kept = await replicas.claims(NEWER)
    await replicas.lets_go(OLDER)

    assert ([(TENANT, 1)], [], [(TENANT, 1)]) == (claimed, kept, await replicas.claims(NEWER))


async def test_a_job_tried_before_is_given_back_to_be_tried_again(replicas: Replicas) -> None:
    await replicas.console.execute(
        "UPDATE schedules SET attempts = 3, faults = 2, retry_at = $1, claimed_by = $2", FAR, OLDER
    )
    await replicas.lets_go(OLDER)

    assert [(TENANT, 3)] == await replicas.claims(NEWER, again=True)


@pytest.mark.parametrize("is_over", [False, True], ids=["alive", "dead"])
async def test_a_claim_is_freed_by_the_death_of_its_process_whatever_the_tenants_clock_says(
    replicas: Replicas, *, is_over: bool
) -> None:
    await replicas.claims(NEWER)
    await {False: replicas.renews, True: replicas.ends}[is_over](NEWER)
    far_ahead = NOW + timedelta(minutes=59)

    assert int(is_over) == await replicas.ask(
        lambda connection: schedules.free_claims(connection, far_ahead)
    )


async def test_no_process_is_forgotten_that_lives_however_late_the_tenants_think_it_is(
    replicas: Replicas,
) -> None:
    await replicas.console.execute(
        "UPDATE replicas SET lease_until = clock_timestamp() - interval '2 hours' WHERE id = $1",
        OLDER,
    )
    late = await replicas.console.fetchval("SELECT clock_timestamp() + interval '400 days'")
    await replicas.ask(lambda connection: retention.clean_everywhere(connection, Retention(), late))

    assert [NEWER] == [row["id"] for row in await replicas.console.fetch("SELECT id FROM replicas")]


# Updates


async def test_a_chats_turn_is_its_oldest_open_update(replicas: Replicas) -> None:
    await replicas.keeps(12, 11)
    too_early = await replicas.begins(NEWER, latest=10)
    turns = [await replicas.begins(NEWER, latest=11)]
    async with replicas.database.tenant(TENANT) as tx:
        await telegram_updates.close(tx, {11: None}, None, NOW)
    not_told = await replicas.begins(NEWER, latest=11)
    turns += [await replicas.begins(NEWER), await replicas.begins(NEWER)]

    assert [None, None] == [too_early, not_told]
    assert [taken(11), taken(12), taken(12)] == turns


async def test_who_is_superseded_begins_no_update(replicas: Replicas) -> None:
    await replicas.keeps(11)

    assert (theirs(11), taken(11)) == (await replicas.begins(OLDER), await replicas.begins(NEWER))


async def test_what_an_older_process_has_in_hand_is_left_to_it(replicas: Replicas) -> None:
    await replicas.keeps(11, 12)
    await replicas.console.execute(
        "UPDATE telegram_updates SET claimed_by = $1 WHERE update_id = 11", OLDER
    )
    while_alive = await replicas.begins(NEWER)
    await replicas.ends(OLDER)

    assert (theirs(11), taken(11)) == (while_alive, await replicas.begins(NEWER))


async def test_what_was_let_go_of_is_free_at_once(replicas: Replicas) -> None:
    await replicas.keeps(11)
    await replicas.console.execute("UPDATE telegram_updates SET claimed_by = $1", OLDER)
    await replicas.lets_go(OLDER)

    assert taken(11) == await replicas.begins(NEWER)


async def test_a_chat_in_anothers_hand_is_not_listed(replicas: Replicas) -> None:
    await replicas.keeps(11, 13)
    await replicas.keeps(12, chat=OTHER)
    await replicas.console.execute(
        "UPDATE telegram_updates SET claimed_by = $1 WHERE update_id = 11", OLDER
    )

    async def listed() -> object:
        return await replicas.ask(
            lambda connection: telegram_updates.unhandled_everywhere(connection, NEWER, 10)
        )

    while_alive = await listed()
    await replicas.ends(OLDER)
    everything = [(TENANT, 11), (OTHER, 12), (TENANT, 13)]

    assert [OpenUpdate(OTHER, 12, tried=False)] == while_alive
    assert [OpenUpdate(*one, tried=False) for one in everything] == await listed()


# Notices


async def test_a_notice_is_told_by_one_process_at_a_time(replicas: Replicas) -> None:
    async with replicas.database.tenant(TENANT) as tx:
        await tenants.put_notice(tx, kind="k", key="1", payload={}, now=NOW)
    superseded = await replicas.tells(OLDER)
    first = await replicas.tells(NEWER)
    await replicas.renews(THIRD)
    while_alive = await replicas.tells(THIRD)
    async with replicas.database.tenant(TENANT) as tx:
        is_untold = await tenants.is_anything_untold(tx)
    await replicas.lets_go(NEWER)

    assert ([], 1, [], True) == (superseded, len(first), while_alive, is_untold)
    assert first == await replicas.tells(THIRD)
