"""A client in one line, as people type or paste it: "João Silva 11 98888-7777 mensal 35 dia 10".

The pieces come in any order. What is not said stays None and is asked later; what could be read in
two ways is refused with a sentence, never guessed: a wrong digit bills a stranger (decision 6).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from domain.clients import parse_name
from domain.contacts import format_phone, parse_phone
from domain.due_dates import plan_length
from domain.money import format_brl, parse_price
from domain.text import fold, plain
from domain.typed_dates import day_meant, parse_date, parse_due_date
from domain.typed_phones import NOT_RECOGNISED
from errors import InvalidInput

T = TypeVar("T")

MAX_CHARS = 300
MOST_WORDS_OF_A_PHONE = 6
MOST_WORDS_OF_A_DATE = 5
MOST_WORDS_OF_A_PLAN = 3
MOST_WORDS_OF_A_PRICE = 3
MOST_SHOWN = 40
FEWEST_DIGITS_OF_A_PHONE = 8

# What stands between the columns of a pasted line; a hyphen only where it stands alone.
_BETWEEN = re.compile(r"\s*(?:[;|\t\n]|,(?!\d)|(?<!\S)[-–—](?!\S))\s*")
_PHONE_HYPHEN = re.compile(r"(?<=\d) [-–—] (?=\d{4}\b)", re.ASCII)
_PHONE_WORD = re.compile(r"[+(]*\d[\d().\-]*", re.ASCII)
_LAST_GROUP = re.compile(r"(?:^|\D)\d{4}$", re.ASCII)
_DATE_WORD = re.compile(
    r"hoje|amanha|depois|dia|daqui|dentro|em|todo|ate|fim|final|ultimo|no|na|proxim[oa]"
    r"|venc\w*|vcto|(?:segunda|terca|quarta|quinta|sexta)(?:-feira)?|sabado|domingo"
    r"|\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}[.-]\d{1,2}[.-]\d{4}|\d{4}-\d{2}-\d{2}"
)
# Meant as one, also where today or the calendar has a word to say to it.
_SURELY_A_DATE = re.compile(
    r"(?:dia )?\d{1,2}/\d{1,2}(?:/\d{2,4})?|dia \d{1,2}"
    r"|(?:segunda|terca|quarta|quinta|sexta)(?:-feira)?|sabado|domingo",
    re.ASCII,
)
# By itself a plan, and a date with a number after it.
_NO_DATE = re.compile(r"\d{1,3} ?d(?:ias)?|.*\d/\d{1,2} \d.*", re.ASCII)
_PLAN_WORD = "plano"
_LABEL = re.compile(
    r"(?:nome|cliente|tel|telefone|fone|cel|celular|contato|whats|whatsapp|zap|numero|plano|valor|preco"
    r"|mensalidade|vencimento|vence|venc|data):?"
)
_UNREAD_NUMBER = re.compile(r"\d(?:[\s().\-]*\d){5}", re.ASCII)
_AMOUNT = re.compile(
    r"(?P<before>(?:r\$|rs|\$) ?)?\d[\d.,]{0,9}(?P<after> ?(?:reais|real|contos?|pila))?", re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one line says of a client: every field valid, or None where it says nothing.

    `phone` is E.164; `agreed_day` is the day of the month behind `due_on` (C13).
    """

    name: str | None = None
    phone: str | None = None
    plan: str | None = None
    price: Decimal | None = None
    due_on: date | None = None
    agreed_day: int | None = None


def read_entry(text: str, today: date) -> Entry:
    """The client in `text`, one line of it; `today` is the tenant's local date.

    Raises:
        InvalidInput: a piece is wrong, or stands there twice.
    """
    if len(text) > MAX_CHARS:
        raise InvalidInput(f"Uma linha por cliente, com até {MAX_CHARS} letras.")
    columns = _BETWEEN.split(_PHONE_HYPHEN.sub("-", text))
    # An empty word is a gap: what stands on its two sides says nothing together.
    words = [word for column in columns for word in (*plain(column).split(), "")]
    phone = _taken(words, _phones(words), "dois telefones", format_phone)
    due_text = _taken(words, _dates(words, today), "duas datas", str)
    due_on = parse_due_date(due_text, today) if due_text else None
    plan = _taken(words, _plans(words), "dois planos", str)
    price = _taken(words, _prices(words), "dois valores", format_brl)
    return Entry(
        name=_name_in(words),
        phone=phone,
        plan=plan,
        price=price,
        due_on=due_on,
        agreed_day=day_meant(due_text, due_on) if due_text and due_on else None,
    )


@dataclass(frozen=True, slots=True)
class _Found(Generic[T]):
    """What the words from `start` to before `end` say."""

    start: int
    end: int
    value: T


