"""Messages that a person writes: when they may go, and what becomes of them (E12).

Pure. The sending hours are for what is sent; a person who answers a client in a conversation does
so at any hour (F5), for a day after the client wrote.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain import schedule
from domain.clients import Client
from domain.due_dates import short_date
from domain.reasons import Reason, explain
from domain.schedule import SendingWindow
from domain.text import whole
from domain.typed_moments import MOST_AHEAD, next_monthly
from errors import InvalidInput

ONE_DAY = timedelta(days=1)
# A client who wrote so long ago is in a conversation no more.
CONVERSATION = timedelta(days=1)
# An answer that did not go meanwhile answers nothing any more.
ANSWER_LASTS = timedelta(hours=2)
# What did not go is offered again for so long.
OFFERED_AGAIN = timedelta(days=30)
# Variables that say something else on another day.
BY_DAY = frozenset({"dias_para_vencer", "dias_de_atraso", "status", "data_atual"})
# And at another hour.
BY_HOUR = frozenset({"saudacao", "hora_atual"})


class ScheduledState(StrEnum):
    """Where a scheduled message is; the value is what the table holds.

    `made`: it is in the outbox, on its day. `missed` and `cancelled` have a reason.
    """

    WAITING = "waiting"
    MADE = "made"
    MISSED = "missed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Going:
    """From when until when a message may go, UTC."""

    not_before: datetime
    expires_at: datetime


def refusal(client: Client) -> Reason | None:
    """Why nothing may be written to `client` at all; the two switches are no reason (E12)."""
    if client.archived:
        return Reason.ARCHIVED
    return Reason.OPTED_OUT if client.opted_out else None


def warnings(client: Client) -> tuple[str, ...]:
    """What the owner should know before writing: nothing of it keeps the message back (C10)."""
    found = []
    if client.receives_billing is not True:
        found.append(explain(Reason.BILLING_OFF))
    if client.receives_notices is not True:
        found.append(explain(Reason.NOTICES_OFF))
    return tuple(found)


def by_day(variables: Iterable[str], *, today: bool) -> tuple[str, ...]:
    """The variables among these that will say something else when the message goes.

    On the same day only those of the hour do.
    """
    moving = BY_HOUR if today else BY_DAY | BY_HOUR
    return tuple(name for name in variables if name in moving)


def soonest(window: SendingWindow, zone: ZoneInfo, now: datetime) -> datetime:
    """The next instant, UTC, at which a message may go: `now` inside the sending hours."""
    local = schedule.local(now, zone)
    opens, closes = window.instants(local.date(), zone)
    if now < opens:
        return opens
    return now if now < closes else window.instants(local.date() + ONE_DAY, zone)[0]


def at_once(
    window: SendingWindow, zone: ZoneInfo, now: datetime, *, answers: datetime | None = None
) -> Going:
    """When a message that is written now goes; raises InvalidInput outside the sending hours.

    `answers` is the instant of the client's own message that it answers.
    """
    opens, closes = window.instants(schedule.local(now, zone).date(), zone)
    if opens <= now < closes:
        return Going(now, max(closes, now + ANSWER_LASTS) if _talks(answers, now) else closes)
    if _talks(answers, now):
        return Going(now, now + ANSWER_LASTS)
    raise InvalidInput(
        f"Agora está fora do horário de envio ({hours(window)}). "
        f"Posso mandar {moment_words(schedule.local(soonest(window, zone, now), zone), now, zone)}."
    )


def check_moment(
    at: datetime, window: SendingWindow, zone: ZoneInfo, now: datetime
) -> tuple[datetime, str | None]:
    """`at`, or the nearest moment that works and a sentence with why it is another; UTC.

    Raises:
        InvalidInput: it is more than a year away.
    """
    if at > now + MOST_AHEAD:
        raise InvalidInput("Isso é longe demais: marco mensagens para até um ano.")
    local = schedule.local(at, zone)
    if at <= now:
        day = schedule.local(now, zone).date()
        same_hour = schedule.instant(day, local.time(), zone)
        nearest = same_hour if same_hour > now else _next_day(day, local.time(), zone)
        nearest = _inside(nearest, window, zone)
        passed = f"{_day_words(local.date(), day)} às {local:%H:%M} já passou."
        return nearest, passed[0].upper() + passed[1:]
    nearest = _inside(at, window, zone)
    if nearest == at:
        return at, None
    return nearest, f"Às {local:%H:%M} eu não envio: o seu horário de envio é {hours(window)}."


def going(at: datetime, window: SendingWindow, zone: ZoneInfo, now: datetime) -> Going | None:
    """When a scheduled message goes whose day has come; None when its hours are over.

    Missed while nobody was there, it still goes inside the same day's hours (E10).
    """
    opens, closes = window.instants(schedule.local(at, zone).date(), zone)
    starts = max(at, opens)
    return None if starts >= closes or now >= closes else Going(starts, closes)


def following(at: datetime, monthly_day: int, zone: ZoneInfo) -> datetime:
    """The same hour on the agreed day of the next month, UTC (C13)."""
    local = schedule.local(at, zone)
    return schedule.instant(next_monthly(local.date(), monthly_day), local.time(), zone)


def check_text(text: str) -> str:
    """What a person wrote, without what can neither be stored nor sent, and nothing around it."""
    return whole(text).strip()


def hours(window: SendingWindow) -> str:
    """The sending hours, for reading."""
    return f"das {window.opens:%H:%M} às {window.closes:%H:%M}"


def moment_words(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A local moment in words: "hoje às 18:00", "amanhã às 09:00", "em 05/12 às 10:00"."""
    day = _day_words(at.date(), schedule.local(now, zone).date())
    return f"{day} às {at:%H:%M}"


def _day_words(day: date, today: date) -> str:
    near = {0: "hoje", 1: "amanhã", -1: "ontem"}.get((day - today).days)
    dated = f"{day:%d/%m}" if day.year == today.year else short_date(day)
    return near or f"em {dated}"


def _talks(answers: datetime | None, now: datetime) -> bool:
    """Whether the client wrote not long ago; a clock that was ahead does not end the talk (E14)."""
    return answers is not None and now - answers < CONVERSATION


def _next_day(day: date, at: time, zone: ZoneInfo) -> datetime:
    return schedule.instant(day + ONE_DAY, at, zone)


def _inside(at: datetime, window: SendingWindow, zone: ZoneInfo) -> datetime:
    """`at`, or the next beginning of the sending hours."""
    day = schedule.local(at, zone).date()
    opens, closes = window.instants(day, zone)
    if at < opens:
        return opens
    return at if at < closes else window.instants(day + ONE_DAY, zone)[0]
