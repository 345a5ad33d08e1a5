"""What the bot's tests share: a watched inbox, a scripted tenant, a person, a whole bot."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from actors.charge.standing import Charge
from actors.messages.account import Access, ChatBlocked, GetAccess, SignedUp, SignUp
from actors.messages.home import GetHome, HomeView
from actors.messages.queue import GetToday, TodayView
from actors.messages.whatsapp import (
    ConnectWhatsApp,
    GetWhatsApp,
    GetWhatsAppScreen,
    WhatsAppScreen,
    WhatsAppView,
)
from actors.runtime import Actor, ChildSpec, Clock, Directory, Ref, System, SystemClock, on
from actors.telegram_actor import TelegramActor
from bot.telegram.client import make_bot
from bot.telegram.pace import TELEGRAMS, PaceLimits
from bot.telegram.webhook import Place
from domain.chats import ChatState
from domain.client_list import Figures
from domain.deliveries import Deliveries
from domain.outbox import MessageState
from domain.subscription import Standing
from domain.whatsapp import SessionState
from errors import InvalidInput, StorageUnavailable
from playground.telegram import TelegramStandIn
from playground.telegram_entries import InlineQuery
from settings import PLAYGROUND_TOKEN
from storage.database import Database
from storage.telegram_inbox import StoredInbox
from storage.telegram_updates import OpenUpdate, Turn
from web.server import WebActor
from web.telegram_webhook import TelegramWebhook

CHAT = 5_551_000
PATIENCE_SECONDS = 10.0
TODAY = TodayView(
    date(2026, 11, 24),
    4,
    24,
    {MessageState.QUEUED: 24, MessageState.SENT: 2, MessageState.FAILED: 0},
)


FIGURES = Figures(
    month=date(2026, 11, 24),
    up_to_date=109,
    due_soon=17,
    overdue=22,
    overdue_value=Decimal("1757.80"),
    to_come=Decimal("1358.30"),
    received=Decimal("8709.10"),
    archived=0,
)
HOME = HomeView(
    name="Conecta Bairro",
    today=date(2026, 11, 24),
    standing=Standing.TRIAL,
    ends_on=date(2026, 12, 1),
    paired=False,
    connected=False,
    phone="+5511955500142",
    last_delivered_at=None,
    has_pix=True,
    figures=FIGURES,
)


class WatchedInbox(StoredInbox):
    """The real inbox, with a gate before the work and a connection that can break at a commit."""

    def __init__(self, database: Database, replica: UUID | None = None) -> None:
        self.replica = replica or uuid4()
        super().__init__(database, SystemClock().now, self.replica)
        self.database = database
        self.looked = asyncio.Event()
        self.lose_answers = 0
        self.repeated = asyncio.Event()
        self.gate: asyncio.Event | None = None
        self.begun = asyncio.Event()
        self.order: list[int] = []
        self.calls = Counter(store_update=0, begin=0, close=0)
        self._faults: dict[int, list[str | None]] = {}
        self._closed = asyncio.Condition()

    async def store_update(self, update_id: int, chat_id: int, payload: Mapping[str, Any]) -> bool:
        """Keep it; the answer may get lost although it was kept."""
        self.calls["store_update"] += 1
        new = await super().store_update(update_id, chat_id, payload)
        if not new:
            self.repeated.set()
        if self.lose_answers:
            self.lose_answers -= 1
            raise StorageUnavailable("the connection went while committing")
        return new

    async def unhandled(self, most: int) -> Sequence[OpenUpdate]:
        """Tell who waits for a look at what is open."""
        found = await super().unhandled(most)
        self.looked.set()
        return found

    async def begin(self, chat_id: int, latest: int, in_hand: Sequence[int] = ()) -> Turn | None:
        """Count the attempt, then wait at the gate."""
        self.calls["begin"] += 1
        turn = await super().begin(chat_id, latest, in_hand)
        self.begun.set()
        if self.gate is not None:
            await self.gate.wait()
        return turn

    async def close(
        self, chat_id: int, faults: Mapping[int, str | None], chat: ChatState | None
    ) -> None:
        """Close them, and tell who waits for that."""
        self.calls["close"] += 1
        await super().close(chat_id, faults, chat)
        self.order += faults
        async with self._closed:
            self._faults.setdefault(chat_id, []).extend(faults.values())
            self._closed.notify_all()

    async def all_closed(self, chat_id: int, count: int) -> list[str | None]:
        """Wait until `count` updates of the chat are closed; what was wrong with each."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._closed:
            await self._closed.wait_for(lambda: len(self._faults.get(chat_id, [])) >= count)
        return self._faults[chat_id]


