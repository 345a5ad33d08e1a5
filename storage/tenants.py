"""The tenant itself, what it set, its own texts, and what its owner must still be told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from domain.charter import Charter, OwnText, Tenant, TenantSettings
from domain.company import CompanyField
from domain.holidays import OwnHoliday
from domain.pix import PixKey, PixKeyKind, parse_beneficiary, parse_city
from domain.reminders import Kind
from domain.schedule import DEFAULT_ZONE, zone_named
from errors import NotSignedUp
from storage.database import TenantConnection
from storage.sql import load

SQL = load("tenants")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyDetails:
    """What messages say about the business; None leaves what stands there.

    `pix_key` is the value of a parsed `PixKey`; its kind is told where it is written.
    """

    company: str | None = None
    company_phone: str | None = None
    support: str | None = None
    pix_key: str | None = None
    pix_beneficiary: str | None = None
    pix_city: str | None = None


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """Something the owner has not been told yet; `payload` is what `put_notice` was given.

    `zone` is the owner's own, for the times it holds (E1).
    """

    id: int
    kind: str
    payload: dict[str, Any]
    zone: ZoneInfo = DEFAULT_ZONE


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningNumbers:
    """What the daily summary counts (E11)."""

    due_today: int
    overdue: int
    overdue_value: Decimal
    sent_yesterday: int
    received_yesterday: Decimal
    to_send_today: int
    problems: dict[str, int]


async def create(  # noqa: PLR0913 - what an account begins with
    tx: TenantConnection,
    *,
    name: str,
    now: datetime,
    trial_ends_at: datetime,
    email: str | None = None,
    phone: str | None = None,
) -> bool:
    """Make the tenant of `tx` with default settings; False when it exists already (A1)."""
    made = await tx.fetchval(
        SQL["create"], name=name, email=email, phone=phone, now=now, trial_ends_at=trial_ends_at
    )
    await tx.execute(SQL["create_settings"])
    return made is not None


async def set_owner(
    tx: TenantConnection,
    *,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
) -> None:
    """Change what the owner told of itself (A9); None leaves what stands there."""
    await tx.execute(SQL["set_owner"], name=name, email=email, phone=phone)


async def zone(tx: TenantConnection) -> ZoneInfo | None:
    """The tenant's own time zone; None before it signed up."""
    name = await tx.fetchval(SQL["zone"])
    return None if name is None else zone_named(name)


async def find(tx: TenantConnection) -> Tenant | None:
    """The tenant of `tx`, None before it signed up."""
    row = await tx.fetchrow(SQL["find"])
    return None if row is None else _tenant(row)


async def settings(tx: TenantConnection) -> TenantSettings:
    """What the tenant of `tx` set; raises NotSignedUp."""
    row = await tx.fetchrow(SQL["settings"])
    if row is None:
        raise NotSignedUp(f"tenant {tx.tenant_id}")
    return _settings(row)


async def set_company(tx: TenantConnection, details: CompanyDetails) -> None:
    """Set what messages say about the business.

    Raises:
        InvalidInput: no PIX code can carry the receiver's name, or the city.
    """
    await tx.execute(
        SQL["set_company"],
        company=details.company,
        company_phone=details.company_phone,
        support=details.support,
        pix_key=details.pix_key,
        pix_beneficiary=_checked(parse_beneficiary, details.pix_beneficiary),
        pix_city=_checked(parse_city, details.pix_city),
    )


async def set_business(tx: TenantConnection, field: CompanyField, value: str | None) -> None:
    """Set one field of what messages say about the business; None takes it out."""
    await tx.execute(SQL["set_business"], field=field.value, value=value)


async def set_automatic_kinds(tx: TenantConnection, kinds: frozenset[Kind]) -> None:
    """Choose which kinds go out by themselves (E4)."""
    await tx.execute(SQL["set_automatic_kinds"], kinds=sorted(kind.value for kind in kinds))


async def choose_reminders(tx: TenantConnection) -> None:
    """Note that the owner has chosen which kinds go out by themselves (A10)."""
    await tx.execute(SQL["choose_reminders"])


