"""A headless browser that draws pages: started once, spoken to over its own debugging protocol.

It comes from a package together with its fonts (`make browser`), so that the same page gives the
same bytes on every machine; where it cannot run, `why_not` says so in plain words.
"""

import asyncio
import base64
import io
import os
import platform
import re
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson
from PIL import Image

from errors import GatewayError

FOLDER = Path(__file__).resolve().parent / "node_modules"
PLACE = FOLDER / ".browser"
CHROMIUM = PLACE / "chromium"
FONTS = FOLDER.with_name("fonts.css")
WIDTH, HEIGHT, SCALE = 390, 844, 2
COLOURS = 128  # of emoji and edges; more are not seen
START_SECONDS = 30.0
ANSWER_SECONDS = 30.0
STOP_SECONDS = 5.0
ARGUMENTS = (
    *("--headless=shell", "--no-sandbox", "--disable-setuid-sandbox", "--disable-gpu"),
    *("--disable-dev-shm-usage", "--disable-lcd-text", "--font-render-hinting=none"),
    *("--force-color-profile=srgb", "--hide-scrollbars", "--allow-file-access-from-files"),
    *("--no-first-run", "--disable-extensions", "--disable-background-networking"),
    *("--disable-component-update", "--remote-debugging-port=0"),
)
LISTENS = re.compile(rb"DevTools listening on (ws://127\.0\.0\.1:\d+/\S+)")
# The phone grows only where the last message alone is higher than it.
GROW = """new Promise(loaded => {
  document.readyState === 'complete' ? loaded() : addEventListener('load', loaded);
}).then(() => document.body.offsetHeight && document.fonts.ready).then(() => {
  const phone = document.querySelector('.phone'), chat = document.querySelector('.chat');
  const last = chat.lastElementChild, bars = 844 - chat.clientHeight + 15;
  phone.style.height = Math.max(844, (last ? last.offsetHeight : 0) + bars) + 'px';
  return phone.offsetHeight;
})"""


class BrowserFailed(GatewayError):
    """The browser did not start, or did not answer."""


def why_not() -> str | None:
    """Why no picture can be drawn here, in plain words; None when all is well."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return "as figuras das telas só são desenhadas no Linux de 64 bits (x86_64)"
    if not (FOLDER / ".ready").exists():
        return "o navegador que desenha as figuras não foi baixado: rode `make browser`"
    return None


def font_styles() -> list[str]:
    """The addresses of the style sheets that bring the fonts."""
    return [FONTS.as_uri()]


class Browser:
    """One running browser. `async with Browser() as browser`, then `draw` page after page."""

    def __init__(self) -> None:
        self._stack = AsyncExitStack()
        self._number = 0

    async def __aenter__(self) -> Self:
        """Start it and open one tab."""
        try:
            await self._open()
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
        """End it."""
        await self._stack.aclose()

    async def draw(self, page: str) -> bytes:
        """`page` (HTML with a `.phone` in it) as a PNG of few colours."""
        file = self._home / "page.html"
        await asyncio.to_thread(file.write_text, page, encoding="utf-8")
        await self._ask("Page.navigate", url=file.as_uri())
        grown = await self._ask("Runtime.evaluate", expression=GROW, awaitPromise=True)
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": grown["result"]["value"], "scale": 1}
        shot = await self._ask(
            "Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True
        )
        return await asyncio.to_thread(small_png, base64.b64decode(shot["data"]))

    async def _open(self) -> None:
        self._home = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        address = await self._start()
        http = await self._stack.enter_async_context(aiohttp.ClientSession())
        self._socket = await self._stack.enter_async_context(
            http.ws_connect(address, max_msg_size=0)
        )
        self._session: dict[str, str] = {}
        tab = await self._ask("Target.createTarget", url="about:blank")
        opened = await self._ask("Target.attachToTarget", targetId=tab["targetId"], flatten=True)
        self._session = {"sessionId": opened["sessionId"]}
        await self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=WIDTH,
            height=HEIGHT,
            deviceScaleFactor=SCALE,
            mobile=False,
        )

    async def _start(self) -> str:
        """Start the process; returns the address it listens on."""
        self._process = await asyncio.create_subprocess_exec(
            CHROMIUM,
            *ARGUMENTS,
            f"--user-data-dir={self._home / 'profile'}",
            env=os.environ
            | {"LD_LIBRARY_PATH": str(PLACE / "lib"), "FONTCONFIG_FILE": str(PLACE / "fonts.conf")},
            stderr=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        self._stack.push_async_callback(self._stop)
        said = self._process.stderr
        if said is None:
            raise BrowserFailed("o navegador começou sem saída de erros")
        try:
            async with asyncio.timeout(START_SECONDS):
                async for line in said:
                    if found := LISTENS.search(line):
                        self._reader = asyncio.create_task(_drain(said))
                        return found[1].decode()
        except TimeoutError:
            raise BrowserFailed("o navegador não ficou pronto a tempo") from None
        raise BrowserFailed("o navegador terminou antes de ficar pronto")

    async def _stop(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        async with asyncio.timeout(STOP_SECONDS):
            await self._process.wait()
            if hasattr(self, "_reader"):
                await self._reader

    async def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """What the browser answers; raises BrowserFailed."""
        self._number += 1
        asked = {"id": self._number, "method": method, "params": parameters, **self._session}
        await self._socket.send_str(orjson.dumps(asked).decode())
        answer = await self._heard(self._number, method)
        if "error" in answer:
            raise BrowserFailed(f"o navegador recusou {method}: {answer['error']['message']}")
        return dict(answer["result"])

    async def _heard(self, number: int, method: str) -> dict[str, Any]:
        """The answer to what was asked; the events between are of no interest."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                async for received in self._socket:
                    message: dict[str, Any] = orjson.loads(received.data)
                    if message.get("id") == number:
                        return message
        except TimeoutError:
            raise BrowserFailed(f"o navegador não respondeu a {method}") from None
        raise BrowserFailed("o navegador terminou")


def small_png(data: bytes) -> bytes:
    """A PNG with a palette: a quarter of the bytes, and the same for the same picture."""
    small = io.BytesIO()
    with Image.open(io.BytesIO(data)) as picture:
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(small, "PNG", optimize=True)
    return small.getvalue()


async def _drain(stream: asyncio.StreamReader) -> None:
    """Read what nobody needs: a full pipe would stop the writer."""
    while await stream.read(65_536):
        pass
