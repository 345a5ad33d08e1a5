"""Whatever fails around one message, no message is lost, doubled or left behind (E8, F11).

The real courier on a real PostgreSQL that ends connections where it hurts; only the worker is a
stand-in.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

from actors.whatsapp.courier import CAREFUL_STEPS, recover
from actors.whatsapp.steps import Idle, Tried
from actors.whatsapp.unsettled import Unsettled
from domain.outbox import MAX_FAULTS, MessageState
from domain.pacing import MAX_ATTEMPTS, PacingRules
from domain.reasons import Reason
from errors import SidecarGone, SidecarRefused, SidecarTimeout, StorageUnavailable
from storage import outbox, preparation, whatsapp_numbers
from tests.system.office import ACKED, NINE, REFUSED, TENANT, UNKNOWN, Office, open_office

S = MessageState
CLOSES = NINE + timedelta(hours=11)
# The transactions of three messages: the first is counted, each begun and settled; then the end.
PLACES = [*product(range(1, 9), ("before", "after"))]


@pytest.fixture
async def office(dsn: str) -> AsyncIterator[Office]:
    async with open_office(dsn, 3, trial_ends=NINE + timedelta(days=7)) as made:
        yield made


async def heard(office: Office) -> list[str]:
    """The ids that the worker was given, each as often as it was."""
    return sorted(office.worker.ids)


async def ids(office: Office) -> list[str]:
    """The id of each message."""
    return sorted(row.whatsapp_id for row in await office.rows())


@pytest.mark.parametrize(("transaction", "moment"), PLACES)
async def test_postgresql_may_go_at_any_commit_and_each_client_hears_once(
    office: Office, transaction: int, moment: str
) -> None:
    office.database.fail({transaction: moment})

    await office.steps(office.courier())

    assert [(S.SENT, None, 1)] * 3 == await office.stand()
    assert await ids(office) == await heard(office)


@pytest.mark.parametrize("first", [2, 3])
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_postgresql_that_goes_again_and_again_costs_no_attempt(
    office: Office, first: int, moment: str
) -> None:
    office.database.fail(dict.fromkeys(range(first, first + 12), moment))

    await office.steps(office.courier())

    assert [(S.SENT, None, 1)] * 3 == await office.stand()
    assert await ids(office) == await heard(office)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(REFUSED, (S.RETRY, Reason.REFUSED, 1), id="refused"),
        pytest.param(UNKNOWN, (S.UNKNOWN, Reason.UNCONFIRMED, 1), id="unknown"),
        pytest.param(
            SidecarGone("gone", asked=False), (S.RETRY, Reason.NOT_CONNECTED, 1), id="not written"
        ),
        pytest.param(
            SidecarGone("gone", asked=True), (S.UNKNOWN, Reason.UNCONFIRMED, 1), id="dropped"
        ),
        pytest.param(SidecarTimeout("late"), (S.UNKNOWN, Reason.UNCONFIRMED, 1), id="no answer"),
        pytest.param(
            SidecarRefused("closed", "no line"),
            (S.RETRY, Reason.NOT_CONNECTED, 1),
            id="not connected",
        ),
        pytest.param(
            UnicodeEncodeError("utf-8", "\ud83d", 0, 1, "surrogates not allowed"),
            (S.UNKNOWN, Reason.INTERNAL, 1),
            id="our own fault",
        ),
    ],
)
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_an_answer_survives_that_postgresql_is_away_when_it_comes(
    office: Office,
    answer: dict[str, Any] | Exception,
    expected: tuple[MessageState, Reason, int],
    moment: str,
) -> None:
    office.worker.answers = [answer]
    # Counted, begun, settled: the third is the settlement of the first message.
    office.database.fail({3: moment})

    await office.steps(office.courier())

    assert [expected, (S.SENT, None, 1), (S.SENT, None, 1)] == await office.stand()


async def test_an_ack_that_could_not_be_written_is_not_lost_with_the_line(office: Office) -> None:
    unsettled = Unsettled()
    office.database.fail({3: "before"})
    with pytest.raises(StorageUnavailable):
        await office.courier(unsettled=unsettled).deliver_next()

    await office.steps(office.courier(unsettled=unsettled))

    assert await ids(office) == await heard(office)


async def test_an_ack_counts_though_its_attempt_was_given_up_meanwhile(office: Office) -> None:
    unsettled = Unsettled()
    office.database.fail({3: "before"})
    with pytest.raises(StorageUnavailable):
        await office.courier(unsettled=unsettled).deliver_next()
    async with office.database.tenant(TENANT) as tx:
        await recover(tx, 1, PacingRules(), NINE, office.random)
    given_up = (await office.stand())[0]

    await office.steps(office.courier(unsettled=unsettled))

    assert (S.UNKNOWN, Reason.INTERRUPTED, 1) == given_up
    assert [(S.SENT, None, 1)] * 3 == await office.stand()


async def begin_one(office: Office) -> None:
    """An attempt under epoch 1 that nobody waits for."""
    async with office.database.tenant(TENANT) as tx:
        found = await outbox.next_ready(tx, office.clock.instant)
        assert found is not None
        await outbox.begin_attempt(
            tx, found.message.id, epoch=1, phone="+5511990000000", body="Oi", now=NINE
        )


@pytest.mark.parametrize("epoch", [pytest.param(1, id="its own"), pytest.param(2, id="a later")])
async def test_a_session_recovers_what_is_open_under_every_epoch_up_to_its_own(
    office: Office, epoch: int
) -> None:
    await begin_one(office)

    async with office.database.tenant(TENANT) as tx:
        reopened = await recover(tx, epoch, PacingRules(), NINE, office.random)

    assert 1 == reopened
    assert (S.UNKNOWN, Reason.INTERRUPTED, 1) == (await office.stand())[0]


async def test_an_epoch_that_is_over_recovers_nothing_of_a_later_one(office: Office) -> None:
    await begin_one(office)

    async with office.database.tenant(TENANT) as tx:
        assert 0 == await recover(tx, 0, PacingRules(), NINE, office.random)


@pytest.mark.parametrize(
    ("closed_after", "expected"),
    [
        pytest.param(timedelta(), (S.FAILED, Reason.UNCONFIRMED, 1), id="left behind"),
        pytest.param(
            NINE - CLOSES + timedelta(seconds=30), (S.SENDING, None, 1), id="still on its way"
        ),
    ],
)
async def test_the_close_of_the_day_ends_a_send_that_nobody_waits_for(
    office: Office, closed_after: timedelta, expected: tuple[MessageState, Reason | None, int]
) -> None:
    await begin_one(office)
    async with office.database.tenant(TENANT) as tx:
        await tx.execute(
            "UPDATE messages SET expires_at = $1 WHERE tenant_id = $2",
            CLOSES + closed_after,
            TENANT,
        )
        await outbox.expire(tx, CLOSES + closed_after)

    assert expected == (await office.stand())[0]


async def test_what_the_courier_finds_past_its_window_it_ends(office: Office) -> None:
    office.clock.instant = CLOSES

    step = await office.courier().deliver_next()

    assert Idle(None) == step
    assert [(S.EXPIRED, Reason.WINDOW_CLOSED, 0)] * 3 == await office.stand()


async def test_a_refusal_that_comes_after_the_window_leaves_nothing_open(office: Office) -> None:
    courier = office.courier()
    office.worker.answers = [REFUSED]
    office.worker.before_answer = lambda: setattr(office.clock, "instant", CLOSES)

    await courier.deliver_next()

    assert (S.EXPIRED, Reason.REFUSED, 1) == (await office.stand())[0]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(REFUSED, Reason.REFUSED, id="refused"),
        pytest.param(UNKNOWN, Reason.UNCONFIRMED, id="unknown"),
        pytest.param(
            SidecarGone("gone", asked=False), Reason.ATTEMPTS_EXHAUSTED, id="never written"
        ),
    ],
)
async def test_five_attempts_then_rest_for_a_reason(
    office: Office, answer: dict[str, Any] | Exception, reason: Reason
) -> None:
    office.worker.answers = [answer] * 100

    await office.work_until(CLOSES - timedelta(seconds=1), office.courier())

    assert [(S.FAILED, reason, MAX_ATTEMPTS)] * 3 == await office.stand()


# One bad message harms nobody else (F11)


POISONS = [
    pytest.param("UPDATE clients SET price = 'NaN' WHERE id = {id}", id="a price that is none"),
    pytest.param(
        "UPDATE clients SET due_on = 'infinity' WHERE id = {id}; "
        "UPDATE messages SET due_on = 'infinity' WHERE client_id = {id}",
        id="a day that is none",
    ),
    pytest.param(
        "ALTER TABLE messages ADD CHECK (phone <> '+5511990000000' OR state <> 'sending')",
        id="a row that PostgreSQL refuses",
    ),
    pytest.param(
        "UPDATE clients SET notes = repeat('x', 2000), name = repeat('n', 200), "
        "server = repeat('s', 120) WHERE id = {id}; "
        "INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at) "
        "VALUES (11, 'cobranca', 'longa', "
        "'{{informacoes}}' || repeat('{{nome}}', 20), "
        "true, now(), now()); UPDATE clients SET notes = 'x' WHERE id <> {id}",
        id="a text that is too long",
    ),
]


@pytest.mark.parametrize("poison", POISONS)
async def test_one_bad_message_costs_only_itself(office: Office, poison: str) -> None:
    first = (await office.rows())[0].client_id
    await office.console.execute(poison.format(id=first))

    await office.work_until(CLOSES, office.courier())

    stand = await office.stand()
    assert [(S.SENT, None, 1)] * 2 == stand[1:]
    assert stand[0][0] in {S.FAILED, S.EXPIRED, S.CANCELLED}
    assert stand[0][1] in {Reason.INTERNAL, Reason.TOO_LONG, Reason.DAY_PASSED}


async def test_a_fault_is_counted_over_restarts(office: Office) -> None:
    first = (await office.rows())[0].client_id
    await office.console.execute("UPDATE clients SET price = 'NaN' WHERE id = $1", first)

    for _ in range(MAX_FAULTS):
        await office.steps(office.courier())
        office.clock.instant += timedelta(minutes=10)

    assert (S.FAILED, Reason.INTERNAL, 0) == (await office.stand())[0]


async def test_a_message_that_ends_the_process_is_set_aside_after_three_times(
    office: Office,
) -> None:
    for _ in range(MAX_FAULTS):
        # The process ends here: what was counted is committed, nothing else is.
        async with office.database.tenant(TENANT) as tx:
            await preparation.take_up(tx, NINE)

    await office.steps(office.courier())

    assert [
        (S.FAILED, Reason.INTERNAL, 0),
        (S.SENT, None, 1),
        (S.SENT, None, 1),
    ] == await office.stand()


async def test_a_message_that_ended_the_process_twice_is_tried_a_third_time(
    office: Office,
) -> None:
    for _ in range(MAX_FAULTS - 1):
        async with office.database.tenant(TENANT) as tx:
            await preparation.take_up(tx, NINE)

    assert Tried(S.SENT) == await office.courier().deliver_next()


async def test_what_came_to_an_end_is_not_held_against_a_message(office: Office) -> None:
    await office.console.execute("UPDATE settings SET queue_paused = true")
    for _ in range(MAX_FAULTS + 2):
        await office.courier().deliver_next()
    await office.console.execute("UPDATE settings SET queue_paused = false")

    await office.steps(office.courier())

    assert [(S.SENT, None, 1)] * 3 == await office.stand()


async def test_counting_before_the_work_ends_with_the_first_messages(office: Office) -> None:
    courier = office.courier()
    async with office.database.tenant(TENANT) as tx:
        await tx.execute("UPDATE messages SET not_before = $1", CLOSES)
    for _ in range(CAREFUL_STEPS + 1):
        await courier.deliver_next()
    office.database.fail({})

    await courier.deliver_next()

    assert 1 == office.database.transactions


async def test_rules_that_cannot_be_read_hold_the_queue_and_harm_no_message(
    office: Office,
) -> None:
    # As where another version of the program has changed the schema meanwhile.
    await office.console.execute(
        "ALTER TABLE tenants ALTER trial_ends_at TYPE text USING trial_ends_at::text"
    )
    courier = office.courier()
    await office.steps(courier)
    held = await office.stand()
    await office.console.execute(
        "ALTER TABLE tenants ALTER trial_ends_at TYPE timestamptz USING trial_ends_at::timestamptz"
    )
    await office.steps(courier)

    assert (S.QUEUED, Reason.INTERNAL, 0) == held[0]
    assert [(S.SENT, None, 1)] * 3 == await office.stand()


async def test_a_schema_that_changes_beside_us_costs_no_message_anything(office: Office) -> None:
    courier = office.courier()
    await office.step(courier)
    # What was prepared for the table as it was does not fit any more (asyncpg says so, once).
    await office.console.execute("ALTER TABLE settings ADD COLUMN of_a_newer_program integer")
    await office.console.execute("ALTER TABLE clients ADD COLUMN of_a_newer_program integer")
    await office.console.execute("UPDATE settings SET company = 'TV Nova'")
    await office.steps(courier)

    assert [(S.SENT, None, 1)] * 3 == await office.stand()
    assert 0 == await office.console.fetchval("SELECT max(faults) FROM messages")


# Numbers that nobody answers for


@pytest.fixture
async def unasked(office: Office) -> Office:
    """Nobody was asked about the first number yet, and WhatsApp does not answer for it."""
    first = (await office.rows())[0].phone
    await office.console.execute("DELETE FROM whatsapp_numbers WHERE phone = $1", first)
    office.worker.checks = [SidecarTimeout("no answer")] * 200
    return office


async def test_a_number_that_nobody_answers_for_stands_before_nobody(unasked: Office) -> None:
    courier = unasked.courier()

    steps = await unasked.steps(courier)

    assert [
        (S.QUEUED, Reason.NUMBER_UNANSWERED, 0),
        (S.SENT, None, 1),
        (S.SENT, None, 1),
    ] == await unasked.stand()
    assert 3 == steps


async def test_a_number_that_nobody_answers_for_expires_for_that(unasked: Office) -> None:
    await unasked.work_until(CLOSES, unasked.courier())

    assert (S.EXPIRED, Reason.NUMBER_UNANSWERED, 0) == (await unasked.stand())[0]


async def test_a_number_that_is_answered_for_later_is_written_to(unasked: Office) -> None:
    courier = unasked.courier()
    await unasked.steps(courier)
    phone = (await unasked.rows())[0].phone
    async with unasked.database.tenant(TENANT) as tx:
        await whatsapp_numbers.keep(
            tx, phone, jid=f"{phone[1:]}@s.whatsapp.net", lid=None, now=NINE
        )
    await unasked.work_until(NINE + timedelta(hours=1), courier)

    assert [(S.SENT, None, 1)] * 3 == await unasked.stand()


async def test_waking_is_always_later_than_now(office: Office) -> None:
    moments = [NINE + timedelta(minutes=minutes) for minutes in range(0, 720, 7)]
    wakes = [await wake(office, moment) for moment in moments]

    assert all(
        found is None or found > moment for moment, found in zip(moments, wakes, strict=True)
    )
    assert (True, None) == (wakes[0] is not None, wakes[-1])


async def wake(office: Office, moment: datetime) -> datetime | None:
    async with office.database.tenant(TENANT) as tx:
        return await outbox.next_wake(tx, moment)


async def test_an_attempt_that_is_open_is_never_taken_up_again(office: Office) -> None:
    await begin_one(office)
    async with office.database.tenant(TENANT) as tx:
        found = await outbox.next_ready(tx, NINE)

    assert found is not None
    assert (await office.rows())[0].message_id != found.message.id


async def test_a_step_says_how_its_message_stands(office: Office) -> None:
    office.worker.answers = [ACKED, REFUSED]
    courier = office.courier()

    assert [Tried(S.SENT), Tried(S.RETRY)] == [await courier.deliver_next() for _ in range(2)]
