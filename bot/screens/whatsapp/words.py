"""What the screens about WhatsApp say while it does not work, and why it does not (F4)."""

from datetime import datetime
from typing import assert_never

from bot.ui.words import safe
from domain.contacts import format_phone
from domain.whatsapp import Loss, SessionState

GO_ON_BUTTON = "➡️ Continuar"
AGAIN_BUTTON = "🔄 Conectar de novo"
TRY_NOW_BUTTON = "🔄 Tentar agora"
TRY_AGAIN_BUTTON = "🔄 Tentar de novo"
OTHER_NUMBER_BUTTON = "📲 Conectar outro número"
SHOW_CODE_BUTTON = "🔳 Mostrar o código"
LOG_BUTTON = "📜 O que aconteceu"
WHATSAPP_OFF = (
    "📲 <b>WhatsApp desconectado</b>\n"
    "\n"
    "Nada sai enquanto ele estiver assim. Toque no botão e eu mostro um código para você ler com "
    "o celular do seu negócio."
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
    "mostra algum aviso e depois conecte de novo. Se continuar, leia um código novo."
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
TOO_OLD = (
    "⚠️ <b>O WhatsApp pede uma versão mais nova do EmDia</b>\n"
    "Não é o seu celular, e nada se perdeu. Avise quem cuida do EmDia para atualizar: até lá eu "
    "tento de novo de tempos em tempos."
)
TAKEN_ELSEWHERE = (
    "⚠️ <b>Outro lugar abriu esta mesma conexão</b>\n"
    "Espero um pouco e volto sozinho. Se acontecer de novo, eu paro e aviso: veja se há outro "
    "sistema usando o seu WhatsApp."
)
# Why a line ended, in a few words; what nobody knows has those of the last.
ENDS: dict[str, str] = {
    "408": "o WhatsApp parou de responder",
    "428": "a conexão caiu",
    "503": "o WhatsApp ficou fora do ar",
    "500": "o WhatsApp se perdeu na conversa",
    "515": "o WhatsApp pediu para recomeçar a conexão",
    "440": "outro lugar abriu esta mesma conexão",
    "405": "o WhatsApp pediu uma versão mais nova do EmDia",
    "409": "o WhatsApp não aceitou a conexão",
    "411": "o WhatsApp do celular pede outra versão de conexão",
    "storage": "não consegui guardar os dados da conexão",
    "fenced": "o EmDia trocou de servidor",
    "": "o EmDia precisou recomeçar a conexão",
}
UNKNOWN_END = "o WhatsApp encerrou a conexão"
# These are told by a title of their own.
BY_ITSELF = {"405": TOO_OLD, "440": TAKEN_ELSEWHERE}


def reconnecting(code: int | str | None) -> str:
    """The line is lost and comes back by itself; `code` is how it ended, where it did."""
    told = BY_ITSELF.get(str(code))
    if told is not None:
        return told
    why = "A conexão caiu" if code is None else sentence(why_ended(code))
    return (
        "🔄 <b>Reconectando ao WhatsApp</b>\n"
        "\n"
        f"{why}, e eu já estou tentando de novo. Você não precisa fazer nada: "
        "as mensagens esperam e saem quando ela voltar."
    )


def why_ended(code: int | str | None) -> str:
    """Why a line ended, in words and never as a code (law 7)."""
    return ENDS.get("" if code is None else str(code), UNKNOWN_END)


def sentence(text: str) -> str:
    """`text` with a capital letter."""
    return text[:1].upper() + text[1:]


def waiting_for_code(phone: str) -> str:
    """A code is to be typed on this phone."""
    return (
        "⏳ <b>Esperando você digitar o código</b>\n"
        "\n"
        f"Ele vale para {safe(format_phone(phone))} e aparece nesta conversa."
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


def away(  # noqa: PLR0911 - one sentence for each
    state: SessionState,
    until: str | None,
    code: int | str | None = None,
    code_for: str | None = None,
) -> str:
    """How a WhatsApp stands that is not connected."""
    match state:
        case SessionState.DISCONNECTED:
            return WHATSAPP_OFF
        case SessionState.PAIRING:
            return PAIRING if code_for is None else waiting_for_code(code_for)
        case SessionState.PAIRED:
            return reconnecting(code)
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
