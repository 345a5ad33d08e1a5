"""A text is read as Telegram reads it, and refused in its words."""

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from hypothesis import given
from hypothesis import strategies as st

from playground.telegram_markup import RichText, parse_text, utf16_length
from playground.telegram_refusals import Refusal
from tests.bot.stand_in.support import NOON

SOON = int((NOON + timedelta(hours=2)).timestamp())
ROUND = "<b>é</b>🙂"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("  ", "text must be non-empty", id="nothing but spaces"),
        pytest.param("x" * 4097, "message is too long", id="4097 letters"),
        pytest.param("🙂" * 2049, "message is too long", id="4098 UTF-16 units"),
        pytest.param("<foo>x</foo>", "Unsupported start tag", id="unknown tag"),
        pytest.param("1 < 2", "Unsupported start tag", id="unescaped less-than"),
        pytest.param("<b>x", "Can't find end tag", id="unclosed tag"),
        pytest.param("<b><i>x</b></i>", "Unmatched end tag", id="crossed tags"),
        pytest.param("x</b>", "Unexpected end tag", id="end without start"),
        pytest.param('<span class="big">x</span>', 'must have class "tg-spoiler"', id="span"),
    ],
)
async def test_a_text_telegram_would_refuse_is_refused(
    client: Bot, chat: int, text: str, complaint: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=complaint):
        await client.send_message(chat, text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x" * 4096, id="4096 letters"),
        pytest.param("<b>" + "x" * 4096 + "</b>", id="tags do not count"),
        pytest.param("A &amp; B &lt; C &copy; &#128578;", id="character references"),
        pytest.param('<a href="https://a.b/?c=1&amp;d=2">x</a> <code>1</code>', id="link, code"),
        pytest.param("<b>a <i>b</i> <u>c</u></b><blockquote expandable>d</blockquote>", id="nest"),
    ],
)
async def test_a_text_telegram_would_take_is_taken(client: Bot, chat: int, text: str) -> None:
    assert (await client.send_message(chat, text)).message_id > 0


async def test_entities_are_counted_in_utf16_units(client: Bot, chat: int) -> None:
    sent = await client.send_message(chat, "  🙂 <b>até</b>  ")

    assert sent.text == "🙂 até"
    assert [(one.type, one.offset, one.length) for one in sent.entities or ()] == [("bold", 3, 3)]


