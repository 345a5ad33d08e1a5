"""Which message a client gets on a day, if any, and always why (E3, E4, E8, C10).

`decide` plans and explains, `recheck` asks again at the moment of sending; both answer for every
client. Nothing here knows the queue: the caller says what was already made.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from domain.clients import Client
from domain.due_dates import count_days, days_late, short_date
from domain.holidays import Calendar
from domain.reasons import Reason, explain
from domain.schedule import SendingWindow, is_sunday


class Kind(StrEnum):
    """The kinds of message (D2); the value is the name that owners and tables use."""

    REMINDER_2_DAYS = "lembrete_2_dias"
    REMINDER_1_DAY = "lembrete_1_dia"
    DUE_TODAY = "vence_hoje"
    BILLING = "cobranca"
    RENEWAL = "renovacao"
    WELCOME = "boas_vindas"
    GENERAL = "geral"

    @property
    def automatic(self) -> bool:
        """Whether it can go out by itself."""
        return self in DAYS_LATE

    @property
    def label(self) -> str:
        """What the owner calls it."""
        return LABELS[self]


# How late a client is on the day of each automatic kind. E3: exactly one day, then never again.
DAYS_LATE: Mapping[Kind, int] = {
    Kind.REMINDER_2_DAYS: -2,
    Kind.REMINDER_1_DAY: -1,
    Kind.DUE_TODAY: 0,
    Kind.BILLING: 1,
}
_KIND_ON = {late: kind for kind, late in DAYS_LATE.items()}
LABELS: Mapping[Kind, str] = {
    Kind.REMINDER_2_DAYS: "lembrete de 2 dias antes",
    Kind.REMINDER_1_DAY: "lembrete de 1 dia antes",
    Kind.DUE_TODAY: "aviso do dia do vencimento",
    Kind.BILLING: "cobrança do 1º dia de atraso",
    Kind.RENEWAL: "mensagem de renovação",
    Kind.WELCOME: "boas-vindas",
    Kind.GENERAL: "mensagem avulsa",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantRules:
    """What the owner chose; the defaults are decisions 3 and 7, and F5.

    `kinds` go out by themselves; `without_text` have their template switched off (D1).
    """

    kinds: frozenset[Kind] = frozenset({Kind.BILLING})
    without_text: frozenset[Kind] = frozenset()
    window: SendingWindow = field(default_factory=SendingWindow)
    sundays: bool = True
    holidays: bool = True
    calendar: Calendar = field(default_factory=Calendar)
    paused: bool = False
    access_ended: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """`kind` goes, or nothing does; `sentence` tells the owner why."""

    kind: Kind | None
    reason: Reason
    sentence: str


def due_dates_on(day: date, rules: TenantRules) -> dict[Kind, date]:
    """The kinds that go out by themselves on `day`, each with the due date it speaks about."""
    return {
        kind: day - timedelta(days=late)
        for kind, late in DAYS_LATE.items()
        if _business_blocks(kind, rules, day) is None
    }


def decide(
    client: Client,
    rules: TenantRules,
    today: date,
    *,
    at: time | None = None,
    already_made: Collection[Kind] = (),
) -> Decision:
    """What `client` gets on `today`, or why nothing (E3, E4, E8); never raises.

    With the local time `at` the sending window counts too. `already_made` holds the kinds that the
    queue has had for this due date (E6).
    """
    if refusal := _client_is_out(client):
        return refusal
    kind = _KIND_ON.get(days_late(client.due_on, today))
    if kind is None:
        return _not_today(client, today)
    if kind in already_made:
        return _no(Reason.ALREADY_MADE)
    return _blocked(kind, client, rules, today, at) or Decision(
        kind, Reason.DUE, f"Hoje é dia de mandar: {kind.label}."
    )


def recheck(  # noqa: PLR0913 - the message, its client and the business, as they are at this moment
    kind: Kind,
    about_due_on: date | None,
    client: Client,
    rules: TenantRules,
    now: datetime,
    *,
    late_allowed: bool = False,
    farewell: bool = False,
) -> Decision:
    """Whether a queued message may still go at `now`, local time of the tenant (E2, C7, C10).

    `late_allowed` is the owner's answer to decision 2: a cobranca past its first day. What a
    person wrote by hand is stopped by the client's own opt-out, not by the switches (E12).
    `farewell` confirms that the client left: that alone, the opt-out does not stop (F8).
    """
    if farewell:
        return _tenant_is_stopped(rules) or Decision(kind, Reason.DUE, explain(Reason.DUE))
    refusal = _client_is_out(client) or _due_date_moved(about_due_on, client)
    if refusal is None and kind.automatic:
        on_its_day = _KIND_ON.get(days_late(client.due_on, now.date())) == kind
        late = late_allowed and kind is Kind.BILLING and client.due_on < now.date()
        refusal = None if on_its_day or late else _missed_its_day(client, now.date())
        # Whoever asks for it on a day of rest wants it on a day of rest.
        asked = replace(rules, sundays=True, holidays=True) if late else rules
        refusal = refusal or _blocked(kind, client, asked, now.date(), now.time())
    return refusal or _tenant_is_stopped(rules) or Decision(kind, Reason.DUE, explain(Reason.DUE))


def day_of_rest(rules: TenantRules, day: date) -> Reason | None:
    """Why cobranca rests on `day`, or None when it goes (F5, decision 7)."""
    if is_sunday(day) and not rules.sundays:
        return Reason.SUNDAY
    if not rules.holidays and rules.calendar.on(day) is not None:
        return Reason.HOLIDAY
    return None


def allows(client: Client, kind: Kind) -> Reason | None:
    """Why the client's own preferences keep `kind` back, or None when they let it go (C10)."""
    switch = client.receives_billing if kind is Kind.BILLING else client.receives_notices
    if client.preferences is None or switch is None:
        return Reason.PREFERENCES_UNREADABLE
    if not switch:
        return Reason.BILLING_OFF if kind is Kind.BILLING else Reason.NOTICES_OFF
    own = client.preferences.get(kind.value, True)
    if not isinstance(own, bool):
        return Reason.PREFERENCES_UNREADABLE
    return None if own else Reason.PREFERENCE_OFF


