"""When the turn of a message comes that waits behind others: one at a time, at the human pace (F5).

An estimate, as the gaps are drawn by lot: the middle gap, and typing as long as it may take.
"""

from datetime import datetime, timedelta

from domain.pacing import PacingRules


def step(rules: PacingRules) -> timedelta:
    """How long one message keeps the next waiting."""
    return timedelta(seconds=(rules.min_gap_s + rules.max_gap_s) / 2 + rules.max_typing_s)


def fitting(first: datetime, until: datetime, pace: timedelta) -> int:
    """How many messages begin before `until`, the first of them at `first`."""
    if not pace:  # all begin at once
        return 2**31 if first < until else 0
    return max(0, -((first - until) // pace))
