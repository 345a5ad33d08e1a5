"""Session and keys survive, belong to the owner of the moment, and open for their tenant (F3)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from domain.restrictions import LONGEST_REPORTED, OWN_PAUSE, Pause
from domain.whatsapp import SessionState
from errors import StaleEpoch, StorageUnavailable, Unstorable, VaultError
from storage import leases, receipts, whatsapp_incoming, whatsapp_state
from storage.database import Database, TenantConnection
from storage.rotation import rotate
from storage.values import storable
from storage.vault import Vault, new_key
from storage.whatsapp_incoming import Incoming
from tests.postgres import NOW, sign_up

TENANT = 7
OLD_RING, NEW_RING = new_key("k1"), new_key("k2")
VAULT = Vault.from_ring(OLD_RING)


@pytest.fixture
async def epoch(database: Database) -> int:
    """A tenant owned by this process."""
    await sign_up(database, TENANT)
    return await take_over(database)


async def take_over(database: Database) -> int:
    replica = uuid4()
    async with database.dispatcher() as connection:
        await leases.renew(connection, replica)
        return await leases.take_over(connection, TENANT, replica, NOW)


async def keys(database: Database, *ids: str) -> dict[str, str]:
    async with database.tenant(TENANT) as tx:
        epoch = await tx.fetchval("SELECT epoch FROM tenant_owners WHERE tenant_id = $1", TENANT)
        return await whatsapp_state.get_keys(tx, VAULT, epoch, "session", ids)


async def test_what_is_set_is_got(database: Database, epoch: int) -> None:
    async with database.tenant(TENANT) as tx:
        await whatsapp_state.set_keys(tx, VAULT, epoch, {"session": {"a": '{"x":1}', "b": "2"}})

    assert {"a": '{"x":1}', "b": "2"} == await keys(database, "a", "b", "c")


async def test_one_set_replaces_adds_and_deletes(database: Database, epoch: int) -> None:
    async with database.tenant(TENANT) as tx:
        await whatsapp_state.set_keys(tx, VAULT, epoch, {"session": {"a": "1", "b": "1"}})
    async with database.tenant(TENANT) as tx:
        changes: dict[str, dict[str, str | None]] = {
            "session": {"a": "2", "b": None, "c": "1", "never": None},
            "pre-key": {"a": "other type"},
        }
        await whatsapp_state.set_keys(tx, VAULT, epoch, changes)

    assert {"a": "2", "c": "1"} == await keys(database, "a", "b", "c", "never")


@pytest.mark.parametrize("value", ["2", None], ids=["another value", "deleted"])
async def test_a_key_that_is_set_leaves_all_others(
    database: Database, epoch: int, value: str | None
) -> None:
    kinds = ("session", "pre-key")
    async with database.tenant(TENANT) as tx:
        await whatsapp_state.set_keys(
            tx, VAULT, epoch, {kind: {"a": "1", "b": "1"} for kind in kinds}
        )
        await whatsapp_state.set_keys(tx, VAULT, epoch, {"session": {"a": value}})
        found = [
            await whatsapp_state.get_keys(tx, VAULT, epoch, kind, ["a", "b"]) for kind in kinds
        ]

    changed = {} if value is None else {"a": value}
    assert [changed | {"b": "1"}, {"a": "1", "b": "1"}] == found


async def test_an_empty_set_is_fine(database: Database, epoch: int) -> None:
    async with database.tenant(TENANT) as tx:
        await whatsapp_state.set_keys(tx, VAULT, epoch, {})

    assert {} == await keys(database, "a")


async def test_keys_are_not_readable_in_the_table(database: Database, epoch: int) -> None:
    async with database.tenant(TENANT) as tx:
        await whatsapp_state.set_keys(tx, VAULT, epoch, {"session": {"a": "plain words"}})
        stored = await tx.fetchval("SELECT value FROM whatsapp_keys WHERE tenant_id = $1", TENANT)

    assert b"plain words" not in stored


async def test_a_key_moved_to_another_id_does_not_open(database: Database, epoch: int) -> None:
    async with database.tenant(TENANT) as tx:
        await whatsapp_state.set_keys(tx, VAULT, epoch, {"session": {"a": "1"}})
        await tx.execute("UPDATE whatsapp_keys SET id = 'b' WHERE tenant_id = $1", TENANT)

        with pytest.raises(VaultError):
            await whatsapp_state.get_keys(tx, VAULT, epoch, "session", ["b"])


@pytest.mark.parametrize("ids", [["a"], ["missing"], []], ids=["there", "absent", "none"])
async def test_a_former_owner_reads_no_keys(database: Database, epoch: int, ids: list[str]) -> None:
    async with database.tenant(TENANT) as tx:
        await whatsapp_state.set_keys(tx, VAULT, epoch, {"session": {"a": "1"}})
    await take_over(database)

    async with database.tenant(TENANT) as tx:
        with pytest.raises(StaleEpoch):
            await whatsapp_state.get_keys(tx, VAULT, epoch, "session", ids)


WRITES: dict[str, Callable[[TenantConnection, int], Awaitable[object]]] = {
    "keys": lambda tx, epoch: whatsapp_state.set_keys(tx, VAULT, epoch, {"session": {"a": "new"}}),
    "deleting keys": lambda tx, epoch: whatsapp_state.set_keys(
        tx, VAULT, epoch, {"session": {"a": None}}
    ),
    "creds": lambda tx, epoch: whatsapp_state.set_creds(tx, VAULT, epoch, "new", NOW),
    "state": lambda tx, epoch: whatsapp_state.set_state(tx, epoch, SessionState.BANNED, now=NOW),
    "restriction": lambda tx, epoch: whatsapp_state.block_new_chats(tx, epoch, Pause(NOW), NOW),
    "pairing anew": lambda tx, epoch: whatsapp_state.begin_pairing(tx, epoch, NOW),
    "giving a pairing up": lambda tx, epoch: whatsapp_state.abandon_pairing(tx, epoch, NOW),
    "dropping a device": whatsapp_state.drop_set_aside,
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
async def test_a_former_owner_writes_nothing(
    database: Database, epoch: int, write: Callable[[TenantConnection, int], Awaitable[object]]
) -> None:
    async with database.tenant(TENANT) as tx:
        await whatsapp_state.set_keys(tx, VAULT, epoch, {"session": {"a": "old"}})
        await whatsapp_state.set_creds(tx, VAULT, epoch, "old", NOW)
        await whatsapp_state.set_state(tx, epoch, SessionState.PAIRED, now=NOW)
    await take_over(database)

    with pytest.raises(StaleEpoch):
        async with database.tenant(TENANT) as tx:
            await write(tx, epoch)

    async with database.tenant(TENANT) as tx:
        session = await whatsapp_state.find_session(tx)
        creds = await whatsapp_state.get_creds(tx, VAULT)
    assert ({"a": "old"}, "old", "paired", None) == (
        await keys(database, "a"),
        creds,
        session and session.state,
        session and session.pause,
    )


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
async def test_a_takeover_waits_for_whatever_is_written(
    database: Database, epoch: int, write: Callable[[TenantConnection, int], Awaitable[object]]
) -> None:
    async with database.tenant(TENANT) as tx:
        await whatsapp_state.set_creds(tx, VAULT, epoch, "old", NOW)
    async with database.tenant(TENANT) as tx:
        await write(tx, epoch)
        takeover = asyncio.create_task(take_over(database))
        async with asyncio.timeout(5):
            while not takeover.done() and not await tx.fetchval(
                "SELECT count(*) FROM pg_locks WHERE NOT granted"
            ):
                pass
        waited = not takeover.done()

    assert (True, epoch + 1) == (waited, await takeover)


async def test_a_takeover_waits_for_a_write_under_way(database: Database, epoch: int) -> None:
    async with database.tenant(TENANT) as tx:
        await whatsapp_state.set_keys(tx, VAULT, epoch, {"session": {"a": "last words"}})
        takeover = asyncio.create_task(take_over(database))
        async with asyncio.timeout(5):
            while not await tx.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                pass
        waited = not takeover.done()

    newer = await takeover
    assert (True, epoch + 1, {"a": "last words"}) == (waited, newer, await keys(database, "a"))


async def test_creds_survive_and_the_latest_wins(database: Database, epoch: int) -> None:
    async with database.tenant(TENANT) as tx:
        before = await whatsapp_state.get_creds(tx, VAULT)
        await whatsapp_state.set_creds(tx, VAULT, epoch, "first", NOW)
        await whatsapp_state.set_creds(tx, VAULT, epoch, "second", NOW)

    async with database.tenant(TENANT) as tx:
        assert (None, "second") == (before, await whatsapp_state.get_creds(tx, VAULT))


async def test_creds_that_do_not_open_are_never_taken_for_none(
    database: Database, epoch: int
) -> None:
    async with database.tenant(TENANT) as tx:
        await whatsapp_state.set_creds(tx, VAULT, epoch, "secret", NOW)

        with pytest.raises(VaultError):
            await whatsapp_state.get_creds(tx, Vault.from_ring(NEW_RING))


async def test_a_session_keeps_what_a_later_state_does_not_say(
    database: Database, epoch: int
) -> None:
    later = NOW + timedelta(days=1)
    async with database.tenant(TENANT) as tx:
        await whatsapp_state.begin_pairing(tx, epoch, NOW)
        await whatsapp_state.set_state(
            tx, epoch, SessionState.PAIRED, jid="1@s", lid="2@lid", now=NOW
        )
        await whatsapp_state.set_state(
            tx, epoch, SessionState.TEMPORARILY_BANNED, resume=Pause(later), now=later
        )
        await whatsapp_state.block_new_chats(tx, epoch, Pause(later, OWN_PAUSE), NOW)

        assert whatsapp_state.Session(
            state=SessionState.TEMPORARILY_BANNED,
            jid="1@s",
            lid="2@lid",
            has_creds=False,
            epoch=epoch,
            paired_at=NOW,
            resume=Pause(later),
            pause=Pause(later, OWN_PAUSE),
        ) == await whatsapp_state.find_session(tx)


async def test_a_ban_that_is_over_has_no_end_left(database: Database, epoch: int) -> None:
    async with database.tenant(TENANT) as tx:
        await whatsapp_state.set_state(
            tx, epoch, SessionState.TEMPORARILY_BANNED, resume=Pause(NOW), now=NOW
        )
        await whatsapp_state.set_state(tx, epoch, SessionState.PAIRED, now=NOW)
        session = await whatsapp_state.find_session(tx)

    assert session is not None
    assert (SessionState.PAIRED, None) == (session.state, session.resume)


async def test_a_pause_of_an_older_version_is_as_long_as_whatsapp_says(
    database: Database, epoch: int
) -> None:
    async with database.tenant(TENANT) as tx:
        await whatsapp_state.set_state(tx, epoch, SessionState.PAIRED, now=NOW)
        await tx.execute("UPDATE whatsapp_sessions SET new_chats_blocked_until = $1", NOW)
        session = await whatsapp_state.find_session(tx)

    assert session is not None
    assert Pause(NOW, LONGEST_REPORTED) == session.pause


@pytest.mark.parametrize(("taken_over", "expected"), [(False, True), (True, False)])
async def test_whether_an_epoch_is_still_the_tenants(
    database: Database, epoch: int, taken_over: bool, expected: bool
) -> None:
    for _ in range(taken_over):
        await take_over(database)

    async with database.tenant(TENANT) as tx:
        assert expected == await whatsapp_state.is_owned(tx, epoch)


async def test_after_rotation_the_old_key_can_leave(database: Database, epoch: int) -> None:
    async with database.tenant(TENANT) as tx:
        await whatsapp_state.set_keys(tx, VAULT, epoch, {"session": {"a": "1", "b": "2"}})
        await whatsapp_state.set_creds(tx, VAULT, epoch, "secret", NOW)
    both = Vault.from_ring(f"{NEW_RING},{OLD_RING}")

    async with database.tenant(TENANT) as tx:
        moved = [await whatsapp_state.reseal(tx, both), await whatsapp_state.reseal(tx, both)]
        only_new = Vault.from_ring(NEW_RING)
        creds = await whatsapp_state.get_creds(tx, only_new)
        found = await whatsapp_state.get_keys(tx, only_new, epoch, "session", ["a", "b"])

    assert ([3, 0], "secret", {"a": "1", "b": "2"}) == (moved, creds, found)


@pytest.mark.usefixtures("epoch")
async def test_an_incoming_message_is_kept_once_whatever_is_in_it(database: Database) -> None:
    message = Incoming(
        message_id="3EB0", from_jid="1@s", from_phone=None, kind="text", text="a\x00\ud800b", at=NOW
    )

    async with database.tenant(TENANT) as tx:
        news = [await whatsapp_state.keep_incoming(tx, message) for _ in range(2)]
        open_ = await whatsapp_incoming.unhandled(tx, 10)
        done = [await whatsapp_incoming.handled(tx, message, NOW) for _ in range(2)]
        left = await whatsapp_incoming.unhandled(tx, 10)

    assert ([True, False], ["a?b"], [True, False], []) == (
        news,
        [kept.text for kept in open_],
        done,
        left,
    )


@pytest.mark.parametrize(
    ("message_id", "jid"),
    [
        pytest.param("a\x00b", "1@s", id="NUL"),
        pytest.param("a\ud83d", "1@s", id="half a surrogate pair"),
        pytest.param("3EB0", "1" * 101, id="too long"),
    ],
)
async def test_what_can_never_be_kept_is_told_apart_from_an_outage(
    database: Database, epoch: int, message_id: str, jid: str
) -> None:
    async def keep() -> None:
        with storable():
            async with database.tenant(TENANT) as tx:
                await receipts.receipt(tx, message_id, "read", NOW)
                await whatsapp_state.set_state(tx, epoch, SessionState.PAIRED, jid=jid, now=NOW)

    with pytest.raises(Unstorable) as refused:
        await keep()

    assert message_id not in str(refused.value)


async def test_an_outage_is_never_taken_for_something_that_cannot_be_kept() -> None:
    with pytest.raises(StorageUnavailable), storable():
        raise StorageUnavailable("away")


async def test_rotation_reaches_every_tenant(database: Database, epoch: int) -> None:
    async with database.tenant(TENANT) as tx:
        await whatsapp_state.set_keys(tx, VAULT, epoch, {"session": {"a": "1"}})
        await whatsapp_state.set_creds(tx, VAULT, epoch, "secret", NOW)
    both = Vault.from_ring(f"{NEW_RING},{OLD_RING}")

    assert [2, 0] == [await rotate(database, both), await rotate(database, both)]
