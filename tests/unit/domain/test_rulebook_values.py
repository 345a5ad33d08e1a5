"""What a charter allows at one moment, and what it makes of one message (C5, C10, D1, D2, E2)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.charter import Charter, OwnText, Tenant
from domain.clients import Client
from domain.outbox import MessageState, OutboxMessage
from domain.reminders import Kind
from domain.rulebook import Held, Reviewed, review, rulebook
from tests.unit.domain.makers import TODAY, make_client, make_settings

NINE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


DAY = timedelta(days=1)


DUE_ON = TODAY - DAY


RITA = Tenant(
    email=None,
    phone=None,
    tenant_id=7,
    name="Rita",
    created_at=NINE - DAY,
    trial_ends_at=NINE + DAY,
    paid_until=None,
    blocked_at=None,
)


SETTINGS = make_settings(company="TV Boa", company_phone="(11) 90000-0000", support="@tvboa")


BILLING = OutboxMessage(
    id=1,
    client_id=1,
    kind=Kind.BILLING,
    about_due_on=DUE_ON,
    day=TODAY,
    state=MessageState.QUEUED,
    body=None,
    phone="+5511990000001",
    whatsapp_id="3EB0",
    correlation_id="m-1",
    attempt=0,
    expires_at=NINE + DAY,
)


BY_HAND = replace(BILLING, kind=Kind.GENERAL, about_due_on=None)


def charter(
    texts: dict[Kind, OwnText] | None = None, tenant: Tenant = RITA, **settings: Any
) -> Charter:
    """Rita's charter: her own texts, and what she set otherwise."""
    own = {Kind.BILLING: OwnText("Oi, {primeiro_nome}!", active=True)} if texts is None else texts
    return Charter(1, tenant, replace(SETTINGS, **settings), own)


def reviewed(
    made: Charter,
    *,
    message: OutboxMessage = BILLING,
    client: Client | None = None,
    now: datetime = NINE,
) -> tuple[str, ...] | Held | Reviewed:
    """What becomes of a message."""
    return review(rulebook(made, now), message, client or make_client(), now)


def test_a_text_is_filled_as_it_would_go() -> None:
    assert "Oi, Maria!" == rulebook(charter(), NINE).words(Kind.BILLING, make_client(), NINE)
