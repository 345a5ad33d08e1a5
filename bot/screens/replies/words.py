"""What the cards of replies say, each on one phone (law 2)."""

from collections.abc import Iterator, Sequence
from datetime import date

from actors.messages.by_hand import HandMessage
from actors.messages.replies import (
    Line,
    OwnAnswer,
    ReplyCard,
    ReplyClient,
)
from bot.screens.clients.card_words import TICKS, due_words
from bot.screens.clients.rows import emoji_of
from bot.ui.labels import cut_name, day_label
from bot.ui.measure import PLAIN, fits, width
from bot.ui.words import WEEKDAYS, safe
from domain.money import format_brl
from domain.outbox import ENDED
from domain.reasons import explain
from domain.replies import ReplyKind, shown

RENEW_BUTTON = "✅ Recebi, renovar"
ANSWER_BUTTON = "💬 Responder"
PROMISED_BUTTON = "🤝 Prometeu pagar"
PAID_BUTTON = "💰 Só marcar pago"
OTHER_AMOUNT_BUTTON = "✏️ Outro valor"
CLIENT_BUTTON = "👤 Ver cliente"
DONE_BUTTON = "☑️ Já resolvi"
SEND_BUTTON = "📤 Mandar agora"
DONE = "Resolvido."
SENT = "Mandei para a fila. O andamento aparece aqui."
GONE = "Essa conversa não existe mais."
CHECK_BANK = "Olhe no seu banco se caiu. Só renovo quando você confirmar."
WHOSE = "Há mais de um cadastro neste celular. De quem é?"
LEFT = (
    "🔕 Pediu SAIR: não recebe mais nada, e confirmei isso a ele uma vez. "
    "Só volta a receber se escrever VOLTAR."
)
RETURNED = "🔔 Escreveu VOLTAR: as mensagens dele saem de novo."
ASK_ANSWER = "<b>O que você quer responder?</b>\nEscreva aqui. Antes de mandar, eu mostro."
ASK_DAY = (
    "<b>Para que dia ficou o pagamento?</b>\n"
    "Nesse dia mando um lembrete, uma vez só. Digite, por exemplo: <code>dia 10</code>"
)
REMINDER = (
    "{saudacao}, {primeiro_nome}! Hoje é o dia que combinamos para o pagamento. "
    "Qualquer coisa, é só responder por aqui."
)
FUTURE_DAY = "Escolha um dia de amanhã em diante."
MOST_SHOWN = 220
MOST_OPENED = 2_500
MOST_NAME = 40
MOST_LINES = 6
BYTES_IN_KB = 1024
MINUTE = 60
_FILES = {
    ReplyKind.IMAGE: "📷 Foto",
    ReplyKind.AUDIO: "🎤 Áudio",
    ReplyKind.VIDEO: "🎬 Vídeo",
    ReplyKind.PDF: "📄 PDF",
    ReplyKind.DOCUMENT: "📎 Arquivo",
    ReplyKind.STICKER: "🙂 Figurinha",
    ReplyKind.CONTACT: "👤 Contato",
    ReplyKind.LOCATION: "📍 Localização",
    ReplyKind.OTHER: "📎 Mandou algo que só o WhatsApp mostra",
    ReplyKind.DELETED: "🗑 Apagou uma mensagem",
}


def card(shown_card: ReplyCard, client: ReplyClient | None, rows: int) -> str:
    """What was written, how the client stands, and what came of the owner's answer.

    The older lines are left out first, then what is long goes into a block that opens by a touch.
    """
    for most in range(min(MOST_LINES, len(shown_card.lines)), 0, -1):
        text = _card(shown_card, client, most, closed=False)
        if fits(text, rows, pinned=True):
            return text
    return _card(shown_card, client, 1, closed=True)


def whose(reply: ReplyCard) -> str:
    """The clients on one phone, in a line."""
    names = [one.row.name for one in reply.clients]
    more = f" e mais {len(names) - 1}" if len(names) > 1 else ""
    return f"{names[0]}{more}" if names else ""


def asked_answer(name: str) -> str:
    """Who gets the answer."""
    return f"💬 <b>Responder {safe(cut_name(name, PLAIN.width / 2))}</b>"


def asked_day(name: str) -> str:
    """Who promised."""
    return f"🤝 <b>{safe(cut_name(name, PLAIN.width * 0.8))}</b>"


def preview(name: str, words: str, warnings: Sequence[str]) -> str:
    """What goes, exactly as the phone will show it (E12)."""
    block = "blockquote expandable" if len(words) > MOST_SHOWN else "blockquote"
    lines = [
        asked_answer(name),
        "Vai assim, pelo WhatsApp:",
        f"<{block}>{safe(words)}</blockquote>",
    ]
    return "\n".join([*lines, *(f"⚠️ {safe(one)}" for one in warnings)])


def remind_button(day: date) -> str:
    """The button that schedules the one message of a promise (J3)."""
    return f"🤝 Lembrar {weekday_short(day)}, {day:%d/%m}"


