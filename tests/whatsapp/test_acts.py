"""Reconnecting, disconnecting, testing, and what the log and the alarm tell of it (F2, F4, F10)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from actors.messages.data import EraseAccount
from actors.messages.notices import DeliveriesStalled, TestMoved
from actors.messages.whatsapp import (
    Disconnect,
    Disconnected,
    GetTest,
    GetWhatsAppLog,
    Reconnect,
    SendTest,
    TestView,
)
from actors.whatsapp.health import LOOK_SECONDS
from domain.deliveries import Flow
from domain.whatsapp import SessionState
from domain.whatsapp_log import UNLINKED, Happened
from domain.whatsapp_tests import TEXT, OwnTest, TestState, WhyNot
from tests.whatsapp.outside import NINE
from tests.whatsapp.support import ACKED, SENT, SILENT, live, openings
from tests.whatsapp.world import ASK_SECONDS, MILLISECONDS, OWNER, World, phone

pytestmark = pytest.mark.timeout(90)
ELSEWHERE = "+5511977776666"


async def happened(shop: World) -> list[tuple[Happened, str]]:
    """What the log says, the latest first."""
    await shop.settle()
    log = await shop.tenant.ask(GetWhatsAppLog(), deadline=ASK_SECONDS)
    return [(entry.kind, entry.detail) for entry in log.entries]


async def disconnects(shop: World) -> Disconnected:
    """Press "Desconectar"."""
    return await shop.tenant.ask(Disconnect(), deadline=ASK_SECONDS)


async def tries_out(shop: World, nonce: int = 1, to: str | None = None) -> TestView:
    """Ask for a test."""
    return await shop.tenant.ask(SendTest(nonce, to), deadline=ASK_SECONDS)


async def stands(shop: World, nonce: int = 1) -> OwnTest:
    """How a test stands."""
    view = await shop.tenant.ask(GetTest(nonce), deadline=ASK_SECONDS)
    assert view.test is not None
    return view.test


async def has_left(shop: World) -> None:
    """Wait until WhatsApp's yes to a test is written down."""

    async def sent() -> bool:
        return (await stands(shop)).state is TestState.SENT

    await shop.until_true(sent)


async def test_reconnecting_opens_one_line_however_often_it_is_pressed(paired: World) -> None:
    for _ in range(3):
        await paired.tenant.ask(Reconnect(), deadline=ASK_SECONDS)
    opened = await paired.is_ordered("open", 3)
    await paired.opens()

    assert opened["args"]["creds"] is not None
    assert (3, True) == (await openings(paired), (await paired.view()).connected)
    assert [(Happened.OPENED, ""), (Happened.RECONNECTING, "")] == (await happened(paired))[:2]


async def test_disconnecting_unlinks_the_device_and_keeps_what_was_kept_of_it(
    paired: World,
) -> None:
    first, second = await disconnects(paired), await disconnects(paired)
    [closed] = [one for one in await paired.orders("close") if one["args"]["logout"]]
    session = await paired.session()

    assert {"logout": True} == closed["args"]
    assert (True, True) == (first.unlinked, second.unlinked)
    assert (SessionState.DISCONNECTED, False) == (first.view.state, first.view.connected)
    assert (SessionState.DISCONNECTED, True) == (session.state, session.has_creds)
    assert (Happened.DISCONNECTED, UNLINKED) == (await happened(paired))[0]


async def test_an_erased_account_is_unlinked_from_the_phone_first(paired: World) -> None:
    """I9, F4: nothing of ours stays behind on the owner's phone."""
    erased = await paired.tenant.ask(EraseAccount(), deadline=ASK_SECONDS)
    [closed] = [one for one in await paired.orders("close") if one["args"]["logout"]]

    assert erased
    assert {"logout": True} == closed["args"]


async def test_who_disconnected_stays_away_until_they_connect_and_then_a_qr_comes(
    paired: World,
) -> None:
    await disconnects(paired)
    await paired.restart()
    away = await paired.view()
    view = await paired.connect()
    opened = await paired.is_ordered("open", 1)

    assert (SessionState.DISCONNECTED, SessionState.PAIRING) == (away.state, view.state)
    assert (None, 1) == (opened["args"]["creds"], await paired.set_aside())


async def test_disconnecting_while_the_line_is_away_says_that_the_phone_does_not_know(
    paired: World,
) -> None:
    await paired.closes(428)
    done = await disconnects(paired)
    await paired.pass_time(120.0)

    assert (False, 2) == (done.unlinked, await openings(paired))


