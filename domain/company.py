"""What messages say about the business, field by field, as its owner types it (H4, D3)."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from domain.contacts import format_phone, parse_phone
from domain.text import one_line
from errors import InvalidInput

MAX_COMPANY_CHARS = 120
MAX_SUPPORT_CHARS = 120


class CompanyField(StrEnum):
    """A field of the business; its value is the variable's name too, where texts have it."""

    COMPANY = "empresa"
    PHONE = "empresa_telefone"
    SUPPORT = "suporte"


def parse_company(text: str) -> str:
    """The name of the business; raises InvalidInput."""
    return _line(text, MAX_COMPANY_CHARS, "Escreva o nome do negócio, com letras.")


def parse_company_phone(text: str) -> str:
    """Its phone, as people read it; raises InvalidInput."""
    return format_phone(parse_phone(text))


def parse_support(text: str) -> str:
    """Whom clients turn to: a phone, an address or a sentence; raises InvalidInput."""
    return _line(text, MAX_SUPPORT_CHARS, "Escreva com quem o cliente fala quando precisa.")


READ: Mapping[CompanyField, Callable[[str], str]] = {
    CompanyField.COMPANY: parse_company,
    CompanyField.PHONE: parse_company_phone,
    CompanyField.SUPPORT: parse_support,
}


def _line(text: str, most: int, example: str) -> str:
    line = one_line(text, field="este campo", limit=most)
    if not any(map(str.isalnum, line)):
        raise InvalidInput(example)
    return line
