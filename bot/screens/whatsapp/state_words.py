"""What a WhatsApp that is connected says of itself: first of all what happens to messages (F10)."""

from datetime import datetime
from typing import assert_never

from actors.messages.whatsapp import RecentMessages, WhatsAppScreen
from bot.ui.labels import day_label
from bot.ui.words import safe
from domain.contacts import format_phone
from domain.deliveries import Flow, Recent, flow, quiet_since

TEST_BUTTON = "🧪 Mandar um teste para mim"
RECONNECT_BUTTON = "🔄 Reconectar"
NEW_QR_BUTTON = "🔳 Novo código QR"
DISCONNECT_BUTTON = "🔌 Desconectar"
SURE_BUTTON = "🔌 Sim, desconectar"
DISCONNECTED = "🔌 Desconectado."
RECONNECTING = "Reconectando…"
ALREADY_CONNECTED = "Já está conectado."
FIGURES = {
    Recent.ALL: ("📨", "Enviadas nas últimas 24 horas"),
    Recent.DELIVERED: ("✅", "Entregues nas últimas 24 horas"),
    Recent.READ: ("👀", "Lidas nas últimas 24 horas"),
    Recent.MISSING: ("⏳", "Ainda não chegaram"),
}
TODAY_EMOJI = "📤"
PHONE_OFF = "O celular pode estar desligado"
NOTHING_SENT = "📦 Nenhuma mensagem nas últimas 24 horas."
IF_STALLED = (
    "Veja se o WhatsApp abre no celular do negócio, com internet. Depois mande um teste: "
    "se não chegar, reconecte."
)
HOUR_MINUTES = 60
DAY_MINUTES = 1_440


def connected(screen: WhatsAppScreen) -> str:
    """How it stands, the figures of a day, and since when."""
    parts = [
        f"{_title(screen)}{_number(screen.view.phone)}",
        "\n".join(_arrived(screen)),
        "\n".join(_today(screen)),
    ]
    return "\n\n".join(part for part in parts if part)


def ask_disconnect(screen: WhatsAppScreen) -> str:
    """What stops, with its number (law 6)."""
    waiting = screen.waiting
    stops = (
        "• As cobranças e os lembretes deixam de sair\n"
        if not waiting
        else f"• {'1 mensagem' if waiting == 1 else f'{waiting} mensagens'} de hoje na fila "
        "deixa de sair\n".replace("deixa", "deixa" if waiting == 1 else "deixam")
    )
    return (
        f"🔌 <b>Desconectar o WhatsApp?</b>{_number(screen.view.phone)}\n"
        "\n"
        f"{stops}"
        "• O EmDia sai dos Aparelhos conectados do celular\n"
        "• Para voltar, alguém precisa ler um código novo\n"
        "\n"
        "Seus clientes e o histórico ficam."
    )


def not_unlinked() -> str:
    """The line is closed, and the phone does not know."""
    return (
        "⚠️ Não consegui avisar o WhatsApp. No celular, abra Aparelhos conectados e remova "
        "o aparelho por lá."
    )


def stalled(found: Flow, since: datetime, messages: int) -> str:
    """The alarm (F10): told once a day."""
    what = (
        "o WhatsApp não confirma nada" if found is Flow.UNACKED else "nada chega aos seus clientes"
    )
    return (
        f"⚠️ <b>Conectado, mas {what} desde {since:%H:%M}</b>\n"
        f"As últimas {messages} mensagens saíram e nenhuma chegou.\n"
        "\n"
        f"{IF_STALLED}"
    )


def recent(page: RecentMessages) -> str:
    """The head of a list behind a figure."""
    emoji, title = FIGURES[page.which]
    lines = [f"{emoji} <b>{title}</b> · {page.total}"]
    if page.which is Recent.MISSING and page.total:
        lines.append("O celular de cada um pode estar desligado ou sem internet.")
    if not page.total:
        lines.append("Nenhuma.")
    return "\n".join(lines)


def missing_button(total: int) -> str:
    """The button to all who have not got theirs."""
    return f"⏳ {total} ainda não chegaram"


def _title(screen: WhatsAppScreen) -> str:
    view = screen.view
    if view.paused_until is not None:
        return f"⏸️ <b>O WhatsApp pediu para esperar até {_clock(view.paused_until, screen.now)}</b>"
    since = quiet_since(screen.deliveries)
    found = flow(screen.deliveries)
    at = f" desde {_clock(since, screen.now)}" if since else ""
    match found:
        case Flow.WELL:
            return "📲 <b>WhatsApp entregando bem</b>"
        case Flow.QUIET:
            return "📲 <b>WhatsApp conectado</b>"
        case Flow.PARTLY:
            return "⚠️ <b>Conectado, mas só parte chega</b>"
        case Flow.STALLED:
            return f"⚠️ <b>Conectado, mas nada chega{at}</b>"
        case Flow.UNACKED:
            return f"⚠️ <b>Conectado, mas o WhatsApp não confirma nada{at}</b>"
        case _:
            assert_never(found)


def _number(phone: str | None) -> str:
    return f"\nNúmero {safe(format_phone(phone))}" if phone else ""


def _arrived(screen: WhatsAppScreen) -> list[str]:
    facts = screen.deliveries
    lines = []
    if facts.last_delivered_at is not None:
        at = _clock(facts.last_delivered_at, screen.now)
        lines.append(f"✅ Última entrega: <b>{at}</b>{_ago(facts.last_delivered_at, screen.now)}")
    if not facts.sent:
        return [*lines, NOTHING_SENT]
    lines.append("📦 Nas últimas 24 horas:")
    lines.append(
        f"{_many(facts.sent, 'enviada')} · <b>{_many(facts.delivered, 'entregue')}</b> · "
        f"{_many(facts.read, 'lida')}"
    )
    return lines + _missing(screen)


def _missing(screen: WhatsAppScreen) -> list[str]:
    if flow(screen.deliveries) in {Flow.STALLED, Flow.UNACKED}:
        return [IF_STALLED]
    if screen.missing_total == 1 and screen.missing:
        [row] = screen.missing
        due = day_label(row.due_on, screen.now.date())
        return [f"⏳ Falta chegar: {safe(row.name)} · {due}", PHONE_OFF]
    return []


def _today(screen: WhatsAppScreen) -> list[str]:
    lines = [f"{TODAY_EMOJI} Hoje: {_many(screen.sent_today, 'enviada')}"]
    if screen.view.paired_at is not None:
        lines.append(f"🔒 Conectado desde {day_label(screen.view.paired_at.date(), screen.now)}")
    return lines


def _many(count: int, one: str) -> str:
    return f"{count} {one}" if count == 1 else f"{count} {one}s"


def _clock(at: datetime, now: datetime) -> str:
    """The hour; the day too where it is another."""
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%d/%m às %H:%M}"


def _ago(at: datetime, now: datetime) -> str:
    """How long ago it was, where that says more than the hour."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return ", agora há pouco"
    if minutes < HOUR_MINUTES:
        return f", há {_many(minutes, 'minuto')}"
    hours = minutes // HOUR_MINUTES
    return f", há {_many(hours, 'hora')}" if minutes < DAY_MINUTES else ""