async def test_a_lost_line_is_in_the_log_with_its_reason_and_the_owners_acts_too(
    paired: World,
) -> None:
    await paired.closes(503)
    await paired.pass_time(60.0)
    await paired.is_ordered("open", 3)
    await paired.opens()
    await paired.closes(403)

    assert [
        (Happened.ENDED, "locked"),
        (Happened.OPENED, ""),
        (Happened.LOST, "503"),
        (Happened.OPENED, ""),
        (Happened.PAIRED, OWNER),
        (Happened.PAIRING, "qr"),
    ] == await happened(paired)


async def test_a_test_to_oneself_leaves_once_and_is_told_as_acked(paired: World) -> None:
    await paired.script("send", "later")
    asked = [await tries_out(paired), await tries_out(paired)]
    order = await paired.is_ordered("send", 1)
    await paired.script("send", ACKED)
    await has_left(paired)
    await paired.pass_time(60.0)
    test = await stands(paired)

    assert [TestState.WAITING] * 2 == [one.test.state for one in asked if one.test]
    assert ("5511900000001@s.whatsapp.net", TEXT) == (order["args"]["jid"], order["args"]["text"])
    assert [TestMoved(replace(test, sent_at=NINE, created_at=test.created_at))] == [
        replace(one, test=replace(one.test, created_at=test.created_at, sent_at=NINE))
        for one in paired.told
        if isinstance(one, TestMoved)
    ]
    assert (TestState.SENT, True, 1) == (test.state, test.own, len(await paired.orders("send")))
    assert not await paired.orders("check_number")


async def test_a_test_to_another_phone_is_looked_up_once_and_told_when_it_arrives(
    paired: World,
) -> None:
    digits = ELSEWHERE.removeprefix("+")
    yes = {"ok": {"answer": "found", "jid": f"{digits}@s.whatsapp.net", "lid": "5@lid"}}
    await paired.script("check_number", yes)
    await paired.script("send", ACKED)
    asked = await tries_out(paired, to=ELSEWHERE)
    await paired.is_ordered("send", 1)
    await paired.settle()
    assert asked.test is not None
    await paired.tell(
        "receipt",
        message_id=asked.test.whatsapp_id,
        status="delivered",
        from_jid="5@lid",
        at_ms=int(NINE.timestamp()) * MILLISECONDS,
    )
    test = await stands(paired)

    assert (TestState.DELIVERED, False) == (test.state, test.own)
    states = [one.test.state for one in paired.told if isinstance(one, TestMoved)]
    assert [TestState.SENT, TestState.DELIVERED] == states


async def test_a_test_that_nobody_can_get_is_told_as_such(paired: World) -> None:
    await paired.script("check_number", SILENT)
    await tries_out(paired, to=ELSEWHERE)
    await paired.is_ordered("check_number", 1)
    await paired.settle()
    test = await stands(paired)

    assert (TestState.FAILED, WhyNot.UNANSWERED) == (test.state, test.reason)
    assert not await paired.orders("send")


async def test_a_client_never_gets_a_test(late: World) -> None:
    await late.opens()
    refused = await tries_out(late, to=phone(0))

    assert (None, WhyNot.CLIENT) == (refused.test, refused.refused)
    assert "" != refused.client


async def test_without_a_line_there_is_no_test(shop: World) -> None:
    assert WhyNot.OFFLINE is (await tries_out(shop)).refused


async def test_a_test_takes_its_turn_at_the_human_pace(late: World) -> None:
    await late.opens()
    await late.is_ordered("send", 1)
    await tries_out(late)
    await live(late, 70.0)
    await late.rows_are([SENT] * 5)
    order = [one["args"]["text"] == TEXT for one in await late.orders("send")]

    assert (6, True) == (len(order), order[1])


async def test_what_does_not_arrive_is_told_once_a_day(late: World) -> None:
    await late.opens()
    await live(late, 60.0)
    await late.rows_are([SENT] * 5)
    for _ in range(8):
        await late.pass_time(LOOK_SECONDS)
    stalled = [one for one in late.kept() if isinstance(one, DeliveriesStalled)]

    assert [(Flow.STALLED, 5)] == [(one.flow, one.messages) for one in stalled]
    assert timedelta(0) <= stalled[0].since - NINE < timedelta(minutes=5)
    assert (Happened.STALLED, "5") in await happened(late)
