"""What a client's card, its messages and its end say (C4, E8)."""

from collections.abc import Iterator, Sequence
from datetime import date

from actors.messages.clients import (
    ClientCard,
    SentMessage,
)
from bot.screens.clients.rows import full_title, title_of
from bot.ui import measure
from bot.ui.words import safe
from domain.clients import Client
from domain.contacts import format_phone
from domain.due_dates import count_days, describe
from domain.money import format_brl
from domain.outbox import MessageState
from domain.reminders import Kind
from domain.tags import FieldValue, Tag

RENEW_BUTTON = "🔄 Renovar"
WRITE_BUTTON = "💬 Mensagem"
EDIT_BUTTON = "✏️ Editar"
SWITCHES_BUTTON = "🔔 Preferências"
PAYMENTS_BUTTON = "💰 Pagamentos"
TAGS_BUTTON = "🏷 Etiquetas"
WHY_BUTTON = "❓ Por que não recebeu hoje?"
MESSAGES_BUTTON = "📜 Histórico"
ARCHIVE_BUTTON = "🗂 Arquivar"
BACK_IN_BUTTON = "🗂 Trazer de volta"
DELETE_BUTTON = "🗑 Apagar"
NO_MESSAGES = "Nenhuma mensagem ainda."
MOST_TAGS = 3
"""As many are named on the card; all of them have a screen."""
MOST_PLAN = 20
MOST_INLINE_FIELDS = 2
TICKS = {
    MessageState.WAITING: "✍️ espera você",
    MessageState.QUEUED: "🕒 na fila",
    MessageState.SENDING: "🕒 saindo",
    MessageState.RETRY: "🔁 vai de novo",
    MessageState.UNKNOWN: "🕒 conferindo",
    MessageState.SENT: "✔️ enviada",
    MessageState.DELIVERED: "✅ entregue",
    MessageState.READ: "👀 lida",
    MessageState.FAILED: "❌ não foi",
    MessageState.EXPIRED: "❌ não foi",
    MessageState.CANCELLED: "🚫 cancelada",
}
KINDS = {
    Kind.REMINDER_2_DAYS: "Vence em 2 dias",
    Kind.REMINDER_1_DAY: "Vence amanhã",
    Kind.DUE_TODAY: "Vence hoje",
    Kind.BILLING: "Cobrança",
    Kind.RENEWAL: "Renovação",
    Kind.WELCOME: "Boas-vindas",
    Kind.GENERAL: "Avulsa",
}


def card(shown: ClientCard, button_rows: int) -> str:
    """All about a client, on one screen with so many rows of buttons.

    The older messages are left out first, then the data goes into a block that opens by a touch.
    """
    for messages, closed in ((3, False), (2, False), (3, True), (1, True)):
        text = "\n".join(_card(shown, messages, closed=closed))
        if measure.fits(text, button_rows, pinned=True):
            return text
    return "\n".join(_card(shown, 0, closed=True))


def due_words(due_on: date, today: date) -> str:
    """How the due date stands: "Venceu há 2 dias", "Vence amanhã"."""
    late = (today - due_on).days
    said = f"venceu há {count_days(late)}" if late > 0 else describe(due_on, today)
    return said[0].upper() + said[1:]


def terms(client: Client) -> str:
    """Plan and price of a client: "30 dias · R$ 79,90"; empty without either."""
    plan = client.plan or ""
    if len(plan) > MOST_PLAN:
        plan = plan[: MOST_PLAN - 1].rstrip() + "…"
    price = format_brl(client.price) if client.price is not None else ""
    return " · ".join(part for part in (plan, price) if part)


def _card(shown: ClientCard, most_messages: int, *, closed: bool) -> Iterator[str]:
    client = shown.client
    yield full_title(shown.row)
    said = due_words(client.due_on, shown.today)
    yield " · ".join(part for part in (said, safe(terms(client))) if part)
    yield from _left_to_pay(shown)
    yield ""
    data = [*_contact(client), *_more(shown)]
    yield _folded_away(data) if closed else "\n".join([*_contact(client), *_extra(shown)])
    if shown.tags:
        yield f"🏷 {_tags(shown.tags)}"
    yield _switches(client)
    if shown.shares_phone_with:
        yield _shared(shown)
    if most_messages:
        yield "\n<b>Últimas mensagens</b>"
        yield from map(message_line, shown.last_messages[:most_messages])
        if not shown.last_messages:
            yield NO_MESSAGES


def _left_to_pay(shown: ClientCard) -> Iterator[str]:
    """What was paid in part, now or at the last renewal (C14)."""
    price, left = shown.client.price, shown.open_amount
    if price is not None and left is not None and left < price:
        paid = f"💰 Já pagou {format_brl(price - left)} deste vencimento"
        yield f"{paid}: faltam {format_brl(left)}" if left else paid
    if shown.rest:
        yield f"💰 Falta receber {format_brl(shown.rest)} da última renovação"


def _contact(client: Client) -> list[str]:
    lines = [
        f"👤 <code>{safe(client.name)}</code>",
        f"📱 <code>{safe(format_phone(client.phone))}</code>",
    ]
    return [*lines, f"🖥 <code>{safe(client.server)}</code>"] if client.server else lines


def _extra(shown: ClientCard) -> list[str]:
    """Own fields and notes: in place while they are few, else in a block that opens."""
    lines = _more(shown)
    few = len(lines) <= MOST_INLINE_FIELDS and sum(map(measure.lines, lines)) <= MOST_INLINE_FIELDS
    return lines if few else [_folded_away(lines)]


def _more(shown: ClientCard) -> list[str]:
    lines = [_field(one) for one in shown.fields if one.value]
    notes = shown.client.notes
    return [*lines, f"📝 <code>{safe(notes)}</code>"] if notes else lines


def _field(one: FieldValue) -> str:
    # Telegram allows no spoiler inside code: a secret is seen by a touch, and copied by hand.
    tag = "tg-spoiler" if one.secret else "code"
    return f"🔑 {safe(one.name)} <{tag}>{safe(one.value or '')}</{tag}>"


def _folded_away(lines: Sequence[str]) -> str:
    return f"<blockquote expandable>{chr(10).join(lines)}</blockquote>"


def _tags(tags: Sequence[Tag]) -> str:
    named = " · ".join(safe(f"{tag.emoji} {tag.name}") for tag in tags[:MOST_TAGS])
    left = len(tags) - MOST_TAGS
    return f"{named} · +{left}" if left > 0 else named


def _switches(client: Client) -> str:
    if client.opted_out:
        return "🔕 Respondeu SAIR: não recebe mais nada"
    billing, notices = (
        "sim" if on else "não" for on in (client.receives_billing, client.receives_notices)
    )
    return f"🔔 Cobranças <b>{billing}</b> · Avisos <b>{notices}</b>"


def _shared(shown: ClientCard) -> str:
    first, *others = shown.shares_phone_with
    more = f" e mais {len(others)}" if others else ""
    return f"⚠️ Mesmo celular: {title_of(first, shown.today)}{more}"


def message_line(message: SentMessage) -> str:
    """A message with its tick."""
    return f"{message.at:%d/%m %H:%M} · {KINDS[message.kind]} · {TICKS[message.state]}"
