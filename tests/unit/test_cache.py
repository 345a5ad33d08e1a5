"""The cache keeps what it promises to keep, ends it when it promises to, and counts (I2)."""

from collections.abc import Iterator
from itertools import count

import pytest
from prometheus_client import REGISTRY

from guards.cache import Cache

SECONDS = 60.0
NUMBERS = count()


class Watch:
    """Monotonic seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    """A watch of the test's own."""
    return Watch()


@pytest.fixture
def name() -> str:
    """A name of the test's own in the metric."""
    return f"test {next(NUMBERS)}"


@pytest.fixture
def cache(name: str, watch: Watch) -> Cache[str, int]:
    """Room for two."""
    return Cache(name, most=2, seconds=SECONDS, timer=watch)


def counted(name: str) -> list[float | None]:
    """The hits and misses of the caches called `name`."""
    return [
        REGISTRY.get_sample_value("emdia_cache_total", {"cache": name, "outcome": outcome})
        for outcome in ("hit", "miss")
    ]


def test_what_was_put_is_found_and_nothing_else(cache: Cache[str, int]) -> None:
    cache.put("a", 1)

    assert (1, None) == (cache.get("a"), cache.get("b"))


def test_the_later_value_replaces_the_earlier(cache: Cache[str, int]) -> None:
    cache.put("a", 1)
    cache.put("a", 2)

    assert (2, 1) == (cache.get("a"), len(cache))


def test_the_longest_unused_makes_room(cache: Cache[str, int]) -> None:
    cache.put("a", 1)
    cache.put("b", 2)
    cache.get("a")
    cache.put("c", 3)

    assert [1, None, 3] == [cache.get(key) for key in "abc"]


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        pytest.param(SECONDS - 1, 1, id="before its time"),
        pytest.param(SECONDS, None, id="at its time"),
    ],
)
def test_a_value_ends_with_age(
    cache: Cache[str, int], watch: Watch, age: float, expected: int | None
) -> None:
    cache.put("a", 1)
    watch.seconds += age

    assert expected == cache.get("a")


def test_use_makes_nothing_younger(cache: Cache[str, int], watch: Watch) -> None:
    cache.put("a", 1)
    watch.seconds += SECONDS - 1
    cache.get("a")
    watch.seconds += 1

    assert (None, 0) == (cache.get("a"), len(cache))


def test_putting_again_begins_a_new_age(cache: Cache[str, int], watch: Watch) -> None:
    cache.put("a", 1)
    watch.seconds += SECONDS - 1
    cache.put("a", 1)
    watch.seconds += SECONDS - 1

    assert 1 == cache.get("a")


def test_nothing_is_made_before_the_first_entry(name: str) -> None:
    # Whatever cachetools makes asks the timer, and this one has no answer.
    unused: Iterator[float] = iter(())
    cache = Cache[str, int](name, most=2, seconds=SECONDS, timer=unused.__next__)

    assert (None, 0) == (cache.get("a"), len(cache))


def test_hits_and_misses_are_counted_by_name(name: str, cache: Cache[str, int]) -> None:
    cache.get("a")
    cache.put("a", 1)
    cache.get("a")
    cache.get("a")
    Cache[str, int](name, most=2, seconds=SECONDS, timer=Watch()).get("a")

    assert [2.0, 2.0] == counted(name)


def test_a_new_cache_is_in_the_metric_from_its_first_moment(
    name: str, cache: Cache[str, int]
) -> None:
    assert ([0.0, 0.0], 0) == (counted(name), len(cache))
