"""What the database and the chat each say of the queue, the texts and the schedule."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from bot.screens.by_hand.buttons import ShowHand, ShowScheduled
from bot.screens.schedule.buttons import TurnKind
from bot.screens.today.buttons import PausePress, ShowMessage
from bot.ui.buttons import Go
from storage.database import Database
from tests.play.model_queue import AN_HOUR, Dials, Key, OwnHoliday
from tests.play.talk import Talk

MESSAGES = """SELECT id, client_id, kind, due_on, state IN ('waiting', 'queued') AND expires_at > $2
                         AS goes, farewell, state,
                        attempt = 0 AND postponed = 0 AND NOT on_request AS is_planned,
                        (not_before AT TIME ZONE 'America/Sao_Paulo')::time AS begins,
                        state IN ('cancelled', 'failed', 'expired') AS rests, reason
              FROM messages WHERE tenant_id = $1"""
SETTINGS = """SELECT sundays, holidays, window_closes, queue_paused, pix_alone, company,
                     automatic_kinds, send_at, overdue_on_reschedule
              FROM settings WHERE tenant_id = $1"""
TEXTS = "SELECT kind, body FROM templates WHERE tenant_id = $1 AND kind <> 'geral'"
SCHEDULED = "SELECT id, day, state FROM scheduled_messages WHERE tenant_id = $1"
OWN = "SELECT id, day, yearly FROM own_holidays WHERE tenant_id = $1 AND dropped_at IS NULL"
FAILURES = {"internal": "unknown", "attempts_exhausted": "retry"}
"""Why a message was given up, and how it goes on where the owner wants that (E8, F6)."""
PHONES = "SELECT id, phone FROM clients WHERE tenant_id = $1"
COMING = re.compile(r"🕒 (\d+) na fila")
HELD = re.compile(r"✍️ (\d+) esperando você")
LEFT_OUT = re.compile(r"⚠️ (\d+) clientes? fic")
COMPANY = re.compile(r"Minha empresa\n[^\n]*\n\n[^:]*: ([^\n]*)")
AUTOMATIC = ("lembrete_2_dias", "lembrete_1_dia", "vence_hoje", "cobranca")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """As it is stored; `pending` goes by itself, `rests` does not, and why; `to_go` counts all.

    `begin` is from when on goes what is as it was planned.
    """

    of_message: dict[int, Key]
    pending: set[Key]
    states: dict[int, str]
    begin: set[int]
    own: dict[int, OwnHoliday]
    rests: dict[Key, str | None]
    written: list[int]
    to_go: int
    settings: tuple[Dials, bool, bool, str | None]
    kinds: set[str]
    texts: dict[str, str | None]
    by_hand: dict[int, tuple[date, str]]
    phones: dict[int, str]

    @property
    def failed(self) -> set[Key]:
        """What was given up by a fault."""
        return {key for key, why in self.rests.items() if why in FAILURES}

    def waiting(self, today: date) -> set[int]:
        """What is scheduled for another day."""
        return {
            number
            for number, (day, state) in self.by_hand.items()
            if state == "waiting" and day > today
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """As the screens say it."""

    to_go: int
    rows: set[Key]
    paused: bool
    left_out: int
    kinds: set[str]
    company: str | None
    scheduled: set[int]


async def stored_day(database: Database, tenant: int, now: datetime) -> Day:
    """What stands in the database."""
    async with database.tenant(tenant) as tx:
        messages = await tx.fetch(MESSAGES, tenant, now)
        settings: Any = (await tx.fetch(SETTINGS, tenant))[0]
        bodies = {row["kind"]: row["body"] for row in await tx.fetch(TEXTS, tenant)}
        scheduled = await tx.fetch(SCHEDULED, tenant)
        phones = {row["id"]: row["phone"] for row in await tx.fetch(PHONES, tenant)}
        own = await tx.fetch(OWN, tenant)
    keys = {row["id"]: (row["client_id"], row["kind"], row["due_on"]) for row in messages}
    goes = {row["id"] for row in messages if row["goes"]}
    dials = Dials(
        settings["sundays"],
        settings["holidays"],
        settings["window_closes"].hour,
        minutes_of(settings["send_at"]),
        settings["overdue_on_reschedule"],
    )
    return Day(
        of_message=keys,
        pending={keys[number] for number in goes if keys[number][1] in AUTOMATIC},
        states={row["id"]: row["state"] for row in messages},
        begin={
            minutes_of(row["begins"])
            for row in messages
            if row["goes"] and row["is_planned"] and row["kind"] in AUTOMATIC
        },
        own={row["id"]: OwnHoliday(row["day"], row["yearly"]) for row in own},
        rests={
            keys[row["id"]]: row["reason"]
            for row in messages
            if row["kind"] in AUTOMATIC and row["rests"]
        },
        written=sorted(
            row["client_id"]
            for row in messages
            if row["goes"] and row["kind"] == "geral" and not row["farewell"]
        ),
        to_go=len(goes),
        settings=(dials, settings["queue_paused"], settings["pix_alone"], settings["company"]),
        kinds={*settings["automatic_kinds"]},
        texts={kind: bodies.get(kind) for kind in AUTOMATIC},
        by_hand={row["id"]: (row["day"], row["state"]) for row in scheduled},
        phones=phones,
    )


def minutes_of(at: time) -> int:
    """A time of day, since midnight."""
    return at.hour * AN_HOUR + at.minute


async def seen_day(talk: Talk, stored: Day) -> Seen:
    """What the queue and the Agendador show."""
    queue = await talk.say("/fila")
    schedule = await talk.say("/agendador")
    company = COMPANY.search((await talk.press(Go(to="company"))).text)
    page = await talk.press(Go(to="scheduled"))
    scheduled = {one.message_id for _, one in page.all(ShowHand)}
    while further := [one for label, one in page.all(ShowScheduled) if label == "›"]:
        page = await talk.press(further[0])
        scheduled |= {one.message_id for _, one in page.all(ShowHand)}
    return Seen(
        company=company and (None if company[1] == "em branco" else company[1]),
        scheduled=scheduled,
        to_go=sum(int(one) for found in (COMING, HELD) for one in found.findall(queue.text)),
        rows={stored.of_message[one.message_id] for _, one in queue.all(ShowMessage)},
        paused=any(not one.paused for _, one in queue.all(PausePress)),
        left_out=sum(map(int, LEFT_OUT.findall(queue.text))),
        kinds={one.kind.value for _, one in schedule.all(TurnKind) if not one.on},
    )
