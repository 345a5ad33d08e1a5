"""Old time, now and new time in every order: each message goes once, none is skipped (E6, E9)."""

from datetime import time, timedelta
from itertools import product

import pytest

from actors.tenant.rescheduling import take_back
from domain.jobs import Job
from domain.undo import Act
from errors import CannotUndo
from storage import schedules, undos
from storage.database import Database
from tests.schedule.business import DAY, Business, at, open_business

HOURS = [f"{hour:02}:{minute:02}" for hour in range(2, 24) for minute in (0, 30)]
TIMES = ("08:00", "09:00", "18:30")
NOWS = ("04:00", "08:40", "10:10", "19:10", "21:00")


async def live(business: Business, first: str, last: str) -> dict[str, int]:
    """Let the day go on by half hours; returns how many messages went at which."""
    went = {}
    for hour in HOURS:
        if first <= hour < last:
            await business.run_due(at(hour))
            if sent := await business.deliver(at(hour)):
                went[hour] = sent
    return went


def next_half_hour(text: str) -> str:
    return next(hour for hour in HOURS if hour >= text)


def expected_hour(old: str, now: str, new: str) -> str:
    """When the one message goes: by the old time while that came first, else by the new."""
    if old <= now or now >= "20:00":
        return old
    return next_half_hour(max(new, now))


@pytest.mark.parametrize(
    ("old", "now", "new"), [*product(TIMES, NOWS, TIMES)], ids=lambda text: text.replace(":", "")
)
async def test_in_every_order_of_times_the_message_goes_once(
    business: Business, old: str, now: str, new: str
) -> None:
    await business.turn(at("21:30", DAY - timedelta(days=1)), send_at=time.fromisoformat(old))
    before = await live(business, "00:00", now)
    await business.turn(at(now), send_at=time.fromisoformat(new))
    after = await live(business, now, "24:00")

    assert {expected_hour(old, now, new): 1} == {**before, **after}
    assert ["sent"] == [state for state, _, _ in await business.rows()]


@pytest.mark.parametrize(
    ("old", "now", "new", "expected", "job"),
    [
        pytest.param(
            "09:00", "08:40", "18:30", "18:30", "24 18:30", id="later, before the old time"
        ),
        pytest.param("18:30", "10:00", "09:00", "09:00", "24 10:00", id="to a time that is past"),
        pytest.param("18:30", "10:00", "15:00", "15:00", "24 15:00", id="earlier, still to come"),
        pytest.param("09:00", "10:00", "15:00", "15:00", "24 15:00", id="its turn not come yet"),
        pytest.param("09:00", "10:00", "08:30", "08:30", "25 08:30", id="both of them past"),
    ],
)
async def test_a_queued_message_follows_the_new_time(  # noqa: PLR0913, PLR0917 - the table's columns
    business: Business, old: str, now: str, new: str, expected: str, job: str
) -> None:
    await business.turn(at("04:00"), send_at=time.fromisoformat(old))
    await business.run_due(at("05:00"))
    await business.run_due(at(now))
    await business.turn(at(now), send_at=time.fromisoformat(new))

    assert [("queued", expected)] == [(state, goes) for state, _, goes in await business.rows()]
    assert job == await business.next_run(Job.SEND)


async def test_moved_after_sending_nothing_is_doubled(business: Business) -> None:
    await live(business, "00:00", "10:00")
    done = await business.turn(at("10:00"), send_at=time(15))
    after = await live(business, "10:00", "24:00")

    assert ({}, ()) == (after, done and done.difference.all)
    assert ["sent"] == [state for state, _, _ in await business.rows()]


async def test_a_day_planned_by_the_old_time_follows_before_the_first_plan_of_the_new(
    business: Business,
) -> None:
    await business.run_due(at("05:00"))
    await business.turn(at("06:00"), verify_at=time(12))
    await business.turn(at("07:00"), send_at=time(18, 30))

    assert [("queued", None, "18:30")] == await business.rows()


async def test_what_is_tried_again_keeps_its_next_try(business: Business) -> None:
    await business.run_due(at("05:00"))
    await business.sql(
        "UPDATE messages SET state = 'retry', attempt = 1, reason = 'refused', "
        "not_before = not_before + interval '20 minutes' WHERE tenant_id = $1"
    )
    await business.turn(at("09:05"), send_at=time(15))

    assert [("retry", "refused", "09:20")] == await business.rows()


