"""The words for what the owner must be told: one view for each notice."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from actors.messages.notices import (
    CodeShown,
    DailySummary,
    DataMissing,
    DeliveriesStalled,
    KeptNotice,
    Notice,
    PairingExpired,
    QrShown,
    SendingRestricted,
    TestMoved,
    WhatsAppConnected,
    WhatsAppLost,
)
from bot.screens.notices import words
from bot.screens.notices.summary import summary_view
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
        case _:
            return kept_view(notice)


def kept_view(notice: KeptNotice) -> View:
    """How a notice looks that is told once."""
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
        case DataMissing(names=names, messages=messages):
            waiting = [go(words.see_waiting(messages), TODAY, style="primary")]
            return View(words.data_missing(names, messages), keyboard(waiting))
        case DailySummary():
            return summary_view(notice)
        case _:
            assert_never(notice)
