"""SQL is loaded by name, and a file that cannot mean what it says is refused at import."""

import pytest

from storage import sql


def test_blocks_are_found_by_name() -> None:
    text = "-- about the file\n\n-- name: one\n-- $1 x\nSELECT 1;\n\n-- name: two\nSELECT 2;\n"

    assert {"one": "-- $1 x\nSELECT 1;", "two": "SELECT 2;"} == dict(sql.parse(text, "test"))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("SELECT 1;\n-- name: one\nSELECT 1;", "before the first", id="stray SQL"),
        pytest.param("-- name: one\n-- name: two\nSELECT 1;", "empty", id="empty block"),
        pytest.param("-- name: one\nSELECT 1;\n-- name: one\nSELECT 2;", "twice", id="same name"),
    ],
)
def test_a_misleading_file_is_refused(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        sql.parse(text, "test")


@pytest.mark.parametrize("family", [path.stem for path in sorted(sql.QUERIES.glob("*.sql"))])
def test_every_file_loads(family: str) -> None:
    assert sql.load(family)
