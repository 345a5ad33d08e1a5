"""Text that a wrong decoding has spoilt before it came to us: "JoÃ£o" is "João" again, or told.

What reads the bytes of a file is elsewhere; this looks at text, which may be a cell of a workbook
that was saved with the damage in it.
"""

import re

from domain.text import fold

LOST = "\ufffd"
# A cell that is longer than this is no cell of a list of clients, and is refused elsewhere.
MOST_CHARS = 2000
# UTF-8 read as one of these is what people meet; the letters that such a reading begins with.
_MISREAD_AS = (("cp1252", "ÂÃâ"), ("cp850", "┬├Ô"))
_WORTHY = frozenset("áàâãäéêëíîïóôõöúûüçñÁÀÂÃÄÉÊËÍÎÏÓÔÕÖÚÛÜÇÑºª°–—‘’“”•…€²³´`·\xa0")
_LOST_IN_WORD = re.compile(rf"{LOST}|[^\W\d_]\?[^\W\d_]")
_TOTAL = re.compile(r"(?:sub ?)?tota(?:l|is)\b.*|soma\b.*")
_FORMULA_ERROR = re.compile(
    r"#(?:N/[AD]|REF!|DIV/0!|VALUE!|VALOR!|NAME\?|NOME\?|N[UÚ]M!|NULL!|NULO!|SPILL!|DESPEJAR!)",
    re.IGNORECASE,
)
_AS_FORMULA = re.compile(r'="(.*)"', re.DOTALL)


def unscrambled(text: str) -> str:
    """`text` with every twice-encoded letter read as it was meant; otherwise as it is."""
    if text.isascii() or len(text) > MOST_CHARS:
        return text
    for encoding, starts in _MISREAD_AS:
        while any(start in text for start in starts):
            meant = _reread(text, encoding, starts)
            if meant == text:
                break
            text = meant  # what was encoded twice too often is shorter each time
    return text


def has_lost_letters(text: str) -> bool:
    """Whether a letter of a word is gone for good, as in "Jo?o"."""
    return _LOST_IN_WORD.search(text) is not None


def is_formula_error(text: str) -> bool:
    """Whether a cell shows an error of the spreadsheet's own, as in "#REF!"."""
    return _FORMULA_ERROR.fullmatch(text.strip()) is not None


def is_total(text: str) -> bool:
    """Whether a cell names a row that adds the others up."""
    return _TOTAL.fullmatch(fold(text)) is not None


def plain(text: str) -> str:
    """What a cell shows, where it was kept as a formula of text (`="119…"`) or with its quote."""
    shown = _AS_FORMULA.fullmatch(text.strip())
    return shown[1] if shown else text


def _reread(text: str, encoding: str, starts: str) -> str:
    read: list[str] = []
    place = 0
    while place < len(text):
        meant = _meant(text[place : place + 3], encoding) if text[place] in starts else None
        read.append(meant[0] if meant else text[place])
        place += meant[1] if meant else 1
    return "".join(read)


def _meant(letters: str, encoding: str) -> tuple[str, int] | None:
    """The one letter that the first two or three stand for, and how many they are."""
    for length in (2, 3):
        data = b"".join(_byte(letter, encoding) for letter in letters[:length])
        try:
            meant = data.decode()
        except UnicodeDecodeError:
            continue
        if len(letters) >= length and len(meant) == 1 and meant in _WORTHY:
            return meant, length
    return None


def _byte(letter: str, encoding: str) -> bytes:
    try:
        return letter.encode(encoding)
    except UnicodeEncodeError:
        # What Windows-1252 leaves open, readers pass through as the control character.
        return letter.encode("latin-1", "replace")
