"""The pinned message of the day's figures: written anew as they move, not more often (J8)."""

import asyncio
from dataclasses import dataclass

from actors.messages.scoreboard import DayMoved, GetBoard, SetBoard, ShowBoard, TakeBoardAway
from actors.runtime import on
from actors.tenant.owner import OwnerPart
from actors.tenant.part import TenantPorts
from domain.schedule import local
from domain.scoreboard import Scoreboard
from errors import ChatUnreachable, EmDiaError, MessageRefused
from storage import scoreboard, tenants
from telemetry import logger

LOG = logger("tenant")
TELL_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Draw:
    """Time to write the board anew."""


class ScoreboardPart(OwnerPart):
    """Keeps the board true, when there is one."""

    def __init__(self, tenant_id: int, ports: TenantPorts) -> None:
        super().__init__(tenant_id, ports)
        # Whether there is one is asked once in a life: whoever changes it does so here.
        self._board_wanted: bool | None = None
        self._drawing: asyncio.Task[None] | None = None
        self._drawn: Scoreboard | None = None
        self._draw_again = False
        self._resting = False

    @on(GetBoard)
    async def get_board(self, _message: GetBoard) -> bool:
        """Whether there is one."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            self._board_wanted = await scoreboard.find(tx) is not None
        return self._board_wanted

    @on(SetBoard)
    async def set_board(self, message: SetBoard) -> bool:
        """Have one from now on, or none."""
        gone: int | None = None
        async with self._ports.database.tenant(self._tenant_id) as tx:
            if message.on:
                await scoreboard.put_up(tx)
            else:
                gone = await scoreboard.take_down(tx)
        self._board_wanted, self._drawn = message.on, None
        if message.on:
            self._day_moved()
        if gone is not None:
            self.context.spawn(self._take_away(gone), name="take board away")
        return message.on

    @on(DayMoved)
    async def day_moved(self, _message: DayMoved) -> None:
        """A message came further."""
        self._day_moved()

    @on(_Draw)
    async def draw(self, _message: _Draw) -> None:
        """Write what moved meanwhile."""
        self._resting = False
        if self._draw_again:
            self._day_moved()

    def _day_moved(self) -> None:
        """Write the board anew, now or once the last writing is a while ago."""
        if self._board_wanted is False:
            return
        busy = self._drawing is not None and not self._drawing.done()
        self._draw_again = busy or self._resting
        if not self._draw_again:
            self._resting = True
            self.context.after(self._ports.scoreboard_seconds, _Draw())
            self._drawing = self.context.spawn(self._draw_board(), name="board")

    async def _draw_board(self) -> None:
        """Show the figures as they are; what is wrong with it harms nothing else."""
        try:
            await self._show_board()
        except (ChatUnreachable, MessageRefused) as error:
            LOG.info("board not shown", tenant_id=self._tenant_id, error=type(error).__name__)
        except EmDiaError as error:
            LOG.info("board not shown yet", tenant_id=self._tenant_id, error=type(error).__name__)
            self._draw_again = True

    async def _show_board(self) -> None:
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            board = await scoreboard.find(tx)
            self._board_wanted = board is not None
            if board is None:
                return
            today = local(now, (await tenants.settings(tx)).zone).date()
            figures = await scoreboard.figures(tx, today)
        if figures == self._drawn and board.message_id is not None:
            return
        message_id = await self._ports.telegram.ask(
            ShowBoard(self._tenant_id, figures, board.message_id), deadline=TELL_SECONDS
        )
        self._drawn = figures
        if message_id != board.message_id:
            async with self._ports.database.tenant(self._tenant_id) as tx:
                await scoreboard.shown(tx, message_id)

    async def _take_away(self, message_id: int) -> None:
        try:
            await self._ports.telegram.ask(
                TakeBoardAway(self._tenant_id, message_id), deadline=TELL_SECONDS
            )
        except EmDiaError as error:
            LOG.info("board not taken away", tenant_id=self._tenant_id, error=type(error).__name__)
