"""What the screens about WhatsApp say."""

from datetime import datetime
from typing import assert_never

from bot.ui.words import safe
from domain.contacts import format_phone
from domain.whatsapp import Loss, SessionState

NEW_QR_BUTTON = "🔄 Gerar outro código"
MOSTLY = 0.9  # of what was sent: phones that are off are no fault of the line
GO_ON_BUTTON = "➡️ Continuar"
CONNECTING = "⏳ Só um instante, estou preparando o código…"
QR_EXPIRED = "Esse código venceu. Se não chegar outro, toque no botão para gerar um novo."
WHATSAPP_OFF = (
    "📲 <b>WhatsApp desconectado</b>\n"
    "\n"
    "Toque no botão e eu mostro um código para você ler com o celular do seu negócio."
)
RECONNECTING = (
    "🔄 <b>Reconectando ao WhatsApp</b>\n"
    "\n"
    "A conexão caiu e eu já estou tentando de novo. Você não precisa fazer nada: "
    "as mensagens esperam e saem quando ela voltar."
)
PAIRING = (
    "⏳ <b>Esperando a leitura do código</b>\n"
    "\n"
    "O código aparece nesta conversa. Leia com o celular do seu negócio."
)
OTHER_NUMBER = "Para não ficar sem enviar, você pode conectar outro número do seu negócio."
LOGGED_OUT = (
    "⚠️ <b>Seu WhatsApp foi desconectado</b>\n"
    "Isso acontece quando o aparelho é removido lá no celular. "
    "Nada se perdeu: é só ler um código novo e eu continuo de onde parei."
)
LOCKED = (
    "⛔ <b>O WhatsApp bloqueou o acesso deste número</b>\n"
    "Os envios estão parados. Abra o WhatsApp no celular: ele mostra o motivo e como pedir uma "
    f"revisão. {OTHER_NUMBER}"
)
BANNED = (
    "⛔ <b>O WhatsApp baniu este número</b>\n"
    "Os envios estão parados. Fale com o suporte do WhatsApp pelo próprio aplicativo. "
    f"{OTHER_NUMBER}"
)
REPLACED = (
    "⚠️ <b>Seu WhatsApp está sendo usado em outro lugar</b>\n"
    "Outro sistema abriu esta mesma conexão mais de uma vez, e parei por aqui para não "
    "atrapalhar. Feche o outro e conecte de novo quando quiser voltar ao EmDia."
)
PASSKEY = (
    "⚠️ <b>O WhatsApp pediu uma chave de acesso para este número</b>\n"
    "Ainda não consigo conectar contas que exigem isso. Dá para usar outro número do "
    "seu negócio."
)
UNREACHABLE = (
    "⚠️ <b>O WhatsApp encerra a conexão toda vez que eu conecto</b>\n"
    "Tentei algumas vezes e parei, para proteger o seu número. Veja no celular se o WhatsApp "
    "mostra algum aviso e depois conecte de novo."
)
NO_ROUTE = (
    "📡 <b>Não consigo falar com o WhatsApp agora</b>\n"
    "O servidor do EmDia não está alcançando o WhatsApp. Não é o seu celular, e nada se perdeu. "
    "Você não precisa fazer nada: continuo tentando sozinho.\n"
    "\n"
    "Se demorar mais de uma hora, fale com quem cuida do EmDia e toque no botão de novo."
)
PAIRING_FAILED = (
    "⚠️ <b>Não consegui buscar o código no WhatsApp</b>\n"
    "O WhatsApp não respondeu agora. Espere um minuto e toque no botão para tentar de novo."
)


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
    return f"✅ <b>WhatsApp conectado</b>{_number(phone)}"


def whatsapp_works(phone: str | None, sent: int, delivered: int) -> str:
    """Connected, told by what arrived of what was sent in a day (F10), and with which number."""
    if not sent:
        return whatsapp_on(phone)
    if delivered >= sent * MOSTLY:
        title = "✅ <b>WhatsApp entregando bem</b>"
    elif delivered:
        title = "⚠️ <b>WhatsApp conectado, mas só parte chega</b>"
    else:
        title = "⚠️ <b>WhatsApp conectado, mas nada chega</b>"
    return f"{title}{_number(phone)}"


def _number(phone: str | None) -> str:
    return f"\nNúmero: <b>{safe(format_phone(phone))}</b>" if phone else ""


def restricted(until: str | None) -> str:
    """WhatsApp limits what may be sent (F5)."""
    when = f"até {until}" if until else "por um tempo"
    return (
        f"⏸️ <b>O WhatsApp limitou os seus envios {when}</b>\n"
        "Parei a fila para proteger o seu número. Eu volto a enviar sozinho."
    )


def arrived(sent: int, delivered: int, last: str | None) -> str:
    """What really arrived (F10)."""
    lines = [f"Nas últimas 24 horas: <b>{delivered}</b> de <b>{sent}</b> entregues."]
    if last is not None:
        lines.append(f"Última entrega: <b>{last}</b>")
    return "\n".join(lines)


def temporarily_banned(until: str | None) -> str:
    """A ban that ends by itself (F4)."""
    when = f"até {until}" if until else "por um tempo"
    return (
        f"⛔ <b>O WhatsApp suspendeu este número {when}</b>\n"
        "Os envios estão parados, e eu reconecto sozinho quando a suspensão acabar. "
        f"{OTHER_NUMBER}"
    )


def lost(loss: Loss, until: str | None) -> str:  # noqa: PLR0911 - one sentence for each
    """Why the line is gone, and the way out."""
    match loss:
        case Loss.LOGGED_OUT:
            return LOGGED_OUT
        case Loss.TEMPORARILY_BANNED:
            return temporarily_banned(until)
        case Loss.LOCKED:
            return LOCKED
        case Loss.BANNED:
            return BANNED
        case Loss.REPLACED:
            return REPLACED
        case Loss.PASSKEY_REQUIRED:
            return PASSKEY
        case Loss.UNREACHABLE:
            return UNREACHABLE
        case Loss.PAIRING_FAILED:
            return PAIRING_FAILED
        case Loss.NO_ROUTE:
            return NO_ROUTE
        case _:
            assert_never(loss)


def away(state: SessionState, until: str | None) -> str:  # noqa: PLR0911 - one sentence for each
    """How a WhatsApp stands that is not connected."""
    match state:
        case SessionState.DISCONNECTED:
            return WHATSAPP_OFF
        case SessionState.PAIRING:
            return PAIRING
        case SessionState.PAIRED:
            return RECONNECTING
        case SessionState.NEEDS_QR:
            return LOGGED_OUT
        case SessionState.TEMPORARILY_BANNED:
            return temporarily_banned(until)
        case SessionState.LOCKED:
            return LOCKED
        case SessionState.BANNED:
            return BANNED
        case SessionState.REPLACED:
            return REPLACED
        case SessionState.UNREACHABLE:
            return UNREACHABLE
        case _:
            assert_never(state)


def when(instant: datetime | None) -> str | None:
    """An instant as people say it; it comes on the owner's own clock, wherever that is."""
    return None if instant is None else f"{instant:%d/%m às %H:%M}"
