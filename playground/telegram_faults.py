"""Misfortunes a driver can order: floods, lost answers, outages; and Telegram's speed limits.

A fault hits the next `count` calls that match its method and chat, then it is spent. Those of the
method "webhook" hit updates on their way: the answer gets lost, each comes twice, or the next
`count` come the last one first.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Literal, get_args

from playground.telegram_refusals import Refusal, flooded

Kind = Literal["flood", "error", "drop", "lose_answer", "slow", "twice", "out_of_order"]
# What can go wrong when Telegram brings an update, ordered for this method.
WEBHOOK = "webhook"
OF_WEBHOOK = frozenset({"lose_answer", "twice", "out_of_order"})
CHAT_BURST = 5.0
OVERALL_BURST = 30.0
SENDING = frozenset(
    {
        "sendMessage",
        "sendPhoto",
        "sendDocument",
        "copyMessage",
        "editMessageText",
        "editMessageMedia",
        "editMessageCaption",
        "editMessageReplyMarkup",
    }
)


@dataclass(slots=True)
class Fault:
    """One order: what goes wrong, for whom, how many times."""

    kind: Kind
    count: int = 1
    method: str | None = None
    chat_id: int | None = None
    retry_after: int = 1
    code: int = 502
    description: str = "Bad Gateway"
    seconds: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a kind that nobody carries out."""
        if self.kind not in get_args(Kind):
            raise ValueError(f"unknown fault {self.kind!r}: {', '.join(get_args(Kind))}")
        if (self.method == WEBHOOK) > (self.kind in OF_WEBHOOK):
            raise ValueError(
                f"no fault {self.kind!r} of a webhook: {', '.join(sorted(OF_WEBHOOK))}"
            )

    def hits(self, method: str, chat_id: int | None) -> bool:
        """Whether this call is one of those meant."""
        methods = (WEBHOOK,) if method == WEBHOOK else (None, method)
        return self.method in methods and self.chat_id in (None, chat_id)


@dataclass(slots=True)
class _Bucket:
    """A token bucket: `burst` at once, `rate` a second in the long run."""

    burst: float
    rate: float
    level: float
    at: float

    def take(self, now: float) -> bool:
        self.level = min(self.burst, self.level + (now - self.at) * self.rate)
        self.at = now
        if self.level < 1:
            return False
        self.level -= 1
        return True


class Faults:
    """The faults still to come, and the limits if they are on."""

    def __init__(self) -> None:
        self.limits = False
        self.refused_for_speed = 0
        self._orders: list[Fault] = []
        self._buckets: dict[int | None, _Bucket] = {}

    def order(self, fault: Fault) -> None:
        """Let it happen from now on."""
        self._orders.append(fault)

    @property
    def pending(self) -> int:
        """How many orders are not spent."""
        return len(self._orders)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._orders.clear()
        self.limits = False

    async def before(self, method: str, chat_id: int | None) -> Fault | None:
        """Refuse, delay or let pass; the HTTP layer carries out the fault that is returned."""
        fault = self._next(method, chat_id)
        if fault is None:
            self._check_speed(method, chat_id)
            return None
        if fault.kind == "flood":
            raise flooded(fault.retry_after)
        if fault.kind == "error":
            raise Refusal(fault.code, fault.description)
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        return fault

    def of_webhook(self, chat_id: int) -> Fault | None:
        """What goes wrong with an update that is brought."""
        return self._next(WEBHOOK, chat_id)

    def mixed_up(self, waiting: int) -> int | None:
        """How many are to be brought the last one first, once as many are `waiting`."""
        for one in self._orders:
            if one.kind == "out_of_order" and waiting >= one.count:
                self._orders.remove(one)
                return one.count
        return None

    def _next(self, method: str, chat_id: int | None) -> Fault | None:
        hits = (one for one in self._orders if one.hits(method, chat_id))
        fault = next((one for one in hits if one.kind != "out_of_order"), None)
        if fault is not None:
            fault.count -= 1
            if fault.count <= 0:
                self._orders.remove(fault)
        return fault

    def _check_speed(self, method: str, chat_id: int | None) -> None:
        """Telegram's published limits: about one message a second to a chat, thirty over all."""
        if not self.limits or method not in SENDING:
            return
        now = asyncio.get_running_loop().time()
        for key, burst, rate in ((chat_id, CHAT_BURST, 1.0), (None, OVERALL_BURST, 30.0)):
            bucket = self._buckets.setdefault(key, _Bucket(burst, rate, burst, now))
            if not bucket.take(now):
                self.refused_for_speed += 1
                raise flooded(1)


def fault_from(order: dict[str, Any]) -> Fault:
    """A fault as a driver orders it. Unknown fields and kinds raise ValueError."""
    try:
        return Fault(**order)
    except TypeError as error:
        raise ValueError(str(error)) from error