@pytest.mark.parametrize(
    ("closes", "now", "states"),
    [
        pytest.param(time(18), "19:00", ["expired"], id="closed by the change: it ends"),
        pytest.param(time(22), "19:00", ["queued"], id="open longer: it still waits"),
    ],
)
async def test_the_window_takes_what_waits_along(
    business: Business, closes: time, now: str, states: list[str]
) -> None:
    await business.run_due(at("05:00"))
    await business.turn(at(now), window_closes=closes)

    assert states == [state for state, _, _ in await business.rows()]


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param("SELECT $1::bigint", id="never tried"),
        pytest.param(
            "UPDATE messages SET state = 'unknown', attempt = 1 WHERE tenant_id = $1",
            id="perhaps sent",
        ),
        pytest.param(
            "UPDATE messages SET state = 'retry', reason = 'refused', attempt = 1 "
            "WHERE tenant_id = $1",
            id="tried in vain",
        ),
    ],
)
async def test_a_window_closed_by_a_slip_and_opened_again_loses_nothing(
    business: Business, spoilt: str
) -> None:
    await business.run_due(at("05:00"))
    await business.sql(spoilt)
    await business.turn(at("19:00"), window_closes=time(18))
    await business.undo(at("19:01"))

    assert 1 == await business.deliver(at("19:02"))


async def test_a_day_that_was_closed_goes_on_in_a_longer_window(business: Business) -> None:
    await live(business, "00:00", "08:00")
    await business.turn(at("08:10"), send_at=time(19))
    await business.sql("UPDATE settings SET queue_paused = true WHERE tenant_id = $1")
    await business.run_due(at("20:00"))
    ended = await business.rows()
    await business.sql("UPDATE settings SET queue_paused = false WHERE tenant_id = $1")
    await business.turn(at("20:30"), window_closes=time(22))

    assert ["expired"] == [state for state, _, _ in ended]
    assert {"20:30": 1} == await live(business, "20:30", "24:00")


async def test_a_message_asked_for_by_hand_follows_the_window_too(business: Business) -> None:
    await business.run_due(at("05:00"))
    await business.sql(
        "UPDATE messages SET kind = 'renovacao', whatsapp_id = '3EB0BYHAND', "
        "not_before = '2026-11-24 11:00+00' WHERE tenant_id = $1"
    )
    await business.turn(at("08:30"), window_opens=time(10), send_at=time(10))

    assert ("queued", None, "10:00") == (await business.rows())[0]


async def test_a_day_that_begins_at_another_time_takes_its_turn_anew(business: Business) -> None:
    """E13: who begins in the same minute does not burst together, at the new minute either."""
    await business.run_due(at("05:00"))
    await business.sql(
        "UPDATE planned_days SET turn = '30 seconds', begins_at = '2026-11-24 12:00:30+00' "
        "WHERE tenant_id = $1"
    )
    await business.turn(at("08:59"), send_at=time(18, 30))
    async with business.database.tenant(business.tenant_id) as tx:
        turn = await tx.fetchval(
            "SELECT turn FROM planned_days WHERE tenant_id = $1", business.tenant_id
        )

    assert (None, [("queued", None, "18:30")]) == (turn, await business.rows())


@pytest.mark.parametrize(
    ("changes", "job", "expected"),
    [
        pytest.param({"verify_at": time(3)}, Job.VERIFY, "24 04:30", id="verify, skipped today"),
        pytest.param({"verify_at": time(6)}, Job.VERIFY, "24 06:00", id="verify, still to come"),
        pytest.param({"clean_at": time(4)}, Job.CLEAN, "25 04:00", id="cleaned already"),
        pytest.param({"clean_at": time(23)}, Job.CLEAN, "24 23:00", id="cleaned once more"),
        pytest.param({"summary_at": time(4)}, Job.SUMMARY, "24 04:30", id="summary, skipped today"),
        pytest.param({"summary_at": time(7)}, Job.SUMMARY, "24 07:00", id="summary, to come"),
        pytest.param({"window_closes": time(22)}, Job.CLOSE, "24 22:00", id="the window"),
    ],
)
async def test_every_job_is_rebuilt_and_none_is_skipped(
    business: Business, changes: dict[str, time], job: Job, expected: str
) -> None:
    """E9: a changed schedule rebuilds the jobs and processes what the change would have skipped."""
    await business.run_due(at("04:00"))
    await business.turn(at("04:30"), **changes)

    assert expected == await business.next_run(job)


