"""Tells all owners something (A11): each once, and how it goes to whoever began it.

Whom it is told to is written down when it begins, and each one's turn is taken in the database
before Telegram hears of it: whoever was being told when a process ends is in doubt, and is not
told again by itself. Only the process in charge tells.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from uuid import UUID

from aiolimiter import AsyncLimiter
from cachetools import LRUCache

from actors.administration.part import AdminPart, AdminPorts
from actors.messages.admin import AccountLine
from actors.messages.broadcasts import (
    Announce,
    CountAudience,
    GetBroadcast,
    GetBroadcasts,
    GetReached,
    PauseBroadcast,
    ReachedPage,
    ResumeBroadcast,
    ShowBroadcast,
    StartBroadcast,
    StopBroadcast,
    TellDoubted,
)
from actors.runtime import on
from domain.broadcasts import (
    GROUP_ROWS,
    OPEN,
    Broadcast,
    BroadcastState,
    BroadcastTo,
    Reach,
    is_in,
    parse_body,
)
from errors import ChatUnreachable, EmDiaError, InvalidInput, MessageRefused, NotFound
from storage import broadcasts
from storage.broadcasts import Recipient
from telemetry import BROADCAST, logger

LOG = logger("administration")
AT_A_TIME = 4
POLL_SECONDS = 30.0
REMEMBERED = 10  # broadcasts
AWAY_SECONDS = 5.0
"""Between two tries while Telegram, or the database, takes nothing."""
PROGRESS_SECONDS = 3.0
ANNOUNCE_SECONDS = 120.0
SHOW_SECONDS = 60.0
LAST_SECONDS = 1.0
"""How long those being told are waited for at the end: longer than a turn is."""


class BroadcastPart(AdminPart):
    """The administrators' voice."""

    def __init__(self, ports: AdminPorts) -> None:
        super().__init__(ports)
        self._more = asyncio.Event()
        self._ending = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._in_hand: set[asyncio.Task[Reach]] = set()
        self._showing: asyncio.Task[None] | None = None
        self._shown: LRUCache[int, Broadcast] = LRUCache(REMEMBERED)
        self._bodies: LRUCache[int, str] = LRUCache(REMEMBERED)

    async def started(self) -> None:
        """Go on with what an earlier life had begun, whenever this process is in charge."""
        await super().started()
        lead = self._ports.charge.lead(self._run, self.context.spawn, name="broadcasts")
        self.context.spawn(lead, name="lead broadcasts")

    async def stopping(self) -> None:
        """Let Telegram take what is being told: nobody knows what became of it otherwise."""
        self._ending.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_SECONDS):
                await self._idle.wait()

    # What administrators say

    @on(CountAudience)
    async def count_audience(self, message: CountAudience) -> dict[BroadcastTo, int]:
        """Count them as they stand now."""
        self._check(message.by)
        now = self.context.clock.now()
        async with self._ports.database.dispatcher() as connection:
            found = [*(await broadcasts.standings(connection, now)).values()]
        return {to: sum(is_in(to, one) for one in found) for to in BroadcastTo}

    @on(StartBroadcast)
    async def start_broadcast(self, message: StartBroadcast) -> Broadcast:
        """Write down who is told, and begin."""
        self._check(message.by)
        body, now = parse_body(message.body), self.context.clock.now()
        async with self._ports.database.dispatcher() as connection:
            found = await broadcasts.standings(connection, now)
            whom = [one for one, standing in found.items() if is_in(message.audience, standing)]
            if not whom:
                raise InvalidInput("Não há conta nenhuma para avisar.")
            broadcast_id = await broadcasts.start(
                connection,
                press=message.press,
                made_by=message.by,
                body=body,
                audience=message.audience,
                recipients=whom,
                now=now,
            )
        LOG.info("broadcast begun", broadcast=broadcast_id, by=message.by)
        return await self._moved(broadcast_id)

    @on(GetBroadcast)
    async def get_broadcast(self, message: GetBroadcast) -> Broadcast:
        """As it stands."""
        self._check(message.by)
        return await self._find(message.broadcast_id)

    @on(GetBroadcasts)
    async def get_broadcasts(self, message: GetBroadcasts) -> tuple[Broadcast, ...]:
        """The newest."""
        self._check(message.by)
        async with self._ports.database.dispatcher() as connection:
            return tuple(await broadcasts.newest(connection, message.most))

    @on(GetReached)
    async def get_reached(self, message: GetReached) -> ReachedPage:
        """A page of those behind a count, or the nearest there is."""
        self._check(message.by)
        async with self._ports.database.dispatcher() as connection:
            rows, total = await broadcasts.reached(
                connection, message.broadcast_id, message.group, message.page, self._now
            )
        pages = max(1, -(-total // GROUP_ROWS))
        return ReachedPage(
            broadcast_id=message.broadcast_id,
            group=message.group,
            today=self._today,
            lines=tuple(AccountLine(r.tenant_id, r.name, r.standing, r.ends_on) for r in rows),
            page=min(max(message.page, 1), pages),
            pages=pages,
            total=total,
        )

    @on(PauseBroadcast)
    async def pause_broadcast(self, message: PauseBroadcast) -> Broadcast:
        """Tell nobody more for now."""
        self._check(message.by)
        return await self._turn(message, BroadcastState.PAUSED)

    @on(ResumeBroadcast)
    async def resume_broadcast(self, message: ResumeBroadcast) -> Broadcast:
        """Go on."""
        self._check(message.by)
        return await self._turn(message, BroadcastState.RUNNING)

    @on(StopBroadcast)
    async def stop_broadcast(self, message: StopBroadcast) -> Broadcast:
        """End it for good."""
        self._check(message.by)
        return await self._turn(message, BroadcastState.STOPPED)

    @on(TellDoubted)
    async def tell_doubted(self, message: TellDoubted) -> Broadcast:
        """Tell those in doubt once more."""
        self._check(message.by)
        async with self._ports.database.dispatcher() as connection:
            again = await broadcasts.tell_doubted(connection, message.broadcast_id)
        LOG.info("doubted told again", broadcast=message.broadcast_id, by=message.by, owners=again)
        return await self._moved(message.broadcast_id)

    async def _turn(
        self, message: PauseBroadcast | ResumeBroadcast | StopBroadcast, becomes: BroadcastState
    ) -> Broadcast:
        now = self.context.clock.now()
        async with self._ports.database.dispatcher() as connection:
            turned = await broadcasts.turn(connection, message.broadcast_id, becomes, now)
        LOG.info(
            "broadcast turned",
            broadcast=message.broadcast_id,
            by=message.by,
            becomes=becomes,
            turned=turned,
        )
        return await self._moved(message.broadcast_id)

    async def _moved(self, broadcast_id: int) -> Broadcast:
        self._more.set()
        return await self._find(broadcast_id)

    async def _find(self, broadcast_id: int) -> Broadcast:
        async with self._ports.database.dispatcher() as connection:
            found = await broadcasts.find(connection, broadcast_id)
        if found is None:
            raise NotFound(f"broadcast {broadcast_id}")
        return found

    # Telling

    async def _run(self) -> None:
        while self._in_hand:  # since this process was in charge before
            await self._one_told()
        # What an earlier life of this process had in hand is in nobody's now.
        await self._until_done(partial(self._doubt, self._ports.replica))
        while True:
            self._more.clear()
            await self._until_done(self._doubt)
            self._idle.clear()
            try:
                await self._until_done(self._tell_all)
            finally:
                self._idle.set()
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    await self._more.wait()
            except TimeoutError:
                continue

    async def _until_done(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                return await work()
            except EmDiaError as error:
                LOG.warning("broadcasts wait", error=type(error).__name__)
            if self._ending.is_set():
                return None  # whoever comes next goes on
            await self._rest()

    async def _doubt(self, begins_anew: UUID | None = None) -> None:
        async with self._ports.database.dispatcher() as connection:
            now = self.context.clock.now()
            doubted = await broadcasts.doubt(connection, begins_anew, now)
        if doubted:
            LOG.warning("may have been told before", owners=doubted)

    async def _release(self) -> None:
        """Let those wait again whose turn was taken by a call whose answer was lost."""
        async with self._ports.database.dispatcher() as connection:
            released = await broadcasts.release(connection, self._ports.replica)
        if released:
            LOG.info("turns given back", owners=released)

    async def _tell_all(self) -> None:
        while self._in_hand:  # where a call failed in between
            await self._one_told()
        await self._release()
        limiter = AsyncLimiter(self._ports.broadcasts_per_second, 1.0)
        shown_at = self.context.clock.monotonic()
        while not self._ending.is_set():
            await limiter.acquire()
            recipient = await self._claim()
            if recipient is None:
                break
            body = await self._body(recipient.broadcast_id)
            self._in_hand.add(
                self.context.spawn(self._tell(recipient, body), name=f"tell {recipient.tenant_id}")
            )
            if len(self._in_hand) >= AT_A_TIME:
                await self._one_told()
            if self.context.clock.monotonic() - shown_at >= PROGRESS_SECONDS:
                shown_at = self.context.clock.monotonic()
                self._show_beside(recipient.broadcast_id)
        while self._in_hand:
            await self._one_told()
        await self._show_ended()

    async def _body(self, broadcast_id: int) -> str:
        body = self._bodies.get(broadcast_id)
        if body is None:
            body = self._bodies[broadcast_id] = (await self._find(broadcast_id)).body
        return body

    async def _claim(self) -> Recipient | None:
        async with self._ports.database.dispatcher() as connection:
            now = self.context.clock.now()
            return await broadcasts.claim(connection, self._ports.replica, now)

    async def _one_told(self) -> None:
        """Wait until one more is told; a while longer where Telegram takes nothing."""
        done, self._in_hand = await asyncio.wait(self._in_hand, return_when=asyncio.FIRST_COMPLETED)
        if {task.result() for task in done} & {Reach.WAITING, Reach.UNSURE}:
            await self._rest()

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(AWAY_SECONDS):
                await self._ending.wait()

    async def _tell(self, recipient: Recipient, body: str) -> Reach:
        """Tell one, and note what became of it; what cannot be noted stays in doubt."""
        try:
            announce = Announce(recipient.tenant_id, body)
            reach = await self._ports.telegram().ask(announce, deadline=ANNOUNCE_SECONDS)
        except EmDiaError as error:
            LOG.warning("may have been told", error=type(error).__name__)
            reach = Reach.UNSURE
        settle = partial(self._settle, recipient, reach)
        await self._until_done(settle)
        BROADCAST.labels(outcome=reach.value).inc()
        return reach

    async def _settle(self, recipient: Recipient, reach: Reach) -> None:
        async with self._ports.database.dispatcher() as connection:
            now = self.context.clock.now()
            await broadcasts.settle(connection, recipient, self._ports.replica, reach, now)

    # Showing how it goes

    def _show_beside(self, broadcast_id: int) -> None:
        """Show it while others are told: an administrator's slow chat holds up no owner."""
        if self._showing is None or self._showing.done():
            self._showing = self.context.spawn(self._show_safely(broadcast_id), name="progress")

    async def _show_safely(self, broadcast_id: int) -> None:
        try:
            await self._show(broadcast_id)
        except EmDiaError as error:
            LOG.info("progress not shown", broadcast=broadcast_id, error=type(error).__name__)

    async def _show_ended(self) -> None:
        now = self.context.clock.now()
        async with self._ports.database.dispatcher() as connection:
            await broadcasts.end(connection, now)
            open_ones = await broadcasts.untold(connection)
        for broadcast_id in open_ones:
            await self._show(broadcast_id)

    async def _show(self, broadcast_id: int) -> None:
        """Show it to whoever began it; its end until that was taken."""
        found = await self._find(broadcast_id)
        if self._shown.get(broadcast_id) == found:
            return
        final = found.state not in OPEN
        try:
            await self._ports.telegram().ask(ShowBroadcast(found, final), deadline=SHOW_SECONDS)
            self._shown[broadcast_id] = found
        except (ChatUnreachable, MessageRefused) as error:
            LOG.warning("broadcast shown to nobody", error=type(error).__name__)
        except EmDiaError as error:
            LOG.info("broadcast not shown", broadcast=broadcast_id, error=type(error).__name__)
            return
        if final:
            async with self._ports.database.dispatcher() as connection:
                await broadcasts.told(connection, broadcast_id, self.context.clock.now())
