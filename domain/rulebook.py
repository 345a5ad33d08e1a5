"""A tenant's own rules and words at one moment, made from its charter.

A charter may be kept as long as its version stands; a rulebook may not, since what it allows
depends on the hour. So a switch or a PIX key changed a second ago already counts (C5).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain import schedule
from domain.charter import Charter, Tenant, TenantSettings
from domain.clients import Client
from domain.default_templates import DEFAULT_TEMPLATES
from domain.holidays import Calendar
from domain.outbox import MessageState, OutboxMessage, Verdict
from domain.parts import as_sent, may_begin
from domain.pix import PixReceiver, stored_receiver
from domain.reasons import Reason
from domain.reminders import DAYS_LATE, Decision, Kind, TenantRules, recheck
from domain.schedule import SendingWindow
from domain.subscription import Area, Subscription, may_use
from domain.template_values import Business, Facts, values_for
from domain.templates import Template, render, stored
from errors import MissingValue, TextTooLong

# Reasons to leave the queue as it is: the obstacle is the business or the hour, not the message.
HOLDS = frozenset(
    {Reason.PAUSED, Reason.ACCESS_ENDED, Reason.WINDOW_NOT_OPEN, Reason.WINDOW_CLOSED}
)


@dataclass(frozen=True, slots=True)
class Held:
    """The whole queue waits, because of `reason`."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A message that does not go, or not yet, and the names of what its text lacks."""

    verdict: Verdict
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """What decides whether a message goes, and what it says."""

    settings: TenantSettings
    rules: TenantRules
    templates: dict[Kind, Template]
    business: Business
    pix: PixReceiver | None
    own_variables: Mapping[str, str] = field(default_factory=dict)

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
        return recheck(
            message.kind,
            message.about_due_on,
            client,
            self.rules,
            local_now,
            late_allowed=message.on_request,
            farewell=message.farewell,
        )

    def write(self, message: OutboxMessage, client: Client, now: datetime) -> tuple[str, ...]:
        """What `message` says, in one part or two; one that was tried before keeps its words.

        What a person wrote waits with its variables, and is filled when it goes (E12).

        Raises:
            MissingValue: a variable of the text has no value (D4).
            TextTooLong: what the variables hold makes it longer than a message may be.
        """
        if message.body is None:
            return self.as_sent(message.kind, client, now)
        if message.is_to_be_filled and (text := stored(message.body)):
            return (self.fill(text, client, now),)
        second = message.second_body
        return (message.body,) if second is None else (message.body, second)

    def words(self, kind: Kind, client: Client, now: datetime) -> str:
        """The text of `kind` for `client` at `now`, all in one; raises as `write` does."""
        return self.fill(self.templates[kind], client, now)

    def fill(self, template: Template, client: Client, now: datetime) -> str:
        """A text as it would go to `client` at `now`, all in one; raises as `write` does."""
        return render(template, self._values(template, client, now))

    def as_sent(self, kind: Kind, client: Client, now: datetime) -> tuple[str, ...]:
        """The text of `kind` as the phone will show it: one message, or two (D5)."""
        template = self.templates[kind]
        values = self._values(template, client, now)
        return as_sent(template, values, alone=self.code_alone(kind))

    def code_alone(self, kind: Kind) -> bool:
        """Whether the PIX code of `kind` goes as a message of its own (D5)."""
        return kind.automatic and self.settings.pix_alone

    def _values(self, template: Template, client: Client, now: datetime) -> dict[str, str | None]:
        local_now = schedule.local(now, self.zone)
        facts = Facts(
            client, self.business, local_now.date(), local_now, self.pix, self.own_variables
        )
        return values_for(facts, template.variables)


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
            holidays=settings.holidays,
            calendar=Calendar(charter.own_holidays, settings.optional_holidays),
            paused=settings.queue_paused,
            access_ended=not may_use(
                Area.EVERYTHING_ELSE, subscription_of(charter.tenant, settings.zone), now
            ),
        ),
        templates={
            **DEFAULT_TEMPLATES,
            **{
                kind: own
                for kind, text in texts.items()
                # What is asked for by hand says what the owner wrote, never what it did not.
                if (text.active or kind not in DAYS_LATE) and (own := stored(text.body))
            },
        },
        business=Business(
            name=settings.company, phone=settings.company_phone, support=settings.support
        ),
        pix=stored_receiver(settings.pix_key, settings.pix_beneficiary, settings.pix_city),
        own_variables=charter.own_variables,
    )


def review(
    book: Rulebook, message: OutboxMessage, client: Client, now: datetime
) -> tuple[str, ...] | Held | Reviewed:
    """The words of a message that may go, or why it does not, or not yet (C10, D4, E2).

    Those of each of its parts, one or two (D5).

    What lacks data, or has too much of it, waits for the owner; it is found also while the hour is
    not right, so the owner hears of it in time.
    """
    decision = book.judge(message, client, now)
    held = decision.kind is None and decision.reason in HOLDS
    if decision.kind is None and not held:
        return Reviewed(Verdict(message.id, MessageState.CANCELLED, decision.reason))
    if message.first_is_out and client.phone != message.phone:
        return Reviewed(Verdict(message.id, MessageState.CANCELLED, Reason.PHONE_CHANGED))
    try:
        words = book.write(message, client, now)
    except MissingValue as error:
        verdict = Verdict(message.id, MessageState.WAITING, Reason.MISSING_VALUES)
        return Reviewed(verdict, error.names)
    except TextTooLong:
        return Reviewed(Verdict(message.id, MessageState.WAITING, Reason.TOO_LONG))
    if held:
        return Held(decision.reason)
    begun = message.first_is_out or may_begin(words, now, message.expires_at)
    return words if begun else Held(Reason.WINDOW_CLOSED)


def subscription_of(tenant: Tenant, zone: ZoneInfo) -> Subscription:
    """The tenant's dates as the rules see them, by the wall clock of its `zone`."""
    return Subscription(
        trial_ends_at=tenant.trial_ends_at,
        paid_until=tenant.paid_until,
        blocked=tenant.blocked_at is not None,
        zone=zone,
    )
