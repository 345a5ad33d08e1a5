"""The whole system as a process of its own, between local stand-ins that outlive it.

The demonstration and the tests of whole days drive it from outside, as its owner and the owner's
clients would: by the chat, by scanning, by looking at phones, and by moving the clock.
"""

import asyncio
import contextlib
import io
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from copy import copy
from datetime import datetime
from pathlib import Path
from random import SystemRandom
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson
import zxingcpp
from PIL import Image

from actors.runtime import MovableClock
from domain.public_address import MERCADO_PAGO_PATH
from errors import GatewayError
from playground.mercado_pago import MercadoPagoStandIn
from playground.telegram import TelegramStandIn
from playground.whatsapp import WhatsAppStandIn

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60.0
STOP_SECONDS = 30.0
CHAT_SECONDS = 30.0
# Not a word of it: the picture to scan says “Aparelhos conectados”.
CONNECTED = "WhatsApp conectado"
LOOK_SECONDS = 0.05
CLIENT_ERROR = 400
# Below those the kernel hands out: one of them may be anybody's by the time it is listened on.
PORTS = range(20_000, 32_000)


class RigFailed(GatewayError):
    """What was waited for did not happen in time."""


class Rig:
    """One EmDia process (started, killed and started again at will) and its clouds."""

    def __init__(
        self,
        home: Path,
        *,
        clock: datetime,
        gap_seconds: str = "0-0",
        log: Path | None = None,
        first_payment: int | None = None,
    ) -> None:
        """`first_payment` is the number of the first one at Mercado Pago, else any."""
        self.home = home
        self.telegram = TelegramStandIn()
        self.whatsapp = WhatsAppStandIn(home / "clouds")
        self._bank_clock = MovableClock()
        self.mercado_pago = MercadoPagoStandIn(
            clock=self._bank_clock,
            webhook_url=lambda: self.address + MERCADO_PAGO_PATH,
            first_id=first_payment,
        )
        self.admin_chat: int | None = None  # who administers, where anybody does
        self.process: asyncio.subprocess.Process | None = None
        self._clock = clock
        self._gap_seconds = gap_seconds
        self._log = log
        self._port = 0
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start the clouds; the system itself waits for `start`."""
        self.home.mkdir(parents=True, exist_ok=True)
        await self._stack.enter_async_context(self.telegram)
        await self._stack.enter_async_context(self.whatsapp)
        await self._stack.enter_async_context(self.mercado_pago)
        self._http = await self._stack.enter_async_context(aiohttp.ClientSession())
        self._stack.push_async_callback(self.stop)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the system and its clouds."""
        await self._stack.aclose()

    @property
    def environment(self) -> dict[str, str]:
        """What the system is told; a command beside it needs the same."""
        admin = {} if self.admin_chat is None else {"ADMIN_CHAT_ID": str(self.admin_chat)}
        return {
            **admin,
            "EMDIA_MODE": "playground",
            "EMDIA_LOG": "json",
            "EMDIA_HOME": str(self.home),
            "EMDIA_TELEGRAM_API": self.telegram.api,
            "EMDIA_WHATSAPP_URL": self.whatsapp.url,
            "EMDIA_WHATSAPP_ROOT_KEY": self.whatsapp.root_key,
            "EMDIA_MERCADO_PAGO_API": self.mercado_pago.api,
            "EMDIA_CLOCK": self._clock.isoformat(),
            "EMDIA_SEND_GAP_SECONDS": self._gap_seconds,
            "PORT": str(self._port),
        }

    @property
    def address(self) -> str:
        """The system's own HTTP door."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def lives(self) -> bool:
        """Whether the system was started and has not ended."""
        return self.process is not None and self.process.returncode is None

    def beside(self) -> Self:
        """Another process of the same system between the same clouds, as in a rolling deploy."""
        other = copy(self)
        other.process = None
        self._stack.push_async_callback(other.stop)
        return other

    async def start(
        self, *, stderr: int | None = None, stdout: int | None = None
    ) -> asyncio.subprocess.Process:
        """Start the system, without waiting for anything."""
        self._port = free_port()
        self.set_clock(self._clock)
        log = await asyncio.to_thread(self._open_log) if stderr is None else None
        try:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "supervisor.py",
                "--with-parent",
                cwd=ROOT,
                env=clean_environment() | self.environment,
                stderr=log if stderr is None else stderr,
                stdout=stdout,
                start_new_session=True,
            )
        finally:
            if log is not None:
                os.close(log)
        return self.process

    async def ready(self) -> None:
        """Wait until the system says it is ready."""
        await self.until(self._is_ready, READY_SECONDS, "o sistema ficar pronto")

    async def stop(self) -> int | None:
        """End the system in order; returns its exit code, None when it was not running."""
        process = self.process
        if process is None:
            return None
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        return process.returncode

    async def kill(self) -> None:
        """Kill -9: no last words for anybody in it."""
        if self.process is not None and self.lives:
            self.process.kill()
            await self.process.wait()

    def set_clock(self, instant: datetime) -> None:
        """Let the next start begin at `instant`, and make it so for the bank."""
        self._clock = instant
        self._bank_clock.move_to(instant)

    async def move_clock(self, instant: datetime) -> None:
        """Make it `instant` for the system, now and at its next start."""
        self.set_clock(instant)
        await self.http("PUT", "/playground/clock", {"now": instant.isoformat()})

    async def http(self, method: str, path: str, body: object = None) -> Any:
        """Ask the system's own HTTP door; raises RigFailed when it refuses."""
        data = None if body is None else orjson.dumps(body)
        async with self._http.request(method, self.address + path, data=data) as response:
            if response.status >= CLIENT_ERROR:
                raise RigFailed(f"{path}: {response.status}")
            return orjson.loads(await response.read())

    async def until(
        self, happened: Callable[[], Awaitable[bool]], seconds: float, what: str
    ) -> None:
        """Look until `happened`, at most so long; raises RigFailed, also when the system ended."""
        try:
            async with asyncio.timeout(seconds):
                while not await happened():
                    if self.process is not None and self.process.returncode is not None:
                        raise RigFailed(f"o sistema terminou antes de {what}")
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            raise RigFailed(f"esperei {seconds:g} s por: {what}") from None

    # What an owner does

    async def say(self, chat_id: int, text: str, first_name: str) -> int:
        """Write to the bot; returns where to look on from."""
        return self.telegram.control.say(chat_id, text, first_name).seq

    async def press(self, chat_id: int, message: Mapping[str, Any], label: str) -> None:
        """Press the button of `message` whose text contains `label`."""
        for row in message["buttons"]:
            for button in row:
                if label in button["text"]:
                    data = button["callback_data"]
                    self.telegram.control.press(chat_id, message["message_id"], data)
                    return
        raise RigFailed(f"não há botão “{label}”")

    async def chat_shows(
        self, chat_id: int, after: int, wanted: Callable[[Mapping[str, Any]], bool]
    ) -> Mapping[str, Any]:
        """Wait for a message of the bot, newer than `after`, that is `wanted`."""
        seen, shown = after, "nada"
        try:
            async with asyncio.timeout(CHAT_SECONDS):
                while True:
                    seen, messages = await self.telegram.control.look(chat_id, seen, CHAT_SECONDS)
                    for message in messages:
                        if message["from"] != "bot":
                            continue
                        if wanted(message):
                            return message
                        shown = text_of(message)
        except TimeoutError:
            raise RigFailed(f"o bot não respondeu; o último que mostrou: {shown}") from None

    async def sign_up(self, chat_id: int, first_name: str, number: str) -> Mapping[str, Any]:
        """Write to the bot, and make an account where there is none; the screen after it."""
        seq = await self.say(chat_id, "/start", first_name)
        welcome = await self.chat_shows(chat_id, seq, lambda shown: bool(shown["buttons"]))
        if "Como você se chama" in text_of(welcome):
            # All at once, as nobody types: the answers are taken in order all the same.
            for answer in (first_name, "dona@exemplo.com", number):
                seq = await self.say(chat_id, answer, first_name)
            welcome = await self.chat_shows(chat_id, seq, lambda shown: "🏪" in text_of(shown))
        return welcome

    async def pair(self, chat_id: int, first_name: str, number: str) -> bool:
        """Sign up, ask for WhatsApp and scan the QR the bot sends; False when it was paired."""
        welcome = await self.sign_up(chat_id, first_name, number)
        seq = welcome["seq"]
        if not any("Conectar" in button["text"] for row in welcome["buttons"] for button in row):
            return False
        await self.press(chat_id, welcome, "Conectar")
        shown = await self.chat_shows(chat_id, seq, lambda message: message["photo"] is not None)
        picture = self.telegram.control.file(shown["photo"]).data
        await self.whatsapp.scan(number, await asyncio.to_thread(read_qr, picture))
        await self.chat_shows(chat_id, seq, lambda message: CONNECTED in text_of(message))
        return True

    async def _is_ready(self) -> bool:
        try:
            await self.http("GET", "/readyz")
        except (aiohttp.ClientError, RigFailed):
            return False
        return True

    def _open_log(self) -> int:
        path = self._log or self.home / "emdia.log"
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def read_qr(picture: bytes) -> str:
    """What the QR in a PNG says; raises RigFailed when there is none to read."""
    with Image.open(io.BytesIO(picture)) as image:
        found = zxingcpp.read_barcodes(image.convert("L"))
    if not found:
        raise RigFailed("a figura que o bot mandou não tem um QR legível")
    return str(found[0].text)


def text_of(message: Mapping[str, Any]) -> str:
    """The words of a message, with or without a picture."""
    return str(message["text"] or message["caption"])


def clean_environment() -> dict[str, str]:
    """This process's environment without anything that is meant for EmDia."""
    ours = ("EMDIA_", "TELEGRAM_", "ADMIN_CHAT_ID", "DATABASE_URL", "PORT", "RAILWAY_", "MERCADO")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def free_port() -> int:
    """A loopback port that was free a moment ago, and that no connection of others is given."""
    while True:
        port = SystemRandom().choice(PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