async def test_the_zone_moves_the_day_with_it(business: Business) -> None:
    await business.run_due(at("05:00"))
    manaus = (await business.dials()).zone.__class__("America/Manaus")
    done = await business.turn(at("08:40"), zone=manaus)

    assert [("queued", None, "10:00")] == await business.rows()
    assert "24 10:00" == await business.next_run(Job.SEND)
    assert 1 == len(done.difference.moved if done else ())


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("kind = 'renovacao', whatsapp_id = '3EB0BYHAND'", id="a renewal"),
        pytest.param("on_request = true", id="a late billing"),
    ],
)
async def test_what_was_asked_for_by_hand_waits_again_too(business: Business, asked: str) -> None:
    await business.run_due(at("05:00"))
    await business.sql(f"UPDATE messages SET {asked} WHERE tenant_id = $1")  # noqa: S608 - of this list
    await business.turn(at("19:00"), window_closes=time(18))
    ended = (await business.rows())[0]
    await business.undo(at("19:01"))

    assert ("expired", "queued") == (ended[0], (await business.rows())[0][0])


async def test_an_undo_that_would_send_outside_the_window_is_refused(business: Business) -> None:
    await business.turn(at("08:00"), send_at=time(18, 30))
    await business.turn(at("08:01"), send_at=time(9))
    async with business.database.tenant(business.tenant_id) as tx:
        stored = await undos.latest(tx, Act.SCHEDULE, "")
    await business.turn(at("08:02"), window_closes=time(18))
    assert stored is not None
    with pytest.raises(CannotUndo):
        async with business.database.tenant(business.tenant_id) as tx:
            await take_back(tx, stored, at("08:03"))

    assert (time(9), time(18)) == (
        (await business.dials()).send_at,
        (await business.dials()).window_closes,
    )


async def test_whoever_moves_to_the_same_minute_takes_turns_there(
    business: Business, ground: Database
) -> None:
    """E13: three that were moved to 16:47 begin ten seconds apart, though each had had its turn."""
    others = [await open_business(ground, business.tenant_id + 10_000 * more) for more in (1, 2)]
    for one in (business, *others):
        await one.run_due(at("05:00"))
        await one.sql("UPDATE planned_days SET turn = '0', begins_at = NULL WHERE tenant_id = $1")
        await one.turn(at("08:59"), send_at=time(16, 47))
    async with ground.dispatcher() as connection:
        await schedules.take_turns(
            connection,
            at("16:46"),
            until=at("16:48"),
            step=timedelta(seconds=10),
            longest=timedelta(hours=1),
        )
    begins = []
    for one in (business, *others):
        async with ground.tenant(one.tenant_id) as tx:
            begins.append(
                await tx.fetchval(
                    "SELECT min(not_before) FROM messages WHERE tenant_id = $1", one.tenant_id
                )
            )

    assert [timedelta(seconds=late) for late in (0, 10, 20)] == [
        when - at("16:47") for when in sorted(begins)
    ]


@pytest.mark.parametrize(
    "stood",
    ["postponed = 1", "state = 'retry', attempt = 1, body = 'Oi'"],
    ids=["put_first", "tried_before"],
)
async def test_what_was_asked_for_by_hand_waits_for_a_window_that_opens_later(
    business: Business, stood: str
) -> None:
    """No hour is asked about again for these: their own time alone keeps them inside (F5)."""
    await business.run_due(at("05:00"))
    await business.sql(
        f"UPDATE messages SET kind = 'geral', due_on = NULL, whatsapp_id = '3EB0BYHAND',"  # noqa: S608 - the test's own
        f" not_before = '{at('08:00')}', {stood} WHERE tenant_id = $1"
    )
    await business.turn(at("07:00"), window_opens=time(10))

    assert 0 == await business.deliver(at("09:30"))
    assert 2 == await business.deliver(at("10:00"))
