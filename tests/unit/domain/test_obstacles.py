"""What holds a queue, and why a client was not billed on its day (E3b, E8)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.obstacles import (
    MissedDay,
    QueueFacts,
    billing_day,
    day_obstacle,
    obstacle,
    why_unbilled,
)
from domain.reasons import Reason
from domain.reminders import Kind, TenantRules

SATURDAY, SUNDAY = date(2026, 11, 28), date(2026, 11, 29)
PLANNED = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
CLOSED = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
BEFORE = PLANNED - timedelta(days=10)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({}, None, id="nothing"),
        pytest.param({"connected": True}, None, id="connected"),
        pytest.param({"connected": False}, Reason.NOT_CONNECTED, id="not connected"),
        pytest.param({"paired": False}, Reason.NEEDS_QR, id="unlinked all day"),
        pytest.param({"paired": False, "connected": False}, Reason.NEEDS_QR, id="unlinked first"),
        pytest.param({"banned": True, "paired": False}, Reason.BANNED, id="banned"),
        pytest.param({"restricted": True, "connected": True}, Reason.RESTRICTED, id="restricted"),
        pytest.param({"paused": True, "paired": False}, Reason.PAUSED, id="paused"),
        pytest.param({"access_ended": True, "paused": True}, Reason.ACCESS_ENDED, id="not paid"),
        pytest.param({"away": True}, Reason.AWAY, id="we were away"),
    ],
)
def test_the_queue_is_held_by(facts: dict[str, Any], expected: Reason | None) -> None:
    assert expected == obstacle(QueueFacts(**facts))


@pytest.mark.parametrize(
    ("rules", "day", "expected"),
    [
        pytest.param({}, SUNDAY, None, id="Sundays are on by default"),
        pytest.param({"sundays": False}, SUNDAY, Reason.SUNDAY, id="a day of rest"),
        pytest.param({"sundays": False}, SATURDAY, None, id="Saturday is none"),
        pytest.param({"access_ended": True}, SATURDAY, Reason.ACCESS_ENDED, id="not paid"),
        pytest.param({"kinds": frozenset()}, SATURDAY, Reason.KIND_OFF, id="switched off"),
        pytest.param(
            {"without_text": frozenset({Kind.BILLING})},
            SATURDAY,
            Reason.TEMPLATE_OFF,
            id="its text off",
        ),
    ],
)
def test_nobody_is_billed_on_a_day(
    rules: dict[str, Any], day: date, expected: Reason | None
) -> None:
    assert expected == day_obstacle(TenantRules(**rules), day)


@pytest.mark.parametrize(
    ("missed", "expected"),
    [
        pytest.param({"planned_at": None}, Reason.AWAY, id="we were away all day"),
        pytest.param(
            {"planned_at": None, "registered_at": CLOSED},
            Reason.REGISTERED_LATE,
            id="away, and registered after",
        ),
        pytest.param({"obstacle": Reason.SUNDAY}, Reason.SUNDAY, id="a day of rest"),
        pytest.param(
            {"obstacle": Reason.SUNDAY, "registered_at": CLOSED},
            Reason.REGISTERED_LATE,
            id="registered after the day of rest",
        ),
        pytest.param({"registered_at": PLANNED}, Reason.REGISTERED_LATE, id="after the plan"),
        pytest.param({}, Reason.REGISTERED_LATE, id="its due date was changed later"),
        pytest.param(
            {"has_message": True, "message_reason": Reason.PAUSED}, Reason.PAUSED, id="paused"
        ),
        pytest.param({"has_message": True}, Reason.WINDOW_CLOSED, id="no reason kept"),
    ],
)
def test_a_client_was_not_billed_because(missed: dict[str, Any], expected: Reason) -> None:
    facts = {
        "registered_at": BEFORE,
        "window_ended_at": CLOSED,
        "planned_at": PLANNED,
        "obstacle": None,
        **missed,
    }

    assert expected == why_unbilled(MissedDay(**facts))


def test_a_client_is_billed_the_day_after_its_due_date() -> None:
    assert SUNDAY == billing_day(SATURDAY)
