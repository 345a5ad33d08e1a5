"""A tenant's charter: what it is, what it set, and what it wrote, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from zoneinfo import ZoneInfo

from domain.holidays import OwnHoliday
from domain.pix import PixKey
from domain.reminders import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """One business; `paid_until` is None before the first payment."""

    tenant_id: int
    name: str
    email: str | None
    phone: str | None
    created_at: datetime
    trial_ends_at: datetime
    paid_until: datetime | None
    blocked_at: datetime | None
    blocked_why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantSettings:
    """What the owner set, with the defaults of the first minute where nothing was.

    `reminders_chosen`: the owner has looked at what goes by itself, and wants it so (A10).
    `pix_alone`: the PIX code goes as a message of its own, after the text (D5).
    """

    company: str | None
    company_phone: str | None
    support: str | None
    pix_key: PixKey | None
    pix_beneficiary: str | None
    pix_city: str | None
    zone: ZoneInfo
    verify_at: time
    send_at: time
    clean_at: time
    summary_at: time
    summary_on: bool
    window_opens: time
    window_closes: time
    sundays: bool
    automatic_kinds: frozenset[Kind]
    overdue_on_reschedule: str
    queue_paused: bool
    gap_min_seconds: int
    gap_max_seconds: int
    reminders_chosen: bool = False
    pix_alone: bool = True
    holidays: bool = True
    optional_holidays: bool = False


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text the tenant wrote for a kind; switched off, it silences the kind (D1)."""

    body: str
    active: bool


@dataclass(frozen=True, slots=True)
class Charter:
    """A tenant, its settings and its own texts by kind, as they are at one moment.

    Whatever of it changes, `version` becomes a number that no charter had before. `own_variables`
    are those of its own fields, each with the field's id as text (C12).
    """

    version: int
    tenant: Tenant
    settings: TenantSettings
    own_texts: dict[Kind, OwnText]
    own_variables: Mapping[str, str] = field(default_factory=dict)
    own_holidays: tuple[OwnHoliday, ...] = ()
