"""The questions of the form of a new client, and how each answer is kept: as plain text (C1, C12).

A price is kept as "79.90", a phone as E.164, a due date as "2026-11-30", with the agreed day behind
it where a short month hides that: "2026-11-30 31" (C13).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from actors.messages.clients import GetPhoneOwners, GetPresets
from actors.messages.drafts import Draft
from bot.screens.clients import register_words as words
from bot.ui.form import SKIPPED, Option, Question, Step
from bot.ui.labels import cut_name
from bot.ui.measure import label_width
from bot.ui.ports import Turn
from domain.clients import parse_name, parse_notes, parse_plan, parse_server
from domain.contacts import format_phone, parse_phone
from domain.due_dates import PLAN_DAYS, count_days, short_date
from domain.first_due import EVERY_MONTH, first_due_dates
from domain.likely_dates import likely_dates, read_due_date
from domain.money import format_brl, parse_price
from domain.tags import OwnField, parse_value
from domain.text import fold
from domain.typed_dates import day_meant
from errors import InvalidInput

FIELDS = "fields"
"""The tenant's own fields as they were when the form began: id, name, secret."""
OWN = "own"
MOST_USED_PLANS = 3
MOST_OTHER_PLANS = 6
MOST_PRICES = 6
MOST_SERVERS = 6
_SKIPS = frozenset({"pular", "-", "nao", "nenhum", "nenhuma", "nada", "sem"})


def due_value(due_on: date, agreed_day: int | None) -> str:
    """A due date as the form keeps it."""
    return f"{due_on}" if agreed_day in {None, due_on.day} else f"{due_on} {agreed_day}"


def due_in(value: str) -> tuple[date, int]:
    """The due date and the agreed day that the form keeps."""
    day, _, agreed = value.partition(" ")
    due_on = date.fromisoformat(day)
    return due_on, int(agreed) if agreed else due_on.day


def fields_value(fields: Sequence[OwnField]) -> str:
    """The own fields as the form keeps them."""
    return json.dumps([[field.field_id, field.name, field.secret] for field in fields])


def fields_in(values: Mapping[str, str]) -> list[tuple[str, bool]]:
    """Name of each own field, and whether it is secret."""
    return [(name, secret) for _, name, secret in json.loads(values.get(FIELDS, "[]"))]


def own_in(values: Mapping[str, str]) -> dict[str, str]:
    """What was said of the own fields, by name."""
    return dict(json.loads(values[OWN])) if values.get(OWN) else {}


def count_of(values: Mapping[str, str]) -> int:
    """How many questions there are."""
    return sum(step.wanted(values) for step in STEPS)


def _place(draft: Draft, field: str) -> tuple[int, int]:
    wanted = [step.field for step in STEPS if step.wanted(draft.values)]
    return wanted.index(field) + 1, len(wanted)


def _keep(draft: Draft, field: str, shown: str) -> list[list[Option]]:
    """The button that leaves an answer as it is, where there is one."""
    value = draft.values.get(field)
    if not value:
        return []
    label = cut_name(words.keeps(shown), label_width(1))
    return [[Option(label, value, style="primary")]]


async def _ask_name(_turn: Turn, draft: Draft) -> Question:
    kept = _keep(draft, "name", draft.values.get("name", ""))
    return Question(words.question(words.NAME, *_place(draft, "name")), kept)


async def _ask_phone(_turn: Turn, draft: Draft) -> Question:
    kept = _keep(draft, "phone", format_phone(draft.values.get("phone", "")))
    return Question(words.question(words.PHONE, *_place(draft, "phone")), kept)


async def _ask_plan(turn: Turn, draft: Draft) -> Question:
    """The plans, the most used first; and who has this number already (C2)."""
    text = words.question(words.PLAN, *_place(draft, "plan"))
    owners = (
        await turn.ask(GetPhoneOwners(draft.values["phone"])) if "phone" in draft.values else ()
    )
    if owners:
        text = f"{words.shares_phone(owners, draft.today)}\n\n{text}"
    used = (await turn.ask(GetPresets())).plans[:MOST_USED_PLANS]
    kept = _keep(draft, "plan", draft.values.get("plan", ""))
    return Question(text, [*kept, *_plans(used, primary=not kept)])


def _plans(used: Sequence[str], *, primary: bool) -> list[list[Option]]:
    first = used[0] if used else _days(PLAN_DAYS[0])
    known = {fold(first), fold(EVERY_MONTH)}
    label = f"⭐ {first} · {words.MOST_USED}" if used else first
    style = "primary" if primary else None
    rows = [[Option(cut_name(label, label_width(1)), first, style=style)]]
    rest = [plan for plan in (*used[1:], *map(_days, PLAN_DAYS)) if fold(plan) not in known]
    shown = list(dict.fromkeys(rest))[:MOST_OTHER_PLANS]
    others = [Option(cut_name(plan, label_width(2)), plan) for plan in shown]
    rows += [list(row) for row in _pairs(others)]
    if fold(first) != fold(EVERY_MONTH):
        rows.append([Option(f"📆 {EVERY_MONTH}", EVERY_MONTH)])
    return rows


