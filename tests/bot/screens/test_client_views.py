"""The list and the card as they are drawn: what stands there, and that one phone shows it all."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from aiogram.filters.callback_data import CallbackData

from actors.messages.clients import Archived, CancelledMessage, ClientCard, Deletion, MessagesView
from actors.messages.undo import Undone, UndoOffer
from bot.screens.clients import acts_words, card_words, tag_words, words
from bot.screens.clients.archive import archived_view, ask_delete_view
from bot.screens.clients.buttons import ShowCard, ShowList, list_origin
from bot.screens.clients.card import card_view
from bot.screens.clients.client_tags import client_tags_view
from bot.screens.clients.hub import list_view, more_view
from bot.screens.clients.messages import messages_view, why_view
from bot.screens.clients.money_buttons import ShowMonthPayments
from bot.screens.clients.own_fields import field_view, fields_view
from bot.screens.clients.tags import tag_view, tags_view
from bot.screens.undo.undo import undone_view
from bot.ui.buttons import PageCount
from bot.ui.undo import PressUndo
from bot.ui.view import View
from domain.client_list import ListPlace, Which
from domain.outbox import MessageState
from domain.reasons import Reason
from domain.reminders import Kind
from domain.tags import FieldValue, OwnField, Tag
from tests.bot.screens.people import (
    BIGGEST,
    PINNED,
    TODAY,
    board,
    card,
    coloured,
    cut,
    full_card,
    height,
    labels,
    page,
    row,
    sent,
    tags,
)

SIX = [row(f"Maria Aparecida de Souza Oliveira {at}", at * 3 - 4) for at in range(6)]
IN_MIDDLE = page(SIX, place=ListPlace(page=3), pages=19, total=148)
UNTIL = sent(Kind.BILLING, MessageState.READ).at
UNDO = UndoOffer(BIGGEST, UNTIL)
EVERY_VIEW = {
    "list": list_view(IN_MIDDLE, inline=True),
    "list of thousands": list_view(
        replace(IN_MIDDLE, figures=page(counts={"up_to_date": 4_873}).figures), inline=False
    ),
    "none overdue": list_view(page(place=ListPlace(Which.OVERDUE)), inline=True),
    "search": list_view(
        replace(IN_MIDDLE, place=ListPlace(page=3, search="souza de oliveira fi")), inline=True
    ),
    "tag": list_view(
        replace(IN_MIDDLE, place=ListPlace(page=3, tag=BIGGEST), tags=tags(30)), inline=True
    ),
    "nobody": list_view(
        page(counts={"up_to_date": 0, "due_soon": 0, "overdue": 0}, archived=0), inline=True
    ),
    "all away": list_view(
        page(counts={"up_to_date": 0, "due_soon": 0, "overdue": 0}), inline=True
    ),
    "more": more_view(IN_MIDDLE.figures),
    "card": card_view(card(), ""),
    "full card": card_view(full_card(), ""),
    "archived card": card_view(replace(full_card(), client=card(archived=True).client), ""),
    "messages": messages_view(
        MessagesView(
            row=SIX[0],
            messages=tuple(
                sent(Kind.REMINDER_2_DAYS, MessageState.EXPIRED, Reason.DUE_DATE_CHANGED)
                for _ in range(6)
            ),
            page=2,
            total=18,
            pages=3,
        ),
        "",
    ),
    "why": why_view(full_card(), ["Atrasado: só cobramos no 1º dia de atraso."] * 2, ""),
    "archived": archived_view(Archived(SIX[0], (), UNDO), ""),
    "ask delete": ask_delete_view(Deletion(SIX[0], 402, 88, Decimal("10147.30")), ""),
    "tags": tags_view(tags(30), page=2),
    "no tags": tags_view((), page=1),
    "one tag": tag_view(tags(1)[0]),
    "tags of a client": client_tags_view(full_card(), tags(30), page=2, origin=""),
    "fields": fields_view(
        tuple(OwnField(at, "Senha do aplicativo 1", secret=True) for at in range(10))
    ),
    "no fields": fields_view(()),
    "one field": field_view(OwnField(1, "Senha do aplicativo", secret=True)),
    "undone": undone_view(Undone("Desfeito: Roberto Souza volta para a lista.", 7), ""),
}  # fmt: skip


@pytest.mark.parametrize("view", EVERY_VIEW.values(), ids=EVERY_VIEW)
def test_a_screen_is_seen_without_scrolling(view: View) -> None:
    assert height(view) <= PINNED


@pytest.mark.parametrize("name", EVERY_VIEW)
def test_every_label_can_be_read_whole(name: str) -> None:
    assert [] == cut(EVERY_VIEW[name])


@pytest.mark.parametrize("view", EVERY_VIEW.values(), ids=EVERY_VIEW)
def test_at_most_one_button_is_the_next_step(view: View) -> None:
    assert [style for style in coloured(view).values() if style != "danger"][1:] == []


# The list


def test_the_list_is_money_filters_six_rows_and_a_pager() -> None:
    view = list_view(page(SIX, place=ListPlace(page=3), pages=19, total=148), inline=True)

    assert (
        "👥 <b>Todos os clientes</b> · 148\n"
        "Novembro: esperado <b>R$ 11.825,20</b>\n"
        "💰 Recebido R$ 8.709,10\n"
        "🔴 Em atraso R$ 1.757,80"
    ) == view.text
    shown = labels(view)
    assert ["•Todos", "🔴 22", "🟡 17", "🟢 109", "🏷"] == shown[0]
    assert [
        ["« 1", "‹", "3/19", "›", "19 »"],
        ["➕ Novo", "🔎 Buscar"],
        ["💰 R$ 8.709,10", "⋯ Mais"],
        ["⬅️ Voltar", "🏠 Início"],
    ] == shown[7:]


def test_the_figure_is_the_way_to_the_payments_behind_it() -> None:
    view = list_view(page(SIX, place=ListPlace(Which.OVERDUE, 2)), inline=False)
    [received] = [
        one for line in board(view).inline_keyboard for one in line if one.text.startswith("💰")
    ]

    assert ShowMonthPayments(origin="lo2").pack() == received.callback_data


@pytest.mark.parametrize(
    ("inline", "expected"),
    [pytest.param(True, (None, ""), id="inline"), pytest.param(False, ("go:find", None), id="not")],
)
def test_who_may_not_search_in_the_typing_box_is_asked(
    inline: bool,
    expected: tuple[str | None, str | None],
) -> None:
    view = list_view(page(SIX), inline=inline)
    [find] = [
        one for line in board(view).inline_keyboard for one in line if one.text.startswith("🔎")
    ]

    assert expected == (find.callback_data, find.switch_inline_query_current_chat)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(ListPlace(Which.OVERDUE), PageCount(page=1, pages=2), id="it is there"),
        pytest.param(ListPlace(Which.OVERDUE, 2), ShowList(place="o1"), id="on another page"),
    ],
)
def test_the_filter_that_holds_leads_to_its_beginning_or_says_where_it_is(
    at: ListPlace, expected: CallbackData
) -> None:
    view = list_view(page(SIX, place=at, pages=2), inline=True)
    held = board(view).inline_keyboard[0][1]

    assert ("• 🔴", expected.pack()) == (held.text, held.callback_data)


def test_a_row_leads_to_a_card_that_leads_back_here() -> None:
    at = ListPlace(Which.DUE_SOON, 2)
    view = list_view(page(SIX, place=at, pages=3), inline=True)
    first = board(view).inline_keyboard[1][0]

    assert ("🔴 Maria Aparecida de Souza… · 21/11", ShowCard(client_id=7, origin="ls2").pack()) == (
        first.text,
        first.callback_data,
    )


def test_an_archived_client_is_no_longer_marked_as_late() -> None:
    view = list_view(page([row(archived=True)], place=ListPlace(Which.ARCHIVED)), inline=True)

    assert ["🗂 Roberto Souza · 23/11"] in labels(view)
    assert {} == coloured(view)


@pytest.mark.parametrize(
    ("place", "title", "back"),
    [
        pytest.param(ListPlace(Which.OVERDUE), "🔴 <b>Em atraso</b> · 6", "bk:ghome", id="overdue"),
        pytest.param(
            ListPlace(Which.ARCHIVED), "🗂 <b>Arquivados</b> · 6", "bk:gmore", id="archived"
        ),
        pytest.param(
            ListPlace(tag=BIGGEST), "🏷 <b>🔵 Etiqueta número 000</b> · 6", "bk:gtags", id="tag"
        ),
        pytest.param(ListPlace(tag=1), "🏷 <b>Etiqueta apagada</b> · 6", "bk:gtags", id="no tag"),
        pytest.param(
            ListPlace(search="<souz"), "🔎 <b>“&lt;souz”</b>: 6 clientes", "bk:la1", id="search"
        ),
    ],
)
def test_each_list_says_what_it_is_and_leads_back_to_where_it_was_chosen(
    place: ListPlace, title: str, back: str
) -> None:
    view = list_view(page(SIX, place=place, tags=tags(1)), inline=True)

    assert title == view.text.split("\n")[0]
    assert back == board(view).inline_keyboard[-1][0].callback_data


def test_an_empty_list_teaches_how_to_begin() -> None:
    view = EVERY_VIEW["nobody"]

    assert words.NOBODY == view.text
    assert {words.FIRST_BUTTON: "primary"} == coloured(view)
    assert [words.SHEET_BUTTON, words.TEMPLATE_BUTTON] in labels(view)
    assert [words.SAMPLES_BUTTON] in labels(view)


def test_who_archived_everybody_finds_them_again() -> None:
    assert ["🗂 Arquivados · 3"] in labels(EVERY_VIEW["all away"])


def test_counts_of_thousands_are_read_whole() -> None:
    assert ["•Todos", "🔴 22", "🟡 17", "🟢 4873"] == labels(EVERY_VIEW["list of thousands"])[0]


# The card


def test_a_card_says_all_about_a_client() -> None:
    shown = card(
        server="Torre Centro",
        fields=(
            FieldValue(1, "usuário", "roberto.souza", secret=False),
            FieldValue(2, "senha", "x<k", secret=True),
        ),
        tags=(Tag(1, "🔵", "Prédio Ipê"),),
        last_messages=(
            sent(Kind.BILLING, MessageState.READ),
            sent(Kind.DUE_TODAY, MessageState.DELIVERED),
        ),
        why_not_today="Atrasado há 2 dias.",
    )  # fmt: skip
    view = card_view(shown, "lo3")

    assert (
        "🔴 <b>Roberto Souza · 23/11/2026</b>\n"
        "Venceu há 2 dias · 30 dias · R$ 79,90\n"
        "\n"
        "👤 <code>Roberto Souza</code>\n"
        "📱 <code>(11) 95550-0187</code>\n"
        "🖥 <code>Torre Centro</code>\n"
        "🔑 usuário <code>roberto.souza</code>\n"
        "🔑 senha <tg-spoiler>x&lt;k</tg-spoiler>\n"
        "🏷 🔵 Prédio Ipê\n"
        "🔔 Cobranças <b>sim</b> · Avisos <b>sim</b>\n"
        "\n"
        "<b>Últimas mensagens</b>\n"
        "24/11 09:03 · Cobrança · 👀 lida\n"
        "24/11 09:03 · Vence hoje · ✅ entregue"
    ) == view.text
    assert [
        ["🔄 Renovar", "💬 Mensagem"],
        ["✏️ Editar", "🔔 Preferências"],
        ["💰 Pagamentos", "🏷 Etiquetas"],
        ["❓ Por que não recebeu hoje?"],
        ["📜 Histórico", "🗂 Arquivar", "🗑 Apagar"],
        ["⬅️ Voltar", "🏠 Início"],
    ] == labels(view)
    assert {"🔄 Renovar": "success", "🗑 Apagar": "danger"} == coloured(view)


def test_who_receives_something_today_is_not_asked_about() -> None:
    assert [card_words.WHY_BUTTON] not in labels(card_view(card(), ""))


def test_what_does_not_fit_opens_by_a_touch() -> None:
    view = EVERY_VIEW["full card"]

    assert view.text.count("<blockquote expandable>") == 1
    assert "<tg-spoiler>" in view.text.partition("<blockquote expandable>")[2]


def test_no_secret_stands_inside_code() -> None:
    shown = card(fields=(FieldValue(2, "senha", "segredo", secret=True),))

    assert "<code>segredo" not in card_view(shown, "").text
    assert "<tg-spoiler>segredo</tg-spoiler>" in card_view(shown, "").text


@pytest.mark.parametrize(
    ("billing", "notices", "opted_out", "said"),
    [
        pytest.param(True, False, False, "Cobranças <b>sim</b> · Avisos <b>não</b>", id="one"),
        pytest.param(None, None, False, "Cobranças <b>não</b> · Avisos <b>não</b>", id="unread"),
        pytest.param(True, True, True, "🔕 Respondeu SAIR: não recebe mais nada", id="out"),
    ],
)
def test_a_card_says_what_the_client_receives(
    billing: bool | None,
    notices: bool | None,
    opted_out: bool,
    said: str,
) -> None:
    shown = card(receives_billing=billing, receives_notices=notices, opted_out=opted_out)

    assert said in card_view(shown, "").text


def test_who_shares_the_phone_is_named() -> None:
    shown = card(shares_phone_with=(row("Pedro Prado", 17), row("Ana", 3)))

    assert "⚠️ Mesmo celular: 🟢 <b>Pedro Prado · 12/12</b> e mais 1" in card_view(shown, "").text


@pytest.mark.parametrize(
    ("left", "said"),
    [
        pytest.param("39.90", "Já pagou R$ 40,00 deste vencimento: faltam R$ 39,90", id="a part"),
        pytest.param("0", "Já pagou R$ 79,90 deste vencimento", id="all"),
    ],
)
def test_what_was_paid_towards_the_due_date_is_said(left: str, said: str) -> None:
    shown = card(open_amount=Decimal(left))

    assert f"💰 {said}" in card_view(shown, "").text.split("\n")


def test_what_a_renewal_left_unpaid_is_said() -> None:
    shown = card(rest=Decimal("20.00"))

    assert "💰 Falta receber R$ 20,00 da última renovação" in card_view(shown, "").text


def test_an_archived_client_is_first_of_all_taken_back() -> None:
    view = card_view(card(archived=True), "")

    assert {"🗂 Trazer de volta": "primary", "🗑 Apagar": "danger"} == coloured(view)
    assert view.text.startswith("🗂 <b>Roberto Souza")


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(-1, "Venceu há 1 dia", id="yesterday"),
        pytest.param(0, "Vence hoje", id="today"),
        pytest.param(1, "Vence amanhã", id="tomorrow"),
        pytest.param(9, "Vence em 9 dias", id="later"),
    ],
)
def test_a_due_date_is_said_as_people_say_it(days: int, expected: str) -> None:
    assert expected == card_words.due_words(TODAY + timedelta(days=days), TODAY)


# What is done to a client


def test_archiving_says_what_will_not_go_and_offers_to_undo_it() -> None:
    gone = CancelledMessage(kind=Kind.BILLING, day=date(2026, 11, 25), at=UNTIL)
    view = archived_view(Archived(row(archived=True), (gone,), UNDO), "lo3")

    assert "🚫 <b>Cancelei 1 mensagem</b> que ia sair:\n• 25/11 às 09:03, Cobrança" in view.text
    assert (
        PressUndo(undo_id=BIGGEST, origin="lo3").pack()
        == board(view).inline_keyboard[0][0].callback_data
    )


def test_what_changed_nothing_has_nothing_to_undo() -> None:
    view = archived_view(Archived(row(archived=True), (), None), "")

    assert [["👤 Ver o cliente"], ["⬅️ Voltar", "🏠 Início"]] == labels(view)


def test_deleting_names_what_is_lost_with_numbers() -> None:
    view = ask_delete_view(Deletion(row(), 12, 5, Decimal("399.50")), "")

    assert "• 12 mensagens do histórico" in view.text
    assert "💰 5 pagamentos (R$ 399,50) continuam nas contas, sem o nome." in view.text
    assert {"🗑 Apagar de vez": "danger"} == coloured(view)
    assert ["🗂 Só arquivar"] in labels(view)


def test_the_history_says_why_a_message_did_not_go() -> None:
    view = messages_view(
        MessagesView(
            row=row(),
            messages=(sent(Kind.BILLING, MessageState.FAILED, Reason.NOT_ON_WHATSAPP),),
            page=1,
            total=1,
            pages=1,
        ),
        "",
    )

    assert "24/11 09:03 · Cobrança · ❌ não foi\n   Esse número não tem WhatsApp." in view.text


def test_every_state_and_kind_has_a_word() -> None:
    assert (set(MessageState), set(Kind)) == (set(card_words.TICKS), set(card_words.KINDS))


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        pytest.param(card(), [["🔄 Renovar"], ["📲 WhatsApp"]], id="late"),
        pytest.param(
            card(due_on=TODAY, receives_notices=False),
            [["🔔 Preferências"], ["📲 WhatsApp"]],
            id="switched off",
        ),
        pytest.param(card(archived=True), [["🗂 Trazer de volta"]], id="archived"),
    ],
)
def test_why_nothing_came_is_said_with_what_can_be_done(
    shown: ClientCard, expected: list[list[str]]
) -> None:
    view = why_view(shown, ["<Porque> sim."], "")

    assert "• &lt;Porque&gt; sim." in view.text
    assert expected == labels(view)[:-1]


def test_who_opted_out_comes_back_only_by_asking() -> None:
    assert acts_words.ASK_THEM in EVERY_VIEW["why"].text


# Tags and fields


def test_a_tag_is_the_way_to_who_has_it() -> None:
    first = board(tags_view(tags(1), page=1)).inline_keyboard[0][0]

    assert ("🔵 Etiqueta número 000 · 5000", ShowList(place=f"a1.{BIGGEST}").pack()) == (
        first.text,
        first.callback_data,
    )


def test_the_tags_of_a_client_are_switches() -> None:
    counts = tags(2)
    view = client_tags_view(card(tags=(counts[1].tag,)), counts, page=1, origin="")

    assert [["⚪ 🔵 Etiqueta número 000"], ["🟢 🔵 Etiqueta número 001"]] == labels(view)[:2]


def test_ten_fields_are_the_most() -> None:
    own = tuple(OwnField(at, f"campo {at}", secret=False) for at in range(10))

    assert [tag_words.NEW_FIELD_BUTTON] not in labels(fields_view(own))
    assert [tag_words.NEW_FIELD_BUTTON] in labels(fields_view(own[:9]))


def test_a_field_says_its_name_in_the_texts() -> None:
    assert (
        "<code>{senha_do_app}</code>" in field_view(OwnField(1, "Senha do app", secret=True)).text
    )


def test_what_was_undone_is_the_way_to_the_client() -> None:
    view = undone_view(Undone("<Roberto> volta.", 7), "lo3")

    assert view.text == "↩️ &lt;Roberto&gt; volta."
    assert (
        ShowCard(client_id=7, origin="lo3").pack()
        == board(view).inline_keyboard[0][0].callback_data
    )
    assert list_origin(ListPlace(Which.OVERDUE, 3)) == "lo3"
