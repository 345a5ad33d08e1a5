"""Telegram as one actor: updates in, screens and notices out.

Updates are kept, then handled in order per chat by the screens of `bot/`, by the one process that
is in charge; one whose answer was not taken when it died is handled again, up to three times. What
goes out is lined up per chat, at Telegram's pace, so that a slow chat holds up no other.
"""

import asyncio
import traceback
from collections.abc import Callable, Collection, Coroutine, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommandScopeChat, Update
from pydantic import ValidationError

from actors.charge.standing import Charge
from actors.messages.account import ChatBlocked
from actors.messages.admin_news import TellAdmin
from actors.messages.broadcasts import Announce, ShowBroadcast
from actors.messages.charge import LetGo
from actors.messages.notices import Alert, Notify, Passing
from actors.messages.scoreboard import ShowBoard, TakeBoardAway
from actors.messages.telegram import TakeUpdate
from actors.runtime import Actor, Later, on
from bot.screens.broadcasts.progress import announcement, arriving_view
from bot.screens.notices import words
from bot.screens.notices.money_words import admin_news
from bot.screens.notices.notices import notice_view
from bot.screens.notices.scoreboard import board_text
from bot.telegram.announcer import Announcer
from bot.telegram.answered import Handled
from bot.telegram.chats import Chats
from bot.telegram.delivery import Delivery
from bot.telegram.dispatch import COMMANDS, COMMANDS_OF_ADMINS, UPDATE_KINDS, Screens
from bot.telegram.handling import Handling, Turns
from bot.telegram.intake import Poller, Source, Telegram, listed
from bot.telegram.keeping import Keeper, UpdateInbox, persist
from bot.telegram.pace import TELEGRAMS, Pace, PaceLimits
from bot.telegram.pinned import Pinned
from bot.telegram.said import has_blocked
from bot.telegram.webhook import Place, Webhook
from bot.ui.ports import Administration, Tenants
from bot.ui.view import View
from bot.ui.words import UNEXPECTED
from domain.broadcasts import Reach
from domain.subscription import Terms
from domain.updates import inline_query_of, query_of
from errors import EmDiaError, MessageRefused, TelegramAway, UnhandledMessage, UpdateSetAside
from telemetry import logger

LOG = logger("telegram")
NOTICE_SECONDS = 20.0
DRAIN_SECONDS = 2.0


class Inbox(UpdateInbox, Turns, Protocol):
    """Where updates are kept until they are handled."""


