"""What messages by hand say: the questions, the preview, and what is scheduled (E12, D3, D4)."""

from collections.abc import Iterable
from datetime import date, datetime

from actors.messages.by_hand import HandMessage, HandMessages, HandState, Preview, Written
from bot.screens.clients.card_words import TICKS
from bot.screens.clients.rows import title_of
from bot.screens.notices.words import MISSING_LABELS
from bot.ui.labels import cut_name, day_label, row_label
from bot.ui.measure import PLAIN, fits, label_width, width
from bot.ui.words import safe, weekday
from domain.outbox import ENDED
from domain.reasons import explain

NOW_BUTTON = "📨 Agora"
WRITE_BUTTON = "✍️ Escrever"
WRITE_TO_SOMEBODY_BUTTON = "👥 Escolher um cliente"
TEXT_BUTTON = "📝 Mudar o texto"
TIME_BUTTON = "🕒 Mudar o horário"
AGAIN_BUTTON = "🔁 Marcar de novo"
CANCEL_BUTTON = "🚫 Não mandar"
OFF_THE_LIST_BUTTON = "✖️ Tirar da lista"
TEXT_EDIT = "📝 Texto"
TIME_EDIT = "🕒 Horário"
SEND_BUTTON = "✅ Mandar agora"
SCHEDULE_BUTTON = "✅ Agendar"
CHANGE_BUTTON = "✅ Salvar"
FILLED_BUTTON = "🔄 Já preenchi"
FILL_PIX_BUTTON = "🔑 Preencher o PIX"
FILL_CLIENT_BUTTON = "✏️ Preencher na ficha"
FILL_BUSINESS_BUTTON = "⚙️ Preencher nas configurações"
HISTORY_BUTTON = "📜 Histórico"
CANCELLED = "🚫 Esta mensagem não vai."
EXAMPLES = "<code>amanhã 9h</code> · <code>sexta às 18:30</code> · <code>todo dia 5 às 10h</code>"
ASK_TEXT = (
    "<b>O que você quer dizer?</b>\n"
    "Escolha um texto, ou escreva aqui. "
    "Pode usar <code>{primeiro_nome}</code>, <code>{valor}</code>, <code>{vencimento}</code>."
)
ASK_WHEN = f"<b>Quando eu mando?</b>\nToque, ou escreva: {EXAMPLES}"
EMPTY = (
    "🗓 <b>Nada agendado</b>\n\n"
    "Para mandar ou agendar uma mensagem, abra um cliente e toque em 💬 Mensagem."
)
EMPTY_FOR_CLIENT = "Nada agendado para este cliente."
MOST_LINES = 3
PIX_VARIABLES = frozenset({"pix_chave", "pix_beneficiario", "pix_copia_e_cola"})
BUSINESS_VARIABLES = frozenset({"empresa", "empresa_telefone", "suporte"})
_EMOJI = {HandState.SCHEDULED: "🗓", HandState.QUEUED: "🕒", HandState.ENDED: "⚠️"}
_SAYS = {
    "saudacao": "a saudação",
    "hora_atual": "a hora",
    "data_atual": "a data",
    "status": "a situação",
    "dias_para_vencer": "os dias que faltam",
    "dias_de_atraso": "os dias de atraso",
}


def head(name: str) -> str:
    """Above every question."""
    shown = cut_name(name, PLAIN.width * 0.6, font=PLAIN.font, bold=True)
    return f"💬 <b>Mensagem para {safe(shown)}</b>"


def refused(preview_title: str, refusal: str) -> str:
    """Why nothing can be written to somebody."""
    return f"{preview_title}\n\n🔕 {safe(refusal)}\nPor isso não dá para mandar mensagem."


def ask_when(preview: Preview, rows: int) -> str:
    """The message as it would arrive, and the question when."""
    return _quoted("Chega assim:", preview.words or "", [ASK_WHEN], rows)


def ask_hour(day: date, today: date) -> str:
    """The hour of a day that was said without one."""
    named = _day(day, today).rstrip(",")
    return f"<b>A que horas, {named}?</b>\nToque, ou escreva. Exemplo: <code>9h30</code>"


def offer(says: str) -> str:
    """The nearest moment that works, and why it is not the one that was typed."""
    return f"🤔 {safe(says)}\n\n<b>Pode ser no mais perto que dá?</b>\nOu escreva: {EXAMPLES}"


def not_read(says: str) -> str:
    """What was not understood, and the question again (law 7)."""
    return with_sentence(says, ASK_WHEN)


def with_sentence(says: str, question: str) -> str:
    """What was not understood, above a question asked again."""
    return f"🤔 {safe(says)}\n\n{question}"


def missing(names: Iterable[str]) -> str:
    """What has to be filled in before it can go (D4)."""
    labels = dict.fromkeys(MISSING_LABELS.get(name, f"{{{name}}}") for name in names)
    lines = "\n".join(f"• {safe(label)}" for label in labels)
    return f"✍️ <b>Falta preencher o que o texto usa:</b>\n{lines}\n\nDepois eu mostro como fica."


def too_long(sentence: str) -> str:
    """With this client's data it is more than a message may be."""
    return f"✍️ {safe(sentence)}"


def summary(preview: Preview, *, now: bool, monthly_day: int | None, rows: int) -> str:
    """Whom it is for, when it goes, and the message exactly as the phone will show it."""
    when = "agora" if now else moment(preview.at, preview.today)
    lines = [f"💬 {title_of(preview.row, preview.today)}", f"🕒 <b>{_capital(when)}</b>"]
    if monthly_day is not None:
        lines.append(f"🔁 {repeats(monthly_day)}")
    below = [f"⚠️ {safe(one)}" for one in preview.warnings]
    if preview.by_day and not now:
        below.append(f"ℹ️ Contado para aquele dia: {_listed(preview.by_day)}.")
    return _quoted("\n".join(lines), preview.words or "", below, rows)


