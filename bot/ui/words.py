"""The sentences and the labels that every screen shares, as Telegram HTML.

What comes from outside (names, typed texts) passes through `safe`. Each line closes its own tags,
so a long text can be cut between lines.
"""

import html
import re
from datetime import date, datetime

from domain.due_dates import count_days
from domain.money import format_brl
from domain.subscription import Terms

MONTH_DAYS = 30
HOME_BUTTON = "🏠 Início"
BACK_BUTTON = "⬅️ Voltar"
CONNECT_BUTTON = "📲 Conectar WhatsApp"
WHATSAPP_BUTTON = "📲 WhatsApp"
TODAY_BUTTON = "📅 Hoje"
HELP_BUTTON = "❓ Ajuda"
EXPIRED_BUTTON = "Esse botão já não vale mais."
UNEXPECTED = "Algo deu errado do nosso lado. Tente de novo em alguns instantes."
NOT_UNDERSTOOD = "Ainda não sei o que fazer com isso 🙂 Escolha uma opção aqui embaixo:"
WAIT = "⏳ Só um instante…"
NO_FILE = "Não consegui baixar esse arquivo do Telegram. Mande de novo, com até 5 MB."
DROP_BUTTON = "✖️ Desistir"
DROPPED = "✖️ Deixei isso de lado. Nada foi salvo."
FORM_OVER = "Isso já foi terminado ou deixado de lado."
TYPE_IT = "🤔 Aqui eu preciso de um texto. Escreva a resposta, ou toque em um botão."
MOST_TOAST_CHARACTERS = 190
TIME_TAG = re.compile(r"</?tg-time\b[^>]*>")
MONTHS = (
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
)

WEEKDAYS = (
    "segunda-feira",
    "terça-feira",
    "quarta-feira",
    "quinta-feira",
    "sexta-feira",
    "sábado",
    "domingo",
)


def safe(text: str) -> str:
    """Text from outside, harmless inside HTML."""
    return html.escape(text, quote=False)


def with_notice(notice: str, text: str) -> str:
    """A line about what just happened, above a screen."""
    return f"{notice}\n\n{text}"


def not_understood(sentence: str) -> str:
    """Why what was typed cannot be used, above the question asked again (law 7)."""
    return f"🤔 {safe(sentence)}"


def toast(sentence: str) -> str:
    """A sentence at a length that Telegram takes over the screen."""
    return sentence[:MOST_TOAST_CHARACTERS]


def undo_until(until: datetime) -> str:
    """The label of the button that takes something back, with its end on the owner's clock."""
    return f"↩️ Desfazer até {until:%H:%M}"


def moment_in(instant: datetime, words: str) -> str:
    """An instant that apps redraw as time goes by, `words` where they cannot.

    Telegram takes none that is over: whoever draws it does without, then (`timeless`).
    """
    return f'<tg-time unix="{int(instant.timestamp())}" format="r">{safe(words)}</tg-time>'


def timeless(text: str) -> str:
    """`text` with the words of its instants alone."""
    return TIME_TAG.sub("", text)


def page_of(page: int, pages: int) -> str:
    """What the counter of a list says when it is pressed."""
    return f"Página {page} de {pages}"


def cost(terms: Terms) -> str:
    """What EmDia costs, after the days that are free, if any are: R$ 20,00 por mês no PIX."""
    days = terms.period.days
    each = "por mês" if days == MONTH_DAYS else f"a cada {count_days(days)}"
    free = f"<b>{count_days(terms.trial.days)} grátis</b>. Depois, " if terms.trial.days else ""
    return f"{free}{format_brl(terms.price)} {each} no PIX"


def weekday(day: date) -> str:
    """The day of the week: sexta-feira."""
    return WEEKDAYS[day.weekday()]


def month_name(month: date) -> str:
    """The month of a date: novembro."""
    return MONTHS[month.month - 1]


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
