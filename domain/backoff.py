"""How long to wait before trying again: one formula, and one named policy for each who waits.

Exponential under a ceiling, with jitter, so that who fell together does not come back together
(AWS Architecture Blog, "Exponential Backoff And Jitter").
"""

from dataclasses import dataclass
from random import Random

MOST_DOUBLINGS = 32  # far past every ceiling, and far from the largest float


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Between `first_s` and `most_s` seconds, never less than `least` (0 to 1) of the step."""

    first_s: float
    most_s: float
    least: float = 0.5

    def delay(self, failures: int, random: Random) -> float:
        """Seconds to wait after `failures` failures in a row; none and one are the first step."""
        doublings = min(max(failures, 1) - 1, MOST_DOUBLINGS)
        step = min(self.most_s, self.first_s * 2.0**doublings)
        return random.uniform(step * self.least, step)


ACTOR_RESTART = Backoff(first_s=0.1, most_s=30.0, least=0.0)
DATABASE = Backoff(first_s=0.2, most_s=15.0)
TELEGRAM = Backoff(first_s=0.25, most_s=15.0)
JOB = Backoff(first_s=10.0, most_s=600.0)
WHATSAPP_LINE = Backoff(first_s=1.0, most_s=120.0)
WHATSAPP_ODD_END = Backoff(first_s=15.0, most_s=120.0)
PAYMENTS = Backoff(first_s=15.0, most_s=300.0)
PAYMENT_UNREADABLE = Backoff(first_s=10.0, most_s=6 * 3600.0)
