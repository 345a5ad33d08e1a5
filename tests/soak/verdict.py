"""What a day came to: compared with what it had to be, client by client."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson

from playground.whatsapp import ShownMessage, Tally
from tests.soak.house import House
from tests.soak.people import LINE_ENDED, Cast, Client, Excuses

THROUGH = frozenset({"sent", "delivered", "read"})
UNSENT = frozenset({"failed", "expired", "cancelled"})
# An attempt that may have arrived is unconfirmed; one that cannot go on is given up at the fifth.
MOST_ATTEMPTS = 5
UNCONFIRMED = "unconfirmed"
AFTER_FIVE = frozenset({UNCONFIRMED, "attempts_exhausted", "not_connected", "refused"})
MOST_NAMED = 8
WINDOW_CLOSED = "window_closed"
# What may be said of a line that is no more; never that the hour was over.
OF_THE_LINE = frozenset({"needs_qr", "banned", "not_connected"})
Row = Mapping[str, Any]
ROWS = """
    SELECT m.tenant_id, c.phone, m.day, m.state, m.reason, m.attempt, to_jsonb(m)::text AS row
    FROM messages m JOIN clients c ON c.tenant_id = m.tenant_id AND c.id = m.client_id
    WHERE m.day <= $1
"""


@dataclass(slots=True)
class Figures:
    """What is counted over all days."""

    messages: int = 0
    heard_once: int = 0
    lost: int = 0
    doubled: int = 0
    strangers: int = 0
    odd_rows: int = 0
    wrong_reasons: int = 0
    notes: dict[tuple[int, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, chat: int, what: str, whom: str = "") -> None:
        """Keep what went wrong, for whoever mends it."""
        self.notes[chat, what].append(whom)

    def told(self) -> Iterator[str]:
        """What was kept, once: what went wrong alike in one line."""
        for (chat, what), whom in self.notes.items():
            yield f"negócio {chat}: {what}: {len(whom)} ({', '.join(whom[:MOST_NAMED])})"
        self.notes.clear()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What there is to see after the close of a day."""

    rows: Mapping[tuple[int, str], Row]
    inboxes: Mapping[str, Sequence[ShownMessage]]
    tally: Tally


async def gather(house: House, day: date) -> Evidence:
    """Look at the outbox, at the phones and at whom the businesses touched."""
    found = await house.postgres.ask(ROWS, day)
    rows = {(row["tenant_id"], row["phone"]): dict(row) for row in found}
    return Evidence(rows, await house.rig.whatsapp.inboxes(), await house.rig.whatsapp.tally())


def judge(cast: Cast, day: date, excuses: Excuses, evidence: Evidence, figures: Figures) -> None:
    """Add `day` to `figures`."""
    for business in cast.businesses:
        for client in cast.of(business.chat, day):
            figures.messages += 1
            shown = [
                one
                for form in client.forms
                for one in evidence.inboxes.get(form, ())
                if one.sender == business.owner
            ]
            row = evidence.rows.get((client.tenant_id, client.phone))
            _judge(client, shown, row, excuses, figures)
    figures.strangers = _strangers(cast, evidence)


def _judge(
    client: Client,
    shown: Sequence[ShownMessage],
    row: Row | None,
    excuses: Excuses,
    figures: Figures,
) -> None:
    doubled = _is_doubled(shown, row)
    figures.doubled += doubled
    figures.heard_once += bool(shown) and not doubled
    complaints = ["ouviu mais de uma vez"] if doubled else []
    if row is None:
        figures.lost += 1
        complaints.append("não está na fila")
    else:
        state = row["state"]
        told = f"{state} ({row['reason']}, tentativa {row['attempt']})"
        if state not in THROUGH | UNSENT:
            figures.odd_rows += 1
            complaints.append(f"depois do fim do dia está {told}")
        if not shown and state not in UNSENT:
            figures.lost += 1
            complaints.append(f"não ouviu, e a fila diz {told}")
        if state in UNSENT and not _is_true(client, row, excuses, heard=bool(shown)):
            figures.wrong_reasons += 1
            complaints.append(f"{'' if shown else 'não '}ouviu, e não pode ser {told}")
    for complaint in complaints:
        figures.note(client.tenant_id, complaint, str(client.number))


def _is_doubled(shown: Sequence[ShownMessage], row: Row | None) -> bool:
    """Two with the same words, or one that is not of this bill's row."""
    texts = {one.text for one in shown}
    values = set(map(str, orjson.loads(row["row"]).values())) if row is not None else set()
    return len(texts) < len(shown) or any(one.id not in values for one in shown)


def _is_true(client: Client, row: Row, excuses: Excuses, *, heard: bool) -> bool:
    """Whether what was done to this client, or to its business, explains the reason."""
    reason, attempt = row["reason"] or "", row["attempt"]
    if heard:
        return reason == UNCONFIRMED
    known = excuses.of(client)
    if LINE_ENDED in known and (reason in OF_THE_LINE or attempt > 0):
        return reason != WINDOW_CLOSED
    return reason in known or (attempt >= MOST_ATTEMPTS and reason in AFTER_FIVE)


def _strangers(cast: Cast, evidence: Evidence) -> int:
    """How many numbers were touched that are nobody's client of that owner, over all days."""
    known = {one.owner: cast.numbers_of(one.chat) | {one.owner} for one in cast.businesses}
    tally = evidence.tally
    touched = {(one.by, one.number) for one in (*tally.look_ups, *tally.messages)}
    return sum(number not in known[by] for by, number in touched)
