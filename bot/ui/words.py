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
ANOTHER_POLLS = (
    "Outro processo está lendo as mensagens deste bot. Se for uma troca de versão, passa sozinho; "
    "senão, desligue o outro: o mesmo TELEGRAM_BOT_TOKEN só pode estar em um lugar."
)
