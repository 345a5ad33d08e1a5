"""A worker is heard about the sessions attached to it, under their epoch, and nothing else."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from actors.messages.sidecar import Attach, Detach
from actors.runtime import Actor, ChildSpec, Ref, Supervisor, System, on
from actors.whatsapp.sidecar_actor import SidecarActor
from errors import ActorCrashed, StaleEpoch
from gateways.sidecar import Pulse, SidecarLink
from gateways.sidecar_events import ReceiptArrived
from storage import leases, whatsapp_incoming, whatsapp_state
from storage.database import Database
from storage.vault import Vault, new_key
from storage.whatsapp_incoming import Incoming
from tests.postgres import NOW, sign_up
from tests.sidecar.conftest import MADE_UP
from tests.sidecar.support import PATIENCE_SECONDS

MINE, OTHERS = 7, 8
VAULT = Vault.from_ring(new_key("k1"))
JID = "551188887777@s.whatsapp.net"
BRISK = Pulse(every=0.05, patience=2.0)


class Ear(Actor):
    """A session that keeps what it is told."""

    def __init__(self, heard: "asyncio.Queue[ReceiptArrived]") -> None:
        self._heard = heard

    @on(ReceiptArrived)
    async def receipt(self, message: ReceiptArrived) -> None:
        """Keep it."""
        self._heard.put_nowait(message)


@dataclass(slots=True)
class Place:
    """A worker under its actor, two tenants, and the session that listens."""

    database: Database
    system: System
    epochs: dict[int, int]
    heard: "asyncio.Queue[ReceiptArrived]" = field(default_factory=asyncio.Queue)

    @property
    def worker(self) -> Ref:
        """The actor of the worker."""
        return self.system.ref("sidecar")

    async def attach(self, tenant_id: int, epoch: int) -> SidecarLink:
        """Attach the one session there is."""
        attach = Attach(tenant_id, epoch, self.system.ref("ear"))
        return await self.worker.ask(attach, deadline=PATIENCE_SECONDS)

    async def attach_to_the_next(self, tenant_id: int, epoch: int) -> SidecarLink:
        """Attach to the worker that comes after the one that is ending."""
        while True:
            with suppress(ActorCrashed):
                return await self.attach(tenant_id, epoch)

    async def take_over(self, tenant_id: int) -> int:
        """A new owner comes."""
        replica = uuid4()
        async with self.database.dispatcher() as connection:
            await leases.renew(connection, replica)
            return await leases.take_over(connection, tenant_id, replica, NOW)


async def asks(link: SidecarLink, tenant: int, epoch: int, op: str, **args: Any) -> Any:
    """What the worker is answered when it asks this."""
    question = {"op": op, "tenant": tenant, "epoch": epoch, "args": args}
    answer = await link.call("ask", tenant=0, epoch=1, args=question, deadline=PATIENCE_SECONDS)
    return answer["heard"]


def incoming(**changes: Any) -> dict[str, Any]:
    """What somebody wrote."""
    plain = {"message_id": "M1", "from_jid": JID, "from_phone": None, "at_ms": 1_764_000_000_000}
    return {**plain, "kind": "text", "text": "PAGUEI", "push_name": None, **changes}


@pytest.fixture
async def place(database: Database) -> AsyncIterator[Place]:
    heard: asyncio.Queue[ReceiptArrived] = asyncio.Queue()

    def sidecar() -> SidecarActor:
        return SidecarActor(database, VAULT, {}, program=MADE_UP / "asks.mjs", pulse=BRISK)

    async with System(on_event=lambda _: None) as system:
        children = [ChildSpec("sidecar", sidecar), ChildSpec("ear", lambda: Ear(heard))]
        await system.start(ChildSpec("root", lambda: Supervisor(children)))
        await sign_up(database, MINE, OTHERS)
        made = Place(database, system, {}, heard)
        made.epochs = {tenant: await made.take_over(tenant) for tenant in (MINE, OTHERS)}
        for tenant, epoch in made.epochs.items():
            async with database.tenant(tenant) as tx:
                await whatsapp_state.set_keys(tx, VAULT, epoch, {"session": {"a": f"of {tenant}"}})
        yield made


QUESTIONS: dict[str, dict[str, Any]] = {
    "keys_get": {"type": "session", "ids": ["a"]},
    "keys_set": {"entries": {"session": {"a": "stolen"}}},
    "creds_set": {"creds": "stolen"},
    "message_text": {"message_id": "M"},
    "incoming": incoming(),
}


@pytest.mark.parametrize("op", QUESTIONS)
async def test_a_tenant_that_is_not_attached_is_not_answered(place: Place, op: str) -> None:
    link = await place.attach(MINE, place.epochs[MINE])

    heard = await asks(link, OTHERS, place.epochs[OTHERS], op, **QUESTIONS[op])

    assert "stale_epoch" == heard
    async with place.database.tenant(OTHERS) as tx:
        kept = await whatsapp_state.get_keys(tx, VAULT, place.epochs[OTHERS], "session", ["a"])
        assert ({"a": "of 8"}, []) == (kept, await whatsapp_incoming.unhandled(tx, 10))


@pytest.mark.parametrize("op", QUESTIONS)
@pytest.mark.parametrize("away", [-1, 1, 2**40], ids=["earlier", "later", "invented"])
async def test_another_epoch_than_the_attached_is_not_answered(
    place: Place, op: str, away: int
) -> None:
    epoch = await place.take_over(MINE)
    link = await place.attach(MINE, epoch)

    assert "stale_epoch" == await asks(link, MINE, epoch + away, op, **QUESTIONS[op])


async def test_the_attached_tenant_is_answered(place: Place) -> None:
    link = await place.attach(MINE, place.epochs[MINE])

    heard = await asks(link, MINE, place.epochs[MINE], "keys_get", **QUESTIONS["keys_get"])

    assert {"values": {"a": "of 7"}} == heard


@pytest.mark.parametrize("op", ["keys_get", "keys_set", "creds_set"])
async def test_an_owner_that_was_replaced_elsewhere_is_fenced_though_attached(
    place: Place, op: str
) -> None:
    link = await place.attach(MINE, place.epochs[MINE])
    await place.take_over(MINE)

    assert "stale_epoch" == await asks(link, MINE, place.epochs[MINE], op, **QUESTIONS[op])


async def test_a_detached_tenant_is_not_answered(place: Place) -> None:
    link = await place.attach(MINE, place.epochs[MINE])
    await place.worker.tell(Detach(MINE, place.system.ref("ear")))
    await place.attach(OTHERS, place.epochs[OTHERS])

    heard = await asks(link, MINE, place.epochs[MINE], "keys_get", **QUESTIONS["keys_get"])

    assert "stale_epoch" == heard


async def test_an_earlier_session_does_not_take_the_place_of_a_later_one(place: Place) -> None:
    later = await place.take_over(MINE)
    link = await place.attach(MINE, later)

    with pytest.raises(StaleEpoch):
        await place.attach(MINE, place.epochs[MINE])

    heard = await asks(link, MINE, later, "keys_get", **QUESTIONS["keys_get"])
    assert {"values": {"a": "of 7"}} == heard


def receipt(tenant: int, epoch: int, message_id: str) -> dict[str, Any]:
    data = {"message_id": message_id, "status": "read", "from_jid": JID, "at_ms": 1}
    return {"event": "receipt", "tenant": tenant, "epoch": epoch, "data": data}


async def test_only_events_of_the_attached_epoch_are_heard(place: Place) -> None:
    epoch = await place.take_over(MINE)
    link = await place.attach(MINE, epoch)
    told = [
        receipt(MINE, epoch - 1, "earlier"),
        receipt(MINE, epoch + 1, "later"),
        receipt(OTHERS, place.epochs[OTHERS], "another tenant"),
        {"event": "closed", "tenant": MINE, "epoch": epoch, "data": {"code": "party"}},
        {"event": "party"},
        receipt(MINE, epoch, "mine"),
    ]

    for event in told:
        await link.call("tell", tenant=0, epoch=1, args=event, deadline=PATIENCE_SECONDS)

    async with asyncio.timeout(PATIENCE_SECONDS):
        assert "mine" == (await place.heard.get()).message_id
    assert place.heard.empty()
    assert not link.gone


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"message_id": "M" * 101}, id="an id that no column holds"),
        pytest.param({"from_jid": ""}, id="from nobody"),
        pytest.param({"text": "oi\x00"}, id="NUL"),
        pytest.param({"text": "oi <half>"}, id="half a pair"),
        pytest.param({"at_ms": 10**18}, id="an instant past any calendar"),
    ],
)
async def test_a_message_that_cannot_be_read_costs_itself_alone(
    place: Place, changes: dict[str, Any]
) -> None:
    link = await place.attach(MINE, place.epochs[MINE])

    spoilt = await asks(link, MINE, place.epochs[MINE], "incoming", **incoming(**changes))
    good = await asks(link, MINE, place.epochs[MINE], "incoming", **incoming(message_id="M2"))

    assert ("poison", {}) == (spoilt, good)
    async with place.database.tenant(MINE) as tx:
        assert ["M2"] == [one.message_id for one in await whatsapp_incoming.unhandled(tx, 10)]


REFUSES = {
    "the words": ("body = 'PAGUEI'", "check_violation"),
    "the words, for no known reason": ("body = 'PAGUEI'", "raise_exception"),
    "all of it": ("whatsapp_id = 'M1'", "check_violation"),
    "all of it, for no known reason": ("whatsapp_id = 'M1'", "raise_exception"),
}
OTHER = Incoming(
    message_id="M1",
    from_jid=JID,
    from_phone=None,
    kind="other",
    text=None,
    at=datetime.fromtimestamp(1_764_000_000, UTC),
)


@pytest.mark.parametrize(
    ("refused", "answers", "kept"),
    [
        pytest.param("the words", [{}], [OTHER], id="its words"),
        pytest.param("the words, for no known reason", ["internal"] * 2 + [{}], [OTHER], id="odd"),
        pytest.param("all of it", ["poison"], [], id="all of it"),
        pytest.param(
            "all of it, for no known reason", ["internal"] * 2 + ["poison"], [], id="oddly all"
        ),
    ],
)
async def test_what_postgresql_refuses_is_set_aside_after_bounded_tries(
    place: Place, dsn: str, refused: str, answers: list[Any], kept: list[Incoming]
) -> None:
    await refuse(dsn, *REFUSES[refused])
    link = await place.attach(MINE, place.epochs[MINE])

    heard = [await asks(link, MINE, place.epochs[MINE], "incoming", **incoming()) for _ in answers]

    assert answers == heard
    async with place.database.tenant(MINE) as tx:
        assert kept == await whatsapp_incoming.unhandled(tx, 10)


async def refuse(dsn: str, rows: str, error: str) -> None:
    """PostgreSQL takes no incoming message like these."""
    superuser = await asyncpg.connect(dsn)
    await superuser.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION 'no' USING ERRCODE = '{error}'; END $$; "
        "CREATE TRIGGER refuse BEFORE INSERT ON whatsapp_incoming FOR EACH ROW "
        f"WHEN (NEW.{rows}) EXECUTE FUNCTION refuse()"
    )
    await superuser.close()


async def test_a_worker_that_is_stopped_is_replaced(place: Place) -> None:
    first = await place.attach(MINE, place.epochs[MINE])
    await asks(first, MINE, place.epochs[MINE], "keys_get", **QUESTIONS["keys_get"])
    os.kill(first.pid, signal.SIGSTOP)

    async with asyncio.timeout(PATIENCE_SECONDS):
        await first.wait_gone()
        second = await place.attach_to_the_next(MINE, place.epochs[MINE])

    assert first.pid != second.pid
    assert not second.gone
