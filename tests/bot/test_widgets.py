"""Texts are cut to what Telegram takes, losing nothing; lines keep the order of each chat."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui.pager import pages, shown_length
from guards.keyed_queue import KeyedQueue
from playground.telegram_markup import parse_text, utf16_length
from tests.virtual_time import run_virtual

LIMIT = 40
WORDS = st.text(st.sampled_from("ab é🙂&"), min_size=1, max_size=60)
LINES = st.lists(WORDS.map(lambda words: words.replace("&", "&amp;")), min_size=1, max_size=8)


@given(LINES)
def test_every_page_is_a_text_telegram_takes(lines: list[str]) -> None:
    cut = pages("\n".join(f"<b>{line}</b>" for line in lines), LIMIT)

    assert all(utf16_length(parse_text(page, "HTML").text) <= LIMIT for page in cut)


@given(LINES)
def test_nothing_but_spaces_is_lost_between_pages(lines: list[str]) -> None:
    whole = "\n".join(f"<b>{line}</b>" for line in lines)
    joined = "".join(parse_text(page, "HTML").text for page in pages(whole, LIMIT))

    assert "".join(parse_text(whole, "HTML").text.split()) == "".join(joined.split())


def test_the_length_is_what_telegram_counts() -> None:
    assert shown_length('<a href="https://a.b">é🙂</a> &amp; <b>b</b>') == 7


@pytest.mark.parametrize("seed", range(5))
def test_each_chat_keeps_its_order_and_a_full_house_makes_who_adds_wait(seed: int) -> None:
    async def main() -> tuple[list[tuple[int, int]], int]:
        done: list[tuple[int, int]] = []
        waiting = most = 0

        async def work(chat: int, item: int) -> None:
            nonlocal waiting
            await asyncio.sleep(chat)
            waiting -= 1
            done.append((chat, item))

        def spawn(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
            return asyncio.create_task(work, name=name)

        lines = KeyedQueue(work, spawn, most_waiting=6)
        for item in range(20):
            for chat in (1, 2, 3):
                await lines.add(chat, item)
                waiting += 1
                most = max(most, waiting)
        await lines.drained()
        return done, most

    done, most = run_virtual(main, seed=seed)

    assert [[item for chat, item in done if chat == c] for c in (1, 2, 3)] == [[*range(20)]] * 3
    assert most <= 6
