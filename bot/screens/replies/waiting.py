"""What clients wrote and nobody answered, the longest wait first."""

from actors.messages.replies import GetReplies, Replies, RepliesNotice
from bot.screens.clients.rows import label_of
from bot.screens.replies import waiting_words as words
from bot.screens.replies.buttons import QUIET, REPLIES, ShowReplies, ShowReply
from bot.ui.buttons import HOME, Row, button, go, keyboard, place
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View

SCREEN = Screen()


@SCREEN.place(REPLIES)
async def show_first(turn: Turn) -> View:
    """The first page."""
    return waiting_view(await turn.ask(GetReplies()))


@SCREEN.press(ShowReplies)
async def show_page(turn: Turn, pressed: ShowReplies) -> View:
    """A page."""
    return waiting_view(await turn.ask(GetReplies(max(1, pressed.page))))


def waiting_view(view: Replies) -> View:
    """A page of what waits, each by its client."""
    pager = pager_row(view.page, view.pages, lambda page: ShowReplies(page=page))
    quiet = [go(words.QUIET_BUTTON, QUIET)]
    return View(
        words.waiting(view), keyboard(*_rows(view, view.page), pager, quiet, back=place(HOME))
    )


def together_view(notice: RepliesNotice) -> View:
    """What came in the hours of silence, or while nobody could tell of it, told together."""
    view = notice.replies
    more: Row = []
    if view.pages > 1:
        more = [go(words.REPLIES_BUTTON, REPLIES, style="primary")]
    return View(words.together(view, night=notice.night), keyboard(*_rows(view, 1), more))


def _rows(view: Replies, page: int) -> list[Row]:
    return [
        [
            button(
                label_of(one.row, view.today, words.since(one.since, view.today)),
                ShowReply(talk_id=one.talk_id, page=page),
            )
        ]
        for one in view.replies
    ]
