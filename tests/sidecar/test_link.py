"""The link to a worker process, against the real worker and made-up ones that misbehave."""

import asyncio
import os
import signal
from typing import Any

import pytest

from errors import SidecarGone, SidecarProtocolError, SidecarRefused, SidecarTimeout
from gateways import frames, node
from gateways.sidecar import SidecarLink
from gateways.sidecar_events import Event, ReceiptArrived
from gateways.whatsapp import WhatsAppLine, worker_stats
from tests.sidecar.conftest import CLOSE_SECONDS, MADE_UP, StartLink
from tests.sidecar.support import PATIENCE_SECONDS, Store

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
        pytest.param(b"\x00\x00\x00\x02[]", id="not an object"),
        pytest.param(b"\x00\x00\x00\x02{,", id="not JSON"),
        pytest.param(b'\x00\x00\x00\x04"\xff"\x20', id="not UTF-8"),
        pytest.param(frames.encode({"re": 99, "ok": {}}), id="a reply to nothing"),
        pytest.param(frames.encode({"re": 1}), id="a reply without content"),
        pytest.param(frames.encode({"id": 1, "op": "keys_get"}), id="a call without tenant"),
        pytest.param(frames.encode({"event": "party"}), id="an unknown event"),
        pytest.param(
            frames.encode({"event": "open", "tenant": 1, "epoch": 1, "data": {"jid": 5}}),
            id="an event with a wrong field",
        ),
        pytest.param(
            frames.encode({"id": 1, "op": "incoming", "tenant": 1, "epoch": 1, "args": {}}),
            id="a question with a missing field",
        ),
    ],
)
async def test_a_worker_that_breaks_the_protocol_loses_the_link(
    start_link: StartLink, bytes_said: bytes
) -> None:
    link = await start_link("says.mjs", environment={"EMDIA_TEST_SAYS": bytes_said.hex()})

    with pytest.raises(SidecarGone) as gone:
        await order(link)

    assert str(gone.value).startswith("protocol error: ")


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
        pytest.param(b"\x00\x00\x00\x02[]", id="not an object"),
        pytest.param(frames.encode({"nothing": "known"}), id="neither call, reply nor event"),
        pytest.param(frames.encode({"re": 5, "ok": {}}), id="a reply to nothing"),
    ],
)
async def test_the_real_worker_ends_when_we_break_the_protocol(bytes_said: bytes) -> None:
    process, ours = await node.spawn({})

    with ours:
        await asyncio.get_running_loop().sock_sendall(ours, bytes_said)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await process.communicate()

    assert 1 == process.returncode


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
