"""Numbers, refusals, restrictions and receipts, on the real tenant and session (F5, F7, F11)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from actors.messages.notices import SendingRestricted
from domain.reasons import Reason
from domain.whatsapp import SessionState
from gateways import sidecar_events as whatsapp
from tests.whatsapp.world import (
    GAP_SECONDS,
    MILLISECONDS,
    NINE,
    OWNER_JID,
    TENANT,
    World,
    phone,
    world,
)

pytestmark = pytest.mark.timeout(90)
HOUR_SECONDS = 3_600.0
PAIRED_AT = "UPDATE whatsapp_sessions SET paired_at = $1"
SOMEBODY = {"ok": {"answer": "found", "jid": "5511955554444@s.whatsapp.net", "lid": "9@lid"}}
ACKED = {"ok": {"outcome": "acked", "at_ms": int(NINE.timestamp() * MILLISECONDS)}}
RESTRICTED = {"ok": {"outcome": "refused", "error": 463}}
ABSENT = {"ok": {"answer": "not_found"}}
SILENT = {"ok": {"answer": "no_answer", "reason": "empty"}}
SENT, QUEUED = ("sent", None, 1), ("queued", None, 0)
REFUSED = ("failed", Reason.RESTRICTED, 1)
UNANSWERED = ("queued", Reason.NUMBER_UNANSWERED, 0)
NOBODY = ("failed", Reason.NOT_ON_WHATSAPP, 0)


@asynccontextmanager
async def nothing_is_written(console: asyncpg.Connection) -> AsyncIterator[None]:
    """Somebody holds the table of messages."""
    async with console.transaction():
        await console.execute("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE")
        yield


async def is_waited_for(shop: World) -> None:
    """Wait until a statement of the session hangs."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"

    async def hangs() -> bool:
        return bool(await shop.console.fetchval(waiting))

    await shop.until_true(hangs)


def digits(number: int) -> str:
    """The phone of a client as a jid begins."""
    return phone(number).removeprefix("+")


def jid(number: int) -> str:
    """The account of a client."""
    return f"{digits(number)}@s.whatsapp.net"


def found(number: int, *, lid: str | None = None) -> dict[str, Any]:
    """WhatsApp's yes."""
    return {"ok": {"answer": "found", "jid": jid(number), "lid": lid}}


def for_each(count: int, answers: dict[int, object]) -> dict[str, Any]:
    """WhatsApp's answers about clients' numbers: these, and else a yes."""
    all_of = {digits(n): answers.get(n, found(n)) for n in range(count)}
    return {"by": all_of, "otherwise": SILENT}


@pytest.fixture
async def late(dsn: str) -> AsyncIterator[World]:
    """A business paired long ago, with five clients one day late and a line that is open."""
    async with world(dsn, late_clients=5) as made:
        await made.start()
        await made.connect()
        await made.is_ordered("open", 1)
        await made.script("check_number", for_each(5, {}))
        await made.script("send", ACKED)
        await made.pairs()
        await made.console.execute(PAIRED_AT, NINE - timedelta(days=9))
        await made.closes(515)
        await made.is_ordered("open", 2)
        yield made


async def live(shop: World, seconds: float, *, step: float = GAP_SECONDS) -> None:
    """Let so much time pass, each gap of it."""
    for _ in range(round(seconds / step)):
        await shop.pass_time(step)
        await shop.settle()


async def addresses(shop: World) -> list[tuple[str, str | None]]:
    """Whom a message was sent to: jid and LID."""
    return [(order["args"]["jid"], order["args"]["lid"]) for order in await shop.orders("send")]


# Numbers


async def test_a_number_without_an_answer_holds_up_nobody_else(late: World) -> None:
    await late.script("check_number", for_each(5, {0: SILENT}))
    await late.opens()
    await live(late, 80.0)

    await late.rows_are([UNANSWERED, SENT, SENT, SENT, SENT])


async def test_a_number_that_answers_later_is_written_to_then(late: World) -> None:
    await late.script("check_number", for_each(5, {0: SILENT}))
    await late.opens()
    await live(late, 80.0)
    await late.script("check_number", for_each(5, {}))
    await live(late, 300.0, step=60.0)

    await late.rows_are([SENT] * 5)


async def test_a_number_without_an_answer_is_asked_ever_more_seldom(late: World) -> None:
    await late.script("check_number", for_each(5, {0: SILENT}))
    await late.opens()
    await live(late, HOUR_SECONDS, step=60.0)
    asked = [o for o in await late.orders("check_number") if digits(0) in o["args"]["candidates"]]

    assert 4 <= len(asked) <= 9


async def test_only_an_explicit_no_is_a_no(late: World) -> None:
    await late.script("check_number", for_each(5, {0: ABSENT}))
    await late.opens()
    await live(late, 80.0)

    await late.rows_are([NOBODY, SENT, SENT, SENT, SENT])


