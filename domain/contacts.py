"""Phones and e-mails: what a person typed → one exact form, or a sentence saying what is wrong.

A phone is kept as typed, in E.164 (decision 6): the ninth digit is neither added nor removed here.
WhatsApp alone knows which form an account has, so both are offered for asking it (F5).
"""

import re

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from domain.text import plain
from domain.typed_phones import (
    NOT_RECOGNISED,
    TypedNumber,
    brazilian,
    country_stands_alone,
    read_number,
)
from errors import InvalidInput

BRAZIL = 55
NINTH_DIGIT = "9"
MAX_EMAIL_CHARS = 254
_REACHABLE = frozenset(
    {
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
    }
)
_MOBILE = re.compile(r"\+55(?P<area>\d{2})9(?P<rest>\d{8})", re.ASCII)
_OLD_MOBILE = re.compile(r"\+55(?P<area>\d{2})(?P<rest>[6-9]\d{7})", re.ASCII)
_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)
_AROUND_EMAIL = " '\"‘’“”<>()[];,.:"
_MAX_LOCAL_CHARS = 64


def parse_phone(text: str) -> str:
    """The phone in `text` as E.164, in the form it was typed; raises InvalidInput.

    Any Brazilian shape is read, whatever is written around it; other countries need "+". Eight
    digits that may be a mobile are one only when written 4+4; else a digit is missing (decision 6).
    """
    typed = read_number(text)
    e164 = brazilian(typed) or f"+{typed.digits}"
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        raise InvalidInput(NOT_RECOGNISED) from None
    foreign_slip = number.country_code != BRAZIL and _is_slip(typed, number)
    if foreign_slip or not (_is_reachable(number) or _is_old_mobile(number)):
        raise InvalidInput(NOT_RECOGNISED)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def whatsapp_candidates(e164: str) -> tuple[str, ...]:
    """The forms to ask WhatsApp about, the typed one first (F5).

    A Brazilian mobile has two: with and without the ninth digit (decision 6). The shorter one is
    left out where no mobile ever had it: it would be somebody else's landline, or nobody's.
    """
    if mobile := _MOBILE.fullmatch(e164):
        short = f"+55{mobile['area']}{mobile['rest']}"
        return (e164, short) if _OLD_MOBILE.fullmatch(short) else (e164,)
    if old := _OLD_MOBILE.fullmatch(e164):
        return (e164, f"+55{old['area']}{NINTH_DIGIT}{old['rest']}")
    return (e164,)


def same_phone_key(e164: str) -> str:
    """Equal for the two forms of one mobile: for finding duplicates, never for sending."""
    return min(whatsapp_candidates(e164), key=len)


def format_phone(e164: str) -> str:
    """The phone as people write it: (11) 98765-4321; other countries keep their code."""
    national = e164.removeprefix("+55")
    if national != e164 and len(national) in {10, 11}:
        return f"({national[:2]}) {national[2:-4]}-{national[-4:]}"
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def mask_phone(e164: str) -> str:
    """The phone for a log: country, area and the last two digits only (I1)."""
    return f"{e164[:5]}{'*' * max(0, len(e164) - 7)}{e164[-2:]}"


def parse_email(text: str) -> str:
    """The e-mail in `text`, lower-cased; raises InvalidInput. Nothing is looked up."""
    email = plain(text).removeprefix("mailto:").strip(_AROUND_EMAIL).lower()
    local = email.partition("@")[0]
    too_long = len(email) > MAX_EMAIL_CHARS or len(local) > _MAX_LOCAL_CHARS
    if too_long or not _EMAIL.fullmatch(email):
        raise InvalidInput("Esse e-mail não parece certo. Escreva assim: nome@exemplo.com.")
    return email


def _is_slip(typed: TypedNumber, number: PhoneNumber) -> bool:
    # +5 41 9… is a Brazilian number that lost a 5, not one of the country that +54 is.
    lost_a_five = _MOBILE.fullmatch(f"+5{typed.digits}") is not None
    return lost_a_five or not country_stands_alone(typed, number.country_code or 0)


def _is_reachable(number: PhoneNumber) -> bool:
    return phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in _REACHABLE


def _is_old_mobile(number: PhoneNumber) -> bool:
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    old = _OLD_MOBILE.fullmatch(e164)
    return old is not None and _is_reachable(phonenumbers.parse(whatsapp_candidates(e164)[1]))