def _taken(
    words: list[str], found: Iterator[_Found[T]], what: str, show: Callable[[T], str]
) -> T | None:
    """The one thing found, its words taken out of `words`; None where there is none.

    Where one finding holds another, it counts. InvalidInput where two are left.
    """
    widest = sorted(found, key=lambda one: (one.start - one.end, one.start))
    kept: list[_Found[T]] = []
    for one in widest:
        if not any(other.start <= one.start and one.end <= other.end for other in kept):
            kept.append(one)
    if not kept:
        return None
    if len({one.value for one in kept}) > 1:
        first, second, *_ = sorted(kept, key=lambda one: one.start)
        raise InvalidInput(
            f"Achei {what} na mesma linha: {show(first.value)} e {show(second.value)}. "
            "Mande um cliente por linha, com um de cada."
        )
    for one in kept:
        words[one.start : one.end] = [""] * (one.end - one.start)
    return kept[0].value


def _name_in(words: Sequence[str]) -> str | None:
    """What is left: InvalidInput where it holds a number nobody could read."""
    left = [
        word
        for word, after in zip(words, [*words[1:], ""], strict=False)
        if not _is_label(word, after)
    ]
    name = " ".join(left).strip(" .,:-")
    if _UNREAD_NUMBER.search(name):
        raise InvalidInput(f"{NOT_RECOGNISED} Está em “{name[:MOST_SHOWN]}”.")
    return parse_name(name) if name else None


def _is_label(word: str, after: str) -> bool:
    """Whether `word` only announces what stood after it; a gap itself is none's name."""
    is_last_before = word.endswith(":") or not after
    return not word or (is_last_before and _LABEL.fullmatch(fold(word)) is not None)


def _spans(words: Sequence[str], most: int) -> Iterator[tuple[int, int]]:
    """Where runs of at most `most` words begin and end; none goes over a gap."""
    for start in range(len(words)):
        for end in range(start + 1, min(start + most, len(words)) + 1):
            if not words[end - 1]:
                break
            yield start, end


def _phones(words: Sequence[str]) -> Iterator[_Found[str]]:
    for start, end in _spans(words, MOST_WORDS_OF_A_PHONE):
        piece = words[start:end]
        if not all(_PHONE_WORD.fullmatch(word) for word in piece):
            continue
        typed = " ".join(piece)
        # A number in groups ends with one of four digits: what follows is something else.
        if len(piece) > 1 and not _LAST_GROUP.search(typed):
            continue
        if sum(mark.isdigit() for mark in typed) < FEWEST_DIGITS_OF_A_PHONE:
            continue
        try:
            yield _Found(start, end, parse_phone(typed))
        except InvalidInput:
            continue


def _dates(words: Sequence[str], today: date) -> Iterator[_Found[str]]:
    for start, end in _spans(words, MOST_WORDS_OF_A_DATE):
        typed = " ".join(words[start:end])
        if not _DATE_WORD.fullmatch(fold(words[start])) or _NO_DATE.fullmatch(fold(typed)):
            continue
        if _SURELY_A_DATE.fullmatch(fold(typed)) or _is_date(typed, today):
            yield _Found(start, end, typed)


def _is_date(typed: str, today: date) -> bool:
    try:
        parse_date(typed, today)
    except InvalidInput:
        return False
    return True


def _plans(words: Sequence[str]) -> Iterator[_Found[str]]:
    for start, end in _spans(words, MOST_WORDS_OF_A_PLAN):
        first, *rest = words[start:end]
        said = rest if rest and fold(first) == _PLAN_WORD else [first, *rest]
        typed = " ".join(said)
        is_length = plan_length(typed) is not None and not typed.isdigit()
        if is_length or (len(said) == 1 and said is rest and not typed.isdigit()):
            yield _Found(start, end, typed)


def _prices(words: Sequence[str]) -> Iterator[_Found[Decimal]]:
    """Amounts with their currency; where none has one, those with cents; else whole ones."""
    found = [*_amounts(words)]
    surest = max((sureness for sureness, _ in found), default=0)
    return iter([one for sureness, one in found if sureness == surest])


def _amounts(words: Sequence[str]) -> Iterator[tuple[int, _Found[Decimal]]]:
    for start, end in _spans(words, MOST_WORDS_OF_A_PRICE):
        typed = fold(" ".join(words[start:end]))
        shape = _AMOUNT.fullmatch(typed)
        if shape is None:
            continue
        try:
            price = parse_price(typed)
        except InvalidInput:
            continue
        marked = bool(shape["before"] or shape["after"])
        yield 2 * marked + ("," in typed or "." in typed), _Found(start, end, price)
