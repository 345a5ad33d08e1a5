"""The words for what the owner must be told: one view for each notice."""

from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from actors.messages.notices import (
    DailySummary,
    DataMissing,
    Notice,
    QrShown,
    SendingRestricted,
    WhatsAppConnected,
    WhatsAppLost,
)
from bot.screens.notices import words
from bot.screens.notices.summary import summary_view
from bot.screens.whatsapp import words as whatsapp_words
from bot.screens.whatsapp.state import SLOT, lost_view, qr_view
from bot.ui.buttons import keyboard
from bot.ui.view import View

DEFAULT_ZONE = ZoneInfo("America/Sao_Paulo")


async def notice_view(notice: Notice) -> View:
    """How `notice` looks in the chat."""
    match notice:
        case QrShown():
            return await qr_view(notice)
        case WhatsAppConnected(phone=phone):
            return View(whatsapp_words.whatsapp_on(phone), keyboard(), slot=SLOT)
        case WhatsAppLost(reason=reason):
            return lost_view(whatsapp_words.LOST.get(reason, whatsapp_words.LOST_OTHERWISE))
        case SendingRestricted(until=until):
            return View(whatsapp_words.restricted(_when(until)), keyboard())
        case DataMissing(names=names, messages=messages):
            return View(words.data_missing(names, messages), keyboard())
        case DailySummary():
            return summary_view(notice)
        case _:
            assert_never(notice)


def _when(instant: datetime | None) -> str | None:
    return f"{instant.astimezone(DEFAULT_ZONE):%d/%m às %H:%M}" if instant else None
