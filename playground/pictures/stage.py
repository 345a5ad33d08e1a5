"""The stage: the whole system between local clouds, and a person who does what a scene says.

Everything is real but the clouds. The clock of the system and the hour of each message stand where
the scene says, so that a picture changes only when its screen does.
"""

import io
import re
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import datetime, time
from pathlib import Path
from types import TracebackType
from typing import Self

import qrcode
import zxingcpp
from PIL import Image

from domain import schedule
from playground import demo
from playground.pictures import sample
from playground.pictures.page import Message, Shot
from playground.pictures.scenes import ClientWrites, Press, Say, Scene, SendFile, Step, Who
from playground.rig import Rig, RigFailed
from playground.telegram import TelegramStandIn
from settings import load as load_settings
from storage import clients
from storage.database import Database
from storage.embedded import EmbeddedPostgres

ZONE = schedule.DEFAULT_ZONE
DAWN = time(4, 55)
FIRST_STRANGER = 560_000_001
ANSWER_SECONDS = 30.0
QUIET_SECONDS = 0.4
DAY_SECONDS = 90.0
# A code to pair with is another each time, and so are the seconds it is good for.
PAIRING = "https://wa.me/settings/linked_devices#"
SAMPLE_CODE = PAIRING + "EmDia/" * 34
SECONDS_LEFT = re.compile(r"\b\d+ (s\b|segundos)")
STEADY_SECONDS = r"20 \1"
# The phones' receipts bear the hour of the real clock, and how fast they came.
STEADY_RECEIPTS = """
UPDATE messages m SET
    sent_at = $2::timestamptz + interval '4 minutes' * o.place,
    delivered_at = $2::timestamptz + interval '4 minutes' * o.place + interval '40 seconds'
FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM messages WHERE tenant_id = $1) o
WHERE m.tenant_id = $1 AND m.id = o.id AND m.delivered_at IS NOT NULL
"""


