"""What the screens about sheets say of an export (C11, J9)."""

import pytest

from actors.messages.sheets import SheetFile
from bot.screens.sheets.words import exported


@pytest.mark.parametrize(
    ("comes_back", "expected"),
    [
        pytest.param(True, "Esta mesma planilha eu leio de volta", id="read back"),
        pytest.param(False, "apague as outras abas", id="too big"),
    ],
)
def test_an_export_says_whether_it_can_be_read_back(comes_back: bool, expected: str) -> None:
    assert expected in exported(SheetFile("a.xlsx", b"", clients=3, comes_back=comes_back))
