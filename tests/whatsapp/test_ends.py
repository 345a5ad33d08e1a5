"""Each way a line ends, on the real tenant and session: what is opened, kept and told (F4)."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from actors.messages.notices import WhatsAppConnected
from actors.tenant.owner import NOTICE_RETRY_SECONDS
from actors.whatsapp.opening import TryAgain
from domain.whatsapp import LOGINS_SECONDS, Loss, SessionState
from errors import TelegramAway
from gateways import sidecar_events as whatsapp
from tests.whatsapp.outside import NINE
from tests.whatsapp.support import losses, openings
from tests.whatsapp.world import OWNER, OWNER_JID, TENANT, World

pytestmark = pytest.mark.timeout(90)
OTHER_JID = "5511900000002:1@s.whatsapp.net"
DAY_SECONDS = 86_400.0
LOST = [
    pytest.param(401, SessionState.NEEDS_QR, Loss.LOGGED_OUT, id="logged out"),
    pytest.param(402, SessionState.TEMPORARILY_BANNED, Loss.TEMPORARILY_BANNED, id="suspended"),
    pytest.param(403, SessionState.LOCKED, Loss.LOCKED, id="locked"),
    pytest.param(406, SessionState.BANNED, Loss.BANNED, id="banned"),
    pytest.param("passkey", SessionState.NEEDS_QR, Loss.PASSKEY_REQUIRED, id="passkey"),
]


async def replaced(world: World) -> bool:
    """Whether a new worker runs, which is given the time it really takes to come up."""
    if not world.sidecars[0].link.gone:
        world.move(1.0)
    await world.view()
    return len(world.sidecars) > 1 and world.sidecars[-1].runs


@pytest.mark.parametrize(("code", "state", "loss"), LOST)
async def test_a_lost_number_is_told_and_another_one_may_pair(
    paired: World, code: int | str, state: SessionState, loss: Loss
) -> None:
    await paired.closes(code)
    await paired.state_is(state)
    told = await losses(paired)
    view = await paired.connect()
    opened = await paired.is_ordered("open", 3)
    await paired.pairs(OTHER_JID)
    await paired.closes(515)
    await paired.is_ordered("open", 4)
    aside = await paired.set_aside()
    await paired.opens(OTHER_JID)
    await paired.settle()

    assert (1, 0) == (aside, await paired.set_aside())
    assert [loss] == told
    assert (SessionState.PAIRING, None) == (view.state, opened["args"]["creds"])
    assert OTHER_JID == (await paired.session()).jid


@pytest.mark.parametrize(("code", "state", "loss"), LOST)
async def test_what_was_lost_stays_lost_until_the_owner_acts_also_after_a_restart(
    paired: World, code: int | str, state: SessionState, loss: Loss
) -> None:
    await paired.closes(code)
    await paired.state_is(state)
    await paired.restart()
    await paired.pass_time(3_600.0)
    view = await paired.view()

    assert (state, False, 0) == (view.state, view.connected, await openings(paired))
    assert [loss] == await losses(paired)


@pytest.mark.parametrize(("code", "state", "loss"), LOST)
@pytest.mark.parametrize("restarted", [False, True], ids=["as it runs", "after a restart"])
async def test_credentials_come_back_when_nobody_scans(
    paired: World, code: int | str, state: SessionState, loss: Loss, restarted: bool
) -> None:
    del loss
    await paired.closes(code)
    await paired.state_is(state)
    await paired.connect()
    await paired.is_ordered("open", 3)
    aside = await paired.creds()
    if restarted:
        await paired.restart()
    else:
        await paired.tell("qr", payload="one", expires_s=60)
        await paired.closes(408)
    await paired.state_is(state)

    assert (None, f"creds of {OWNER_JID}") == (aside, await paired.creds())
    assert state is (await paired.view()).state


async def test_each_logout_is_told_and_each_pairing(paired: World) -> None:
    for number in range(2):
        await paired.closes(401)
        await paired.state_is(SessionState.NEEDS_QR)
        await paired.connect()
        await paired.is_ordered("open", 3 + 2 * number)
        await paired.pairs()
        await paired.closes(515)
        await paired.is_ordered("open", 4 + 2 * number)
        await paired.opens()
        await paired.state_is(SessionState.PAIRED)
        await paired.pass_time(LOGINS_SECONDS)

    assert [Loss.LOGGED_OUT] * 2 == await losses(paired)
    assert 3 == paired.kept().count(WhatsAppConnected(OWNER))


async def test_what_the_chat_did_not_take_is_told_again_a_little_later(paired: World) -> None:
    paired.chat_faults.append(TelegramAway("no answer"))
    await paired.closes(401)
    await paired.state_is(SessionState.NEEDS_QR)
    before = await losses(paired)
    await paired.pass_time(NOTICE_RETRY_SECONDS + 1.0)

    assert ([], [Loss.LOGGED_OUT]) == (before, await losses(paired))


async def test_a_line_that_comes_back_is_no_news(paired: World) -> None:
    await paired.closes(503)
    await paired.pass_time(2.0)
    await paired.is_ordered("open", 3)
    await paired.opens()
    await paired.settle()

    assert [WhatsAppConnected(OWNER)] == paired.kept()


async def test_connecting_while_the_line_comes_back_says_so_at_once(paired: World) -> None:
    await paired.script("open", "never")
    await paired.closes(503)
    views = [await paired.connect() for _ in range(5)]
    await paired.settle()

    assert {(SessionState.PAIRED, False)} == {(view.state, view.connected) for view in views}
    assert 3 == await openings(paired)


async def test_a_suspension_ends_by_itself_and_not_before(paired: World) -> None:
    await paired.closes(402)
    await paired.state_is(SessionState.TEMPORARILY_BANNED)
    until = (await paired.view()).until
    for _ in range(23):
        await paired.pass_time(3_600.0)
    before = await openings(paired)
    await paired.pass_time(3_601.0)
    await paired.is_ordered("open", 3)
    await paired.opens()
    view = await paired.view()

    assert until is not None
    assert (2, True) == (before, abs(until - NINE - timedelta(days=1)) < timedelta(minutes=5))
    assert (SessionState.PAIRED, True, None) == (view.state, view.connected, view.until)


async def test_a_suspension_lasts_as_long_as_whatsapp_says_also_through_a_restart(
    paired: World,
) -> None:
    await paired.closes(402, wait_s=1_800)
    await paired.state_is(SessionState.TEMPORARILY_BANNED)
    await paired.restart()
    await paired.pass_time(1_700.0)
    before = await openings(paired)
    await paired.pass_time(110.0)
    opened = await paired.is_ordered("open", 1)

    assert (0, f"creds of {OWNER_JID}") == (before, opened["args"]["creds"])


async def test_a_suspension_met_while_the_clock_was_wrong_ends_all_the_same(
    paired: World,
) -> None:
    paired.clock.start += timedelta(days=200)
    await paired.closes(402)
    await paired.state_is(SessionState.TEMPORARILY_BANNED)
    paired.clock.start -= timedelta(days=200)
    for _ in range(26):
        await paired.pass_time(3_600.0)

    await paired.is_ordered("open", 3)


# Replaced (decision 9)


async def test_who_lost_the_tenant_leaves_the_line_to_its_new_owner(paired: World) -> None:
    await paired.take_over()
    await paired.closes(440)
    await paired.pass_time(3_600.0)
    view = await paired.connect()

    assert (2, False) == (await openings(paired), view.connected)
    assert [] == await losses(paired)


async def test_who_lost_the_tenant_gives_its_line_up_once(paired: World) -> None:
    before, epoch = len(await paired.orders("close")), await paired.epoch()
    await paired.take_over()
    await paired.closes(440)
    await paired.is_ordered("close", before + 1)
    for _ in range(3):
        await paired.tell_session(whatsapp.Restricted(TENANT, epoch, "message_cap", None, "x"))

    assert before + 1 == len(await paired.orders("close"))


async def test_a_worker_fenced_off_by_mistake_comes_back(paired: World) -> None:
    await paired.closes("fenced")
    await paired.pass_time(2.0)

    await paired.is_ordered("open", 3)


async def test_the_owner_comes_back_twice_after_a_rest_and_then_tells(paired: World) -> None:
    seen = []
    for number in (3, 4):
        await paired.closes(440)
        await paired.pass_time(29.0)
        seen.append(await openings(paired))
        await paired.pass_time(1.5)
        await paired.is_ordered("open", number)
        await paired.opens()
    await paired.closes(440)
    await paired.state_is(SessionState.REPLACED)
    await paired.pass_time(3_600.0)

    assert ([2, 3], 4) == (seen, await openings(paired))
    assert [Loss.REPLACED] == await losses(paired)


async def test_a_replaced_line_is_resumed_without_a_new_qr(paired: World) -> None:
    for number in (3, 4):
        await paired.closes(440)
        await paired.pass_time(31.0)
        await paired.is_ordered("open", number)
        await paired.opens()
    await paired.closes(440)
    await paired.state_is(SessionState.REPLACED)
    await paired.pass_time(LOGINS_SECONDS)
    await paired.connect()
    opened = await paired.is_ordered("open", 5)

    assert f"creds of {OWNER_JID}" == opened["args"]["creds"]


@pytest.mark.parametrize("code", [408, 428, 500, 503, "storage", "fenced", 405, 409, 515])
async def test_whatever_ended_it_no_line_is_reopened_under_an_epoch_that_is_over(
    paired: World, code: int | str
) -> None:
    await paired.closes(503)
    await paired.pass_time(2.0)
    await paired.is_ordered("open", 3)
    await paired.take_over()
    await paired.closes(code)
    await paired.pass_time(1_300.0)

    assert 3 == await openings(paired)


# How often


@pytest.mark.parametrize("code", [409, 411, 599])
async def test_an_end_nobody_understands_is_tried_a_few_times_and_told(
    paired: World, code: int
) -> None:
    for number in range(3, 8):
        await paired.closes(code)
        await paired.pass_time(200.0)
        await paired.is_ordered("open", number)
        await paired.opens()
    await paired.closes(code)
    await paired.state_is(SessionState.UNREACHABLE)
    await paired.pass_time(3_600.0)

    assert 7 == await openings(paired)
    assert [Loss.UNREACHABLE] == await losses(paired)


async def test_a_line_that_opens_and_ends_at_once_does_not_make_its_wait_short_again(
    paired: World,
) -> None:
    for number in range(3, 7):
        await paired.closes(503)
        await paired.pass_time(20.0)
        await paired.is_ordered("open", number)
        await paired.opens()
    await paired.closes(503)
    await paired.pass_time(7.0)

    assert 6 == await openings(paired)


async def test_a_line_on_which_a_message_went_makes_its_wait_short_again(late: World) -> None:
    for number in range(1, 5):
        await late.opens()
        await late.is_ordered("send", number)
        await late.settle()
        await late.closes(503)
        await late.pass_time(20.0)
        await late.is_ordered("open", 2 + number)
    await late.opens()
    await late.is_ordered("send", 5)
    await late.settle()
    await late.closes(503)
    await late.pass_time(1.5)

    assert 7 == await openings(late)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(None, id="open"),
        pytest.param(401, id="logged out"),
        pytest.param(402, id="suspended"),
        pytest.param(406, id="banned"),
        pytest.param("pairing", id="pairing"),
    ],
)
async def test_a_timer_that_rings_late_opens_nothing(paired: World, code: int | str | None) -> None:
    if code is not None:
        await paired.closes(403 if code == "pairing" else code)
        await paired.settle()
    if code == "pairing":
        await paired.connect()
        await paired.is_ordered("open", 3)
    before = await openings(paired)
    await paired.tell_session(TryAgain())
    await paired.pass_time(1.0)

    assert before == await openings(paired)


# Whose news it is


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(lambda e: whatsapp.QrShown(TENANT, e, "old", 60), id="a QR"),
        pytest.param(lambda e: whatsapp.Paired(TENANT, e, OTHER_JID, None), id="paired"),
        pytest.param(lambda e: whatsapp.SessionOpened(TENANT, e, OTHER_JID, None), id="open"),
        pytest.param(
            lambda e: whatsapp.SessionClosed(TENANT, e, 401, "x", logged_out=True), id="an end"
        ),
        pytest.param(
            lambda e: whatsapp.Restricted(TENANT, e, "message_cap", None, "x"), id="a restriction"
        ),
    ],
)
@pytest.mark.parametrize("apart", [-1, 1], ids=["an earlier life", "a later one"])
async def test_the_news_of_another_epoch_change_nothing(
    paired: World, event: Callable[[int], whatsapp.Event], apart: int
) -> None:
    before, told = await paired.session(), list(paired.told)
    await paired.tell_session(event(await paired.epoch() + apart))
    view = await paired.view()

    assert (before, told) == (await paired.session(), paired.told)
    assert (True, None) == (view.connected, view.paused_until)


async def test_a_worker_that_dies_is_replaced_and_the_line_with_it(paired: World) -> None:
    os.kill(paired.sidecars[-1].link.pid, signal.SIGKILL)

    await paired.until_true(lambda: replaced(paired))
    opened = await paired.is_ordered("open", 1)

    assert f"creds of {OWNER_JID}" == opened["args"]["creds"]


async def test_a_worker_that_hangs_is_replaced_and_no_attempt_is_burnt(paired: World) -> None:
    hung = paired.sidecars[-1].link.pid
    os.kill(hung, signal.SIGSTOP)
    try:
        await paired.until_true(lambda: replaced(paired))
        opened = await paired.is_ordered("open", 1)
    finally:
        with suppress(ProcessLookupError):
            os.kill(hung, signal.SIGKILL)

    assert f"creds of {OWNER_JID}" == opened["args"]["creds"]


async def test_a_line_of_which_nothing_is_heard_is_opened_again(paired: World) -> None:
    await paired.closes(503)
    await paired.pass_time(2.0)
    await paired.is_ordered("open", 3)
    await paired.pass_time(46.0)
    await paired.pass_time(3.0)

    await paired.is_ordered("open", 4)
