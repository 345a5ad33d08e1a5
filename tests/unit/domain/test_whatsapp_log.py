"""What happens to a tenant's WhatsApp, as its owner can read it later (F2)."""

from domain.whatsapp_log import NOT_ACCEPTED, UNLINKED, Happened, LogEntry
from tests.unit.domain.test_broadcasts import BROADCAST


def test_an_entry_says_no_more_than_what_happened_and_when() -> None:
    plain = LogEntry(BROADCAST.made_at, Happened.OPENED)

    assert LogEntry(BROADCAST.made_at, Happened.OPENED, "", None) == plain


def test_the_codes_that_are_kept() -> None:
    expected = {
        *("pairing", "paired", "pairing_over", "opened", "lost", "ended", "reconnecting"),
        *("disconnected", "restricted", "refused", "stalled", "tested"),
    }

    assert (expected, "not_accepted", "unlinked") == (set(Happened), NOT_ACCEPTED, UNLINKED)
