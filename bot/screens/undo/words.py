"""What is said when something was taken back."""

from bot.ui.words import safe

CARD_BUTTON = "👤 Ver o cliente"


def undone(says: str) -> str:
    """What is as it was before."""
    return f"↩️ {safe(says)}"
