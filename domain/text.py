"""Text as people type it: comparing without accents or case, trimming what goes into a field."""

import unicodedata

from errors import InvalidInput


def fold(text: str) -> str:
    """`text` for comparing: no accents, no case, single spaces ("  São  João" → "sao joao")."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())


def whole(text: str) -> str:
    """`text` without what can be neither stored nor sent: NUL and halves of surrogate pairs.

    Two halves that follow each other are the one character they mean.
    """
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return joined.replace("\0", "")


def strip_accents(text: str) -> str:
    """`text` in ASCII: accents dropped, what has no ASCII form removed."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


def one_line(text: str, *, field: str, limit: int) -> str:
    """`text` on one line with single spaces; InvalidInput when empty or longer than `limit`.

    `field` is the Portuguese name with its article, as in "o nome".
    """
    # Control and format characters would hide in a button or break a message.
    visible = "".join(" " if _is_control(letter) else letter for letter in text)
    line = " ".join(visible.split())
    if not line:
        raise InvalidInput(f"Faltou {field}.")
    if len(line) > limit:
        article = field[0].upper() + field[1:]
        raise InvalidInput(f"{article} ficou grande demais: use até {limit} letras.")
    return line


def _is_control(letter: str) -> bool:
    # Cf holds the joiners that build one emoji out of several: those stay.
    return unicodedata.category(letter) == "Cc" or letter in "\u202a\u202b\u202c\u202d\u202e"
