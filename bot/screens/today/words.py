"""What the day at a glance says."""

from actors.messages.queue import TodayView
from domain.due_dates import long_date
from domain.outbox import MessageState

STATES = {
    MessageState.WAITING: "✍️ Esperando um dado",
    MessageState.QUEUED: "🕒 Na fila",
    MessageState.SENDING: "📤 Saindo agora",
    MessageState.RETRY: "🔁 Vou tentar de novo",
    MessageState.UNKNOWN: "❔ Sem confirmação",
    MessageState.SENT: "✔️ Enviadas",
    MessageState.DELIVERED: "✅ Entregues",
    MessageState.READ: "👀 Lidas",
    MessageState.FAILED: "❌ Não foram",
    MessageState.EXPIRED: "⌛ Passaram da hora",
    MessageState.CANCELLED: "🚫 Canceladas",
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


def _state_line(state: MessageState, count: int) -> str:
    return f"{STATES[state]}: <b>{count}</b>"
