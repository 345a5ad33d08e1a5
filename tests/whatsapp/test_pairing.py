"""Pairing: from "Conectar" to an open line, and each way it comes to nothing (F1, F4)."""

import pytest

from actors.messages.notices import QrShown, WhatsAppConnected
from domain.whatsapp import MOST_LOGINS, Loss, SessionState
from storage import whatsapp_state
from tests.whatsapp.outside import NINE
from tests.whatsapp.support import losses, openings
from tests.whatsapp.world import OWNER, OWNER_JID, TENANT, World

pytestmark = pytest.mark.timeout(90)


async def test_a_scanned_qr_leads_to_an_open_line(paired: World) -> None:
    first, second = await paired.orders("open")
    session = await paired.session()

    assert (None, f"creds of {OWNER_JID}") == (first["args"]["creds"], second["args"]["creds"])
    assert (SessionState.PAIRED, OWNER_JID) == (session.state, session.jid)
    assert [WhatsAppConnected(OWNER)] == paired.kept()


async def test_connecting_is_answered_at_once_and_the_qr_follows(shop: World) -> None:
    await shop.script("open", "never")
    view = await shop.connect()
    await shop.is_ordered("open", 1)
    await shop.tell("qr", payload="one", expires_s=60)

    assert SessionState.PAIRING is view.state
    assert [QrShown("one", 60)] == shop.told


async def test_an_owner_who_presses_again_and_again_makes_few_logins(shop: World) -> None:
    for _ in range(20):
        await shop.connect()
        await shop.settle()
        await shop.closes(503)

    assert MOST_LOGINS >= await openings(shop)


async def test_a_device_scanned_just_before_the_process_died_needs_no_new_qr(shop: World) -> None:
    await shop.connect()
    epoch = (await shop.is_ordered("open", 1))["epoch"]
    await shop.tell("qr", payload="one", expires_s=60)
    async with shop.database.tenant(TENANT) as tx:
        await whatsapp_state.set_creds(tx, shop.vault, epoch, "just accepted", NINE)
    await shop.restart()
    opened = await shop.is_ordered("open", 1)
    await shop.opens()
    await shop.state_is(SessionState.PAIRED)

    assert "just accepted" == opened["args"]["creds"]
    assert [WhatsAppConnected(OWNER)] == shop.kept()


async def test_a_device_scanned_on_a_line_that_went_silent_needs_no_new_qr(shop: World) -> None:
    await shop.connect()
    epoch = (await shop.is_ordered("open", 1))["epoch"]
    async with shop.database.tenant(TENANT) as tx:
        await whatsapp_state.set_creds(tx, shop.vault, epoch, "just accepted", NINE)
    await shop.pass_time(46.0)
    await shop.pass_time(3.0)
    opened = await shop.is_ordered("open", 2)
    await shop.settle()

    assert "just accepted" == opened["args"]["creds"]
    assert SessionState.PAIRED is (await shop.view()).state


async def test_a_pairing_nobody_finished_is_over_after_a_restart(shop: World) -> None:
    await shop.connect()
    await shop.is_ordered("open", 1)
    await shop.restart()
    await shop.pass_time(600.0)

    assert (SessionState.DISCONNECTED, 0) == ((await shop.view()).state, await openings(shop))


async def test_a_code_that_never_came_is_told(shop: World) -> None:
    await shop.connect()
    await shop.is_ordered("open", 1)
    await shop.closes(428)
    await shop.hears(1)

    assert [Loss.PAIRING_FAILED] == await losses(shop)
    assert SessionState.DISCONNECTED is (await shop.view()).state


async def test_a_code_that_ran_out_in_the_chat_is_not_told_again(shop: World) -> None:
    await shop.connect()
    await shop.is_ordered("open", 1)
    await shop.tell("qr", payload="one", expires_s=60)
    await shop.closes(408)
    await shop.state_is(SessionState.DISCONNECTED)

    assert [] == await losses(shop)


async def test_a_code_of_which_nothing_is_heard_is_told_in_the_end(shop: World) -> None:
    await shop.connect()
    for number in range(3):
        await shop.is_ordered("open", number + 1)
        await shop.pass_time(46.0)
        await shop.pass_time(3.0)
    await shop.hears(1)

    assert [Loss.PAIRING_FAILED] == await losses(shop)


async def test_a_code_that_is_shown_is_left_to_its_own_time(shop: World) -> None:
    await shop.connect()
    await shop.is_ordered("open", 1)
    await shop.tell("qr", payload="one", expires_s=60)
    await shop.pass_time(150.0)

    assert (SessionState.PAIRING, 1) == ((await shop.view()).state, await openings(shop))


async def test_a_conectar_before_the_last_end_could_be_kept_is_not_forgotten(shop: World) -> None:
    await shop.connect()
    await shop.is_ordered("open", 1)

    async def waits() -> bool:
        return bool(await shop.console.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"))

    async with shop.console.transaction():
        await shop.console.execute("LOCK TABLE whatsapp_set_aside")
        await shop.closes(428)
        await shop.until_true(waits)
        shop.move(11.0)
        view = await shop.connect()
    for _ in range(3):
        await shop.pass_time(3.0)
    await shop.is_ordered("open", 2)

    assert SessionState.PAIRING is view.state
