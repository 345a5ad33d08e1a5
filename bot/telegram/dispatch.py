"""From an update to its screen: every update that wants an answer gets one (H2).

Screens return a `View`; here it is decided where it goes. A button's answer is drawn over the
message with the button.
"""

import asyncio
from dataclasses import dataclass, replace

from aiogram import Bot, Dispatcher
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import CallbackQuery, Message, Update

from bot.screens.home import home
from bot.screens.home import words as home_words
from bot.screens.home.home import home_view
from bot.screens.today import today
from bot.screens.whatsapp import state
from bot.telegram.answered import Answered
from bot.telegram.delivery import Delivery
from bot.telegram.progress import Progress
from bot.ui.ports import Tenant, Tenants
from bot.ui.view import Spot, View
from bot.ui.words import EXPIRED_BUTTON, NOT_UNDERSTOOD, UNEXPECTED, safe, with_notice
from errors import EmDiaError

COMMANDS = {**home.COMMANDS, **state.COMMANDS, **today.COMMANDS}
UPDATE_KINDS = ["message", "callback_query", "my_chat_member", "inline_query"]
UNKNOWN_PICTURE = 0


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where an update came from, and so where its answer goes."""

    chat_id: int
    at: Spot | None = None
    query_id: str | None = None


class Screens:
    """All screens of the bot, ready to answer."""

    def __init__(self, bot: Bot, tenants: Tenants, delivery: Delivery) -> None:
        self._bot = bot
        self._tenants = tenants
        self._delivery = delivery
        self._dispatcher = Dispatcher(disable_fsm=True)
        self._dispatcher.include_routers(
            home.make_router(), state.make_router(), today.make_router()
        )

    async def handle(self, update: Update, asks: str | None) -> Answered:
        """Answer `update` and line the answer up. An unexpected error is told, then raised.

        `asks` is the question that stands open.
        """
        occasion = occasion_of(update)
        if occasion is None:
            return Answered(asks)
        progress = self._delivery.progress(occasion.chat_id, occasion.at)
        try:
            view = await self._view_for(update, occasion, progress)
        except EmDiaError as error:
            view = home_view(safe(error.sentence))
        except Exception:
            await self._show(occasion, progress, home_view(UNEXPECTED))
            raise
        taken = await self._show(occasion, progress, view)
        return Answered(view.asks if view else asks, taken)

    async def _view_for(
        self, update: Update, occasion: Occasion, progress: Progress
    ) -> View | None:
        answer = await self._dispatcher.feed_update(
            self._bot,
            update,
            tenant=Tenant(occasion.chat_id, self._tenants),
            show=progress.show,
        )
        if answer is not UNHANDLED:
            view: View | None = answer
            return view
        if occasion.query_id is None:
            return home_view(NOT_UNDERSTOOD)
        stale = home_view(with_notice(EXPIRED_BUTTON, home_words.HOME))
        return replace(stale, toast=EXPIRED_BUTTON)

    async def _show(
        self, occasion: Occasion, progress: Progress, view: View | None
    ) -> "asyncio.Future[None] | None":
        if occasion.query_id is not None:
            self._delivery.answer(occasion.query_id, view.toast if view else None)
        return await progress.end(view)


def occasion_of(update: Update) -> Occasion | None:
    """Where the answer goes; None for what is not a private chat or asks nothing."""
    if update.message is not None:
        chat = update.message.chat
        return Occasion(chat.id) if chat.type == ChatType.PRIVATE else None
    if update.callback_query is not None:
        return _occasion_of_press(update.callback_query)
    return None


def has_blocked(update: Update) -> bool:
    """Whether the update says that its chat has blocked the bot."""
    change = update.my_chat_member
    return change is not None and change.new_chat_member.status == ChatMemberStatus.KICKED


def _occasion_of_press(query: CallbackQuery) -> Occasion | None:
    message = query.message
    if message is None or message.chat.type != ChatType.PRIVATE:
        return None
    # An inaccessible message is too old to know, not too old to edit.
    has_picture = isinstance(message, Message) and bool(message.photo)
    spot = Spot(message.message_id, UNKNOWN_PICTURE if has_picture else None)
    return Occasion(message.chat.id, spot, query.id)
