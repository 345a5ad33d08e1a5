"""What the list of those who wait says, and the hours of silence."""

from datetime import date, datetime

from actors.messages.replies import Quiet, Replies
from bot.ui.labels import day_label

REPLIES_BUTTON = "📥 Respostas"
QUIET_BUTTON = "🌙 Horas de silêncio"
NIGHT = "🌙 <b>Enquanto você descansava</b>"
MEANWHILE = "📥 <b>O que chegou e eu ainda não contei</b>"
QUIET_TITLE = "🌙 <b>Horas de silêncio</b>"
QUIET_ON_BUTTON = "🟢 Silêncio ligado"
QUIET_OFF_BUTTON = "⚪ Silêncio desligado"
QUIET_HOURS_BUTTON = "🕙 Mudar os horários"
ASK_BEGINS = "<b>A partir de que horas?</b>\nToque, ou digite. Exemplo: <code>22:00</code>"
ASK_ENDS = "<b>Até que horas?</b>\nToque, ou digite. Exemplo: <code>07:00</code>"
NONE_WAIT = (
    "📥 <b>Respostas</b>\n\nNinguém espera por você. Quando um cliente escrever no WhatsApp, "
    "a resposta aparece aqui."
)


def waiting(view: Replies) -> str:
    """How many wait, above them."""
    if not view.total:
        return NONE_WAIT
    count = "1 cliente espera" if view.total == 1 else f"{view.total} clientes esperam"
    return f"📥 <b>Respostas</b>\n{count} por você, quem espera há mais tempo primeiro:"


def together(view: Replies, *, night: bool) -> str:
    """What came in the hours of silence, or while nobody could tell of it, together."""
    count = "1 cliente escreveu" if view.total == 1 else f"{view.total} clientes escreveram"
    title = NIGHT if night else MEANWHILE
    return f"{title}\n{count} e espera{'' if view.total == 1 else 'm'} por você:"


def since(at: datetime, today: date) -> str:
    """Since when one waits, short enough for a row."""
    return f"{at:%H:%M}" if at.date() == today else f"desde {day_label(at.date(), today)}"


def quiet(hours: Quiet) -> str:
    """The hours of silence, and what they do."""
    when = f"das {hours.begins:%H:%M} às {hours.ends:%H:%M}"
    says = (
        f"{when.capitalize()} eu não te aviso das respostas dos clientes. Às {hours.ends:%H:%M} "
        "conto todas de uma vez. Nada se perde, e quem escreve SAIR para de receber na hora."
        if hours.on
        else "Desligado: cada resposta aparece aqui assim que chega, a qualquer hora."
    )
    return f"{QUIET_TITLE}\n\n{says}"


def quiet_turned(*, on: bool) -> str:
    """What a change did, in a toast."""
    return "Silêncio ligado." if on else "Silêncio desligado."


def replies_button(count: int) -> str:
    """The button at home to what waits."""
    return "📥 1 resposta" if count == 1 else f"📥 {count} respostas"
