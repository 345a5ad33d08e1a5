"""Every sentence of the bot, in everyday Brazilian Portuguese, as Telegram HTML.

What comes from outside (names, typed texts) passes through `safe`. Each line closes its own tags,
so a long text can be cut between lines.
"""

import html
from collections.abc import Mapping
from decimal import Decimal

from actors.messages import DailySummary, TodayView
from domain.contacts import format_phone
from domain.due_dates import long_date
from domain.money import format_brl
from domain.reasons import explain

# Buttons

HOME_BUTTON = "🏠 Início"
BACK_BUTTON = "⬅️ Voltar"
CONNECT_BUTTON = "📲 Conectar WhatsApp"
WHATSAPP_BUTTON = "📲 WhatsApp"
NEW_QR_BUTTON = "🔄 Gerar outro código"
TODAY_BUTTON = "📅 Hoje"
REFRESH_BUTTON = "🔄 Atualizar"
HELP_BUTTON = "❓ Ajuda"

COMMANDS = {
    "start": "Começar",
    "menu": "Abrir o menu",
    "whatsapp": "Conectar ou ver o WhatsApp",
    "hoje": "Ver como está o dia",
    "ajuda": "Entender como funciona",
}

# Toasts and troubles

EXPIRED_BUTTON = "Esse botão já não vale mais."
UNEXPECTED = "Algo deu errado do nosso lado. Tente de novo em alguns instantes."
NOT_UNDERSTOOD = "Ainda não sei o que fazer com isso 🙂 Escolha uma opção aqui embaixo:"

# To the admin


def set_aside(actor_id: str) -> str:
    """Tell of a part that failed too often; ids only, nobody's clients (A11)."""
    return (
        f"⚠️ <b>{safe(actor_id)}</b> falhou vezes demais e foi isolado.\n"
        "O resto continua funcionando. Vou tentar de novo sozinho, de tempos em tempos."
    )


def update_set_aside(what: str) -> str:
    """Tell of a message to the bot that could not be handled, however often it was tried."""
    return (
        f"⚠️ Não consegui tratar uma mensagem recebida ({safe(what)}). "
        "Ela ficou guardada e não vai ser tentada de novo."
    )


# Start and home

DEFAULT_NAME = "Meu negócio"
HOME = "<b>EmDia</b>\nO que vamos fazer?"
HELP = (
    "<b>Como o EmDia funciona</b>\n"
    "\n"
    "1️⃣ Você conecta o seu WhatsApp lendo um código, como no WhatsApp Web.\n"
    "2️⃣ Cadastra seus clientes com o plano, o valor e o dia do vencimento.\n"
    "3️⃣ Eu lembro cada cliente na hora certa, uma vez só, com as suas palavras e o seu PIX.\n"
    "\n"
    "Quem atrasou recebe a cobrança no 1º dia de atraso. Depois disso, nada vai sozinho: "
    "quem decide é você.\n"
    "\n"
    "/menu abre o menu\n"
    "/whatsapp conecta o WhatsApp\n"
    "/hoje mostra como está o dia"
)

# WhatsApp

CONNECTING = "⏳ Só um instante, estou preparando o código…"
QR_EXPIRED = "Esse código venceu. Se não chegar outro, toque no botão para gerar um novo."
WHATSAPP_OFF = (
    "📲 <b>WhatsApp desconectado</b>\n"
    "\n"
    "Toque no botão e eu mostro um código para você ler com o celular do seu negócio."
)
LOST = {
    "logged_out": (
        "⚠️ <b>Seu WhatsApp foi desconectado</b>\n"
        "Isso acontece quando o aparelho é removido lá no celular. "
        "Nada se perdeu: é só ler um código novo e eu continuo de onde parei."
    ),
    "banned": (
        "⛔ <b>O WhatsApp bloqueou este número</b>\n"
        "Os envios estão parados. Fale com o suporte do WhatsApp pelo próprio aplicativo."
    ),
    "replaced": (
        "⚠️ <b>Seu WhatsApp foi aberto em outro lugar</b>\n"
        "Parei por aqui para não atrapalhar. Quer voltar a usar o EmDia? Conecte de novo."
    ),
    "passkey_required": (
        "⚠️ <b>O WhatsApp pediu uma chave de acesso para este número</b>\n"
        "Ainda não consigo conectar contas que exigem isso. Dá para usar outro número do "
        "seu negócio."
    ),
}
LOST_OTHERWISE = "⚠️ <b>Seu WhatsApp foi desconectado</b>\nConecte de novo para eu continuar."

# Data a text may lack (D4): what the owner has to fill in