async def test_a_text_that_is_not_there_is_empty(client: Bot, chat: int) -> None:
    with pytest.raises(TelegramBadRequest, match="message text is empty"):
        await client.send_message(chat, "")


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        pytest.param(ROUND + "<q>", 'Unsupported start tag "q" at byte offset 13', id="tag"),
        pytest.param(ROUND + "<", "Unclosed start tag at byte offset 13", id="nothing follows"),
        pytest.param(ROUND + "<a href", "Unclosed start tag at byte offset 13", id="half a tag"),
        pytest.param(ROUND + '<a href="x', "Unclosed start tag at byte offset 13", id="a quote"),
        pytest.param(
            ROUND + '<a ="x">', 'Empty attribute name in the tag "a" at byte offset 13', id="name"
        ),
        pytest.param(
            ROUND + "<a href=x/y>", "Unexpected end of name token at byte offset 21", id="token"
        ),
        pytest.param(ROUND + "</i>", "Unexpected end tag at byte offset 13", id="end"),
        pytest.param("<b>x</b", "Unclosed end tag at byte offset 4", id="half an end"),
        pytest.param(
            "<b><i>test</b></i>",
            'Unmatched end tag at byte offset 10, expected "</i>", found "</b>"',
            id="crossed",
        ),
        pytest.param(
            "<b>x", 'Can\'t find end tag corresponding to start tag "b"', id="never closed"
        ),
        pytest.param(
            '<tg-emoji emoji-id="9999999999999999999">x</tg-emoji>',
            "Invalid custom emoji identifier specified",
            id="emoji",
        ),
        pytest.param(
            f'<tg-time unix="{SOON}" format="rD">x</tg-time>',
            "Invalid date-time format specified",
            id="format of a time",
        ),
        pytest.param('<tg-time unix="já">x</tg-time>', "Invalid Unix time specified", id="time"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place_in_bytes(
    source: str, complaint: str
) -> None:
    with pytest.raises(Refusal) as refused:
        parse_text(source, "HTML", NOON)

    assert f"Bad Request: can't parse entities: {complaint}" == refused.value.description


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("<strong>x</strong>", {"type": "bold"}, id="strong"),
        pytest.param("<b>x</>", {"type": "bold"}, id="an end without a name"),
        pytest.param("<u>x</u>", {"type": "underline"}, id="u"),
        pytest.param("<del>x</del>", {"type": "strikethrough"}, id="del"),
        pytest.param("<tg-spoiler>x</tg-spoiler>", {"type": "spoiler"}, id="spoiler"),
        pytest.param("<blockquote>x</blockquote>", {"type": "blockquote"}, id="quote"),
        pytest.param(
            "<blockquote expandable>x</blockquote>", {"type": "expandable_blockquote"}, id="folded"
        ),
        pytest.param(
            '<pre><code class="language-sql">x</code></pre>',
            {"type": "pre", "language": "sql"},
            id="a program",
        ),
        pytest.param(
            "<a href='https://a.b/?c=1&amp;d'>x</a>",
            {"type": "text_link", "url": "https://a.b/?c=1&d"},
            id="a link",
        ),
        pytest.param(
            '<tg-emoji emoji-id="5368324170671202286">x</tg-emoji>',
            {"type": "custom_emoji", "custom_emoji_id": "5368324170671202286"},
            id="an emoji",
        ),
        pytest.param(
            f'<tg-time unix="{SOON}" format="r">x</tg-time>',
            {"type": "date_time", "unix_time": SOON, "date_time_format": "r"},
            id="a time",
        ),
    ],
)
def test_each_tag_becomes_its_entity(source: str, expected: dict[str, object]) -> None:
    assert RichText("x", ({**expected, "offset": 0, "length": 1},)) == parse_text(
        source, "HTML", NOON
    )


@pytest.mark.parametrize("address", ["nowhere", "ftp://a.b", "a b.c"])
def test_a_link_that_leads_nowhere_is_dropped_without_a_word(address: str) -> None:
    assert RichText("x") == parse_text(f'<a href="{address}">x</a>', "HTML")


@pytest.mark.parametrize("format_", ["", "r", "w", "d", "D", "t", "T", "wDT", "dt"])
def test_a_time_takes_every_format_there_is(format_: str) -> None:
    body = parse_text(f'<tg-time unix="{SOON}" format="{format_}">x</tg-time>', "HTML", NOON)

    assert format_ == body.entities[0]["date_time_format"]


@pytest.mark.parametrize(
    "ahead",
    [
        pytest.param(timedelta(seconds=-1), id="past"),
        pytest.param(timedelta(0), id="now"),
        pytest.param(timedelta(days=1_098), id="too far ahead"),
    ],
)
def test_a_time_that_telegram_does_not_count_to_refuses_the_whole(ahead: timedelta) -> None:
    source = f'oi <tg-time unix="{int((NOON + ahead).timestamp())}" format="r">x</tg-time>'
    with pytest.raises(Refusal, match=re.escape("Bad Request: ENTITY_DATE_INVALID")):
        parse_text(source, "HTML", NOON)


@given(st.text(st.sampled_from("<>/=\"' abié🙂&;\0"), max_size=30))
def test_whatever_is_written_is_read_or_refused(source: str) -> None:
    with suppress(Refusal):
        body = parse_text(source, "HTML", NOON)
        ends = [one["offset"] + one["length"] for one in body.entities]
        assert max(ends, default=0) <= utf16_length(body.text)
