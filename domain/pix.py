"""The tenant's own PIX: checking a key, and the static BR Code with the exact amount (D5).

Source of the code: Banco Central, "Manual de Padrões para Iniciação do Pix" (EMV QRCPS-MPM).
No money passes here; a wrong key pays a stranger, so a doubtful one is asked about, never guessed.
"""

import binascii
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from domain.contacts import parse_email, parse_phone
from domain.money import check_price
from domain.text import fold, one_line, plain, strip_accents, whole
from errors import InvalidInput

GUI = "br.gov.bcb.pix"
MAX_FIELD_CHARS = 99
MAX_KEY_CHARS = 77
MAX_NAME_CHARS = 25
MAX_CITY_CHARS = 15
MAX_BENEFICIARY_CHARS = 120
MAX_TXID_CHARS = 25
NO_TXID = "***"
CODES_KEPT = 4_096  # a business has few prices, and each client of a price gets the same code
# The field is obligatory and apps do not show it for a static code.
DEFAULT_CITY = "BRASIL"
ASK_AGAIN = "Mande de novo o CPF, CNPJ, e-mail, celular ou a chave aleatória."

ONLY_MOBILES = (
    "Telefone só serve de chave PIX se for celular, com o DDD e o 9. "
    "Escreva assim: (11) 98765-4321."
)
NO_LETTERS = "O nome do recebedor e a cidade precisam ter letras do nosso alfabeto."

_CPF = re.compile(r"\d{3}[. -]?\d{3}[. -]?\d{3}[-/. ]?\d{2}", re.ASCII)
_CNPJ = re.compile(
    r"[0-9A-Z]{2}[. ]?[0-9A-Z]{3}[. ]?[0-9A-Z]{3}[/ ]?[0-9A-Z]{4}[- ]?\d{2}",
    re.ASCII | re.IGNORECASE,
)
_MOBILE = re.compile(r"\+55[1-9]\d9\d{8}", re.ASCII)
_WRAPPING = " '\"`´‘’“”=;,.:<>()[]{}*"
_LABEL = re.compile(
    r"^(?:minha |chave ?|pix ?|aleatoria ?|e-?mail ?|mailto|cpf ?|cnpj ?|n[o.] ?){1,4}[:=\- ]+",
)
_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_CPF_WEIGHTS = (11, 10, 9, 8, 7, 6, 5, 4, 3, 2)
_CNPJ_WEIGHTS = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
_SEPARATORS = re.compile(r"[.\-/ ]")


class PixKeyKind(StrEnum):
    """What a PIX key is; the value is how it is stored."""

    CPF = "cpf"
    CNPJ = "cnpj"
    EMAIL = "email"
    PHONE = "phone"
    RANDOM = "random"

    @property
    def label(self) -> str:
        """What the owner calls it."""
        return _LABELS[self]


_LABELS = {
    PixKeyKind.CPF: "CPF",
    PixKeyKind.CNPJ: "CNPJ",
    PixKeyKind.EMAIL: "e-mail",
    PixKeyKind.PHONE: "celular",
    PixKeyKind.RANDOM: "chave aleatória",
}


@dataclass(frozen=True, slots=True)
class PixKey:
    """A key in the exact form the directory of Banco Central holds it."""

    kind: PixKeyKind
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PixReceiver:
    """Who is paid: the tenant's key, name and city."""

    key: PixKey
    name: str
    city: str = DEFAULT_CITY


def parse_pix_key(text: str) -> PixKey:
    """The key in `text`; raises InvalidInput, also when it could be a CPF or a mobile alike.

    For what a person types, once: a key that was stored is read by its kind, never parsed again.
    """
    visible = plain(text).strip(_WRAPPING)
    label = _LABEL.match(fold(visible))
    typed = visible[label.end() :].strip(_WRAPPING) if label else visible
    if len(typed) > MAX_KEY_CHARS:
        raise InvalidInput(f"Essa chave é comprida demais. {ASK_AGAIN}")
    if "@" in typed:
        return PixKey(PixKeyKind.EMAIL, parse_email(typed))
    if _UUID.fullmatch(typed):
        return PixKey(PixKeyKind.RANDOM, str(UUID(typed)))
    if _CPF.fullmatch(typed):
        return _cpf_or_phone(typed, called_cpf=label is not None and "cpf" in label[0])
    if _CNPJ.fullmatch(typed):
        return PixKey(PixKeyKind.CNPJ, _checked_cnpj(typed))
    return PixKey(PixKeyKind.PHONE, _mobile(typed))


def stored_receiver(
    key: PixKey | None, beneficiary: str | None, city: str | None
) -> PixReceiver | None:
    """Who is paid, from what is stored, or None while something is missing (D4); never raises.

    A city that no code can carry counts as none: apps do not show it.
    """
    if key is None or not (beneficiary or "").strip():
        return None
    return PixReceiver(
        key=key, name=beneficiary or "", city=_printable(city or "", MAX_CITY_CHARS) or DEFAULT_CITY
    )


def is_cpf(digits: str) -> bool:
    """Whether the eleven digits carry the right check digits (mod 11)."""
    return len(set(digits)) > 1 and digits[-2:] == _check_digits(digits[:-2], _CPF_WEIGHTS)


