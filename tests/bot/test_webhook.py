"""Telegram brings its updates: each is safe before it is taken, and handled once, in order (I4)."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

import aiohttp
import orjson
import pytest
from aiogram import Bot
from prometheus_client import REGISTRY, Gauge
from structlog.testing import capture_logs

from actors.messages.queue import GetToday
from actors.runtime import SystemClock
from bot.telegram.client import make_bot
from bot.telegram.dispatch import COMMANDS, UPDATE_KINDS
from bot.telegram.intake import Telegram
from bot.telegram.keeping import Keeper
from bot.telegram.pace import Pace
from bot.telegram.webhook import MAX_CONNECTIONS, MOST_NOT_WOKEN, Place, Webhook
from bot.ui.words import UNEXPECTED
from errors import ActorStopped, WebhookRefused
from playground.rig import free_port
from playground.telegram import TelegramStandIn
from playground.telegram_entries import Query
from settings import PLAYGROUND_TOKEN
from storage.database import Database, Limits
from telemetry import WEBHOOK_LAST_ERROR, WEBHOOK_PENDING
from tests.black_hole import BlackHole
from tests.bot.support import CHAT, PATIENCE_SECONDS, Person, Script, WatchedInbox, running_bot
from tests.unit.actors.support import outcome
from web.telegram_webhook import MOST_BODY_BYTES, SECRET_HEADER, TelegramWebhook

SECRET = "of-the-webhook"  # noqa: S105 - worthless anywhere else
HELP = "Como o EmDia funciona"
MESSAGE = {"chat": {"id": CHAT}}  # malformed: closed at once, with nobody answered


@dataclass
class Door:
    """A running bot's door, as anybody on the network sees it."""

    place: Place
    http: aiohttp.ClientSession = field(repr=False)

    async def post(self, body: object, **headers: str) -> int:
        """Bring a body as Telegram does, or with other headers; the status of the answer."""
        shown = {SECRET_HEADER: SECRET} | headers
        async with self.http.post(self.place.address, data=body, headers=shown) as answer:
            return answer.status

    async def bring(self, update: object) -> int:
        """Bring an update."""
        return await self.post(orjson.dumps(update))


def outcomes() -> dict[str, float]:
    """What became of all that ever came to a door."""
    name = "emdia_telegram_webhook_requests_total"
    (metric,) = (one for one in REGISTRY.collect() if one.name == name.removesuffix("_total"))
    return {one.labels["outcome"]: one.value for one in metric.samples if one.name == name}


def days_asked(script: Script) -> int:
    return sum(isinstance(message, GetToday) for _, message in script.heard)


def press(query_id: str, **rest: object) -> dict[str, Any]:
    return {"id": query_id, "from": {"id": CHAT}, **rest}


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


@pytest.fixture
def place() -> Place:
    return Place(f"http://127.0.0.1:{free_port()}/webhooks/telegram", SECRET)


@pytest.fixture
async def door(place: Place) -> AsyncIterator[Door]:
    async with aiohttp.ClientSession() as http:
        yield Door(place, http)


@pytest.fixture
async def telegram(
    stand_in: TelegramStandIn, inbox: WatchedInbox, script: Script, place: Place
) -> AsyncIterator[None]:
    """The bot, running, and Telegram knowing where."""
    async with running_bot(stand_in, inbox, lambda _: script, place):
        assert await stand_in.until_hooked(PATIENCE_SECONDS)
        yield


# What Telegram brings


@pytest.mark.usefixtures("telegram")
async def test_what_telegram_brings_is_answered(maria: Person) -> None:
    maria.say("/ajuda")

    assert HELP in (await maria.read())["text"]


@pytest.mark.parametrize("kind", ["twice", "lose_answer"])
@pytest.mark.usefixtures("telegram")
async def test_an_update_brought_again_is_handled_once(
    maria: Person, script: Script, inbox: WatchedInbox, kind: str
) -> None:
    maria.stand_in.control.order({"kind": kind, "method": "webhook"})
    maria.say("/hoje")
    await maria.read()
    await asyncio.wait_for(inbox.repeated.wait(), PATIENCE_SECONDS)
    maria.say("/menu")
    await maria.read()

    assert (1, [None, None]) == (days_asked(script), await inbox.all_closed(CHAT, 2))


@pytest.mark.usefixtures("telegram")
async def test_what_comes_the_last_first_is_answered_in_order(
    maria: Person, inbox: WatchedInbox
) -> None:
    maria.say("/menu")
    await maria.read()
    maria.stand_in.control.order({"kind": "out_of_order", "method": "webhook", "count": 4})
    for _ in range(2):
        maria.say("/ajuda")
        maria.say("/menu")
    await inbox.all_closed(CHAT, 5)

    assert sorted(inbox.order) == inbox.order


