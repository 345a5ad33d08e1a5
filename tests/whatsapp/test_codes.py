"""Pairing by a code that is typed on the phone, and by another QR while a number works (F1, F2)."""

import pytest

from actors.messages.notices import (
    CodeShown,
    PairingExpired,
    QrShown,
    WhatsAppConnected,
    WhatsAppLost,
)
from actors.messages.whatsapp import PairAnew, PairByCode, WhatsAppView
from domain.whatsapp import MOST_CODES, PAIRING_SECONDS, Loss, SessionState
from tests.whatsapp.support import openings
from tests.whatsapp.world import ASK_SECONDS, OWNER, World

pytestmark = pytest.mark.timeout(90)
PHONE = "+5511900000001"
OTHER_JID = "5511900000002:1@s.whatsapp.net"


async def asks_code(shop: World, phone: str = PHONE) -> WhatsAppView:
    """Ask for a code to type on `phone`."""
    return await shop.tenant.ask(PairByCode(phone), deadline=ASK_SECONDS)


async def shows_qr(shop: World, payload: str = "one") -> None:
    """WhatsApp is ready to pair."""
    await shop.tell("qr", payload=payload, expires_s=60)
    await shop.settle()


async def nobody_reads(shop: World) -> None:
    """The time to read the code is over."""
    await shop.closes(408, reason="qr_expired")
    await shop.settle()


@pytest.fixture
async def coded(shop: World) -> World:
    """A business that waits for its owner to type a code."""
    await shop.script("pair_by_code", {"ok": {"code": "ABCD1234"}})
    await asks_code(shop)
    await shop.is_ordered("pair_by_code", 1)
    await shows_qr(shop)
    return shop


async def test_a_code_is_asked_for_the_number_and_shown_in_the_place_of_a_qr(coded: World) -> None:
    [shown] = coded.told
    order = await coded.is_ordered("pair_by_code", 1)

    assert isinstance(shown, CodeShown)
    assert ("ABCD1234", PHONE) == (shown.code, shown.phone)
    assert 0 < shown.expires_s <= PAIRING_SECONDS
    assert {"phone": PHONE.removeprefix("+")} == order["args"]


async def test_asked_twice_it_is_shown_again_and_asked_of_whatsapp_once(coded: World) -> None:
    views = [await asks_code(coded) for _ in range(3)]
    assert PHONE == views[0].code_for
    await coded.settle()

    assert [SessionState.PAIRING] * 3 == [view.state for view in views]
    assert (1, 1) == (await openings(coded), len(await coded.orders("pair_by_code")))
    assert 4 == len(coded.told)


async def test_a_code_that_is_typed_pairs_and_nothing_of_it_is_shown_any_more(coded: World) -> None:
    await coded.pairs()
    await coded.closes(515)
    await coded.is_ordered("open", 2)
    await coded.opens()

    assert WhatsAppConnected(OWNER) == await coded.hears(1)
    assert SessionState.PAIRED is (await coded.session()).state


async def test_a_code_nobody_types_is_renewed_a_few_times_and_then_told_as_over(
    coded: World,
) -> None:
    for number in range(1, MOST_CODES):
        await nobody_reads(coded)
        await coded.is_ordered("pair_by_code", number + 1)
        await shows_qr(coded)
    await nobody_reads(coded)
    await coded.state_is(SessionState.DISCONNECTED)

    assert MOST_CODES == sum(isinstance(one, CodeShown) for one in coded.told)
    assert PairingExpired(PHONE) == coded.told[-1]
    assert MOST_CODES == await openings(coded)


async def test_a_code_that_whatsapp_does_not_take_is_told_as_such(coded: World) -> None:
    await coded.closes(401)
    await coded.state_is(SessionState.DISCONNECTED)

    assert PairingExpired(PHONE, refused=True) == coded.told[-1]


async def test_a_line_that_is_lost_while_the_code_stands_there_is_told_as_such(
    coded: World,
) -> None:
    await coded.closes(428)
    lost = await coded.hears(1)

    assert WhatsAppLost(Loss.PAIRING_FAILED, pairing=True) == lost
    assert not any(isinstance(one, PairingExpired) for one in coded.told)


async def test_who_would_rather_read_a_qr_gets_one(coded: World) -> None:
    await coded.connect()
    await coded.is_ordered("open", 2)
    await shows_qr(coded, "two")

    assert QrShown("two", 60) == coded.told[-1]
    assert 1 == len(await coded.orders("pair_by_code"))


async def test_another_number_is_asked_for_on_a_line_of_its_own(coded: World) -> None:
    await asks_code(coded, "+5531988887777")
    order = await coded.is_ordered("pair_by_code", 2)

    assert {"phone": "5531988887777"} == order["args"]
    assert 2 == await openings(coded)


async def test_a_process_that_ends_meanwhile_says_that_the_code_is_over(coded: World) -> None:
    await coded.restart()
    await coded.view()
    await coded.settle()

    assert PairingExpired() == coded.told[-1]
    assert SessionState.DISCONNECTED is (await coded.session()).state


async def test_a_qr_that_is_on_show_is_shown_again_to_who_asks(shop: World) -> None:
    await shop.connect()
    await shop.is_ordered("open", 1)
    await shows_qr(shop)
    await shop.connect()
    await shop.settle()

    assert ["one", "one"] == [one.payload for one in shop.told if isinstance(one, QrShown)]
    assert 1 == await openings(shop)


async def test_a_qr_nobody_reads_is_told_as_over(shop: World) -> None:
    await shop.connect()
    await shop.is_ordered("open", 1)
    await shows_qr(shop)
    await nobody_reads(shop)
    await shop.state_is(SessionState.DISCONNECTED)

    assert [QrShown("one", 60), PairingExpired()] == shop.told


async def test_another_qr_sets_the_number_aside_that_works_and_it_is_back_when_nobody_reads(
    paired: World,
) -> None:
    view = await paired.tenant.ask(PairAnew(), deadline=ASK_SECONDS)
    opened = await paired.is_ordered("open", 3)
    aside = await paired.set_aside()
    await shows_qr(paired)
    await nobody_reads(paired)
    resumed = await paired.is_ordered("open", 4)
    await paired.opens()
    await paired.settle()

    assert (SessionState.PAIRING, None, 1) == (view.state, opened["args"]["creds"], aside)
    assert resumed["args"]["creds"] is not None
    assert (await paired.view()).connected


async def test_another_number_may_take_the_place_of_one_that_works(paired: World) -> None:
    await paired.tenant.ask(PairAnew(), deadline=ASK_SECONDS)
    await paired.is_ordered("open", 3)
    await paired.pairs(OTHER_JID)
    await paired.closes(515)
    await paired.is_ordered("open", 4)
    await paired.opens(OTHER_JID)
    await paired.settle()

    assert OTHER_JID == (await paired.session()).jid
    assert 0 == await paired.set_aside()


async def test_who_is_connected_gets_no_code(paired: World) -> None:
    view = await asks_code(paired)
    await paired.settle()

    assert (True, 2) == (view.connected, await openings(paired))
