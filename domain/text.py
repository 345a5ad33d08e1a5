"""Text as people type it: comparing without accents or case, trimming what goes into a field."""

import unicodedata

from errors import InvalidInput

# Nothing is seen of these either, though Unicode calls them letters or symbols.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# Letters that no decomposition takes apart.
_ONE_FOR_ONE = str.maketrans("łŁøØđĐðÐħĦŧŦŋŊıĸƒəƏɨƗƀɃ’‘–—‐‑−", "lLoOdDdDhHtTnNikfeEiIbB''-----")
_SPELLED_OUT = _ONE_FOR_ONE | str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th"}
)
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# The last two are no characters at all, and XML has no way to write them.
_UNSEEN = frozenset("\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u2060\ufeff\ufffe\uffff")
_DROPPED = frozenset({"Cf", "Mn", "Me", "Cs", "Co", "Cn"})
_SPACES = frozenset({"Zs", "Zl", "Zp", "Cc"})


def fold(text: str) -> str:
    """`text` for comparing: no accents, no case, single spaces ("  São  João" → "sao joao")."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())


def whole(text: str) -> str:
    """`text` without what can be neither stored nor sent: NUL and halves of surrogate pairs.

    Two halves that follow each other are the one character they mean.
    """
    if not text.isascii():  # which has no such halves
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return text.replace("\0", "")


def plain(text: str) -> str:
    """`text` as the eye reads it, for numbers and dates: on one line, nothing invisible in it.

    Marks that turn writing around, joiners and keycaps go; any space is a space, any dash a hyphen
    and any script's digit an ASCII one.
    """
    composed = unicodedata.normalize("NFKC", whole(text))
    return " ".join("".join(_plain_letter(letter) for letter in composed).split())


def strip_accents(text: str) -> str:
    """`text` in ASCII: accents dropped, letters like ß and Ł written out, the rest removed."""
    spelled = unicodedata.normalize("NFKD", text).translate(_SPELLED_OUT)
    return spelled.encode("ascii", "ignore").decode("ascii")


def one_line(text: str, *, field: str, limit: int) -> str:
    """`text` on one line with single spaces; InvalidInput when empty or longer than `limit`.

    `field` is the Portuguese name with its article, as in "o nome".
    """
    line = " ".join(_visible(text).split())
    if not line:
        raise InvalidInput(f"Faltou {field}.")
    if len(line) > limit:
        article = field[0].upper() + field[1:]
        raise InvalidInput(f"{article} ficou grande demais: use até {limit} letras.")
    return line


def lines(text: str) -> str:
    """`text` without what would hide in it, its lines kept and nothing around them."""
    return "\n".join(_visible(line).strip() for line in text.splitlines()).strip()


def _plain_letter(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in _SPACES or letter in _BLANKS:
        return " "
    if category in _DROPPED:
        return ""
    if category == "Pd" or letter == "−":
        return "-"
    return str(unicodedata.decimal(letter)) if category == "Nd" else letter


def _visible(text: str) -> str:
    return "".join(_visible_letter(letter) for letter in unicodedata.normalize("NFC", whole(text)))


def _visible_letter(letter: str) -> str:
    # Controls, blanks and marks that turn writing around would hide in a button or break a message.
    if unicodedata.category(letter) == "Cc" or letter in _BLANKS or letter in _TURNING:
        return " "
    # Cf also holds the joiners that build one emoji out of several: those stay.
    return "" if letter in _UNSEEN else letter