@pytest.mark.usefixtures("telegram")
async def test_two_hundred_at_once_keep_their_order(door: Door, inbox: WatchedInbox) -> None:
    numbers = list(range(1000, 1200))
    Random(7).shuffle(numbers)  # noqa: S311 - an order, reproducibly
    brought = [door.bring({"update_id": number, "message": MESSAGE}) for number in numbers]
    statuses = set(await asyncio.gather(*brought))
    await inbox.all_closed(CHAT, 200)

    assert ({200}, list(range(1000, 1200))) == (statuses, inbox.order)


# What is nobody's


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param("of-the-webhooc", id="forged"),
        pytest.param("", id="empty"),
        pytest.param(SECRET[:-1], id="too short"),
        pytest.param(SECRET + "k", id="too long"),
        pytest.param(SECRET.upper(), id="in capitals"),
        pytest.param("é" * len(SECRET), id="no letters of ours"),
    ],
)
@pytest.mark.usefixtures("telegram")
async def test_who_does_not_know_the_secret_is_sent_away(
    door: Door, inbox: WatchedInbox, shown: str
) -> None:
    before = outcomes().get("forged", 0)
    update = orjson.dumps({"update_id": 1, "message": MESSAGE})
    status = await door.post(update, **{SECRET_HEADER: shown})
    async with inbox.database.tenant(CHAT) as tx:
        kept = await tx.fetchval("SELECT count(*) FROM telegram_updates")

    assert (403, before + 1, 0) == (status, outcomes()["forged"], kept)


@pytest.mark.parametrize(
    "head", [b"", b"X-Telegram-Bot-Api-Secret-Token: of-the-webhook\r\n" * 2], ids=["none", "two"]
)
@pytest.mark.usefixtures("telegram")
async def test_who_is_sent_away_need_not_say_any_of_the_body(place: Place, head: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(place.address[17:22]))
    writer.write(
        b"POST /webhooks/telegram HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Length: 99999999\r\n" + head + b"\r\n"
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        line = await reader.readline()
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()

    assert line == b"HTTP/1.1 403 Forbidden\r\n"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
@pytest.mark.usefixtures("telegram")
async def test_there_is_no_other_way_in(door: Door, method: str) -> None:
    async with door.http.request(method, door.place.address) as answer:
        assert (405, "POST") == (answer.status, answer.headers["Allow"])


# What cannot be read


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{", id="half"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b"null", id="null"),
        pytest.param(b"\xff\xfe{}", id="no text"),
        pytest.param(b"{}", id="no number"),
        pytest.param(b'{"update_id": "1"}', id="a number in words"),
        pytest.param(b'{"update_id": 1.0}', id="a fraction"),
        pytest.param(b'{"update_id": true}', id="a truth"),
        pytest.param(b'{"update_id": NaN}', id="no number at all"),
        pytest.param(b'{"update_id": 9223372036854775808}', id="a number too large"),
        pytest.param(b'{"update_id": ' + b"9" * 5000 + b"}", id="a number beyond all"),
        pytest.param(nested(200_000), id="endlessly nested"),
    ],
)
@pytest.mark.usefixtures("telegram")
async def test_what_nobody_can_read_does_not_come_again(
    door: Door, maria: Person, body: bytes
) -> None:
    before = outcomes().get("unreadable", 0)
    status = await door.post(body)
    maria.say("/ajuda")

    assert (200, before + 1) == (status, outcomes()["unreadable"])
    assert HELP in (await maria.read())["text"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(rb'{"chat": {"id": 5551000}, "text": "a\u0000b"}', id="NUL"),
        pytest.param(rb'{"chat": {"id": 5551000}, "text": "\ud800"}', id="half a letter"),
        pytest.param(b'{"chat": {"id": 5551000}, "text": NaN}', id="no number"),
        pytest.param(b'{"chat": {"id": 5551000}, "text": 1e999}', id="infinity"),
        pytest.param(b'{"chat": {"id": 5551000}, "date": 99999999999999999999}', id="too large"),
        pytest.param(b'{"chat": {"id": 5551000}, "x": ' + nested(400) + b"}", id="nested"),
        pytest.param(b'{"chat": {"id": 5551000}, "x": ' + nested(900) + b"}", id="very nested"),
        pytest.param(b'{"chat": {"id": 5551000}, "x": {"' + b"k" * 900_000 + b'": 1}}', id="long"),
        pytest.param(b'{"chat": {"id": 5551000, "id": 5551000}}', id="said twice"),
    ],
)
@pytest.mark.usefixtures("telegram")
async def test_what_no_database_takes_is_closed_and_the_next_one_answered(
    door: Door, maria: Person, inbox: WatchedInbox, content: bytes
) -> None:
    status = await door.post(b'{"update_id": 7, "message": ' + content + b"}")
    (fault,) = await inbox.all_closed(CHAT, 1)
    maria.say("/ajuda")

    assert (200, "malformed") == (status, (fault or "").partition(":")[0])
    assert HELP in (await maria.read())["text"]


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param({}, id="fields are missing"),
        pytest.param({"data": 10**19, "chat_instance": "1"}, id="it cannot be stored"),
    ],
)
@pytest.mark.usefixtures("telegram")
async def test_a_press_that_cannot_be_read_is_answered_all_the_same(
    door: Door, maria: Person, rest: dict[str, Any]
) -> None:
    query = maria.stand_in.world.queries["odd"] = Query("odd")
    # Not by orjson, which writes no number as large as that.
    update = {"update_id": 7, "callback_query": press(query.query_id, **rest)}
    status = await door.post(json.dumps(update))
    answer = await maria.stand_in.control.answered(query, PATIENCE_SECONDS)

    assert (200, UNEXPECTED) == (status, (answer or {}).get("text"))