def _no(reason: Reason, sentence: str | None = None) -> Decision:
    return Decision(None, reason, sentence or explain(reason))


def _client_is_out(client: Client) -> Decision | None:
    if client.archived:
        return _no(Reason.ARCHIVED)
    return _no(Reason.OPTED_OUT) if client.opted_out else None


def _not_today(client: Client, today: date) -> Decision:
    due = short_date(client.due_on)
    late = days_late(client.due_on, today)
    if late > 0:
        return _no(
            Reason.LATE_TOO_LONG,
            f"Atrasado há {count_days(late)}: só cobramos no 1º dia de atraso.",
        )
    ahead = f"agora vence em {due}, daqui a {count_days(-late)}"
    if client.renewed_on is not None:
        return _no(Reason.RENEWED, f"Renovou em {short_date(client.renewed_on)}: {ahead}.")
    return _no(
        Reason.NOT_DUE_YET,
        f"Vence em {due}, daqui a {count_days(-late)}: ainda não é dia de mensagem.",
    )


def _missed_its_day(client: Client, today: date) -> Decision:
    if days_late(client.due_on, today) > DAYS_LATE[Kind.BILLING]:
        return _not_today(client, today)
    return _no(Reason.DAY_PASSED)


def _due_date_moved(about_due_on: date | None, client: Client) -> Decision | None:
    if about_due_on is None or about_due_on == client.due_on:
        return None
    if client.due_on < about_due_on:
        return _no(Reason.DUE_DATE_CHANGED)
    return _no(Reason.RENEWED, f"Já renovou: agora vence em {short_date(client.due_on)}.")


def _blocked(
    kind: Kind, client: Client, rules: TenantRules, today: date, at: time | None
) -> Decision | None:
    preference = allows(client, kind)
    return (
        _business_blocks(kind, rules, today)
        or (_no(preference) if preference else None)
        or _tenant_is_stopped(rules)
        or _outside_window(rules.window, at)
    )


def _business_blocks(kind: Kind, rules: TenantRules, day: date) -> Decision | None:
    if kind not in rules.kinds:
        return _no(Reason.KIND_OFF, f"Você deixou desligado nos ajustes: {kind.label}.")
    if kind in rules.without_text:
        return _no(Reason.TEMPLATE_OFF, f"O texto está desligado: {kind.label}.")
    rests = day_of_rest(rules, day) if kind is Kind.BILLING else None
    return None if rests is None else _no(rests)


def _tenant_is_stopped(rules: TenantRules) -> Decision | None:
    if rules.access_ended:
        return _no(Reason.ACCESS_ENDED)
    return _no(Reason.PAUSED) if rules.paused else None


def _outside_window(window: SendingWindow, at: time | None) -> Decision | None:
    if at is None or window.contains(at):
        return None
    if at < window.opens:
        return _no(Reason.WINDOW_NOT_OPEN, f"O envio começa às {window.opens:%H:%M}.")
    return _no(Reason.WINDOW_CLOSED, f"O envio de hoje terminou às {window.closes:%H:%M}.")