@dataclass
class Script:
    """How the tenants behave, and what reached them."""

    connected: bool = False
    whatsapp: SessionState = SessionState.PAIRING
    created: bool = True
    crash: bool = False
    refusal: str | None = None
    line_opens: asyncio.Event | None = None
    today: TodayView = TODAY
    home: HomeView = HOME
    standing: Standing | None = Standing.TRIAL
    heard: list[tuple[int, object]] = field(default_factory=list)
    blocked: asyncio.Event = field(default_factory=asyncio.Event)


class ScriptedTenant(Actor):
    """A tenant that does what its script says."""

    def __init__(self, tenant_id: int, script: Script) -> None:
        self._tenant_id = tenant_id
        self._script = script

    @on(GetAccess)
    async def get_access(self, _message: GetAccess) -> Access:
        """Answer with the scripted standing."""
        return Access(self._script.standing)

    @on(GetHome)
    async def get_home(self, message: GetHome) -> HomeView:
        """Answer with the scripted figures."""
        self._hear(message)
        return self._script.home

    @on(SignUp)
    async def sign_up(self, message: SignUp) -> SignedUp:
        """Answer with the scripted account."""
        self._hear(message)
        self._script.standing = Standing.TRIAL
        return SignedUp(self._script.created, self._script.connected)

    @on(GetWhatsApp)
    async def get_whatsapp(self, message: GetWhatsApp) -> WhatsAppView:
        """Answer with the scripted state."""
        return self._whatsapp(message)

    @on(ConnectWhatsApp)
    async def connect_whatsapp(self, message: ConnectWhatsApp) -> WhatsAppView:
        """Answer with the scripted state, once the line may open."""
        if self._script.line_opens is not None:
            await self._script.line_opens.wait()
        return self._whatsapp(message)

    @on(GetToday)
    async def get_today(self, message: GetToday) -> TodayView:
        """Answer with the scripted day."""
        self._hear(message)
        return self._script.today

    @on(ChatBlocked)
    async def chat_blocked(self, message: ChatBlocked) -> None:
        """Note it."""
        self._script.heard.append((self._tenant_id, message))
        self._script.blocked.set()

    def _hear(self, message: object) -> None:
        self._script.heard.append((self._tenant_id, message))
        if self._script.refusal is not None:
            raise InvalidInput(self._script.refusal)
        if self._script.crash:
            raise RuntimeError("the script says so")

    def _whatsapp(self, message: object) -> WhatsAppView:
        self._hear(message)
        connected = self._script.connected
        phone = "+5511987654321" if connected else None
        return WhatsAppView(self._script.whatsapp, connected, phone)

    @on(GetWhatsAppScreen)
    async def get_whatsapp_screen(self, message: GetWhatsAppScreen) -> WhatsAppScreen:
        """Answer with the scripted state, and no figures."""
        return WhatsAppScreen(
            view=self._whatsapp(message),
            now=datetime(2026, 11, 24, 10, 42, tzinfo=UTC),
            deliveries=Deliveries(),
            sent_today=0,
            missing=(),
            missing_total=0,
            waiting=0,
        )


@asynccontextmanager
async def running_bot(  # noqa: PLR0913 - what a test may choose
    stand_in: TelegramStandIn,
    inbox: WatchedInbox,
    script_of: Callable[[int], Script],
    place: Place | None = None,
    clock: Clock | None = None,
    *,
    charge: Charge | None = None,
    limits: PaceLimits = TELEGRAMS,
) -> AsyncIterator[tuple[Ref, System]]:
    """The whole incoming and outgoing side of the bot over real HTTP: its actor, and its system.

    Its updates are fetched, or brought to `place`, where it listens then.
    """
    started: list[Ref] = []
    tenants = Directory(lambda tenant_id: ScriptedTenant(tenant_id, script_of(tenant_id)))

    class Root(Actor):
        async def started(self) -> None:
            await self.context.start_child(tenants.spec())
            started.append(await self.context.start_child(ChildSpec("telegram", telegram)))
            if place is not None:
                await self.context.start_child(ChildSpec("web", lambda: door(place)))

    def telegram() -> Actor:
        return TelegramActor(client, inbox, tenants, place=place, charge=charge, limits=limits)

    def client() -> Any:
        return make_bot(PLAYGROUND_TOKEN, stand_in.api)

    def door(place: Place) -> WebActor:
        port = urlsplit(place.address).port or 0
        webhook = TelegramWebhook(place.secret, lambda: started[0])
        return WebActor("127.0.0.1", port, no_checks, webhook=webhook)

    async def no_checks() -> dict[str, bool]:
        return {}

    random = Random(7)  # noqa: S311 - jitter
    async with System(clock=clock or SystemClock(), random=random) as system:
        await system.start(ChildSpec("root", Root))
        yield started[0], system


