"""How the Telegram stand-in brings updates: what it takes as an address, and how it insists.

As Telegram does it (github.com/tdlib/telegram-bot-api, WebhookActor.cpp): several connections at
once, one update at a time for each chat, again and again until 2xx, at once the first time, then
ever later, or when the answer's Retry-After says. It reaches nobody outside this machine.
"""

import asyncio
import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from domain.environment import is_loopback
from playground.telegram_call import Call
from playground.telegram_entries import Json
from playground.telegram_faults import Fault, Faults
from playground.telegram_refusals import Refusal, bad_request
from playground.telegram_world import TelegramWorld

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
TIMEOUT = ClientTimeout(total=60)
CONNECTIONS = 40  # unless it is said
MOST_CONNECTIONS = 100
LONGEST_SECRET = 256
PORTS = (80, 88, 443, 8443)
# Telegram's own are 1 s and some minutes; nobody here has that time.
FIRST_RETRY_SECONDS = 0.05
LONGEST_RETRY_SECONDS = 2.0
MOST_WAIT_SECONDS = 50


@dataclass(frozen=True, slots=True)
class Hook:
    """An address that Telegram has taken."""

    url: str
    secret: str
    max_connections: int

    @classmethod
    def read(cls, call: Call) -> "Hook":
        """What a call asks for; a refusal is raised."""
        url, secret = call.text("url"), call.text("secret_token")
        if len(secret) > LONGEST_SECRET:
            raise bad_request("secret token is too long")
        if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
            raise bad_request("secret token contains unallowed characters")
        check_address(url)
        most = call.integer("max_connections", CONNECTIONS)
        # Telegram takes any number, and makes it one of these.
        return cls(url, secret, min(max(most, 1), MOST_CONNECTIONS))

    def info(self) -> Json:
        """What getWebhookInfo says of it."""
        return {
            "url": self.url,
            "has_custom_certificate": False,
            "max_connections": self.max_connections,
        }


def check_address(url: str) -> None:
    """Refuse, in Telegram's words, what it would not bring updates to."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        port = parts.port
    except ValueError:
        raise _invalid() from None
    if parts.scheme not in {"http", "https"} or not re.fullmatch(
        r"[\w.:-]+", parts.hostname or "", re.ASCII
    ):
        raise _invalid()
    if is_loopback(parts.hostname):
        return
    if parts.scheme == "http":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port is not None and port not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    _check_number(parts.hostname or "")
    # There is nothing outside of this machine.
    raise bad_request("bad webhook: Failed to resolve host: Name or service not known")


def _check_number(host: str) -> None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return
    if address.version != 4:  # noqa: PLR2004 - IPv4
        raise bad_request("bad webhook: IPv6-only addresses are not allowed")
    raise bad_request(f"bad webhook: IP address {host} is reserved")


def _invalid() -> Refusal:
    return bad_request("invalid webhook URL specified")


class Delivery:
    """Brings the bot's updates to one address. `wanted` tells which there are."""

    def __init__(
        self,
        world: TelegramWorld,
        faults: Faults,
        hook: Hook,
        wanted: Callable[[], list[Json]],
    ) -> None:
        self._world = world
        self._faults = faults
        self._hook = hook
        self._wanted = wanted
        self._busy: set[int] = set()  # chats, one update of which is on its way
        self._under_way: set[asyncio.Task[None]] = set()
        self.last_error: tuple[datetime, str] | None = None

    async def run(self) -> None:
        """Bring what there is, for ever."""
        headers = {SECRET_HEADER: self._hook.secret} if self._hook.secret else {}
        try:
            async with ClientSession(timeout=TIMEOUT, headers=headers) as session:
                while True:
                    for update in await self._due():
                        self._begin(session, update)
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _due(self) -> list[Json]:
        """Wait for what can be on its way."""
        due: list[Json] = []

        def look() -> bool:
            due[:] = self._next()
            return bool(due)

        await self._world.pulse.until(look, MOST_WAIT_SECONDS)
        return due

    def _next(self) -> list[Json]:
        """What can be on its way now, each chat's oldest only, unless a fault says otherwise."""
        room = self._hook.max_connections - len(self._under_way)
        free = [one for one in self._wanted() if chat_of(one) not in self._busy]
        if (mixed_up := self._faults.mixed_up(len(free))) is not None:
            return free[:mixed_up][::-1]
        firsts = {chat_of(one): one for one in reversed(free)}
        return sorted(firsts.values(), key=_number)[: max(room, 0)]

    def _begin(self, session: ClientSession, update: Json) -> None:
        chat = chat_of(update)
        self._busy.add(chat)
        task = asyncio.create_task(self._bring(session, update))
        self._under_way.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            self._under_way.discard(task)
            self._busy.discard(chat)
            self._world.pulse.beat()

        task.add_done_callback(ended)

    async def _bring(self, session: ClientSession, update: Json) -> None:
        """Bring one update until it is taken."""
        fault = self._faults.of_webhook(chat_of(update))
        once_more = fault is not None and fault.kind == "twice"
        copies = [asyncio.create_task(self._post(session, update))] if once_more else []
        failures = 0
        while (wait := await self._try(session, update, failures, fault)) is not None:
            failures += 1
            fault = None
            await asyncio.sleep(wait)
        await asyncio.gather(*copies)
        self._world.confirm(update)

    async def _try(
        self, session: ClientSession, update: Json, failures: int, fault: Fault | None
    ) -> float | None:
        """Bring it once; how long to wait for the next time, None when it is taken."""
        error, retry_after = await self._post(session, update)
        if fault is not None and fault.kind == "lose_answer":
            error = "Connection reset by peer"
        if error is None:
            return None
        self.last_error = (self._world.now(), error)
        if retry_after is not None:
            return min(retry_after, LONGEST_RETRY_SECONDS)
        later: float = FIRST_RETRY_SECONDS * 2.0 ** min(failures, 16)
        return min(later, LONGEST_RETRY_SECONDS)

    async def _post(self, session: ClientSession, update: Json) -> tuple[str | None, float | None]:
        """What went wrong, if anything did, and when the other side wants it again."""
        try:
            async with session.post(self._hook.url, json=update) as answer:
                if answer.ok:
                    return None, None
                after = answer.headers.get("Retry-After", "")
                return (
                    f"Wrong response from the webhook: {answer.status} {answer.reason}",
                    float(after) if after.isdecimal() else None,
                )
        except TimeoutError:
            return "Read timeout expired", None
        except ClientError:
            return "Connection refused", None


def chat_of(update: Json) -> int:
    """Whose order an update keeps; its own, if it is nobody's."""
    for content in update.values():
        holder: Any = content.get("message", content) if isinstance(content, dict) else None
        chat = holder.get("chat") if isinstance(holder, dict) else None
        if isinstance(chat, dict) and isinstance(chat.get("id"), int):
            return int(chat["id"])
    return -int(update["update_id"])


def _number(update: Json) -> int:
    return int(update["update_id"])
