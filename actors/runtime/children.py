"""The children of one actor, in the order they were started, and what a failing one causes."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from actors.runtime.budget import Ledger
from actors.runtime.cell import Cell, State
from actors.runtime.context import Context
from actors.runtime.specs import ChildSpec, Restart, Strategy
from errors import ActorError, BudgetExhausted

if TYPE_CHECKING:
    from actors.runtime.supervision import System


FORGIVEN_SECONDS = 1.0  # most between restarts that nobody is charged for


class Family:
    """A parent's hold on its children."""

    def __init__(
        self, system: "System", owner: Context, strategy: Strategy = Strategy.ONE_FOR_ONE
    ) -> None:
        self.cells: dict[str, Cell] = {}
        self._system = system
        self._owner = owner
        self._strategy = strategy
        self._fallen: list[Cell] = []
        self._mending = False

    def add(self, spec: ChildSpec) -> Cell:
        """Make room for a child; it is not started yet."""
        return self.hold(Cell(self._system, spec, self))

    def hold(self, cell: Cell) -> Cell:
        """Make a cell one of the children; ValueError when there is one of that name."""
        if cell.id in self.cells:
            raise ValueError(f"two children named {cell.id}")
        self.cells[cell.id] = self._system.names[cell.id] = cell
        return cell

    def admit(self, start: Callable[[], None]) -> None:
        """Start one of the children when it is its turn; what all else rests on never waits."""
        if self._owner.cell is self._system.root:
            start()
        else:
            self._system.gate.admit(start)

    def forget(self, cell: Cell) -> None:
        """Let go of a child that is gone for good."""
        for held in (self.cells, self._system.names):
            if held.get(cell.id) is cell:
                del held[cell.id]

    async def boot(self) -> None:
        """Start all in order, each one once the one before it runs or is given up."""
        if self._strategy is not Strategy.ONE_FOR_ONE:
            await self._mend()
            return
        for cell in tuple(self.cells.values()):
            cell.start()
            while cell.state in {State.STARTING, State.BACKOFF}:
                with contextlib.suppress(ActorError):
                    await cell.until_started()

    def ended(self, cell: Cell, error: BaseException | None, lived: float) -> None:
        """Decide what becomes of a child whose life ended by itself."""
        restart = cell.spec.restart
        if self._owner.ending:
            cell.retire()
        elif restart is Restart.TEMPORARY or (error is None and restart is Restart.TRANSIENT):
            self.finished(cell, error)
        else:
            self._restart(cell, error, lived)

    def finished(self, cell: Cell, error: BaseException | None) -> None:
        """Deal with a child that ended and is not to be started again."""
        cell.retire()
        if cell.spec.significant and error is not None:
            self._owner.fail(error)
        elif cell.spec.significant:
            self._owner.stop()

    def _restart(self, cell: Cell, error: BaseException | None, lived: float) -> None:
        rng = self._system.random
        if self._system.gate.failed(cell):
            cell.ledger = cell.ledger or Ledger()
            delay = cell.ledger.failed(cell.spec.budget, lived, rng)
        else:
            delay = rng.uniform(0.0, FORGIVEN_SECONDS)
        alone = self._strategy is Strategy.ONE_FOR_ONE
        if delay is not None:
            cell.back_off(delay, alone=alone)
            if not alone:
                self._fallen.append(cell)
                self._ensure_mending()
        elif cell.spec.significant or not alone or self._owner.cell is self._system.root:
            exhausted = BudgetExhausted(cell.id)
            exhausted.__cause__ = error
            cell.retire()
            self._owner.fail(exhausted)
        else:
            cell.quarantine(error)

    def _ensure_mending(self) -> None:
        if not self._mending:
            self._mending = True
            self._owner.spawn(self._mend(), name="mend")

    async def _mend(self) -> None:
        """Stop whom the fallen take along, then start all who are down, in order."""
        self._mending = True
        try:
            while not self._owner.ending:
                for cell in reversed(self._taken_along()):
                    await cell.stop(cell.spec.shutdown_seconds, for_good=False)
                if self._fallen:
                    continue
                down = [c for c in self.cells.values() if c.state in {State.DOWN, State.BACKOFF}]
                if not down:
                    return
                await self._bring_up(down[0], max(cell.due for cell in down))
        finally:
            self._mending = False

    async def _bring_up(self, cell: Cell, due: float) -> None:
        await asyncio.sleep(max(0.0, due - cell.monotonic()))
        if cell.state in {State.DOWN, State.BACKOFF} and not self._fallen:
            cell.start()
            with contextlib.suppress(ActorError):
                await cell.until_started()

    def _taken_along(self) -> list[Cell]:
        """Return the living who go down with those that fell since last time."""
        fallen, self._fallen = self._fallen, []
        cells = list(self.cells.values())
        if not fallen:
            return []
        if self._strategy is Strategy.REST_FOR_ONE:
            cells = cells[min(cells.index(cell) for cell in fallen if cell in cells) + 1 :]
        return [cell for cell in cells if cell.context is not None]

    async def stop_all(self, deadline: float) -> None:
        """Stop all, the youngest first, before the monotonic instant `deadline`."""
        for cell in tuple(reversed(self.cells.values())):
            await cell.stop(self._time_for(cell, deadline))

    def _time_for(self, cell: Cell, deadline: float) -> float:
        return max(0.0, min(cell.spec.shutdown_seconds, deadline - cell.monotonic()))

    def kill(self) -> None:
        """Set the end of all going, at once; wait for none."""
        for cell in tuple(reversed(self.cells.values())):
            cell.begin_stop(0.0)