async def test_a_no_right_after_pairing_is_asked_again_an_hour_later(late: World) -> None:
    await late.console.execute(PAIRED_AT, late.clock.now())
    await late.closes(503)
    await late.pass_time(2.0)
    await late.is_ordered("open", 3)
    await late.script("check_number", for_each(5, {0: ABSENT}))
    await late.opens()
    await live(late, 120.0)
    await late.rows_are([UNANSWERED, SENT, SENT, SENT, SENT])
    await live(late, HOUR_SECONDS + 120.0, step=120.0)

    await late.rows_are([NOBODY, SENT, SENT, SENT, SENT])


async def test_no_message_goes_to_whom_nobody_asked_for(late: World) -> None:
    await late.script(
        "check_number", for_each(5, {0: SOMEBODY, 1: SOMEBODY, 2: SOMEBODY, 3: found(4)})
    )
    await late.opens()
    await live(late, 120.0)

    assert [(jid(4), None)] == await addresses(late)
    await late.rows_are([UNANSWERED] * 4 + [SENT])


async def test_a_known_lid_is_the_address(late: World) -> None:
    await late.script("check_number", for_each(5, {0: found(0, lid="123456789@lid")}))
    await late.opens()
    await late.is_ordered("send", 1)

    assert [(jid(0), "123456789@lid")] == await addresses(late)


# Refusals and restrictions


async def test_one_clients_refusal_is_that_clients(late: World) -> None:
    await late.script("send", {"by": {jid(0): RESTRICTED}, "otherwise": ACKED})
    await late.opens()
    await live(late, 80.0)

    await late.rows_are([REFUSED, SENT, SENT, SENT, SENT])
    assert None is (await late.view()).paused_until


async def test_three_refused_clients_rest_the_number_and_the_rest_ends_by_itself(
    late: World,
) -> None:
    await late.script("send", RESTRICTED)
    await late.opens()
    await live(late, 80.0)
    await late.rows_are([REFUSED] * 3 + [QUEUED] * 2)
    until = (await late.view()).paused_until
    await late.script("send", ACKED)
    await late.console.execute("UPDATE messages SET expires_at = expires_at + interval '2 days'")
    for _ in range(23):
        await late.pass_time(HOUR_SECONDS)
    await late.rows_are([REFUSED] * 3 + [QUEUED] * 2)
    await late.pass_time(HOUR_SECONDS + 60.0)

    assert SendingRestricted(until) == await late.hears(2)
    # It looks at the queue again: whom a day has made too late is not billed.
    await late.rows_are([REFUSED] * 3 + [("cancelled", Reason.LATE_TOO_LONG, 0)] * 2)
    assert None is (await late.view()).paused_until


async def test_refusals_far_apart_are_not_counted_together(late: World) -> None:
    await late.script("send", RESTRICTED)
    await late.console.execute(
        "UPDATE messages SET not_before = not_before"
        " + (id - (SELECT min(id) FROM messages)) * interval '31 min'"
    )
    await late.opens()
    await live(late, 5 * 31 * 60.0, step=60.0)

    await late.rows_are([REFUSED] * 5)


async def test_refusals_are_counted_through_a_restart(late: World) -> None:
    await late.script("send", RESTRICTED)
    await late.opens()
    await late.rows_are([REFUSED] + [QUEUED] * 4)
    await late.pass_time(GAP_SECONDS)
    await late.rows_are([REFUSED] * 2 + [QUEUED] * 3)
    await late.restart()
    await late.is_ordered("open", 1)
    await late.script("check_number", for_each(5, {}))
    await late.script("send", RESTRICTED)
    await late.opens()
    await live(late, 60.0)

    assert [REFUSED] * 3 + [QUEUED] * 2 == await late.rows()


@pytest.mark.parametrize("restarted", [False, True], ids=["as it runs", "after a restart"])
async def test_a_reported_restriction_holds_until_its_end_and_no_longer(
    late: World, restarted: bool
) -> None:
    until = late.clock.now().replace(microsecond=0) + timedelta(hours=2)
    ends = int(until.timestamp() * MILLISECONDS)
    await late.tell("open", jid=OWNER_JID, lid=None)
    await late.tell("restriction", kind="reachout_timelock", until_ms=ends, detail="{}")
    await late.hears(2)
    if restarted:
        await late.restart()
        await late.is_ordered("open", 1)
        await late.script("check_number", for_each(5, {}))
        await late.script("send", ACKED)
        await late.opens()
    sent_before = len(await late.orders("send"))
    await live(late, 1.9 * HOUR_SECONDS, step=600.0)
    during = len(await late.orders("send"))
    await live(late, 900.0, step=60.0)

    assert (SendingRestricted(until), True) == (late.kept()[1], during <= sent_before + 1)
    await late.rows_are([SENT] * 5)


