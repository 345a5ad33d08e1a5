"""A device is set aside until its successor works, and comes back if that never comes (F4)."""

from uuid import uuid4

import pytest

from domain.whatsapp import SessionState
from storage import leases, whatsapp_state
from storage.database import Database
from storage.vault import Vault, new_key
from tests.postgres import NOW, sign_up

TENANT = 7
OLD_RING, NEW_RING = new_key("k1"), new_key("k2")
VAULT = Vault.from_ring(OLD_RING)


@pytest.fixture
async def epoch(database: Database) -> int:
    """A tenant owned by this process."""
    await sign_up(database, TENANT)
    replica = uuid4()
    async with database.dispatcher() as connection:
        await leases.renew(connection, replica)
        return await leases.take_over(connection, TENANT, replica, NOW)


class Desk:
    """One tenant's device as the session and the worker treat it."""

    def __init__(self, database: Database, epoch: int) -> None:
        self.database = database
        self.epoch = epoch

    async def paired(self, name: str, state: SessionState = SessionState.PAIRED) -> None:
        """The worker keeps a device's secrets, and the session how it stands."""
        async with self.database.tenant(TENANT) as tx:
            await whatsapp_state.set_keys(tx, VAULT, self.epoch, {"session": {"a": name}})
            await whatsapp_state.set_creds(tx, VAULT, self.epoch, name, NOW)
            await whatsapp_state.set_state(tx, self.epoch, state, jid=f"{name}@s", now=NOW)

    async def begins(self) -> None:
        """A QR is asked for."""
        async with self.database.tenant(TENANT) as tx:
            await whatsapp_state.begin_pairing(tx, self.epoch, NOW)

    async def abandons(self) -> None:
        """Nobody scanned it."""
        async with self.database.tenant(TENANT) as tx:
            await whatsapp_state.abandon_pairing(tx, self.epoch, NOW)

    async def opens(self) -> None:
        """The line is open."""
        async with self.database.tenant(TENANT) as tx:
            await whatsapp_state.drop_set_aside(tx, self.epoch)

    async def seen(self) -> tuple[str | None, str | None, str | None, str | None]:
        """The state, the jid, the credentials and the key that count."""
        async with self.database.tenant(TENANT) as tx:
            session = await whatsapp_state.find_session(tx)
            creds = await whatsapp_state.get_creds(tx, VAULT)
            found = await whatsapp_state.get_keys(tx, VAULT, self.epoch, "session", ["a"])
        if session is None:
            return None, None, creds, found.get("a")
        return session.state, session.jid, creds, found.get("a")

    async def secrets(self) -> int:
        """How many devices have anything kept of them."""
        async with self.database.tenant(TENANT) as tx:
            aside = await tx.fetchval("SELECT count(*) FROM whatsapp_set_aside")
            return int(
                await tx.fetchval("SELECT count(DISTINCT generation) FROM whatsapp_keys")
            ) + int(aside)


@pytest.fixture
def desk(database: Database, epoch: int) -> Desk:
    """A tenant that never paired."""
    return Desk(database, epoch)


NOTHING = (None, None, None)


async def test_a_first_pairing_begins_with_nothing(desk: Desk) -> None:
    await desk.begins()

    assert ("pairing", *NOTHING) == await desk.seen()


async def test_a_first_pairing_that_fails_leaves_nothing(desk: Desk) -> None:
    await desk.begins()
    await desk.abandons()

    assert ("disconnected", *NOTHING) == await desk.seen()


@pytest.mark.parametrize(
    "state",
    [
        SessionState.NEEDS_QR,
        SessionState.BANNED,
        SessionState.LOCKED,
        SessionState.TEMPORARILY_BANNED,
    ],
)
async def test_a_device_comes_back_as_it_stood_when_its_successor_never_came(
    desk: Desk, state: SessionState
) -> None:
    await desk.paired("old", state)
    await desk.begins()
    meanwhile = await desk.seen()
    await desk.abandons()

    assert ("pairing", *NOTHING) == meanwhile
    assert (state, "old@s", "old", "old") == await desk.seen()


async def test_many_pairings_that_fail_lose_nothing(desk: Desk) -> None:
    await desk.paired("old", SessionState.NEEDS_QR)
    for _ in range(4):
        await desk.begins()
        await desk.abandons()
    await desk.begins()
    await desk.begins()
    await desk.abandons()

    assert ("needs_qr", "old@s", "old", "old") == await desk.seen()


async def test_the_device_before_stays_until_its_successor_has_opened(desk: Desk) -> None:
    await desk.paired("old", SessionState.NEEDS_QR)
    await desk.begins()
    await desk.paired("new")
    aside = await desk.secrets()
    await desk.opens()

    assert (3, 1) == (aside, await desk.secrets())
    assert ("paired", "new@s", "new", "new") == await desk.seen()


async def test_a_device_that_never_opened_does_not_displace_one_that_did(desk: Desk) -> None:
    await desk.paired("old", SessionState.NEEDS_QR)
    await desk.begins()
    await desk.paired("never opened", SessionState.NEEDS_QR)
    await desk.begins()
    await desk.abandons()

    assert ("needs_qr", "old@s", "old", "old") == await desk.seen()


async def test_opening_again_drops_nothing_more(desk: Desk) -> None:
    await desk.paired("old")
    for _ in range(2):
        await desk.opens()

    assert ("paired", "old@s", "old", "old") == await desk.seen()


async def test_giving_up_what_was_not_begun_changes_nothing(desk: Desk) -> None:
    await desk.paired("old")
    await desk.abandons()

    assert ("paired", "old@s", "old", "old") == await desk.seen()


async def test_a_device_set_aside_is_sealed_anew_as_well(desk: Desk) -> None:
    await desk.paired("old", SessionState.NEEDS_QR)
    await desk.begins()
    await desk.paired("new")
    both = Vault.from_ring(f"{NEW_RING},{OLD_RING}")
    async with desk.database.tenant(TENANT) as tx:
        moved = [await whatsapp_state.reseal(tx, both) for _ in range(2)]

    assert [4, 0] == moved
