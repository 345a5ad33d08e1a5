"""What messages say about the business, as its owner types it (H4, D3)."""

import pytest

from domain.company import READ, CompanyField
from errors import InvalidInput

F = CompanyField


@pytest.mark.parametrize(
    ("field", "typed", "expected"),
    [
        pytest.param(F.COMPANY, "  Alfa   TV ", "Alfa TV", id="a name on one line"),
        pytest.param(F.COMPANY, "x" * 120, "x" * 120, id="the longest name"),
        pytest.param(F.PHONE, "11 99000-0001", "(11) 99000-0001", id="a phone as people read it"),
        pytest.param(F.SUPPORT, "Fale  com a Bia", "Fale com a Bia", id="a sentence"),
        pytest.param(F.SUPPORT, "y" * 120, "y" * 120, id="the longest sentence"),
    ],
)
def test_a_field_of_the_business_is_read(field: CompanyField, typed: str, expected: str) -> None:
    assert expected == READ[field](typed)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        pytest.param(F.COMPANY, "...", "Escreva o nome do negócio", id="a name of no letter"),
        pytest.param(F.COMPANY, "x" * 121, "120", id="a name too long"),
        pytest.param(F.PHONE, "99", "", id="no phone"),
        pytest.param(F.SUPPORT, "!?", "Escreva com quem o cliente fala", id="support of no letter"),
        pytest.param(F.SUPPORT, "y" * 121, "120", id="support too long"),
    ],
)
def test_what_says_nothing_about_the_business_is_refused(
    field: CompanyField, typed: str, said: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        READ[field](typed)

    assert said in refused.value.sentence
