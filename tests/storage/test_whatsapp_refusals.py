"""Whom WhatsApp refused lately, counted by client and through restarts (F5)."""

from datetime import timedelta

import pytest

from storage import whatsapp_state
from storage.database import Database
from tests.postgres import NOW, sign_up

TENANT = 7
REFUSED, OTHERWISE = ("failed", "restricted"), ("failed", "not_on_whatsapp")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param([], 0, id="nothing"),
        pytest.param([(1, 5, REFUSED), (2, 5, REFUSED)], 2, id="two clients"),
        pytest.param([(1, 5, REFUSED), (1, 6, REFUSED), (1, 7, REFUSED)], 1, id="one, thrice"),
        pytest.param([(1, 59, REFUSED), (2, 60, REFUSED), (3, 61, REFUSED)], 1, id="an hour"),
        pytest.param([(1, -1, REFUSED), (2, 0, REFUSED)], 1, id="a clock that was ahead"),
        pytest.param([(1, 5, OTHERWISE), (2, 5, REFUSED)], 1, id="failed otherwise"),
        pytest.param([(1, 5, ("expired", "restricted"))], 0, id="not refused, but over"),
    ],
)
async def test_different_clients_refused_within_the_hour_are_counted(
    database: Database, events: list[tuple[int, int, tuple[str, str]]], expected: int
) -> None:
    await sign_up(database, TENANT)
    async with database.tenant(TENANT) as tx:
        for number, (client, minutes, (state, detail)) in enumerate(events):
            await tx.execute(
                """WITH one AS (
                       INSERT INTO clients (tenant_id, name, phone, due_on, created_at, updated_at)
                       SELECT $1, 'c' || $2::int, '+55119' || (90000000 + $2::int), $3::date, $4, $4
                       WHERE NOT EXISTS (SELECT FROM clients WHERE name = 'c' || $2::int)
                       RETURNING id
                   ), message AS (
                       INSERT INTO messages (
                           tenant_id, client_id, kind, day, state, phone, whatsapp_id,
                           correlation_id, not_before, expires_at, created_at)
                       SELECT $1, coalesce(
                                  (SELECT id FROM one),
                                  (SELECT id FROM clients WHERE name = 'c' || $2::int)),
                              'geral', $3::date, 'failed', 'p', '3EB0AAAAAAA' || $5::int,
                              'm', $4, $4, $4
                       RETURNING id
                   )
                   INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
                   SELECT $1, id, $4::timestamptz - make_interval(mins => $6), $7, 1, $8
                   FROM message""",
                *(TENANT, client, NOW.date(), NOW, number, minutes, state, detail),
            )
        found = await whatsapp_state.refused_clients(tx, NOW - timedelta(hours=1), NOW)

    assert expected == found
