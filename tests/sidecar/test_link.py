"""The link to a worker process, against the real worker and made-up ones that misbehave."""

import asyncio
import os
import signal
from random import Random
from typing import Any

import orjson
import pytest
from prometheus_client import REGISTRY

from errors import (
    SidecarGone,
    SidecarProtocolError,
    SidecarRefused,
    SidecarTimeout,
    SidecarUnreadable,
)
from gateways import frames, node
from gateways.lanes import MOST_WITH_RECEIPTS
from gateways.sidecar import Pulse, SidecarLink
from gateways.sidecar_events import Event, ReceiptArrived, Unknown
from gateways.whatsapp import WhatsAppLine, worker_stats
from tests.sidecar.conftest import CLOSE_SECONDS, MADE_UP, StartLink
from tests.sidecar.support import PATIENCE_SECONDS, Heard, Store

JID = "551188887777@s.whatsapp.net"
RECEIPT = {"message_id": "M", "status": "read", "from_jid": JID, "at_ms": 1}


def says(message: dict[str, Any]) -> dict[str, str]:
    return {"EMDIA_TEST_SAYS": frames.encode(message).hex()}


async def order(link: SidecarLink, op: str = "stats", *, deadline: float = 5.0) -> dict[str, Any]:
    return await link.call(op, tenant=1, epoch=1, args={}, deadline=deadline)


async def test_the_real_worker_answers_what_it_holds(start_link: StartLink) -> None:
    stats = await worker_stats(await start_link())

    assert (0, 0) == (stats.sessions, stats.sockets)


@pytest.mark.parametrize(
    ("op", "args", "code"),
    [
        pytest.param("fly", {}, "bad_request", id="an unknown order"),
        pytest.param("open", {"creds": 7}, "bad_request", id="creds that are no text"),
        pytest.param("open", {"creds": "{}"}, "bad_request", id="creds of no device"),
        pytest.param("open", {"creds": "not json"}, "bad_request", id="creds that are no JSON"),
        pytest.param("close", {"logout": False}, "no_session", id="closing what is not open"),
        pytest.param("pair_by_code", {"phone": "+55"}, "no_session", id="a code without a session"),
    ],
)
async def test_the_real_worker_refuses_with_a_code(
    start_link: StartLink, op: str, args: dict[str, Any], code: str
) -> None:
    link = await start_link()

    with pytest.raises(SidecarRefused) as refused:
        await link.call(op, tenant=1, epoch=1, args=args, deadline=5.0)

    assert code == refused.value.code


async def test_the_worker_refuses_another_server_outside_the_playground(
    start_link: StartLink,
) -> None:
    link = await start_link(
        environment={
            "EMDIA_WHATSAPP_URL": "ws://127.0.0.1:1/ws/chat",
            "EMDIA_WHATSAPP_ROOT_KEY": "A" * 43 + "=",
        }
    )

    async with asyncio.timeout(PATIENCE_SECONDS):
        reason = await link.wait_gone()

    assert reason == "the worker ended"


async def test_a_killed_worker_fails_every_waiting_order_at_once(start_link: StartLink) -> None:
    link = await start_link("silent.mjs")
    waiting = [asyncio.create_task(order(link, deadline=60.0)) for _ in range(3)]
    await order_has_left(link)

    os.kill(link.pid, signal.SIGKILL)
    async with asyncio.timeout(PATIENCE_SECONDS):
        results = await asyncio.gather(*waiting, return_exceptions=True)

    assert [True] * 3 == [isinstance(r, SidecarGone) and r.asked for r in results]


async def order_has_left(link: SidecarLink) -> None:
    """A second order that times out proves that the first ones are on their way."""
    with pytest.raises(SidecarTimeout):
        await order(link, deadline=-1.9)


async def test_an_order_to_a_dead_worker_was_surely_not_given(start_link: StartLink) -> None:
    link = await start_link("silent.mjs")
    os.kill(link.pid, signal.SIGKILL)
    await link.wait_gone()

    with pytest.raises(SidecarGone) as gone:
        await order(link)

    assert gone.value.asked is False


async def test_a_message_given_to_a_worker_that_dies_is_unknown(start_link: StartLink) -> None:
    link = await start_link("silent.mjs")
    sending = asyncio.create_task(WhatsAppLine(link, 1, 1).send("3EB0AAAAAAAA", JID, "oi"))
    await order_has_left(link)

    os.kill(link.pid, signal.SIGKILL)

    assert "Unknown(reason='closed')" == repr(await sending)


