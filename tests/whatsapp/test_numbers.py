"""Whom a message may go to: only whom WhatsApp named for exactly what was typed (F5)."""

import pytest

from tests.whatsapp.support import (
    ABSENT,
    HOUR_SECONDS,
    NOBODY,
    PAIRED_AT,
    SENT,
    SILENT,
    SOMEBODY,
    UNANSWERED,
    addresses,
    digits,
    for_each,
    found,
    jid,
    live,
)
from tests.whatsapp.world import World

pytestmark = pytest.mark.timeout(90)


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


async def test_what_a_wrong_clock_put_off_is_put_off_no_further_than_anything_else(
    late: World,
) -> None:
    await late.script("check_number", for_each(5, {0: SILENT}))
    await late.opens()
    await live(late, 80.0)
    await late.rows_are([UNANSWERED, SENT, SENT, SENT, SENT])
    await late.console.execute(
        "UPDATE messages SET not_before = not_before + interval '200 d' WHERE state = 'queued'"
    )
    await late.script("check_number", for_each(5, {}))
    await late.look()
    await live(late, 1.5 * HOUR_SECONDS, step=120.0)

    await late.rows_are([SENT] * 5)
