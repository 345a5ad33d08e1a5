"""Each late step touches the one message it is about, from the states it may come from (E8, F7)."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from domain.clients import NewClient
from domain.outbox import ENDED, READY, MessageState
from domain.reasons import Reason
from domain.reminders import Kind
from storage import clients, leases, outbox, preparation, receipts, unbilled
from storage.database import Database, TenantConnection
from storage.preparation import TakenUp
from tests.postgres import sign_up

TENANT = 7
REPLICA = UUID("00000000-0000-4000-8000-000000000001")
DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(hours=11)
REFUSED_LATE = {"sending", "unknown", "retry"}


@pytest.fixture
async def office(database: Database) -> Database:
    """A tenant, owned under epoch 1, with two messages of today; the first is the one meant."""
    await sign_up(database, TENANT)
    async with database.dispatcher() as connection:
        await leases.renew(connection, REPLICA)
        await leases.take_over(connection, TENANT, REPLICA, NOW)
    async with database.tenant(TENANT) as tx:
        for name, phone in (("Ana", "+5511987654321"), ("Bia", "+5511987654322")):
            client = NewClient(
                name=name, phone=phone, price=Decimal(35), due_on=DAY - timedelta(days=1)
            )
            await clients.add(tx, client, NOW)
        await outbox.plan_day(
            tx,
            day=DAY,
            due_dates={Kind.BILLING: DAY - timedelta(days=1)},
            send_from=NOW,
            send_until=UNTIL,
            now=NOW,
        )
    return database


async def put(tx: TenantConnection, state: str, attempt: int) -> list[tuple[int, str]]:
    """Put all messages into `state`; their ids and WhatsApp's."""
    rows = await tx.fetch(
        """UPDATE messages
           SET state = $2, attempt = $3, body = 'Oi', reason = NULL,
               owner_epoch = CASE WHEN $2 = 'sending' THEN 1 END
           WHERE tenant_id = $1 RETURNING id, whatsapp_id""",
        tx.tenant_id,
        state,
        attempt,
    )
    return sorted((row["id"], row["whatsapp_id"]) for row in rows)


async def stands(tx: TenantConnection) -> list[tuple[object, ...]]:
    """State, reason, attempt, words and owner of each message."""
    rows = await tx.fetch(
        """SELECT state, reason, attempt, body, owner_epoch FROM messages
           WHERE tenant_id = $1 ORDER BY id""",
        tx.tenant_id,
    )
    return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("attempt", "expected"),
    [
        pytest.param(1, ("queued", None, 0, None, None), id="the first"),
        pytest.param(2, ("retry", "interrupted", 1, "Oi", None), id="the second keeps its words"),
    ],
)
async def test_an_attempt_whose_frame_never_left_is_as_if_it_had_not_been(
    office: Database, attempt: int, expected: tuple[object, ...]
) -> None:
    async with office.tenant(TENANT) as tx:
        meant, _ = await put(tx, "sending", attempt)
        back = [await outbox.take_back(tx, meant[0], 1, NOW) for _ in range(2)]
        found = await stands(tx)
        events = await tx.fetch(
            "SELECT message_id, attempt FROM message_events WHERE detail = 'taken back'"
        )

    assert [True, False] == back
    assert [expected, ("sending", None, attempt, "Oi", 1)] == found
    assert [(meant[0], attempt - 1)] == [tuple(event) for event in events]


