"""Several clients pasted at once, one a line: who can be registered, and why the others cannot.

A line counts only when it says all that a client needs; nothing is guessed (decision 6).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.clients import NewClient
from domain.contacts import same_phone_key
from domain.due_dates import plan_length
from domain.quick_entry import Entry, read_entry
from domain.text import fold
from errors import InvalidInput

MAX_LINES = 20
"""More is a sheet's work, where every line can be looked at."""
FEWEST_DIGITS = 8
"""A line with as many holds a phone, or means to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedLine:
    """One line by its place from 1: the client it is, or why it is none."""

    number: int
    text: str
    client: NewClient | None = None
    doubt: str | None = None


def split_lines(text: str) -> tuple[str, ...]:
    """The lines of `text` that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def is_list(lines: tuple[str, ...]) -> bool:
    """Whether `lines` are several clients, rather than one that takes several lines."""
    with_phone = [line for line in lines if sum(sign.isdigit() for sign in line) >= FEWEST_DIGITS]
    return len(with_phone) > 1


def read_lines(lines: tuple[str, ...], today: date) -> tuple[PastedLine, ...]:
    """Every line of `lines`, read; the same client twice is one, and a doubt."""
    return tuple(_without_repeats(_read(number, text, today) for number, text in _counted(lines)))


def _counted(lines: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    return iter(enumerate(lines, start=1))


def _read(number: int, text: str, today: date) -> PastedLine:
    try:
        entry = read_entry(text, today)
        client = _client(entry, today)
    except InvalidInput as error:
        return PastedLine(number=number, text=text, doubt=error.sentence)
    return PastedLine(number=number, text=text, client=client)


def _client(entry: Entry, today: date) -> NewClient:
    plan = plan_length(entry.plan) if entry.plan else None
    due_on = entry.due_on or (plan.due_on(today) if plan else None)
    name, phone, price = entry.name, entry.phone, entry.price
    if name is None or phone is None or price is None or due_on is None:
        missing = {"o nome": name, "o celular": phone, "o valor": price, "o vencimento": due_on}
        raise InvalidInput(_missing([label for label, value in missing.items() if value is None]))
    return NewClient(
        name=name,
        phone=phone,
        plan=entry.plan,
        price=price,
        due_on=due_on,
        agreed_day=entry.agreed_day,
    )


def _missing(labels: list[str]) -> str:
    *first, last = labels
    if not first:
        return f"Falta {last}."
    return f"Faltam {', '.join(first)} e {last}."


def _without_repeats(lines: Iterator[PastedLine]) -> Iterator[PastedLine]:
    seen: dict[tuple[str, str], int] = {}
    for line in lines:
        if line.client is None:
            yield line
            continue
        key = (fold(line.client.name), same_phone_key(line.client.phone))
        if key in seen:
            yield PastedLine(
                number=line.number, text=line.text, doubt=f"Repete a linha {seen[key]}."
            )
            continue
        seen[key] = line.number
        yield line
