"""Several clients pasted at once: each line is a client, or says why it is none."""

from datetime import date

from domain.pasted_lines import MAX_LINES, read_lines

TODAY = date(2026, 11, 25)


def doubts(*lines: str) -> list[str | None]:
    """What is wrong with each line, None for nothing."""
    return [line.doubt for line in read_lines(lines, TODAY)]


def test_twenty_lines_are_taken_in_one_message() -> None:
    assert 20 == MAX_LINES
