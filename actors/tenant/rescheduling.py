"""Carries out a change of the schedule: settings, jobs and today's messages, as one (E2, E9).

Nothing is doubled by it, in whatever order old time, now and new time stand (E6): what went stays
gone, what is still to go follows the new times, and what the change would skip is done now.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from actors.tenant.day import Outcome, first_plan, plan_and_review, queue_obstacle
from actors.tenant.left_out import bill, left_out
from domain import schedule
from domain.charter import Charter
from domain.dials import RESCHEDULES, Dials, Overdue, dials_of, differing, put_back
from domain.jobs import rescheduled
from domain.pacing import PacingRules
from domain.reminders import DAYS_LATE, Kind, due_dates_on
from domain.rulebook import Rulebook, rulebook
from domain.schedule_change import Difference, Plan, compare
from domain.schedule_rules import refusal
from domain.turns import fitting, step
from domain.undo import Act
from errors import CannotUndo
from storage import audit, outbox, schedule_settings, schedules, tenants, undos
from storage.database import TenantConnection
from storage.schedule_settings import Hours
from storage.undos import Offer, StoredUndo

MOST_SUBJECT = 120  # characters of an audit's subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescheduled:
    """What became of today: what differs, and of the `waiting` how many there is time for."""

    difference: Difference
    outcome: Outcome
    waiting: int
    fitting: int
    billed: tuple[int, ...] = ()
    offer: Offer | None = None

    def packed(self) -> dict[str, Any]:
        """As the undo of the change keeps it."""
        return {
            "changes": self.difference.packed(),
            "waiting": self.waiting,
            "fitting": self.fitting,
            "billed": list(self.billed),
        }


async def change(  # noqa: PLR0913 - the change and the moment, all named at the call
    tx: TenantConnection,
    charter: Charter,
    apply: Callable[[], Awaitable[object]],
    now: datetime,
    *,
    connected: bool | None = None,
    bills: bool = False,
) -> Rescheduled:
    """Apply a change of the rules and rebuild today by it; the caller holds the day.

    `bills`: whoever was left out is billed at once, if the owner wants that always (decision 2).
    """
    was_book = rulebook(charter, now)
    was = await _plan_of(tx, was_book, now)
    await apply()
    book = rulebook(await tenants.charter(tx), now)
    due = await schedules.of_tenant(tx)
    await schedules.set_next(tx, rescheduled(was_book.settings, book.settings, due, now))
    await _move_hours(tx, was_book, book, now, connected)
    outcome = await _plan_again(tx, book, now, connected)
    goes = await _plan_of(tx, book, now)
    billed = await _bill_left_out(tx, book, now) if bills else ()
    return _told(book, Rescheduled(
        difference=compare(was, goes, now), outcome=outcome,
        waiting=len(goes) + len(billed), fitting=0, billed=billed,
    ), min([*goes.values(), *([now] if billed else [])], default=now), now)  # fmt: skip


async def turn(
    tx: TenantConnection,
    charter: Charter,
    after: Dials,
    now: datetime,
    *,
    connected: bool | None = None,
) -> Rescheduled | None:
    """Turn the dials to `after`, and keep how that is taken back; None where they stand so."""
    was = differing(dials_of(charter.settings), after)
    if not was:
        return None
    packed = after.packed()
    done = await change(
        tx,
        charter,
        lambda: schedule_settings.save(tx, after),
        now,
        connected=connected,
        bills=bool(RESCHEDULES.intersection(was)),
    )
    facts = {"before": was, "after": {name: packed[name] for name in was}}
    return replace(done, offer=await keep(tx, done, facts, now))


def with_kind(dials: Dials, kind: Kind, *, on: bool) -> Dials:
    """`dials` with a kind that goes by itself, or not; what is no reminder stays as it is (E4)."""
    only, kinds = frozenset({kind}) & frozenset(DAYS_LATE), dials.automatic_kinds
    return replace(dials, automatic_kinds=kinds | only if on else kinds - only)


async def keep(
    tx: TenantConnection, done: Rescheduled, facts: Mapping[str, Any], now: datetime
) -> Offer:
    """Keep how a change is taken back, and what it did; `facts` are what it changed."""
    changed = ",".join(facts.get("after", ())) or "holidays"
    await audit.note(tx, "schedule", changed[:MOST_SUBJECT], now)
    payload = {**facts, **done.packed(), "at": now.timestamp()}
    return await undos.add(tx, Act.SCHEDULE, topic="", client_id=None, payload=payload, now=now)


async def take_back(tx: TenantConnection, stored: StoredUndo, now: datetime) -> str:
    """Put the earlier settings back and plan today by them; says what is as before.

    Raises:
        CannotUndo: the same was changed again since.
    """
    kept, charter = stored.payload, await tenants.charter(tx)
    current = dials_of(charter.settings)

    async def put() -> None:
        await schedule_settings.save(tx, earlier)
        if "added" in kept:
            await schedule_settings.drop_holiday(tx, kept["added"], now)
        if "dropped" in kept and not await schedule_settings.undrop_holiday(tx, kept["dropped"]):
            raise CannotUndo("Esse feriado já está na sua lista de novo.")

    earlier = put_back(current, kept.get("before", {}))
    if not stands(kept, current) or refusal(current, earlier) is not None:
        raise CannotUndo("Você mudou o Agendador de novo depois disso.")
    day = rulebook(charter, now).today(now)
    await schedule_settings.unask(tx, kept["billed"], day, now)
    await change(tx, charter, put, now)
    return "Desfeito: o Agendador está como antes."


def stands(kept: Mapping[str, Any], dials: Dials) -> bool:
    """Whether what a change set is still so."""
    current = dials.packed()
    return all(current[name] == value for name, value in kept.get("after", {}).items())


def _told(book: Rulebook, done: Rescheduled, begins: datetime, now: datetime) -> Rescheduled:
    """With how many there is time for, at the pace of this owner (F5)."""
    closes = book.sending_hours(book.today(now))[1]
    pace = PacingRules(
        min_gap_s=book.settings.gap_min_seconds, max_gap_s=book.settings.gap_max_seconds
    )
    room = fitting(max(begins, now), closes, step(pace))
    return replace(done, fitting=min(done.waiting, room))


async def _plan_of(tx: TenantConnection, book: Rulebook, now: datetime) -> Plan:
    """What is still to go today, planned already or not."""
    day = book.today(now)
    send_from, send_until = book.sending_hours(day)
    is_over = book.rules.access_ended or now >= send_until
    return await schedule_settings.goes_today(
        tx, day, {} if is_over else due_dates_on(day, book.rules), send_from=send_from, now=now
    )


async def _move_hours(
    tx: TenantConnection, was: Rulebook, book: Rulebook, now: datetime, connected: bool | None
) -> None:
    """Let the day's turn and what is bound to its window follow new hours (E5, E13)."""
    day = book.today(now)
    begins, closes = book.sending_hours(day)
    if begins > now and begins != was.sending_hours(day)[0]:
        await schedule_settings.take_turn_anew(tx, day)
    before, after = _window(was, day), _window(book, day)
    if before == after:
        return
    await schedule_settings.move_window(tx, day, before, after)
    if closes > now:
        await schedule_settings.wait_again(tx, day, before.closes, closes, now)
    else:
        held = await queue_obstacle(tx, book, now, connected=connected)
        await outbox.expire(tx, now, held)


def _window(book: Rulebook, day: date) -> Hours:
    return Hours(*book.rules.window.instants(day, book.zone))


async def _plan_again(
    tx: TenantConnection, book: Rulebook, now: datetime, connected: bool | None
) -> Outcome:
    """Plan today by the new times: once its hour has come, or where it was planned by the old."""
    day = book.today(now)
    first = schedule.instant(day, first_plan(book.settings), book.zone)
    if now < first and not await schedule_settings.is_planned(tx, day):
        return Outcome()
    outcome = await plan_and_review(tx, book, day, now)
    await outbox.hold(tx, await queue_obstacle(tx, book, now, connected=connected), now)
    return outcome


async def _bill_left_out(tx: TenantConnection, book: Rulebook, now: datetime) -> tuple[int, ...]:
    """Bill who was left out, where the owner wants that always and there is a day to do it in."""
    always = book.settings.overdue_on_reschedule == Overdue.ALWAYS
    if not always or book.rules.access_ended or now >= book.sending_hours(book.today(now))[1]:
        return ()
    ids = tuple(client.client_id for client in await left_out(tx, book, now))
    if ids:
        await bill(tx, book, ids, now)
    return ids
