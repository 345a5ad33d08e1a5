"""Which fault comes when, drawn from a seed: the same seed draws the same plan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from random import Random

MOST_MESSAGES = 5
MOST_ROUND_TRIPS = 40
# Faults of everything come one after the other; those of one business beside them.
EVERYTHING = (
    "kill_system",
    "term_system",
    "stop_system",
    "kill_worker",
    "stop_worker",
    "stop_and_kill_worker",
    "kill_postgres",
    "stop_postgres",
    "hang_postgres",
    "storm",
    "cut_begin_before",
    "cut_begin_after",
    "cut_begin_commit_before",
    "cut_begin_commit_after",
    "cut_settle_before",
    "cut_settle_after",
    "cut_settle_commit_before",
    "cut_settle_commit_after",
    "kill_postgres_at_begin",
    "kill_postgres_at_settle",
    "kill_system_at_begin",
    "kill_system_at_settle",
    "telegram_429",
    "telegram_502",
    "telegram_409",
    "telegram_hang",
    "telegram_lost_answers",
)
# Laid before the day begins: they spring while it is planned.
AT_DAWN = ("cut_plan_commit_before", "cut_plan_commit_after", "kill_system_at_plan")
OF_ONE_BUSINESS = (
    "look_up_error",
    "look_up_protocol_error",
    "look_up_empty",
    "look_up_no_list",
    "look_up_other",
    "look_up_none_of_one",
    "look_up_none_of_all",
    "look_up_not_in",
    "look_up_devices_error",
    "refuse_once",
    "refuse_one_always",
    "refuse_463",
    "refuse_some",
    "refuse_pn",
    "acks_late",
    "acks_none",
    "acks_twice",
    "acks_and_receipts_none",
    "receipts_twice",
    "receipts_read_first",
    "receipts_poison",
    "incoming_poison",
    "drop",
    "cut_before_storing",
    "cut_before_ack",
    "cut_after_ack",
    "drop_messages",
    "silent",
    "slow",
    "restricted",
    "refuse_logins",
    "kick_408",
    "kick_409",
    "kick_411",
    "kick_428",
    "kick_440",
    "kick_500",
    "kick_503",
    "kick_515",
    "kick_499",
)
# After these only the owner brings the line back: late in the day, or nothing would go.
ENDS = ("kick_401", "kick_402", "kick_403", "kick_405", "kick_406")
# The first two need somebody whose bill still waits.
QUICK = (
    "refuse_once",
    "cut_settle_commit_after",
    "kill_worker",
    "cut_before_ack",
    "acks_twice",
    "receipts_twice",
    "drop",
)


@dataclass(frozen=True, slots=True)
class Planned:
    """One fault: its kind, whom it hits, and how long after its hour has begun."""

    number: int
    kind: str
    business: int
    after_messages: int
    after_round_trips: int
    strength: float  # from 0 to 1: how long, how often, how late
    seed: int


@dataclass(frozen=True, slots=True)
class Hour:
    """What goes wrong in one hour of one day."""

    at_dawn: Sequence[Planned]
    of_everything: Sequence[Planned]
    of_businesses: Sequence[Planned]

    @property
    def all(self) -> list[Planned]:
        """All of them."""
        return [*self.at_dawn, *self.of_everything, *self.of_businesses]


def draw(seed: int, faults: int, days: int, hours: int, businesses: int) -> list[list[Hour]]:
    """For each day and each hour, its faults: every kind as often as every other, shuffled."""
    random = Random(seed)  # noqa: S311 - chooses what goes wrong, reproducibly
    kinds = _dealt((*AT_DAWN, *EVERYTHING, *OF_ONE_BUSINESS, *ENDS), faults, random)
    slots: list[list[list[Planned]]] = [[[] for _ in range(hours)] for _ in range(days)]
    for number, kind in enumerate(kinds):
        day = number * days // faults
        # A line that ended stays so until the evening: it comes in the second half.
        hour = random.randrange(hours // 2 if kind in ENDS else 0, hours)
        hour = 0 if kind in AT_DAWN else hour
        slots[day][hour].append(_planned(number, kind, businesses, random))
    return [[_hour(planned) for planned in day] for day in slots]


def draw_quick(seed: int, faults: int, hours: int, businesses: int) -> list[list[Hour]]:
    """One day of faults that are over at once."""
    random = Random(seed)  # noqa: S311 - chooses what goes wrong, reproducibly
    slots: list[list[Planned]] = [[] for _ in range(hours)]
    for number, kind in zip(range(faults), cycle(QUICK), strict=False):
        planned = replace(_planned(number, kind, businesses, random), after_messages=0)
        slots[number * hours // faults].append(planned)
    return [[_hour(planned) for planned in slots]]


def around(fault: Planned, businesses: int) -> list[Planned]:
    """The fault for each business, beginning with the one it was planned for."""
    return [
        replace(fault, business=(fault.business + further) % businesses)
        for further in range(businesses)
    ]


def _dealt(kinds: Sequence[str], most: int, random: Random) -> list[str]:
    dealt: list[str] = []
    while len(dealt) < most:
        dealt += random.sample(kinds, len(kinds))
    return dealt[:most]


def _planned(number: int, kind: str, businesses: int, random: Random) -> Planned:
    return Planned(
        number=number,
        kind=kind,
        business=random.randrange(businesses),
        after_messages=random.randint(0, MOST_MESSAGES),
        after_round_trips=random.randint(0, MOST_ROUND_TRIPS),
        strength=random.random(),
        seed=random.randrange(2**31),
    )


def _hour(planned: Sequence[Planned]) -> Hour:
    everything = frozenset({*AT_DAWN, *EVERYTHING})
    return Hour(
        [one for one in planned if one.kind in AT_DAWN],
        [one for one in planned if one.kind in EVERYTHING],
        [one for one in planned if one.kind not in everything],
    )
