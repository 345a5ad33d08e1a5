"""What the texts' screens say. What a client reads stands in a quote, what is edited in a block."""

from datetime import date, datetime

from actors.messages.texts import TextCard, TextGroup, TextMessages, TextPreview, TextRow, TextsView
from bot.screens.texts import reading
from bot.ui.labels import cut_name, day_label
from bot.ui.measure import fits, label_width, width
from bot.ui.words import month_name, safe
from domain.reminders import Kind
from domain.text_editing import Offered
from domain.text_keys import TextKey

NAMES = {
    Kind.REMINDER_2_DAYS: "Vence em 2 dias",
    Kind.REMINDER_1_DAY: "Vence amanhã",
    Kind.DUE_TODAY: "Vence hoje",
    Kind.BILLING: "Cobrança, 1 dia de atraso",
    Kind.RENEWAL: "Renovação",
    Kind.WELCOME: "Boas-vindas",
    Kind.GENERAL: "Texto novo",
}
WHEN = {
    Kind.REMINDER_2_DAYS: "2 dias antes de vencer",
    Kind.REMINDER_1_DAY: "1 dia antes de vencer",
    Kind.DUE_TODAY: "no dia em que vence",
    Kind.BILLING: "no 1º dia de atraso, uma vez só",
}
OFFERED = {
    Kind.RENEWAL: "Eu ofereço depois de cada renovação",
    Kind.WELCOME: "Eu ofereço depois de cada cadastro",
}
VARIABLES = {
    "nome": "Nome",
    "primeiro_nome": "1º nome",
    "telefone": "Telefone",
    "plano": "Plano",
    "valor": "Valor",
    "servidor": "Servidor",
    "vencimento": "Vencimento",
    "vencimento_extenso": "Por extenso",
    "dias_para_vencer": "Dias faltam",
    "dias_de_atraso": "Dias atraso",
    "status": "Situação",
    "saudacao": "Saudação",
    "data_atual": "Data hoje",
    "hora_atual": "Hora",
    "empresa": "Empresa",
    "empresa_telefone": "Tel. empresa",
    "suporte": "Suporte",
    "pix_chave": "Chave PIX",
    "pix_beneficiario": "Recebedor",
    "pix_copia_e_cola": "Código PIX",
    "informacoes": "Observação",
}
LEGEND = (
    "🟢 sai sozinho · ⚪ desligado\n💬 só sai quando você manda\nO número é quanto já saiu no mês."
)
TITLE = "📝 <b>Textos das mensagens</b>"
TEXTS_BUTTON = "📝 Textos"
NEW_BUTTON = "➕ Novo texto"
SCHEDULE_BUTTON = "⏰ Agendador"
EDIT_BUTTON = "✏️ Mudar o texto"
CONTINUE_BUTTON = "✏️ Continuar o texto"
PREVIEW_BUTTON = "👀 Ver pronto"
TURN_ON = "🟢 Ligar"
TURN_OFF = "⚪ Desligar"
RENAME_BUTTON = "🏷 Mudar o nome"
DROP_BUTTON = "🗑 Apagar"
RESTORE_BUTTON = "♻️ Voltar ao texto padrão"
SAVE_BUTTON = "💾 Salvar"
OTHER_BUTTON = "👤 Ver com outro"
UNDO_BUTTON = "↩️ Desfazer"
LET_GO_BUTTON = "✖️ Desistir"
PIX_BUTTON = "🔑 Cadastrar chave PIX"
COMPANY_BUTTON = "⚙️ Preencher agora"
TAKE_BRACE_BUTTON = "✂️ Tirar essa chave"
ASK_NAME = (
    "<b>Como se chama este texto?</b>\n"
    "Só você vê esse nome. Exemplo: <code>Manutenção na rede</code>"
)
NEW_HEAD = "📝 <b>Novo texto</b>"
WRITING = "✏️ Você tem mudanças que não foram salvas."
TYPE_FIRST = "<i>Ainda não tem nada escrito.</i>"
PUT = "✍️ Digite o texto, ou ponha no fim:"
GONE = "Esse texto não existe mais."
NOT_WRITING = "Esse texto já foi salvo ou deixado de lado."
OUTDATED = "O texto mudou depois disso. Veja como está agora."
SAVED = "💾 Salvo. Já vale na próxima mensagem."
RENAMED = "🏷 Nome mudado."
RESTORED = "♻️ O texto padrão está de volta."
LET_GO = "✖️ Deixei as mudanças de lado. Nada foi salvo."
_MARKS = {True: "🟢", False: "⚪"}


def name_of(row: TextRow) -> str:
    """What its owner calls a text."""
    return row.name or NAMES[row.kind]


def mark_of(row: TextRow) -> str:
    """How it stands: goes by itself, off, or only when it is sent."""
    return _MARKS[row.on] if row.kind.automatic or not row.on else "💬"


def texts(view: TextsView, *, whole: bool) -> str:
    """Above the list; the sum only where every number of it is on the screen (law 10)."""
    total = sum(row.used for row in view.rows)
    counted = "1 mensagem" if total == 1 else f"{total} mensagens"
    sums = f"\n{counted} em {month_name(view.month)}" if total and whole else ""
    return f"{TITLE}{sums}\n\n{LEGEND}"


def text_button(row: TextRow) -> str:
    """A text in the list, with its count."""
    tail = f" · {row.used}"
    mark = mark_of(row)
    return f"{mark} {cut_name(name_of(row), label_width(1) - width(f'{mark} {tail}'))}{tail}"


