"""What a closed WhatsApp connection means and how long to wait before the next try (F4)."""

from random import Random

FIRST_SECONDS = 1.0
MOST_SECONDS = 60.0
REPLACED_SECONDS = 30.0
TOO_OLD_SECONDS = 600.0

LOGGED_OUT = 401
FENCED = "fenced"
# After these the session is over until the owner acts: the state it is left in, the reason told.
ENDINGS: dict[int | str, tuple[str, str]] = {
    LOGGED_OUT: ("needs_qr", "logged_out"),
    403: ("banned", "banned"),
    "passkey": ("needs_qr", "passkey_required"),
}


class Reconnection:
    """Counts failures in a row and spaces the tries."""

    def __init__(self) -> None:
        self._failures = 0

    def succeeded(self) -> None:
        """Start from the shortest wait again."""
        self._failures = 0

    def delay(self, random: Random, code: int | str | None = None) -> float:
        """Seconds until the next try after WhatsApp closed with `code`, or without a word."""
        match code:
            case 515:  # restart required: part of every pairing
                return 0.0
            case 440:  # replaced: another place took over; hurrying back would fight it
                return REPLACED_SECONDS
            case 405:  # client too old: hammering helps nobody
                return TOO_OLD_SECONDS
        ceiling = min(FIRST_SECONDS * 2.0**self._failures, MOST_SECONDS)
        self._failures += 1
        return random.uniform(0.0, ceiling)