async def test_a_message_without_an_answer_in_time_is_unknown(start_link: StartLink) -> None:
    session = WhatsAppLine(await start_link("silent.mjs"), 1, 1)

    outcome = await session.send("3EB0AAAAAAAA", JID, "oi", deadline=-1.9)

    assert "Unknown(reason='timeout')" == repr(outcome)


@pytest.mark.parametrize(
    "bytes_said",
    [
        pytest.param(b"\x00\x40\x00\x01", id="longer than 4 MiB"),
        pytest.param(b"\x00\x00\x00\x00", id="empty"),
    ],
)
async def test_a_worker_whose_frames_are_lost_loses_the_link(
    start_link: StartLink, bytes_said: bytes
) -> None:
    link = await start_link("says.mjs", environment={"EMDIA_TEST_SAYS": bytes_said.hex()})

    with pytest.raises(SidecarGone) as gone:
        await order(link)

    assert str(gone.value).startswith("protocol error: ")


def told(changes: dict[str, str]) -> dict[str, Any]:
    """A receipt with `changes`."""
    return {"event": "receipt", "tenant": 1, "epoch": 1, "data": {**RECEIPT, **changes}}


QUESTION = {"id": 7, "op": "incoming", "tenant": 1, "epoch": 1}
SPOILT: dict[str, bytes] = {
    "not an object": b"[]",
    "not JSON": b"{,",
    "not UTF-8": b'"\xff"',
    "half a surrogate pair": b'{"event":"open","text":"oi \\ud83d"}',
    "not a number": b'{"event":"closed","x":NaN}',
    "nesting without an end": b'{"event":' + b"[" * 100_000,
    "a number beyond any": b"1e999",
    "a reply to nothing": b'{"re":99,"ok":{}}',
    "a reply whose number is none": b'{"re":"a","ok":{}}',
    "a call whose number is none": b'{"id":-1}',
    "an unknown event": b'{"event":"party"}',
    "an event with a wrong field": b'{"event":"open","tenant":1,"epoch":1,"data":{"jid":5}}',
    "NUL in the id of a receipt": orjson.dumps(told({"message_id": "M\x00"})),
    "an id that no column holds": orjson.dumps(told({"message_id": "M" * 101})),
    "a tenant beyond any": b'{"event":"open","tenant":1e30,"epoch":1,"data":{}}',
}


async def spoil(link: SidecarLink, *bodies: bytes, deadline: float = 5.0) -> dict[str, Any]:
    """Let the worker say these bodies, and give its answer to the order."""
    args = {"says": [body.hex() for body in bodies]}
    return await link.call("spoil", tenant=1, epoch=1, args=args, deadline=deadline)


@pytest.mark.parametrize("body", SPOILT.values(), ids=SPOILT)
async def test_a_frame_that_cannot_be_understood_costs_itself_alone(
    start_link: StartLink, heard: Heard, body: bytes
) -> None:
    link = await start_link("spoils.mjs")

    await spoil(link, body, orjson.dumps(told({})))

    assert {"answers": []} == await spoil(link)
    assert "M" == (await heard.wait_for(ReceiptArrived)).message_id
    assert [1] == [event.tenant_id for event in heard.events]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"id":7,"op":"incoming","text":"oi \\ud83d"}', id="half a pair"),
        pytest.param(b'{"id":7,"op":"keys_get"}', id="a call without tenant"),
        pytest.param(orjson.dumps({**QUESTION, "args": {}}), id="a question with a missing field"),
        pytest.param(orjson.dumps({**QUESTION, "op": "fly", "args": {}}), id="unknown question"),
    ],
)
async def test_a_question_that_cannot_be_understood_is_answered_as_poison(
    start_link: StartLink, body: bytes
) -> None:
    link = await start_link("spoils.mjs")
    await spoil(link, body)

    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (answers := (await spoil(link))["answers"]):
            pass

    assert ["poison"] == answers


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"re":#}', id="neither yes nor no"),
        pytest.param(b'{"re":#,"ok":{"text":"\\ud83d"}}', id="half a pair"),
        pytest.param(b'{"re":#,"error":{"code":5,"detail":""}}', id="an error without a code"),
        pytest.param(b'{"re":#,"ok":[]}', id="an answer of another kind"),
    ],
)
async def test_an_answer_that_cannot_be_read_is_neither_a_yes_nor_a_no(
    start_link: StartLink, body: bytes
) -> None:
    link = await start_link("spoils.mjs")

    with pytest.raises(SidecarUnreadable):
        await spoil(link, body)

    assert {"answers": []} == await spoil(link)