def is_cnpj(characters: str) -> bool:
    """Whether the fourteen characters carry the right check digits.

    Letters count as ASCII − 48 (Receita Federal, alphanumeric CNPJ since July 2026), so the digits
    of the numeric form keep their values.
    """
    right = characters[-2:] == _check_digits(characters[:-2], _CNPJ_WEIGHTS)
    return len(set(characters)) > 1 and right


@lru_cache(maxsize=CODES_KEPT)
def br_code(receiver: PixReceiver, amount: Decimal | None = None, *, txid: str = NO_TXID) -> str:
    """The copy-and-paste code that pays `amount` to `receiver`; without one the payer types it."""
    if txid != NO_TXID and not re.fullmatch(rf"[A-Za-z0-9]{{1,{MAX_TXID_CHARS}}}", txid):
        raise InvalidInput(f"O identificador do PIX usa até {MAX_TXID_CHARS} letras e números.")
    account = _field("00", GUI) + _field("01", receiver.key.value)
    payload = (
        _field("00", "01")
        + _field("26", account)
        + _field("52", "0000")
        + _field("53", "986")
        + (_field("54", str(check_price(amount))) if amount is not None else "")
        + _field("58", "BR")
        + _field("59", _printable(receiver.name, MAX_NAME_CHARS))
        + _field("60", parse_city(receiver.city))
        + _field("62", _field("05", txid))
        + "6304"
    )
    return payload + crc16(payload)


def crc16(payload: str) -> str:
    """CRC-16/CCITT-FALSE of `payload`, four hex digits (polynomial 0x1021, start 0xFFFF)."""
    return f"{binascii.crc_hqx(payload.encode('ascii'), 0xFFFF):04X}"


def br_code_or_none(receiver: PixReceiver | None, amount: Decimal | None) -> str | None:
    """The code for exactly `amount`, or None when what is stored makes none (D4); never raises.

    The amount is exact or there is no code (D5); a price of zero has nothing to pay.
    """
    if receiver is None or not amount:
        return None
    try:
        return br_code(receiver, amount)
    except InvalidInput:
        return None


def parse_beneficiary(text: str) -> str:
    """The name that the payer sees; raises InvalidInput when nothing of it can be printed."""
    name = one_line(text, field="o nome do recebedor", limit=MAX_BENEFICIARY_CHARS)
    if not _printable(name, MAX_NAME_CHARS):
        raise InvalidInput(NO_LETTERS)
    return name


def parse_city(text: str) -> str:
    """The city of the receiver, as the code carries it; raises InvalidInput."""
    city = _printable(text, MAX_CITY_CHARS)
    if not city:
        raise InvalidInput(NO_LETTERS)
    return city


def _cpf_or_phone(typed: str, *, called_cpf: bool) -> PixKey:
    digits = _SEPARATORS.sub("", typed)
    phone = None if called_cpf or typed != digits else _mobile_or_none(digits)
    if not is_cpf(digits):
        if phone is None:
            raise InvalidInput(f"Esse CPF não confere. {ASK_AGAIN}")
        return PixKey(PixKeyKind.PHONE, phone)
    if phone is not None:
        raise InvalidInput(
            "Esse número pode ser CPF ou celular. Se for CPF, escreva assim: 123.456.789-09. "
            "Se for celular, comece com +55."
        )
    return PixKey(PixKeyKind.CPF, digits)


def _checked_cnpj(typed: str) -> str:
    characters = _SEPARATORS.sub("", typed).upper()
    if not is_cnpj(characters):
        raise InvalidInput(f"Esse CNPJ não confere. {ASK_AGAIN}")
    return characters


def _mobile(typed: str) -> str:
    try:
        phone = parse_phone(typed)
    except InvalidInput:
        raise InvalidInput(f"Não reconheci essa chave PIX. {ASK_AGAIN}") from None
    if not phone.startswith("+55"):
        raise InvalidInput(f"Não reconheci essa chave PIX. {ASK_AGAIN}")
    if not _MOBILE.fullmatch(phone):
        raise InvalidInput(ONLY_MOBILES)
    return phone


def _mobile_or_none(typed: str) -> str | None:
    try:
        return _mobile(typed)
    except InvalidInput:
        return None


def _check_digits(characters: str, weights: tuple[int, ...]) -> str:
    first = _check_digit(characters, weights[1:])
    return first + _check_digit(characters + first, weights)


def _check_digit(characters: str, weights: tuple[int, ...]) -> str:
    total = sum(
        (ord(character) - ord("0")) * weight
        for character, weight in zip(characters, weights, strict=True)
    )
    rest = total % 11
    return "0" if rest < 2 else str(11 - rest)  # noqa: PLR2004 - mod 11 knows no digit ten or eleven


def _field(tag: str, value: str) -> str:
    if not 1 <= len(value) <= MAX_FIELD_CHARS:
        raise InvalidInput("Falta um dado do seu PIX, ou algum ficou comprido demais.")
    return f"{tag}{len(value):02d}{value}"


def _printable(text: str, limit: int) -> str:
    """What the code can carry of `text`, at most `limit` characters; empty without any letter."""
    # Accents would make lengths differ between characters and bytes in the payer's app.
    printable = re.sub(r"[^A-Za-z0-9 .&-]", " ", strip_accents(whole(text)))
    kept = " ".join(printable.split())[:limit].strip()
    return kept if re.search(r"[A-Za-z]", kept) else ""
