"""Who did what, told in plain words and without a name (I9)."""

from typing import Any

import pytest

from domain.trail import OWNER, is_yes_to_erase, told


@pytest.mark.parametrize(
    ("action", "subject", "expected"),
    [
        ("register", "client:12", "Você cadastrou um cliente"),
        ("delete", "client 12", "Você apagou um cliente"),
        ("renew", "client:12", "Você renovou um cliente"),
        ("pay", "payment:4", "Você anotou um pagamento"),
        ("void", "payment:4", "Você anulou um pagamento"),
        ("restore", "payment:4", "Você voltou a contar um pagamento"),
        ("correct", "payment:4", "Você corrigiu um pagamento"),
        ("export", "clients", "Você baixou a planilha"),
        ("export", "everything", "Você baixou todos os dados"),
        ("import", "import:3", "Você trouxe clientes de uma planilha"),
        ("undo", "import:3", "Você desfez uma importação"),
        ("undo", "edit 7", "Você desfez uma mudança num cliente"),
        ("undo", "switch 7", "Você desfez a mudança de uma preferência"),
        ("undo", "archive 7", "Você desfez um arquivamento"),
        ("undo", "renew 7", "Você desfez uma renovação"),
        ("undo", "pay 7", "Você desfez um pagamento"),
        ("undo", "void 7", "Você desfez a anulação de um pagamento"),
        ("undo", "something else", "Você desfez uma mudança"),
        ("set", "company", "Você mudou os dados da empresa"),
        ("schedule", None, "Você mudou os horários ou o que sai sozinho"),
        ("by_hand", "make 8", "Você escreveu uma mensagem"),
        ("by_hand", "move 8", "Você mudou uma mensagem escrita"),
        ("queue now", "message:5", "Você passou uma mensagem para a frente"),
        ("queue cancel", "message:5", "Você cancelou uma mensagem"),
        ("queue cancel_all", "message:5", "Você cancelou as mensagens de um cliente"),
        ("queue retry", "message:5", "Você mandou tentar uma mensagem de novo"),
        ("queue stopped", None, "Você parou os envios"),
        ("queue goes on", "", "Você voltou a enviar"),
        ("bill late", None, "Você cobrou quem tinha ficado sem cobrança"),
        ("dismiss", "2026-11-24", "Você deixou de cobrar quem tinha ficado sem cobrança"),
        ("client wrote leave", None, "O EmDia não manda mais a um cliente, que escreveu SAIR"),
        ("client wrote return", "1", "O EmDia volta a mandar a um cliente, que escreveu VOLTAR"),
        ("erase", "account", "Você apagou a conta"),
        ("give days", None, "Você deu dias de acesso"),
        ("take days back", None, "Você retirou dias que tinha dado"),
        ("block", None, "Você bloqueou a conta"),
        ("unblock", None, "Você desbloqueou a conta"),
        ("set", "text cobranca", "Você mudou um texto"),
        ("undo", "text cobranca", "Você mudou um texto"),
        ("set", "text", "Você fez uma mudança"),
        ("fly", "moon:3", "Você fez uma mudança"),
        ("export", "clients of tag:3", "Você baixou a planilha"),
        ("export", "everything: and 7 more", "Você baixou todos os dados"),
    ],
)
def test_each_act_is_one_sentence(action: str, subject: str | None, expected: str) -> None:
    assert expected == told(OWNER, action, subject, {})


@pytest.mark.parametrize(
    ("actor", "action", "subject", "expected"),
    [
        pytest.param("owner", "block", None, "Você bloqueou a conta", id="the owner"),
        pytest.param("admin:9", "block", None, "O EmDia bloqueou a conta", id="somebody else"),
        pytest.param("emdia", "set", "text geral", "O EmDia mudou um texto", id="of a text"),
    ],
)
def test_whoever_is_not_the_owner_is_emdia(
    actor: str, action: str, subject: str | None, expected: str
) -> None:
    assert expected == told(actor, action, subject, {})


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        pytest.param({}, "", id="nothing"),
        pytest.param({"days": 1}, ": 1 dia", id="a day"),
        pytest.param({"days": 30}, ": 30 dias", id="days"),
        pytest.param({"days": 2, "added": 5}, ": 2 dias", id="days before clients"),
        pytest.param({"days": "30"}, "", id="days of another form"),
        pytest.param({"days": True}, "", id="a yes is no number of days"),
        pytest.param({"days": True, "added": 3}, ": 3 novos", id="and hides no clients"),
        pytest.param({"added": 0}, ": 0 novos", id="no client"),
        pytest.param({"added": 1}, ": 1 novo", id="a client"),
        pytest.param({"added": 2}, ": 2 novos", id="clients"),
        pytest.param({"added": "2"}, "", id="clients of another form"),
        pytest.param({"added": True}, "", id="a yes is no number of clients"),
    ],
)
def test_how_many_is_told_where_it_was_noted(detail: dict[str, Any], expected: str) -> None:
    assert f"Você trouxe clientes de uma planilha{expected}" == told(
        OWNER, "import", "import:3", detail
    )


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("APAGAR", True),
        ("apagar", True),
        (" “Apagar”! ", True),
        ("'apagar'.", True),
        ("", False),
        ("apagar tudo", False),
        ("não apagar", False),
        ("apaga", False),
    ],
)
def test_only_the_word_alone_erases(typed: str, expected: bool) -> None:
    assert expected is is_yes_to_erase(typed)
