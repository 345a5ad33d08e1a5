"""A bounded memory of what was read: entries end with age, and the longest unused makes room.

cachetools does the work; this counts hits and misses (I2), and costs an actor that never uses it
next to nothing. Whoever owns a cache decides its life: nothing here is shared or outlives it.
"""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from cachetools import TTLCache

from telemetry import CACHE

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Cache(Generic[K, V]):
    """At most `most` values, none older than `seconds` of `timer`; None is no value to keep.

    Caches of the same `name` are one in the metric.
    """

    __slots__ = ("_entries", "_hits", "_misses", "_most", "_seconds", "_timer")

    def __init__(self, name: str, *, most: int, seconds: float, timer: Callable[[], float]) -> None:
        self._most = most
        self._seconds = seconds
        self._timer = timer
        self._entries: TTLCache[K, V] | None = None
        self._hits = CACHE.labels(cache=name, outcome="hit")
        self._misses = CACHE.labels(cache=name, outcome="miss")

    def __len__(self) -> int:
        """How many values are kept."""
        return 0 if self._entries is None else len(self._entries)

    def get(self, key: K) -> V | None:
        """The value kept under `key`, which thereby counts as used, or None."""
        found = None if self._entries is None else self._entries.get(key)
        (self._misses if found is None else self._hits).inc()
        return found

    def clear(self) -> None:
        """Forget everything."""
        self._entries = None

    def put(self, key: K, value: V) -> None:
        """Keep `value` under `key` from now on."""
        if self._entries is None:
            self._entries = TTLCache(self._most, self._seconds, self._timer)
        self._entries[key] = value
