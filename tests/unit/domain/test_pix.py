"""PIX keys with their check digits, and the BR Code against published examples (D5)."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.pix import (
    DEFAULT_CITY,
    PixKey,
    PixKeyKind,
    PixReceiver,
    br_code,
    br_code_or_none,
    crc16,
    is_cnpj,
    is_cpf,
    parse_beneficiary,
    parse_city,
    parse_pix_key,
    stored_receiver,
)
from errors import InvalidInput

# The example of the manual of Banco Central, "Manual de Padrões para Iniciação do Pix".
MANUAL_CODE = (
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-426655440000"
    "5204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D"
)
MANUAL_RECEIVER = PixReceiver(
    key=PixKey(PixKeyKind.RANDOM, "123e4567-e12b-12d1-a456-426655440000"),
    name="Fulano de Tal",
    city="BRASILIA",
)


def test_the_code_equals_the_example_of_the_manual() -> None:
    assert MANUAL_CODE == br_code(MANUAL_RECEIVER)


def test_the_checksum_equals_the_published_check_value() -> None:
    # CRC-16/CCITT-FALSE (CRC RevEng catalogue, "CRC-16/IBM-3740"): check = 0x29b1.
    assert "29B1" == crc16("123456789")


def fields_of(code: str) -> dict[str, str]:
    """The top-level fields of a BR Code by tag."""
    fields = {}
    while code:
        length = int(code[2:4])
        fields[code[:2]] = code[4 : 4 + length]
        code = code[4 + length :]
    return fields


@given(
    st.decimals(min_value="0.01", max_value="99999.99", places=2),
    st.text(alphabet=st.characters(codec="latin-1"), min_size=1, max_size=120).map("A".__add__),
)
def test_every_code_reads_back_field_by_field(amount: Decimal, name: str) -> None:
    code = br_code(PixReceiver(key=MANUAL_RECEIVER.key, name=name, city="São Paulo"), amount)
    fields = fields_of(code)

    assert str(amount) == fields["54"]
    assert "Sao Paulo" == fields["60"]
    assert 1 <= len(fields["59"]) <= 25
    assert crc16(code[:-4]) == fields["63"]
    assert code.isascii()


def test_the_longest_key_still_fits() -> None:
    email = f"{'a' * 60}@{'b' * 12}.com"
    key = parse_pix_key(email)

    assert (
        f"0014br.gov.bcb.pix0177{email}"
        == fields_of(br_code(PixReceiver(key=key, name="Loja")))["26"]
    )


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("123.456.789-09", PixKeyKind.CPF, "12345678909"),
        ("12345678909", PixKeyKind.CPF, "12345678909"),
        ("11.222.333/0001-81", PixKeyKind.CNPJ, "11222333000181"),
        ("00000000000191", PixKeyKind.CNPJ, "00000000000191"),
        ("12.ABC.345/01DE-35", PixKeyKind.CNPJ, "12ABC34501DE35"),
        ("12abc34501de35", PixKeyKind.CNPJ, "12ABC34501DE35"),
        ("Loja@Exemplo.com", PixKeyKind.EMAIL, "loja@exemplo.com"),
        ("+55 11 98765-4321", PixKeyKind.PHONE, "+5511987654321"),
        ("(11) 98765-4321", PixKeyKind.PHONE, "+5511987654321"),
        ("11987654321", PixKeyKind.PHONE, "+5511987654321"),
        (
            "123E4567-E12B-12D1-A456-426655440000",
            PixKeyKind.RANDOM,
            "123e4567-e12b-12d1-a456-426655440000",
        ),
    ],
)
def test_a_key_is_recognised_by_its_shape(typed: str, kind: PixKeyKind, value: str) -> None:
    assert PixKey(kind, value) == parse_pix_key(typed)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("123.456.789-00", "Esse CPF não confere"),
        ("111.111.111-11", "Esse CPF não confere"),
        ("11.222.333/0001-82", "Esse CNPJ não confere"),
        ("12.ABC.345/01DE-36", "Esse CNPJ não confere"),
        ("loja@exemplo", "Esse e-mail não parece certo"),
        ("minha chave", "Não reconheci essa chave PIX"),
        ("+1 415 555 2671", "Não reconheci essa chave PIX"),
        ("", "Não reconheci essa chave PIX"),
        ("a" * 78, "comprida demais"),
    ],
)
def test_a_wrong_key_is_refused(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        parse_pix_key(typed)


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("439.150.008-68", PixKeyKind.CPF, "43915000868"),
        ("439 150 008 68", PixKeyKind.CPF, "43915000868"),
        ("439.150.008/68", PixKeyKind.CPF, "43915000868"),
        ("CPF: 43915000868", PixKeyKind.CPF, "43915000868"),
        ("\u202a439.150.008-68\u202c", PixKeyKind.CPF, "43915000868"),
        ("'439.150.008–68", PixKeyKind.CPF, "43915000868"),
        ("４３９.150.008-68;", PixKeyKind.CPF, "43915000868"),
        ("CNPJ 11.222.333/0001-81", PixKeyKind.CNPJ, "11222333000181"),
        ("11 222 333 0001 81", PixKeyKind.CNPJ, "11222333000181"),
        ("12.abc.345/01de-35.", PixKeyKind.CNPJ, "12ABC34501DE35"),
        ("PIX: LOJA@Exemplo.COM", PixKeyKind.EMAIL, "loja@exemplo.com"),
        ("<loja@exemplo.com>", PixKeyKind.EMAIL, "loja@exemplo.com"),
        ("mailto:loja@exemplo.com", PixKeyKind.EMAIL, "loja@exemplo.com"),
        ("loja\u200b@exemplo.com\ufeff", PixKeyKind.EMAIL, "loja@exemplo.com"),
        ("Celular: (11) 98765-4321", PixKeyKind.PHONE, "+5511987654321"),
        ("minha chave pix: 5511987654321", PixKeyKind.PHONE, "+5511987654321"),
        ("0xx11 98765-4321", PixKeyKind.PHONE, "+5511987654321"),
        (
            "chave aleatória: {123E4567-E12B-12D1-A456-426655440000}",
            PixKeyKind.RANDOM,
            "123e4567-e12b-12d1-a456-426655440000",
        ),
    ],
)
def test_a_key_is_found_in_what_stands_around_it(typed: str, kind: PixKeyKind, value: str) -> None:
    assert PixKey(kind, value) == parse_pix_key(typed)


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("(11) 3333-4444", id="landline"),
        pytest.param("1133334444", id="landline, digits only"),
        pytest.param("+55 11 3333-4444", id="landline with country code"),
        pytest.param("(11) 8765-4321", id="a mobile from before the ninth digit"),
    ],
)
def test_only_a_mobile_of_today_can_be_a_phone_key(typed: str) -> None:
    with pytest.raises(InvalidInput, match="só serve de chave PIX se for celular"):
        parse_pix_key(typed)


@pytest.mark.parametrize("typed", ["(11) 98765-432", "1198765432", "(20) 98765-4321", "190", "\0"])
def test_a_phone_that_is_none_is_no_key(typed: str) -> None:
    with pytest.raises(InvalidInput, match="Não reconheci essa chave PIX"):
        parse_pix_key(typed)


def with_check_digits(nine: str) -> str:
    """The CPF that begins with these nine digits."""
    return next(nine + f"{end:02d}" for end in range(100) if is_cpf(nine + f"{end:02d}"))


CPFS = (
    st.from_regex(r"[0-9]{9}", fullmatch=True)
    .filter(lambda n: len(set(n)) > 1)
    .map(with_check_digits)
)
MOBILES = st.from_regex(r"\+55(11|21|31|41|51|61|71|81|91)9[1-9][0-9]{7}", fullmatch=True)
KEYS = st.one_of(
    CPFS.map(lambda cpf: f"{cpf[:3]}.{cpf[3:6]}.{cpf[6:9]}-{cpf[9:]}"),
    MOBILES,
    st.uuids(version=4).map(str),
    st.emails(domains=st.just("exemplo.com.br")).filter(lambda e: len(e) <= 64),
    st.sampled_from(["11.222.333/0001-81", "12.ABC.345/01DE-35", "00000000000191"]),
)
STORED_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=130)


@given(CPFS)
def test_every_cpf_typed_with_its_dots_is_that_cpf(cpf: str) -> None:
    dotted = f"{cpf[:3]}.{cpf[3:6]}.{cpf[6:9]}-{cpf[9:]}"

    assert PixKey(PixKeyKind.CPF, cpf) == parse_pix_key(dotted)


@given(CPFS)
def test_a_cpf_typed_without_dots_is_that_cpf_or_is_asked_about(cpf: str) -> None:
    key = PixKey(PixKeyKind.CPF, cpf)
    with suppress(InvalidInput):
        key = parse_pix_key(cpf)

    assert PixKey(PixKeyKind.CPF, cpf) == key
    assert key == parse_pix_key(f"CPF {cpf}")


@given(
    KEYS,
    st.none() | STORED_TEXT,
    st.none() | STORED_TEXT,
    st.none() | st.decimals(min_value=0, max_value="9999999999.99", places=2),
)
def test_what_was_stored_is_read_without_a_fault_and_keeps_its_kind(
    typed: str, name: str | None, city: str | None, price: Decimal | None
) -> None:
    with suppress(InvalidInput):
        key = parse_pix_key(typed)
        stored = PixKey(PixKeyKind(key.kind.value), key.value)
        receiver = stored_receiver(stored, name, city)
        code = br_code_or_none(receiver, price)

        assert receiver is None or key == receiver.key
        assert code is None or key.value in fields_of(code)["26"]
        assert code is None or fields_of(code)["60"].isascii()


@pytest.mark.parametrize("city", ["東京", "😀", "   ", "", None, "123", "\ud83d"])
def test_a_stored_city_that_no_code_can_carry_counts_as_none(city: str | None) -> None:
    receiver = stored_receiver(MANUAL_RECEIVER.key, "Rita", city)
    code = br_code_or_none(receiver, Decimal(35))

    assert code is not None
    assert DEFAULT_CITY == fields_of(code)["60"]


def test_a_stored_city_is_the_codes_city() -> None:
    code = br_code_or_none(stored_receiver(MANUAL_RECEIVER.key, "Rita", "São Luís"), Decimal(35))

    assert code is not None
    assert ("Rita", "Sao Luis") == (fields_of(code)["59"], fields_of(code)["60"])


@pytest.mark.parametrize("name", [None, "", "  "])
def test_a_receiver_without_key_or_name_is_none_yet(name: str | None) -> None:
    assert (None, None) == (
        stored_receiver(None, "Rita", "Recife"),
        stored_receiver(MANUAL_RECEIVER.key, name, "Recife"),
    )


def test_every_kind_has_a_name_of_its_own() -> None:
    assert ["CPF", "CNPJ", "e-mail", "celular", "chave aleatória"] == [
        kind.label for kind in PixKeyKind
    ]


@pytest.mark.parametrize("name", ["東京", "😀", "123"])
def test_a_stored_name_that_no_code_can_carry_makes_no_code(name: str) -> None:
    assert br_code_or_none(stored_receiver(MANUAL_RECEIVER.key, name, None), Decimal(35)) is None


@pytest.mark.parametrize("price", [None, Decimal(0), Decimal("100000.00")])
def test_a_price_that_no_code_can_carry_makes_no_code(price: Decimal | None) -> None:
    assert br_code_or_none(MANUAL_RECEIVER, price) is None


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Groß & Söhne", "Gross & Sohne"),
        ("Łódź Øre Æon", "Lodz Ore AEon"),
        ("Đặng ıŞık ħŧŋ", "Dang iSik htn"),
        ("Þór Œuvre ǿ", "Thor OEuvre o"),
        ("D’Ávila − TV", "D Avila - TV"),
        ("Ｒｉｔａ ＆ Cia", "Rita & Cia"),
        ("TV 東京 \u202eRita", "TV Rita"),
    ],
)
def test_letters_without_an_ascii_form_are_written_out(name: str, printed: str) -> None:
    code = br_code(PixReceiver(key=MANUAL_RECEIVER.key, name=parse_beneficiary(name)))

    assert printed == fields_of(code)["59"]


@pytest.mark.parametrize("city", ["東京", "😀", "", "123", "—"])
def test_a_city_that_no_code_can_carry_is_refused_when_it_is_set(city: str) -> None:
    with pytest.raises(InvalidInput, match="precisam ter letras"):
        parse_city(city)


@given(STORED_TEXT)
def test_a_city_set_once_may_be_set_again(text: str) -> None:
    with suppress(InvalidInput):
        city = parse_city(text)

        assert city == parse_city(city)


def test_a_number_that_is_a_cpf_and_a_mobile_is_asked_about() -> None:
    # A Rio mobile whose last two digits happen to be those of a CPF.
    with pytest.raises(InvalidInput, match="pode ser CPF ou celular"):
        parse_pix_key("21987654382")


@given(st.from_regex(r"[0-9A-Z]{12}[0-9]{2}", fullmatch=True), st.integers(0, 11))
def test_one_changed_digit_never_passes_as_the_same_cnpj(characters: str, place: int) -> None:
    old = characters[place]
    neighbour = chr(ord(old) + 1) if old not in "9Z" else chr(ord(old) - 1)
    changed = characters[:place] + neighbour + characters[place + 1 :]

    assert not (is_cnpj(characters) and is_cnpj(changed))


def test_published_documents_carry_right_check_digits() -> None:
    assert (True, True, True) == (
        is_cpf("12345678909"),
        is_cnpj("11222333000181"),
        is_cnpj("12ABC34501DE35"),
    )


@pytest.mark.parametrize("txid", ["", "com espaço", "a" * 26])
def test_a_wrong_identifier_is_refused(txid: str) -> None:
    with pytest.raises(InvalidInput, match="até 25 letras e números"):
        br_code(MANUAL_RECEIVER, txid=txid)


def test_a_key_that_the_code_cannot_hold_makes_no_code() -> None:
    receiver = PixReceiver(key=PixKey(PixKeyKind.EMAIL, "a" * 78), name="Loja")

    with pytest.raises(InvalidInput, match="comprido demais"):
        br_code(receiver)


def test_a_name_that_no_app_can_print_is_refused() -> None:
    with pytest.raises(InvalidInput, match="precisam ter letras"):
        parse_beneficiary("山田")


def test_name_and_city_are_cut_to_what_the_code_holds() -> None:
    assert "São José dos Campos e Região" == parse_beneficiary("São José dos Campos e Região")
    assert "Sao Jose dos Ca" == parse_city("São José dos Campos")
