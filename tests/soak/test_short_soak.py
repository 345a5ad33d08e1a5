"""The soak itself, short: its plan, what it counts as unhandled, and one day of quick faults."""

import pytest

from tests.soak import plan
from tests.soak.__main__ import Size, is_clean, soak
from tests.soak.days import HOURS, KINDS
from tests.soak.log import is_unhandled

SEED = 7
SHORT = Size(
    businesses=2,
    days=1,
    clients_a_day=6,
    gap_seconds="0.1-0.3",
    shortest_hour_seconds=0.3,
    evening_seconds=10.0,
)
FAULTS = len(plan.QUICK)
QUICK_HOURS = 3


def flat(days: list[list[plan.Hour]]) -> list[plan.Planned]:
    """All that is planned."""
    return [fault for hours in days for hour in hours for fault in hour.all]


@pytest.mark.timeout(100)
async def test_a_short_day_of_faults_reaches_everybody_once() -> None:
    told: list[str] = []
    days = plan.draw_quick(SEED, FAULTS, QUICK_HOURS, SHORT.businesses)

    figures = await soak(SHORT, days, told.append)

    assert (True, FAULTS, 12, 12) == (
        is_clean(figures),
        figures["faults"],
        figures["messages"],
        figures["heard_once"],
    ), "\n".join(told)


def test_equal_seeds_plan_equal_faults() -> None:
    assert plan.draw(SEED, 40, 2, 8, 6) == plan.draw(SEED, 40, 2, 8, 6)


def test_other_seeds_plan_other_faults() -> None:
    assert plan.draw(SEED, 40, 2, 8, 6) != plan.draw(SEED + 1, 40, 2, 8, 6)


@pytest.mark.parametrize("faults", [1, 40, 200])
def test_as_many_faults_are_planned_as_were_asked_for(faults: int) -> None:
    assert faults == len(flat(plan.draw(SEED, faults, 5, len(HOURS), 8)))


def test_a_fault_that_misses_is_tried_on_every_other_business() -> None:
    (fault, *_) = flat(plan.draw(SEED, 40, 1, len(HOURS), 8))

    found = plan.around(fault, 8)

    assert (fault, set(range(8))) == (found[0], {one.business for one in found})


def test_every_kind_is_planned_and_somebody_carries_it_out() -> None:
    planned = {fault.kind for fault in flat(plan.draw(SEED, 200, 5, len(HOURS), 8))}

    assert set(KINDS) == planned


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param('{"event": "open", "level": "info"}', False, id="information"),
        pytest.param('{"event": "away", "level": "warning"}', False, id="a warning"),
        pytest.param('{"event": "oops", "level": "error"}', True, id="an error"),
        pytest.param(
            '{"event": "a question of the worker failed", "error": "StorageUnavailable", '
            '"level": "error"}',
            False,
            id="PostgreSQL away from a worker",
        ),
        pytest.param(
            '{"event": "a question of the worker failed", "error": "KeyError", "level": "error"}',
            True,
            id="a worker answered by a fault of ours",
        ),
        pytest.param(
            '{"event": "the worker is killed", "reason": "the worker does not answer", '
            '"level": "error"}',
            False,
            id="a worker that was stopped",
        ),
        pytest.param(
            '{"event": "the worker is killed", "reason": "the worker reads nothing", '
            '"level": "error"}',
            True,
            id="a worker that nobody stopped",
        ),
        pytest.param(
            '{"event": "Task exception was never retrieved", "level": "warning"}',
            True,
            id="nobody heard of it",
        ),
        pytest.param("Traceback (most recent call last):", True, id="no line of the log"),
        pytest.param("\n", False, id="an empty line"),
    ],
)
def test_what_nobody_took_care_of_is_told_from_what_somebody_did(line: str, expected: bool) -> None:
    assert expected == is_unhandled(line)