def day_button(day: date, today: date) -> str:
    """A day to choose, in full and first."""
    name = "amanhã" if (day - today).days == 1 else weekday_short(day)
    return f"{day:%d/%m} · {name}"


def weekday_short(day: date) -> str:
    """The day of the week as people say it: sexta."""
    return WEEKDAYS[day.weekday()].partition("-")[0]


def reminded(message: HandMessage) -> str:
    """What will go on the promised day."""
    at = message.at
    lines = [
        f"🤝 <b>Lembrete marcado: {weekday_short(at.date())}, {at:%d/%m}, às {at:%H:%M}</b>",
        f"Para {safe(message.row.name)}, uma vez só:",
        f"<blockquote>{safe(message.words or message.text)}</blockquote>",
        "Se ele pagar antes e você renovar, o lembrete é cancelado.",
    ]
    return "\n".join(lines)


def _card(reply: ReplyCard, client: ReplyClient | None, most: int, *, closed: bool) -> str:
    lines = [_title(reply, client)]
    left_out = reply.earlier + len(reply.lines) - most
    if left_out > 0:
        lines.append(f"<i>{'1 mensagem' if left_out == 1 else f'{left_out} mensagens'} antes</i>")
    lines += [_line(one, reply.today, closed=closed) for one in reply.lines[-most:]]
    below = [*_stands(reply, client), *_outcome(reply)]
    return "\n".join([*lines, "", *below] if below else lines)


def _title(reply: ReplyCard, client: ReplyClient | None) -> str:
    if client is None:
        room = PLAIN.width - width("💬  responderam", PLAIN.font, bold=True)
        return f"💬 <b>{safe(cut_name(whose(reply), room))}</b> respondeu"
    row = client.row
    tail = f" · {emoji_of(row)} {day_label(row.due_on, reply.today)}"
    room = PLAIN.width - width(f"💬 {tail} respondeu", PLAIN.font, bold=True)
    return f"💬 <b>{safe(cut_name(row.name, room))}{tail}</b> respondeu"


def _line(line: Line, today: date, *, closed: bool) -> str:
    words = shown(line.text or "", MOST_OPENED if closed else MOST_SHOWN)
    block = "blockquote expandable" if closed else "blockquote"
    quoted = f"<{block}>{safe(words)}</blockquote>" if words.strip() else ""
    if line.kind is ReplyKind.TEXT:
        return quoted or "📎 Mensagem sem texto"
    at = f"às {line.at:%H:%M}" if line.at.date() == today else f"{line.at:%d/%m, %H:%M}"
    return f"{_file(line)} · {at}" + (f"\n{quoted}" if quoted else "")


def _file(line: Line) -> str:
    """A file by its kind, its name and its size: "📄 PDF “recibo.pdf” (47 KB)"."""
    name = f" “{safe(shown(' '.join(line.name.split()), MOST_NAME))}”" if line.name else ""
    facts = [*_length(line.seconds), *_size(line.size_bytes)]
    return f"{_FILES[line.kind]}{name}" + (f" ({', '.join(facts)})" if facts else "")


def _length(seconds: int | None) -> Iterator[str]:
    if seconds:
        yield f"{seconds // MINUTE}:{seconds % MINUTE:02}"


def _size(size: int | None) -> Iterator[str]:
    if size:
        kilobytes = max(1, round(size / BYTES_IN_KB))
        megabytes = f"{kilobytes / BYTES_IN_KB:.1f}".replace(".", ",")
        yield f"{kilobytes} KB" if kilobytes < BYTES_IN_KB else f"{megabytes} MB"


def _stands(reply: ReplyCard, client: ReplyClient | None) -> Iterator[str]:
    """What is still to be paid, and what to do about it."""
    if reply.left:
        yield LEFT
        return
    if reply.returned:
        yield RETURNED
        return
    if client is None:
        yield WHOSE
        return
    due = due_words(client.row.due_on, reply.today)
    if client.open_amount:
        yield f"Em aberto: <b>{format_brl(client.open_amount)}</b>, {due[0].lower()}{due[1:]}"
    else:
        yield due
    if client.opted_out:
        yield "🔕 Não recebe mensagens: pediu SAIR"
    if reply.promised_on is not None:
        day = reply.promised_on
        yield f"🤝 Prometeu pagar <b>{weekday_short(day)}, {day:%d/%m}</b>"
    elif reply.paid and reply.waits:
        yield CHECK_BANK


def _outcome(reply: ReplyCard) -> Iterator[str]:
    """How far the owner's answer came (F7)."""
    answer = reply.answer
    if answer is None:
        return
    yield ""
    if answer.text:
        yield f"Você: <i>{safe(shown(' '.join(answer.text.split()), MOST_NAME))}</i>"
    yield _way(answer)


def _way(answer: OwnAnswer) -> str:
    if answer.goes_on is not None:
        return f"🕒 Sai {weekday_short(answer.goes_on)}, {answer.at:%d/%m}, às {answer.at:%H:%M}"
    ended = answer.state in ENDED and answer.reason
    why = f": {safe(explain(answer.reason or ''))}" if ended else ""
    return f"{TICKS[answer.state]} às {answer.at:%H:%M}{why}"
