"""What a client's card, its messages and its end say (C4, E8)."""

from collections.abc import Iterator, Sequence
from datetime import date

from actors.messages.clients import (
    Archived,
    CancelledMessage,
    ClientCard,
    Deletion,
    MessagesView,
    SentMessage,
)
from bot.screens.clients.rows import full_title, title_of
from bot.ui import measure
from bot.ui.labels import day_label
from bot.ui.words import safe
from domain.clients import Client
from domain.contacts import format_phone
from domain.due_dates import count_days, describe
from domain.money import format_brl
from domain.outbox import ENDED, MessageState
from domain.reasons import explain
from domain.reminders import Kind
from domain.tags import FieldValue, Tag

RENEW_BUTTON = "🔄 Renovar"
EDIT_BUTTON = "✏️ Editar"
SWITCHES_BUTTON = "🔔 Preferências"
PAYMENTS_BUTTON = "💰 Pagamentos"
TAGS_BUTTON = "🏷 Etiquetas"
WHY_BUTTON = "❓ Por que não recebeu hoje?"
MESSAGES_BUTTON = "📜 Histórico"
ARCHIVE_BUTTON = "🗂 Arquivar"
BACK_IN_BUTTON = "🗂 Trazer de volta"
CARD_BUTTON = "👤 Ver o cliente"
DELETE_BUTTON = "🗑 Apagar"
DELETE_FOR_GOOD_BUTTON = "🗑 Apagar de vez"
ONLY_ARCHIVE_BUTTON = "🗂 Só arquivar"
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
ASK_THEM = "• Só recebe de novo se escrever para você pedindo."
WHY_TITLE = "❓ <b>Por que não recebeu hoje?</b>"


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


def messages(view: MessagesView) -> str:
    """A page of what went to a client, or did not, with the reason."""
    count = "1 mensagem" if view.total == 1 else f"{view.total} mensagens"
    lines = [f"📜 {full_title(view.row)}", count if view.total else NO_MESSAGES, ""]
    for message in view.messages:
        lines.append(_message(message))
        if message.state in ENDED and message.reason:
            lines.append(f"   {safe(explain(message.reason))}")
    return "\n".join(lines).strip()


def why(shown: ClientCard, sentences: Sequence[str]) -> str:
    """Why a client received nothing today, or what it did receive."""
    said = [f"• {safe(sentence)}" for sentence in sentences]
    advice = [ASK_THEM] if shown.client.opted_out else []
    return "\n".join([WHY_TITLE, title_of(shown.row, shown.today), "", *said, *advice])


def archived(done: Archived) -> str:
    """A client put away, or back, and what will not go any more."""
    name = full_title(done.row)
    if not done.row.archived:
        return f"{name}\n\n✅ De volta à lista: as mensagens dos próximos dias saem de novo."
    lines = [name, "", "Foi para os arquivados: nada mais é enviado."]
    return "\n".join([*lines, *_cancelled(done.cancelled)])


def ask_delete(lost: Deletion) -> str:
    """What would be lost for good (law 6)."""
    title = full_title(lost.row, before="Apagar ")
    gone = ["• o cadastro e as etiquetas"]
    if lost.messages:
        counted = "1 mensagem" if lost.messages == 1 else f"{lost.messages} mensagens"
        gone.append(f"• {counted} do histórico")
    kept = []
    if lost.payments:
        counted = "1 pagamento" if lost.payments == 1 else f"{lost.payments} pagamentos"
        stay = "continua" if lost.payments == 1 else "continuam"
        kept = ["", f"💰 {counted} ({format_brl(lost.paid)}) {stay} nas contas, sem o nome."]
    return "\n".join(
        [
            title,
            "",
            "<b>Isto não tem volta.</b> Somem para sempre:",
            *gone,
            *kept,
            "",
            "É só uma pausa? Arquive: fica tudo guardado, e nada é enviado.",
        ]
    )


def deleted(name: str) -> str:
    """What the owner reads over the list."""
    return f"{name} foi apagado."


def _card(shown: ClientCard, most_messages: int, *, closed: bool) -> Iterator[str]:
    client = shown.client
    yield full_title(shown.row)
    said = due_words(client.due_on, shown.today)
    yield " · ".join(part for part in (said, safe(terms(client))) if part)
    if shown.rest:
        yield f"💰 Falta receber {format_brl(shown.rest)} da última renovação"
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
        yield from map(_message, shown.last_messages[:most_messages])
        if not shown.last_messages:
            yield NO_MESSAGES


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


def _message(message: SentMessage) -> str:
    return f"{message.at:%d/%m %H:%M} · {KINDS[message.kind]} · {TICKS[message.state]}"


def _cancelled(messages: Sequence[CancelledMessage]) -> list[str]:
    """What would have gone (C7)."""
    if not messages:
        return []
    count = "1 mensagem" if len(messages) == 1 else f"{len(messages)} mensagens"
    lines = [
        f"• {day_label(one.day, one.day)} às {one.at:%H:%M}, {KINDS[one.kind]}" for one in messages
    ]
    return ["", f"🚫 <b>Cancelei {count}</b> que ia sair:", *lines]
