"""Texts with variables: refused when wrong, complete when sent (D2, D3, D4)."""

from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.default_templates import DEFAULT_TEMPLATES
from domain.pix import PixReceiver, br_code, parse_pix_key
from domain.reminders import Kind
from domain.template_values import Business, Facts, greeting, values_for
from domain.templates import MAX_MESSAGE_CHARS, VARIABLES, Template, parse, render, stored
from errors import InvalidInput, MissingValue, TextTooLong
from tests.unit.domain.makers import TODAY, make_client

NINE = datetime(2026, 11, 24, 9, 5)  # noqa: DTZ001 - the tenant's wall time
PIX = PixReceiver(key=parse_pix_key("loja@exemplo.com"), name="Loja Exemplo", city="Recife")
SHOP = Business(name="Loja Exemplo", phone="(11) 90000-0000", support="@loja")
NAMES = st.sampled_from(sorted(VARIABLES))


def test_variables_are_filled_with_what_they_mean() -> None:
    values = values_for(Facts(make_client(), SHOP, TODAY, NINE, PIX), VARIABLES)

    assert {
        "nome": "Maria da Silva",
        "primeiro_nome": "Maria",
        "telefone": "(11) 99000-0001",
        "plano": "Mensal",
        "valor": "R$ 35,00",
        "servidor": "Alfa",
        "vencimento": "23/11/2026",
        "vencimento_extenso": "23 de novembro de 2026",
        "dias_para_vencer": "0",
        "dias_de_atraso": "1",
        "status": "atrasado há 1 dia",
        "saudacao": "Bom dia",
        "data_atual": "24/11/2026",
        "hora_atual": "09:05",
        "empresa": "Loja Exemplo",
        "empresa_telefone": "(11) 90000-0000",
        "suporte": "@loja",
        "pix_chave": "loja@exemplo.com",
        "pix_beneficiario": "Loja Exemplo",
        "pix_copia_e_cola": br_code(PIX, Decimal("35.00")),
        "informacoes": "TV da sala",
    } == values


def test_every_variable_has_a_value_function_and_an_explanation() -> None:
    values = values_for(Facts(make_client(), SHOP, TODAY, NINE, PIX), VARIABLES)

    assert [] == [name for name, value in values.items() if value is None]


def test_a_text_is_filled_completely() -> None:
    template = parse("Oi, {primeiro_nome}! São {valor}. {primeiro_nome}?")

    assert ("primeiro_nome", "valor") == template.variables
    assert "Oi, Ana! São R$ 5,00. Ana?" == render(
        template, {"primeiro_nome": "Ana", "valor": "R$ 5,00"}
    )


@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_text_whose_variable_has_no_value_is_not_written(value: str | None) -> None:
    template = parse("{nome}: {pix_chave} {suporte}")

    with pytest.raises(MissingValue) as missing:
        render(template, {"nome": "Ana", "pix_chave": value})

    assert ("pix_chave", "suporte") == missing.value.names
    assert "Falta preencher o que o texto usa: {pix_chave}, {suporte}." == missing.value.sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Oi {nme}", "Não conheço a variável {nme}. Você quis dizer {nome}?"),
        ("{Nome}", "Não conheço a variável {Nome}. Você quis dizer {nome}?"),
        ("{ nome }", "Não conheço a variável { nome }. Você quis dizer {nome}?"),
        ("{vencimeto}", "Não conheço a variável {vencimeto}. Você quis dizer {vencimento}?"),
        ("{preço}", "Não conheço a variável {preço}."),
        ("{pix}", "Não conheço a variável {pix}. Você quis dizer {pix_chave}?"),
        ("{saudação}", "Não conheço a variável {saudação}. Você quis dizer {saudacao}?"),
        ("Oi {nome", "Tem uma chave “{” sem par. Escreva as variáveis assim: {nome}."),
        ("Oi nome}", "Tem uma chave “}” sem par. Escreva as variáveis assim: {nome}."),
        ("{{nome}}", "Tem uma chave “{” sem par. Escreva as variáveis assim: {nome}."),
        ("{}", "Não conheço a variável {}."),
        ("  ", "O texto está vazio."),
        ("a" * 2001, "O texto vai até 2000 letras."),
    ],
)
def test_a_text_that_could_not_be_filled_is_refused_on_saving(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse(text)

    assert sentence == refusal.value.sentence


@given(st.lists(NAMES, min_size=1), st.dictionaries(NAMES, st.text()))
def test_no_placeholder_ever_reaches_a_client(names: list[str], values: dict[str, str]) -> None:
    template = parse(" ".join(f"{{{name}}}" for name in names))
    complete = {name: f"{values.get(name, '')}x" for name in VARIABLES}

    written = render(template, complete)

    assert not {"{", "}"} & set(written)


# Halves of surrogate pairs and NUL too: what a client, a sheet or a cut emoji may bring along.
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))


@given(
    st.lists(NAMES, min_size=1, max_size=60),
    st.dictionaries(NAMES, ANY_TEXT.map(lambda text: text * 40)),
)
def test_a_legal_text_with_any_values_is_a_message_or_a_known_refusal(
    names: list[str], values: dict[str, str]
) -> None:
    template = parse(" ".join(f"{{{name}}}" for name in names))
    written = "x"
    with suppress(MissingValue, TextTooLong):
        written = render(template, values)

    assert 1 <= len(written) <= MAX_MESSAGE_CHARS
    assert "\0" not in written
    assert written == written.encode().decode()


