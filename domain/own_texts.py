"""What a tenant's own texts may be called, and how many there are (D1)."""

from domain.text import one_line

MAX_TEXT_NAME_CHARS = 40
MAX_GENERAL_TEXTS = 30


def parse_text_name(typed: str) -> str:
    """What the owner calls a text; raises InvalidInput."""
    return one_line(typed, field="o nome do texto", limit=MAX_TEXT_NAME_CHARS)
