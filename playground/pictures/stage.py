"""The stage: the whole system between local clouds, and a person who does what a scene says.

Everything is real but the clouds. The clock of the system and the hour of each message stand where
the scene says, so that a picture changes only when its screen does.
"""

import asyncio
import io
import re
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import zxingcpp
from PIL import Image

from bot.screens.whatsapp.qr import draw_qr
from domain import schedule
from playground import demo
from playground.pictures import platform, sample
from playground.pictures.business import Steady, open_business
from playground.pictures.page import Message, Shot
from playground.pictures.steps import (
    Hear,
    Kick,
    LookBack,
    Pay,
    Press,
    Say,
    Scan,
    Scene,
    Search,
    SendFile,
    ShareContact,
    Step,
    Who,
)
from playground.rig import Rig, RigFailed, read_qr
from playground.telegram import TelegramStandIn

ZONE = schedule.DEFAULT_ZONE
DAWN = time(4, 55)
FIRST_STRANGER = 560_000_001
FIRST_PAYMENT = 131_000_000_001  # it is in the code to pay, so in the picture of it
ANSWER_SECONDS = 30.0
QUIET_SECONDS = 0.4
TOAST_SECONDS = 2.0  # a toast alone may be all that comes
LAST_SECONDS = 3.0
# A code to pair with is another each time, and so are the seconds it is good for.
PAIRING = "https://wa.me/settings/linked_devices#"
SAMPLE_CODE = PAIRING + "EmDia/" * 34
BAN, BAN_SECONDS = 402, 86_400
# A code to type is another each time, too.
TYPED_CODE = re.compile(r"<code>[0-9A-Z]{4}-[0-9A-Z]{4}</code>")
STEADY_CODE = "<code>EMDI-2026</code>"
# WhatsApp's own hour is the real one.
TAKEN_AT = re.compile(r"(recebeu o teste às) \d\d:\d\d")
SECONDS_LEFT = re.compile(r"\b\d+ (s\b|segundos)")
STEADY_SECONDS = r"20 \1"


