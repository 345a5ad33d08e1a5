"""How the live tree is: one record per actor, for the status page."""

from dataclasses import dataclass

from actors.runtime.cell import Cell


@dataclass(frozen=True, slots=True)
class ActorStatus:
    """One actor at one moment. Ages and shares are of the monotonic clock."""

    id: str
    parent: str | None
    state: str
    on_trial: bool  # set aside before: a stable minute clears it
    restarts: int
    mailbox_depth: int
    oldest_message_seconds: float
    busy_share: float  # of its present life
    last_error: str | None  # the type only: what an error says may name a person
    standing: str | None = None  # in the actor's own words


def status_of(root: "Cell") -> list[ActorStatus]:
    """Return the status of `root` and all below it, parents first."""
    found: list[ActorStatus] = []
    ahead: list[tuple[Cell, str | None]] = [(root, None)]
    while ahead:
        cell, parent = ahead.pop()
        found.append(_status(cell, parent))
        if cell.context is not None and cell.context.family is not None:
            ahead += [(c, cell.id) for c in reversed(cell.context.family.cells.values())]
    return found


def _status(cell: "Cell", parent: str | None) -> ActorStatus:
    now = cell.monotonic()
    oldest = cell.mailbox.oldest()
    since = cell.context.since if cell.context is not None else None
    lived = now - since if since is not None else 0.0
    busy = cell.busy + (0.0 if cell.mailbox.is_idle else now - cell.woke_at)
    actor = cell.context.actor if cell.context is not None else None
    return ActorStatus(
        id=cell.id,
        parent=parent,
        state=cell.state.value,
        on_trial=cell.probing,
        restarts=cell.restarts,
        mailbox_depth=len(cell.mailbox),
        oldest_message_seconds=now - oldest if oldest is not None else 0.0,
        busy_share=min(1.0, busy / lived) if lived > 0 else 0.0,
        last_error=cell.last_error,
        standing=actor.standing() if actor is not None else None,
    )
