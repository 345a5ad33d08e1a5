"""The owner's morning (E11): due today, overdue, sent yesterday, received, problems."""

from actors.messages.notices import DailySummary
from bot.screens.notices import words
from bot.screens.today.today import TODAY
from bot.ui.buttons import go, keyboard
from bot.ui.view import View
from bot.ui.words import TODAY_BUTTON


def summary_view(facts: DailySummary) -> View:
    """The summary as a message of its own."""
    return View(words.summary(facts), keyboard([go(TODAY_BUTTON, TODAY)]))
