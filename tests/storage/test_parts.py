"""One row of the outbox in two parts: each step moves the part under way (D5, E6, F7)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from domain.clients import NewClient
from domain.outbox import ARRIVED, OutboxMessage
from domain.outbox import MessageState as S
from domain.parts import Mark, Progress, state_after
from domain.reasons import Reason
from domain.reminders import Kind
from storage import clients, leases, outbox, receipts, unbilled
from storage.database import Database, TenantConnection
from storage.outbox import Attempt
from tests.postgres import sign_up

TENANT = 7
REPLICA = UUID("00000000-0000-4000-8000-000000000001")
DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
UNTIL = NOW + timedelta(hours=11)
PHONE = "+5511987654321"
TEXT, CODE = "Oi, Ana! O código vai a seguir.", "00020126"
STANDINGS = [
    *((state, Mark(first), Mark.NONE) for state, first in product(set(S) - ARRIVED, range(4))),
    *(
        (state_after(S.SENDING, Progress(), known, may_go_on=True), known.first, known.second)
        for known in (Progress(Mark(a), Mark(b)) for a, b in product((1, 2, 3), repeat=2))
    ),
]
SIGNS = [*product((1, 2), (Mark.SENT, Mark.DELIVERED, Mark.READ))]


@pytest.fixture
async def office(database: Database) -> Database:
    """A tenant, owned under epoch 1, with one client and one message of today."""
    await sign_up(database, TENANT)
    async with database.dispatcher() as connection:
        await leases.renew(connection, REPLICA)
        await leases.take_over(connection, TENANT, REPLICA, NOW)
    async with database.tenant(TENANT) as tx:
        due_on = DAY - timedelta(days=1)
        await clients.add(
            tx, NewClient(name="Ana", phone=PHONE, price=Decimal(35), due_on=due_on), NOW
        )
        await plan(tx)
    return database


async def plan(tx: TenantConnection) -> None:
    """Plan today."""
    await outbox.plan_day(
        tx,
        day=DAY,
        due_dates={Kind.BILLING: DAY - timedelta(days=1)},
        send_from=NOW,
        send_until=UNTIL,
        now=NOW,
    )


async def ready(tx: TenantConnection, now: datetime = NOW) -> OutboxMessage:
    """The message, which may go."""
    found = await outbox.next_ready(tx, now)
    assert found is not None
    return found.message


async def begin(tx: TenantConnection) -> tuple[OutboxMessage, Attempt]:
    """Begin the next attempt at it."""
    message = await ready(tx)
    attempt = await outbox.begin_attempt(
        tx, message.id, epoch=1, phone=PHONE, body=TEXT, second_body=CODE, now=NOW
    )
    return message, attempt


async def half(tx: TenantConnection) -> OutboxMessage:
    """It with its first part out, in the first attempt."""
    _, attempt = await begin(tx)
    await outbox.settle(tx, attempt, state=S.SENT, now=NOW)
    return await ready(tx)


async def row(tx: TenantConnection) -> asyncpg.Record:
    """All of it."""
    found = await tx.fetchrow("SELECT * FROM messages WHERE tenant_id = $1", TENANT)
    assert found is not None
    return found


async def stands(tx: TenantConnection) -> tuple[Any, ...]:
    """State, reason, marks, attempts in all and those of the first part."""
    found = await row(tx)
    names = ("state", "reason", "first_mark", "second_mark", "attempt", "first_attempts")
    return tuple(found[name] for name in names)


async def add(tx: TenantConnection, number: int, standing: tuple[S, Mark, Mark]) -> tuple[str, str]:
    """A message of two parts that stands so; both its ids."""
    state, first, second = standing
    found = await tx.fetchrow(
        """INSERT INTO messages (tenant_id, client_id, kind, due_on, day, state, phone, body,
               second_body, first_mark, second_mark, whatsapp_id, correlation_id, attempt,
               not_before, expires_at, created_at, owner_epoch)
           SELECT tenant_id, id, 'cobranca', DATE '2000-01-01' + $2::integer, $3, $4, phone, 'Oi',
               'Código', $5, $6, 'id-of-number-' || $2::integer, 'm', 1, $7, $8, $7,
               CASE WHEN $4 = 'sending' THEN 1 END FROM clients WHERE tenant_id = $1
           RETURNING whatsapp_id, second_whatsapp_id""",
        TENANT, number, DAY, state, first, second, NOW, UNTIL,
    )  # fmt: skip
    assert found is not None
    return found[0], found[1]


async def test_every_sign_of_either_part_moves_the_row_as_the_rules_say(office: Database) -> None:
    found, expected = [], []
    async with office.tenant(TENANT) as tx:
        for number, (standing, (part, mark)) in enumerate(product(STANDINGS, SIGNS)):
            state, *marks = standing
            before = Progress(*marks)
            after = before.hear(part, mark)
            becomes = state_after(state, before, after, may_go_on=True)
            ids = await add(tx, number, standing)
            moved = await receipts.receipt(tx, ids[part - 1], f"{mark.name.lower()}", LATER)
            now_is = await tx.fetchrow(
                """SELECT state, first_mark, second_mark, sent_at, delivered_at, read_at
                   FROM messages WHERE tenant_id = $1 AND whatsapp_id = $2""",
                TENANT, ids[0],
            )  # fmt: skip
            assert now_is is not None
            case = (standing, part, mark)
            instants = [at is not None and becomes != state for at in (*now_is,)[3:]]
            found.append((case, *(*now_is,)[:3], moved and moved.state, instants))
            rank = [S.SENT, S.DELIVERED, S.READ]
            reached = rank.index(becomes) + 1 if becomes in ARRIVED and becomes != state else 0
            told = becomes if becomes != state else None
            had = [place < reached for place in range(3)]
            expected.append((case, becomes, after.first, after.second, told, had))

    assert expected == found


async def test_both_ids_are_fixed_by_the_plan_and_come_back_with_a_lost_row(
    office: Database,
) -> None:
    async with office.tenant(TENANT) as tx:
        planned = await row(tx)
        await tx.execute("DELETE FROM messages WHERE tenant_id = $1", TENANT)
        await plan(tx)
        again = await row(tx)

    ids = [(one["whatsapp_id"], one["second_whatsapp_id"]) for one in (planned, again)]
    assert ids[0] == ids[1]
    assert 2 == len(set(ids[0]))
    assert {("3EB0", 22)} == {(one[:4], len(one)) for one in ids[0]}


async def test_it_is_sent_when_both_parts_are(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        await half(tx)
        between = await stands(tx)
        message, attempt = await begin(tx)
        under_way = await stands(tx)
        await outbox.settle(tx, attempt, state=S.SENT, now=LATER)
        found = await row(tx)
        events = await tx.fetch("SELECT state, detail FROM message_events WHERE attempt > 0")

    assert ("queued", None, 1, 0, 1, 1) == between
    assert ("sending", None, 1, 0, 2, 1) == under_way
    assert (True, CODE, 1) == (message.first_is_out, message.second_body, message.first_attempts)
    assert ("sent", LATER, 1) == (found["state"], found["sent_at"], found["second_mark"])
    assert [
        ("sending", None),
        ("queued", "first part sent"),
        ("sending", None),
        ("sent", None),
    ] == [tuple(event) for event in events]


async def test_its_words_and_parts_are_those_of_the_first_attempt(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        message = await ready(tx)
        for words in ((TEXT, None), (TEXT, CODE)):
            attempt = await outbox.begin_attempt(
                tx, message.id, epoch=1, phone=PHONE, body=words[0], second_body=words[1], now=NOW
            )
            await outbox.settle(tx, attempt, state=S.RETRY, now=NOW)
        found = await row(tx)

    assert (TEXT, None) == (found["body"], found["second_body"])


async def test_a_failed_second_part_is_tried_again_alone(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        await half(tx)
        _, attempt = await begin(tx)
        await outbox.settle(
            tx, attempt, state=S.RETRY, reason=Reason.REFUSED, next_try=NOW, now=NOW
        )
        waiting = await ready(tx)
        _, again = await begin(tx)
        await outbox.settle(tx, again, state=S.SENT, now=NOW)

        assert (True, 2, 1) == (waiting.first_is_out, waiting.attempt, waiting.first_attempts)
        assert ("sent", None, 1, 1, 3, 1) == await stands(tx)


@pytest.mark.parametrize(
    ("tries", "expected"),
    [
        pytest.param(1, ("queued", None, 1, 0, 1, 1), id="the first at the second part"),
        pytest.param(2, ("retry", "interrupted", 1, 0, 2, 1), id="the second at it"),
    ],
)
async def test_a_second_part_whose_frame_never_left_is_as_if_it_had_not_begun(
    office: Database, tries: int, expected: tuple[Any, ...]
) -> None:
    async with office.tenant(TENANT) as tx:
        message = await half(tx)
        for _ in range(tries - 1):
            await outbox.settle(tx, (await begin(tx))[1], state=S.RETRY, now=NOW, next_try=NOW)
        await begin(tx)
        await outbox.take_back(tx, message.id, 1, NOW)
        found = await row(tx)

        assert (expected, TEXT, CODE) == (await stands(tx), found["body"], found["second_body"])


async def test_a_first_part_that_never_left_leaves_no_words(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        message, _ = await begin(tx)
        await outbox.take_back(tx, message.id, 1, NOW)
        found = await row(tx)

    assert ("queued", None, None) == (found["state"], found["body"], found["second_body"])


@pytest.mark.parametrize("parts_out", [0, 1])
async def test_a_crash_repeats_only_the_part_that_was_under_way(
    office: Database, parts_out: int
) -> None:
    async with office.tenant(TENANT) as tx:
        for _ in range(parts_out):
            await half(tx)
        await begin(tx)
        reopened = await outbox.recover(tx, epoch=1, delay=60.0, now=NOW)
        message = await ready(tx)

    assert (1, S.UNKNOWN, bool(parts_out)) == (reopened, message.state, message.first_is_out)


async def test_hours_that_end_between_the_parts_say_that_the_text_went(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        await half(tx)
        await outbox.expire(tx, UNTIL, Reason.NEEDS_QR)

        assert ("expired", "code_not_sent", 1, 0, 1, 1) == await stands(tx)


async def test_a_renewal_between_the_parts_cancels_the_code(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        message = await half(tx)
        cancelled = await outbox.cancel_pending(tx, message.client_id, Reason.RENEWED, NOW)
        await receipts.receipt(tx, message.whatsapp_id, "read", LATER)

        assert [message.id] == [one.message_id for one in cancelled]
        assert ("cancelled", "renewed", 3, 0, 1, 1) == await stands(tx)


@pytest.mark.parametrize(
    ("why", "told"),
    [
        pytest.param(Reason.BILLING_OFF, Reason.CODE_NOT_SENT, id="switched off, and on again"),
        pytest.param(Reason.PHONE_CHANGED, Reason.PHONE_CHANGED, id="another phone"),
    ],
)
async def test_one_cancelled_between_its_parts_is_listed_for_the_code_it_lacks(
    office: Database, why: Reason, told: Reason
) -> None:
    """Who is on the list has its text; asked for again, only the code goes (E3b, D5)."""
    async with office.tenant(TENANT) as tx:
        message = await half(tx)
        await outbox.cancel_pending(tx, message.client_id, why, NOW)
        listed = await unbilled.find(tx, DAY, lambda _day: UNTIL)
        await unbilled.bill(
            tx, [message.client_id], day=DAY, send_from=NOW, send_until=UNTIL, now=NOW
        )
        again = await ready(tx)

    assert [told] == [one.reason for one in listed]
    assert (True, CODE) == (again.first_is_out, again.second_body)


@pytest.mark.parametrize("phone", [PHONE, "+5511987654399"], ids=["the same phone", "another"])
async def test_one_asked_for_again_goes_on_with_its_code_and_its_phone(
    office: Database, phone: str
) -> None:
    async with office.tenant(TENANT) as tx:
        message = await half(tx)
        await outbox.expire(tx, UNTIL)
        await tx.execute("UPDATE clients SET phone = $2 WHERE tenant_id = $1", TENANT, phone)
        await unbilled.bill(
            tx, [message.client_id], day=DAY, send_from=NOW, send_until=UNTIL, now=NOW
        )
        again = await ready(tx)

    assert (True, PHONE, CODE) == (again.first_is_out, again.phone, again.second_body)


async def test_a_proof_of_the_first_part_after_its_end_brings_the_second_back(
    office: Database,
) -> None:
    async with office.tenant(TENANT) as tx:
        message, attempt = await begin(tx)
        await outbox.settle(tx, attempt, state=S.FAILED, reason=Reason.UNCONFIRMED, now=NOW)
        await receipts.acknowledge_late(tx, message.whatsapp_id, LATER)
        back = await ready(tx)

        assert ("queued", None, 1, 0, 1, 1) == await stands(tx)
        assert back.first_is_out


async def test_hours_that_are_over_bring_no_second_part_back(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        message, attempt = await begin(tx)
        await outbox.settle(tx, attempt, state=S.FAILED, reason=Reason.UNCONFIRMED, now=NOW)
        await receipts.acknowledge_late(tx, message.whatsapp_id, UNTIL)

        assert ("failed", "unconfirmed", 1, 0, 1, 1) == await stands(tx)


@pytest.mark.parametrize(
    ("under_way", "refused", "expected"),
    [
        pytest.param(1, 1, ("failed", "restricted"), id="the first"),
        pytest.param(1, 2, ("sending", None), id="the second before it is under way"),
        pytest.param(2, 1, ("sending", None), id="the first after it is out"),
        pytest.param(2, 2, ("failed", "restricted"), id="the second"),
    ],
)
async def test_only_the_part_under_way_is_refused_late(
    office: Database, under_way: int, refused: int, expected: tuple[str, str | None]
) -> None:
    async with office.tenant(TENANT) as tx:
        for _ in range(under_way - 1):
            await half(tx)
        message, _ = await begin(tx)
        ids = (message.whatsapp_id, message.second_whatsapp_id)
        await receipts.refuse_late(tx, ids[refused - 1], Reason.RESTRICTED, NOW)

        assert expected == (await stands(tx))[:2]


async def test_a_phone_that_asks_again_gets_the_part_it_asks_for(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        message, _ = await begin(tx)
        ids = (message.whatsapp_id, message.second_whatsapp_id, "another")

        assert [TEXT, CODE, None] == [await receipts.text_of(tx, one) for one in ids]


async def test_the_second_id_of_a_message_in_one_part_is_nobodys(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        message = await ready(tx)
        attempt = await outbox.begin_attempt(
            tx, message.id, epoch=1, phone=PHONE, body=TEXT, now=NOW
        )
        await outbox.settle(tx, attempt, state=S.SENT, now=NOW)
        heard = await receipts.receipt(tx, message.second_whatsapp_id, "read", NOW)
        text = await receipts.text_of(tx, message.second_whatsapp_id)

        assert (None, None, "sent") == (heard, text, (await stands(tx))[0])


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("state = 'sent'", id="done before the second"),
        pytest.param("first_mark = 0, second_mark = 1, state = 'sent'", id="second before first"),
        pytest.param("second_body = NULL", id="a part that is lost"),
    ],
)
async def test_the_database_refuses_a_row_that_breaks_the_order(
    office: Database, change: str
) -> None:
    async with office.tenant(TENANT) as tx:
        await half(tx)
    with pytest.raises(asyncpg.CheckViolationError):
        async with office.tenant(TENANT) as tx:
            await tx.execute(f"UPDATE messages SET {change} WHERE tenant_id = $1", TENANT)  # noqa: S608 - ours