# Bodies in every shape


async def _pieces(update: dict[str, Any]) -> AsyncIterator[bytes]:
    """A body that comes bit by bit, and says nowhere how long it is."""
    for byte in orjson.dumps(update):
        yield bytes([byte])
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("shape", "headers"),
    [
        pytest.param(_pieces, {}, id="in pieces"),
        pytest.param(orjson.dumps, {"Content-Type": "text/plain"}, id="as text"),
        pytest.param(orjson.dumps, {"Content-Type": "image/png; charset=x"}, id="as a picture"),
        pytest.param(orjson.dumps, {"Expect": "100-continue"}, id="asking first"),
    ],
)
@pytest.mark.usefixtures("telegram")
async def test_a_body_is_read_however_it_comes(
    door: Door, inbox: WatchedInbox, shape: Callable[[object], object], headers: dict[str, str]
) -> None:
    status = await door.post(shape({"update_id": 1, "message": MESSAGE}), **headers)

    assert (200, 1) == (status, len(await inbox.all_closed(CHAT, 1)))


async def _endless() -> AsyncIterator[bytes]:
    with suppress(ConnectionError):
        for _ in range(2 * MOST_BODY_BYTES // 1024):
            yield b" " * 1024


@pytest.mark.parametrize(
    "make",
    [lambda: io.BytesIO(b" " * (MOST_BODY_BYTES + 1)), _endless],
    ids=["announced", "in pieces"],
)
@pytest.mark.usefixtures("telegram")
async def test_a_body_larger_than_any_update_is_not_read(
    door: Door, make: Callable[[], object]
) -> None:
    before = outcomes().get("too_large", 0)
    status = await door.post(make())

    assert (413, before + 1) == (status, outcomes()["too_large"])


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"Content-Length: 100\r\n\r\n{", id="and hangs up"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", id="and hangs up between"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n", id="in no pieces"),
        pytest.param(b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", id="not packed"),
    ],
)
@pytest.mark.usefixtures("telegram")
async def test_half_a_body_is_no_update_and_no_fault_of_ours(
    place: Place, maria: Person, inbox: WatchedInbox, said: bytes
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", int(place.address[17:22]))
    head = f"POST /webhooks/telegram HTTP/1.1\r\nHost: localhost\r\n{SECRET_HEADER}: {SECRET}\r\n"
    with capture_logs() as logs:
        writer.write(head.encode() + said)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        maria.say("/ajuda")
        await maria.read()

    assert [] == [line for line in logs if line["log_level"] == "error"]
    assert [None] == await inbox.all_closed(CHAT, 1)


# Who keeps it is away


async def test_what_is_not_kept_is_brought_again(
    dsn: str, stand_in: TelegramStandIn, maria: Person, script: Script, door: Door
) -> None:
    limits = Limits(connect_seconds=0.2, acquire_seconds=0.2, command_seconds=0.2)
    async with BlackHole(dsn) as hole:
        database = await Database.open(hole.dsn, limits=limits)
        inbox = WatchedInbox(database)
        async with running_bot(stand_in, inbox, lambda _: script, door.place):
            assert await stand_in.until_hooked(PATIENCE_SECONDS)
            before = outcomes().get("not_kept", 0)
            hole.swallow()
            status = await door.bring({"update_id": 1, "message": MESSAGE})
            maria.say("/hoje")
            async with asyncio.timeout(PATIENCE_SECONDS):
                while outcomes()["not_kept"] < before + 2:  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.01)
            hole.let_go()
            message = await maria.read()
            await inbox.all_closed(CHAT, 1)
        await database.close()

    assert (503, 1) == (status, days_asked(script))
    assert "Fila de hoje" in message["text"]


