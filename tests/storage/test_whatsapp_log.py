"""What is kept of WhatsApp's life, and the figures of what arrived (F2, F10)."""

from datetime import timedelta

from domain.deliveries import Deliveries, Recent
from domain.whatsapp_log import Happened, LogEntry
from domain.whatsapp_tests import TestState
from storage import whatsapp_deliveries, whatsapp_log, whatsapp_tests
from storage.database import Database
from tests.postgres import NOW, sign_up

TENANT, STRANGER = 41, 42
PHONE = "+5511987654321"
MINUTE = timedelta(minutes=1)
# Minutes ago it was sent, and whether it arrived: the last five did not, one is too new to tell.
SENT = [(300, True), (290, False), (200, True), (90, False), (80, False), (70, False),
        (60, False), (50, False), (5, False)]  # fmt: skip
MADE = """
    INSERT INTO clients (tenant_id, name, phone, due_on, created_at, updated_at)
    VALUES ($1, 'Ana', '+5511987654321', $2::date, $2, $2)
"""
MESSAGE = """
    INSERT INTO messages (
        tenant_id, client_id, kind, day, state, phone, whatsapp_id, correlation_id, not_before,
        expires_at, created_at, attempt, sent_at, delivered_at)
    SELECT tenant_id, id, 'geral', $2::timestamptz::date, $5, phone, $3, 'c', $2, $2, $2, 1, $2, $4
    FROM clients WHERE tenant_id = $1
"""


async def test_what_happened_is_read_the_latest_first_and_kept_once(database: Database) -> None:
    await sign_up(database, TENANT, STRANGER)
    entries = [LogEntry(NOW - MINUTE * k, Happened.LOST, str(k)) for k in range(8)]
    async with database.tenant(TENANT) as tx:
        for entry in [*entries, *entries]:
            await whatsapp_log.note(tx, entry)
        first, total = await whatsapp_log.page(tx, 1, 6)
        last, _ = await whatsapp_log.page(tx, 99, 6)
    async with database.tenant(STRANGER) as tx:
        theirs = await whatsapp_log.page(tx, 1, 6)

    assert (8, entries[:6], entries[6:]) == (total, first, last)
    assert ([], 0) == theirs


async def test_what_a_later_version_wrote_is_passed_over(database: Database) -> None:
    await sign_up(database, TENANT)
    async with database.tenant(TENANT) as tx:
        await tx.execute(
            "INSERT INTO whatsapp_events (tenant_id, at, kind) VALUES ($1, $2, 'of_tomorrow')",
            TENANT, NOW,
        )  # fmt: skip
        found = await whatsapp_log.page(tx, 1, 6)

    assert ([], 0) == found


async def test_the_figures_tell_the_run_that_did_not_arrive_and_their_lists_add_up(
    database: Database,
) -> None:
    await sign_up(database, TENANT)
    async with database.tenant(TENANT) as tx:
        await tx.execute(MADE, TENANT, NOW)
        for number, (ago, arrived) in enumerate(SENT):
            at = NOW - MINUTE * ago
            state = "delivered" if arrived else "sent"
            await tx.execute(
                MESSAGE, TENANT, at, f"3EB0AAAAAAAA{number}", at if arrived else None, state
            )
        facts = await whatsapp_deliveries.facts(tx, NOW)
        totals = [(await whatsapp_deliveries.page(tx, one, NOW, 1, 6))[1] for one in Recent]

    assert facts == Deliveries(
        last_delivered_at=NOW - MINUTE * 200,
        sent=9,
        delivered=2,
        read=0,
        due=8,
        due_delivered=2,
        silent=5,
        silent_since=NOW - MINUTE * 90,
    )
    assert [9, 2, 0, 7] == totals


async def test_a_receipt_that_was_faster_than_the_answer_is_not_undone(database: Database) -> None:
    await sign_up(database, TENANT)
    async with database.tenant(TENANT) as tx:
        test = await whatsapp_tests.ask(tx, 1, PHONE, own=False, now=NOW)
        early = await whatsapp_tests.receipt(tx, test.whatsapp_id, "read", NOW)
        begun = [await whatsapp_tests.begin(tx, 1) for _ in range(2)]
        read = await whatsapp_tests.receipt(tx, test.whatsapp_id, "read", NOW)
        await whatsapp_tests.receipt(tx, test.whatsapp_id, "delivered", NOW)
        await whatsapp_tests.settle(tx, 1, TestState.SENT, sent_at=NOW)
        after = await whatsapp_tests.of_press(tx, 1)

    assert (None, [True, False]) == (early, begun)
    assert read == after
    assert after is not None
    assert TestState.READ is after.state


async def test_whose_number_it_is_is_found_in_either_form(database: Database) -> None:
    await sign_up(database, TENANT)
    async with database.tenant(TENANT) as tx:
        await tx.execute(MADE, TENANT, NOW)
        found = [
            await whatsapp_tests.client_with(tx, phone)
            for phone in (PHONE, "+551187654321", "+5511900000009")
        ]

    assert ["Ana", "Ana", None] == found