async def _ask_price(turn: Turn, draft: Draft) -> Question:
    prices = (await turn.ask(GetPresets())).prices[:MOST_PRICES]
    hint = None if prices else words.NO_PRESETS[words.PRICE]
    price = draft.values.get("price")
    kept = _keep(draft, "price", format_brl(Decimal(price)) if price else "")
    options = [Option(format_brl(one), str(one)) for one in prices]
    text = words.question(words.PRICE, *_place(draft, "price"), hint)
    return Question(text, [*kept, *_first_is_next(options, kept)])


async def _ask_server(turn: Turn, draft: Draft) -> Question:
    servers = (await turn.ask(GetPresets())).servers[:MOST_SERVERS]
    hint = None if servers else words.NO_PRESETS[words.SERVER]
    kept = _keep(draft, "server", draft.values.get("server", ""))
    options = [Option(cut_name(one, label_width(2)), one) for one in servers]
    text = words.question(words.SERVER, *_place(draft, "server"), hint)
    return Question(text, [*kept, *_first_is_next(options, kept)], words.SKIP_BUTTON)


async def _ask_due_on(turn: Turn, draft: Draft) -> Question:
    """The plan's own date first, then what may have been meant by a wrong one, or other likely."""
    text = words.question(words.DUE_ON, *_place(draft, "due_on"))
    value = draft.values.get("due_on")
    kept = _keep(draft, "due_on", short_date(due_in(value)[0]) if value else "")
    first, *others = first_due_dates(draft.values.get("plan"), draft.today)
    options = [_due_option(words.first_due(one, draft.today), one.due_on, one.agreed_day)
               for one in (first, *others)]  # fmt: skip
    meant = likely_dates(turn.said.answer or "", draft.today)
    if meant:
        options[1:] = [_due_option(short_date(day), day, None) for day in meant]
    style = None if kept else "primary"
    top = Option(options[0].label, options[0].value, style=style)
    rest = [options[1:]] if meant else [[option] for option in options[1:]]
    return Question(text, [*kept, [top], *rest])


def _due_option(label: str, due_on: date, agreed_day: int | None) -> Option:
    return Option(label, due_value(due_on, agreed_day))


async def _ask_own(_turn: Turn, draft: Draft) -> Question:
    names = [name for name, _ in fields_in(draft.values)]
    text = words.own_question(names, *_place(draft, OWN))
    kept = _keep(draft, OWN, ", ".join(own_in(draft.values)))
    return Question(text, kept, words.SKIP_BUTTON)


async def _ask_notes(_turn: Turn, draft: Draft) -> Question:
    kept = _keep(draft, "notes", draft.values.get("notes", ""))
    text = words.question(words.NOTES, *_place(draft, "notes"))
    return Question(text, kept, words.SKIP_BUTTON)


def _first_is_next(options: Sequence[Option], kept: Sequence[object]) -> list[list[Option]]:
    """The first as the next step, alone; the others in pairs."""
    if not options:
        return []
    first = Option(options[0].label, options[0].value, style=None if kept else "primary")
    return [[first], *(list(row) for row in _pairs(options[1:]))]


def _pairs(options: Sequence[Option]) -> list[Sequence[Option]]:
    return [options[at : at + 2] for at in range(0, len(options), 2)]


def _days(days: int) -> str:
    return count_days(days)


def _read_due_on(text: str, draft: Draft) -> str:
    due_on = read_due_date(text, draft.today)
    return due_value(due_on, day_meant(text, due_on))


def _read_own(text: str, draft: Draft) -> str:
    """One line for each field, in their order, or with the field's name before it."""
    if fold(text) in _SKIPS:
        return SKIPPED
    names = [name for name, _ in fields_in(draft.values)]
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > len(names):
        raise InvalidInput(words.too_many_lines(names))
    said: dict[str, str] = {}
    for line in lines:
        left = [name for name in names if name not in said]
        label, _, rest = line.partition(":")
        named = next((name for name in left if rest and fold(name) == fold(label)), None)
        value = parse_value(rest if named else line)
        if value is not None:
            said[named or left[0]] = value
    return json.dumps(said, ensure_ascii=False) if said else SKIPPED


def _skippable(read: Callable[[str], str | None]) -> Callable[[str, Draft], str]:
    return lambda text, _: SKIPPED if fold(text) in _SKIPS else read(text) or SKIPPED


STEPS = (
    Step("name", _ask_name, lambda text, _: parse_name(text)),
    Step("phone", _ask_phone, lambda text, _: parse_phone(text)),
    Step("plan", _ask_plan, lambda text, _: parse_plan(text)),
    Step("price", _ask_price, lambda text, _: str(parse_price(text))),
    Step("server", _ask_server, _skippable(parse_server)),
    Step("due_on", _ask_due_on, _read_due_on),
    Step(OWN, _ask_own, _read_own, wanted=lambda values: bool(fields_in(values))),
    Step("notes", _ask_notes, _skippable(parse_notes)),
)
