"""What one message of the queue says: its words, how it stands, why, and what happened to it."""

from collections.abc import Sequence

from actors.messages.clients import CancelledMessage
from actors.messages.queue_acts import Acted, LogLine, MessageView
from bot.screens.clients.card_words import KINDS
from bot.screens.notices.words import MISSING_LABELS
from bot.screens.today.words import held_by
from bot.ui import measure
from bot.ui.labels import bold_row
from bot.ui.words import safe
from domain.due_dates import short_date
from domain.outbox import MessageState
from domain.pacing import MAX_ATTEMPTS
from domain.queue_acts import QueueAct, perhaps_arrived
from domain.reasons import Reason, explain

S = MessageState
BUTTONS = {
    QueueAct.NOW: "📤 Mandar agora",
    QueueAct.RETRY: "🔁 Tentar de novo",
    QueueAct.CANCEL: "🚫 Cancelar esta",
}
CARD_BUTTON = "👤 Ver o cliente"
WHY_BUTTON = "❓ Por quê?"
PHONE_BUTTON = "✏️ Corrigir o telefone"
UNBILLED_BUTTON = "⚠️ Cobrar mesmo assim"
FILL_BUTTON = "✍️ Preencher o que falta"
TWICE_IS_ONCE = (
    "Pode repetir sem medo: se ela já chegou, o celular reconhece e não mostra duas vezes."
)
LONGEST_SHOWN = 1_500
MOST_LINES = 8
HEADS = {
    S.WAITING: "✍️ <b>Esperando você</b>",
    S.QUEUED: "🕒 <b>Na fila</b>",
    S.SENDING: "📤 <b>Saindo agora</b>",
    S.RETRY: "🔁 <b>Vai de novo</b>",
    S.UNKNOWN: "🔁 <b>Sem confirmação, vai de novo</b>",
    S.SENT: "✔️ <b>Saiu</b>",
    S.DELIVERED: "✅ <b>Entregue</b>",
    S.READ: "👀 <b>Lida</b>",
    S.FAILED: "❌ <b>Não foi</b>",
    S.EXPIRED: "❌ <b>Não foi</b>",
    S.CANCELLED: "🚫 <b>Cancelada</b>",
}
_STEPS = {
    S.WAITING: "espera um dado",
    S.QUEUED: "na fila",
    S.SENDING: "tentativa {attempt}",
    S.RETRY: "não saiu, vai de novo",
    S.UNKNOWN: "sem confirmação",
    S.SENT: "saiu",
    S.DELIVERED: "chegou no celular",
    S.READ: "foi lida",
    S.FAILED: "parou aqui",
    S.EXPIRED: "acabou o horário",
    S.CANCELLED: "cancelada",
}
_DONE = {
    "planned again": "entrou de novo na fila",
    "asked for": "você pediu",
    "brought back": "você desfez: voltou para a fila",
    "first part sent": "saiu o texto, falta o código",
    "to the front": "você passou para a frente",
    "taken back": "não chegou a sair",
}


def cancel_all(pending: int) -> str:
    """The button that cancels all that has not gone to the same client."""
    return f"🚫 Cancelar as {pending} deste cliente"


def message(view: MessageView, rows: int, above: str = "") -> str:
    """One message on one phone with so many rows: what finds no room opens by a touch."""
    head = "\n".join(_head(view))
    logged = _log(view.log)
    text = ""
    for closed, lines in ((False, logged), (True, logged), (True, logged[:2]), (True, [])):
        parts = [above, head, _texts(view, closed=closed), _folded(lines)]
        text = "\n".join(part for part in parts if part)
        if measure.fits(text, rows, pinned=True):
            break
    return text


def acted(done: Acted) -> str:
    """What an act came to, above the message as it stands."""
    if not done.cancelled:
        return ""
    lines = [f"🚫 {safe(_gone(one, done))}" for one in done.cancelled[:MOST_LINES]]
    return "\n".join(["<b>Não vão mais:</b>" if len(lines) > 1 else "<b>Não vai mais:</b>", *lines])


def why(view: MessageView) -> list[str]:
    """Why it is where it is, in plain words (E8); nothing where all is well."""
    if view.missing:
        names = dict.fromkeys(MISSING_LABELS.get(name, f"“{name}”") for name in view.missing)
        return [f"Falta {safe(' e '.join(names))}. Preencha e ela sai sozinha."]
    lines = [safe(explain(view.reason))] if view.reason else []
    if view.state in {S.FAILED, S.EXPIRED, S.CANCELLED} and not lines:
        lines = [safe(explain(Reason.INTERNAL))]
    if perhaps_arrived(view.state, view.reason):
        lines.append(TWICE_IS_ONCE)
    return lines


def _head(view: MessageView) -> list[str]:
    mark = view.row.status.emoji
    day = "de hoje" if view.day == view.today else f"de {short_date(view.day)}"
    return [
        bold_row(mark, view.row.name, view.row.due_on, view.today),
        f"{KINDS[view.kind]} {day}",
        _stands(view),
        *why(view),
        *(held_by(view.hold, None) if view.hold else []),
    ]


def _stands(view: MessageView) -> str:
    head = HEADS[view.state]
    if view.state in {S.SENT, S.DELIVERED, S.READ}:
        return f"{head}{_ticks(view)}"
    if view.state is S.WAITING:
        return f"{head}, até {view.expires_at:%H:%M}"
    if view.turn is not None and view.state is not S.SENDING and not view.hold:
        tried = f" ({view.attempts} de {MAX_ATTEMPTS} tentativas)" if view.attempts else ""
        return f"{head}: deve sair às {view.turn:%H:%M}{tried}"
    return head


def _ticks(view: MessageView) -> str:
    went = [
        f"{mark} {at:%H:%M}"
        for mark, at in (("✔️", view.sent_at), ("✅", view.delivered_at), ("👀", view.read_at))
        if at is not None
    ]
    return f" · {' · '.join(went)}" if went else ""


def _texts(view: MessageView, *, closed: bool) -> str:
    """Each message that the phone shows in a frame of its own."""
    if not view.texts:
        return ""
    tag = "blockquote expandable" if closed else "blockquote"
    frames = [f"<{tag}>{safe(_cut(text))}</blockquote>" for text in view.texts]
    said = "Texto:" if view.fixed else "Vai receber assim:"
    return "\n".join([said, *frames])


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _log(log: Sequence[LogLine]) -> list[str]:
    """What happened to it, the latest first."""
    return [f"{one.at:%d/%m %H:%M} {_step(one)}" for one in log[:MOST_LINES]]


def _step(line: LogLine) -> str:
    said = _STEPS[line.state].format(attempt=line.attempt)
    if line.detail is None:
        return said
    return _DONE[line.detail] if line.detail in _DONE else f"{said}: {safe(explain(line.detail))}"


def _folded(lines: Sequence[str]) -> str:
    if not lines:
        return ""
    told = "\n".join(["O que aconteceu", *lines])
    return f"<blockquote expandable>{told}</blockquote>"


def _gone(one: CancelledMessage, done: Acted) -> str:
    day = "" if one.day == done.message.today else f", {one.day:%d/%m}"
    return f"{KINDS[one.kind]}{day}, ia às {one.at:%H:%M}"