async def set_paused(tx: TenantConnection, *, paused: bool) -> None:
    """Pause the whole queue, or let it go on (E7)."""
    await tx.execute(SQL["set_paused"], paused=paused)


async def set_pix_alone(tx: TenantConnection, *, alone: bool) -> None:
    """Let the PIX code go as a message of its own, or inside its text (D5)."""
    await tx.execute(SQL["set_pix_alone"], alone=alone)


async def charter(tx: TenantConnection) -> Charter:
    """All that decides what the tenant of `tx` sends; raises NotSignedUp."""
    row = await tx.fetchrow(SQL["charter"])
    if row is None:
        raise NotSignedUp(f"tenant {tx.tenant_id}")
    texts = {Kind(kind): OwnText(body, active) for kind, body, active in row["own_texts"] or ()}
    own = row["own_variables"] or {}
    holidays = tuple(
        OwnHoliday(date.fromisoformat(day), name, yearly)
        for day, name, yearly in row["own_holidays"] or ()
    )
    return Charter(row["rules_version"], _tenant(row), _settings(row), texts, own, holidays)


async def put_notice(
    tx: TenantConnection, *, kind: str, key: str, payload: dict[str, Any], now: datetime
) -> None:
    """Keep what the owner must be told; the same `kind` and `key` is kept once, ever."""
    await tx.execute(SQL["put_notice"], kind=kind, key=key, payload=payload, now=now)


async def claim_notices(tx: TenantConnection, replica: UUID) -> list[StoredNotice]:
    """What the owner has not been told yet and `replica` is to tell, the oldest first.

    Nothing that another live process has claimed, and nothing while a newer one lives.
    """
    rows = await tx.fetch(SQL["claim_notices"], replica=replica)
    return [
        StoredNotice(row["id"], row["kind"], row["payload"], zone_named(row["time_zone"]))
        for row in rows
    ]


async def is_anything_untold(tx: TenantConnection) -> bool:
    """Whether there is a notice that Telegram has not taken, whoever is to tell it."""
    return cast("bool", await tx.fetchval(SQL["any_untold"]))


async def notice_delivered(tx: TenantConnection, notice_id: int, now: datetime) -> None:
    """Telegram took it."""
    await tx.execute(SQL["notice_delivered"], notice_id=notice_id, now=now)


async def morning_numbers(tx: TenantConnection, today: date, yesterday: date) -> MorningNumbers:
    """The numbers of the daily summary of `today` (E11), zero-safe (G2)."""
    row = await tx.fetchrow(SQL["summary"], today=today, yesterday=yesterday)
    assert row is not None  # noqa: S101 - a select of scalars always has its one row
    problems = await tx.fetch(SQL["problems"], day=yesterday)
    return MorningNumbers(
        due_today=row["due_today"],
        overdue=row["overdue"],
        overdue_value=row["overdue_value"],
        sent_yesterday=row["sent_yesterday"],
        received_yesterday=row["received_yesterday"],
        to_send_today=row["to_send_today"],
        problems={problem["reason"]: problem["count"] for problem in problems},
    )


def _tenant(row: asyncpg.Record) -> Tenant:
    return Tenant(**{name: row[name] for name in Tenant.__dataclass_fields__})


def _settings(row: asyncpg.Record) -> TenantSettings:
    plain = {
        name: row[name]
        for name in TenantSettings.__dataclass_fields__
        if name not in {"zone", "automatic_kinds", "pix_key", "reminders_chosen"}
    }
    kind = row["pix_key_kind"]
    return TenantSettings(
        pix_key=PixKey(PixKeyKind(kind), row["pix_key"]) if kind else None,
        zone=zone_named(row["time_zone"]),
        automatic_kinds=frozenset(Kind(kind) for kind in row["automatic_kinds"]),
        reminders_chosen=row["extra"].get("reminders_chosen") is True,
        **plain,
    )


def _checked(parse: Callable[[str], str], value: str | None) -> str | None:
    return None if value is None else parse(value)
