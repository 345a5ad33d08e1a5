"""A small bot with faults planted in it, on the local Telegram: what a crawl must find."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.telegram.client import make_bot
from playground.telegram import TelegramStandIn
from settings import PLAYGROUND_TOKEN

HOME, BACK = "🏠 Início", "⬅️ Voltar"
Rows = tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What a screen says, and its buttons: label and where it leads. `style` is the first one's."""

    text: str
    rows: Rows = ()
    style: str | None = None


@dataclass
class PlantedBot:
    """Shows `pages`; whatever is written is answered with "home". `mute` are buttons it ignores."""

    pages: Mapping[str, Page]
    mute: frozenset[str] = frozenset()
    silent: bool = False  # about what is written
    pressed: list[str] = field(default_factory=list)
    _live: dict[int, int] = field(default_factory=dict)
    _done: set[int] = field(default_factory=set)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, update_id: int) -> None:
        """Wait until it is done with an update."""
        async with self._changed:
            await self._changed.wait_for(lambda: update_id in self._done)

    async def run(self, bot: Bot) -> None:
        """Answer for ever."""
        offset = 0
        while True:
            for update in await bot.get_updates(offset=offset, timeout=30):
                offset = update.update_id + 1
                with suppress(TelegramBadRequest):
                    await self._answer(bot, update)
                async with self._changed:
                    self._done.add(update.update_id)
                    self._changed.notify_all()

    async def _answer(self, bot: Bot, update: Update) -> None:
        if update.callback_query is not None:
            await self._show(bot, update.callback_query)
        elif update.inline_query is not None:
            await bot.answer_inline_query(update.inline_query.id, [])
        elif update.message is not None and not self.silent:
            page, chat_id = self.pages["home"], update.message.chat.id
            sent = await bot.send_message(
                chat_id, page.text, reply_markup=_keyboard(page), parse_mode="HTML"
            )
            before, self._live[chat_id] = self._live.get(chat_id), sent.message_id
            if before is not None:
                await bot.edit_message_reply_markup(chat_id=chat_id, message_id=before)

    async def _show(self, bot: Bot, query: CallbackQuery) -> None:
        name = (query.data or "").partition(":")[2]
        self.pressed.append(name)
        if name in self.mute or query.message is None:
            return
        await bot.answer_callback_query(query.id)
        page = self.pages[name]
        await bot.edit_message_text(
            page.text,
            chat_id=query.message.chat.id,
            message_id=query.message.message_id,
            reply_markup=_keyboard(page),
            parse_mode="HTML",
        )


@asynccontextmanager
async def planted(bot: PlantedBot) -> AsyncIterator[TelegramStandIn]:
    """The bot at work on a Telegram of its own."""
    async with TelegramStandIn() as telegram:
        client = make_bot(PLAYGROUND_TOKEN, telegram.api)
        running = asyncio.create_task(bot.run(client))
        try:
            yield telegram
        finally:
            running.cancel()
            await asyncio.wait({running})
            await client.session.close()


def _keyboard(page: Page) -> InlineKeyboardMarkup | None:
    rows = [
        [
            InlineKeyboardButton(text=label, callback_data=f"to:{target}", style=page.style)
            for label, target in row
        ]
        for row in page.rows
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
