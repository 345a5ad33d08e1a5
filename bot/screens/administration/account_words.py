"""What the screens about one account say."""

from actors.messages.admin import AccountDetail, AccountPayments
from bot.screens.administration.words import EMOJI, grouped
from bot.ui.words import safe
from domain.administration import LineHealth, would_end
from domain.charges import ChargeState
from domain.contacts import format_phone
from domain.due_dates import count_days, short_date
from domain.money import format_brl
from domain.subscription import Standing
from domain.whatsapp import SessionState

GIVE_BUTTON = "🎁 Dar dias"
BLOCK_BUTTON = "⛔ Bloquear"
UNBLOCK_BUTTON = "✅ Desbloquear"
GONE = "Essa conta não existe mais. A lista está como é agora."
NOTHING_TO_TAKE = "Esses dias já tinham sido retirados."
UNBLOCKED = "Desbloqueada. O dono foi avisado."
BLOCKED = "Bloqueada. O dono foi avisado."
TAKEN_BACK = "Dias retirados. O dono foi avisado."
NO_PAYMENTS = "Nenhum pagamento ainda."
_NONE = "não informado"
_STANDING = {
    Standing.ACTIVE: "Em dia até",
    Standing.TRIAL: "Em teste até",
    Standing.ENDED: "Acesso terminou em",
    Standing.ERASABLE: "Já pode ser apagada; terminou em",
    Standing.BLOCKED: "Acesso até",
}
_OFF = {
    None: "nunca conectado",
    SessionState.DISCONNECTED: "desconectado",
    SessionState.PAIRING: "conectando agora",
    SessionState.NEEDS_QR: "desconectado no celular",
    SessionState.TEMPORARILY_BANNED: "suspenso por um tempo",
    SessionState.LOCKED: "travado pelo WhatsApp",
    SessionState.BANNED: "banido pelo WhatsApp",
    SessionState.REPLACED: "em uso em outro lugar",
    SessionState.UNREACHABLE: "sem resposta",
}
_STATES = {
    ChargeState.APPROVED: "aprovado",
    ChargeState.REFUNDED: "devolvido",
    ChargeState.CHARGED_BACK: "contestado",
    ChargeState.IN_MEDIATION: "em disputa",
}


def account(view: AccountDetail) -> str:
    """One account, by its own data and counts."""
    parts = (_title(view), _owner(view), _figures(view), _acts(view))
    return "\n\n".join(part for part in parts if part)


def given(view: AccountDetail, days: int) -> str:
    """What the administrator reads once days were given."""
    return f"Mais {count_days(days)}: até {short_date(view.ends_on)}. O dono foi avisado."


def payments_button(view: AccountDetail) -> str:
    """The way to what it has paid."""
    return f"💰 {_payments(view.payments)}"


def ask_give(view: AccountDetail) -> str:
    """How many days."""
    return (
        f"🎁 <b>Dar dias a {safe(view.name)}</b>\n"
        f"{_STANDING[view.standing]} {short_date(view.ends_on)}.\n"
        "\n"
        "Quantos dias a mais? Toque em um, ou digite o número.\n"
        "Não conta como pagamento, e o dono é avisado."
    )


def give_label(view: AccountDetail, days: int) -> str:
    """A number of days, with the day the access would end on first."""
    return f"{short_date(would_end(view.ends_on, view.today, days))} · +{count_days(days)}"


def ask_block(view: AccountDetail) -> str:
    """Why; and what is lost, with the number (law 6)."""
    return (
        f"⛔ <b>Bloquear {safe(view.name)}</b>\n"
        "\n"
        f"Os envios param na hora: {_stopped(view.waiting)}. O dono só entra de novo quando você "
        "desbloquear; os dados dele ficam guardados.\n"
        "\n"
        "<b>Escreva o motivo.</b> O dono vai ler essa frase.\n"
        "Exemplo: <code>Pagamento contestado no banco</code>"
    )


def payments(view: AccountPayments) -> str:
    """What an account has paid; the sum is that of all pages."""
    title = f"💰 <b>{safe(view.name)}</b>: {_payments(view.total)}, {format_brl(view.paid)}"
    if not view.payments:
        return f"{title}\n\n{NO_PAYMENTS}"
    lines = (
        f"{short_date(one.on)} · {format_brl(one.left)} · {_STATES.get(one.state, one.state.value)}"
        for one in view.payments
    )
    return "\n".join((title, "", *lines))


def _title(view: AccountDetail) -> str:
    lines = [
        f"{EMOJI[view.standing]} <b>{safe(view.name)}</b>",
        f"{_STANDING[view.standing]} <b>{short_date(view.ends_on)}</b>{_left(view)}",
    ]
    if view.blocked_on is not None:
        why = f": {safe(view.blocked_why)}" if view.blocked_why else ""
        lines.append(f"Bloqueada em {short_date(view.blocked_on)}{why}")
    return "\n".join(lines)


def _left(view: AccountDetail) -> str:
    days = (view.ends_on - view.today).days
    if view.standing not in {Standing.ACTIVE, Standing.TRIAL} or days < 0:
        return ""
    return " (último dia)" if not days else f" ({count_days(days)})"


def _owner(view: AccountDetail) -> str:
    phone = format_phone(view.phone) if view.phone else _NONE
    return (
        f"👤 {safe(view.owner)} · desde {short_date(view.since)}\n"
        f"✉️ {safe(view.email or _NONE)}\n"
        f"📱 {phone} · chat <code>{view.tenant_id}</code>"
    )


def _figures(view: AccountDetail) -> str:
    clients = "1 cliente" if view.clients == 1 else f"{grouped(view.clients)} clientes"
    return (
        f"📲 {_line(view)}\n"
        f"👥 {clients}\n"
        f"💬 {_messages(view.messages_today)} hoje, {grouped(view.sent)} enviadas ao todo\n"
        f"💰 {_payments(view.payments)}: {format_brl(view.paid)}"
    )


def _line(view: AccountDetail) -> str:
    """How its WhatsApp does, told by what arrives (F10)."""
    facts = view.facts
    arrived = f"{facts.delivered} de {facts.sent} entregues em 24 horas"
    match view.line:
        case LineHealth.DELIVERING:
            return f"Entregando: {arrived}"
        case LineHealth.FAILING:
            return f"Com falha: {arrived}"
        case LineHealth.QUIET:
            return "Conectado, sem envios em 24 horas"
        case LineHealth.OFF:
            return f"Fora: {_OFF.get(view.state, 'desconectado')}"


def _acts(view: AccountDetail) -> str:
    lines = (f"📜 {one.at:%d/%m %H:%M} · {safe(one.sentence)}" for one in view.acts)
    return "\n".join(lines)


def _stopped(waiting: int) -> str:
    if not waiting:
        return "nada mais sai"
    return "1 mensagem de hoje não sai" if waiting == 1 else f"{waiting} mensagens de hoje não saem"


def _messages(count: int) -> str:
    return "1 mensagem" if count == 1 else f"{grouped(count)} mensagens"


def _payments(count: int) -> str:
    return "1 pagamento" if count == 1 else f"{grouped(count)} pagamentos"