def text(card: TextCard, rows: int) -> str:
    """One text, with so many `rows` of buttons below it."""
    lines = [f"📝 <b>{safe(name_of(card.row))}</b>", _goes(card), *_todays(card)]
    tail = [_last(card), *([WRITING] if card.writing else []), *_fault(card)]
    head, end = "\n".join(lines), "\n".join(tail)
    whole = f"{head}\n<pre>{safe(reading.within(card.body, reading.MOST_UNITS - 900))}</pre>\n{end}"
    if fits(whole, rows, pinned=True):
        return whole
    shown = safe(reading.within(card.body, reading.MOST_UNITS - 900))
    return f"{head}\n<blockquote expandable>{shown}</blockquote>\n{end}"


def switched(card: TextCard) -> str:
    """What a switch did, over the screen."""
    if not card.row.on:
        stopped = _counted(card.stopped, "mensagem de hoje não sai", "mensagens de hoje não saem")
        return f"⚪ Desligado. {stopped or 'Hoje não muda nada.'}"
    coming = _counted(card.coming, "mensagem sai hoje", "mensagens saem hoje")
    return f"🟢 Ligado. {coming or 'Hoje não muda nada.'}"


def saved(card: TextCard) -> str:
    """What saving did to today, over the screen."""
    if not card.coming:
        return SAVED
    coming = _counted(card.coming, "mensagem de hoje vai com ele", "mensagens de hoje vão com ele")
    return f"💾 Salvo. {coming}"


def went_button(card: TextCard) -> str:
    """The count of the month, which opens those messages."""
    return f"📨 {card.row.used} no mês"


def coming_button(card: TextCard) -> str:
    """The count of today's that are still to go."""
    return f"🕒 {card.coming} hoje"


def stopped_button(card: TextCard) -> str:
    """The count of today's that do not go."""
    return f"🚫 {card.stopped} hoje"


def messages(view: TextMessages) -> str:
    """Above the messages of a text."""
    heads = {
        TextGroup.WENT: f"📨 <b>Saíram em {month_name(view.month)}</b>",
        TextGroup.COMING: "🕒 <b>Ainda saem hoje</b>",
        TextGroup.STOPPED: "🚫 <b>Não saem hoje: o texto está desligado</b>",
    }
    lines = [f"{heads[view.group]} · {view.total}", safe(name_of(view.row))]
    return "\n".join([*lines, *([] if view.messages else ["Nenhuma."])])


def dropped(name: str) -> str:
    """A text that is gone."""
    return f"🗑 Apaguei o texto “{safe(name)}”."


def rename_head(name: str) -> str:
    """Above the question for another name."""
    return f"🏷 <b>{safe(name)}</b>"


# Preview


def preview(card: TextCard, shown: TextPreview, rows: int) -> str:
    """A saved text as a phone will show it."""
    head = f"👀 <b>{safe(name_of(card.row))}</b>\n{reading.whom(shown)}"
    return f"{head}\n{reading.as_read(shown, rows, reading.MOST_UNITS - 300, head)}"


# Editor


def edited(key: TextKey, name: str, body: str, units: int) -> str:
    """The text that is being written, in at most so many UTF-16 units."""
    shown = safe(reading.within(body, max(units, reading.LEAST_PREVIEW)))
    block = f"<pre>{shown}</pre>" if body else TYPE_FIRST
    return f"✏️ <b>{safe(name or NAMES[key.kind])}</b>\n{block}"


def fault(sentence: str) -> str:
    """Why it cannot be saved as it is."""
    return f"⚠️ {safe(sentence)}"


def mend_button(right: str) -> str:
    """The button that sets it right."""
    return cut_name(f"✅ Trocar por {right}", label_width(1)) if right else TAKE_BRACE_BUTTON


def variable_button(offered: Offered) -> str:
    """A variable on offer, in words."""
    label = offered.own.name if offered.own else VARIABLES[offered.name]
    return cut_name(label, label_width(3))


def _goes(card: TextCard) -> str:
    row = card.row
    own = "seu texto" if card.own else "texto padrão"
    if row.kind is Kind.GENERAL:
        return "💬 Sai quando você manda." if row.on else "⚪ Desligado: não aparece para mandar."
    if row.kind.automatic:
        how = f"Sai sozinho {WHEN[row.kind]}" if row.on else "Desligado: não sai nada sozinho"
    else:
        how = OFFERED[row.kind] if row.on else "Desligado: não ofereço mais"
    return f"{mark_of(row)} {how} · {own}"


def _todays(card: TextCard) -> list[str]:
    if card.stopped and not card.row.on:
        return [_counted(card.stopped, "mensagem de hoje não sai", "mensagens de hoje não saem")]
    if card.coming:
        return [_counted(card.coming, "mensagem de hoje ainda sai", "mensagens de hoje ainda saem")]
    return []


def _last(card: TextCard) -> str:
    if card.last_used is None:
        return "Nunca saiu ainda."
    return f"Saiu por último {_when(card.last_used, card.today)}."


def _when(at: datetime, today: date) -> str:
    days = (today - at.date()).days
    near = {0: "hoje", 1: "ontem"}.get(days)
    return f"{near} às {at:%H:%M}" if near else f"em {day_label(at.date(), today)}"


def _fault(card: TextCard) -> list[str]:
    return [] if card.fault is None else [fault(card.fault.sentence)]


def _counted(count: int, one: str, more: str) -> str:
    if not count:
        return ""
    return f"1 {one}." if count == 1 else f"{count} {more}."
