"""A human pace: gaps between messages, hourly and daily caps, slow start, waits after a failure.

Numbers follow what WhatsApp tolerates from small accounts (F5); every one is a setting.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from errors import InvalidInput

MAX_ATTEMPTS = 5
DAYS_A_WEEK = 7
LONGEST_TURN = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PacingRules:
    """How fast one WhatsApp number sends. Gaps are seconds between the starts of two messages."""

    min_gap_s: float = 12.0
    max_gap_s: float = 25.0
    typing_chars_per_s: float = 15.0
    max_typing_s: float = 8.0
    per_hour: int = 120
    per_day: int = 600
    new_chats_by_week: tuple[int, ...] = (20, 40, 80, 120)
    # Between the two parts of a message: who pastes a code does not take long (D5).
    min_second_gap_s: float = 1.5
    max_second_gap_s: float = 4.0
    second_typing_s: float = 2.0
    start_step_s: float = 10.0  # between tenants whose sending begins in the same minute (E13)
    longest_start_s: float = LONGEST_TURN.total_seconds()
    backoff_base_s: float = 60.0
    backoff_max_s: float = 3600.0

    def __post_init__(self) -> None:
        """Refuse a gap that no random number can fall into."""
        gaps = (self.min_gap_s, self.max_gap_s), (self.min_second_gap_s, self.max_second_gap_s)
        if not all(0 <= least <= most for least, most in gaps):
            raise InvalidInput("O intervalo menor precisa vir antes do maior.")


def hurried(least_s: float, most_s: float) -> PacingRules:
    """The pace of a playground whose gaps were chosen; without a human gap nobody types either.

    Nor is anything gained by long waits after a failure there.
    """
    rules = PacingRules()
    return replace(
        rules,
        min_gap_s=least_s,
        max_gap_s=most_s,
        min_second_gap_s=min(rules.min_second_gap_s, least_s),
        max_second_gap_s=min(rules.max_second_gap_s, most_s),
        typing_chars_per_s=1_000_000.0,
        start_step_s=min(rules.start_step_s, most_s),
        backoff_base_s=1.0,
    )


def next_gap(rules: PacingRules, random: Random) -> float:
    """Seconds to wait before the next message."""
    return random.uniform(rules.min_gap_s, rules.max_gap_s)


def second_gap(rules: PacingRules, random: Random) -> float:
    """Seconds between the ack of a message's first part and its second (D5)."""
    return random.uniform(rules.min_second_gap_s, rules.max_second_gap_s)


def begins(send_from: datetime, turn_at: datetime | None, now: datetime) -> datetime:
    """When the day of a tenant begins whose turn comes at `turn_at` (E13), None while unsettled.

    A turn further away than any is one that a wrong clock gave (E14).
    """
    if turn_at is None or turn_at > max(send_from, now) + LONGEST_TURN:
        return send_from
    return max(send_from, turn_at)


def typing_time(rules: PacingRules, text: str) -> float:
    """Seconds of "digitando…" before `text`: longer texts take longer, within reason."""
    return min(len(text) / rules.typing_chars_per_s, rules.max_typing_s)


def pasting_time(rules: PacingRules, text: str) -> float:
    """Seconds of "digitando…" before a part that nobody would type (D5)."""
    return min(typing_time(rules, text), rules.second_typing_s)


def new_chats_a_day(rules: PacingRules, days_connected: int) -> int:
    """How many first-time chats a number may open today, `days_connected` after pairing."""
    week = max(0, days_connected) // DAYS_A_WEEK
    return rules.new_chats_by_week[min(week, len(rules.new_chats_by_week) - 1)]


def retry_delay(rules: PacingRules, attempt: int, random: Random) -> float | None:
    """Seconds before trying again after failed attempt number `attempt`, or None to give up (E8).

    Exponential with full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"), but
    never sooner than half the step: an instant retry of a failed send helps nobody.
    """
    if attempt >= MAX_ATTEMPTS:
        return None
    step = min(rules.backoff_base_s * 2 ** (max(1, attempt) - 1), rules.backoff_max_s)
    return random.uniform(step / 2, step)
