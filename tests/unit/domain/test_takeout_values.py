"""All that a tenant has, as tabs that a person reads and as one JSON (I9)."""

import json
from dataclasses import replace
from datetime import date, datetime

import pytest

from domain.export_rows import Table
from domain.outbox import MessageState
from domain.replies import ReplyKind
from domain.schedule import DEFAULT_ZONE
from domain.takeout import (
    MOST_MESSAGES,
    REPLIES,
    STATES,
    ExportedMessage,
    ExportedReply,
    ExportedText,
    further_tables,
    whole_json,
)

MESSAGE = ExportedMessage(
    day=date(2026, 11, 24),
    name="Maria da Silva",
    kind="cobranca",
    state="read",
    reason=None,
    sent_at=datetime(2026, 11, 24, 9, 0, tzinfo=DEFAULT_ZONE),
    delivered_at=datetime(2026, 11, 24, 9, 1, tzinfo=DEFAULT_ZONE),
    read_at=datetime(2026, 11, 24, 15, 30, tzinfo=DEFAULT_ZONE),
    body="Oi, Maria!",
)
REPLY = ExportedReply(
    at=datetime(2026, 11, 24, 18, 5, tzinfo=DEFAULT_ZONE),
    name="Maria",
    kind="image",
    body=None,
    file="1.jpg",
)
TEXT = ExportedText(kind="geral", name="Feriado", active=True, body="Não abrimos.")


def test_the_tabs_have_these_names_headings_and_widths() -> None:
    expected = (
        Table(
            "Mensagens",
            (
                *("Dia", "Para quem", "Tipo", "Situação", "Motivo"),
                *("Saiu", "Chegou", "Lida", "O que dizia"),
            ),
            (),
            (14, 24, 14, 14, 32, 14, 14, 14, 60),
        ),
        Table(
            "Respostas",
            ("Quando", "De quem", "O que mandou", "O que dizia", "Arquivo"),
            (),
            (18, 24, 14, 60, 14),
        ),
        Table("Textos", ("Tipo", "Nome do texto", "Ligado", "O que diz"), (), (14, 24, 14, 60)),
    )

    assert expected == further_tables((), (), ())


def test_a_message_is_a_row_with_what_became_of_it() -> None:
    never = replace(
        MESSAGE,
        kind="geral",
        state="cancelled",
        reason="archived",
        sent_at=None,
        delivered_at=None,
        read_at=None,
        body=None,
    )
    expected = (
        (
            *(date(2026, 11, 24), "Maria da Silva", "cobrança do 1º dia de atraso", "lida", None),
            *("24/11/2026 09:00", "24/11/2026 09:01", "24/11/2026 15:30", "Oi, Maria!"),
        ),
        (
            *(date(2026, 11, 24), "Maria da Silva", "mensagem avulsa", "cancelada"),
            *("O cliente está arquivado.", None, None, None, None),
        ),
    )

    assert expected == further_tables([MESSAGE, never], (), ())[0].rows


def test_a_reply_is_a_row_with_its_file() -> None:
    said = replace(REPLY, kind="text", body="Paguei", file=None)
    expected = (
        ("24/11/2026 18:05", "Maria", "foto", None, "1.jpg"),
        ("24/11/2026 18:05", "Maria", "texto", "Paguei", None),
    )

    assert expected == further_tables((), [REPLY, said], ())[1].rows


def test_a_text_is_a_row_that_says_whether_it_is_on() -> None:
    expected = (
        ("mensagem avulsa", "Feriado", "sim", "Não abrimos."),
        ("mensagem avulsa", "Feriado", "não", "Não abrimos."),
    )

    assert expected == further_tables((), (), [TEXT, replace(TEXT, active=False)])[2].rows


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("waiting", "esperando você"),
        ("queued", "na fila"),
        ("sending", "saindo"),
        ("sent", "enviada"),
        ("delivered", "entregue"),
        ("read", "lida"),
        ("retry", "vai de novo"),
        ("unknown", "talvez tenha ido"),
        ("failed", "não foi"),
        ("expired", "passou da hora"),
        ("cancelled", "cancelada"),
    ],
)
def test_each_state_has_its_words(state: str, expected: str) -> None:
    (row,) = further_tables([replace(MESSAGE, state=state)], (), ())[0].rows

    assert expected == row[3]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("text", "texto"),
        ("image", "foto"),
        ("audio", "áudio"),
        ("video", "vídeo"),
        ("pdf", "PDF"),
        ("document", "documento"),
        ("sticker", "figurinha"),
        ("contact", "contato"),
        ("location", "localização"),
        ("other", "outra coisa"),
        ("deleted", "apagou a mensagem"),
    ],
)
def test_each_kind_of_reply_has_its_words(kind: str, expected: str) -> None:
    (row,) = further_tables((), [replace(REPLY, kind=kind)], ())[1].rows

    assert expected == row[2]


def test_nothing_is_without_words() -> None:
    assert (set(MessageState), set(ReplyKind)) == (set(STATES), set(REPLIES))


def test_a_tab_has_so_many_messages_at_most() -> None:
    assert 20_000 == MOST_MESSAGES


def test_the_json_holds_every_table_by_its_name() -> None:
    tables = [("clientes", ['{"id": 1}', '{"id": 2}']), ("pagamentos", [])]
    made = whole_json(datetime(2026, 11, 24, 9, 0, tzinfo=DEFAULT_ZONE), tables)

    assert {
        "feito_em": "2026-11-24T09:00:00-03:00",
        "tabelas": {"clientes": [{"id": 1}, {"id": 2}], "pagamentos": []},
    } == json.loads(made)


def test_the_json_of_nothing_is_json_and_keeps_accents() -> None:
    empty = whole_json(datetime(2026, 11, 24, 9, 0, tzinfo=DEFAULT_ZONE), [])
    named = whole_json(datetime(2026, 11, 24, 9, 0, tzinfo=DEFAULT_ZONE), [("a", ['"José"'])])

    assert ({}, True) == (json.loads(empty)["tabelas"], "José".encode() in named)
