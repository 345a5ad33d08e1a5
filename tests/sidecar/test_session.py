"""A tenant's WhatsApp from pairing to receipts: real worker, real Baileys, simulated WhatsApp.

The simulator proves our code against the protocol, not WhatsApp's policies.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest

from errors import SidecarRefused
from gateways.sidecar import Pulse, SidecarLink
from gateways.sidecar_events import (
    Acked,
    NumberAbsent,
    NumberFound,
    QrShown,
    ReceiptArrived,
    Refused,
    SessionClosed,
    SessionOpened,
)
from gateways.whatsapp import WhatsAppLine
from tests.sidecar.conftest import CLOSE_SECONDS, StartLink
from tests.sidecar.shop import Shop
from tests.sidecar.simulator import Simulator, running
from tests.sidecar.support import Heard, Store

RESTART_REQUIRED = 515
BRISK = Pulse(every=0.1, patience=2.0)


@pytest.fixture(scope="module")
async def whatsapp(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Simulator]:
    async with running(tmp_path_factory.mktemp("whatsapp")) as simulator:
        yield simulator


@pytest.fixture(scope="module")
async def shared_worker(whatsapp: Simulator) -> AsyncIterator[tuple[SidecarLink, Store, Heard]]:
    store, heard = Store(), Heard()
    link = await SidecarLink.start(
        environment=whatsapp.environment, on_call=store.on_call, on_event=heard.on_event
    )
    yield link, store, heard
    await link.close(CLOSE_SECONDS)


@pytest.fixture
async def unpaired(whatsapp: Simulator, shared_worker: tuple[SidecarLink, Store, Heard]) -> Shop:
    """A business in the shared worker, its phone not linked yet."""
    shop = Shop(whatsapp, *shared_worker)
    await shop.add_phones()
    return shop


@pytest.fixture
async def shop(unpaired: Shop) -> Shop:
    """A business in the shared worker, its session open."""
    await unpaired.pair()
    return unpaired


@pytest.fixture
async def lone_shop(start_link: StartLink, whatsapp: Simulator, store: Store, heard: Heard) -> Shop:
    """A business whose worker is its own, to be ended at will; its session is open."""
    shop = Shop(whatsapp, await start_link(environment=whatsapp.environment), store, heard)
    await shop.add_phones()
    await shop.pair()
    return shop


async def resumed_elsewhere(shop: Shop, start_link: StartLink) -> WhatsAppLine:
    """Its session in a worker that did not pair it, under the next epoch."""
    link = await start_link(environment=shop.whatsapp.environment)
    line = WhatsAppLine(link, shop.tenant_id, 2)
    await line.open(shop.kept.creds)
    await shop.told(SessionOpened, nth=2)
    return line


async def test_a_scanned_qr_pairs_and_the_restart_it_asks_for_is_told(shop: Shop) -> None:
    closed = await shop.told(SessionClosed)
    opened = await shop.told(SessionOpened)
    assert (RESTART_REQUIRED, False) == (closed.code, closed.logged_out)
    assert f"{shop.owner}@s.whatsapp.net" == opened.jid


async def test_a_message_is_acked_and_its_receipts_follow(shop: Shop) -> None:
    outcome = await shop.line.send("3EB0000000000001", shop.client_jid, "Seu plano vence amanhã.")
    delivered = await shop.told(ReceiptArrived)
    await shop.whatsapp.ask("POST", f"/phones/{shop.client}/read", {"id": "3EB0000000000001"})
    read = await shop.told(ReceiptArrived, nth=2)

    assert isinstance(outcome, Acked)
    assert ["delivered", "read"] == [delivered.status, read.status]
    assert [("3EB0000000000001", "Seu plano vence amanhã.", 1)] == await shop.inbox()


async def test_a_message_to_oneself_is_acked_and_shown_and_no_receipt_comes_for_it(
    shop: Shop,
) -> None:
    own = f"{shop.owner}@s.whatsapp.net"
    outcome = await shop.line.send("3EB0000000000009", own, "para mim")
    await shop.line.send("3EB0000000000001", shop.client_jid, "para ela")
    receipt = await shop.told(ReceiptArrived)
    # Baileys writes a copy for each time that it finds the phone: as addressee, and as sender.
    shown = [found[:2] for found in await shop.whatsapp.inbox(shop.owner)]

    assert isinstance(outcome, Acked)
    assert [("3EB0000000000009", "para mim")] == shown
    assert "3EB0000000000001" == receipt.message_id


async def test_a_number_is_found_under_the_form_whatsapp_knows(shop: Shop) -> None:
    found = await shop.line.check_number((shop.client[:4] + "9" + shop.client[4:], shop.client))
    absent = await shop.line.check_number(("5511900000000", "551100000000"))

    assert isinstance(found, NumberFound)
    assert (shop.client_jid, NumberAbsent()) == (found.jid, absent)


async def test_a_reply_arrives_in_both_address_forms_with_the_phone_it_came_from(
    shop: Shop,
) -> None:
    await shop.line.send("3EB0000000000001", shop.client_jid, "Oi")

    ids = [await shop.reply("PAGUEI", lid_form=form) for form in (False, True)]
    await shop.store.until(lambda: len(shop.kept.incoming) == len(ids))

    told = [shop.kept.incoming[i] for i in ids]
    assert [(shop.client, "text", "PAGUEI")] * 2 == [(m.from_phone, m.kind, m.text) for m in told]


async def test_a_worker_killed_by_force_leaves_a_session_that_another_one_resumes(
    lone_shop: Shop, start_link: StartLink
) -> None:
    await lone_shop.say_first("3EB0000000000001", "antes")
    before = await lone_shop.whatsapp.stats()
    os.kill(lone_shop.link.pid, signal.SIGKILL)
    await lone_shop.link.wait_gone()

    second = await resumed_elsewhere(lone_shop, start_link)
    outcome = await second.send("3EB0000000000002", lone_shop.client_jid, "depois")
    stats = await lone_shop.whatsapp.stats()

    assert isinstance(outcome, Acked)
    assert (before["pairings"], before["decrypt_failures"]) == (
        stats["pairings"],
        stats["decrypt_failures"],
    )
    assert ["antes", "depois"] == [text for _, text, _ in await lone_shop.inbox()]


@pytest.mark.parametrize("writes", [1, 2])
async def test_a_worker_killed_amid_a_message_uses_no_key_twice_and_shows_no_message_twice(
    lone_shop: Shop, start_link: StartLink, writes: int
) -> None:
    await lone_shop.say_first("3EB0000000000001", "antes")
    failures = (await lone_shop.whatsapp.stats())["decrypt_failures"]
    before = lone_shop.kept.key_writes
    sending = asyncio.create_task(
        lone_shop.line.send("3EB0000000000002", lone_shop.client_jid, "durante")
    )
    await lone_shop.store.until(lambda: lone_shop.kept.key_writes >= before + writes)
    os.kill(lone_shop.link.pid, signal.SIGKILL)
    await lone_shop.link.wait_gone()
    await sending

    second = await resumed_elsewhere(lone_shop, start_link)
    again = await second.send("3EB0000000000002", lone_shop.client_jid, "durante")
    after = await second.send("3EB0000000000003", lone_shop.client_jid, "depois")

    shown = [text for _, text, _ in await lone_shop.inbox()]
    assert (Acked, Acked) == (type(again), type(after))
    assert ["antes", "durante", "depois"] == shown
    assert failures == (await lone_shop.whatsapp.stats())["decrypt_failures"]


async def test_a_worker_stopped_amid_a_message_is_found_and_shows_no_message_twice(
    start_link: StartLink, whatsapp: Simulator, store: Store, heard: Heard
) -> None:
    link = await start_link(environment=whatsapp.environment, pulse=BRISK)
    shop = Shop(whatsapp, link, store, heard)
    await shop.add_phones()
    await shop.pair()
    await shop.say_first("3EB0000000000001", "antes")
    before = shop.kept.key_writes
    sending = asyncio.create_task(shop.line.send("3EB0000000000002", shop.client_jid, "durante"))
    await shop.store.until(lambda: shop.kept.key_writes > before)
    os.kill(link.pid, signal.SIGSTOP)
    await link.wait_gone()
    await sending

    second = await resumed_elsewhere(shop, start_link)
    again = await second.send("3EB0000000000002", shop.client_jid, "durante")

    assert isinstance(again, Acked)
    assert ["antes", "durante"] == [text for _, text, _ in await shop.inbox()]


async def test_the_same_id_sent_again_is_one_message_on_the_phone(shop: Shop) -> None:
    await shop.line.send("3EB0000000000001", shop.client_jid, "uma vez só")
    await shop.told(ReceiptArrived)
    await shop.line.send("3EB0000000000001", shop.client_jid, "uma vez só")

    assert [("3EB0000000000001", "uma vez só", 2)] == await shop.inbox()


async def test_the_reach_out_lock_is_a_refusal_with_its_number(shop: Shop) -> None:
    await shop.faults({"refuse": {"error": 463, "times": 1}})

    assert Refused(463) == await shop.line.send("3EB0000000000001", shop.client_jid, "oi")


async def test_a_message_before_the_session_is_open_is_surely_not_sent(unpaired: Shop) -> None:
    await unpaired.line.open(None)
    await unpaired.told(QrShown)

    with pytest.raises(SidecarRefused) as refused:
        await unpaired.line.send("3EB0000000000001", unpaired.client_jid, "oi")

    assert "not_open" == refused.value.code


async def test_a_newer_owner_fences_the_session(shop: Shop) -> None:
    shop.store.fenced.add((shop.tenant_id, 1))

    with pytest.raises(SidecarRefused):
        await shop.line.send("3EB0000000000001", shop.client_jid, "oi")
    closed = await shop.told(SessionClosed, nth=2)

    assert "fenced" == closed.code
    assert [] == await shop.inbox()


async def test_the_end_on_sigterm_waits_for_the_message_on_its_way(lone_shop: Shop) -> None:
    await lone_shop.say_first("3EB0000000000001", "primeira")
    await lone_shop.faults({"ack_delay_ms": 500})
    await lone_shop.whatsapp.ask(
        "POST", f"/phones/{lone_shop.client}/settings", {"delivers": False}
    )

    sending = asyncio.create_task(
        lone_shop.line.send("3EB0000000000002", lone_shop.client_jid, "a caminho")
    )
    writes = lone_shop.kept.key_writes
    await lone_shop.store.until(lambda: lone_shop.kept.key_writes > writes)
    await lone_shop.link.close(CLOSE_SECONDS)

    assert isinstance(await sending, Acked)


async def test_logging_out_unlinks_the_device(shop: Shop) -> None:
    await shop.line.close(logout=True)
    await shop.line.open(shop.kept.creds)
    closed = await shop.told(SessionClosed, nth=2)

    assert (401, True) == (closed.code, closed.logged_out)
