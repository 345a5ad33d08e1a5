"""What the screens about WhatsApp say."""

from bot.ui.words import safe
from domain.contacts import format_phone

NEW_QR_BUTTON = "🔄 Gerar outro código"
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