@pytest.mark.usefixtures("telegram")
async def test_an_update_kept_by_a_write_that_seemed_to_fail_is_handled_once(
    maria: Person, script: Script, inbox: WatchedInbox
) -> None:
    inbox.lose_answers = 1
    maria.say("/hoje")
    await maria.read()
    await inbox.all_closed(CHAT, 1)

    assert days_asked(script) == 1


async def test_while_nobody_is_there_to_keep_it_telegram_is_told_to_come_again() -> None:
    def nobody() -> Any:
        raise ActorStopped("telegram", "there is no tree yet")

    app = aiohttp.web.Application()
    TelegramWebhook(SECRET, nobody).add_to(app)
    runner = aiohttp.web.AppRunner(app)
    await runner.setup()
    await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/webhooks/telegram"
    async with (
        aiohttp.ClientSession(headers={SECRET_HEADER: SECRET}) as http,
        http.post(address, data=b'{"update_id": 1}') as answer,
    ):
        told = answer.status, answer.headers["Retry-After"]
    await runner.cleanup()

    assert (503, "2") == told


async def test_what_is_taken_while_the_bot_ends_is_safe(
    stand_in: TelegramStandIn, script: Script, inbox: WatchedInbox, door: Door
) -> None:
    async with running_bot(stand_in, inbox, lambda _: script, door.place) as (_, system):
        assert await stand_in.until_hooked(PATIENCE_SECONDS)
        bringing = [
            asyncio.create_task(outcome(door.bring({"update_id": number, "message": MESSAGE})))
            for number in range(100)
        ]
        await asyncio.wait(bringing, return_when=asyncio.FIRST_COMPLETED)
        await system.stop()
        answers = await asyncio.gather(*bringing)
    async with inbox.database.tenant(CHAT) as tx:
        kept = {row[0] for row in await tx.fetch("SELECT update_id FROM telegram_updates")}

    assert {number for number, status in enumerate(answers) if status == 200} <= kept
    assert 200 in answers


# What Telegram is told


@pytest.mark.usefixtures("telegram")
async def test_telegram_is_told_where_how_many_at_once_and_what(
    stand_in: TelegramStandIn, place: Place
) -> None:
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        info = await bot.get_webhook_info()

    assert (place.address, MAX_CONNECTIONS, set(UPDATE_KINDS)) == (
        info.url,
        info.max_connections,
        set(info.allowed_updates or ()),
    )


async def test_the_address_outlives_the_bot_and_what_is_said_meanwhile_waits(
    stand_in: TelegramStandIn, maria: Person, script: Script, inbox: WatchedInbox, place: Place
) -> None:
    async with running_bot(stand_in, inbox, lambda _: script, place):
        maria.say("/menu")
        await maria.read()
    maria.say("/ajuda")
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        left = (await bot.get_webhook_info()).url
    async with running_bot(stand_in, inbox, lambda _: script, place):
        said = (await maria.read())["text"]

    assert place.address == left
    assert HELP in said


async def test_a_bot_that_polls_takes_over_what_waits(
    stand_in: TelegramStandIn, maria: Person, script: Script, inbox: WatchedInbox, place: Place
) -> None:
    async with running_bot(stand_in, inbox, lambda _: script, place):
        assert await stand_in.until_hooked(PATIENCE_SECONDS)
    maria.say("/ajuda")
    async with running_bot(stand_in, inbox, lambda _: script):
        assert HELP in (await maria.read())["text"]


@pytest.mark.parametrize("kind", ["drop", "error", "flood", "lose_answer"])
async def test_telegram_is_told_however_long_it_is_away(
    maria: Person, script: Script, inbox: WatchedInbox, place: Place, kind: str
) -> None:
    maria.stand_in.control.order({"kind": kind, "method": "setWebhook", "count": 2})
    async with running_bot(maria.stand_in, inbox, lambda _: script, place, Hurried()):
        maria.say("/ajuda")

        assert HELP in (await maria.read())["text"]