async def test_a_restriction_met_while_the_clock_was_wrong_is_cut_to_what_it_can_be(
    late: World,
) -> None:
    await late.opens()
    late.clock.start += timedelta(days=200)
    await late.tell("restriction", kind="reachout_timelock", until_ms=None, detail="{}")
    await late.hears(2)
    late.clock.start -= timedelta(days=200)
    until = (await late.view()).paused_until

    assert until is not None
    assert until <= late.clock.now() + timedelta(hours=24)


async def test_the_same_restriction_said_again_is_told_once(late: World) -> None:
    for _ in range(4):
        await late.tell("restriction", kind="message_cap", until_ms=None, detail="{}")
        await late.pass_time(60.0)

    assert 1 == sum(isinstance(notice, SendingRestricted) for notice in late.kept())


async def test_another_number_does_not_inherit_the_rest(late: World) -> None:
    await late.tell("restriction", kind="message_cap", until_ms=None, detail="{}")
    await late.closes(403)
    await late.state_is(SessionState.LOCKED)
    await late.connect()
    await late.is_ordered("open", 3)
    await late.pairs("5511900000002:1@s.whatsapp.net")
    await late.closes(515)
    await late.is_ordered("open", 4)
    await late.opens("5511900000002:1@s.whatsapp.net")
    await live(late, 80.0)

    await late.rows_are([SENT] * 5)


# The pace


async def test_news_of_the_outbox_never_shorten_the_human_gap(late: World) -> None:
    await late.opens()
    await late.is_ordered("send", 1)
    for _ in range(10):
        await late.look()
        await late.settle()
    hurried = len(await late.orders("send"))
    await live(late, 40.0)

    assert 1 == hurried
    await late.rows_are([SENT] * 5)


# What comes back


@pytest.mark.parametrize(
    "message_id",
    [
        pytest.param("a\x00b", id="NUL"),
        pytest.param("x" * 5_000, id="long"),
        pytest.param("\U0001f600" * 50, id="emoji"),
        pytest.param(" ", id="blank"),
    ],
)
async def test_a_receipt_that_cannot_be_kept_is_set_aside_alone(
    late: World, message_id: str
) -> None:
    await late.opens()
    await late.is_ordered("send", 1)
    epoch = (await late.session()).epoch
    at = int(NINE.timestamp() * MILLISECONDS)
    for wanted in (message_id, (await late.ids())[0]):
        await late.tell("receipt", message_id=wanted, status="delivered", from_jid="x", at_ms=at)
    await late.settle()

    assert ("delivered", None, 1) == (await late.rows())[0]
    assert (True, epoch) == ((await late.view()).connected, (await late.session()).epoch)


@pytest.mark.parametrize("apart", [-1, 1])
async def test_receipts_and_late_acks_are_true_under_any_epoch(late: World, apart: int) -> None:
    await late.script("send", {"ok": {"outcome": "unknown", "reason": "timeout"}})
    await late.opens()
    await late.is_ordered("send", 1)
    await late.pass_time(GAP_SECONDS)
    await late.is_ordered("send", 2)
    first, second = (await late.ids())[:2]
    epoch = await late.epoch() + apart
    for event in (
        whatsapp.ReceiptArrived(TENANT, epoch, first, "read", "x", NINE),
        whatsapp.LateOutcome(TENANT, epoch, second, whatsapp.Acked(NINE)),
    ):
        await late.tell_session(event)

    assert ["read", "sent"] == [state for state, _, _ in (await late.rows())[:2]]


async def test_what_was_met_while_postgresql_was_away_is_kept_when_it_is_back(late: World) -> None:
    await late.opens()
    await late.is_ordered("send", 1)
    first = (await late.ids())[0]
    at = int(NINE.timestamp() * MILLISECONDS)
    async with nothing_is_written(late.console):
        await late.order(
            "tell",
            {
                "event": "receipt",
                "tenant": TENANT,
                "epoch": 1,
                "data": {"message_id": first, "status": "delivered", "from_jid": "x", "at_ms": at},
            },
        )
        await is_waited_for(late)
        late.move(11.0)

    async def delivered() -> bool:
        late.move(1.0)
        return "delivered" == (await late.rows())[0][0]

    await late.until_true(delivered)


async def test_the_view_tells_what_arrived(late: World) -> None:
    await late.opens()
    await live(late, 60.0)
    await late.rows_are([SENT] * 5)
    at = int(late.clock.now().timestamp()) * MILLISECONDS
    for one in (await late.ids())[:2]:
        await late.tell("receipt", message_id=one, status="delivered", from_jid="x", at_ms=at)
    view = await late.view()

    assert (5, 2) == (view.sent_in_a_day, view.delivered_in_a_day)
    assert view.last_delivered_at is not None
