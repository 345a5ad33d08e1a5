"""What the history of a client, archiving and deleting one say (C4, E8)."""

from collections.abc import Sequence

from actors.messages.clients import (
    Archived,
    CancelledMessage,
    ClientCard,
    Deletion,
    MessagesView,
)
from bot.screens.clients.card_words import KINDS, NO_MESSAGES, message_line
from bot.screens.clients.rows import full_title, title_of
from bot.ui.words import safe
from domain.money import format_brl
from domain.outbox import ENDED
from domain.reasons import explain
from domain.reminders import Kind

CARD_BUTTON = "👤 Ver o cliente"
DELETE_FOR_GOOD_BUTTON = "🗑 Apagar de vez"
ONLY_ARCHIVE_BUTTON = "🗂 Só arquivar"
ASK_THEM = "• Só recebe de novo se escrever para você pedindo."
MOST_CANCELLED = 6
WHY_TITLE = "❓ <b>Por que não recebeu hoje?</b>"


def messages(view: MessagesView) -> str:
    """A page of what went to a client, or did not, with the reason."""
    count = "1 mensagem" if view.total == 1 else f"{view.total} mensagens"
    lines = [f"📜 {full_title(view.row)}", count if view.total else NO_MESSAGES, ""]
    for message in view.messages:
        lines.append(message_line(message))
        if message.state in ENDED and message.reason:
            lines.append(f"   {safe(explain(message.reason))}")
    return "\n".join(lines).strip()


def why(shown: ClientCard, sentences: Sequence[str]) -> str:
    """Why a client received nothing today, or what it did receive."""
    said = [f"• {safe(sentence)}" for sentence in sentences]
    advice = [ASK_THEM] if shown.client.opted_out else []
    return "\n".join([WHY_TITLE, title_of(shown.row, shown.today), "", *said, *advice])


def archived(done: Archived) -> str:
    """A client put away, or back, and what will not go any more."""
    name = full_title(done.row)
    if not done.row.archived:
        return f"{name}\n\n✅ De volta à lista: as mensagens dos próximos dias saem de novo."
    lines = [name, "", "Foi para os arquivados: nada mais é enviado."]
    return "\n".join([*lines, *_cancelled(done.cancelled)])


def ask_delete(lost: Deletion) -> str:
    """What would be lost for good (law 6)."""
    title = full_title(lost.row, before="Apagar ")
    gone = ["• o cadastro e as etiquetas"]
    if lost.messages:
        counted = "1 mensagem" if lost.messages == 1 else f"{lost.messages} mensagens"
        gone.append(f"• {counted} do histórico")
    kept = []
    if lost.payments:
        counted = "1 pagamento" if lost.payments == 1 else f"{lost.payments} pagamentos"
        stay = "continua" if lost.payments == 1 else "continuam"
        kept = ["", f"💰 {counted} ({format_brl(lost.paid)}) {stay} nas contas, sem o nome."]
    return "\n".join(
        [
            title,
            "",
            "<b>Isto não tem volta.</b> Somem para sempre:",
            *gone,
            *kept,
            "",
            "É só uma pausa? Arquive: fica tudo guardado, e nada é enviado.",
        ]
    )


def deleted(name: str) -> str:
    """What the owner reads over the list."""
    return f"{name} foi apagado."


def _cancelled(messages: Sequence[CancelledMessage]) -> list[str]:
    """What would have gone (C7)."""
    if not messages:
        return []
    counted = (
        "1 mensagem</b> que ia" if len(messages) == 1 else f"{len(messages)} mensagens</b> que iam"
    )
    shown = messages[:MOST_CANCELLED]
    lines = [f"• {one.day:%d/%m} às {one.at:%H:%M}, {_what(one.kind)}" for one in shown]
    if len(messages) > MOST_CANCELLED:
        lines.append(f"• e mais {len(messages) - MOST_CANCELLED}")
    return ["", f"🚫 <b>Cancelei {counted} sair:", *lines]


def _what(kind: Kind) -> str:
    return "agendada por você" if kind is Kind.GENERAL else KINDS[kind]
