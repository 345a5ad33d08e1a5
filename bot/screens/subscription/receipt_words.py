"""What the list of payments and a receipt say, in the chat and on paper."""

from actors.messages.subscription import History, PaidLine, Receipt
from bot.ui.words import safe
from domain.charges import ChargeState
from domain.due_dates import count_days, short_date
from domain.money import format_brl

EMOJI = {
    ChargeState.PENDING: "⏳",
    ChargeState.APPROVED: "✅",
    ChargeState.REJECTED: "❌",
    ChargeState.EXPIRED: "⌛",
    ChargeState.CANCELLED: "🚫",
    ChargeState.REFUNDED: "↩️",
    ChargeState.CHARGED_BACK: "↩️",
    ChargeState.IN_MEDIATION: "⚖️",
}
STATES = {
    ChargeState.PENDING: "esperando",
    ChargeState.APPROVED: "pago",
    ChargeState.REJECTED: "não aceito",
    ChargeState.EXPIRED: "venceu",
    ChargeState.CANCELLED: "cancelado",
    ChargeState.REFUNDED: "devolvido",
    ChargeState.CHARGED_BACK: "desfeito",
    ChargeState.IN_MEDIATION: "em disputa",
}
PAID_AS = {
    ChargeState.APPROVED: "Pago por PIX",
    ChargeState.REFUNDED: "Pago por PIX e devolvido depois",
    ChargeState.CHARGED_BACK: "Pago por PIX e desfeito pelo banco",
    ChargeState.IN_MEDIATION: "Pago por PIX, em disputa no Mercado Pago",
}
NO_PAYMENTS = (
    "🧾 <b>Pagamentos do EmDia</b>\n"
    "\n"
    "Nenhum ainda. Quando você pagar, cada pagamento aparece aqui, com o recibo."
)
PAYMENTS = (
    "🧾 <b>Pagamentos do EmDia</b>\n"
    "O que você pagou para usar o EmDia, do mais novo ao mais antigo.\n"
    "\n"
    "Toque em um para ver o recibo."
)
NO_RECEIPT = "Esse pagamento não tem recibo."
PDF_BUTTON = "📄 Baixar em PDF"
NOT_FISCAL = "Este recibo confirma o pagamento. Não é nota fiscal."
TITLE = "Recibo de pagamento"


def payments(history: History) -> str:
    """What stands above the list of payments."""
    return PAYMENTS if history.total else NO_PAYMENTS


def row(line: PaidLine) -> str:
    """A payment on a button: its day, how much, and what became of it where it is not just paid."""
    label = f"{EMOJI[line.state]} {short_date(line.on)} · {format_brl(line.amount)}"
    return label if line.state is ChargeState.APPROVED else f"{label} · {STATES[line.state]}"


def receipt(shown: Receipt) -> str:
    """The receipt in the chat."""
    facts = dict(facts_of(shown))
    return (
        f"🧾 <b>{TITLE}</b>\n"
        f"{safe(facts.pop('O que é'))}\n"
        "\n"
        f"{EMOJI[shown.state]} <b>{facts.pop('Valor')}</b> · {facts.pop('Situação')}\n"
        f"📅 {facts.pop('Pago em')}\n"
        "\n"
        + "\n".join(f"{label}: {_value(label, value)}" for label, value in facts.items())
        + f"\n\n<i>{NOT_FISCAL}</i>"
    )


def facts_of(shown: Receipt) -> list[tuple[str, str]]:
    """What a receipt tells: labels and values, as plain text."""
    facts = [
        ("O que é", f"EmDia por {count_days(shown.days)}"),
        ("Valor", format_brl(shown.amount)),
        ("Situação", PAID_AS.get(shown.state, STATES[shown.state])),
        ("Pago em", f"{shown.approved_local:%d/%m/%Y} às {shown.approved_local:%H:%M}"),
    ]
    if shown.reaches is not None:
        facts.append(("Vale até", short_date(shown.reaches)))
    facts.append(("Quem pagou", shown.name))
    if shown.email:
        facts.append(("E-mail", shown.email))
    return [*facts, (NUMBER, shown.payment_id)]


def file_name(shown: Receipt) -> str:
    """What the file is called."""
    return f"recibo-emdia-{shown.approved_local:%Y-%m-%d}.pdf"


def handed_over(shown: Receipt) -> str:
    """What stands below the file."""
    return (
        f"🧾 <b>Recibo de {format_brl(shown.amount)}</b>, "
        f"pago em {short_date(shown.approved_local.date())}"
    )


NUMBER = "Nº no Mercado Pago"


def _value(label: str, value: str) -> str:
    return f"<code>{safe(value)}</code>" if label == NUMBER else safe(value)
