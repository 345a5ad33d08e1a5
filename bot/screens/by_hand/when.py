"""The question when a message by hand goes: fresh, an hour still open, or the nearest that works.

The tenant reads what was typed, since it knows the hour; what is not settled by it is kept in the
form's values, and asked again.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from actors.messages.by_hand import MomentRead, Preview, PreviewByHand, ReadMoment
from actors.messages.drafts import Draft
from bot.screens.by_hand import words
from bot.screens.clients.money_buttons import ShowEdit
from bot.screens.settings.pix import EDIT_PIX
from bot.screens.settings.settings import SETTINGS
from bot.ui.buttons import Row, button, go
from bot.ui.form import Act, FormPress, Option, Question
from bot.ui.ports import Turn
from domain.reminders import Kind
from errors import InvalidInput

KEY = "hand"
"""The form's."""
TEXT, WHEN = "text", "when"
NOW = "now"
# What the question remembers of what was typed before.
SAYS, OFFERED, DAY, MONTHLY = "says", "offered", "day", "monthly"
_PASSING = frozenset({SAYS, OFFERED, DAY, MONTHLY, WHEN})
MOST_ROWS = 6
PRESETS = ("daqui a 2 horas", "amanhã 9h")


async def ask_when(turn: Turn, draft: Draft) -> Question:
    """The moment of a message that can go; what it lacks comes first (D4)."""
    values = draft.values
    _, text, _ = text_in(values[TEXT])
    preview = await turn.ask(PreviewByHand(int(values["client_id"]), text))
    if preview.missing:
        return Question(words.missing(preview.missing), rows=_ways_to_fill(preview, draft))
    if preview.refusal is not None:
        return Question(words.too_long(preview.refusal))
    if values.get(DAY) or values.get(OFFERED):
        return _ask_again(values, preview)
    options = two_a_row(await _presets(turn, draft, preview))
    if values.get(SAYS):
        return Question(words.not_read(values[SAYS]), options)
    return Question(words.ask_when(preview, MOST_ROWS), options)


def _ask_again(values: Mapping[str, str], preview: Preview) -> Question:
    """The hour of a day that was said without one, or the nearest of what does not work."""
    offered = [_moment_option(one, values, preview) for one in values.get(OFFERED, "").split()]
    if not values.get(DAY):
        return Question(words.offer(values[SAYS]), [offered])
    asked = words.ask_hour(date.fromisoformat(values[DAY]), preview.today)
    if values.get(SAYS):
        asked = words.with_sentence(values[SAYS], asked)
    return Question(asked, two_a_row(offered))


async def _presets(turn: Turn, draft: Draft, preview: Preview) -> list[Option]:
    """Now, while that may be, and the likeliest moments after it."""
    options = []
    if "id" not in draft.values:
        if preview.soonest <= preview.at:
            options.append(Option(words.NOW_BUTTON, NOW, style="primary"))
        else:
            options.append(_moment_option(preview.soonest.isoformat(), {}, preview))
    for typed in PRESETS:
        read = await turn.ask(ReadMoment(typed))
        if read.at is not None and read.says is None:
            options.append(_moment_option(read.at.isoformat(), {}, preview))
    return list({option.label: option for option in options}.values())


def _moment_option(moment: str, values: Mapping[str, str], preview: Preview) -> Option:
    label = words.moment_button(datetime.fromisoformat(moment), preview.today)
    return Option(f"🗓 {label}", f"{moment}|{values.get(MONTHLY, '')}")


def _ways_to_fill(preview: Preview, draft: Draft) -> list[Row]:
    """Where what is missing is filled in, and the way to look again."""
    names = set(preview.missing)
    again = FormPress(form=KEY, number=draft.number, act=Act.ASK, step=WHEN)
    edit = ShowEdit(client_id=preview.row.client_id, origin=draft.values["origin"])
    ways: list[Row] = [
        [go(words.FILL_PIX_BUTTON, EDIT_PIX)],
        [go(words.FILL_BUSINESS_BUTTON, SETTINGS)],
        [button(words.FILL_CLIENT_BUTTON, edit)],
    ]
    of_client = names - words.PIX_VARIABLES - words.BUSINESS_VARIABLES
    lacks = (names & words.PIX_VARIABLES, names & words.BUSINESS_VARIABLES, of_client)
    rows = [way for way, lacking in zip(ways, lacks, strict=True) if lacking]
    return [*rows, [button(words.FILLED_BUTTON, again, style="primary")]]


async def read_when(turn: Turn, draft: Draft, said: str) -> dict[str, str]:
    """The values of the form once `said` was read: the moment, or what is to be asked next."""
    values = {name: value for name, value in draft.values.items() if name not in _PASSING}
    day, monthly = draft.values.get(DAY), draft.values.get(MONTHLY)
    try:
        read = await turn.ask(
            ReadMoment(
                said,
                date.fromisoformat(day) if day else None,
                int(monthly) if monthly else None,
            )
        )
    except InvalidInput as error:
        kept = {name: draft.values[name] for name in (DAY, MONTHLY) if name in draft.values}
        return {**values, **kept, SAYS: error.sentence}
    return {**values, **_understood(read)}


def _understood(read: MomentRead) -> dict[str, str]:
    """What a typed moment answers, or what is to be asked next."""
    monthly = str(read.monthly_day or "")
    if read.at is not None and read.says is None:
        return {WHEN: f"{read.at.isoformat()}|{monthly}"}
    if read.at is not None:
        return {SAYS: read.says or "", OFFERED: read.at.isoformat()}
    hours = " ".join(at.isoformat() for at in read.hours)
    return {DAY: read.day.isoformat(), OFFERED: hours, MONTHLY: monthly}


def text_value(kind: Kind, text: str, text_id: int | None = None) -> str:
    """A text as the form keeps it, with the kind and the own text that it was taken from."""
    return f"{kind}.{text_id or ''}|{text}"


def text_in(value: str) -> tuple[Kind, str, int | None]:
    """The kind a text was taken from, the text, and which own one that was."""
    taken, _, text = value.partition("|")
    kind, _, text_id = taken.partition(".")
    return Kind(kind), text, int(text_id) if text_id else None


def two_a_row(options: Sequence[Option]) -> list[Sequence[Option]]:
    """Options two in a row."""
    return [options[at : at + 2] for at in range(0, len(options), 2)]
