"""The owner's morning (E11): due today, overdue, sent yesterday, received, problems."""

from datetime import timedelta

from actors.messages.notices import DailySummary
from bot.screens.clients.buttons import ShowList, pack_place
from bot.screens.notices import words
from bot.screens.today.buttons import TODAY, UNBILLED, ShowDay, pack_day
from bot.ui.buttons import Row, button, go, keyboard
from bot.ui.view import View
from domain.client_list import ListPlace, Which
from domain.day_groups import DayGroup
from domain.due_dates import Status

ONE_DAY = timedelta(days=1)


def summary_view(facts: DailySummary) -> View:
    """The summary as a message of its own; each count is the way to what it counts (law 10)."""
    return View(words.summary(facts), keyboard(*_people(facts), *_messages(facts)))


def _people(facts: DailySummary) -> list[Row]:
    unbilled = sum(facts.unbilled.values())
    lists = (
        (Status.DUE_SOON, facts.due_today, Which.DUE_TODAY),
        (Status.OVERDUE, facts.overdue, Which.OVERDUE),
    )
    return [
        [go(words.see_unbilled(unbilled), UNBILLED, style="primary")] if unbilled else [],
        [
            button(f"{status.emoji} {count}", ShowList(place=pack_place(ListPlace(which))))
            for status, count, which in lists
            if count
        ],
    ]


def _messages(facts: DailySummary) -> list[Row]:
    yesterday = ShowDay(group=DayGroup.WENT, day=pack_day(facts.day - ONE_DAY))
    sent = [button(f"📨 {facts.sent_yesterday}", yesterday)] if facts.sent_yesterday else []
    return [[go(f"📬 {facts.to_send_today}", TODAY), *sent]]
