"""What the model, the database and the chat each say of a shop, in one form to be compared."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.screens.clients.buttons import ShowCard, ShowList
from bot.screens.clients.money_buttons import ShowMonthPayments, ShowPayment
from storage.database import Database
from tests.play.model import ROWS, Shop
from tests.play.talk import Talk

MONEY = re.compile(r"R\$ ([\d.]+,\d\d)")
COUNT = re.compile(r"([🔴🟡🟢]) (\d+)")
PAGE = re.compile(r"(\d+)/(\d+)")
CLIENTS = """SELECT id, name, due_on, coalesce(agreed_day, extract(day FROM due_on)::int), price,
                    receives_billing, receives_notices, archived_at IS NOT NULL
             FROM clients WHERE tenant_id = $1 ORDER BY id"""
PAYMENTS = """SELECT client_id, amount, paid_on, due_on_before, due_on_after, voided_at IS NOT NULL
              FROM client_payments WHERE tenant_id = $1 ORDER BY id"""


@dataclass(frozen=True, slots=True)
class Books:
    """All rows as they are stored, and the list and the month's ledger as they are shown."""

    stored: tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]
    seen: dict[str, Any]

    @classmethod
    def of(cls, shop: Shop, today: date) -> "Books":
        """What the model says."""
        clients = [
            (c.number, c.name, c.due, c.agreed, c.price, c.billing, c.notices, c.archived)
            for _, c in sorted(shop.clients.items())
        ]
        payments = [
            (p.client, p.amount, p.paid_on, p.before, p.after, p.voided) for p in shop.payments
        ]
        return cls((clients, payments), _seen(shop, today))


def _seen(shop: Shop, today: date) -> dict[str, Any]:
    listed = shop.listed()
    if not listed:
        return {"rows": []}
    ledger = shop.ledger(today)
    return {
        "rows": [shop.label(client, today) for client in listed[:ROWS]],
        "more": [shop.label(client, today) for client in listed[ROWS:]],
        "counts": shop.counts(today),
        "money": shop.money(today),
        "received": sum((one.amount for one in ledger), Decimal(0)),
        "lines": [one.amount for one in ledger[:ROWS]],
    }


async def stored_books(
    database: Database, tenant: int
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """What stands in the database."""
    async with database.tenant(tenant) as tx:
        clients = [tuple(row) for row in await tx.fetch(CLIENTS, tenant)]
        return clients, [tuple(row) for row in await tx.fetch(PAYMENTS, tenant)]


async def seen_books(talk: Talk) -> dict[str, Any]:
    """What the chat shows: the list, its second page, and the ledger behind its figure."""
    first = await talk.say("/clientes")
    rows = [label for label, _ in first.all(ShowCard)]
    if not rows:
        return {"rows": []}
    found: dict[str, Any] = {"rows": rows, "more": []}
    filters = " ".join(label for label, _ in first.all(ShowList))
    found["counts"] = {sign: int(number) for sign, number in COUNT.findall(filters)}
    found["money"] = amounts(first.text)
    pages = [one for label, one in first.all(ShowList) if label == "›"]
    if pages:
        second = await talk.press(pages[0])
        found["more"] = [label for label, _ in second.all(ShowCard)]
    ledger = await talk.press(first.first(ShowMonthPayments))
    found["received"] = (amounts(ledger.text) or [Decimal(0)])[0]
    found["lines"] = [amounts(label)[0] for label, _ in ledger.all(ShowPayment)]
    return found


def amounts(text: str) -> list[Decimal]:
    """The amounts in a text, in reading order."""
    return [Decimal(one.replace(".", "").replace(",", ".")) for one in MONEY.findall(text)]


def today_in(now: datetime, zone: str = "America/Sao_Paulo") -> date:
    """The local date."""
    return now.astimezone(ZoneInfo(zone)).date()
