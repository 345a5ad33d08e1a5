"""A phone as people write it → its digits, and how they were grouped.

Whatever is around the number is taken off: labels, links, quotes, what cannot be seen. The grouping
is kept, because it tells a number with a digit missing from a complete one (decision 6).
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import accumulate
from urllib.parse import unquote

from domain.text import fold, plain
from errors import InvalidInput

EXAMPLE = "Escreva assim: (11) 98765-4321."
NOT_RECOGNISED = f"Não reconheci esse telefone: confira o DDD e os números. {EXAMPLE}"
NO_AREA_CODE = f"Faltou o DDD. {EXAMPLE}"
SEVERAL = f"Tem números demais nesse telefone: mande um só. {EXAMPLE}"
A_DIGIT_SHORT = (
    "Parece que falta um número nesse telefone: celular tem 11, contando o DDD. "
    f"{EXAMPLE} Se ele tem mesmo só 8 depois do DDD, separe no meio: (11) 8765-4321."
)
# The longest anyone writes: 00 55, a trunk zero, area code and mobile.
MAX_DIGITS = 16
LOCAL_DIGITS = 8
MOBILE_DIGITS = 9
NINTH_DIGIT = "9"
SHORTEST_LAST_GROUP = 4
MAX_COUNTRY_DIGITS = 3

_LABEL = (
    r"(?:telefones?|tel|fones?|phone|celular|cell?|movel|mobile|whats ?app|whats|business|wpp|zap|"
    r"type=[a-z,]+|contato|numero|num|no|n|ddd|fixo|residencial|res|comercial|com|casa|trabalho|recados?|pessoal)"
)
_AROUND_LABEL = r"[\s.:;,/()\[\]|=#*_-]*"
_LABELS_BEFORE = re.compile(rf"^(?:{_AROUND_LABEL}{_LABEL}){{1,4}}{_AROUND_LABEL}")
_LABELS_AFTER = re.compile(rf"(?:{_AROUND_LABEL}{_LABEL}){{1,4}}{_AROUND_LABEL}$")
_LINK = re.compile(
    r"(?:https?://)?(?:www\.)?(?:wa\.me/|(?:api|web)\.whatsapp\.com/send/?\?(?:\S*&)?phone=)"
    r"|whatsapp://send/?\?(?:\S*&)?phone="
)
_AFTER_LINKED = re.compile(r"[/?&#\"'>)\s].*$")
_SCHEME = re.compile(r"^(?:tel|sms|callto)(?:;[a-z=,;]+)?:(?://)?")
_WHATSAPP_ADDRESS = re.compile(r"@(?:s\.whatsapp\.net|c\.us)$")
_BRACKETS = str.maketrans("[]{}", "()()")
_WRAPPING = " '\"`´‘’“”«»=;,.:!?*_~<>[]{}|/\\#-"
# 0xx11: how adverts write "zero, any carrier, then 11".
_ANY_CARRIER = re.compile(r"0?[ (-]*[x*_×]{2}[ )-]*(?=[ (]*\d{2})")
_SEVERAL = re.compile(r"[/;,|&]|\b(?:e|ou)\b")
_NUMBER = re.compile(r"[( ]*(?P<plus>\+)?(?P<rest>[\d\s().,/-]+)", re.ASCII)
_SCIENTIFIC = re.compile(r"(\d)[.,](\d+)e\+?(\d{1,2})", re.ASCII)
_AS_FLOAT = re.compile(r"(\d{8,})[.,]0", re.ASCII)
_BRAZILIAN = re.compile(
    r"(?P<before>(?:00)?550?|0(?:[1-9]\d)?)?(?P<area>[1-9]\d)(?P<local>\d{8,9})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """Groups of digits as they stood, and whether a plus (or a link) made them international."""

    groups: tuple[str, ...]
    international: bool

    @property
    def digits(self) -> str:
        """All digits, in order."""
        return "".join(self.groups)


def read_number(text: str) -> TypedNumber:
    """The one number in `text`; raises InvalidInput when there is none, or more than one."""
    bare, linked = _undecorated(text)
    if not bare:
        raise InvalidInput("Faltou o telefone.")
    long_parts = [part for part in _SEVERAL.split(bare) if _count_digits(part) >= LOCAL_DIGITS]
    if len(long_parts) > 1 or _count_digits(bare) > MAX_DIGITS:
        raise InvalidInput(SEVERAL)
    number = _NUMBER.fullmatch(_ANY_CARRIER.sub(" ", bare.translate(_BRACKETS)))
    groups = re.findall(r"\d+", number["rest"]) if number else []
    if number is None or not groups:
        raise InvalidInput(f"O telefone só pode ter números. {EXAMPLE}")
    if all(len(group) == 1 for group in groups):
        groups = ["".join(groups)]
    return TypedNumber(tuple(groups), linked or number["plus"] is not None)


def brazilian(number: TypedNumber) -> str | None:
    """The number in E.164 if it can be one of Brazil, None when only other countries are left.

    Raises:
        InvalidInput: it lacks its area code or a digit, has one too many, or its grouping says so.
    """
    digits = number.digits
    if number.international and not digits.startswith("55"):
        return None
    found = _BRAZILIAN.fullmatch(digits)
    if found is None:
        raise InvalidInput(_what_is_wrong(digits))
    if number.international and found["before"] is None:
        # This 55 is the country; read as an area it would be somebody else's number.
        raise InvalidInput(NO_AREA_CODE)
    area_from, area_to = found.span("area")
    ends = tuple(accumulate(map(len, number.groups)))
    local_is_possible = found["local"][0] in ("9" if is_mobile(found["local"]) else "23456789")
    if not local_is_possible or any(area_from < end < area_to for end in ends):
        raise InvalidInput(NOT_RECOGNISED)
    if not _is_grouped_well(number.groups, ends, found["local"], area_to):
        raise InvalidInput(NOT_RECOGNISED if is_mobile(found["local"]) else A_DIGIT_SHORT)
    return f"+55{found['area']}{found['local']}"


def is_mobile(local: str) -> bool:
    """Whether what follows the area code is as long as a mobile with its ninth digit."""
    return len(local) == MOBILE_DIGITS


def country_stands_alone(number: TypedNumber, country_code: int) -> bool:
    """Whether a short first group is just the country's code, as in +351 912 345 678."""
    first = number.groups[0]
    return len(first) > MAX_COUNTRY_DIGITS or first == str(country_code)


