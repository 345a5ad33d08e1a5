"""What the screens about payments say (C9, C14)."""

from datetime import date

from actors.messages.clients import ClientCard, ClientRow
from actors.messages.payments import Paid, PaymentChanged, PaymentRow, PaymentsView, PaymentView
from bot.ui.labels import MOST_PART, bold_row, cut_name, day_label, row_label
from bot.ui.measure import PLAIN, label_width
from bot.ui.words import month_name, safe
from domain.due_dates import short_date
from domain.money import format_brl

RECORD_BUTTON = "➕ Registrar pagamento"
RENEW_BUTTON = "🔄 Renovar"
NOT_RECEIVED_BUTTON = "🚫 Não recebi"
RECEIVED_BUTTON = "✅ Recebi, sim"
AMOUNT_BUTTON = "💰 Valor"
DAY_BUTTON = "📅 Dia"
NOTE_BUTTON = "📝 Observação"
SEE_PAYMENTS_BUTTON = "💰 Ver pagamentos"
NO_NOTE_BUTTON = "🧹 Deixar vazio"
ERASED = "Cliente apagado"
NONE_YET = (
    "Nenhum pagamento ainda.\n"
    "Quando o cliente pagar, toque em <b>🔄 Renovar</b>: o dinheiro é contado e a data anda."
)
NONE_IN_MONTH = "Nenhum pagamento neste mês ainda."
WHAT_IS_PARTIAL = (
    "Pagou só uma parte, ou adiantou? Registre aqui: o vencimento fica como está.\n"
    "Se é para andar a data, use <b>🔄 Renovar</b>."
)
ASK_AMOUNT = "<b>Quanto você recebeu?</b>\nDigite o valor. Exemplo: <code>35,00</code>"
ASK_RIGHT_AMOUNT = "<b>Qual é o valor certo?</b>\nDigite. Exemplo: <code>35,00</code>"
ASK_DAY = (
    "<b>Em que dia você recebeu?</b>\nDigite, por exemplo: <code>ontem</code> ou <code>10/12</code>"
)
ASK_NOTE = "<b>O que você quer anotar?</b>\nExemplo: <code>pagou no dinheiro</code>"
TODAY_BUTTON = "Hoje"
YESTERDAY_BUTTON = "Ontem"
FUTURE = "Esse dia ainda não chegou. Digite o dia em que recebeu."
MOST_NOTE = 120
MOST_NAME_POINTS = 125.0
"""What a name leaves for the day and the amount beside it."""


def of_client(row: ClientRow, view: PaymentsView, today: date) -> str:
    """The head of a client's payments."""
    top = bold_row(row.status.emoji, row.name, row.due_on, today, before="Pagamentos de ")
    if not view.total:
        return f"{top}\n\n{NONE_YET}"
    counted = "1 pagamento" if view.total == 1 else f"{view.total} pagamentos"
    return f"{top}\n{counted} · recebido <b>{format_brl(view.sum)}</b>\n\n{WHAT_IS_PARTIAL}"


def of_month(view: PaymentsView, month: date) -> str:
    """The head of a month's payments: what they add up to."""
    name = month_name(month).capitalize()
    if not view.total:
        return f"💰 <b>Recebido em {name.lower()}</b>\n\n{NONE_IN_MONTH}"
    counted = "1 pagamento" if view.total == 1 else f"{view.total} pagamentos"
    return f"💰 <b>{name}: {format_brl(view.sum)}</b>\n{counted}, o mais novo primeiro"


def client_line(payment: PaymentRow, today: date) -> str:
    """A payment in the list of its client."""
    label = f"{_emoji(payment)} {day_label(payment.paid_on, today)} · {format_brl(payment.amount)}"
    return cut_name(f"{label} · não recebi" if payment.voided else label, label_width(1))


def month_line(payment: PaymentRow, today: date) -> str:
    """A payment in the list of all."""
    name = cut_name(payment.name or ERASED, MOST_NAME_POINTS)
    amount = format_brl(payment.amount)[:MOST_PART]
    return row_label(_emoji(payment), name, payment.paid_on, today, amount)


def one(view: PaymentView) -> str:
    """One payment, and what counting it or not would do to the due date (C14)."""
    if not view.says:
        return _payment(view)
    button = RECEIVED_BUTTON if view.payment.voided else NOT_RECEIVED_BUTTON
    return f"{_payment(view)}\n\nSe você tocar em <b>{button}</b>:\n{safe(view.says)}"


def _payment(view: PaymentView) -> str:
    payment = view.payment
    amount = format_brl(payment.amount)
    shown = f"<s>{amount}</s> · não recebido" if payment.voided else f"<b>{amount}</b>"
    lines = [_who(payment, view.row), f"💰 {shown} em {short_date(payment.paid_on)}"]
    if payment.due_on_before and payment.due_on_after:
        lines.append(
            f"📅 De {short_date(payment.due_on_before)} para {short_date(payment.due_on_after)}"
        )
    if payment.note:
        lines.append(f"📝 {safe(_short(payment.note))}")
    return "\n".join(lines)


def changed(view: PaymentChanged) -> str:
    """A payment that was just changed, and what became of the due date."""
    seen = _payment(PaymentView(view.payment, view.row, view.says))
    says = f"\n\n{safe(view.says)}" if view.says else ""
    return f"✅ <b>Mudei este pagamento</b>\n\n{seen}{says}"


def recorded(paid: Paid) -> str:
    """A payment that renews nothing (C14)."""
    row = paid.row
    top = bold_row(row.status.emoji, row.name, row.due_on, row.due_on, full=True)
    rest = f"Falta receber <b>{format_brl(paid.rest)}</b>." if paid.rest else "Não falta nada."
    return (
        f"{top}\n\n✅ Anotei <b>{format_brl(paid.amount)}</b>.\n{rest}\n"
        f"O vencimento continua em {short_date(row.due_on)}."
    )


def whole(card: ClientCard) -> str:
    """The button for all that is open."""
    return f"{format_brl(card.open_amount)} · tudo" if card.open_amount else ""


def head(name: str) -> str:
    """Above the questions about a payment."""
    return f"💰 <b>{safe(cut_name(name, PLAIN.width * 0.85, font=PLAIN.font, bold=True))}</b>"


def toast(view: PaymentChanged) -> str:
    """Over the screen."""
    return (
        f"{format_brl(view.payment.amount)}: {'não conta mais' if view.payment.voided else 'conta'}"
    )


def _who(payment: PaymentRow, row: ClientRow | None) -> str:
    if row is not None:
        due_on = row.due_on
        return bold_row(row.status.emoji, row.name, due_on, due_on, full=True)
    return f"💰 <b>Pagamento</b> · {safe(payment.name or ERASED)}"


def _emoji(payment: PaymentRow) -> str:
    return "⚪" if payment.voided else "💰"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= MOST_NOTE else f"{flat[:MOST_NOTE]}…"