def made(written: Written, *, now: bool, rows: int) -> str:
    """What was made."""
    message = written.message
    when = moment(message.at, message.today)
    if message.state is HandState.QUEUED and now:
        title = "💬 <b>Está na fila</b>, sai na frente das outras."
    elif message.state is HandState.GONE:
        title = "💬 <b>Já saiu.</b>"
    elif message.state is HandState.ENDED and _went_today(message):
        title = "🚫 <b>Não se repete mais.</b> A de hoje já saiu, ou está saindo agora."
    elif message.state is HandState.ENDED:
        title = f"🚫 <b>Não vai.</b> {safe(explain(message.reason or ''))}"
    else:
        title = f"🗓 <b>Agendada para {when}</b>"
    lines = [title]
    if message.monthly_day is not None and message.state is not HandState.ENDED:
        lines.append(f"🔁 {repeats(message.monthly_day)}")
    if written.held is not None:
        lines.append(f"🕒 Espera: {safe(written.held)}")
    top = "\n".join([title_of(message.row, message.today), "", *lines])
    return _quoted(top, message.words or message.text, [], rows)


def one(message: HandMessage, rows: int) -> str:
    """One message by hand: when, how it stands, and its words as they will be then."""
    lines = [title_of(message.row, message.today), "", _stands(message)]
    if message.monthly_day is not None and message.state is not HandState.ENDED:
        lines.append(f"🔁 {repeats(message.monthly_day)}")
    below = []
    if message.missing:
        below.append(missing(message.missing))
    elif message.by_day and message.state is HandState.SCHEDULED:
        below.append(f"ℹ️ Contado para aquele dia: {_listed(message.by_day)}.")
    return _quoted("\n".join(lines), message.words or message.text, below, rows)


def listed(view: HandMessages) -> str:
    """Above the list."""
    if not view.total:
        return f"🗓 {title_of(view.row, view.today)}\n\n{EMPTY_FOR_CLIENT}" if view.row else EMPTY
    count = "1 mensagem" if view.total == 1 else f"{view.total} mensagens"
    title = title_of(view.row, view.today) if view.row else "<b>Agendadas por você</b>"
    lines = [f"🗓 {title}", count]
    if any(message.state is HandState.ENDED for message in view.messages):
        lines.append("⚠️ não saiu: toque para marcar de novo")
    return "\n".join(lines)


def row_of_all(message: HandMessage) -> str:
    """One on a button of the list of all: whose it is, and when it goes (law 9)."""
    at = message.at
    return row_label(_emoji(message), message.row.name, at.date(), message.today, f"{at:%H:%M}")


def row_of_client(message: HandMessage) -> str:
    """One on a button of its client's list: its moment and its first words."""
    before = f"{_emoji(message)} {moment_button(message.at, message.today)}: "
    words = " ".join((message.words or message.text).split())
    return f"{before}{cut_name(words, label_width(1) - width(before))}"


def moment(at: datetime, today: date) -> str:
    """A moment in words: "hoje às 18:00", "sexta-feira, 27/11, às 09:00"."""
    return f"{_day(at.date(), today)} às {at:%H:%M}"


def moment_button(at: datetime, today: date) -> str:
    """The same, short, on a button."""
    named = {0: "Hoje", 1: "Amanhã"}.get((at.date() - today).days)
    return f"{named or day_label(at.date(), today)} {at:%H:%M}"


def repeats(monthly_day: int) -> str:
    """How it comes back; a month that lacks the day has its last (C13)."""
    last = " (ou no último do mês)" if monthly_day > 28 else ""  # noqa: PLR2004 - every month has it
    return f"Todo mês, no dia {monthly_day}{last}"


def toast(written: Written, *, now: bool) -> str:
    """Over the screen, once it is made."""
    message = written.message
    when = moment_button(message.at, message.today)
    return "💬 Está na fila" if now else f"🗓 Agendada: {when}"


def _stands(message: HandMessage) -> str:
    when = moment(message.at, message.today)
    if message.state is HandState.SCHEDULED:
        return f"🗓 <b>Sai {when}</b>"
    if message.state is HandState.QUEUED:
        return f"🕒 <b>Na fila: {when}</b>"
    if message.state is HandState.GONE:
        tick = TICKS[message.state_sent] if message.state_sent else ""
        return f"💬 <b>{_capital(when)}</b> · {tick}"
    why = safe(explain(message.reason)) if message.reason else ""
    return f"⚠️ <b>Não saiu.</b> Era para {when}.\n{why}"


def _went_today(message: HandMessage) -> bool:
    """Whether the day's own message of one that repeats could not be kept back."""
    sent = message.state_sent
    return message.monthly_day is not None and sent is not None and sent not in ENDED


def _emoji(message: HandMessage) -> str:
    if message.monthly_day is not None and message.state is not HandState.ENDED:
        return "🔁"
    return _EMOJI.get(message.state, "💬")


def _quoted(top: str, quote: str, below: list[str], rows: int) -> str:
    """The message as a quote; what does not fit on one phone is opened by a touch."""
    text = "\n".join(["", *below]) if below else ""
    whole = f"{top}\n<blockquote>{safe(quote)}</blockquote>{text}"
    if fits(whole, rows, pinned=True):
        return whole
    return f"{top}\n<blockquote expandable>{safe(quote)}</blockquote>{text}"


def _day(day: date, today: date) -> str:
    named = {0: "hoje", 1: "amanhã"}.get((day - today).days)
    return named or f"{weekday(day)}, {day_label(day, today)},"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(_SAYS.get(name, name) for name in names)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
