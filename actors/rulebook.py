"""A tenant's own rules and words at one moment, made from its charter inside the transaction.

A charter may be kept as long as its version stands; a rulebook may not, since what it allows
depends on the hour. So a switch or a PIX key changed a second ago already counts (C5).
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain import schedule
from domain.clients import Client
from domain.default_templates import DEFAULT_TEMPLATES
from domain.pix import DEFAULT_CITY, PixReceiver, parse_pix_key
from domain.reminders import DAYS_LATE, Decision, Kind, TenantRules, recheck
from domain.schedule import SendingWindow
from domain.subscription import Area, Subscription, may_use
from domain.template_values import Business, values_for
from domain.templates import Template, parse, render
from storage import tenants
from storage.database import TenantConnection
from storage.outbox import OutboxMessage
from storage.tenants import Charter, Tenant, TenantSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """What decides whether a message goes, and what it says."""

    settings: TenantSettings
    rules: TenantRules
    templates: dict[Kind, Template]
    business: Business
    pix: PixReceiver | None

    @property
    def zone(self) -> ZoneInfo:
        """The tenant's time zone (E1)."""
        return self.settings.zone

    def today(self, now: datetime) -> date:
        """The tenant's own day."""
        return schedule.local(now, self.zone).date()

    def sending_hours(self, day: date) -> tuple[datetime, datetime]:
        """From when until when the messages of `day` may go, UTC (E2, E5)."""
        opens, closes = self.rules.window.instants(day, self.zone)
        return max(opens, schedule.instant(day, self.settings.send_at, self.zone)), closes

    def judge(self, message: OutboxMessage, client: Client, now: datetime) -> Decision:
        """Whether `message` may still go at `now` (E2's second check)."""
        local_now = schedule.local(now, self.zone)
        return recheck(message.kind, message.about_due_on, client, self.rules, local_now)

    def write(self, message: OutboxMessage, client: Client, now: datetime) -> str:
        """The text of `message`; one that was tried before keeps its words.

        Raises:
            MissingValue: a variable of the text has no value (D4).
        """
        if message.body is not None:
            return message.body
        local_now = schedule.local(now, self.zone)
        values = values_for(client, self.business, local_now.date(), local_now, self.pix)
        return render(self.templates[message.kind], values)


async def load(tx: TenantConnection, now: datetime) -> Rulebook:
    """Read the rulebook of the tenant of `tx`; raises NotSignedUp."""
    return rulebook(await tenants.charter(tx), now)


def rulebook(charter: Charter, now: datetime) -> Rulebook:
    """What `charter` says at `now`."""
    settings, texts = charter.settings, charter.own_texts
    return Rulebook(
        settings=settings,
        rules=TenantRules(
            kinds=settings.automatic_kinds,
            without_text=frozenset(
                kind for kind, text in texts.items() if not text.active and kind in DAYS_LATE
            ),
            window=SendingWindow(settings.window_opens, settings.window_closes),
            sundays=settings.sundays,
            paused=settings.queue_paused,
            access_ended=not may_use(Area.EVERYTHING_ELSE, subscription_of(charter.tenant), now),
        ),
        templates={
            **DEFAULT_TEMPLATES,
            **{kind: parse(text.body) for kind, text in texts.items() if text.active},
        },
        business=Business(
            name=settings.company, phone=settings.company_phone, support=settings.support
        ),
        pix=_receiver(settings),
    )


def subscription_of(tenant: Tenant) -> Subscription:
    """The tenant's dates as the rules see them."""
    return Subscription(
        trial_ends_at=tenant.trial_ends_at,
        paid_until=tenant.paid_until,
        blocked=tenant.blocked_at is not None,
    )


def _receiver(settings: TenantSettings) -> PixReceiver | None:
    if settings.pix_key is None or settings.pix_beneficiary is None:
        return None
    return PixReceiver(
        key=parse_pix_key(settings.pix_key),
        name=settings.pix_beneficiary,
        city=settings.pix_city or DEFAULT_CITY,
    )