@pytest.mark.parametrize("text", ["oi \ud83d", "\udc00"])
async def test_an_order_that_is_no_json_is_refused_and_the_link_stays(
    start_link: StartLink, text: str
) -> None:
    link = await start_link("spoils.mjs")

    with pytest.raises(SidecarProtocolError):
        await link.call("send", tenant=1, epoch=1, args={"text": text}, deadline=5.0)

    assert {"answers": []} == await spoil(link)


async def test_an_order_too_long_to_send_is_refused_and_the_link_stays(
    start_link: StartLink,
) -> None:
    link = await start_link()

    with pytest.raises(SidecarProtocolError):
        await link.call("stats", tenant=1, epoch=1, args={"x": "x" * 4_200_000}, deadline=5.0)

    assert 0 == (await worker_stats(link)).sessions


@pytest.mark.parametrize(
    "bytes_said",
    [
        pytest.param(b"\x7f\xff\xff\xff", id="longer than 4 MiB"),
        pytest.param(b"\x00\x00\x00\x00", id="empty"),
    ],
)
async def test_the_real_worker_ends_when_our_frames_are_lost(bytes_said: bytes) -> None:
    process, ours = await node.spawn({})

    with ours:
        await asyncio.get_running_loop().sock_sendall(ours, bytes_said)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await process.communicate()

    assert 1 == process.returncode


def noise() -> list[bytes]:
    """The bodies above, and bytes of every kind."""
    random = Random(20_261_125)  # noqa: S311 - the same noise each time
    return [*SPOILT.values(), *(random.randbytes(random.randrange(1, 300)) for _ in range(300))]


async def test_the_real_worker_goes_on_after_frames_it_cannot_read() -> None:
    process, ours = await node.spawn({})
    reader, writer = await asyncio.open_connection(sock=ours)
    for body in noise():
        writer.write(len(body).to_bytes(4, "big") + body)
    order = {"id": 9_999, "op": "ping", "tenant": 0, "epoch": 1, "args": {}, "deadline_ms": 5_000}
    writer.write(frames.encode(order))

    async with asyncio.timeout(PATIENCE_SECONDS):
        while (answer := await frames.read(reader)) != {"re": 9_999, "ok": {}}:
            assert isinstance(answer, dict)
            assert {"bad_request"} == {answer["error"]["code"]}
        writer.close()
        await process.communicate()

    assert 0 == process.returncode


async def test_the_real_worker_ends_with_the_link() -> None:
    process, ours = await node.spawn({})

    ours.close()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await process.communicate()

    assert 0 == process.returncode


async def test_a_worker_deaf_to_the_end_is_killed_at_the_deadline(start_link: StartLink) -> None:
    link = await start_link("silent.mjs")

    await link.close(0.05)

    assert link.gone


async def test_a_handler_may_give_orders_and_is_answered(store: Store) -> None:
    answered = asyncio.get_running_loop().create_future()

    async def on_event(_event: Event) -> None:
        answered.set_result(await order(link))

    link = await SidecarLink.start(
        environment=says({"event": "receipt", "tenant": 1, "epoch": 1, "data": RECEIPT}),
        on_call=store.on_call,
        on_event=on_event,
        program=MADE_UP / "tells.mjs",
    )
    await link.call("tell", tenant=1, epoch=1, args={"count": 1}, deadline=5.0)

    async with asyncio.timeout(PATIENCE_SECONDS):
        assert {"signals": []} == await answered
    await link.close(CLOSE_SECONDS)


async def test_a_tenant_whose_events_pile_up_is_paused_and_then_resumed(store: Store) -> None:
    go_on = asyncio.Event()
    handled: list[str] = []

    async def on_event(event: Event) -> None:
        await go_on.wait()
        assert isinstance(event, ReceiptArrived)
        handled.append(event.message_id)

    link = await SidecarLink.start(
        environment={}, on_call=store.on_call, on_event=on_event, program=MADE_UP / "tells.mjs"
    )
    await link.call("tell", tenant=1, epoch=1, args={"count": 400}, deadline=5.0)
    paused = await order(link)
    go_on.set()
    await link._lanes.drain()  # noqa: SLF001 - the one way to know that all were handled
    resumed = await order(link)
    await link.close(CLOSE_SECONDS)

    assert (["pause"], ["pause", "resume"]) == (paused["signals"], resumed["signals"])
    assert [f"M{n}" for n in range(400)] == handled


# A worker that hangs

QUICK = Pulse(every=0.05, patience=0.3)
PATIENT = Pulse(every=0.05, patience=10.0)


@pytest.fixture
async def stopped(start_link: StartLink) -> SidecarLink:
    """The real worker, stopped by the operating system: it is there, and does nothing."""
    link = await start_link(pulse=QUICK)
    await worker_stats(link)
    os.kill(link.pid, signal.SIGSTOP)
    return link


