"""Whether messages arrive: judged by what had time to; several in a row are an alarm (F10)."""

from datetime import UTC, datetime

import pytest

from domain.deliveries import STALLED_MESSAGES, Deliveries, Flow, Stall, flow, quiet_since, stall

SINCE = datetime(2026, 11, 25, 12, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(Deliveries(), Flow.QUIET, id="nothing was sent"),
        pytest.param(Deliveries(sent=3), Flow.QUIET, id="all still on its way"),
        pytest.param(Deliveries(sent=3, delivered=1), Flow.WELL, id="the first has arrived"),
        pytest.param(Deliveries(sent=20, due=20, due_delivered=18), Flow.WELL, id="most of it"),
        pytest.param(Deliveries(sent=20, due=20, due_delivered=17), Flow.PARTLY, id="a part"),
        pytest.param(Deliveries(sent=3, due=3), Flow.STALLED, id="none of a few"),
        pytest.param(
            Deliveries(sent=30, due=30, due_delivered=25, silent=5, silent_since=SINCE),
            Flow.STALLED,
            id="none of the last",
        ),
        pytest.param(
            Deliveries(sent=9, due=9, due_delivered=9, unacked=5, unacked_since=SINCE),
            Flow.UNACKED,
            id="nothing is taken any more",
        ),
    ],
)
def test_the_flow_is_told_by_what_had_time_to_arrive(facts: Deliveries, expected: Flow) -> None:
    assert expected is flow(facts)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(Deliveries(silent=4, silent_since=SINCE), None, id="a few phones are off"),
        pytest.param(
            Deliveries(silent=STALLED_MESSAGES, silent_since=SINCE),
            Stall(Flow.STALLED, SINCE, 5),
            id="several in a row",
        ),
        pytest.param(Deliveries(unacked=4, unacked_since=SINCE), None, id="a few without an ack"),
        pytest.param(
            Deliveries(unacked=7, unacked_since=SINCE, silent=9, silent_since=SINCE),
            Stall(Flow.UNACKED, SINCE, 7),
            id="what is not taken cannot arrive",
        ),
    ],
)
def test_only_several_in_a_row_are_an_alarm(facts: Deliveries, expected: Stall | None) -> None:
    assert expected == stall(facts)


def test_a_flow_that_stands_still_is_told_since_when() -> None:
    silent = Deliveries(due=3, silent=3, silent_since=SINCE)
    unacked = Deliveries(unacked=6, unacked_since=SINCE)

    assert [SINCE, SINCE, None] == [quiet_since(one) for one in (silent, unacked, Deliveries())]


def test_before_anything_was_sent_every_figure_is_nothing() -> None:
    nothing = Deliveries()

    assert [0] * 7 == [
        nothing.sent,
        nothing.delivered,
        nothing.read,
        nothing.due,
        nothing.due_delivered,
        nothing.silent,
        nothing.unacked,
    ]
