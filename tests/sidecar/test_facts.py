"""The worker's JSON read into typed facts, and refused when it is anything else."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.replies import ReplyKind
from errors import SidecarProtocolError
from gateways.fields import Fields
from gateways.sidecar_calls import (
    Call,
    CredsSet,
    Incoming,
    KeysGet,
    KeysSet,
    MessageText,
    read_call,
)
from gateways.sidecar_events import (
    Acked,
    Event,
    LateOutcome,
    NumberAbsent,
    NumberAnswer,
    NumberFound,
    NumberUnanswered,
    Paired,
    PairingCodeShown,
    QrShown,
    ReceiptArrived,
    Refused,
    Restricted,
    SendOutcome,
    SessionClosed,
    SessionOpened,
    Unknown,
    read_event,
    read_number,
    read_outcome,
)

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
AT_MS = int(AT.timestamp() * 1000)
WRITTEN = {
    "message_id": "M",
    "from_jid": "5511@s.whatsapp.net",
    "at_ms": AT_MS,
    "kind": "pdf",
    "text": None,
}
JID = "551188887777@s.whatsapp.net"


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        pytest.param("qr", {"payload": "q", "expires_s": 60}, QrShown(1, 2, "q", 60), id="qr"),
        pytest.param("pairing_code", {"code": "A"}, PairingCodeShown(1, 2, "A"), id="code"),
        pytest.param("paired", {"jid": JID, "lid": None}, Paired(1, 2, JID, None), id="paired"),
        pytest.param("open", {"jid": JID, "lid": "l"}, SessionOpened(1, 2, JID, "l"), id="open"),
        pytest.param(
            "closed",
            {"code": 401, "reason": "loggedOut", "logged_out": True},
            SessionClosed(1, 2, 401, "loggedOut", logged_out=True),
            id="closed by WhatsApp",
        ),
        pytest.param(
            "closed",
            {"code": 402, "reason": "temporary_ban", "logged_out": False, "wait_s": 3600},
            SessionClosed(1, 2, 402, "temporary_ban", logged_out=False, wait_seconds=3600),
            id="closed for a while",
        ),
        pytest.param(
            "closed",
            {"code": 503, "reason": "unreachable", "logged_out": False},
            SessionClosed(1, 2, 503, "unreachable", logged_out=False, reached=False),
            id="closed before anybody answered",
        ),
        pytest.param(
            "closed",
            {"code": "fenced", "reason": "stale_epoch", "logged_out": False},
            SessionClosed(1, 2, "fenced", "stale_epoch", logged_out=False),
            id="closed by us",
        ),
        pytest.param(
            "receipt",
            {"message_id": "M", "status": "read", "from_jid": JID, "at_ms": AT_MS},
            ReceiptArrived(1, 2, "M", "read", JID, AT),
            id="receipt",
        ),
        pytest.param(
            "ack",
            {"message_id": "M", "outcome": "acked", "at_ms": AT_MS},
            LateOutcome(1, 2, "M", Acked(AT)),
            id="late ack",
        ),
        pytest.param(
            "restriction",
            {"kind": "reachout_timelock", "until_ms": AT_MS, "detail": "{}"},
            Restricted(1, 2, "reachout_timelock", AT, "{}"),
            id="restriction",
        ),
    ],
)
def test_each_event_becomes_its_fact(name: str, data: dict[str, Any], expected: Event) -> None:
    assert expected == read_event({"event": name, "tenant": 1, "epoch": 2, "data": data})


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param({"outcome": "acked", "at_ms": AT_MS}, Acked(AT), id="acked"),
        pytest.param({"outcome": "refused", "error": 463}, Refused(463), id="refused"),
        pytest.param({"outcome": "unknown", "reason": "closed"}, Unknown("closed"), id="unknown"),
    ],
)
def test_each_outcome_becomes_its_fact(data: dict[str, Any], expected: SendOutcome) -> None:
    assert expected == read_outcome(Fields(data, "send"))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            {"answer": "found", "jid": JID, "lid": None}, NumberFound(JID, None), id="found"
        ),
        pytest.param({"answer": "not_found"}, NumberAbsent(), id="an explicit no"),
        pytest.param(
            {"answer": "no_answer", "reason": "rate_limited"},
            NumberUnanswered("rate_limited"),
            id="too many questions",
        ),
    ],
)
def test_each_answer_about_a_number_becomes_its_fact(
    data: dict[str, Any], expected: NumberAnswer
) -> None:
    assert expected == read_number(Fields(data, "check_number"))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"jid": None, "lid": None}, id="no jid"),
        pytest.param({"answer": "found", "jid": None}, id="found nobody"),
        pytest.param({"answer": "no_answer", "reason": "moon"}, id="an unknown reason"),
    ],
)
def test_an_answer_that_says_nothing_is_never_a_no(data: dict[str, Any]) -> None:
    with pytest.raises(SidecarProtocolError):
        read_number(Fields(data, "check_number"))


@pytest.mark.parametrize(
    ("op", "args", "expected"),
    [
        pytest.param(
            "keys_get",
            {"type": "session", "ids": ["a"]},
            KeysGet("session", ("a",)),
            id="keys_get",
        ),
        pytest.param(
            "keys_set",
            {"entries": {"session": {"a": "v", "b": None}}},
            KeysSet({"session": {"a": "v", "b": None}}),
            id="keys_set",
        ),
        pytest.param("creds_set", {"creds": "c" * 70_000}, CredsSet("c" * 70_000), id="creds_set"),
        pytest.param("message_text", {"message_id": "M"}, MessageText("M"), id="message_text"),
        pytest.param(
            "incoming",
            {
                "message_id": "M",
                "from_jid": JID,
                "from_phone": None,
                "at_ms": AT_MS,
                "kind": "image",
                "text": None,
                "push_name": "Maria",
            },
            Incoming("M", JID, None, AT, ReplyKind.IMAGE, None, "Maria"),
            id="incoming",
        ),
        pytest.param(
            "incoming",
            {
                "message_id": "M",
                "from_jid": JID,
                "from_phone": None,
                "at_ms": AT_MS,
                "kind": "pdf",
                "text": "pago",
                "push_name": None,
                "name": "comprovante.pdf",
                "size_bytes": 48_213,
                "seconds": None,
                "about": "M0",
            },
            Incoming(
                *("M", JID, None, AT, ReplyKind.PDF, "pago", None, "comprovante.pdf"),
                size_bytes=48_213,
                about="M0",
            ),
            id="a file",
        ),
    ],
)
def test_each_question_becomes_its_fact(op: str, args: dict[str, Any], expected: Call) -> None:
    assert expected == read_call(op, args)


@pytest.mark.parametrize(
    ("op", "args"),
    [
        pytest.param("keys_drop", {}, id="an unknown question"),
        pytest.param("keys_get", {"type": "session", "ids": "a"}, id="ids that are no list"),
        pytest.param("keys_set", {"entries": {"session": {"a": 5}}}, id="a value that is no text"),
        pytest.param("keys_set", {"entries": {"session": None}}, id="a type without values"),
        pytest.param("creds_set", {"creds": None}, id="no credentials"),
        pytest.param("message_text", {"message_id": True}, id="an id that is no text"),
        pytest.param("incoming", {**WRITTEN, "kind": "party"}, id="a kind that nobody knows"),
        pytest.param("incoming", {**WRITTEN, "size_bytes": -1}, id="a file smaller than nothing"),
        pytest.param("incoming", {**WRITTEN, "size_bytes": 2**41}, id="a file that none is"),
        pytest.param("incoming", {**WRITTEN, "seconds": 10**9}, id="a recording of years"),
        pytest.param("incoming", {**WRITTEN, "name": "x" * 201}, id="an endless name"),
        pytest.param("incoming", {**WRITTEN, "about": ""}, id="a change of nothing"),
    ],
)
def test_a_malformed_question_is_a_protocol_error(op: str, args: dict[str, Any]) -> None:
    with pytest.raises(SidecarProtocolError):
        read_call(op, args)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"code": "party", "reason": "r", "logged_out": False}, id="unknown code"),
        pytest.param({"code": True, "reason": "r", "logged_out": False}, id="boolean code"),
        pytest.param({"code": 401, "reason": "r", "logged_out": 1}, id="number for a flag"),
        pytest.param({"code": 401, "reason": "r" * 70_000, "logged_out": True}, id="endless text"),
    ],
)
def test_a_malformed_event_is_a_protocol_error(data: dict[str, Any]) -> None:
    with pytest.raises(SidecarProtocolError):
        read_event({"event": "closed", "tenant": 1, "epoch": 2, "data": data})


def test_an_instant_past_any_calendar_is_a_protocol_error() -> None:
    with pytest.raises(SidecarProtocolError):
        Fields({"at_ms": 10**18}, "send").instant("at_ms")
