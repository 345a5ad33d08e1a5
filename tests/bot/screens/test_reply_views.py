"""The card of a reply as it is drawn: one phone shows it all, whatever was written (laws 1, 2)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from actors.messages.clients import ClientRow
from actors.messages.replies import (
    Line,
    OwnAnswer,
    Quiet,
    Replies,
    RepliesNotice,
    ReplyCard,
    ReplyClient,
    WaitingReply,
)
from bot.screens.replies.cards import arrived, card_view
from bot.screens.replies.quiet import quiet_view
from bot.screens.replies.waiting import together_view, waiting_view
from bot.ui.measure import cut_labels, fits
from bot.ui.view import View, Where
from domain.due_dates import Status
from domain.outbox import MessageState
from domain.quiet_hours import QUIET_FROM, QUIET_UNTIL
from domain.reasons import Reason
from domain.replies import ReplyKind

TODAY = date(2026, 11, 25)
AT = datetime(2026, 11, 25, 10, 31, tzinfo=UTC)
LONG_NAME = "Maria Aparecida da Conceição de Albuquerque e Silva Nascimento"
WORDS = "Oi, tudo bem? Queria saber se dá para pagar só na semana que vem, pode ser? "


def line(text: str | None = "oi", kind: ReplyKind = ReplyKind.TEXT, **more: object) -> Line:
    """Something that was written."""
    facts = {"name": None, "size_bytes": None, "seconds": None, "at": AT, **more}
    return Line(kind=kind, text=text, **facts)  # type: ignore[arg-type]  # of their kinds


def client(name: str = "Roberto Souza", client_id: int = 1, **more: object) -> ReplyClient:
    """Two days late."""
    row = ClientRow(client_id, name, TODAY - timedelta(days=2), Status.OVERDUE, archived=False)
    facts = {"open_amount": Decimal("79.90"), "opted_out": False, **more}
    return ReplyClient(row=row, **facts)  # type: ignore[arg-type]  # of their kinds


def card(*lines: Line, **more: object) -> ReplyCard:
    """What one phone wrote."""
    made = ReplyCard(
        talk_id=1,
        clients=(client(),),
        today=TODAY,
        lines=lines or (line(),),
        earlier=0,
        last_at=AT,
    )
    return replace(made, **more)  # type: ignore[arg-type]  # of their kinds


def rows_of(view: View) -> list[list[str]]:
    """Its labels, row by row."""
    assert view.keyboard is not None
    return [[one.text for one in row] for row in view.keyboard.inline_keyboard]


def colours(view: View) -> list[str]:
    """Its coloured buttons."""
    assert view.keyboard is not None
    return [one.text for row in view.keyboard.inline_keyboard for one in row if one.style]


ANSWER = OwnAnswer(
    text=WORDS * 3, state=MessageState.FAILED, reason=Reason.REFUSED, at=AT, goes_on=None
)
PDF = line(WORDS, ReplyKind.PDF, name="comprovante de pagamento.pdf" * 9, size_bytes=9_123_456)
CARDS = {
    "a word": card(),
    "many words": card(*[line(WORDS)] * 20, earlier=30),
    "10,000 letters": card(line("a" * 10_000)),
    "ten thousand lines": card(line("\n".join("abcdefgh"))),
    "nothing but line breaks": card(line("a\n" * 400)),
    "emoji": card(line("🙂" * 4_000)),
    "markup": card(line("</blockquote><b>" * 40)),
    "files": card(PDF, PDF, line(None, ReplyKind.AUDIO, seconds=4_000, size_bytes=10), paid=True),
    "every kind": card(*[line(None, kind) for kind in ReplyKind]),
    "a promise": card(line(WORDS), promised_on=date(2026, 12, 4), answer=ANSWER),
    "an answer": card(*[line(WORDS)] * 3, answer=ANSWER, paid=True),
    "one who left": card(line("SAIR"), clients=(client(opted_out=True),), left=True),
    "one who came back": card(line("VOLTAR"), returned=True),
    "a long name": card(line(WORDS), clients=(client(LONG_NAME),)),
    "five on one phone": card(
        line(WORDS * 9), clients=tuple(client(LONG_NAME, number) for number in range(1, 6))
    ),
    "nobody": card(clients=()),
}


@pytest.mark.parametrize("shown", CARDS.values(), ids=CARDS)
def test_a_card_is_seen_whole_on_one_phone(shown: ReplyCard) -> None:
    view = card_view(shown)
    rows = rows_of(view)

    assert fits(view.text, len(rows), pinned=True), view.text
    assert [] == cut_labels(rows)
    assert len(colours(view)) <= 1


@pytest.mark.parametrize(
    ("shown", "coloured"),
    [
        pytest.param(card(), ["💬 Responder"], id="a word"),
        pytest.param(card(paid=True), ["✅ Recebi, renovar"], id="paid"),
        pytest.param(
            card(promised_on=date(2026, 12, 4)), ["🤝 Lembrar sexta, 04/12"], id="a promise"
        ),
        pytest.param(card(waits=False, paid=True), [], id="done with"),
    ],
)
def test_the_likeliest_step_is_the_coloured_one(shown: ReplyCard, coloured: list[str]) -> None:
    assert coloured == colours(card_view(shown))


def test_a_card_that_arrives_has_no_voltar_and_one_out_of_the_list_has() -> None:
    assert ["🏠 Início"] == rows_of(card_view(card()))[-1]
    assert ["⬅️ Voltar", "🏠 Início"] == rows_of(card_view(card(), page=1))[-1]


@pytest.mark.parametrize(
    ("anew", "only_over", "where"),
    [(True, False, Where.ANEW), (False, True, Where.ONLY_OVER), (False, False, Where.RISES)],
    ids=["news", "ticks", "more"],
)
def test_where_a_card_goes(anew: bool, only_over: bool, where: Where) -> None:
    assert where is arrived(card(), anew=anew, only_over=only_over).where


def test_the_words_of_a_reply_are_quoted_and_harmless() -> None:
    assert "&lt;/blockquote&gt;&lt;b&gt;" in card_view(CARDS["markup"]).text


@pytest.mark.parametrize("total", [0, 1, 6, 600])
def test_the_list_is_seen_whole(total: int) -> None:
    row = client(LONG_NAME).row
    waiting = tuple(WaitingReply(number, row, AT) for number in range(min(total, 6)))
    page = Replies(today=TODAY, replies=waiting, page=1, total=total, pages=max(1, -(-total // 6)))
    late = RepliesNotice(page, night=False)
    views = [waiting_view(page), together_view(RepliesNotice(page)), together_view(late)]

    assert {True} == {fits(view.text, len(rows_of(view)), pinned=True) for view in views}
    assert [[], [], []] == [cut_labels(rows_of(view)) for view in views]


@pytest.mark.parametrize("on", [True, False], ids=["on", "off"])
def test_the_hours_of_silence_are_seen_whole(on: bool) -> None:
    view = quiet_view(Quiet(on=on, begins=QUIET_FROM, ends=QUIET_UNTIL))

    assert fits(view.text, len(rows_of(view)), pinned=True)
    assert ("🟢" if on else "⚪") in rows_of(view)[0][0]
