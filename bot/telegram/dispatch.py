"""From an update to its screen: every update that wants an answer gets one (H2).

Access is checked here, before any screen (A6, A8): a chat that is no tenant reaches the sign-up and
nothing else. Screens return what to show; here it is decided where that goes. A button's answer is
drawn over the message with the button.
"""

import asyncio
from collections.abc import Awaitable, Collection
from dataclasses import replace
from io import BytesIO
from typing import cast

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import (
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Update,
)

from actors.messages.account import Access, GetAccess
from bot.screens import find_screens
from bot.telegram.answered import Answered
from bot.telegram.delivery import Delivery
from bot.telegram.progress import Progress
from bot.telegram.routes import Route, Routes
from bot.telegram.said import Occasion, occasion_of, person_of, said_in
from bot.ui import words
from bot.ui.buttons import HOME, LOST, PageCount, keyboard, place
from bot.ui.commands import after_command, command_in
from bot.ui.ports import Administration, Said, SentFile, Tenants, Turn
from bot.ui.screen import Audience, Found
from bot.ui.view import Toast, View
from domain.subscription import Terms
from errors import EmDiaError, InvalidInput
from telemetry import logger

LOG = logger("telegram")
UPDATE_KINDS = ["message", "callback_query", "my_chat_member", "inline_query"]
PATIENCE_SECONDS = 0.8
"""How long whoever pressed a button sees nothing move (law 5)."""
DOWNLOAD_SECONDS = 30
MOST_FOUND = 20
SIGN_UP = "signup"
ENDED = "ended"
ADMIN_ALONE = "admin_alone"
ROUTES = Routes(find_screens())
COMMANDS = ROUTES.menu
COMMANDS_OF_ADMINS = ROUTES.menu_of_admins