class Hurried(SystemClock):
    """A clock that waits a thousandth of what it is told."""

    def monotonic(self) -> float:
        """A thousand seconds for each."""
        return super().monotonic() * 1000

    async def sleep(self, seconds: float) -> None:
        """Wait a thousandth."""
        await super().sleep(seconds / 1000)


async def test_an_address_that_another_process_took_away_is_set_again(
    stand_in: TelegramStandIn, maria: Person, script: Script, inbox: WatchedInbox, place: Place
) -> None:
    async with running_bot(stand_in, inbox, lambda _: script, place, Hurried()):
        assert await stand_in.until_hooked(PATIENCE_SECONDS)
        async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as other:
            await other.delete_webhook()
        maria.say("/ajuda")

        assert HELP in (await maria.read())["text"]


async def test_a_secret_that_another_process_changed_is_set_again(
    stand_in: TelegramStandIn, maria: Person, script: Script, inbox: WatchedInbox, place: Place
) -> None:
    async with running_bot(stand_in, inbox, lambda _: script, place, Hurried()):
        maria.say("/menu")
        await maria.read()
        async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as other:
            await other.set_webhook(place.address, secret_token="stale")  # noqa: S106 - as above
        maria.say("/ajuda")

        assert HELP in (await maria.read())["text"]


async def test_a_poller_that_finds_a_webhook_on_for_long_switches_it_off(
    stand_in: TelegramStandIn, maria: Person, script: Script, inbox: WatchedInbox, place: Place
) -> None:
    async with running_bot(stand_in, inbox, lambda _: script, clock=Hurried()):
        assert await stand_in.until_polled(PATIENCE_SECONDS)
        async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as other:
            await other.set_webhook(place.address)  # and nobody listens there
        maria.say("/ajuda")

        assert HELP in (await maria.read())["text"]


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://bot.example:8080/x", "Webhook can be set up only on ports"),
        ("https://bot.example/x", "Failed to resolve host: Name or service not known"),
        ("https://10.0.0.1/x", "IP address 10.0.0.1 is reserved"),
    ],
)
async def test_an_address_that_telegram_does_not_take_ends_it_in_one_sentence(
    stand_in: TelegramStandIn, inbox: WatchedInbox, address: str, reason: str
) -> None:
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        webhook = make_webhook(bot, Place(address, SECRET), inbox)
        with pytest.raises(WebhookRefused) as caught:
            await webhook.run()

    assert f"“{reason}" in caught.value.sentence
    assert "EMDIA_PUBLIC_URL" in caught.value.sentence


async def test_who_does_not_run_keeps_without_end(inbox: WatchedInbox) -> None:
    bot = make_bot(PLAYGROUND_TOKEN, "http://127.0.0.1:9")
    webhook = make_webhook(bot, Place("http://127.0.0.1:9/x", SECRET), inbox)
    count = MOST_NOT_WOKEN + 100
    for first in range(0, count, 100):
        numbers = range(first, first + 100)
        await asyncio.gather(*(webhook.take(one, {"message": MESSAGE}) for one in numbers))
    async with inbox.database.tenant(CHAT) as tx:
        kept = await tx.fetchval("SELECT count(*) FROM telegram_updates")

    assert count == kept


async def test_what_telegram_says_of_its_bringing_is_seen_in_a_scrape(
    maria: Person, inbox: WatchedInbox, place: Place
) -> None:
    moving = {WEBHOOK_PENDING: 1.0, WEBHOOK_LAST_ERROR: maria.stand_in.world.now().timestamp()}
    async with make_bot(PLAYGROUND_TOKEN, maria.stand_in.api) as bot:
        running = asyncio.create_task(make_webhook(bot, place, inbox).run())
        maria.say("/ajuda")  # and nobody listens
        async with asyncio.timeout(PATIENCE_SECONDS):
            while any(value_of(metric) < least for metric, least in moving.items()):
                await bot.get_webhook_info()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def value_of(metric: Gauge) -> float:
    """What a scrape would say."""
    (family,) = metric.collect()
    (sample,) = family.samples
    return sample.value


def make_webhook(bot: Bot, place: Place, inbox: WatchedInbox) -> Webhook:
    """One that nobody runs, and that wakes nobody."""
    clock, random = Hurried(), Random(7)  # noqa: S311 - jitter
    return Webhook(
        place,
        Telegram(bot, Pace(clock, random).insist, UPDATE_KINDS, COMMANDS),
        Keeper(inbox),
        never_woken,
        spawn=lambda work, name: asyncio.create_task(work, name=name),
        clock=clock,
        random=random,
    )


async def never_woken(_chat_id: int, _update_id: int) -> None:
    raise AssertionError