class Person:
    """Someone at the other end of a chat, who remembers how far they have read."""

    def __init__(self, stand_in: TelegramStandIn, chat_id: int = CHAT) -> None:
        self.stand_in = stand_in
        self.chat_id = chat_id
        self._read = 0
        self._known: dict[int, Mapping[str, Any]] = {}
        self._search: InlineQuery | None = None

    def say(self, text: str, first_name: str = "Maria") -> None:
        """Write to the bot."""
        self.stand_in.control.say(self.chat_id, text, first_name)

    async def read(self) -> dict[str, Any]:
        """Return the next thing that the bot wrote, changed or took away.

        That an older screen loses its buttons is not worth reading: see `left`.
        """
        while True:
            message = await self._next()
            before = self._known.get(message["message_id"])
            self._known[message["message_id"]] = message
            by_bot = message["from"] == "bot" and not message["service"]
            if by_bot and not _only_left(before, message):
                return message

    async def left(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Wait until a message has lost its buttons, and nothing else; how it looks then."""
        while True:
            _, seen = await self.stand_in.control.look(self.chat_id)
            (now,) = (one for one in seen if one["message_id"] == message["message_id"])
            if _only_left(message, now):
                return now
            last = max(one["seq"] for one in seen)
            _, more = await self.stand_in.control.look(self.chat_id, last, PATIENCE_SECONDS)
            assert more, "the message keeps its buttons"

    async def gone(self, message: Mapping[str, Any]) -> None:
        """Read on until a message was taken away."""
        while True:
            found = await self.read()
            if found["message_id"] == message["message_id"] and found["deleted"]:
                return

    async def _next(self) -> dict[str, Any]:
        _, messages = await self.stand_in.control.look(self.chat_id, self._read, PATIENCE_SECONDS)
        assert messages, "the bot said nothing more"
        self._read = messages[0]["seq"]
        return messages[0]

    def sees(self) -> list[dict[str, Any]]:
        """Return the chat as it looks now, the oldest message first."""
        return self.stand_in.control.record(self.chat_id)

    def typing_box(self) -> dict[str, Any]:
        """Return what lies around the typing box: `keyboard`, `placeholder`, `reply_to`."""
        return self.stand_in.control.typing_box(self.chat_id)

    async def press(self, message: Mapping[str, Any], label: str) -> dict[str, Any] | None:
        """Press the button that reads `label`; the bot's answer to the press."""
        data = buttons(message)[label]
        query = self.stand_in.control.press(self.chat_id, message["message_id"], data)
        return await self.stand_in.control.answered(query, PATIENCE_SECONDS)

    async def press_old(self, message: Mapping[str, Any], data: str) -> dict[str, Any] | None:
        """Press a button that may not be there any more."""
        query = self.stand_in.control.press(self.chat_id, message["message_id"], data, force=True)
        return await self.stand_in.control.answered(query, PATIENCE_SECONDS)

    async def search(self, text: str, chat_type: str = "sender") -> dict[str, Any]:
        """Type `text` after the bot's name; the bot's answer, with `results`."""
        self._search = self.stand_in.control.inline(self.chat_id, text, chat_type=chat_type)
        answer = await self.stand_in.control.answered(self._search, PATIENCE_SECONDS)
        assert answer is not None, "the bot found nothing to say"
        return answer

    def choose(self, result: Mapping[str, Any]) -> None:
        """Take one of the results of the last search."""
        assert self._search is not None, "nothing was searched"
        self.stand_in.control.choose(self._search, result["id"])

    def share(self, phone: str, first_name: str, last_name: str | None = None) -> None:
        """Share someone from the address book."""
        self.stand_in.control.share_contact(self.chat_id, phone, first_name, last_name)

    def share_own_number(self, phone: str) -> None:
        """Press the button that asks for one's own number."""
        self.stand_in.control.share_own_number(self.chat_id, phone)

    def send_file(
        self, data: bytes, name: str = "arquivo", kind: str = "document", caption: str = ""
    ) -> None:
        """Send a file."""
        self.stand_in.control.send_file(self.chat_id, data, kind=kind, name=name, caption=caption)

    def document(self, message: Mapping[str, Any]) -> bytes:
        """Return the file of a message."""
        return self.stand_in.control.file(message["document"]).data

    def picture(self, message: Mapping[str, Any]) -> bytes:
        """Return the picture of a message."""
        return self.stand_in.control.file(message["photo"]).data


def buttons(message: Mapping[str, Any]) -> dict[str, str]:
    """Return the buttons of a message: label → data."""
    return {one["text"]: one.get("callback_data", "") for row in message["buttons"] for one in row}


def _only_left(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> bool:
    """Whether a message differs by the buttons only that it has no more."""
    if before is None or not before["buttons"] or now["buttons"]:
        return False
    return all(before[part] == now[part] for part in ("text", "caption", "photo", "deleted"))