def _is_grouped_well(
    groups: tuple[str, ...], ends: tuple[int, ...], local: str, area_to: int
) -> bool:
    if area_to not in ends:
        # Glued to its area code. "98988-7777 11" has the code last: it is somebody else's number.
        enough = len(groups[-1]) >= SHORTEST_LAST_GROUP if is_mobile(local) else len(groups) == 1
        return enough and (is_mobile(local) or _is_landline(local))
    tail = groups[ends.index(area_to) + 1 :]
    if is_mobile(local):
        rest = tail[1:] if tail[0] == NINTH_DIGIT else tail
        return all(len(group) > 1 for group in rest)
    lengths = tuple(len(group) for group in tail)
    return lengths == (4, 4) or (lengths == (LOCAL_DIGITS,) and _is_landline(local))


def _is_landline(local: str) -> bool:
    return local[0] in "2345"


def _undecorated(text: str) -> tuple[str, bool]:
    """What is left of `text` without its wrapping, and whether it came out of a link."""
    bare = _strip(fold(plain(text)))
    linked = _LINK.search(bare)
    if linked:
        around = bare[: linked.start()] + bare[linked.end() :]
        if _LINK.search(around) or _count_digits(bare[: linked.start()]) >= LOCAL_DIGITS:
            raise InvalidInput(SEVERAL)
        bare = _AFTER_LINKED.sub("", unquote(bare[linked.end() :]))
    bare = _WHATSAPP_ADDRESS.sub("", bare)
    while (inner := _without_one_label(bare)) != bare:  # "tel:TEL;TYPE=CELL:…"
        bare = inner
    return _without_exponent(bare), linked is not None


def _without_one_label(bare: str) -> str:
    """`bare` without its outermost wrapping and what it is called."""
    inside = _strip(_SCHEME.sub("", bare))
    if inside != bare:  # what a scheme holds may be another: its label is part of it
        return inside
    return _strip(_LABELS_AFTER.sub("", _LABELS_BEFORE.sub("", inside)))


def _strip(text: str) -> str:
    first, last = 0, len(text)
    while first < last and _is_wrapping(text[first]):
        first += 1
    while last > first and _is_wrapping(text[last - 1]):
        last -= 1
    return text[first:last]


def _is_wrapping(letter: str) -> bool:
    return letter in _WRAPPING or unicodedata.category(letter) == "So"


def _without_exponent(bare: str) -> str:
    """A number as a spreadsheet wrote it, in plain digits; one that lost some is refused."""
    if whole_number := _AS_FLOAT.fullmatch(bare):
        return whole_number[1]
    scientific = _SCIENTIFIC.fullmatch(bare)
    if scientific is None:
        return bare
    if len(scientific[2]) != int(scientific[3]):
        raise InvalidInput(
            "A planilha cortou esse telefone, e os últimos números se perderam. "
            f"Escreva ele inteiro. {EXAMPLE}"
        )
    return scientific[1] + scientific[2]


def _count_digits(text: str) -> int:
    return sum(letter.isdigit() for letter in text)


def _what_is_wrong(digits: str) -> str:
    if len(digits) in {LOCAL_DIGITS, MOBILE_DIGITS}:
        return NO_AREA_CODE
    return NOT_RECOGNISED
