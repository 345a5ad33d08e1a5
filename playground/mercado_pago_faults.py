"""Misfortunes a driver can order of the local Mercado Pago: of its answers, and of what it brings.

A fault hits the next `count` calls it is meant for, then it is spent. Those of the call "webhook"
hit deliveries on their way.
"""

from dataclasses import dataclass
from typing import Any, Literal, get_args

Kind = Literal[
    # before anything is done
    "limited",  # 429, with `retry_after` unless it is None
    "error",  # `code`, as JSON
    "html",  # `code`, as a page of somebody in between
    "locked",  # 423: the same key is still running
    "conflict",  # 409
    "refused",  # `code`, for the cause `cause`
    "drop",  # the connection ends
    "slow",  # `seconds` later, and else as always
    "hidden",  # a look says that there is none
    # after it was done
    "lose_answer",  # the connection ends
    "hang",  # no answer for `seconds`
    "trickle",  # a byte each `seconds`, headers and all
    "drip",  # the same, the body only
    "garbage",  # 200, and no JSON
    "odd",  # 200, and JSON that is no payment
    "empty",  # 200, and nothing
    # of a delivery
    "forged",
    "unsigned",
    "stale",  # signed two days ago
    "twice",
    "lost",  # never brought
    "late",  # `seconds` later
    "out_of_order",  # the next `count` the last one first
]
WEBHOOK = "webhook"
OF_WEBHOOK = frozenset({"forged", "unsigned", "stale", "twice", "lost", "late", "out_of_order"})
CALLS = ("create", "find", "search", "cancel", "refund")


@dataclass(slots=True)
class Fault:
    """One order: what goes wrong, with which call, how many times."""

    kind: Kind
    count: int = 1
    call: str | None = None
    retry_after: int | None = None
    code: int = 500
    cause: int | None = None
    seconds: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a kind that nobody carries out."""
        if self.kind not in get_args(Kind):
            raise ValueError(f"unknown fault {self.kind!r}: {', '.join(get_args(Kind))}")
        if self.kind in OF_WEBHOOK:
            self.call = WEBHOOK
        elif self.call not in (None, *CALLS):
            raise ValueError(f"no call {self.call!r}: {', '.join(CALLS)}")


class Faults:
    """The faults still to come."""

    def __init__(self) -> None:
        self._orders: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Let it happen from now on."""
        self._orders.append(fault)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._orders.clear()

    @property
    def pending(self) -> int:
        """How many orders are not spent."""
        return len(self._orders)

    def of(self, call: str) -> Fault | None:
        """What goes wrong with this call or delivery, if anything does."""
        meant = (call,) if call == WEBHOOK else (None, call)
        hits = (one for one in self._orders if one.call in meant)
        fault = next((one for one in hits if one.kind != "out_of_order"), None)
        if fault is not None:
            fault.count -= 1
            if fault.count <= 0:
                self._orders.remove(fault)
        return fault

    def mixed_up(self) -> Fault | None:
        """Whether the next deliveries are to come the last one first, and how many."""
        return next((one for one in self._orders if one.kind == "out_of_order"), None)

    def is_spent(self, fault: Fault) -> None:
        """Forget one that was carried out."""
        self._orders.remove(fault)


def fault_from(order: dict[str, Any]) -> Fault:
    """A fault as a driver orders it. Unknown fields and kinds raise ValueError."""
    try:
        return Fault(**order)
    except TypeError as error:
        raise ValueError(str(error)) from error
