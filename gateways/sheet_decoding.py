"""Bytes of a text file → text, by evidence over the whole file, never by the first guess that fits.

UTF-8 proves itself. What is not UTF-8 was written under one of the code pages that spreadsheets
here still use, and is read under the one that makes Portuguese of it.
"""

import codecs
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from domain.text import fold

CODE_PAGES = ("cp1252", "cp850", "mac_roman")
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Of an UTF-16 without its mark, Portuguese text has at least so many zero bytes in one half.
ZERO_SHARE = 0.7
SAMPLE_BYTES = 4096
EVIDENCE_LINES = 2000
EVIDENCE_CHARS = 200_000

# How Python keeps a byte that is not UTF-8 in a text.
ESCAPED = 0xDC00
_ODD = re.compile("[\udc80-\udcff]")
_PROVEN = re.compile("[^\x00-\x7f\udc80-\udcff]")
# Beside bytes that are no UTF-8, what nobody here writes is accents that happen to look like it.
_FAR = re.compile("[\u0180-\u1fff\u2c00-\ud7a3]")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")
_PORTUGUESE = frozenset("áàâãéêíóôõúüçñÁÀÂÃÉÊÍÓÔÕÚÜÇÑ")
_VOWELS = frozenset("aeiou")
_MARKS = frozenset("ºª°–—‘’“”•…€²³´·\xa0")


class UnknownEncoding(Exception):
    """The bytes are text under no encoding known here."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, and what must be told of how it came about (None where nothing was in doubt)."""

    text: str
    note: str | None = None


def decoded(data: bytes) -> Decoded:
    """The text in `data`; raises UnknownEncoding."""
    encoding = next((name for mark, name in MARKS if data.startswith(mark)), None)
    encoding = encoding or _unmarked_utf16(data)
    try:
        return Decoded(data.decode(encoding or "utf-8"))
    except UnicodeDecodeError:
        if encoding not in {None, "utf-8-sig"}:
            raise UnknownEncoding from None
    return _repaired(data.removeprefix(codecs.BOM_UTF8))


def _unmarked_utf16(data: bytes) -> str | None:
    sample = data[: SAMPLE_BYTES - SAMPLE_BYTES % 2]
    if len(data) % 2 or len(sample) < len("ab") * 2:
        return None
    half = len(sample) / 2
    if sample[1::2].count(0) > ZERO_SHARE * half:
        return "utf-16-le"
    return "utf-16-be" if sample[0::2].count(0) > ZERO_SHARE * half else None


def _repaired(data: bytes) -> Decoded:
    """UTF-8 wherever the bytes are, the likeliest code page wherever they are not."""
    lines = [line.decode("utf-8", "surrogateescape") for line in _LINE.findall(data)]
    lines = [_FAR.sub(_escaped, line) for line in lines]
    odd = [line for line in lines if _ODD.search(line)]
    letters = _letters(_code_page(odd))
    text = "".join(lines).translate(letters)
    proven = any(map(_PROVEN.search, lines))
    note = None
    if proven:
        count = "1 linha" if len(odd) == 1 else f"{len(odd)} linhas"
        note = (
            f"O arquivo guarda acentos de dois jeitos; consertei o que estava diferente ({count}). "
            "Confira os nomes com acento."
        )
    return Decoded(text, note)


def _escaped(letter: re.Match[str]) -> str:
    return letter[0].encode().decode("ascii", "surrogateescape")


def _letters(page: str) -> dict[int, str]:
    """What each byte that is not UTF-8 is under `page`."""
    return {ESCAPED + byte: bytes([byte]).decode(page, "replace") for byte in range(128, 256)}


def _code_page(odd: Iterable[str]) -> str:
    """The page under which these lines make the best Portuguese; raises UnknownEncoding."""
    sample = "\n".join(islice(odd, EVIDENCE_LINES))[:EVIDENCE_CHARS]
    scores = {page: _plausible(sample, _letters(page)) for page in CODE_PAGES}
    best = max(CODE_PAGES, key=lambda page: scores[page])
    if not _is_text(sample, _letters(best)):
        raise UnknownEncoding
    return best


def _is_text(text: str, letters: Mapping[int, str]) -> bool:
    """Whether at least half of the odd bytes are something that people here write."""
    odd = [letters[ord(byte)] for byte in _ODD.findall(text)]
    return 2 * sum(letter in _PORTUGUESE or letter in _MARKS for letter in odd) >= len(odd)


def _plausible(text: str, letters: Mapping[int, str]) -> float:
    """How much the odd bytes of `text` look like Portuguese; below zero when they do not."""
    score = 0.0
    read = text.translate(letters)
    for place in (found.start() for found in _ODD.finditer(text)):
        before, letter, after = read[place - 1 : place] or " ", read[place], read[place + 1 :][:1]
        if letter in _PORTUGUESE:
            in_word = before.isalpha() or after.isalpha()
            score += _case_fits(before, letter, after) if in_word else -0.5
        elif letter in _MARKS:
            score += -1 if before.isalpha() and after.isalpha() and letter not in "’´" else 0.5
        else:
            score -= 2
    return score


def _case_fits(before: str, letter: str, after: str) -> float:
    # "JosÚ" and "SAéDE" are readings under the wrong page.
    if letter.isupper() and before.islower():
        return -2
    if letter.islower() and before.isupper() and after.isupper():
        return -2
    # A cedilla comes before a vowel, always: "Fçtima" is "Fátima" under another page.
    if letter in "çÇ" and fold(after)[:1] not in _VOWELS:
        return -1
    return 1
