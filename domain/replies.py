"""What a client's reply means: leaving, coming back, having paid, promising to pay (F8, J3).

Pure, and careful: the whole word SAIR alone leaves, and a hint of a payment is only ever an offer
to the owner. What is read here is a stranger's: any length, any script.
"""

import re
from datetime import date, timedelta
from enum import StrEnum

from domain.text import fold, plain
from domain.typed_dates import parse_date
from errors import InvalidInput

MOST_READ_CHARS = 400
"""Of a long text only so much is read for a meaning: who promises, says so soon."""
LONGEST_PROMISE = timedelta(days=45)


class ReplyKind(StrEnum):
    """What a client sent; the value is what the table and the protocol hold."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    PDF = "pdf"
    DOCUMENT = "document"
    STICKER = "sticker"
    CONTACT = "contact"
    LOCATION = "location"
    OTHER = "other"
    DELETED = "deleted"
    """What takes an earlier message back; an earlier message that was taken back."""


# What a receipt of a payment comes as.
PROOFS = frozenset({ReplyKind.IMAGE, ReplyKind.PDF})


class Wish(StrEnum):
    """What a client asks of the messages themselves, by one word alone."""

    LEAVE = "leave"
    RETURN = "return"


_WISHES = {"sair": Wish.LEAVE, "voltar": Wish.RETURN}
_NOT_A_LETTER = re.compile(r"[^a-z0-9]+", re.ASCII)

_PAID = re.compile(
    r"\b(?:paguei|pago(?= (?:sim|ja|hoje cedo)\b)|ja (?:foi |ta |esta )?pag[oau]"
    r"|foi pago|esta pago|ta pago|pagamento (?:feito|efetuado|realizado)"
    r"|(?:fiz|feito|mandei|enviei) o (?:pix|pagamento|deposito)"
    r"|pix (?:feito|enviado|realizado|efetuado)|transferi|depositei|comprovante|segue o pix)\b"
)
_NOT_PAID = re.compile(
    r"\b(?:nao|nunca|nem|se|quando|depois que) (?:\w+ ){0,2}"
    r"(?:paguei|pago|foi pago|fiz|mandei|enviei|transferi)\b"
)
_PAYS = re.compile(
    r"\b(?:pago|pagarei|pagamento|acerto|quito|deposito|transfiro|faco o pix|mando o pix"
    r"|(?:vou|irei|consigo|posso|da pra) (?:pagar|fazer|mandar|enviar|depositar|transferir))\b"
)
_NO_PROMISE = re.compile(
    r"\b(?:nao|nunca|nem) (?:\w+ ){0,2}(?:pago|pagar|pagarei|consigo|posso|vou|acerto)\b"
)
_PART_OF_DAY = re.compile(
    r"\b(?:(?:de|pela|a|da|na) (?:manha|tarde|noite)|(?:bem )?cedo|cedinho|sem falta|meio dia)\b"
)
_MONTH = (
    r"(?:janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro)"
)
_WEEKDAY = r"(?:segunda|terca|quarta|quinta|sexta|sabado|domingo)"
_COUNT = r"(?:\d{1,2}|um|uma|dois|duas|tres|quatro|cinco|dez|quinze)"
_DAY = re.compile(
    r"(?:depois de amanha|amanha|hoje"
    rf"|(?:proxim[oa] )?{_WEEKDAY}(?:[ -]feira)?(?: que vem)?"
    rf"|dia \d{{1,2}}(?:/\d{{1,2}}(?:/\d{{2,4}})?| de {_MONTH})?"
    r"|\d{1,2}/\d{1,2}(?:/\d{2,4})?"
    rf"|\d{{1,2}} de {_MONTH}"
    rf"|(?:daqui(?: a)?|em|dentro de) {_COUNT} (?:dias?|semanas?)"
    r"|(?:fim|final) do mes|ultimo dia do mes)(?![\w/])",
    re.ASCII,
)


def wish_in(text: str) -> Wish | None:
    """The wish of a text that is one word and nothing else, whatever stands around it.

    "SAIR", "Sáir!" and "“sair” 🙏" leave; "vou sair agora" does not (F8).
    """
    if len(text) > MOST_READ_CHARS:
        return None
    return _WISHES.get(_NOT_A_LETTER.sub(" ", _folded(text)).strip())


def says_paid(text: str) -> bool:
    """Whether a text reads as "paid": a reason to ask the owner, never more."""
    words = _folded(text)
    return _PAID.search(words) is not None and _NOT_PAID.search(words) is None


def promise_in(text: str, today: date) -> date | None:
    """The day on which a client says it will pay, if that is one day ahead (J3).

    `today` is the tenant's day on which it was written. Two different days are no promise, and
    neither is one that is past or too far away.
    """
    words = _PART_OF_DAY.sub(" ", _folded(text))
    if _PAYS.search(words) is None or _NO_PROMISE.search(words) or says_paid(text):
        return None
    days = {_day(found[0], today) for found in _DAY.finditer(words)}
    day = days.pop() if len(days) == 1 else None
    return day if day is not None and today <= day <= today + LONGEST_PROMISE else None


def shown(text: str, most: int) -> str:
    """A text as it may be shown: nothing that turns writing around, `most` letters at the most."""
    visible = "".join(letter for letter in text if letter not in _TURNING)
    return visible if len(visible) <= most else visible[: most - 1].rstrip() + "…"


# Marks that would turn around what stands beside the text, too.
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00")


def _folded(text: str) -> str:
    return fold(plain(text[:MOST_READ_CHARS]))


def _day(words: str, today: date) -> date | None:
    try:
        return parse_date(words, today)
    except InvalidInput:
        return None