class Screens:
    """All screens of the bot, ready to answer."""

    def __init__(  # noqa: PLR0913 - its parts, all injected
        self,
        bot: Bot,
        tenants: Tenants,
        delivery: Delivery,
        *,
        admins: Collection[int] = (),
        administration: Administration | None = None,
        terms: Terms | None = None,
    ) -> None:
        self._bot = bot
        self._tenants = tenants
        self._delivery = delivery
        self._admins = frozenset(admins)
        self._administration = administration
        self._terms = terms or Terms()
        self.inline = False
        """Whether the bot may be asked from the typing box."""

    async def handle(self, update: Update, asks: str | None = None) -> Answered:
        """Answer `update`, where `asks` is the question that stood open.

        An unexpected error is told, then raised.
        """
        if update.inline_query is not None:
            await self._answer_inline(update, update.inline_query)
            return Answered(asks)
        occasion = occasion_of(update)
        if occasion is None:
            if update.callback_query is not None:
                self._delivery.answer(update.callback_query.id, words.EXPIRED_BUTTON)
            return Answered(asks)
        progress = self._delivery.progress(occasion.chat_id, occasion.at)
        turn = self._turn(update, occasion, asks, progress)
        try:
            view = await self._in_patience(self._view_for(update, turn), progress, occasion)
        except Exception:
            await self._show(occasion, progress, words_view(words.UNEXPECTED))
            raise
        return await self._answered(occasion, progress, view, asks)

    def _turn(
        self, update: Update, occasion: Occasion, asks: str | None, progress: Progress
    ) -> Turn:
        return Turn(
            chat_id=occasion.chat_id,
            update_id=update.update_id,
            person=person_of(update),
            said=said_in(update),
            asks=asks,
            tenants=self._tenants,
            show=progress.show,
            fetch=self._fetch,
            ways=self._back,
            inline=self.inline,
            administration=self._administration if occasion.chat_id in self._admins else None,
            terms=self._terms,
        )

    async def _answered(
        self, occasion: Occasion, progress: Progress, view: View | Toast | None, asks: str | None
    ) -> Answered:
        if isinstance(view, Toast):
            # Once something was shown in its place, the screen is no longer as it was.
            if occasion.query_id is not None and not progress.has_shown:
                self._delivery.answer(occasion.query_id, view.text)
                return Answered(asks)
            view = words_view(view.text)
        taken = await self._show(occasion, progress, view)
        return Answered(view.asks if view else asks, taken)

    async def _in_patience(
        self, work: Awaitable[View | Toast | None], progress: Progress, occasion: Occasion
    ) -> View | Toast | None:
        """What `work` comes to; whoever pressed and waits sees that something is being done.

        A screen that has said so itself is left as it is: it may be a place for what follows.
        """
        task = asyncio.ensure_future(work)
        try:
            if occasion.query_id is not None:
                await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
                if not task.done() and not progress.has_shown:
                    # What comes may not fit in its place: a picture, a file.
                    await progress.show(View(words.WAIT, perishable=True))
            return await task
        finally:
            task.cancel()

    # Which screen

    async def _view_for(self, update: Update, turn: Turn) -> View | Toast | None:
        route = self._route(update, turn)
        origin = route.origin if route else None
        if origin is None and update.callback_query is not None:
            origin = ""  # behind a button there is always something (law 4)
        try:
            pressed = update.callback_query is not None
            closed = await self._closed(route, turn, pressed=pressed)
            if closed is not None:
                return await closed.answer(turn)
            if route is not None and not _is_hidden(route, turn):
                return await route.answer(turn)
        except EmDiaError as error:
            view = words_view(words.safe(error.sentence), origin)
            # Nothing came of it, so the question stands: who is told to try again may answer again.
            return replace(view, toast=words.toast(error.sentence), asks=turn.asks)
        return await self._not_understood(update, turn)

    def _route(self, update: Update, turn: Turn) -> Route | None:
        if update.callback_query is not None:
            return ROUTES.of_press(update.callback_query.data or "")
        said = turn.said
        if said.text and (command := command_in(said.text)) and said.file is None:
            return ROUTES.of_command(command, after_command(said.text))
        if said.file is not None:
            return ROUTES.of_said("file")
        asked = ROUTES.of_question(turn.asks)
        if asked is not None:
            return asked
        return _of_said(said)

    async def _closed(self, route: Route | None, turn: Turn, *, pressed: bool) -> Route | None:
        """Where to instead, for whom `route` is closed; None where it is open."""
        screen = route.screen if route else None
        if screen is not None and screen.audience is Audience.ANYBODY:
            return None
        if screen is not None and screen.audience is Audience.ADMINS and turn.administration:
            return None  # who administers need not be a tenant (A8)
        access: Access = await turn.ask(GetAccess())
        if not access.signed_up:
            # Who only administers has no home but the administration's; whoever writes may sign up.
            is_desk = turn.administration is not None and pressed
            return ROUTES.of_press(f"go:{ADMIN_ALONE if is_desk else SIGN_UP}")
        if screen is None or screen.audience is Audience.ADMINS:
            return None  # for whom the administration is not there, it is not understood
        return None if access.may_use(screen.area) else ROUTES.of_press(f"go:{ENDED}")

    async def _back(self, turn: Turn, origin: str) -> View:
        route = ROUTES.way_back(origin)
        if route is None or _is_hidden(route, turn):  # whoever builds buttons may write any way
            route = ROUTES.way_back(place(HOME))
        # A way back may lead out of what is open into what is not (A6).
        route = await self._closed(route, turn, pressed=True) or route
        view = await route.answer(turn) if route else None
        return view if isinstance(view, View) else words_view(words.NOT_UNDERSTOOD)

    async def _not_understood(self, update: Update, turn: Turn) -> View | Toast:
        """How things are now, and that this was not understood (laws 5 and 12)."""
        query = update.callback_query
        counter = _page_count(query.data or "") if query else None
        if counter is not None:
            return Toast(words.page_of(counter.page, counter.pages))
        if query is not None:
            return replace(await self._back(turn, place(HOME)), toast=words.EXPIRED_BUTTON)
        return await self._back(turn, place(LOST))

    # Out

    async def _show(
        self, occasion: Occasion, progress: Progress, view: View | None
    ) -> "asyncio.Future[None] | None":
        if occasion.query_id is not None:
            self._delivery.answer(occasion.query_id, view.toast if view else None)
        return await progress.end(view)

    # Files, and what is asked from the typing box

    async def _fetch(self, file: SentFile) -> bytes:
        """The bytes of a file; raises InvalidInput where Telegram does not hand it over."""
        try:
            found = await self._bot.download(file.file_id, timeout=DOWNLOAD_SECONDS)
        except TelegramAPIError as error:
            raise InvalidInput(words.NO_FILE) from error
        return cast("BytesIO", found).getvalue()

    async def _answer_inline(self, update: Update, query: InlineQuery) -> None:
        """Answer for the sender's own chat with the bot only: a row tells who is a client."""
        found: list[Found] = []
        if ROUTES.search is not None and query.chat_type == "sender":
            screen, search = ROUTES.search
            occasion = Occasion(query.from_user.id)
            progress = self._delivery.progress(occasion.chat_id, None)
            turn = self._turn(update, occasion, None, progress)
            try:
                access: Access = await turn.ask(GetAccess())
                if access.signed_up and access.may_use(screen.area):
                    found = [*await search(turn, query.query)][:MOST_FOUND]
            except EmDiaError as error:
                LOG.info("nothing found", error=type(error).__name__)
        self._delivery.answer_inline(query.id, [_article(one) for one in found])


def words_view(text: str, origin: str | None = None) -> View:
    """A sentence, and the ways on."""
    back = None if origin is None else origin or place(HOME)
    return View(text, keyboard(back=back))


def _is_hidden(route: Route, turn: Turn) -> bool:
    """Whether nothing of it may be told: the administration, to who does not administer (A8)."""
    return route.screen.audience is Audience.ADMINS and turn.administration is None


def _of_said(said: Said) -> Route | None:
    if said.contact is not None:
        return ROUTES.of_said("contact")
    return ROUTES.of_said("text") if said.text else None


def _page_count(data: str) -> PageCount | None:
    try:
        return PageCount.unpack(data)
    except (TypeError, ValueError):
        return None


def _article(found: Found) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        id=found.key,
        title=found.title,
        description=found.below,
        input_message_content=InputTextMessageContent(message_text=found.sends, parse_mode=None),
    )
