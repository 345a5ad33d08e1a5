"""Stopping everything, on the real tenant and session: at once, and on again at once (E7)."""

import pytest

from actors.messages.queue import OutboxChanged
from actors.messages.queue_acts import ActOn, PauseQueue
from domain.queue_acts import QueueAct
from domain.reasons import Reason
from tests.whatsapp.support import ACKED, HOUR_SECONDS, QUEUED, SENT, live
from tests.whatsapp.world import ASK_SECONDS, GAP_SECONDS, TENANT, World

pytestmark = pytest.mark.timeout(90)
PAUSED = ("queued", Reason.PAUSED, 0)
BY_HAND = """
    INSERT INTO messages (tenant_id, client_id, kind, day, state, phone, body, whatsapp_id,
        correlation_id, not_before, expires_at, created_at)
    SELECT tenant_id, client_id, 'geral', day, 'queued', phone, 'Oi', '3EB0BYHANDBYHAND', 'c',
        $2, expires_at, $2
    FROM messages WHERE tenant_id = $1 ORDER BY id LIMIT 1"""


async def pause(world: World, *, paused: bool) -> None:
    await world.tenant.ask(PauseQueue(paused), deadline=ASK_SECONDS)
    await world.settle()


async def test_a_pause_stops_the_session_at_once_and_what_is_left_goes_on_after_it(
    late: World,
) -> None:
    await late.script("send", ACKED)
    await late.opens()
    await late.rows_are([SENT, *[QUEUED] * 4])
    await pause(late, paused=True)
    await live(late, 600.0, step=60.0)
    await late.rows_are([SENT, *[PAUSED] * 4])
    await pause(late, paused=False)

    # The first goes at once, not when the session would have looked again.
    await late.rows_are([SENT, SENT, *[QUEUED] * 3])
    await live(late, 4 * GAP_SECONDS)
    await late.rows_are([SENT] * 5)


async def test_a_pause_stops_also_what_a_person_wrote(late: World) -> None:
    await late.script("send", ACKED)
    await late.opens()
    await late.rows_are([SENT, *[QUEUED] * 4])
    await pause(late, paused=True)
    await late.console.execute(BY_HAND, TENANT, late.clock.now())
    await late.tenant.tell(OutboxChanged())
    await live(late, 120.0, step=GAP_SECONDS)
    await late.rows_are([SENT, *[PAUSED] * 5])

    await pause(late, paused=False)
    await live(late, 6 * GAP_SECONDS)
    await late.rows_are([SENT] * 6)


async def test_what_is_sent_now_goes_next_and_keeps_the_pace(late: World) -> None:
    await late.script("send", ACKED)
    await late.opens()
    await late.rows_are([SENT, *[QUEUED] * 4])
    last = await late.console.fetchval("SELECT max(id) FROM messages")
    await late.tenant.ask(ActOn(last, QueueAct.NOW), deadline=ASK_SECONDS)
    await late.settle()
    await late.rows_are([SENT, *[QUEUED] * 4])
    await late.pass_time(GAP_SECONDS)

    await late.rows_are([SENT, *[QUEUED] * 3, SENT])
    await live(late, HOUR_SECONDS / 60)
    await late.rows_are([SENT] * 5)
