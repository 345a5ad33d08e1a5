"""What came of a day: looked at on the phones and in the outbox, and compared with the model."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import orjson

from actors.messages.clients import WhyNotToday
from domain import schedule
from playground.whatsapp import ShownMessage
from tests.month.days import Day, Month, Told
from tests.month.house import NUMBER
from tests.month.model import BILLING, KIND_ON, Person

HEARD = frozenset({"delivered", "read"})
OPENS, CLOSES = 8, 20
ROWS = """
    SELECT client_id, kind, due_on, state, reason, begun_at, to_jsonb(m)::text AS row
    FROM messages m WHERE tenant_id = $1
"""
SUMMARY = """
    SELECT payload, delivered_at FROM notices
    WHERE tenant_id = $1 AND kind = 'daily_summary' AND dedupe_key = $2
"""
ONE_DAY = timedelta(days=1)


@dataclass(slots=True)
class Figures:
    """What is counted over the month."""

    days: int = 0
    expected: int = 0
    heard_once: int = 0
    lost: int = 0
    doubled: int = 0
    wrong_reason: int = 0
    wrong_summary: int = 0
    notes: list[str] = field(default_factory=list)
    sent_yesterday: int = 0
    received_yesterday: str = "0"


async def judge(month: Month, told: Told, figures: Figures) -> None:
    """Add a day to the figures."""
    figures.days += 1
    rows = {
        (row["client_id"], row["kind"], row["due_on"]): row for row in await month.house.rows(ROWS)
    }
    inboxes = await month.house.phones.inboxes()
    heard = 0
    for number, kind, due in told.expected:
        person = month.shop.people[number]
        row = rows.get((month.ids[number], kind, due))
        mine = _of_row(row, inboxes.get(person.phone[1:], []))
        figures.expected += person.reachable and not told.off_line
        if person.reachable and not told.off_line:
            good = _went_well(row, mine, told.day)
            figures.heard_once += good
            heard += good
            figures.lost += not good
            if not good:
                figures.notes.append(f"{told.day:%d/%m} {person.name} {kind}: {_told(row)}")
        else:
            month.shop.made.discard((number, kind, due))
    figures.doubled += _extras(rows, inboxes)
    figures.sent_yesterday = heard + told.farewells
    figures.received_yesterday = f"{told.received}"
    await _judge_reasons(month, told, figures)


def _of_row(row: Any, shown: list[ShownMessage]) -> list[ShownMessage]:
    """What a phone shows of one message, in however many parts."""
    if row is None:
        return []
    values = set(map(str, orjson.loads(row["row"]).values()))
    return [one for one in shown if one.id in values]


def _went_well(row: Any, shown: list[ShownMessage], day: date) -> bool:
    """Whether it is on the phone, each part once, at an hour at which it may go (E5)."""
    if row is None or row["state"] not in HEARD or not shown:
        return False
    at = row["begun_at"].astimezone(schedule.DEFAULT_ZONE)
    known = orjson.loads(row["row"])
    parts = [known["whatsapp_id"], *([known["second_whatsapp_id"]] if known["second_body"] else [])]
    in_order = [one.id for one in shown] == parts
    return in_order and at.date() == day and OPENS <= at.hour < CLOSES


def _extras(rows: Any, inboxes: Any) -> int:
    """Messages on phones that no row accounts for, or the same words twice."""
    known = {str(value) for row in rows.values() for value in orjson.loads(row["row"]).values()}
    extras = 0
    for number, shown in inboxes.items():
        if number == NUMBER:
            continue
        for one in shown:
            extras += one.id not in known
        extras += len(shown) - len({one.id for one in shown})
    return extras


async def _judge_reasons(month: Month, told: Told, figures: Figures) -> None:
    """Everybody who got nothing gets the true reason (E8)."""
    heard = {number for number, _, _ in told.expected}
    for person in month.shop.people:
        if person.number in heard and person.reachable and not told.off_line:
            continue
        sentences = await month.house.ask(WhyNotToday(month.ids[person.number]))
        said = " ".join(sentences)
        wanted = _reason(person, month, told, heard=person.number in heard)
        if not any(part in said for part in wanted):
            figures.wrong_reason += 1
            figures.notes.append(f"{told.day:%d/%m} {person.name}: {said!r}, e não {wanted}")


def _reason(person: Person, month: Month, told: Told, *, heard: bool) -> tuple[str, ...]:
    """What may be said of who got nothing, in words that only a true sentence has."""
    late = (told.day - person.due).days
    kind = KIND_ON.get(late)
    if person.archived or person.out:
        return ("arquivado",) if person.archived else ("SAIR",)
    if heard:
        return ("não estava conectado",) if told.off_line else ("não tem WhatsApp",)
    if kind is None:
        return ("Atrasado há",) if late > 0 else ("ainda não é dia", "Renovou em", "Já renovou")
    true = {
        "deixou desligado": kind not in month.shop.kinds,
        "deste cliente estão desligad": not person.wants(kind),
        "domingos": kind == BILLING and Day(month, told.day).rests(),
        "feriado": kind == BILLING and Day(month, told.day).rests(),
        "já foi feita": (person.number, kind, person.due) in month.shop.made,
    }
    return tuple(words for words, is_so in true.items() if is_so)


async def check_summary(day: Day, figures: Figures) -> None:
    """The morning's numbers are those of the model (E11, G3)."""
    month, today = day.month, day.day
    [row] = await month.house.rows(SUMMARY, today.isoformat())
    found = orjson.loads(row["payload"])
    active = [one for one in month.shop.people if not one.archived]
    overdue = [one for one in active if one.due < today]
    left = list(month.shop.left_out(today))
    wanted = {
        "due_today": sum(one.due == today for one in active),
        "overdue": len(overdue),
        "overdue_value": sum(one.price for one in overdue),
        "sent_yesterday": figures.sent_yesterday,
        "received_yesterday": figures.received_yesterday,
        "to_send_today": len(list(month.shop.due_now(today, rests=day.rests()))),
        "unbilled": len(left),
    }
    said = {
        **{name: found[name] for name in wanted},
        "unbilled": sum(found["unbilled"].values()),
    }
    wrong = {
        name: (said[name], wanted[name])
        for name in wanted
        if float(said[name]) != float(str(wanted[name]))
    }
    if wrong:
        figures.wrong_summary += 1
        figures.notes.append(f"{today:%d/%m} resumo: {wrong}")


def _told(row: Any) -> str:
    return "não está na fila" if row is None else f"{row['state']} ({row['reason']})"
