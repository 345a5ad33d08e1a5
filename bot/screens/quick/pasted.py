"""Several clients pasted at once: what was read is shown before anything is saved.

Pressed twice, or interrupted in the middle and pressed again, each of them is one client.
"""

from datetime import date

from actors.messages.clients import GetClients, GetPhoneOwners, RegisterClient
from actors.messages.drafts import EndDraft, GetDraft, StartDraft
from bot.screens.clients.buttons import CLIENTS
from bot.screens.clients.words import CLIENTS_BUTTON, SHEET_BUTTON
from bot.screens.quick import words
from bot.screens.quick.buttons import RegisterLines
from bot.screens.sheets.buttons import SEND_SHEET
from bot.ui.buttons import button, go, keyboard
from bot.ui.form import SUMMARY
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from domain.clients import NewClient
from domain.pasted_lines import MAX_LINES, PastedLine, read_lines, split_lines

SCREEN = Screen()
LINES = "lines"
"""The draft that keeps a pasted list for the button under it."""


async def pasted_view(turn: Turn, lines: tuple[str, ...]) -> View:
    """Who would be registered, and which lines are in doubt."""
    if len(lines) > MAX_LINES:
        return View(words.TOO_MANY, keyboard([go(SHEET_BUTTON, SEND_SHEET, style="primary")]))
    today = (await turn.ask(GetClients())).today
    read = read_lines(lines, today)
    clients = [line.client for line in read if line.client is not None]
    text = words.pasted(read, await _on_used_phones(turn, clients), today)
    if not clients:
        return View(text, keyboard([go(SHEET_BUTTON, SEND_SHEET)]))
    await turn.ask(
        StartDraft(
            form=LINES,
            number=turn.update_id,
            step=SUMMARY,
            values={"text": "\n".join(lines), "today": today.isoformat()},
            origin="",
        )
    )
    save = RegisterLines(number=turn.update_id)
    return View(
        text, keyboard([button(words.save_all_button(len(clients)), save, style="primary")])
    )


@SCREEN.press(RegisterLines)
async def register_lines(turn: Turn, pressed: RegisterLines) -> View:
    """Register all that could be read, each once."""
    draft = await turn.ask(GetDraft(LINES))
    if draft is None or draft.number != pressed.number:
        return View(words.LINE_GONE, keyboard(back=""), toast=words.LINE_GONE)
    if draft.result is None:
        # "dia 10" is what it was on the day it was shown, also after midnight.
        shown_on = date.fromisoformat(draft.values["today"])
        count = await _register(turn, pressed, _clients_in(draft.values["text"], shown_on))
        await turn.ask(EndDraft(LINES, draft.number, str(count)))
    else:
        count = int(draft.result)
    ways = keyboard([go(CLIENTS_BUTTON, CLIENTS, style="primary")], back="")
    return View(words.registered(count), ways)


async def _register(turn: Turn, pressed: RegisterLines, found: list[PastedLine]) -> int:
    for line in found:
        if line.client is not None:
            await turn.ask(RegisterClient(_number_of(pressed, line), line.client))
    return len(found)


def _number_of(pressed: RegisterLines, line: PastedLine) -> int:
    """A number of its own for each line, below those of the forms, which are updates'."""
    return -(pressed.number * (MAX_LINES + 1) + line.number)


def _clients_in(text: str, today: date) -> list[PastedLine]:
    return [line for line in read_lines(split_lines(text), today) if line.client is not None]


async def _on_used_phones(turn: Turn, clients: list[NewClient]) -> list[NewClient]:
    """Those whose number somebody has already (C2)."""
    return [client for client in clients if await turn.ask(GetPhoneOwners(client.phone))]
