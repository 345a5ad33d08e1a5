"""What is wrong with a typed text, and what sets it right (D3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.default_templates import DEFAULT_TEMPLATES
from domain.reminders import Kind
from domain.templates import MAX_TEXT_CHARS, VARIABLES, parse
from domain.typed_texts import cleaned, fault_in

OWN = ("usuario", "senha_do_app")


def set_right(body: str) -> str | None:
    """The text after all that is offered was taken; None where nothing is offered any more."""
    while (fault := fault_in(body, OWN)) is not None:
        if fault.mended is None:
            return None
        body = fault.mended
    return body


@pytest.mark.parametrize(
    ("typed", "right", "sentence"),
    [
        ("Oi { nome }", "Oi {nome}", "{ nome } não sai assim: o certo é {nome}."),
        ("Oi {NOME}", "Oi {nome}", "{NOME} não sai assim: o certo é {nome}."),
        ("Oi {{nome}}", "Oi {nome}", "{{nome}} não sai assim: o certo é {nome}."),
        (
            "Oi {primeiro nome}",
            "Oi {primeiro_nome}",
            "{primeiro nome} não sai assim: o certo é {primeiro_nome}.",
        ),
        ("Oi ｛nome｝", "Oi {nome}", "｛nome｝ não sai assim: o certo é {nome}."),
        ("{Saudação}!", "{saudacao}!", "{Saudação} não sai assim: o certo é {saudacao}."),
        ("Oi {nme}", "Oi {nome}", "Não conheço {nme}. Você quis dizer {nome}?"),
        ("até {vencimeto}", "até {vencimento}", "Não conheço {vencimeto}. Você quis dizer"),
        ("Acesso: {usuario }", "Acesso: {usuario}", "{usuario } não sai assim"),
        ("{senha do app}", "{senha_do_app}", "{senha do app} não sai assim"),
        ("Oi {nome", "Oi {nome}", "Falta uma chave em {nome}. Completo para você?"),
        ("Oi nome}, tudo bem?", "Oi {nome}, tudo bem?", "Falta uma chave em {nome}."),
        ("Oi } tudo bem?", "Oi  tudo bem?", "Tem uma chave “}” sozinha no texto."),
        ("Oi { tudo bem?", "Oi  tudo bem?", "Tem uma chave “{” sozinha no texto."),
        ("Oi [nome]!", "Oi {nome}!", "[nome] sairia escrito assim mesmo: o certo é {nome}."),
        ("Oi #PRIMEIRO NOME#", "Oi {primeiro_nome}", "#PRIMEIRO NOME# sairia escrito assim"),
        ("Oi <nome>, %valor%", "Oi {nome}, %valor%", "<nome> sairia escrito assim mesmo"),
        ("São R$ {valor}.", "São {valor}.", "{valor} já vem com R$: sairia “R$ R$ 35,00”."),
        ("{nome}}", "{nome}", "{nome}} não sai assim: o certo é {nome}."),
    ],
)
def test_what_people_type_is_explained_and_set_right_by_one_touch(
    typed: str, right: str, sentence: str
) -> None:
    fault = fault_in(typed, OWN)

    assert (right, True) == (fault and fault.mended, sentence in (fault.sentence if fault else ""))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Oi {preço}", "Não conheço {preço}. Ponha o dado certo"),
        ("Oi {}", "Não conheço {}. Ponha o dado certo"),
        ("", "O texto está vazio."),
        (" \n ", "O texto está vazio."),
        ("a" * (MAX_TEXT_CHARS + 1), "passou em 1 letra."),
        ("a" * (MAX_TEXT_CHARS + 30), "passou em 30 letras."),
    ],
)
def test_what_nobody_can_guess_is_only_explained(typed: str, sentence: str) -> None:
    fault = fault_in(typed, OWN)

    assert (None, True) == (fault and fault.mended, sentence in (fault.sentence if fault else ""))


def test_the_same_slip_is_set_right_wherever_it_stands() -> None:
    assert "{nome}, oi {nome}! {valor}" == set_right("{nme}, oi {nme}! {Valor}")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("Oi\0, Ana", "Oi, Ana", id="NUL"),
        pytest.param("Oi \ud83d", "Oi", id="half of an emoji"),
        pytest.param("Oi \ud83d\ude00", "Oi 😀", id="both halves"),
        pytest.param("{no\u200bme}", "{nome}", id="invisible"),
        pytest.param("Oi \u202e{nome}\u202c!", "Oi  {nome} !", id="turned around"),
        pytest.param("Oi\r\n\r\nTchau", "Oi\n\nTchau", id="lines"),
        pytest.param("👨\u200d👩\u200d👧 ok", "👨\u200d👩\u200d👧 ok", id="joined emojis stay"),
    ],
)
def test_what_nobody_sees_goes_by_itself(typed: str, expected: str) -> None:
    assert expected == cleaned(typed)


@pytest.mark.parametrize(
    "typed", ["[promoção]", "<3", "100% de 50%", "fila #2 de #3", "(valor)", "R$ 5 de taxa"]
)
def test_signs_that_name_no_variable_are_signs(typed: str) -> None:
    assert fault_in(typed, OWN) is None


@pytest.mark.parametrize("kind", list(Kind))
def test_no_default_text_has_a_fault(kind: Kind) -> None:
    assert fault_in(DEFAULT_TEMPLATES[kind].text) is None


BRACED = st.text(alphabet="{}｛｝ nomevalr_\n", max_size=40)
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=200)


@given(BRACED | ANY_TEXT | st.lists(st.sampled_from(sorted(VARIABLES)), max_size=9).map("{".join))
def test_whatever_is_typed_is_refused_explained_or_can_be_saved(typed: str) -> None:
    body = cleaned(typed)
    fault = fault_in(body, OWN)

    assert fault is not None or parse(body, OWN).text == body


@given(BRACED)
def test_setting_right_comes_to_an_end(typed: str) -> None:
    right = set_right(cleaned(typed))

    assert right is None or fault_in(right, OWN) is None
