"""The sentences and the labels that every screen shares, as Telegram HTML.

What comes from outside (names, typed texts) passes through `safe`. Each line closes its own tags,
so a long text can be cut between lines.
"""

import html

HOME_BUTTON = "🏠 Início"
BACK_BUTTON = "⬅️ Voltar"
CONNECT_BUTTON = "📲 Conectar WhatsApp"
WHATSAPP_BUTTON = "📲 WhatsApp"
TODAY_BUTTON = "📅 Hoje"
REFRESH_BUTTON = "🔄 Atualizar"
HELP_BUTTON = "❓ Ajuda"
EXPIRED_BUTTON = "Esse botão já não vale mais."
UNEXPECTED = "Algo deu errado do nosso lado. Tente de novo em alguns instantes."
NOT_UNDERSTOOD = "Ainda não sei o que fazer com isso 🙂 Escolha uma opção aqui embaixo:"


def safe(text: str) -> str:
    """Text from outside, harmless inside HTML."""
    return html.escape(text, quote=False)


def with_notice(notice: str, text: str) -> str:
    """A line about what just happened, above a screen."""
    return f"{notice}\n\n{text}"


# For whoever runs the system.
BOT_UNKNOWN = (
    "O Telegram não aceitou TELEGRAM_BOT_TOKEN. Confira o token com o @BotFather: ele pode ter "
    "sido trocado ou copiado pela metade."
)
WEBHOOK_IS_ON = (
    "O Telegram está entregando as mensagens deste bot em um webhook, e não aqui. Se for uma troca "
    "de versão, passa sozinho; senão, desligue o outro: daqui a pouco este processo desliga o "
    "webhook para ler as mensagens."
)
ANOTHER_POLLS = (
    "Outro processo está lendo as mensagens deste bot. Se for uma troca de versão, passa sozinho; "
    "senão, desligue o outro: o mesmo TELEGRAM_BOT_TOKEN só pode estar em um lugar."
)


def webhook_refused(reason: str) -> str:
    """Telegram's own `reason` for not taking the address, and what to do about it."""
    return (
        "O Telegram não aceitou o endereço em que entregaria as mensagens (EMDIA_PUBLIC_URL, ou "
        f"RAILWAY_PUBLIC_DOMAIN). Ele disse: “{reason}”. Corrija o endereço, ou ponha "
        "EMDIA_TELEGRAM_UPDATES=polling para o EmDia buscar as mensagens."
    )
