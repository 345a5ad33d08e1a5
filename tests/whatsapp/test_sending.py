"""Refusals, restrictions, the pace and receipts, on the real tenant and session (F5, F7, F11)."""

from datetime import timedelta

import pytest

from actors.messages.notices import DataMissing, SendingRestricted
from actors.messages.queue import PlanNow
from domain.reasons import Reason
from domain.whatsapp import SessionState
from gateways import sidecar_events as whatsapp
from tests.whatsapp.outside import NINE
from tests.whatsapp.support import (
    ACKED,
    HOUR_SECONDS,
    QUEUED,
    REFUSED,
    RESTRICTED,
    SENT,
    for_each,
    is_waited_for,
    jid,
    live,
    nothing_is_written,
)
from tests.whatsapp.world import (
    ASK_SECONDS,
    GAP_SECONDS,
    MILLISECONDS,
    OWNER_JID,
    PACING,
    TENANT,
    World,
)

pytestmark = pytest.mark.timeout(90)


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


async def test_a_late_refusal_ends_the_message_and_counts(late: World) -> None:
    await late.script("send", {"ok": {"outcome": "unknown", "reason": "timeout"}})
    await late.opens()
    for number in range(3):
        await late.is_ordered("send", number + 1)
        await late.settle()
        await late.tell("ack", message_id=(await late.ids())[number], outcome="refused", error=463)
        await late.pass_time(GAP_SECONDS)
    await live(late, 60.0)

    await late.rows_are([REFUSED] * 3 + [QUEUED] * 2)
    assert None is not (await late.view()).paused_until


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


NINE_MS = int(NINE.timestamp() * MILLISECONDS)
TEXT_WITH_CODE = """
    INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
    VALUES ($1, 'cobranca', 'Cobrança', 'Oi! PIX: {pix_copia_e_cola}', true, $2, $2)
"""


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


async def test_the_code_follows_its_text_after_a_moment_and_others_after_the_human_gap(
    late: World,
) -> None:
    """D5: two messages of one person, whom nobody else is written to between."""
    await late.console.execute(TEXT_WITH_CODE, TENANT, NINE)
    await late.opens()
    await late.is_ordered("send", 1)
    await late.pass_time(PACING.max_second_gap_s)
    both = await late.orders("send")
    await late.pass_time(PACING.max_second_gap_s)
    still = len(await late.orders("send"))
    await live(late, 120.0)
    told = [order["args"] for order in await late.orders("send")]

    assert [jid(0)] * 2 == [order["args"]["jid"] for order in both]
    assert 2 == still
    assert [jid(number) for number in range(5) for _ in range(2)] == [one["jid"] for one in told]
    assert ["Oi! PIX:", "000201"] * 5 == [one["text"][:8].removesuffix("26") for one in told]
    await late.rows_are([("sent", None, 2)] * 5)


async def test_a_late_ack_of_a_text_lets_its_code_go_before_any_retry(late: World) -> None:
    """D5: the retry would be half a minute away, and the client waits for the code."""
    await late.console.execute(TEXT_WITH_CODE, TENANT, NINE)
    await late.console.execute("DELETE FROM messages WHERE id > (SELECT min(id) FROM messages)")
    await late.script("send", {"ok": {"outcome": "unknown", "reason": "timeout"}})
    await late.opens()
    await late.is_ordered("send", 1)
    await late.pass_time(GAP_SECONDS)
    await late.script("send", ACKED)
    await late.tell("ack", message_id=(await late.ids())[0], outcome="acked", at_ms=NINE_MS)

    await late.rows_are([("sent", None, 2)])
    assert ["Oi! PIX:", "00020126"] == [
        order["args"]["text"][:8] for order in await late.orders("send")
    ]


# What the texts lack


NO_PIX_KEY = "UPDATE settings SET pix_key = NULL"


def lacking(world: World) -> list[DataMissing]:
    """What the owner heard of data that is missing."""
    return [notice for notice in world.kept() if isinstance(notice, DataMissing)]


async def test_what_a_text_lacks_as_it_is_to_go_is_told_for_that_message(late: World) -> None:
    await late.console.execute(NO_PIX_KEY)
    await late.opens()
    await late.hears(2)
    await late.settle()

    assert [DataMissing(("pix_chave", "pix_beneficiario"), 1)] == lacking(late)
    await late.rows_are([("waiting", Reason.MISSING_VALUES, 0)] * 5)


async def test_what_the_texts_of_a_plan_lack_is_told_with_it(late: World) -> None:
    await late.console.execute(NO_PIX_KEY)
    await late.tenant.ask(PlanNow(), deadline=ASK_SECONDS)
    await late.settle()

    assert [DataMissing(("pix_chave", "pix_beneficiario"), 5)] == lacking(late)


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
    screen = await late.screen()
    facts = screen.deliveries

    assert (5, 2, 0) == (facts.sent, facts.delivered, facts.read)
    assert (5, 3) == (screen.sent_today, screen.missing_total)
    assert facts.last_delivered_at is not None
