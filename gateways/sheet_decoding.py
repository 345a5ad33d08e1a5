"""Bytes of a text file → text, by evidence over the whole file, never by the first guess that fits.

UTF-8 proves itself. What is not UTF-8 was written under one of the code pages that spreadsheets
here still use, and is read under the one that makes Portuguese of it.
"""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass

LOST = "\ufffd"
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
EVIDENCE_BYTES = 200_000

_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")
_PORTUGUESE = frozenset("áàâãéêíóôõúüçñÁÀÂÃÉÊÍÓÔÕÚÜÇÑ")
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
    """Line by line: UTF-8 where a line is, the likeliest code page where it is not."""
    page = _code_page(data)
    lines: list[str] = []
    foreign = 0
    utf8 = 0
    for line in _LINE.findall(data):
        try:
            text = line.decode()
            utf8 += not line.isascii()
        except UnicodeDecodeError:
            text = _mixed(line, page)
            foreign += 1
        lines.append(text)
    note = None
    if utf8:
        note = (
            f"O arquivo mistura dois jeitos de guardar acentos: {_lines(foreign)} "
            "foram consertadas. Confira os nomes com acento."
        )
    return Decoded("".join(lines), note)


def _lines(count: int) -> str:
    return "1 linha ou mais" if count == 1 else f"{count} linhas"


def _mixed(line: bytes, page: str) -> str:
    """A line that is not UTF-8: where most of it is, only the odd bytes are of the code page."""
    valid = len(re.findall(r"[^\x00-\x7f\ufffd]", line.decode("utf-8", "replace")))
    odd = sum(len(run) for run in _BEYOND_ASCII.findall(line)) - 2 * valid
    if valid < max(odd, 1):
        return line.decode(page, "replace")
    text: list[str] = []
    rest = line
    while rest:
        try:
            text.append(rest.decode())
            break
        except UnicodeDecodeError as error:
            text.append(rest[: error.start].decode())
            text.append(rest[error.start : error.start + 1].decode(page, "replace"))
            rest = rest[error.start + 1 :]
    return "".join(text)


def _code_page(data: bytes) -> str:
    """The page under which the file's odd letters make the best Portuguese; UnknownEncoding."""
    pieces = list(_odd_pieces(data[:EVIDENCE_BYTES]))
    scores = {
        page: sum(_plausible(piece.decode(page, "replace")) for piece in pieces)
        for page in CODE_PAGES
    }
    best = max(CODE_PAGES, key=lambda page: scores[page])
    if scores[best] < 0:
        raise UnknownEncoding
    return best


def _odd_pieces(data: bytes) -> Iterable[bytes]:
    """The lines that are not UTF-8."""
    for line in _LINE.findall(data):
        try:
            line.decode()
        except UnicodeDecodeError:
            yield line


def _plausible(text: str) -> float:
    """How much the odd letters of `text` look like Portuguese; below zero when they do not."""
    score = 0.0
    padded = f" {text} "
    for before, letter, after in zip(padded, padded[1:], padded[2:], strict=False):
        if letter.isascii():
            continue
        in_word = before.isalpha() or after.isalpha()
        if letter in _PORTUGUESE:
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
    return 1
