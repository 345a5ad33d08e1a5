"""Letters come out of a file as they went in, or the file is refused: never mojibake (C11)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.sheet_text import has_lost_letters, unscrambled
from gateways.sheet_decoding import UnknownEncoding, decoded
from tests.unit.sheets import dry_run

NAMES = ("João", "José", "Conceição", "MÁRCIA", "Antônio", "Fátima", "AÇÃO", "Zé", "Júlia", "Luís")
TEXT = "Nome;Observação\r\n" + "".join(f"{name};não avisar às 8h\r\n" for name in NAMES)
SINGLE = ["cp1252", "cp850", "mac_roman"]


@pytest.mark.parametrize(
    "encoding",
    [*SINGLE, "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"],
)
def test_portuguese_is_read_under_every_encoding_it_is_saved_in(encoding: str) -> None:
    assert TEXT == decoded(TEXT.encode(encoding)).text


@pytest.mark.parametrize("encoding", SINGLE)
@pytest.mark.parametrize("name", NAMES)
def test_one_name_is_evidence_enough(name: str, encoding: str) -> None:
    assert name == decoded(name.encode(encoding)).text


@pytest.mark.parametrize("encoding", SINGLE)
@pytest.mark.parametrize("line", range(len(NAMES)))
def test_one_line_of_another_encoding_is_mended_and_told(line: int, encoding: str) -> None:
    lines = TEXT.splitlines(keepends=True)
    data = b"".join(
        text.encode(encoding if number == line + 1 else "utf-8")
        for number, text in enumerate(lines)
    )

    found = decoded(data)

    assert TEXT == found.text
    assert found.note is not None


@pytest.mark.parametrize("encoding", SINGLE)
def test_one_byte_of_another_encoding_inside_a_line_of_utf8_is_mended(encoding: str) -> None:
    data = "José é João; Concei".encode() + "ç".encode(encoding) + "ão".encode()

    assert "José é João; Conceição" == decoded(data).text


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6), st.data())
def test_any_mixture_of_utf8_and_one_page_reads_back(names: list[str], data: st.DataObject) -> None:
    page = data.draw(st.sampled_from(SINGLE))
    pages = [data.draw(st.sampled_from(["utf-8", page])) for _ in names]
    mixed = b"\n".join(name.encode(code) for name, code in zip(names, pages, strict=True))

    assert "\n".join(names) == decoded(mixed).text


@pytest.mark.parametrize("data", [b"\x81\x8d\x8f", b"\xff\xfe\x00", b"\xb1\xb2\xdb\xdf"])
def test_what_makes_no_sense_under_any_is_refused(data: bytes) -> None:
    with pytest.raises(UnknownEncoding):
        decoded(data)


@pytest.mark.parametrize("misread", ["cp1252", "cp850", "latin-1"])
@pytest.mark.parametrize("name", NAMES)
def test_letters_encoded_twice_are_read_as_they_were_meant(name: str, misread: str) -> None:
    spoilt = "".join(bytes([byte]).decode(misread, "ignore") or chr(byte) for byte in name.encode())

    assert name == unscrambled(spoilt)


@given(st.text("abcãéçÃÂÁÔâº°“”–ABC ", max_size=30))
def test_mending_twice_is_mending_once(text: str) -> None:
    assert unscrambled(text) == unscrambled(unscrambled(text))


@pytest.mark.parametrize(
    "text", ["João", "AÇÃO", "IRMÃ", "Ângela", "Âncora", "Dâ", "São Tomé", "3ª via", "20°", "ÂMBAR"]
)
def test_good_text_is_left_alone(text: str) -> None:
    assert text == unscrambled(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("Jo?o", True), ("Jo\ufffdo", True), ("Oi?", False)]
)
def test_a_letter_that_is_gone_is_seen(text: str, expected: bool) -> None:
    assert expected == has_lost_letters(text)


def test_what_was_mended_is_told_with_an_example() -> None:
    data = "Nome;Telefone;Valor;Vencimento\nJoÃ£o;11990000001;35;10/12/2026\n".encode()

    found = dry_run(data)

    assert "João" == found.clients[0].client.name
    assert "“JoÃ£o” virou “João”" in found.reading.notes[0]


@pytest.mark.parametrize("encoding", ["cp850", "cp1252", "mac_roman"])
@pytest.mark.parametrize("name", ["São õÁÁx", "São ãÁx", "JOÃÁS João"])
def test_accents_in_a_row_that_look_like_utf8_are_accents(name: str, encoding: str) -> None:
    # Under cp850 the first has the bytes of 䵵, the second those of Ƶ.
    assert name == decoded(name.encode(encoding)).text


def test_letters_of_the_far_east_are_kept_where_all_is_utf8() -> None:
    assert "João 東京" == decoded("João 東京".encode()).text