class TelegramActor(Actor):
    """The bot. `make_bot` gives each life a client of its own.

    With a `place`, Telegram brings the updates there; without, they are fetched.
    """

    def __init__(  # noqa: PLR0913 - its parts, all injected
        self,
        make_bot: Callable[[], Bot],
        inbox: Inbox,
        tenants: Tenants,
        admins: Collection[int] = (),
        *,
        administration: Administration | None = None,
        place: Place | None = None,
        charge: Charge | None = None,
        limits: PaceLimits = TELEGRAMS,
        terms: Terms | None = None,
    ) -> None:
        self._make_bot = make_bot
        self._admins = admins
        self._administration = administration
        self._inbox = inbox
        self._tenants = tenants
        self._place = place
        self._limits = limits
        self._terms = terms
        self._webhook: Webhook | None = None
        self._has_menu: set[int] = set()
        self._charge = charge or Charge()

    async def started(self) -> None:
        """Once in charge take up what is unhandled, then what comes; Telegram may be away."""
        clock, random = self.context.clock, self.context.random
        self._bot = self._make_bot()
        pace = self._pace = Pace(clock, random, self._limits)
        chats = self._chats = Chats()
        self._delivery = Delivery(
            self._bot, pace, chats, clock=clock, spawn=self._spawn, on_blocked=self._on_blocked
        )
        self._pinned = Pinned(self._bot, pace, self._on_blocked)
        self._announcer = Announcer(self._bot, pace, self._on_blocked)
        self._screens = Screens(
            self._bot,
            self._tenants,
            self._delivery,
            admins=self._admins,
            administration=self._administration,
            terms=self._terms,
        )
        self._updates = Handling(
            self._inbox,
            self._handle,
            chats=chats,
            may_begin=lambda: self._charge.is_ours,
            on_set_aside=self._report,
            persist=partial(persist, clock, random),
            spawn=self._spawn,
            clock=clock,
        )
        source = self._source(Telegram(self._bot, pace.insist, UPDATE_KINDS, COMMANDS))
        intake = self._charge.lead(
            partial(self._take_in, source), self.context.spawn, name="take in"
        )
        self._intake = self.context.spawn(intake, name="intake")

    def _source(self, telegram: Telegram) -> Source:
        clock, random = self.context.clock, self.context.random
        keeper, wake = Keeper(self._inbox), self._updates.add
        if self._place is None:
            return Poller(telegram, keeper, wake, clock=clock, random=random)
        self._webhook = Webhook(
            self._place, telegram, keeper, wake, spawn=self._spawn, clock=clock, random=random
        )
        return self._webhook

    async def stopping(self) -> None:
        """Take nothing more in; finish what is in hand, as far as the time goes."""
        self._intake.cancel()
        self._updates.close()
        try:
            await asyncio.gather(
                self._updates.drained(DRAIN_SECONDS), self._delivery.drained(DRAIN_SECONDS)
            )
        finally:
            await self._bot.session.close()

    # Out

    @on(Notify)
    async def notify(self, message: Notify) -> Later[None]:
        """Tell the owner; answered once Telegram took it, while others get theirs.

        Raises:
            ChatUnreachable: the owner does not want us.
            MessageRefused: it cannot be told at all, which is this notice's trouble alone (F11).
            TelegramAway: not taken in time, and taken back; or a newer process tells it.
        """
        try:
            view = await notice_view(message.notice, self.context.clock.now())
        except Exception as error:
            raise MessageRefused(f"no words: {_fault(error)}") from error
        if not isinstance(message.notice, Passing):
            return self.context.later(self._in_turn(message, view))
        taken = await self._delivery.post(message.tenant_id, view)
        return self.context.later(self._taken(message.tenant_id, taken))

    async def _in_turn(self, message: Notify, view: View) -> None:
        """Have Telegram take it when it is its turn: in the chat's line it holds up no answer."""
        try:
            async with asyncio.timeout(NOTICE_SECONDS):
                await self._pace.turn_of_notice()
        except TimeoutError:
            raise TelegramAway(f"chat {message.tenant_id}: no turn in time") from None
        if not self._charge.is_ours:
            raise TelegramAway(f"chat {message.tenant_id}: a newer process tells it")
        taken = await self._delivery.post(message.tenant_id, view)
        await self._taken(message.tenant_id, taken)

    async def _taken(self, chat_id: int, taken: asyncio.Future[None]) -> None:
        try:
            async with asyncio.timeout(NOTICE_SECONDS):
                await taken
        except TimeoutError:
            raise TelegramAway(f"chat {chat_id}: not taken in time") from None

    @on(ShowBoard)
    async def show_board(self, message: ShowBoard) -> Later[int]:
        """Write over a chat's pinned board, beside its line: nobody waits for it."""
        text = board_text(message.board)
        return self.context.later(self._pinned.show(message.tenant_id, text, message.message_id))

    @on(TakeBoardAway)
    async def take_board_away(self, message: TakeBoardAway) -> Later[None]:
        """Take a chat's pinned board away."""
        return self.context.later(self._pinned.take_away(message.tenant_id, message.message_id))

    @on(Announce)
    async def announce(self, message: Announce) -> Later[Reach]:
        """Tell an owner what all are told, beside the chat's line, once."""
        view = announcement(message.body)
        return self.context.later(self._announcer.tell(message.chat_id, view))

    @on(ShowBroadcast)
    async def show_broadcast(self, message: ShowBroadcast) -> Later[None]:
        """Show an administrator how a broadcast goes, over what was shown of it before.

        Raises:
            ChatUnreachable: the administrator does not want us.
            MessageRefused: Telegram finds it wrong.
            TelegramAway: not taken in time.
        """
        chat_id = message.broadcast.made_by
        view = arriving_view(message.broadcast, final=message.final)
        return self.context.later(self._taken(chat_id, await self._delivery.post(chat_id, view)))

    @on(Alert)
    async def alert(self, message: Alert) -> None:
        """Line an alarm for the admin up."""
        await self._delivery.post(message.chat_id, View(words.set_aside(message.actor_id)))

    @on(TellAdmin)
    async def tell_admin(self, message: TellAdmin) -> Later[None]:
        """Have Telegram take a piece of news for an administrator.

        Raises:
            ChatUnreachable: the chat does not want it.
            MessageRefused: it never will be taken.
            TelegramAway: it was not taken in time.
        """
        view = View(admin_news(message.news))
        taken = await self._delivery.post(message.chat_id, view)
        return self.context.later(self._taken(message.chat_id, taken))

    # In

    @on(TakeUpdate)
    async def take_update(self, message: TakeUpdate) -> Later[None]:
        """Keep what Telegram brought, while others go on.

        Raises:
            StorageUnavailable: it is not kept.
            MailboxFull: there is too much to handle already.
        """
        if self._webhook is None:
            raise UnhandledMessage(self.context.me.id, "updates are fetched")
        return self.context.later(self._webhook.take(message.update_id, message.payload))

    async def _take_in(self, source: Source) -> None:
        """Old updates first: each chat's order spans the restart."""
        # What the bot may do is its owner's choice at @BotFather: a button that leads to nothing
        # would be shown otherwise.
        me = await self._pace.insist(self._bot.get_me)
        self._screens.inline = bool(me.supports_inline_queries)
        await self._updates.take_up()
        sweep = self._spawn(self._updates.sweep(), "sweep")
        try:
            await source.run()
        finally:
            sweep.cancel()

    @on(LetGo)
    async def let_go(self, _message: LetGo) -> Later[None]:
        """Finish what is in hand; a newer process is in charge, and takes up the rest."""
        return self.context.later(self._let_go())

    async def _let_go(self) -> None:
        await self._updates.drained(DRAIN_SECONDS)
        self._updates.cancel()

    async def _handle(self, payload: Mapping[str, Any], chat_id: int) -> Handled:
        """Handle an update, whatever it is; a press has its answer in any case (H2)."""
        handled = await self._answer(payload, chat_id)
        query_id, inline_id = query_of(payload), inline_query_of(payload)
        if query_id is not None and not self._delivery.has_answered(query_id):
            self._delivery.answer(query_id, None if handled.fault is None else UNEXPECTED)
        if inline_id is not None and not self._delivery.has_answered(inline_id):
            self._delivery.answer_inline(inline_id, [])
        return handled

    async def _answer(self, payload: Mapping[str, Any], chat_id: int) -> Handled:
        try:
            update = Update.model_validate(dict(payload), context={"bot": self._bot})
        except ValidationError as error:
            return Handled(f"malformed: {error.error_count()} faults")
        if has_blocked(update):
            self._on_blocked(chat_id)
        try:
            answered = await self._screens.handle(update, self._chats.asks(chat_id))
        except Exception as error:  # noqa: BLE001 - a screen's fault must not stop the others
            return Handled(_fault(error), self._delivery.on_its_way(chat_id))
        self._chats.ask(chat_id, answered.asks)
        if chat_id in self._admins and chat_id not in self._has_menu:
            self._has_menu.add(chat_id)
            self._spawn(self._offer_administration(chat_id), f"menu of {chat_id}")
        return Handled(None, answered.taken)

    async def _offer_administration(self, chat_id: int) -> None:
        """Offer /admin to who administers, in a scope of its own: no other sees it (A8)."""
        # Telegram takes it only for a chat that has begun, so not before somebody wrote.
        scope = BotCommandScopeChat(chat_id=chat_id)
        commands = listed(COMMANDS_OF_ADMINS)
        try:
            await self._pace.insist(partial(self._bot.set_my_commands, commands, scope=scope))
        except TelegramAPIError as error:
            LOG.warning("no menu for who administers", error=type(error).__name__)

    async def _report(self, error: UpdateSetAside) -> None:
        LOG.error("update set aside", error=str(error))
        for admin in self._admins:
            await self._delivery.post(admin, View(words.update_set_aside(str(error))))

    # Helpers

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        return self.context.spawn(work, name=name)

    def _on_blocked(self, chat_id: int) -> None:
        self._spawn(self._tell_blocked(chat_id), f"blocked {chat_id}")

    async def _tell_blocked(self, chat_id: int) -> None:
        try:
            await self._tenants.tell(chat_id, ChatBlocked())
        except EmDiaError as error:
            LOG.warning("tenant not told that it is blocked", error=repr(error))


def _fault(error: Exception) -> str:
    """What broke and where. Not the error's text: it may quote what a person wrote."""
    *_, (frame, line) = traceback.walk_tb(error.__traceback__)
    return f"{type(error).__name__} at {Path(frame.f_code.co_filename).name}:{line}"