class Stage:
    """`async with Stage(home) as stage`, then `play` scene after scene."""

    def __init__(self, home: Path, *, business: bool = True) -> None:
        """`business` seeds the owner's; without it there are strangers only."""
        self._now = self._instant(sample.TODAY if not business else sample.FIRST_DAY, DAWN)
        self._rig = Rig(home, clock=self._now, first_payment=FIRST_PAYMENT)
        self._rig.telegram = TelegramStandIn(now=lambda: self._now)
        self._rig.admin_chat = platform.ADMIN_CHAT if business else None
        self._business = business
        self._steady_receipts: Steady | None = None
        self._strangers = 0
        self._last_chat = demo.OWNER_CHAT
        self._typed = ""
        self._found: Sequence[tuple[str, str]] = ()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start the system and live the sample's day until the first scene."""
        rig = await self._stack.enter_async_context(self._rig)
        try:
            await rig.start()
            await rig.ready()
            if self._business:
                self._steady_receipts = await open_business(self._rig, self._stack, self._be_at)
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
        await self._be_at(sample.TODAY + timedelta(days=scene.days), scene.at)
        if self._steady_receipts is not None:
            await self._steady_receipts()
        chat_id = self._chat(scene.who)
        messages = await self._messages(chat_id)
        alive = max((one["message_id"] for one in messages if one["buttons"]), default=0)
        first = alive if scene.who is Who.SAME else self._last_message(chat_id) + 1
        toast, self._found, self._typed = "", (), ""
        for step in scene.steps:
            toast = await self._do(chat_id, step)
        await self._settle_down(chat_id, first)
        shown = [*map(_steady, await self._shown(chat_id, first, scene.steps[-1]))]
        return Shot(
            shown,
            self._now,
            self._files(shown),
            toast=toast,
            dark=scene.dark,
            found=self._found,
            typed=self._typed,
            keys=self._rig.telegram.control.typing_box(chat_id)["keyboard"] or (),
        )

    async def _shown(self, chat_id: int, first: int, last_step: Step) -> list[Message]:
        """The messages from `first` on, or the one that was looked for further up."""
        messages = await self._messages(chat_id)
        if isinstance(last_step, LookBack):
            held = [one for one in messages if last_step.shows in one["html"]]
            return held[-1:]
        return [one for one in messages if one["message_id"] >= first or one.get("pinned")]

    async def _do(self, chat_id: int, step: Step) -> str:
        """Do one step and wait for what comes of it; returns the toast, if one came."""
        control, toast = self._rig.telegram.control, ""
        seen, wait = max((one["seq"] for one in await self._messages(chat_id)), default=0), 0.0
        asked = 0
        match step:
            case Say(text):
                asked = control.say(chat_id, text, sample.OWNER_NAME).message_id
                wait = ANSWER_SECONDS
            case SendFile(name, data):
                asked = control.send_file(chat_id, data, name=name).message_id
                wait = ANSWER_SECONDS
            case ShareContact(phone, ""):
                asked = control.share_own_number(chat_id, phone).message_id
                wait = ANSWER_SECONDS
            case ShareContact(phone, name):
                asked = control.share_contact(chat_id, phone, name).message_id
                wait = ANSWER_SECONDS
            case Scan() | Hear() | Kick() | Pay():
                await self._elsewhere(chat_id, step)
                wait = ANSWER_SECONDS
            case Search(text):
                await self._search(chat_id, text)
            case LookBack():
                pass
            case Press(label):
                toast, asked = await self._press(chat_id, label)
                wait = TOAST_SECONDS if toast and not step.shows else ANSWER_SECONDS
        await self._settle(chat_id, seen, wait, step.shows, asked)
        return toast

    async def _elsewhere(self, chat_id: int, step: Scan | Hear | Kick | Pay) -> None:
        """What happens on WhatsApp or in a bank, and shows in the chat."""
        match step:
            case Pay():
                self._rig.mercado_pago.control.pay_code(await self._code(chat_id))
            case Scan(number):
                await self._scan(chat_id, number)
            case Hear():
                await self._hear(step)
            case Kick(number, code):
                await self._rig.whatsapp.kick(number, code, BAN_SECONDS if code == BAN else None)

    async def _hear(self, said: Hear) -> None:
        facts = {
            "kind": said.kind,
            "text": said.text,
            "file_name": said.file_name,
            "size_bytes": said.size,
        }
        content = {field: value for field, value in facts.items() if value}
        number = sample.number_of(said.name)
        await self._rig.whatsapp.send(number, sample.OWNER_NUMBER, content)

    async def _settle(self, chat_id: int, seen: int, wait: float, shows: str, asked: int) -> None:
        """Wait for an answer that holds `shows`, and then until nothing changes any more.

        What a person sent is answered below it, what was pressed there or below: `asked` is its
        number.
        """
        waited_for = False
        while True:
            patience = QUIET_SECONDS if waited_for else wait
            seen, changed = await self._rig.telegram.control.look(chat_id, seen, patience)
            answers = [
                one for one in changed if one["from"] == "bot" and one["message_id"] >= asked
            ]
            if not changed:
                break
            waited_for = waited_for or any(shows in one["html"] for one in answers)
        if not waited_for and wait == ANSWER_SECONDS:
            raise RigFailed(f"o bot não mostrou “{shows}”" if shows else "nada mudou na tela")

    async def _settle_down(self, chat_id: int, first: int) -> None:
        """Wait until one screen only has buttons: a chat takes about one message a second."""
        control, seen, changed = self._rig.telegram.control, 0, True
        while changed:
            shown = [one for one in await self._messages(chat_id) if one["message_id"] >= first]
            if sum(bool(one["buttons"]) for one in shown) <= 1:
                return
            seen, found = await control.look(chat_id, seen, LAST_SECONDS)
            changed = bool(found)

    async def _scan(self, chat_id: int, number: str) -> None:
        """Read the lowest code in the chat."""
        code = await self._code(chat_id)
        await self._rig.whatsapp.add_phones([number])
        await self._rig.whatsapp.scan(number, code)

    async def _code(self, chat_id: int) -> str:
        pictures = [one["photo"] for one in await self._messages(chat_id) if one["photo"]]
        if not pictures:
            raise RigFailed("não há código nesta conversa")
        data = self._rig.telegram.control.file(pictures[-1]).data
        return await asyncio.to_thread(read_qr, data)

    async def _search(self, chat_id: int, text: str) -> None:
        """Type after the bot's name; what is found lies above the typing box."""
        control, self._typed = self._rig.telegram.control, f"@emdia_bot {text}"
        answer = await control.answered(control.inline(chat_id, text), ANSWER_SECONDS)
        results = (answer or {}).get("results", ())
        self._found = tuple((one["title"], str(one.get("description") or "")) for one in results)

    async def _press(self, chat_id: int, label: str) -> tuple[str, int]:
        """Press the lowest button with this in its label: the toast, if any, and its message."""
        control = self._rig.telegram.control
        for message in reversed(await self._messages(chat_id)):
            for button in (one for row in message["buttons"] for one in row):
                if label in button["text"] and "callback_data" in button:
                    pressed = control.press(chat_id, message["message_id"], button["callback_data"])
                    answer = await control.answered(pressed, ANSWER_SECONDS)
                    return str((answer or {}).get("text") or ""), int(message["message_id"])
        raise RigFailed(f"não há botão “{label}”")

    async def _messages(self, chat_id: int) -> Sequence[Message]:
        _, changed = await self._rig.telegram.control.look(chat_id)
        visible = (one for one in changed if not one["deleted"])
        return sorted(visible, key=lambda one: int(one["message_id"]))

    def _last_message(self, chat_id: int) -> int:
        chat = self._rig.telegram.world.chats.get(chat_id)
        return max(chat.entries, default=0) if chat else 0

    def _chat(self, who: Who) -> int:
        if who is Who.STRANGER:
            self._strangers += 1
            self._last_chat = FIRST_STRANGER + self._strangers
        elif who is Who.OWNER:
            self._last_chat = demo.OWNER_CHAT
        elif who is Who.ADMIN:
            self._last_chat = platform.ADMIN_CHAT
        return self._last_chat

    def _files(self, messages: Sequence[Message]) -> dict[str, bytes]:
        ids = (one[kind] for one in messages for kind in ("photo", "document", "sticker"))
        return {
            one: steady_picture(self._rig.telegram.control.file(one).data) for one in ids if one
        }

    async def _be_at(self, day: date, moment: time) -> None:
        """Make it that instant for the system and for its chats."""
        self._now = self._instant(day, moment)
        await self._rig.move_clock(self._now)

    @staticmethod
    def _instant(day: date, moment: time) -> datetime:
        return schedule.instant(day, moment, ZONE).astimezone(ZONE)


def _steady(message: Message) -> Message:
    """The message without what differs from run to run."""
    html = TYPED_CODE.sub(STEADY_CODE, message["html"])
    html = TAKEN_AT.sub(r"\1 10:46", html)
    return {**message, "html": SECONDS_LEFT.sub(STEADY_SECONDS, html)}


def steady_picture(data: bytes) -> bytes:
    """The same picture; a code to pair with becomes one that pairs nothing and never changes."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            read = zxingcpp.read_barcodes(picture.convert("L"))
    except OSError:  # no picture
        return data
    if not any(str(one.text).startswith(PAIRING) for one in read):
        return data
    return draw_qr(SAMPLE_CODE)