@pytest.mark.parametrize(
    ("length", "expectation"),
    [
        pytest.param(MAX_MESSAGE_CHARS, nullcontext(), id="the longest"),
        pytest.param(
            MAX_MESSAGE_CHARS + 1, pytest.raises(TextTooLong, match="4097"), id="one more"
        ),
    ],
)
def test_a_message_ends_where_the_outbox_ends(
    length: int, expectation: AbstractContextManager[object]
) -> None:
    with expectation:
        assert length == len(render(Template("{nome}", ("nome",)), {"nome": "a" * length}))


def test_a_legal_text_with_a_legal_client_may_be_too_long_and_says_so() -> None:
    values = values_for(Facts(make_client(notes="a" * 500), SHOP, TODAY, NINE, PIX), VARIABLES)

    with pytest.raises(TextTooLong) as refusal:
        render(parse("{informacoes}" * 100), values)

    assert (50_000, MAX_MESSAGE_CHARS) == (refusal.value.length, refusal.value.limit)
    assert (
        "Com os dados deste cliente, a mensagem passa de 4096 letras. "
        "Encurte o texto ou as observações do cliente."
    ) == refusal.value.sentence


@given(
    ANY_TEXT.filter(bool),
    st.from_regex(r"\+[1-9][0-9]{7,14}", fullmatch=True),
    st.dates(),
    st.none() | st.decimals(min_value=0, max_value="9999999999.99", places=2),
    ANY_TEXT,
)
def test_every_client_the_tables_can_hold_has_values(
    name: str, phone: str, due_on: date, price: Decimal | None, notes: str
) -> None:
    client = make_client(name=name, phone=phone, due_on=due_on, price=price, notes=notes)
    values = values_for(Facts(client, SHOP, TODAY, NINE, PIX), VARIABLES)

    assert set(VARIABLES) == set(values)
    assert values["primeiro_nome"]
    assert values["telefone"]


@given(ANY_TEXT, st.dictionaries(NAMES, ANY_TEXT))
def test_a_kept_text_is_read_without_a_fault(text: str, values: dict[str, str]) -> None:
    kept = stored(text) or Template("x", ())
    written = "x"
    with suppress(MissingValue, TextTooLong):
        written = render(kept, values)

    assert written
    assert not {"{", "}"} & set(written)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_kept_text_is_the_one_that_was_saved(kind: Kind) -> None:
    saved = DEFAULT_TEMPLATES[kind]

    assert saved == stored(saved.text)


def test_a_variable_known_no_more_has_no_value() -> None:
    with pytest.raises(MissingValue) as missing:
        render(stored("Oi {nome}, {fatura} e {") or parse("x"), {"nome": "Ana"})

    assert ("fatura",) == missing.value.names


def test_an_empty_kept_text_is_none() -> None:
    assert stored(" \0 ") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("Ana\0 Lima", "Oi, Ana Lima!", id="NUL"),
        pytest.param("Ana \ud83d", "Oi, Ana!", id="a first half"),
        pytest.param("\ude00 Ana", "Oi, Ana!", id="a second half"),
        pytest.param("Ana \ud83d\ude00", "Oi, Ana 😀!", id="two halves are one emoji"),
    ],
)
def test_a_value_is_written_in_whole_characters(value: str, expected: str) -> None:
    assert expected == render(parse("Oi, {nome}\0!\ud83d"), {"nome": value})


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_default_text_that_can_be_sent(kind: Kind) -> None:
    values = values_for(Facts(make_client(), Business(), TODAY, NINE, PIX), VARIABLES)

    written = render(DEFAULT_TEMPLATES[kind], values)

    assert "Maria" in written
    assert len(written) < 400


def test_the_default_billing_reads_like_a_person() -> None:
    values = values_for(Facts(make_client(), Business(), TODAY, NINE, PIX), VARIABLES)

    assert (
        "Bom dia, Maria! Tudo bem?\n\n"
        "Seu plano venceu em 23/11/2026 e ainda não vi o pagamento de R$ 35,00 por aqui.\n\n"
        "Para acertar por PIX, a chave é loja@exemplo.com (Loja Exemplo).\n\n"
        "Se já pagou, me mande o comprovante, por favor. Obrigado!"
    ) == render(DEFAULT_TEMPLATES[Kind.BILLING], values)


def test_without_a_pix_key_the_default_billing_waits() -> None:
    values = values_for(Facts(make_client(), Business(), TODAY, NINE, None), VARIABLES)

    with pytest.raises(MissingValue) as missing:
        render(DEFAULT_TEMPLATES[Kind.BILLING], values)

    assert ("pix_chave", "pix_beneficiario") == missing.value.names


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        (4, "Boa noite"),
        (5, "Bom dia"),
        (11, "Bom dia"),
        (12, "Boa tarde"),
        (17, "Boa tarde"),
        (18, "Boa noite"),
    ],
)
def test_the_greeting_follows_the_hour(hour: int, expected: str) -> None:
    assert expected == greeting(NINE.replace(hour=hour))
