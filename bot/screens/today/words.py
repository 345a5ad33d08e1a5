"""What the queue of today says, and the lists behind its counts."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from actors.messages.queue import DayMessage, DayMessages, Hold, TodayView
from bot.ui.words import safe
from domain.day_groups import DayGroup
from domain.due_dates import count_days, short_date
from domain.outbox import OPEN, MessageState
from domain.reasons import Reason, explain

GROUPS = {
    DayGroup.HELD: ("✍️", "esperando um dado seu", "esperando um dado seu"),
    DayGroup.COMING: ("🕒", "na fila", "na fila"),
    DayGroup.SENT: ("✔️", "saiu", "saíram"),
    DayGroup.ARRIVED: ("✅", "entregue", "entregues"),
    DayGroup.FAILED: ("❌", "não foi", "não foram"),
    DayGroup.CANCELLED: ("🚫", "cancelada", "canceladas"),
    DayGroup.WENT: ("📨", "saiu", "saíram"),
}
FINISHED = (DayGroup.ARRIVED, DayGroup.SENT, DayGroup.FAILED, DayGroup.CANCELLED)
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
UPDATED = "Atualizado."
NOT_FOUND = "Não encontrei essa mensagem."
MOST_REASONS = 3
MINUTES_AN_HOUR = 60
STOP_BUTTON = "⏸ Parar"
GO_ON_BUTTON = "▶️ Voltar a enviar"
SCHEDULED_BUTTON = "🗓 Agenda"
TOMORROW_BUTTON = "🔮 Amanhã"
REFRESH_BUTTON = "🔄"
STOPPED = "Envios parados. Nada sai até você voltar."
GOES_ON = "Envios de volta: o que resta de hoje sai na sua vez."
ONE_BY_ONE = "Uma por vez, para proteger seu número"
EMPTY = (
    "Nenhuma mensagem para hoje.\n"
    "As cobranças entram aqui sozinhas, no 1º dia de atraso de cada cliente."
)
MARKS = {
    MessageState.WAITING: "✍️",
    MessageState.QUEUED: "🕒",
    MessageState.SENDING: "📤",
    MessageState.RETRY: "🔁",
    MessageState.UNKNOWN: "🔁",
    MessageState.SENT: "✔️",
    MessageState.DELIVERED: "✅",
    MessageState.READ: "👀",
    MessageState.FAILED: "❌",
    MessageState.EXPIRED: "❌",
    MessageState.CANCELLED: "🚫",
}
LACKS = {
    "valor": "falta o valor",
    "plano": "falta o plano",
    "servidor": "falta servidor",
    "informacoes": "faltam notas",
    "pix_chave": "falta o PIX",
    "pix_beneficiario": "falta o PIX",
    "pix_copia_e_cola": "falta o PIX",
    "empresa": "falta empresa",
    "empresa_telefone": "falta telefone",
    "suporte": "falta suporte",
}
LACKS_SOMETHING = "falta um dado"
_HOLDS = {
    Reason.NEEDS_QR: "📵 <b>WhatsApp desconectado: nada sai</b>\nConecte, e a fila anda sozinha.",
    Reason.NOT_CONNECTED: (
        "📵 <b>WhatsApp sem conexão: nada sai</b>\nEu tento de novo sem parar. Veja se ele está "
        "ligado."
    ),
    Reason.BANNED: "⛔ <b>O WhatsApp bloqueou o seu número: nada sai</b>",
    Reason.ACCESS_ENDED: "⏸ <b>Seu plano acabou: nada sai</b>",
}


def queue(view: TodayView, groups: Mapping[DayGroup, int]) -> str:
    """The queue of today: what holds it first, then what waits, then what is missing."""
    total = sum(groups.values())
    head = [
        f"📬 <b>Fila de hoje</b> · {messages_count(total)}" if total else "📬 <b>Fila de hoje</b>"
    ]
    finished = [counted(group, groups[group]) for group in FINISHED if group in groups]
    head += [" · ".join(finished)] if finished else []
    held = held_by(view.hold, view.now) if view.hold else []
    parts = [[*held, *_hours(view)], head, _coming(view, groups), _waiting(view, groups)]
    if not total:
        parts.append([EMPTY])
    if view.unbilled:
        parts.append([unbilled_line(view.unbilled)])
    return "\n\n".join("\n".join(part) for part in parts if part)


def held_by(hold: Hold, now: datetime | None) -> list[str]:
    """What keeps all of it from going, for how long, and until when."""
    if hold.reason is Reason.PAUSED:
        since = f" às {hold.since:%H:%M}, há {for_how_long(hold.since, now)}" if hold.since else ""
        if hold.since and now and hold.since.date() < now.date():
            since = f" em {hold.since:%d/%m}, há {for_how_long(hold.since, now)}"
        return [f"⏸ <b>Você parou os envios</b>{since}", "Nada sai, nem o que você escreve."]
    if hold.reason is Reason.RESTRICTED:
        until = f" até {hold.until:%d/%m às %H:%M}" if hold.until else ""
        return [f"⛔ <b>O WhatsApp limitou seus envios{until}</b>", "Depois disso volto sozinho."]
    known = _HOLDS.get(hold.reason)
    return (known or f"⏸ <b>{safe(explain(hold.reason))}</b>").split("\n")


def for_how_long(since: datetime, now: datetime | None) -> str:
    """How long something has lasted: 5 minutos, 2 horas, 3 dias."""
    lasted = max(timedelta(0), now - since) if now else timedelta(0)
    if lasted.days:
        return count_days(lasted.days)
    minutes = int(lasted.total_seconds() // 60)
    if minutes >= MINUTES_AN_HOUR:
        hours = minutes // MINUTES_AN_HOUR
        return "1 hora" if hours == 1 else f"{hours} horas"
    if not minutes:
        return "menos de 1 minuto"
    return "1 minuto" if minutes == 1 else f"{minutes} minutos"


def _hours(view: TodayView) -> list[str]:
    """Where the day stands, when nothing goes because of the hour."""
    if view.now is None or view.opens is None or view.closes is None:
        return []
    if view.now >= view.closes:
        return [f"🌙 <b>O envio de hoje terminou às {view.closes:%H:%M}</b>"]
    if not sum(view.by_state.get(state, 0) for state in OPEN):
        return []
    if view.now < view.opens:
        return [f"🌅 O envio abre às {view.opens:%H:%M}"]
    if view.begins_at is not None and view.now < view.begins_at:
        return [f"🚦 A sua vez de enviar começa às {view.begins_at:%H:%M}"]
    return []


def _coming(view: TodayView, groups: Mapping[DayGroup, int]) -> list[str]:
    count = groups.get(DayGroup.COMING, 0)
    if not count:
        return []
    lines = [f"🕒 <b>{count} na fila</b>"]
    if view.last_turn and view.closes and not view.hold:
        if view.last_turn < view.closes:
            lines[0] += f", até umas {view.last_turn:%H:%M}"
        else:
            lines.append(f"Não cabem todas até {view.closes:%H:%M}: as últimas ficam de fora")
    if count > 1 and not view.hold:
        lines.append(ONE_BY_ONE)
    again = next((one for one in view.coming if MARKS[one.state] == "🔁"), None)
    if again is not None and not view.hold:
        why = f": {safe(explain(again.reason))}" if again.reason else ""
        lines.append(f"🔁 Vai de novo às {again.at:%H:%M}{why}")
    return lines


def _waiting(view: TodayView, groups: Mapping[DayGroup, int]) -> list[str]:
    count = groups.get(DayGroup.HELD, 0)
    if not count:
        return []
    until = f", até {view.closes:%H:%M}" if view.closes else ""
    return [f"✍️ <b>{count} esperando você</b>{until}"]


def counted(group: DayGroup, count: int) -> str:
    """A count with what it counts: "✅ 6 entregues"."""
    mark, one, many = GROUPS[group]
    return f"{mark} {count} {one if count == 1 else many}"


def unbilled_line(clients: int) -> str:
    """How many were left without their billing (E3b)."""
    return (
        f"⚠️ {clients} "
        + ("cliente ficou" if clients == 1 else "clientes ficaram")
        + " sem cobrança"
    )


def see_unbilled(clients: int) -> str:
    """The button to them, where it is the next step."""
    return f"⚠️ {clients} sem cobrança: decidir"


def messages_count(count: int) -> str:
    """1 mensagem, 12 mensagens."""
    return "1 mensagem" if count == 1 else f"{count} mensagens"


def emoji(group: DayGroup) -> str:
    """The mark of a group, the same on its button."""
    return GROUPS[group][0]


def lacks(message: DayMessage) -> str:
    """What a message waits for, short enough for its row."""
    if not message.missing:
        return "texto longo" if message.reason == Reason.TOO_LONG else LACKS_SOMETHING
    return LACKS.get(message.missing[0], LACKS_SOMETHING)


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
