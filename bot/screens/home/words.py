"""What the home screen says."""

from datetime import datetime
from decimal import Decimal

from actors.messages.account import AccountView
from actors.messages.home import HomeView
from bot.ui.words import month_name, safe
from domain.contacts import format_phone
from domain.deliveries import Flow
from domain.due_dates import count_days, short_date
from domain.money import format_brl
from domain.outbox import MessageState
from domain.subscription import DATA_KEPT, WARNING_DAYS, Standing

BAR = 10
ALL = Decimal(1)
CLIENTS_BUTTON = "👥 Gestão de Clientes"
NEW_BUTTON = "➕ Novo cliente"
TODAY_BUTTON = "📬 Fila de hoje"
ACCOUNT_BUTTON = "💳 Minha conta"
TEXTS_BUTTON = "📝 Textos"
SETTINGS_BUTTON = "⚙️ Configurações"
PIX_STEP_BUTTON = "🔑 Cadastrar minha chave PIX"
SHEET_BUTTON = "📥 Enviar planilha"
MENU_BUTTON = "🏠 Ver o menu"
SAMPLES_BUTTON = "🧪 Ver com clientes de exemplo"
EXPORT_BUTTON = "📤 Baixar dados"
COME_BACK_BUTTON = "💳 Gerar PIX e voltar"
PAY_BUTTON = "💳 Pagar o EmDia"
NOTHING_TO_CANCEL = "Não havia nada para cancelar."
WHY_PIX = (
    "<blockquote expandable>Para que serve a chave PIX? Ela vai na mensagem, já com o valor certo. "
    "Seu cliente copia, paga e não precisa te perguntar nada. O dinheiro cai direto na sua conta: "
    "ele não passa pelo EmDia.</blockquote>"
)
NOT_ARRIVING = {
    Flow.PARTLY: "só parte chega",
    Flow.STALLED: "nada chega",
    Flow.UNACKED: "ele não confirma nada",
}
ARRIVED = (MessageState.DELIVERED, MessageState.READ)
WAITING = (MessageState.QUEUED, MessageState.SENDING, MessageState.RETRY, MessageState.UNKNOWN)


def home(view: HomeView) -> str:
    """The figures of the business."""
    return "\n\n".join(
        part
        for part in (_business(view), _clients(view), _month(view), _today(view), _plan(view))
        if part
    )


def ended(view: AccountView) -> str:
    """What stands still, what is kept and until when, and what is open (A6)."""
    if view.standing is Standing.BLOCKED:
        why = f"Motivo: {safe(view.blocked_why)}\n" if view.blocked_why else ""
        return (
            "⛔ <b>Sua conta está bloqueada</b>\n"
            f"{why}\n"
            "Os envios estão parados. Se você acha que é engano, fale com quem cuida do EmDia. "
            "Você ainda pode ver a sua conta e baixar os seus dados."
        )
    kept = short_date(view.ends_on + DATA_KEPT)
    stays = f"ficam guardados até {kept}"
    if view.standing is Standing.ERASABLE:
        stays = f"ficaram guardados até {kept} e já podem ser apagados"
    return (
        f"⏸ <b>Seu acesso terminou em {short_date(view.ends_on)}</b>\n"
        "\n"
        "Os envios estão parados, e nada do que é seu se perdeu: seus clientes e o WhatsApp "
        f"{stays}.\n"
        "\n"
        "<b>Para voltar</b>, gere um PIX e pague no seu banco: eu libero sozinho assim que cair. "
        "As mensagens dos dias parados não saem atrasadas.\n"
        "\n"
        "Você ainda pode ver a sua conta e baixar os seus dados."
    )


def is_near_the_end(view: HomeView) -> bool:
    """Whether to pay is due: from the first warning on (A7)."""
    return (view.ends_on - view.today).days <= max(WARNING_DAYS)


def first_steps(view: HomeView) -> str:
    """The checklist that stands in the place of the figures until all is set up (A10)."""
    left = view.steps_left
    missing = "Falta 1 passo" if left == 1 else f"Faltam {left} passos"
    steps = [
        (view.paired, _whatsapp_step(view), "WhatsApp: leia um código com o celular"),
        (view.has_pix, "Chave PIX", "Chave PIX: leva 1 minuto"),
        (
            bool(view.figures.active or view.figures.archived),
            "Primeiro cliente",
            "Primeiro cliente",
        ),
    ]
    done = [is_done for is_done, _, _ in steps]
    following = done.index(False) if False in done else len(steps)
    lines = [
        f"✅ {when_done}" if is_done else f"👉 <b>{to_do}</b>" if at == following else f"⬜ {to_do}"
        for at, (is_done, when_done, to_do) in enumerate(steps)
    ]
    text = (
        f"🏪 <b>{safe(view.name)}</b> · {_standing(view)}\n"
        "\n"
        f"<b>{missing}</b> para a primeira cobrança sair sozinha:\n"
        "\n" + "\n".join(lines)
    )
    return text if view.has_pix or not view.paired else f"{text}\n\n{WHY_PIX}"


