"""What the owner's morning calls a problem: of that day, not arrived, and with a reason (E11)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.clients import NewClient
from domain.reminders import Kind
from storage import clients, outbox, tenants
from storage.database import Database, TenantConnection
from tests.postgres import sign_up

TENANT = 7
DAY = date(2026, 11, 24)
YESTERDAY = DAY - timedelta(days=1)
BEFORE = DAY - timedelta(days=2)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
STATES = (
    "waiting", "queued", "sending", "sent", "delivered", "read", "retry", "unknown", "failed",
    "expired", "cancelled",
)  # fmt: skip
UNARRIVED = {"waiting", "failed", "expired"}


@pytest.fixture
async def office(database: Database) -> Database:
    """A database with one tenant."""
    await sign_up(database, TENANT)
    return database


async def stand(tx: TenantConnection, *messages: tuple[date, str, str | None]) -> None:
    """As many messages as that, each of its day, in its state, for its reason."""
    for number in range(len(messages)):
        phone = f"+55119{90_000_000 + number}"
        await clients.add(
            tx, NewClient(name="Ana", phone=phone, price=Decimal(35), due_on=YESTERDAY), NOW
        )
    await outbox.plan_day(
        tx,
        day=DAY,
        due_dates={Kind.BILLING: YESTERDAY},
        send_from=NOW,
        send_until=NOW + timedelta(hours=11),
        now=NOW,
    )
    ids = await tx.fetch("SELECT id FROM messages ORDER BY id")
    for row, (day, state, reason) in zip(ids, messages, strict=True):
        await tx.execute(
            """UPDATE messages
               SET day = $2, state = $3, reason = $4, body = 'Oi',
                   owner_epoch = CASE WHEN $3 = 'sending' THEN 1 END
               WHERE id = $1""",
            row["id"],
            day,
            state,
            reason,
        )


@pytest.mark.parametrize("state", STATES)
async def test_a_problem_is_what_did_not_arrive(office: Database, state: str) -> None:
    async with office.tenant(TENANT) as tx:
        await stand(tx, (YESTERDAY, state, "refused"))
        morning = await tenants.morning_numbers(tx, DAY, YESTERDAY)

    assert ({"refused": 1} if state in UNARRIVED else {}) == morning.problems


async def test_problems_are_those_of_the_day_that_have_a_reason(office: Database) -> None:
    async with office.tenant(TENANT) as tx:
        await stand(
            tx,
            (BEFORE, "failed", "refused"),
            (YESTERDAY, "failed", "not_on_whatsapp"),
            (YESTERDAY, "failed", "not_on_whatsapp"),
            (YESTERDAY, "expired", "window_closed"),
            (YESTERDAY, "waiting", None),
            (DAY, "failed", "too_long"),
        )
        morning = await tenants.morning_numbers(tx, DAY, YESTERDAY)

    assert {"not_on_whatsapp": 2, "window_closed": 1} == morning.problems
