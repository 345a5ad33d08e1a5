"""The owner's morning (E11): due today, overdue, sent yesterday, received, problems."""

from actors.messages import DailySummary
from bot import texts
from bot.callbacks import Place
from bot.widgets import View, go, keyboard


def summary_view(facts: DailySummary) -> View:
    """The summary as a message of its own."""
    return View(texts.summary(facts), keyboard([go(texts.TODAY_BUTTON, Place.TODAY)]))
