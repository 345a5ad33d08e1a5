"""What the account says."""

from actors.messages.account import AccountField, AccountView
from bot.ui.words import safe
from domain.contacts import format_phone
from domain.due_dates import count_days, short_date
from domain.subscription import Standing

LABELS = {
    AccountField.NAME: "✏️ Nome",
    AccountField.EMAIL: "✏️ E-mail",
    AccountField.PHONE: "✏️ Celular",
}
QUESTIONS = {
    AccountField.NAME: "<b>Qual é o nome?</b>\nPode ser o seu ou o do negócio.",
    AccountField.EMAIL: "<b>Qual é o e-mail?</b>\nExemplo: <code>nome@exemplo.com</code>",
    AccountField.PHONE: "<b>Qual é o celular?</b>\nCom o DDD: <code>11 98765-4321</code>",
}
CHANGED = "Mudado."
PAY_LABELS = {
    Standing.TRIAL: "💳 Gerar PIX e assinar",
    Standing.ACTIVE: "💳 Gerar PIX e renovar",
    Standing.ENDED: "💳 Gerar PIX e voltar",
    Standing.ERASABLE: "💳 Gerar PIX e voltar",
}
DATA_BUTTON = "🗄 Meus dados"
NONE = "não informado"


def account(view: AccountView) -> str:
    """The owner's own data (A9)."""
    phone = format_phone(view.phone) if view.phone else NONE
    return (
        "💳 <b>Minha conta</b>\n"
        f"{_standing(view)}\n"
        "\n"
        f"👤 {safe(view.name)}\n"
        f"✉️ {safe(view.email or NONE)}\n"
        f"📱 {phone}\n"
        "\n"
        f"No EmDia desde {short_date(view.since)}."
    )


def _standing(view: AccountView) -> str:
    until = short_date(view.ends_on)
    if view.standing is Standing.TRIAL:
        return f"🎁 Grátis até <b>{until}</b>: {_left(view.days_left)}"
    if view.standing is Standing.ACTIVE:
        return f"✅ Em dia até <b>{until}</b>: {_left(view.days_left)}"
    if view.standing is Standing.BLOCKED:
        why = f"\nMotivo: {safe(view.blocked_why)}" if view.blocked_why else ""
        return f"⛔ Sua conta está bloqueada{why}"
    return f"⏸ Seu acesso terminou em <b>{until}</b>"


def _left(days: int) -> str:
    if days == 0:
        return "hoje é o último dia"
    return f"{'falta' if days == 1 else 'faltam'} {count_days(days)}"
