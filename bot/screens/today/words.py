"""What the day at a glance says."""

from actors.messages.queue import TodayView
from bot.ui.words import safe
from domain.due_dates import long_date

STATES = {
    "waiting": "✍️ Esperando um dado",
    "queued": "🕒 Na fila",
    "sending": "📤 Saindo agora",
    "retry": "🔁 Vou tentar de novo",
    "unknown": "❔ Sem confirmação",
    "sent": "✔️ Enviadas",
    "delivered": "✅ Entregues",
    "read": "👀 Lidas",
    "failed": "❌ Não foram",
    "expired": "⌛ Passaram da hora",
    "cancelled": "🚫 Canceladas",
}


def today(view: TodayView) -> str:
    """The day at a glance."""
    lines = [
        f"📅 <b>Hoje, {long_date(view.day)}</b>",
        "",
        f"🟡 Vencem hoje: <b>{view.due_today}</b>",
        f"🔴 Atrasados: <b>{view.overdue}</b>",
        "",
        "<b>Mensagens de hoje</b>",
        *(_state_line(state, count) for state, count in view.by_state.items() if count),
    ]
    if not any(view.by_state.values()):
        lines.append("Nenhuma mensagem por enquanto.")
    return "\n".join(lines)


def _state_line(state: str, count: int) -> str:
    return f"{STATES.get(state, safe(state))}: <b>{count}</b>"
