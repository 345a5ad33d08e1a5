"""The words for what the owner must be told: one view for each notice."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from actors.messages.notices import (
    AccessDecided,
    CodeShown,
    DailySummary,
    DataMissing,
    DeliveriesStalled,
    KeptNotice,
    Notice,
    OfSubscription,
    OfTheDay,
    PairingExpired,
    QrShown,
    ScheduledMissed,
    SendingRestricted,
    TestMoved,
    WhatsAppConnected,
    WhatsAppLost,
)
from actors.messages.replies import RepliesNotice, ReplyNotice
from bot.screens.account.account import ACCOUNT
from bot.screens.by_hand.buttons import SCHEDULED
from bot.screens.notices import words
from bot.screens.notices.summary import summary_view
from bot.screens.replies.cards import arrived
from bot.screens.replies.waiting import together_view
from bot.screens.subscription.told import told_view
from bot.screens.today.buttons import TODAY
from bot.screens.whatsapp import state_words
from bot.screens.whatsapp import words as whatsapp_words
from bot.screens.whatsapp.buttons import WHATSAPP
from bot.screens.whatsapp.pairing import SLOT, code_view, expired_view, qr_view
from bot.screens.whatsapp.state import LATER, lost_view
from bot.screens.whatsapp.trial import moved_view
from bot.ui.buttons import HOME, bare_keyboard, go, keyboard
from bot.ui.view import View
from bot.ui.words import WHATSAPP_BUTTON


async def notice_view(notice: Notice, now: datetime) -> View:
    """How `notice` looks in the chat when it is told at `now`."""
    match notice:
        case QrShown():
            return await qr_view(notice, now)
        case CodeShown():
            return code_view(notice, now)
        case PairingExpired():
            return expired_view(notice)
        case TestMoved():
            return moved_view(notice)
        case ReplyNotice() | RepliesNotice():
            return _written_view(notice)
        case _:
            return kept_view(notice)


def _written_view(notice: ReplyNotice | RepliesNotice) -> View:
    """What clients wrote: one of them, or all of a night."""
    if isinstance(notice, RepliesNotice):
        return together_view(notice)
    return arrived(notice.card, anew=notice.anew, only_over=notice.only_over)


def kept_view(notice: KeptNotice) -> View:
    """How a notice looks that is told once."""
    return told_view(notice) if isinstance(notice, OfSubscription) else _of_the_day(notice)


def _of_the_day(notice: OfTheDay) -> View:
    match notice:
        case WhatsAppConnected(phone=phone):
            on = [go(whatsapp_words.GO_ON_BUTTON, HOME, style="primary")]
            see = [go(WHATSAPP_BUTTON, WHATSAPP)]
            return View(whatsapp_words.whatsapp_on(phone), bare_keyboard(on, see), slot=SLOT)
        case WhatsAppLost(reason=reason, until=until, pairing=pairing):
            view = lost_view(reason, whatsapp_words.when(until))
            # What was to be shown in its place never came.
            return replace(view, slot=SLOT) if pairing or reason in LATER else view
        case SendingRestricted(until=until):
            see = [go(WHATSAPP_BUTTON, WHATSAPP)]
            return View(whatsapp_words.restricted(whatsapp_words.when(until)), keyboard(see))
        case DeliveriesStalled(flow=flow, since=since, messages=messages):
            see = [go(WHATSAPP_BUTTON, WHATSAPP, style="primary")]
            return View(state_words.stalled(flow, since, messages), keyboard(see))
        case DataMissing() | ScheduledMissed() | AccessDecided():
            return _with_a_way(notice)
        case DailySummary():
            return summary_view(notice)
        case _:
            assert_never(notice)


def _with_a_way(notice: DataMissing | ScheduledMissed | AccessDecided) -> View:
    """What waits for the owner to fill in, to schedule anew or to look at, and the way there."""
    if isinstance(notice, AccessDecided):
        return View(words.access_decided(notice), keyboard([go(words.ACCOUNT_BUTTON, ACCOUNT)]))
    if isinstance(notice, ScheduledMissed):
        see = [go(words.see_missed(notice.messages), SCHEDULED, style="primary")]
        return View(words.scheduled_missed(notice), keyboard(see))
    waiting = [go(words.see_waiting(notice.messages), TODAY, style="primary")]
    return View(words.data_missing(notice.names, notice.messages), keyboard(waiting))
