"""Everything a tenant has, as a file (I9)."""

import json
from datetime import UTC, date, datetime

from domain.outbox import MessageState
from domain.reasons import explain
from domain.reminders import Kind
from domain.replies import ReplyKind
from domain.takeout import (
    REPLIES,
    STATES,
    ExportedMessage,
    ExportedReply,
    ExportedText,
    further_tables,
    whole_json,
)

AT = datetime(2026, 11, 24, 9, 5, tzinfo=UTC)
MESSAGE = ExportedMessage(
    day=date(2026, 11, 24),
    name="Ana",
    kind="cobranca",
    state="read",
    reason=None,
    sent_at=AT,
    delivered_at=AT.replace(minute=6),
    read_at=None,
    body="Oi",
)
HELD = ExportedMessage(
    day=date(2026, 11, 24),
    name="Bia",
    kind="geral",
    state="cancelled",
    reason="archived",
    sent_at=None,
    delivered_at=None,
    read_at=AT,
    body=None,
)
REPLY = ExportedReply(at=AT, name="Ana", kind="image", body=None, file="a.jpg")
TEXTS = (
    ExportedText(kind="geral", name="Férias", active=True, body="Oi"),
    ExportedText(kind="cobranca", name="Meu", active=False, body="Olá"),
)


def test_each_message_has_its_row_in_plain_words() -> None:
    rows = further_tables([MESSAGE, HELD], [], [])[0].rows
    day = date(2026, 11, 24)
    sent, delivered = "24/11/2026 09:05", "24/11/2026 09:06"

    assert (
        (day, "Ana", Kind.BILLING.label, "lida", None, sent, delivered, None, "Oi"),
        (day, "Bia", Kind.GENERAL.label, "cancelada", explain("archived"), None, None, sent, None),
    ) == rows


def test_each_reply_and_each_text_has_its_row() -> None:
    _, replies, texts = further_tables([], [REPLY], TEXTS)

    assert (("24/11/2026 09:05", "Ana", "foto", None, "a.jpg"),) == replies.rows
    assert (
        (Kind.GENERAL.label, "Férias", "sim", "Oi"),
        (Kind.BILLING.label, "Meu", "não", "Olá"),
    ) == texts.rows


def test_every_state_and_every_kind_of_reply_has_words_of_its_own() -> None:
    assert (set(MessageState), set(ReplyKind)) == (set(STATES), set(REPLIES))
    assert (len(STATES), len(REPLIES)) == (len(set(STATES.values())), len(set(REPLIES.values())))


def test_every_tab_has_a_name_and_every_column_a_width() -> None:
    tables = further_tables([], [], [])

    assert ["Mensagens", "Respostas", "Textos"] == [one.name for one in tables]
    assert [9, 5, 4] == [len(one.widths) for one in tables]


def test_the_json_holds_every_table_by_its_name() -> None:
    made = whole_json(AT, [("clientes", ['{"nome": "Zoé"}', '{"nome": "B"}']), ("textos", [])])

    assert {
        "feito_em": "2026-11-24T09:05:00+00:00",
        "tabelas": {"clientes": [{"nome": "Zoé"}, {"nome": "B"}], "textos": []},
    } == json.loads(made)
