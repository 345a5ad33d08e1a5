"""Any bytes, any JSON: what comes in is a message that can be kept, or one frame set aside."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from errors import SidecarFramesLost, SidecarProtocolError
from gateways import frames
from gateways.fields import MAX_ID_CHARS
from gateways.frames import Unreadable
from gateways.sidecar_calls import (
    MAX_KEY_ID_CHARS,
    MAX_KEY_TYPE_CHARS,
    Incoming,
    KeysGet,
    KeysSet,
    read_call,
)
from gateways.sidecar_events import ReceiptArrived, read_event

# Everything a JSON text can hold, what no parser should take among it.
TEXTS = st.text(st.characters(), max_size=40) | st.sampled_from(
    ["\ud83d", "oi \ude00", "\x00", "__proto__", "a" * 101, "a" * 70_000, "🙂" * 60]
)
NUMBERS = st.integers() | st.floats() | st.sampled_from([2**63, -(2**63), 2**53, 10**400])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def body(value: object) -> bytes:
    """JSON as the most careless writer makes it: halves of pairs, NaN and all."""
    return json.dumps(value).encode()


def parsed(sent: bytes) -> dict[str, Any] | Unreadable | None:
    async def reading() -> dict[str, Any] | Unreadable | None:
        reader = asyncio.StreamReader()
        reader.feed_data(len(sent).to_bytes(4, "big") + sent)
        reader.feed_eof()
        return await frames.read(reader)

    return asyncio.run(reading())


@given(sent=st.binary(min_size=1, max_size=200) | VALUES.map(body))
@example(sent=b'{"id":3,"text":"oi \\ud83d"}')
@example(sent=b'{"a":1,"a":2}')
@example(sent=b"[" * 100_000)
@example(sent=b"-1e999")
def test_a_body_is_a_message_or_one_frame_set_aside(sent: bytes) -> None:
    message = frames.parse(sent)

    assert isinstance(message, dict) or message.size == len(sent)


@given(value=st.dictionaries(TEXTS, VALUES, max_size=4))
def test_a_message_is_written_so_that_it_can_be_read_or_refused(value: dict[str, Any]) -> None:
    try:
        frame = frames.encode(value)
    except SidecarProtocolError:
        return

    assert isinstance(frames.parse(frame[4:]), dict)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param(b'{"id":7,"x":"\\ud83d"}', Unreadable(21, id=7), id="a call"),
        pytest.param(b'{ "re" : 12 , "ok":', Unreadable(19, re=12), id="an answer, cut"),
        pytest.param(b'{"id":7', Unreadable(7), id="cut inside the number"),
        pytest.param(b'{"id":"7",', Unreadable(10), id="a number that is text"),
        pytest.param(b'{"event":"qr",', Unreadable(14), id="an event"),
        pytest.param(b'[{"id":7}]', Unreadable(10), id="not at the beginning"),
        pytest.param(b'{"id":' + b"9" * 40 + b",", Unreadable(47), id="an endless number"),
    ],
)
def test_whoever_waits_for_an_unreadable_frame_is_known(sent: bytes, expected: Unreadable) -> None:
    assert expected == parsed(sent)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"\x00\x00\x00\x00", id="an empty frame"),
        pytest.param(b"\x00\x40\x00\x01", id="a frame longer than 4 MiB"),
        pytest.param(b"\x00\x00", id="half a length"),
        pytest.param(b"\x00\x00\x00\x05ab", id="half a body"),
    ],
)
async def test_only_a_length_that_cannot_be_true_loses_the_frames(sent: bytes) -> None:
    reader = asyncio.StreamReader()
    reader.feed_data(sent)
    reader.feed_eof()

    with pytest.raises(SidecarFramesLost):
        await frames.read(reader)


def kept(text: str | None, most: int) -> bool:
    """Whether a column of `most` characters takes it."""
    return text is None or (len(text) <= most and "\x00" not in text)


FIELDS: dict[str, st.SearchStrategy[Any]] = {
    name: VALUES | TEXTS | st.just("551188887777@s.whatsapp.net")
    for name in ("message_id", "from_jid", "from_phone", "text", "push_name")
}


@given(
    args=st.fixed_dictionaries(
        {
            **FIELDS,
            "at_ms": NUMBERS | st.just(1_764_000_000_000),
            "kind": TEXTS | st.sampled_from(["text", "image", "other"]),
        }
    )
)
@example(args={"message_id": "M" * 101, "from_jid": "a", "at_ms": 1, "kind": "text"})
def test_what_is_read_of_an_incoming_message_can_be_kept(args: Mapping[str, Any]) -> None:
    try:
        call = read_call("incoming", args)
    except SidecarProtocolError:
        return

    assert isinstance(call, Incoming)
    ids = (call.message_id, call.from_jid)
    assert [True, True] == [kept(i, MAX_ID_CHARS) and i != "" for i in ids]
    assert (True, True) == (kept(call.from_phone, 40), kept(call.text, 65_536))


@given(entries=st.dictionaries(TEXTS, st.dictionaries(TEXTS, TEXTS | st.none(), max_size=3)))
def test_keys_that_are_read_can_be_kept(entries: Mapping[str, Any]) -> None:
    try:
        call = read_call("keys_set", {"entries": entries})
    except SidecarProtocolError:
        return

    assert isinstance(call, KeysSet)
    assert all(kept(kind, MAX_KEY_TYPE_CHARS) for kind in call.entries)
    assert all(kept(name, MAX_KEY_ID_CHARS) for of in call.entries.values() for name in of)


@given(args=st.fixed_dictionaries({"type": TEXTS, "ids": st.lists(TEXTS, max_size=3) | VALUES}))
def test_keys_that_are_asked_for_can_be_looked_up(args: Mapping[str, Any]) -> None:
    try:
        call = read_call("keys_get", args)
    except SidecarProtocolError:
        return

    assert isinstance(call, KeysGet)
    assert all(kept(name, MAX_KEY_ID_CHARS) for name in call.ids)


@given(
    frame=st.fixed_dictionaries(
        {
            "event": TEXTS | st.sampled_from(["receipt", "closed", "open", "qr", "ack"]),
            "tenant": NUMBERS | st.just(1),
            "epoch": NUMBERS | st.just(1),
            "data": VALUES
            | st.fixed_dictionaries(
                {
                    "message_id": TEXTS,
                    "status": st.just("read"),
                    "from_jid": TEXTS,
                    "at_ms": NUMBERS,
                    "code": VALUES,
                    "reason": TEXTS,
                    "logged_out": st.booleans(),
                    "wait_s": VALUES,
                }
            ),
        }
    )
)
def test_an_event_is_read_into_what_can_be_kept_or_refused(frame: Mapping[str, Any]) -> None:
    try:
        event = read_event(frame)
    except SidecarProtocolError:
        return

    ids = (event.message_id, event.from_jid) if isinstance(event, ReceiptArrived) else ()
    assert (True, True) == (abs(event.tenant_id) < 2**63, 0 <= event.epoch < 2**63)
    assert all(kept(i, MAX_ID_CHARS) for i in ids)