async def test_only_its_own_epoch_takes_an_attempt_back(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        meant, _ = await put(tx, "sending", 1)
        back = await outbox.take_back(tx, meant[0], 2, NOW)

        assert (False, [("sending", None, 1, "Oi", 1)] * 2) == (back, await stands(tx))


@pytest.mark.parametrize("state", sorted(set(MessageState) - {"sending"}))
async def test_only_what_is_under_way_is_taken_back(office: Database, state: str) -> None:
    async with office.tenant(TENANT) as tx:
        meant, _ = await put(tx, state, 1)
        await tx.execute("UPDATE messages SET owner_epoch = 1 WHERE tenant_id = $1", TENANT)
        back = await outbox.take_back(tx, meant[0], 1, NOW)

        assert (False, [(state, None, 1, "Oi", 1)] * 2) == (back, await stands(tx))


@pytest.mark.parametrize("state", list(MessageState))
@pytest.mark.parametrize("attempt", [0, 1])
async def test_a_late_refusal_ends_what_may_have_arrived_and_nothing_else(
    office: Database, state: str, attempt: int
) -> None:
    async with office.tenant(TENANT) as tx:
        meant, _ = await put(tx, state, attempt)
        told = await receipts.refuse_late(tx, meant[1], Reason.RESTRICTED, NOW)
        found = await stands(tx)

    believed = state in REFUSED_LATE and attempt > 0
    before = (state, None, attempt, "Oi", 1 if state == "sending" else None)
    after = ("failed", "restricted", attempt, "Oi", None) if believed else before
    assert (believed, [after, before]) == (told is not None, found)


@pytest.mark.parametrize("state", list(MessageState))
async def test_a_fault_puts_back_the_one_that_was_in_hand(
    office: Database, state: MessageState
) -> None:
    async with office.tenant(TENANT) as tx:
        meant, _ = await put(tx, state, 1)
        before = await stands(tx)
        end = await preparation.set_back(tx, meant[0], state, 1, NOW)
        found = await stands(tx)
        faults = await tx.fetch("SELECT faults FROM messages ORDER BY id")

    may_go = state in READY
    after = (state, end.reason, *before[0][2:]) if may_go else before[0]
    assert [after, before[1]] == found
    assert [int(may_go), 0] == [row["faults"] for row in faults]


@pytest.mark.parametrize("state", list(MessageState))
@pytest.mark.parametrize("dismissed", [False, True], ids=["open", "dismissed"])
async def test_what_ended_without_going_is_billed_when_its_owner_asks(
    office: Database, state: MessageState, dismissed: bool
) -> None:
    tomorrow = DAY + timedelta(days=1)
    async with office.tenant(TENANT) as tx:
        await put(tx, state, 1)
        await tx.execute(
            "UPDATE messages SET dismissed_at = $2 WHERE tenant_id = $1",
            TENANT,
            NOW if dismissed else None,
        )
        asked = await tx.fetchval("SELECT min(client_id) FROM messages")
        billed = await unbilled.bill(
            tx,
            [asked],
            day=tomorrow,
            send_from=NOW + timedelta(days=1),
            send_until=UNTIL + timedelta(days=1),
            now=NOW,
        )
        rows = await tx.fetch("SELECT state, day, on_request FROM messages ORDER BY client_id")

    again = state in ENDED and not dismissed
    assert int(again) == billed
    assert [("queued", tomorrow, True) if again else (state, DAY, False), (state, DAY, False)] == [
        tuple(row) for row in rows
    ]


@pytest.mark.parametrize("state", list(MessageState))
async def test_only_what_ended_without_going_is_dismissed_and_only_of_those_named(
    office: Database, state: MessageState
) -> None:
    async with office.tenant(TENANT) as tx:
        await put(tx, state, 1)
        named = await tx.fetchval("SELECT min(client_id) FROM messages")
        twice = [await unbilled.dismiss(tx, [named], NOW) for _ in range(2)]
        rows = await tx.fetch(
            "SELECT state, dismissed_at IS NOT NULL FROM messages ORDER BY client_id"
        )

    ended = state in ENDED
    assert [int(ended), 0] == twice
    assert [(state, ended), (state, False)] == [tuple(row) for row in rows]


async def test_each_message_of_the_day_comes_with_its_own_client(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        found = await outbox.pending_of_day(tx, DAY)

    assert [(message.client_id, message.phone) for message, _ in found] == [
        (client.id, client.phone) for _, client in found
    ]
    assert ["Ana", "Bia"] == [client.name for _, client in found]


@pytest.mark.parametrize(
    ("before", "taken"),
    [
        pytest.param(timedelta(0), True, id="just ready"),
        pytest.param(timedelta(microseconds=1), False, id="not yet"),
        pytest.param(NOW - UNTIL, False, id="just over"),
    ],
)
async def test_a_message_is_taken_up_from_its_time_until_its_end(
    office: Database, before: timedelta, taken: bool
) -> None:
    async with office.tenant(TENANT) as tx:
        found = await preparation.take_up(tx, NOW - before, excused=None)

    assert taken == (found is not None)


@pytest.mark.parametrize("state", list(MessageState))
@pytest.mark.parametrize(
    ("beyond", "too_far"),
    [
        pytest.param(timedelta(0), False, id="as far as may be"),
        pytest.param(timedelta(seconds=1), True, id="too far"),
    ],
)
async def test_only_what_is_put_off_too_far_is_brought_back(
    office: Database, state: MessageState, beyond: timedelta, too_far: bool
) -> None:
    later = NOW + outbox.PUT_OFF_MOST + beyond
    async with office.tenant(TENANT) as tx:
        await put(tx, state, 1)
        await tx.execute("UPDATE messages SET not_before = $2 WHERE tenant_id = $1", TENANT, later)
        await outbox.rebound(tx, NOW)
        found = await tx.fetchval("SELECT min(not_before) FROM messages")

    brought = too_far and state in {MessageState.RETRY, MessageState.UNKNOWN}
    assert (NOW if brought else later) == found


@pytest.mark.parametrize("state", list(MessageState))
async def test_only_what_may_go_is_taken_up(office: Database, state: MessageState) -> None:
    async with office.tenant(TENANT) as tx:
        await put(tx, state, 1)
        found = await preparation.take_up(tx, NOW, excused=None)

    assert (state in READY) == (found is not None)


@pytest.mark.parametrize(
    ("faults", "excused", "expected"),
    [
        pytest.param(0, False, 1, id="the first"),
        pytest.param(1, False, 2, id="one more"),
        pytest.param(1, True, 1, id="PostgreSQL cut the last one short"),
        pytest.param(0, True, 1, id="cut short before it was counted"),
    ],
)
async def test_a_preparation_counts_unless_the_last_was_cut_short(
    office: Database, faults: int, excused: bool, expected: int
) -> None:
    async with office.tenant(TENANT) as tx:
        meant, other = await put(tx, "queued", 0)
        await tx.execute("UPDATE messages SET faults = $2 WHERE tenant_id = $1", TENANT, faults)
        found = await preparation.take_up(tx, NOW, excused=meant[0] if excused else other[0])
        rows = await tx.fetch("SELECT faults FROM messages ORDER BY id")

    assert found == TakenUp(meant[0], MessageState.QUEUED, expected)
    assert [expected, faults] == [row["faults"] for row in rows]


@pytest.mark.parametrize("state", list(MessageState))
async def test_only_for_what_may_go_is_there_a_next_time(
    office: Database, state: MessageState
) -> None:
    async with office.tenant(TENANT) as tx:
        await put(tx, state, 1)
        wake_at = await outbox.next_wake(tx, NOW)

    assert (state in READY) == (wake_at is not None)


@pytest.mark.parametrize(
    ("owner", "reopened"),
    [
        pytest.param(1, 2, id="this epoch's"),
        pytest.param(2, 2, id="an earlier one's"),
        pytest.param(0, 0, id="a later one's"),
    ],
)
async def test_only_what_an_epoch_or_an_earlier_one_left_open_is_recovered(
    office: Database, owner: int, reopened: int
) -> None:
    async with office.tenant(TENANT) as tx:
        await put(tx, "sending", 1)
        found = await outbox.recover(tx, epoch=owner, delay=60.0, now=NOW)
        states = {state for state, *_ in await stands(tx)}

    assert (reopened, {"unknown" if reopened else "sending"}) == (found, states)


async def take_up(tx: TenantConnection) -> int | None:
    """Count the next one's preparation."""
    found = await preparation.take_up(tx, NOW, excused=None)
    return None if found is None else found.message_id


async def read(tx: TenantConnection) -> int | None:
    """Read the next one."""
    found = await outbox.next_ready(tx, NOW)
    return None if found is None else found.message.id


@pytest.mark.parametrize("take", [take_up, read])
async def test_what_somebody_else_has_in_hand_is_passed_over_and_not_waited_for(
    office: Database, take: Callable[[TenantConnection], Awaitable[int | None]]
) -> None:
    async with office.tenant(TENANT) as theirs, office.tenant(TENANT) as ours:
        meant, other = await ours.fetch("SELECT id FROM messages ORDER BY id")
        await ours.execute("SET LOCAL lock_timeout = '2s'")
        taken = [await take(theirs), await take(ours)]

    assert [meant["id"], other["id"]] == taken