async def test_a_worker_that_is_stopped_is_found_and_killed(stopped: SidecarLink) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        reason = await stopped.wait_gone()
        await stopped.close(CLOSE_SECONDS)

    assert "the worker does not answer" == reason
    with pytest.raises(ProcessLookupError):
        os.kill(stopped.pid, 0)


async def test_what_a_stopped_worker_was_given_is_unknown(stopped: SidecarLink) -> None:
    outcome = await WhatsAppLine(stopped, 1, 1).send("3EB0AAAAAAAA", JID, "oi")

    assert Unknown("closed") == outcome


async def test_what_waits_behind_a_full_link_was_surely_not_given(stopped: SidecarLink) -> None:
    filling = [asyncio.create_task(order_of(stopped, 1_000_000)) for _ in range(8)]
    last = asyncio.create_task(WhatsAppLine(stopped, 1, 1).send("3EB0AAAAAAAA", JID, "oi"))
    async with asyncio.timeout(PATIENCE_SECONDS):
        results = await asyncio.gather(*filling, last, return_exceptions=True)

    assert [SidecarGone] * 9 == [type(result) for result in results]
    assert (True, False) == (asked(results[0]), asked(results[-1]))


async def order_of(link: SidecarLink, size: int) -> None:
    await link.call("stats", tenant=1, epoch=1, args={"x": "x" * size}, deadline=60.0)


def asked(result: object) -> bool:
    assert isinstance(result, SidecarGone)
    return result.asked


async def test_an_order_that_never_left_in_time_was_surely_not_given(
    start_link: StartLink,
) -> None:
    link = await start_link()
    os.kill(link.pid, signal.SIGSTOP)
    filling = [asyncio.create_task(order_of(link, 1_000_000)) for _ in range(8)]
    await asyncio.sleep(0)  # now they stand in line

    with pytest.raises(SidecarTimeout) as late:
        await WhatsAppLine(link, 1, 1).send("3EB0AAAAAAAA", JID, "oi", deadline=-1.9)
    os.kill(link.pid, signal.SIGKILL)
    await asyncio.gather(*filling, return_exceptions=True)

    assert late.value.asked is False


async def test_a_worker_that_reads_and_never_answers_is_killed(start_link: StartLink) -> None:
    link = await start_link("silent.mjs", pulse=Pulse(start=0.3, every=0.05, patience=0.3))

    async with asyncio.timeout(PATIENCE_SECONDS):
        assert "the worker does not answer" == await link.wait_gone()


async def test_a_worker_that_answers_anything_at_all_is_left_alone(start_link: StartLink) -> None:
    link = await start_link("spoils.mjs", pulse=PATIENT)

    for _ in range(5):
        await asyncio.sleep(PATIENT.every * 2)
        assert {"answers": []} == await spoil(link)


async def test_a_worker_whose_child_outlives_it_is_over_at_the_deadline(
    start_link: StartLink, heard: Heard
) -> None:
    link = await start_link("haunted.mjs", pulse=QUICK)
    await heard.wait_for(ReceiptArrived)
    os.kill(link.pid, signal.SIGKILL)

    async with asyncio.timeout(PATIENCE_SECONDS):
        assert "the worker does not answer" == await link.wait_gone()
        await link.close(0.05)


async def test_a_worker_that_shouts_is_heard_for_a_while_and_still_works(
    start_link: StartLink,
) -> None:
    before = counted("log")
    link = await start_link("shouts.mjs")

    async with asyncio.timeout(PATIENCE_SECONDS):
        while counted("log") - before < 500:
            await order(link)

    assert not link.gone


async def test_receipts_told_in_spite_of_a_pause_are_bounded(store: Store) -> None:
    go_on = asyncio.Event()
    before = counted("flood")
    handled: list[Event] = []

    async def on_event(event: Event) -> None:
        await go_on.wait()
        handled.append(event)

    link = await SidecarLink.start(
        environment={}, on_call=store.on_call, on_event=on_event, program=MADE_UP / "tells.mjs"
    )
    await link.call("tell", tenant=1, epoch=1, args={"count": 5_000}, deadline=20.0)
    go_on.set()
    await link.close(CLOSE_SECONDS)

    assert (MOST_WITH_RECEIPTS, 5_000 - MOST_WITH_RECEIPTS) == (
        len(handled),
        counted("flood") - before,
    )


def counted(kind: str) -> int:
    """How often something of this kind was set aside."""
    value = REGISTRY.get_sample_value("emdia_sidecar_set_aside_total", {"kind": kind})
    return int(value or 0)
