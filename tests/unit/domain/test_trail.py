"""Who did what, in plain words (I9)."""

from collections.abc import Mapping
from typing import Any

import pytest

from domain.trail import is_yes_to_erase, told


@pytest.mark.parametrize(
    ("actor", "action", "subject", "detail", "expected"),
    [
        ("owner", "register", "client 12", {}, "Você cadastrou um cliente"),
        ("system", "register", "client 12", {}, "O EmDia cadastrou um cliente"),
        ("owner", "queue now", "message 3:4", {}, "Você passou uma mensagem para a frente"),
        ("owner", "set", "text cobranca", {}, "Você mudou um texto"),
        ("system", "set", "text geral 4", {}, "O EmDia mudou um texto"),
        ("owner", "undo", "renew 5", {}, "Você desfez uma renovação"),
        ("owner", "undo", "nothing known", {}, "Você desfez uma mudança"),
        ("owner", "schedule", None, {}, "Você mudou os horários ou o que sai sozinho"),
        ("owner", "of a later version", None, {}, "Você fez uma mudança"),
        (
            "owner",
            "client wrote leave",
            "client 1",
            {},
            "O EmDia não manda mais a um cliente, que escreveu SAIR",
        ),
        (
            "owner",
            "import",
            "import 1",
            {"added": 1},
            "Você trouxe clientes de uma planilha: 1 novo",
        ),
        (
            "owner",
            "import",
            "import 1",
            {"added": 2},
            "Você trouxe clientes de uma planilha: 2 novos",
        ),
        ("owner", "import", "import 1", {"added": True}, "Você trouxe clientes de uma planilha"),
        ("owner", "import", "import 1", {"added": "2"}, "Você trouxe clientes de uma planilha"),
    ],
)
def test_what_was_noted_is_told_in_one_sentence(
    actor: str, action: str, subject: str | None, detail: Mapping[str, Any], expected: str
) -> None:
    assert expected == told(actor, action, subject, detail)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("APAGAR", True),
        (" “apagar”! ", True),
        ("apagar tudo", False),
        ("não apagar", False),
        ("", False),
    ],
)
def test_only_the_one_word_erases_an_account(typed: str, expected: bool) -> None:
    assert expected is is_yes_to_erase(typed)