MISSING_LABELS = {
    "pix_chave": "sua chave PIX",
    "pix_beneficiario": "o nome de quem recebe o PIX",
    "pix_copia_e_cola": "sua chave PIX",
    "empresa": "o nome da sua empresa",
    "empresa_telefone": "o telefone da sua empresa",
    "suporte": "o contato de suporte",
    "valor": "o valor do plano do cliente",
    "plano": "o plano do cliente",
    "servidor": "o servidor do cliente",
    "informacoes": "as observações do cliente",
}


def safe(text: str) -> str:
    """Text from outside, harmless inside HTML."""
    return html.escape(text, quote=False)


def welcome(name: str) -> str:
    """The first words to a new owner (A10)."""
    return (
        f"Oi{_called(name)}! Eu sou o <b>EmDia</b> 👋\n"
        "\n"
        "Eu lembro os seus clientes do vencimento pelo seu WhatsApp e te mostro quem pagou e "
        "quem está devendo.\n"
        "\n"
        "Seu teste grátis já começou. O primeiro passo é conectar o seu WhatsApp:"
    )


def welcome_back(name: str) -> str:
    """Who has an account already."""
    return f"Oi de novo{_called(name)}! 👋\nO que vamos fazer?"


def connect_to_go_on(name: str) -> str:
    """Who has an account but no WhatsApp yet."""
    return f"Oi de novo{_called(name)}! 👋\nFalta só conectar o seu WhatsApp:"


def _called(name: str) -> str:
    return f", {safe(name)}" if name else ""


def with_notice(notice: str, text: str) -> str:
    """A line about what just happened, above a screen."""
    return f"{notice}\n\n{text}"


def qr_caption(seconds_left: int) -> str:
    """How to read the code, and for how long it can be read (F1)."""
    return (
        "📲 <b>Leia este código com o celular do seu negócio</b>\n"
        "\n"
        "1. Abra o WhatsApp no celular\n"
        "2. Toque em <b>Aparelhos conectados</b>\n"
        "3. Toque em <b>Conectar aparelho</b> e aponte para o código\n"
        "\n"
        f"⏳ Vale por mais {seconds_left} s. Depois eu troco por outro aqui mesmo."
    )


def whatsapp_on(phone: str | None) -> str:
    """Connected, and with which number."""
    number = f"\nNúmero: <b>{safe(format_phone(phone))}</b>" if phone else ""
    return f"✅ <b>WhatsApp conectado</b>{number}"


def restricted(until: str | None) -> str:
    """WhatsApp limits what may be sent (F5)."""
    when = f"até {until}" if until else "por um tempo"
    return (
        f"⏸️ <b>O WhatsApp limitou os seus envios {when}</b>\n"
        "Parei a fila para proteger o seu número. Eu volto a enviar sozinho."
    )


def data_missing(names: tuple[str, ...], messages: int) -> str:
    """What to fill in so that waiting messages can go (D4)."""
    labels = dict.fromkeys(MISSING_LABELS.get(name, name) for name in names)
    waiting = "1 mensagem espera" if messages == 1 else f"{messages} mensagens esperam"
    lines = "\n".join(f"• {safe(label)}" for label in labels)
    return f"✍️ <b>{waiting} por um dado que falta</b>\nPreencha e eu envio:\n{lines}"


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


def _state_line(state: str, count: int) -> str:
    return f"{STATES.get(state, safe(state))}: <b>{count}</b>"


def summary(facts: DailySummary) -> str:
    """The owner's morning (E11)."""
    lines = [
        f"☀️ <b>Bom dia! Seu resumo de {long_date(facts.day)}</b>",
        "",
        f"🟡 Vencem hoje: <b>{facts.due_today}</b>",
        f"🔴 Atrasados: <b>{facts.overdue}</b>{_worth(facts.overdue, facts.overdue_value)}",
        f"📤 Mensagens para hoje: <b>{facts.to_send_today}</b>",
        "",
        f"✔️ Enviadas ontem: <b>{facts.sent_yesterday}</b>",
        f"💰 Recebido ontem: <b>{format_brl(facts.received_yesterday)}</b>",
    ]
    return "\n".join(lines + _problem_lines(facts.problems))


def _worth(count: int, value: Decimal) -> str:
    return f" ({format_brl(value)})" if count else ""


def _problem_lines(problems: Mapping[str, int]) -> list[str]:
    counted = sorted(((n, code) for code, n in problems.items() if n), reverse=True)
    if not counted:
        return []
    lines = [f"• {_times(count)}: {safe(explain(code))}" for count, code in counted]
    return ["", "⚠️ <b>Não foram enviadas ontem</b>", *lines]


def _times(count: int) -> str:
    return "1 mensagem" if count == 1 else f"{count} mensagens"
