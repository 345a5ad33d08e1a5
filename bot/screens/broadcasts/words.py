"""What is said about broadcasts, as Telegram HTML."""

from collections.abc import Sequence

from bot.ui.words import safe
from domain.broadcasts import Broadcast, BroadcastState, BroadcastTo, Group

PAUSE_BUTTON = "⏸ Pausar"
RESUME_BUTTON = "▶️ Continuar"
STOP_BUTTON = "⏹ Parar de vez"
STOP_FOR_GOOD = "⏹ Parar e não avisar os outros"
LIST_BUTTON = "📣 Avisos"
AUDIENCES = {
    BroadcastTo.ALL: "todas as contas",
    BroadcastTo.TRIAL: "contas em teste",
    BroadcastTo.ACTIVE: "contas em dia",
    BroadcastTo.ENDED: "contas vencidas",
}
SHORT = {
    BroadcastTo.TRIAL: "em teste",
    BroadcastTo.ACTIVE: "em dia",
    BroadcastTo.ENDED: "vencidas",
}
HEADS = {
    BroadcastState.RUNNING: "📣 <b>Avisando {audience}</b>",
    BroadcastState.PAUSED: "⏸ <b>Aviso pausado</b> · {audience}",
    BroadcastState.STOPPED: "⏹ <b>Aviso parado</b> · {audience}",
    BroadcastState.DONE: "✅ <b>Aviso dado</b> · {audience}",
}
WHOM = "<b>Avisar quem?</b>\nQuem está bloqueado por você não recebe."
NOBODY = "Não há conta nenhuma para avisar ainda."
WHAT = (
    "<b>O que você quer avisar?</b>\n"
    "Escreva o texto do jeito que ele vai chegar. Antes de mandar eu mostro como fica."
)
TOUCH_ONE = "Toque em um dos botões para dizer quem recebe."
NEW_HEAD = "📣 <b>Novo aviso</b>"
NEW_BUTTON = "✍️ Novo aviso"
GONE = "Esse aviso não existe mais."
TOASTS = {
    BroadcastState.RUNNING: "Avisando.",
    BroadcastState.PAUSED: "Pausado.",
    BroadcastState.STOPPED: "Parado de vez.",
}
SIGNS = {
    BroadcastState.RUNNING: "📨",
    BroadcastState.PAUSED: "⏸",
    BroadcastState.STOPPED: "⏹",
    BroadcastState.DONE: "✅",
}
# A sign, and what is said of one and of several.
GROUPS = {
    Group.HEARD: ("📨", "recebeu", "receberam"),
    Group.LEFT: ("🕒", "falta avisar", "faltam avisar"),
    Group.SHUT: ("🚫", "bloqueou o bot", "bloquearam o bot"),
    Group.REFUSED: ("❌", "o Telegram recusou", "o Telegram recusou"),
    Group.DOUBTED: (
        "❔",
        "em dúvida: pode ter recebido ou não",
        "em dúvida: podem ter recebido ou não",
    ),
}
LISTS = {
    Group.HEARD: "Contas que receberam",
    Group.LEFT: "Contas que faltam avisar",
    Group.SHUT: "Contas que bloquearam o bot",
    Group.REFUSED: "Contas que o Telegram recusou",
    Group.DOUBTED: "Contas em dúvida",
}
ANNOUNCED = "📣 <b>Aviso do EmDia</b>"
BEGINNING = 18  # characters of a text, on a button
BLOCKS = 10


def announcement(body: str) -> str:
    """What every owner reads."""
    return f"{ANNOUNCED}\n\n{safe(body)}"


def long_announcement(body: str) -> str:
    """The same where it is higher than a phone: it opens with a touch (law 2)."""
    return f"{ANNOUNCED}\n\n<blockquote expandable>{safe(body)}</blockquote>"


def progress(broadcast: Broadcast) -> str:
    """How it goes: what adds up to the total, and nothing that is zero."""
    total, erased = broadcast.total, broadcast.erased
    lines = [_counted(one, broadcast.group(one)) for one in Group if broadcast.group(one)]
    if erased:
        lines.append(f"🗑 {erased} {'apagou' if erased == 1 else 'apagaram'} a conta")
    return "\n".join(
        [
            HEADS[broadcast.state].format(audience=AUDIENCES[broadcast.audience]),
            f"{_bar(total - broadcast.left, total)} {total - broadcast.left} de {total}",
            "",
            *lines,
            "",
            f"<blockquote expandable>{safe(broadcast.body)}</blockquote>",
        ]
    )


def _counted(group: Group, many: int) -> str:
    sign, one, several = GROUPS[group]
    return f"{sign} {many} {one if many == 1 else several}"


def count_button(group: Group, many: int) -> str:
    """A count as the way to its list."""
    sign, *_ = GROUPS[group]
    return f"{sign} {many}"


def reached(group: Group, many: int) -> str:
    """What a list of accounts is."""
    sign, *_ = GROUPS[group]
    below = "Toque em uma para ver a conta." if many else "Nenhuma está assim agora."
    counted = f" · {many}" if many else ""
    return f"{sign} <b>{LISTS[group]}</b>{counted}\n{below}"


def ask_stop(broadcast: Broadcast) -> str:
    """What is lost by stopping (law 6)."""
    left = broadcast.left
    whom = "1 conta não vai" if left == 1 else f"{left} contas não vão"
    return f"⏹ <b>Parar este aviso de vez?</b>\n\n{whom} receber. Quem já recebeu, recebeu."


def tell_doubted_button(many: int) -> str:
    """Have those in doubt told again."""
    return f"❔ Avisar de novo {'a conta' if many == 1 else f'as {many}'} em dúvida"


def audience_button(to: BroadcastTo, many: int) -> str:
    """An audience, with how many it has."""
    label = AUDIENCES[to]
    return f"{label[0].upper()}{label[1:]} · {many}"


def tell_button(to: BroadcastTo, many: int) -> str:
    """Begin."""
    whom = "1 conta" if many == 1 else f"{many} contas"
    return f"📣 Avisar {whom}" if to is BroadcastTo.ALL else f"📣 Avisar {whom} ({SHORT[to]})"


def preview(body: str) -> str:
    """How it will look, word for word."""
    shown = f"<blockquote expandable>{announcement(body)}</blockquote>"
    return f"{NEW_HEAD} · confira antes de mandar\n\n{shown}"


def overview(found: Sequence[Broadcast]) -> str:
    """What the list is."""
    if not found:
        return (
            "📣 <b>Avisos às contas</b>\n\nVocê ainda não avisou nada. Um aviso chega a todas as "
            "contas que você escolher, uma vez só, e você vê quantas receberam."
        )
    return "📣 <b>Avisos às contas</b>\nToque em um para ver quantas contas receberam."


def row(broadcast: Broadcast) -> str:
    """A broadcast as a button: its day and how its text begins."""
    first = " ".join(broadcast.body.split())
    cut = first if len(first) <= BEGINNING else first[: BEGINNING - 1].rstrip() + "…"
    return f"{SIGNS[broadcast.state]} {broadcast.made_at:%d/%m} · {cut}"


def _bar(done: int, total: int) -> str:
    full = BLOCKS if not total else done * BLOCKS // total
    return "▰" * full + "▱" * (BLOCKS - full)
