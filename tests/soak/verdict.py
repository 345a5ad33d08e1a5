"""What a day came to: compared with what it had to be, client by client."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson

from playground.whatsapp import ShownMessage, Tally
from tests.soak.house import House
from tests.soak.one_business import LINE_ENDED
from tests.soak.people import Client

THROUGH = frozenset({"sent", "delivered", "read"})
UNSENT = frozenset({"failed", "expired", "cancelled"})
# An attempt that may have arrived is unconfirmed; one that cannot go on is given up at the fifth.
MOST_ATTEMPTS = 5
ALWAYS_AFTER_FIVE = frozenset({"unconfirmed", "attempts_exhausted", "not_connected", "refused"})
NOT_ON_WHATSAPP = "not_on_whatsapp"
WINDOW_CLOSED = "window_closed"
# However a reason names a line that is no more, it is not that the hour was over.
LINE_REASON = re.compile(r"connect|line|unlink|logged|ban|locked|replaced|qr|old")
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
    notes: list[str] = field(default_factory=list)

    def note(self, client: Client, what: str) -> None:
        """Say what went wrong with whom, for whoever mends it."""
        self.notes.append(
            f"{client.day:%d/%m} negócio {client.tenant_id} cliente {client.number}: {what}"
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """What there is to see after the close of a day."""

    rows: Mapping[tuple[int, str], Mapping[str, Any]]
    inboxes: Mapping[str, Sequence[ShownMessage]]
    tally: Tally


async def gather(house: House, day: date) -> Evidence:
    """Look at the outbox, at the phones and at whom the businesses touched."""
    found = await house.postgres.ask(ROWS, day)
    rows = {(row["tenant_id"], row["phone"]): dict(row) for row in found}
    return Evidence(rows, await house.rig.whatsapp.inboxes(), await house.rig.whatsapp.tally())


def judge(house: House, evidence: Evidence, figures: Figures) -> None:
    """Add today to `figures`."""
    for business in house.cast.businesses:
        for client in house.cast.of(business.chat, house.day):
            _judge_client(house, client, business.owner, evidence, figures)
    figures.odd_rows += _odd(house, evidence, figures)
    figures.strangers = _strangers(house, evidence)


def _judge_client(
    house: House, client: Client, owner: str, evidence: Evidence, figures: Figures
) -> None:
    row = evidence.rows.get((client.tenant_id, client.phone))
    shown = [
        one
        for form in client.forms
        for one in evidence.inboxes.get(form, ())
        if one.sender == owner
    ]
    figures.messages += 1
    if _is_doubled(shown, row):
        figures.doubled += 1
        figures.note(client, f"ouviu {len(shown)} vezes")
    if row is None:
        figures.lost += 1
        figures.note(client, "não está em lugar nenhum")
    elif shown:
        figures.heard_once += not _is_doubled(shown, row)
        if row["state"] in UNSENT and row["reason"] != "unconfirmed":
            figures.wrong_reasons += 1
            figures.note(client, f"ouviu, e a fila diz {_told(row)}")
    elif row["state"] not in UNSENT:
        figures.lost += 1
        figures.note(client, f"não ouviu, e a fila diz {_told(row)}")
    elif not _is_true(house, client, row):
        figures.wrong_reasons += 1
        figures.note(client, f"não ouviu, e o motivo não pode ser {_told(row)}")


def _is_doubled(shown: Sequence[ShownMessage], row: Mapping[str, Any] | None) -> bool:
    """Two with the same words, or one that is not of this bill's row."""
    texts = {one.text for one in shown}
    values = set(orjson.loads(row["row"]).values()) if row is not None else set()
    return len(texts) < len(shown) or any(one.id not in values for one in shown)


def _is_true(house: House, client: Client, row: Mapping[str, Any]) -> bool:
    """Whether what was done to this client, or to its business, explains the reason."""
    reason = row["reason"] or ""
    excuses = house.excuses.get(client, set()) | house.business_excuses.get(client.tenant_id, set())
    if client.account is None:
        excuses = excuses | {NOT_ON_WHATSAPP}
    if row["attempt"] >= MOST_ATTEMPTS and reason in ALWAYS_AFTER_FIVE:
        return True
    if LINE_ENDED in excuses and (LINE_REASON.search(reason) or row["attempt"] > 0):
        return reason != WINDOW_CLOSED
    return reason in excuses


def _odd(house: House, evidence: Evidence, figures: Figures) -> int:
    odd = [
        (key, row)
        for key, row in evidence.rows.items()
        if row["state"] not in THROUGH | UNSENT and row["day"] == house.day
    ]
    for (tenant_id, phone), row in odd:
        figures.notes.append(
            f"negócio {tenant_id} …{phone[-4:]}: {_told(row)} depois do fim do dia"
        )
    return len(odd)


def _strangers(house: House, evidence: Evidence) -> int:
    """How many numbers were touched that are nobody's client of that owner, over all days."""
    chats = {one.owner: one.chat for one in house.cast.businesses}
    known = {chat: house.cast.numbers_of(chat) for chat in chats.values()}
    touched = {(one.by, one.number) for one in (*evidence.tally.look_ups, *evidence.tally.messages)}
    own = {(owner, owner) for owner in chats}
    return sum(number not in known[chats[by]] for by, number in touched - own)


def _told(row: Mapping[str, Any]) -> str:
    return f"{row['state']} ({row['reason']}, tentativa {row['attempt']})"
