"""What a chat looks like as a page: known marks drawn, everything else harmless text."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from playground.pictures.page import Shot, page
from playground.pictures.richtext import page_html

NOW = datetime(2026, 11, 25, 10, 42, tzinfo=ZoneInfo("America/Sao_Paulo"))


def message(html: str = "Oi", **more: Any) -> dict[str, Any]:
    """A message of the bot, as the local Telegram tells it."""
    return {"from": "bot", "date": int(NOW.timestamp()), "html": html, "buttons": [], **more}


def drawn(*messages: dict[str, Any], **more: Any) -> str:
    """The body of the page that shows them."""
    return page(Shot(messages, NOW, **more)).partition("<body")[2]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            "<b>Ana</b> <i>e</i> <u>Rui</u>", "<b>Ana</b> <i>e</i> <u>Rui</u>", id="styles"
        ),
        pytest.param("a &lt;b&gt; &amp; c", "a &lt;b&gt; &amp; c", id="escaped stays escaped"),
        pytest.param("<tg-spoiler>x</tg-spoiler>", "<mark>x</mark>", id="spoiler"),
        pytest.param('<span class="tg-spoiler">x</span>', "<mark>x</mark>", id="spoiler, long"),
        pytest.param("<pre>a\nb</pre>\nc", "<pre>a\nb</pre>c", id="the break after a block"),
        pytest.param("<blockquote>a</blockquote>", "<blockquote>a</blockquote>", id="quote"),
        pytest.param(
            "<blockquote expandable>a</blockquote>",
            "<blockquote class=closed>a</blockquote>",
            id="quote that can be opened",
        ),
        pytest.param(
            '<tg-time unix="1795700520" format="r">amanhã</tg-time>',
            "<time>amanhã</time>",
            id="time",
        ),
        pytest.param('<a href="javascript:x">a</a>', "<a>a</a>", id="a link leads nowhere"),
        pytest.param("<img src=x onerror=y>a", "a", id="unknown tags are left out"),
        pytest.param("<b>a", "<b>a</b>", id="what is open is closed"),
        pytest.param("a</b></b>", "a", id="what was never open is left out"),
    ],
)
def test_a_text_becomes_a_page_of_the_same_words(source: str, expected: str) -> None:
    assert expected == page_html(source)


def test_what_a_person_writes_is_text() -> None:
    assert "&lt;b&gt;oi&lt;/b&gt;" in drawn(message("<b>oi</b>", **{"from": "person"}))


def test_a_button_shows_its_label_its_colour_and_where_it_leads() -> None:
    keyboard = [
        [{"text": "Pagar & <já>", "callback_data": "a", "style": "success"}],
        [{"text": "Copiar", "copy_text": {"text": "1"}}, {"text": "Voltar", "callback_data": "b"}],
    ]
    shown = drawn(message(buttons=keyboard))

    assert '<span class="button success"><span>Pagar &amp; &lt;já&gt;</span></span>' in shown
    assert re.search(r'class="button plain"><span>Copiar</span><svg', shown)
    assert '<span class="button plain"><span>Voltar</span></span>' in shown


def test_a_style_that_is_none_is_drawn_plain() -> None:
    keyboard = [[{"text": "Oi", "callback_data": "a", "style": '"><script>'}]]

    assert "<script" not in drawn(message(buttons=keyboard))


def test_the_hour_and_the_day_are_those_of_the_message() -> None:
    shown = drawn(message(), message())

    assert ["25 de novembro"] == re.findall("<span class=day>(.*?)</span>", shown)
    assert ["10:42", "10:42"] == re.findall("<span class=clock>(.*?)</span>", shown)


def test_a_deleted_message_is_not_shown() -> None:
    assert "sumiu" not in drawn(message("sumiu", deleted=True))


def test_what_is_pinned_is_above_the_chat_in_two_lines() -> None:
    shown = drawn(message("<b>Placar</b>\n6 de 12\nR$ 10,00", pinned=True), message())

    assert "<b><b>Placar</b></b><span>6 de 12 · R$ 10,00</span>" in shown
    assert 1 == shown.count('<div class="row')


def test_a_picture_is_in_the_page_and_a_document_has_its_name_and_size() -> None:
    shown = drawn(
        message(photo="p1"),
        message(document="d1", file_name="<clientes>.xlsx"),
        files={"p1": b"png", "d1": b"x" * 2048},
    )

    assert 'src="data:image/png;base64,cG5n"' in shown
    assert "<span class=sheet>XLSX</span><div><b>&lt;clientes&gt;.xlsx</b><small>2,0 KB" in shown


def test_the_typing_box_says_what_the_last_screen_asks_for() -> None:
    asking = message(box={"placeholder": "Digite <um> nome"})

    assert "<span class=words>Digite &lt;um&gt; nome" in drawn(asking)
    assert "<span class=words>Mensagem" in drawn(asking, message())


def test_a_keyboard_below_the_typing_box_is_drawn_below_it() -> None:
    keyboard = [[{"text": "Mandar <meu> número", "request_contact": True}]]

    shown = drawn(message(), keys=keyboard)

    assert "<div class=keys><div><span>Mandar &lt;meu&gt; número</span></div></div>" in shown


def test_what_is_found_while_typing_lies_above_the_typing_box() -> None:
    shown = drawn(message(), found=[("Ana & Rui · 10/12", "Vence amanhã")], typed="@bot <ana>")

    assert "<b>Ana &amp; Rui · 10/12</b><span>Vence amanhã</span>" in shown
    assert "<span class=words><b>@bot &lt;ana&gt;</b>" in shown


def test_a_contact_is_a_card_and_what_telegram_itself_says_is_left_out() -> None:
    shared = message("", contact={"first_name": "Ana & Rui", "phone_number": "+5511955500163"})
    shown = drawn(shared, message("fixou", service=True))

    assert "<b>Ana &amp; Rui</b><small>+5511955500163</small>" in shown
    assert "fixou" not in shown


def test_a_toast_lies_over_the_chat_and_the_theme_may_be_dark() -> None:
    shown = drawn(message(), toast="Renovado <até> 25/12", dark=True)

    assert "<div class=toast>Renovado &lt;até&gt; 25/12</div>" in shown
    assert shown.startswith(" class=dark>")
