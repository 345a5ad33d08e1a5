"""A text while it is being changed: variables put in, changes taken back, kept in a draft (D1)."""

import pytest

from domain.reminders import Kind
from domain.tags import OwnField
from domain.templates import MAX_TEXT_CHARS, VARIABLES
from domain.text_editing import MOST_BACK, WorkingCopy, offered
from domain.text_keys import FIXED_KINDS, NEW_TEXT, TextKey
from errors import InvalidInput


@pytest.mark.parametrize(
    ("body", "name", "expected"),
    [
        ("", "nome", "{nome}"),
        ("Oi,", "nome", "Oi, {nome}"),
        ("Oi, ", "nome", "Oi, {nome}"),
        ("Valor:\n", "valor", "Valor:\n{valor}"),
        ("(", "valor", "({valor}"),
        ("Pague aqui:", "pix_copia_e_cola", "Pague aqui:\n{pix_copia_e_cola}"),
    ],
)
def test_a_variable_goes_to_the_end_of_the_text(body: str, name: str, expected: str) -> None:
    assert expected == WorkingCopy(body=body).with_variable(name).body


def test_what_was_typed_replaces_the_whole_text_and_can_be_taken_back() -> None:
    copy = WorkingCopy(body="Oi").replaced("  Olá,\u200b {nme}  ").with_variable("valor")

    assert ("Olá, {nme} {valor}", "Olá, {nme}", "Oi") == (
        copy.body,
        copy.taken_back().body,
        copy.taken_back().taken_back().taken_back().body,
    )


def test_every_change_has_a_number_of_its_own() -> None:
    copy = WorkingCopy(body="Oi")
    steps = [copy.replaced("Olá"), copy.replaced("Olá").taken_back(), copy.replaced("Oi")]

    assert [1, 2, 0] == [step.at for step in steps]


def test_the_last_changes_only_are_kept() -> None:
    copy = WorkingCopy(body="0")
    for number in range(1, MOST_BACK + 5):
        copy = copy.replaced(str(number))

    assert (MOST_BACK, "4") == (len(copy.past), copy.past[0])


@pytest.mark.parametrize("typed", ["", " \n\u200b ", "\0"])
def test_nothing_is_no_text(typed: str) -> None:
    with pytest.raises(InvalidInput, match="Escreva o texto inteiro"):
        WorkingCopy(body="Oi").replaced(typed)


def test_what_is_far_too_long_is_not_taken() -> None:
    with pytest.raises(InvalidInput, match="passou em 7 letras"):
        WorkingCopy(body="Oi").replaced("a" * (MAX_TEXT_CHARS + 7))
    with pytest.raises(InvalidInput, match="passou em 7 letras"):
        WorkingCopy(body="a" * MAX_TEXT_CHARS).with_variable("nome")


def test_a_working_copy_is_read_as_it_was_kept() -> None:
    copy = WorkingCopy(body="Oi “{nome}”\n😀", page=3, client_id=12).replaced("b").replaced("c")

    assert copy == WorkingCopy.unpacked(copy.packed())


def test_every_variable_is_offered_once_and_own_ones_by_their_number() -> None:
    own = OwnField(7, "Senha do app", secret=True)
    found = offered([own])

    assert sorted([*VARIABLES, "senha_do_app"]) == sorted(one.name for one in found)
    assert "f7" == found[-1].code
    assert ["primeiro_nome", "valor", "vencimento"] == [one.code for one in found[:3]]


@pytest.mark.parametrize(
    "key", [*map(TextKey, FIXED_KINDS), NEW_TEXT, TextKey.unpack("g12")], ids=str
)
def test_a_text_is_named_as_it_is_read(key: TextKey) -> None:
    assert key == TextKey.unpack(key.packed)


@pytest.mark.parametrize("packed", ["", "g", "geral", "g-1", "gx", "nada", f"g{2**63}", "g¹"])
def test_what_names_no_text_is_none(packed: str) -> None:
    assert TextKey.unpack(packed) is None


@pytest.mark.parametrize(
    ("key", "expected"),
    [(NEW_TEXT, True), (TextKey(Kind.GENERAL, 1), False), (TextKey(Kind.BILLING), False)],
)
def test_only_a_text_that_is_being_written_is_new(key: TextKey, expected: bool) -> None:
    assert expected == key.is_new


def test_the_largest_number_of_a_text_is_one_that_a_table_holds() -> None:
    assert TextKey(Kind.GENERAL, 2**63 - 1) == TextKey.unpack(f"g{2**63 - 1}")
    assert ("g0", "cobranca") == (NEW_TEXT.packed, TextKey(Kind.BILLING).packed)


def test_a_text_that_was_set_right_can_be_taken_back() -> None:
    copy = WorkingCopy(body="Oi {nme}").mended("Oi {nome}")

    assert ("Oi {nome}", ("Oi {nme}",), 1) == (copy.body, copy.past, copy.at)
    assert "Oi {nme}" == copy.taken_back().body


def test_a_text_fills_its_room_to_the_last_letter() -> None:
    whole = "a" * MAX_TEXT_CHARS

    assert whole == WorkingCopy(body="Oi").replaced(whole).body
    assert MAX_TEXT_CHARS == len(
        WorkingCopy(body="a" * (MAX_TEXT_CHARS - 7)).with_variable("nome").body
    )
    with pytest.raises(InvalidInput, match="passou em 1 letra"):
        WorkingCopy(body="Oi").replaced(whole + "a")
    with pytest.raises(InvalidInput, match="passou em 1 letra"):
        WorkingCopy(body="a" * (MAX_TEXT_CHARS - 6)).with_variable("nome")


def test_the_kinds_with_one_text_each_are_in_the_order_owners_look_for_them() -> None:
    assert (
        *("cobranca", "vence_hoje", "lembrete_1_dia"),
        *("lembrete_2_dias", "renovacao", "boas_vindas"),
    ) == tuple(kind.value for kind in FIXED_KINDS)


@pytest.mark.parametrize("packed", ["12", "g٣", "g1.0"])
def test_a_number_that_no_button_carries_names_no_text(packed: str) -> None:
    assert TextKey.unpack(packed) is None


def test_a_copy_begins_with_nothing_to_take_back_and_shows_no_words_in_a_log() -> None:
    copy = WorkingCopy(body="Oi, Ana")

    assert ((), 0, 1, 0) == (copy.past, copy.at, copy.page, copy.client_id)
    assert "Ana" not in repr(copy.replaced("Oi"))


def test_a_draft_keeps_its_letters_as_they_are() -> None:
    assert '["Olá"]' in WorkingCopy(body="Olá").replaced("Oi").packed().values()


@pytest.mark.parametrize(
    ("body", "expected"), [("(a", "(a {nome}"), ("a(", "a({nome}"), (" a", " a {nome}")]
)
def test_the_last_letter_decides_whether_a_variable_stands_apart(body: str, expected: str) -> None:
    assert expected == WorkingCopy(body=body).with_variable("nome").body
