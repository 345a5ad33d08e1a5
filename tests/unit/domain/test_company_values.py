"""What messages say about the business, as its owner types it (H4, D3)."""

import pytest

from domain.company import READ, CompanyField
from errors import InvalidInput


@pytest.mark.parametrize(
    ("field", "typed", "expected"),
    [
        pytest.param("empresa", "  TV \n Boa ", "TV Boa", id="a name on one line"),
        pytest.param("empresa", "a" * 120, "a" * 120, id="as long a name as may be"),
        pytest.param("empresa", "🎬 7", "🎬 7", id="one letter or digit is enough"),
        pytest.param("empresa_telefone", "11 99000 0001", "(11) 99000-0001", id="a phone"),
        pytest.param("suporte", " @tvboa ", "@tvboa", id="whom to ask"),
        pytest.param("suporte", "s" * 120, "s" * 120, id="as long as may be"),
    ],
)
def test_each_field_is_read_as_people_will_see_it(field: str, typed: str, expected: str) -> None:
    assert expected == READ[CompanyField(field)](typed)


@pytest.mark.parametrize(
    ("field", "typed", "expected"),
    [
        ("empresa", "🎬 !!", "Escreva o nome do negócio, com letras."),
        ("empresa", " ", "Faltou este campo."),
        ("empresa", "a" * 121, "Este campo ficou grande demais: use até 120 letras."),
        ("suporte", "...", "Escreva com quem o cliente fala quando precisa."),
        ("suporte", "s" * 121, "Este campo ficou grande demais: use até 120 letras."),
    ],
)
def test_what_no_client_could_use_is_refused_with_what_to_write(
    field: str, typed: str, expected: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        READ[CompanyField(field)](typed)

    assert expected == str(refused.value)


def test_what_is_no_phone_is_no_phone_of_the_business() -> None:
    with pytest.raises(InvalidInput):
        READ[CompanyField.PHONE]("12")


def test_every_field_is_read() -> None:
    assert set(CompanyField) == set(READ)
