"""What the tree says about itself in the log: where it hurts, never what was said."""

import pytest
from structlog.testing import capture_logs

from actors.runtime import Event, EventKind, log_event
from errors import InvalidInput


def fallen() -> InvalidInput:
    """Return an error that was really raised, and tells a phone number."""
    with pytest.raises(InvalidInput) as caught:
        raise InvalidInput("o telefone +55 11 98888-7777 não serve")
    return caught.value


def test_an_event_is_logged_without_what_its_error_says() -> None:
    with capture_logs() as logs:
        log_event(Event(EventKind.CRASHED, "tenant 7", fallen()))

    assert [("tenant 7", "crashed", "InvalidInput")] == [
        (line["actor"], line["kind"], line["error"]) for line in logs
    ]
    assert "test_events.py" in logs[0]["at"][0]
    assert "98888" not in str(logs)


def test_an_event_without_an_error_is_logged_too() -> None:
    with capture_logs() as logs:
        log_event(Event(EventKind.ABANDONED, "tenant 7"))

    assert [("abandoned", None, [])] == [(line["kind"], line["error"], line["at"]) for line in logs]
