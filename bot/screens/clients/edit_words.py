"""What the screens that change one field of a client say (C5)."""

from actors.messages.clients import ClientCard, Edited
from bot.screens.clients.register_words import shares_phone
from bot.ui.labels import bold_row, cut_name
from bot.ui.measure import label_width
from bot.ui.words import safe
from domain.clients import Client, ClientField
from domain.contacts import format_phone
from domain.due_dates import short_date
from domain.money import format_brl

CHOOSE = "✏️ <b>O que você quer mudar?</b>\nMuda na hora, em todo lugar."
EMPTY_BUTTON = "🧹 Deixar vazio"
NOTHING = "vazio"
ANOTHER_BUTTON = "✏️ Outro campo"
MOST_SHOWN = 60
MOST_VALUE = 120
EMOJIS = {
    ClientField.NAME: "👤",
    ClientField.PHONE: "📱",
    ClientField.PLAN: "📦",
    ClientField.PRICE: "💰",
    ClientField.SERVER: "🖥",
    ClientField.DUE_ON: "📅",
    ClientField.NOTES: "📝",
}
OWN_EMOJI = "🔑"
LABELS = {
    ClientField.NAME: "Nome",
    ClientField.PHONE: "Celular",
    ClientField.PLAN: "Plano",
    ClientField.PRICE: "Valor",
    ClientField.SERVER: "Servidor",
    ClientField.DUE_ON: "Vencimento",
    ClientField.NOTES: "Observação",
}
QUESTIONS = {
    ClientField.NAME: "Qual é o nome certo?",
    ClientField.PHONE: "Qual é o celular certo?",
    ClientField.PLAN: "Qual é o plano?",
    ClientField.PRICE: "Quanto paga?",
    ClientField.SERVER: "Qual é o servidor?",
    ClientField.DUE_ON: "Quando vence?",
    ClientField.NOTES: "O que você quer anotar?",
}
HINTS = {
    ClientField.NAME: "Exemplo: <code>Ana Souza</code>",
    ClientField.PHONE: "Com o DDD. Exemplo: <code>11 98765-4321</code>",
    ClientField.PLAN: "Toque em um, ou digite.",
    ClientField.PRICE: "Toque em um valor, ou digite. Exemplo: <code>35,00</code>",
    ClientField.SERVER: "Toque em um, ou digite.",
    ClientField.DUE_ON: (
        "Digite, por exemplo: <code>10/12</code> ou <code>dia 10</code>\n"
        "Para quem pagou, use 🔄 Renovar: assim o dinheiro é contado."
    ),
    ClientField.NOTES: "Só você lê.",
}


def menu(card: ClientCard) -> str:
    """The head of the list of fields."""
    row = card.row
    return f"{bold_row(row.status.emoji, row.name, row.due_on, card.today)}\n\n{CHOOSE}"


def shown(client: Client, field: ClientField) -> str | None:
    """What stands in a field, as a person writes it; None for nothing."""
    if field is ClientField.PHONE:
        return format_phone(client.phone)
    if field is ClientField.PRICE:
        return None if client.price is None else format_brl(client.price)
    if field is ClientField.DUE_ON:
        return short_date(client.due_on)
    value = getattr(client, field)
    return None if value is None else str(value)


def field_button(emoji: str, label: str, value: str | None, in_row: int) -> str:
    """A field on a button, with what stands in it; its name where that is nothing."""
    flat = " ".join((value or f"{label}: {NOTHING}").split())
    shown = cut_name(f"{emoji} {flat}", label_width(in_row))
    # Cut right behind the name of the field, nothing is left of what stands in it.
    return cut_name(f"{emoji} {label}", label_width(in_row)) if shown.endswith(":…") else shown


def head(name: str, label: str, value: str | None, *, secret: bool = False) -> str:
    """Whose field it is, and what stands there now."""
    now = safe(_short(value, MOST_VALUE)) if value else NOTHING
    if secret and value:
        now = f"<tg-spoiler>{now}</tg-spoiler>"
    return f"✏️ <b>{safe(_short(name, MOST_SHOWN))}</b>\n{safe(label)} agora: {now}"


def question(field: ClientField) -> str:
    """What is asked for one of the fields that every client has."""
    return f"<b>{QUESTIONS[field]}</b>\n{HINTS[field]}"


def own_question(name: str) -> str:
    """What is asked for an own field."""
    return f"<b>{safe(name)}?</b>\nDigite, ou deixe vazio."


def own_gone() -> str:
    """The own field does not exist any more."""
    return "Esse campo não existe mais."


def edited(edited_: Edited, field: ClientField) -> str:
    """A field is as it was said, and how it was before."""
    client = edited_.card.client
    after = _short(shown(client, field) or NOTHING, MOST_VALUE)
    before = _short(edited_.before or NOTHING, MOST_VALUE)
    lines = [_top(edited_.card), "", f"{EMOJIS[field]} {LABELS[field]}: <b>{safe(after)}</b>"]
    if edited_.undo is not None:
        lines.append(f"Antes: {safe(before)}")
    return "\n".join(lines)


def own_edited(card: ClientCard, name: str, value: str | None, *, secret: bool) -> str:
    """An own field is as it was said."""
    after = safe(_short(value or NOTHING, MOST_VALUE))
    shown_ = f"<tg-spoiler>{after}</tg-spoiler>" if secret and value else f"<b>{after}</b>"
    return f"{_top(card)}\n\n{OWN_EMOJI} {safe(name)}: {shown_}"


def toast(field: ClientField, client: Client) -> str:
    """What changed, over the screen."""
    return f"{LABELS[field]}: {_short(shown(client, field) or NOTHING, MOST_SHOWN)}"


def shares(card: ClientCard) -> str:
    """Who else has the number that was typed (C2)."""
    if not card.shares_phone_with:
        return ""
    return f"\n\n{shares_phone(card.shares_phone_with, card.today)}"


def _top(card: ClientCard) -> str:
    row = card.row
    return f"✅ {bold_row(row.status.emoji, row.name, row.due_on, card.today)}"


def _short(text: str, most: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[:most]}…"
