"""What the owner hears of its payments without having asked, and the way on (A4, A5).

It comes at the bottom with a sound, and what stands there of the PIX goes: it is paid, or is not.
"""

from aiogram.types import InlineKeyboardMarkup

from actors.messages.notices import (
    OfSubscription,
    SubscriptionPaid,
    SubscriptionRestored,
    SubscriptionReturned,
    SubscriptionWarning,
)
from bot.screens.subscription import check_words, told_words, words
from bot.screens.subscription.buttons import SLOT, ShowPaid, ShowReceipt, subscribe_button
from bot.ui.buttons import HOME, Row, bare_keyboard, button, go, keyboard
from bot.ui.view import View, Where


def told_view(news: OfSubscription) -> View:
    """What became of the owner's own payment."""
    payments = button(words.PAYMENTS_BUTTON, ShowPaid())
    match news:
        case SubscriptionPaid():
            receipt = button(check_words.RECEIPT_BUTTON, ShowReceipt(charge_id=news.charge_id))
            rows: list[Row] = [[go(told_words.GO_ON_BUTTON, HOME, style="primary")], [receipt]]
            return _news(told_words.paid(news), bare_keyboard(*rows))
        case SubscriptionReturned():
            pay = subscribe_button(words.PAY_BUTTON, style="success" if news.over else None)
            return _news(told_words.returned(news), keyboard([pay], [payments]))
        case SubscriptionRestored():
            return _news(told_words.restored(news), keyboard([payments]))
        case SubscriptionWarning():
            pay = subscribe_button(told_words.WARNING_BUTTONS[news.told], style="success")
            return _news(told_words.warning(news), keyboard([pay]))


def _news(text: str, buttons: InlineKeyboardMarkup) -> View:
    return View(text, buttons, slot=SLOT, where=Where.ANEW)
