"""The words for what the owner must be told: one view for each notice."""

from dataclasses import replace
from typing import assert_never

from actors.messages.notices import (
    DailySummary,
    DataMissing,
    KeptNotice,
    Notice,
    QrShown,
    ScheduledMissed,
    SendingRestricted,
    WhatsAppConnected,
    WhatsAppLost,
)
from actors.messages.replies import RepliesNotice, ReplyNotice
from bot.screens.by_hand.buttons import SCHEDULED
from bot.screens.notices import words
from bot.screens.notices.summary import summary_view
from bot.screens.replies.cards import arrived
from bot.screens.replies.waiting import night_view
from bot.screens.today.buttons import TODAY
from bot.screens.whatsapp import words as whatsapp_words
from bot.screens.whatsapp.state import SLOT, lost_view, qr_view
from bot.ui.buttons import HOME, bare_keyboard, go, keyboard
from bot.ui.view import View
from domain.whatsapp import Loss

NO_CODE = frozenset({Loss.PAIRING_FAILED, Loss.NO_ROUTE})


async def notice_view(notice: Notice) -> View:
    """How `notice` looks in the chat."""
    if isinstance(notice, ReplyNotice):
        return arrived(notice.card, anew=notice.anew, only_over=notice.only_over)
    if isinstance(notice, RepliesNotice):
        return night_view(notice.replies)
    return await _told(notice)


async def _told(notice: QrShown | KeptNotice) -> View:
    match notice:
        case QrShown():
            return await qr_view(notice)
        case WhatsAppConnected(phone=phone):
            on = [go(whatsapp_words.GO_ON_BUTTON, HOME, style="primary")]
            return View(whatsapp_words.whatsapp_on(phone), bare_keyboard(on), slot=SLOT)
        case WhatsAppLost(reason=reason, until=until):
            view = lost_view(whatsapp_words.lost(reason, whatsapp_words.when(until)))
            # What was to be shown in its place never came.
            return replace(view, slot=SLOT) if reason in NO_CODE else view
        case SendingRestricted(until=until):
            return View(whatsapp_words.restricted(whatsapp_words.when(until)), keyboard())
        case DataMissing() | ScheduledMissed():
            return _to_set_right(notice)
        case DailySummary():
            return summary_view(notice)
        case _:
            assert_never(notice)


def _to_set_right(notice: DataMissing | ScheduledMissed) -> View:
    """What waits for the owner to fill in or to schedule anew, and the way there."""
    if isinstance(notice, ScheduledMissed):
        see = [go(words.see_missed(notice.messages), SCHEDULED, style="primary")]
        return View(words.scheduled_missed(notice), keyboard(see))
    waiting = [go(words.see_waiting(notice.messages), TODAY, style="primary")]
    return View(words.data_missing(notice.names, notice.messages), keyboard(waiting))