REMINDERS_BUTTON = "🔔 Escolher o que sai sozinho"
REMINDERS_SHORT = "🔔 O que sai só"


def see_unbilled(clients: int) -> str:
    """The button to who was left without its billing (E3b)."""
    return "⚠️ 1 cliente sem cobrança" if clients == 1 else f"⚠️ {clients} clientes sem cobrança"


def needs_you(messages: int) -> str:
    """The button about messages that wait for the owner."""
    if messages == 1:
        return "✍️ 1 mensagem precisa de você"
    return f"✍️ {messages} mensagens precisam de você"


def short(label: str) -> str:
    """A label in so few words that it shares its row: an emoji and a number, or what it is."""
    emoji, count, *rest = label.split()
    if not count.isdecimal():
        return REMINDERS_SHORT
    about = "sem cobrança" if "cobrança" in rest else "a resolver"
    return f"{emoji} {count} {about}"


def done_of(by_state: dict[MessageState, int]) -> int:
    """How many messages are over, one way or another."""
    return sum(by_state.get(state, 0) for state in ARRIVED)


def _business(view: HomeView) -> str:
    return f"🏪 <b>{safe(view.name)}</b>\n{_whatsapp(view)}"


def _whatsapp(view: HomeView) -> str:
    if not view.paired:
        return "📲 WhatsApp desconectado: nada sai"
    if not view.connected:
        return "📲 WhatsApp reconectando…"
    if view.paused_until is not None:
        return f"⏸️ O WhatsApp pediu para esperar até {_clock(view, view.paused_until)}"
    if view.flow in NOT_ARRIVING:
        since = f" desde {_clock(view, view.quiet_since)}" if view.quiet_since else ""
        return f"⚠️ WhatsApp conectado, mas {NOT_ARRIVING[view.flow]}{since}"
    if view.last_delivered_at is None:
        return f"📲 WhatsApp conectado: {format_phone(view.phone or '')}"
    at = view.last_delivered_at
    same_day = at.date() == view.today
    return f"📲 WhatsApp entregando · última {f'às {at:%H:%M}' if same_day else f'em {at:%d/%m}'}"


def _clock(view: HomeView, at: datetime) -> str:
    return f"{at:%H:%M}" if at.date() == view.today else f"{at:%d/%m %H:%M}"


def _whatsapp_step(view: HomeView) -> str:
    return f"WhatsApp conectado: {format_phone(view.phone)}" if view.phone else "WhatsApp conectado"


def _clients(view: HomeView) -> str:
    active = view.figures.active
    return f"👥 <b>{'1 cliente' if active == 1 else f'{active} clientes'}</b>"


def _month(view: HomeView) -> str:
    figures = view.figures
    if not figures.expected:
        return ""
    share = int(min(figures.received / figures.expected, ALL) * 100)
    full = share * BAR // 100
    lines = [
        f"💰 <b>{month_name(figures.month).capitalize()}</b>",
        f"Recebido <b>{format_brl(figures.received)}</b> de {format_brl(figures.expected)}",
        f"{'▰' * full}{'▱' * (BAR - full)} {share}%",
    ]
    if figures.overdue_value:
        lines.append(f"🔴 Em atraso <b>{format_brl(figures.overdue_value)}</b>")
    return "\n".join(lines)


def _today(view: HomeView) -> str:
    total = sum(view.by_state.values()) - view.by_state.get(MessageState.CANCELLED, 0)
    if not total:
        return "📬 <b>Hoje</b>: nenhuma mensagem"
    arrived = done_of(view.by_state)
    waiting = sum(view.by_state.get(state, 0) for state in WAITING)
    held = view.by_state.get(MessageState.WAITING, 0)
    counted = "1 mensagem" if total == 1 else f"{total} mensagens"
    line = f"📬 <b>Hoje</b>: {counted}{_arrived(arrived, total)}"
    more = []
    if waiting:
        until = f" até {view.waits_until:%H:%M}" if view.waits_until else ""
        more.append(f"{waiting} esperando{until}")
    if held:
        more.append(f"{held} precisa de você" if held == 1 else f"{held} precisam de você")
    return "\n".join([line, *([" · ".join(more)] if more else [])])


def _arrived(arrived: int, total: int) -> str:
    """How many of all have arrived; nothing while none has."""
    if not arrived:
        return ""
    if arrived == total:
        return ", já entregue" if total == 1 else ", todas entregues"
    return ", 1 já entregue" if arrived == 1 else f", {arrived} já entregues"


def _plan(view: HomeView) -> str:
    standing = _standing(view)
    return f"💳 {standing[0].upper()}{standing[1:]}"


def _standing(view: HomeView) -> str:
    left = (view.ends_on - view.today).days
    if view.standing is Standing.TRIAL:
        return f"grátis até {view.ends_on:%d/%m} ({count_days(max(left, 0))})"
    if view.standing is Standing.ACTIVE:
        return f"plano em dia até {view.ends_on:%d/%m}"
    return f"acesso terminou em {view.ends_on:%d/%m}"
