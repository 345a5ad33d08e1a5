"""A tenant's WhatsApp from pairing to receipts: real worker, real Baileys, simulated WhatsApp.

The simulator proves our code against the protocol, not WhatsApp's policies.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from errors import SidecarRefused
from gateways.sidecar import SidecarLink
from gateways.sidecar_events import (
    Acked,
    Paired,
    QrShown,
    ReceiptArrived,
    Refused,
    SessionClosed,
    SessionOpened,
)
from gateways.whatsapp import FoundNumber, WhatsAppLine
from tests.sidecar.conftest import CLOSE_SECONDS, StartLink
from tests.sidecar.simulator import Simulator, running
from tests.sidecar.support import Heard, Store

OWNER = "5511977776666"
CLIENT = "551188887777"
CLIENT_JID = f"{CLIENT}@s.whatsapp.net"
RESTART_REQUIRED = 515
TENANT = 42


@pytest.fixture
async def whatsapp(tmp_path: Path) -> AsyncIterator[Simulator]:
    async with running(tmp_path / "whatsapp") as simulator:
        await simulator.add_phone(OWNER, name="Academia Boa Forma")
        await simulator.add_phone(CLIENT, name="Maria")
        yield simulator


async def paired(
    link: SidecarLink, whatsapp: Simulator, store: Store, heard: Heard
) -> WhatsAppLine:
    """A session of TENANT, open after its first pairing."""
    session = WhatsAppLine(link, TENANT, 1)
    await session.open(None)
    await whatsapp.scan(OWNER, (await heard.wait_for(QrShown)).payload)
    await heard.wait_for(Paired)
    await heard.wait_for(SessionClosed)
    await session.open(store.tenants[TENANT].creds)
    await heard.wait_for(SessionOpened)
    return session


async def test_a_scanned_qr_pairs_and_the_restart_it_asks_for_is_told(
    start_link: StartLink, whatsapp: Simulator, store: Store, heard: Heard
) -> None:
    await paired(await start_link(environment=whatsapp.environment), whatsapp, store, heard)

    closed = await heard.wait_for(SessionClosed)
    opened = await heard.wait_for(SessionOpened)
    assert (RESTART_REQUIRED, False) == (closed.code, closed.logged_out)
    assert f"{OWNER}@s.whatsapp.net" == opened.jid


async def test_a_message_is_acked_and_its_receipts_follow(
    start_link: StartLink, whatsapp: Simulator, store: Store, heard: Heard
) -> None:
    link = await start_link(environment=whatsapp.environment)
    session = await paired(link, whatsapp, store, heard)

    outcome = await session.send("3EB0000000000001", CLIENT_JID, "Seu plano vence amanhã.")
    delivered = await heard.wait_for(ReceiptArrived)
    await whatsapp.ask("POST", f"/phones/{CLIENT}/read", {"id": "3EB0000000000001"})
    read = await heard.wait_for(ReceiptArrived, nth=2)

    assert isinstance(outcome, Acked)
    assert ["delivered", "read"] == [delivered.status, read.status]
    assert [("3EB0000000000001", "Seu plano vence amanhã.", 1)] == await whatsapp.inbox(CLIENT)


async def test_a_number_is_found_under_the_form_whatsapp_knows(
    start_link: StartLink, whatsapp: Simulator, store: Store, heard: Heard
) -> None:
    link = await start_link(environment=whatsapp.environment)
    session = await paired(link, whatsapp, store, heard)

    found = await session.check_number(("5511988887777", "551188887777"))
    absent = await session.check_number(("5511900000000", "551100000000"))

    assert isinstance(found, FoundNumber)
    assert (CLIENT_JID, None) == (found.jid, absent)


async def test_a_reply_arrives_in_both_address_forms_with_the_phone_it_came_from(
    start_link: StartLink, whatsapp: Simulator, store: Store, heard: Heard
) -> None:
    link = await start_link(environment=whatsapp.environment)
    session = await paired(link, whatsapp, store, heard)
    await session.send("3EB0000000000001", CLIENT_JID, "Oi")

    ids = [await whatsapp.reply(CLIENT, OWNER, "PAGUEI", lid_form=form) for form in (False, True)]
    await store.until(lambda: len(store.tenants[TENANT].incoming) == len(ids))

    told = [store.tenants[TENANT].incoming[i] for i in ids]
    assert [(CLIENT, "text", "PAGUEI")] * 2 == [(m.from_phone, m.kind, m.text) for m in told]


async def test_a_worker_killed_by_force_leaves_a_session_that_another_one_resumes(
    start_link: StartLink, whatsapp: Simulator, store: Store, heard: Heard
) -> None:
    first = await start_link(environment=whatsapp.environment)
    session = await paired(first, whatsapp, store, heard)
    await session.send("3EB0000000000001", CLIENT_JID, "antes")
    os.kill(first.pid, signal.SIGKILL)
    await first.wait_gone()

    second = WhatsAppLine(await start_link(environment=whatsapp.environment), TENANT, 2)
    await second.open(store.tenants[TENANT].creds)
    await heard.wait_for(SessionOpened, nth=2)
    outcome = await second.send("3EB0000000000002", CLIENT_JID, "depois")
    stats = await whatsapp.stats()

    assert isinstance(outcome, Acked)
    assert (1, 0) == (stats["pairings"], stats["decrypt_failures"])
    assert ["antes", "depois"] == [text for _, text, _ in await whatsapp.inbox(CLIENT)]


@pytest.mark.parametrize("writes", [1, 2])
async def test_a_worker_killed_amid_a_message_uses_no_key_twice_and_shows_no_message_twice(
    start_link: StartLink, whatsapp: Simulator, store: Store, heard: Heard, writes: int
) -> None:
    first = await start_link(environment=whatsapp.environment)
    session = await paired(first, whatsapp, store, heard)
    await session.send("3EB0000000000001", CLIENT_JID, "antes")
    before = store.tenants[TENANT].key_writes
    sending = asyncio.create_task(session.send("3EB0000000000002", CLIENT_JID, "durante"))
    await store.until(lambda: store.tenants[TENANT].key_writes >= before + writes)
    os.kill(first.pid, signal.SIGKILL)
    await first.wait_gone()
    await sending

    second = WhatsAppLine(await start_link(environment=whatsapp.environment), TENANT, 2)
    await second.open(store.tenants[TENANT].creds)
    await heard.wait_for(SessionOpened, nth=2)
    again = await second.send("3EB0000000000002", CLIENT_JID, "durante")
    after = await second.send("3EB0000000000003", CLIENT_JID, "depois")

    shown = [text for _, text, _ in await whatsapp.inbox(CLIENT)]
    assert (Acked, Acked) == (type(again), type(after))
    assert ["antes", "durante", "depois"] == shown
    assert 0 == (await whatsapp.stats())["decrypt_failures"]


async def test_the_same_id_sent_again_is_one_message_on_the_phone(
    start_link: StartLink, whatsapp: Simulator, store: Store, heard: Heard
) -> None:
    link = await start_link(environment=whatsapp.environment)
    session = await paired(link, whatsapp, store, heard)

    await session.send("3EB0000000000001", CLIENT_JID, "uma vez só")
    await heard.wait_for(ReceiptArrived)
    await session.send("3EB0000000000001", CLIENT_JID, "uma vez só")

    assert [("3EB0000000000001", "uma vez só", 2)] == await whatsapp.inbox(CLIENT)


async def test_the_reach_out_lock_is_a_refusal_with_its_number(
    start_link: StartLink, whatsapp: Simulator, store: Store, heard: Heard
) -> None:
    link = await start_link(environment=whatsapp.environment)
    session = await paired(link, whatsapp, store, heard)
    await whatsapp.ask("POST", "/faults", {"number": OWNER, "refuse": {"error": 463, "times": 1}})

    assert Refused(463) == await session.send("3EB0000000000001", CLIENT_JID, "oi")


async def test_a_message_before_the_session_is_open_is_surely_not_sent(
    start_link: StartLink, whatsapp: Simulator, heard: Heard
) -> None:
    link = await start_link(environment=whatsapp.environment)
    session = WhatsAppLine(link, TENANT, 1)
    await session.open(None)
    await heard.wait_for(QrShown)

    with pytest.raises(SidecarRefused) as refused:
        await session.send("3EB0000000000001", CLIENT_JID, "oi")

    assert "not_open" == refused.value.code


async def test_a_newer_owner_fences_the_session(
    start_link: StartLink, whatsapp: Simulator, store: Store, heard: Heard
) -> None:
    link = await start_link(environment=whatsapp.environment)
    session = await paired(link, whatsapp, store, heard)
    store.fenced.add((TENANT, 1))

    with pytest.raises(SidecarRefused):
        await session.send("3EB0000000000001", CLIENT_JID, "oi")
    closed = await heard.wait_for(SessionClosed, nth=2)

    assert "fenced" == closed.code
    assert [] == await whatsapp.inbox(CLIENT)


async def test_the_end_on_sigterm_waits_for_the_message_on_its_way(
    start_link: StartLink, whatsapp: Simulator, store: Store, heard: Heard
) -> None:
    link = await start_link(environment=whatsapp.environment)
    session = await paired(link, whatsapp, store, heard)
    await session.send("3EB0000000000001", CLIENT_JID, "primeira")
    await whatsapp.ask("POST", "/faults", {"number": OWNER, "ack_delay_ms": 500})
    await whatsapp.ask("POST", f"/phones/{CLIENT}/settings", {"delivers": False})

    sending = asyncio.create_task(session.send("3EB0000000000002", CLIENT_JID, "a caminho"))
    writes = store.tenants[TENANT].key_writes
    await store.until(lambda: store.tenants[TENANT].key_writes > writes)
    await link.close(CLOSE_SECONDS)

    assert isinstance(await sending, Acked)


async def test_logging_out_unlinks_the_device(
    start_link: StartLink, whatsapp: Simulator, store: Store, heard: Heard
) -> None:
    link = await start_link(environment=whatsapp.environment)
    session = await paired(link, whatsapp, store, heard)

    await session.close(logout=True)
    await session.open(store.tenants[TENANT].creds)
    closed = await heard.wait_for(SessionClosed, nth=2)

    assert (401, True) == (closed.code, closed.logged_out)
