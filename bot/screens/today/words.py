"""What the day at a glance says, and the lists behind its counts."""

from collections.abc import Sequence

from actors.messages.queue import DayMessages, TodayView, UnbilledClient
from bot.ui.words import safe
from domain.day_groups import DayGroup
from domain.due_dates import long_date, short_date
from domain.reasons import explain

GROUPS = {
    DayGroup.HELD: ("✍️", "esperando um dado seu"),
    DayGroup.COMING: ("🕒", "na fila"),
    DayGroup.SENT: ("✔️", "enviadas"),
    DayGroup.ARRIVED: ("✅", "entregues"),
    DayGroup.FAILED: ("❌", "não foram"),
    DayGroup.CANCELLED: ("🚫", "canceladas"),
    DayGroup.WENT: ("📨", "saíram"),
}
TITLES = {
    DayGroup.HELD: "Esperando um dado seu",
    DayGroup.COMING: "Na fila",
    DayGroup.SENT: "Enviadas, ainda sem confirmação",
    DayGroup.ARRIVED: "Entregues",
    DayGroup.FAILED: "Não foram",
    DayGroup.CANCELLED: "Canceladas",
    DayGroup.WENT: "Saíram",
}
FILL_IN = "Toque em cada um e preencha o que falta: a mensagem sai sozinha depois."
NOBODY_UNBILLED = "✅ <b>Ninguém ficou sem cobrança</b>"
UPDATED = "Atualizado."
MOST_REASONS = 3


def today(view: TodayView, groups: dict[DayGroup, int]) -> str:
    """The day at a glance."""
    lines = [f"📬 <b>Hoje, {long_date(view.day)}</b>", ""]
    lines += [f"🟡 {view.due_today} vencem hoje"] if view.due_today > 1 else []
    lines += ["🟡 1 vence hoje"] if view.due_today == 1 else []
    lines += [f"🔴 {view.overdue} em atraso"] if view.overdue else []
    lines += ["", "<b>Mensagens de hoje</b>"]
    lines += [f"{emoji(group)} {count} {GROUPS[group][1]}" for group, count in groups.items()]
    if not groups:
        lines.append("Nenhuma mensagem por enquanto.")
    return "\n".join(lines)


def emoji(group: DayGroup) -> str:
    """The mark of a group, the same on its button."""
    return GROUPS[group][0]


def messages(view: DayMessages) -> str:
    """The head of a list of a day's messages."""
    day = "hoje" if view.day == view.today else short_date(view.day)
    lines = [f"{emoji(view.group)} <b>{TITLES[view.group]}</b> · {day} · {view.total}"]
    reasons = dict.fromkeys(one.reason for one in view.messages if one.reason)
    lines += [f"• {safe(explain(code))}" for code in [*reasons][:MOST_REASONS]]
    if view.group is DayGroup.HELD and view.messages:
        lines.append(FILL_IN)
    if not view.messages:
        lines.append("Nenhuma.")
    return "\n".join(lines)


def unbilled(clients: Sequence[UnbilledClient]) -> str:
    """Who was left without the billing of its day, and why (E3b)."""
    if not clients:
        return NOBODY_UNBILLED
    counted = f"{len(clients)} clientes ficaram" if len(clients) > 1 else "1 cliente ficou"
    reasons = dict.fromkeys(client.reason for client in clients)
    lines = [
        f"⚠️ <b>{counted} sem cobrança</b>",
        "Passou do 1º dia de atraso, e depois dele nada vai sozinho.",
        "",
        *[f"• {safe(explain(code))}" for code in [*reasons][:MOST_REASONS]],
    ]
    return "\n".join(lines)