class Stage:
    """`async with Stage(home) as stage`, then `play` scene after scene."""

    def __init__(self, home: Path, *, business: bool = True) -> None:
        """`business` seeds the owner's; without it there are strangers only."""
        self._now = self._instant(DAWN)
        self._rig = Rig(home, clock=self._now)
        self._rig.telegram = TelegramStandIn(now=lambda: self._now)
        self._business = business
        self._strangers = 0
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start the system and live the sample's day until the first scene."""
        rig = await self._stack.enter_async_context(self._rig)
        try:
            await rig.start()
            await rig.ready()
            if self._business:
                await self._open_business()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End everything."""
        await self._stack.aclose()

    async def play(self, scene: Scene) -> Shot:
        """Do what the scene says; returns what the phone shows then."""
        self._now = self._instant(scene.at)
        await self._rig.move_clock(self._now)
        chat_id = self._chat(scene.who)
        before, toast = self._last_message(chat_id), ""
        for step in scene.steps:
            toast = await self._do(chat_id, step)
        shown = [
            _steady(one)
            for one in await self._messages(chat_id)
            if one["message_id"] > before or one.get("pinned")
        ]
        return Shot(shown, self._now, self._files(shown), toast=toast, dark=scene.dark)

    async def _do(self, chat_id: int, step: Step) -> str:
        """Do one step and wait for what comes of it; returns the toast, if one came."""
        control, toast = self._rig.telegram.control, ""
        seen, wait = max((one["seq"] for one in await self._messages(chat_id)), default=0), 0.0
        match step:
            case Say(text):
                seen = control.say(chat_id, text, sample.OWNER_NAME).seq
                wait = ANSWER_SECONDS
            case SendFile(name, data):
                seen = control.send_file(chat_id, data, name=name).seq
                wait = ANSWER_SECONDS
            case ClientWrites(name, text):
                await self._rig.whatsapp.reply(sample.number_of(name), sample.OWNER_NUMBER, text)
                wait = ANSWER_SECONDS
            case Press(label):
                toast = await self._press(chat_id, label)
                # A toast alone may be all that comes.
                wait = QUIET_SECONDS if toast and not step.shows else ANSWER_SECONDS
        await self._settle(chat_id, seen, wait, step.shows)
        return toast

    async def _settle(self, chat_id: int, seen: int, wait: float, shows: str) -> None:
        """Wait for an answer that holds `shows`, and then until nothing changes any more."""
        waited_for = False
        while True:
            patience = QUIET_SECONDS if waited_for else wait
            seen, changed = await self._rig.telegram.control.look(chat_id, seen, patience)
            answers = [one for one in changed if one["from"] == "bot"]
            if not changed:
                break
            waited_for = waited_for or any(shows in one["html"] for one in answers)
        if not waited_for and wait > QUIET_SECONDS:
            raise RigFailed(f"o bot não mostrou “{shows}”" if shows else "nada mudou na tela")

    async def _press(self, chat_id: int, label: str) -> str:
        """Press the lowest button with this in its label; returns the toast, if one came."""
        control = self._rig.telegram.control
        for message in reversed(await self._messages(chat_id)):
            for button in (one for row in message["buttons"] for one in row):
                if label in button["text"] and "callback_data" in button:
                    pressed = control.press(chat_id, message["message_id"], button["callback_data"])
                    answer = await control.answered(pressed, ANSWER_SECONDS)
                    return str((answer or {}).get("text") or "")
        raise RigFailed(f"não há botão “{label}”")

    async def _messages(self, chat_id: int) -> Sequence[Message]:
        _, changed = await self._rig.telegram.control.look(chat_id)
        visible = (one for one in changed if not one["deleted"])
        return sorted(visible, key=lambda one: int(one["message_id"]))

    def _last_message(self, chat_id: int) -> int:
        chat = self._rig.telegram.world.chats.get(chat_id)
        return max(chat.entries, default=0) if chat else 0

    def _chat(self, who: Who) -> int:
        if who is Who.OWNER:
            return demo.OWNER_CHAT
        self._strangers += 1
        return FIRST_STRANGER + self._strangers

    def _files(self, messages: Sequence[Message]) -> dict[str, bytes]:
        ids = (one[kind] for one in messages for kind in ("photo", "document", "sticker"))
        return {
            one: steady_picture(self._rig.telegram.control.file(one).data) for one in ids if one
        }

    async def _open_business(self) -> None:
        """Sign the owner up, pair, register the clients, and live until the messages are out."""
        rig = self._rig
        await rig.whatsapp.add_phones([sample.OWNER_NUMBER])
        await rig.pair(demo.OWNER_CHAT, sample.OWNER_NAME, sample.OWNER_NUMBER)
        owner = ("--tenant", str(demo.OWNER_CHAT))
        await demo.command(rig, "company", *owner, *sample.COMPANY, *sample.PIX_KEY)
        server = await EmbeddedPostgres.start(load_settings(rig.environment).home)
        self._stack.push_async_callback(server.stop)
        database = await Database.open(server.dsn)
        self._stack.push_async_callback(database.close)
        people = sample.sample_clients()
        async with database.tenant(demo.OWNER_CHAT) as tx:
            await clients.add_many(tx, people, self._now)
        await rig.whatsapp.add_phones(sorted(one.phone.removeprefix("+") for one in people))
        day = sample.TODAY
        await demo.at(rig, database, day, time(5), "verify")
        await demo.at(rig, database, day, time(9), "send")
        await rig.until(lambda: demo.is_over(database, day), DAY_SECONDS, "a fila do dia acabar")
        async with database.tenant(demo.OWNER_CHAT) as tx:
            await tx.execute(STEADY_RECEIPTS, demo.OWNER_CHAT, self._instant(time(9)))

    @staticmethod
    def _instant(moment: time) -> datetime:
        return schedule.instant(sample.TODAY, moment, ZONE).astimezone(ZONE)


def _steady(message: Message) -> Message:
    """The message without what differs from run to run."""
    return {**message, "html": SECONDS_LEFT.sub(STEADY_SECONDS, message["html"])}


def steady_picture(data: bytes) -> bytes:
    """The same picture; a code to pair with becomes one that pairs nothing and never changes."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            read = zxingcpp.read_barcodes(picture.convert("L"))
    except OSError:  # no picture
        return data
    if not any(str(one.text).startswith(PAIRING) for one in read):
        return data
    drawn = io.BytesIO()
    qrcode.make(SAMPLE_CODE, border=4, box_size=6).save(drawn, "PNG")
    return drawn.getvalue()
