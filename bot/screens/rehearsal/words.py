"""What is said about a day before it comes (J7)."""

from datetime import date, timedelta

from actors.messages.rehearsal import ForeseenPage, ForeseenRow, ForeseenText, RehearsalView
from bot.screens.clients.card_words import KINDS
from bot.screens.today.words import LACKS, held_by
from bot.ui import measure
from bot.ui.labels import bold_row, cut_name, day_label
from bot.ui.measure import PLAIN
from bot.ui.words import safe, weekday
from domain.reasons import Reason, explain
from domain.rehearsal import FATES, GOES, Fate
from domain.reminders import Kind

ONE_DAY = timedelta(days=1)
MARKS = {
    Fate.BILLING: "🔴",
    Fate.DUE_TODAY: "🟡",
    Fate.DUE_TOMORROW: "⏳",
    Fate.DUE_IN_2_DAYS: "📅",
    Fate.BY_HAND: "💬",
    Fate.NOT: "🚫",
    Fate.OFF: "⚪",
}
TITLES = {
    Fate.BILLING: "Recebem a cobrança",
    Fate.DUE_TODAY: "Recebem o aviso do dia",
    Fate.DUE_TOMORROW: "Recebem o lembrete de 1 dia antes",
    Fate.DUE_IN_2_DAYS: "Recebem o lembrete de 2 dias antes",
    Fate.BY_HAND: "Recebem o que você agendou",
    Fate.NOT: "Não vão receber",
    Fate.OFF: "Lembretes desligados",
}
REMINDERS_BUTTON = "🔔 Lembretes"
OTHER_DAY_BUTTON = "📅 Outro dia"
ASK_DAY = (
    "🔮 <b>Que dia você quer ver?</b>\n"
    "Escreva uma data de amanhã em diante.\n"
    "Exemplos: <code>sexta</code>, <code>10/12</code>, <code>daqui a 5 dias</code>"
)
NOT_AHEAD = "Escolha um dia de amanhã em diante, até daqui a um ano. Exemplo: sexta, ou 10/12."
NOTHING = "Nada sai sozinho nesse dia."
MOST_SENTENCES = 3
LONGEST_SHOWN = 1_500
_SHORT = {
    Reason.OPTED_OUT: "pediu SAIR",
    Reason.BILLING_OFF: "não recebe",
    Reason.NOTICES_OFF: "não recebe",
    Reason.PREFERENCE_OFF: "não recebe",
    Reason.PREFERENCES_UNREADABLE: "ver ficha",
    Reason.TOO_LONG: "texto longo",
    Reason.MISSING_VALUES: "falta um dado",
    Reason.ALREADY_MADE: "já recebeu",
    Reason.SUNDAY: "dia de descanso",
}
_DAYS = ("seg", "ter", "qua", "qui", "sex", "sáb", "dom")


def read_button(messages: int) -> str:
    """The button to the texts."""
    return "👀 Ler o texto" if messages == 1 else f"👀 Ler {messages} textos"


def day_short(day: date) -> str:
    """Sex 27/11."""
    return f"{_DAYS[day.weekday()]} {day:%d/%m}"


def rehearsal(view: RehearsalView, rows: int) -> str:
    """A day in numbers, and the first who get nothing, on one phone with so many rows.

    What finds no room is behind the buttons.
    """
    text = ""
    ways = ((3, True, "\n\n"), (1, True, "\n\n"), (0, True, "\n"), (0, False, "\n"))
    for named, lines, between in ways:
        text = between.join("\n".join(part) for part in _said(view, named, lines=lines) if part)
        if measure.fits(text, rows, pinned=True):
            break
    return text


def _said(view: RehearsalView, named: int, *, lines: bool) -> list[list[str]]:
    parts = [[_title(view), *_total(view)]]
    if view.hold is not None:
        parts.insert(0, held_by(view.hold, None))
    if view.rest is not None:
        parts.append([f"😴 {safe(explain(view.rest))}"])
    return [*parts, [*(_going(view) if lines else []), *_off(view)], _not_going(view, named)]


def foreseen(view: ForeseenPage) -> str:
    """The head of a list of the day."""
    title = f"{MARKS[view.fate]} <b>{TITLES[view.fate]}</b>"
    said = f"{title} · {_when(view.day, view.today)} · {view.total}"
    if not view.rows:
        return f"{said}\nNinguém."
    if view.fate in GOES:
        return said
    sentences = dict.fromkeys(one.sentence or explain(one.reason) for one in view.rows)
    return "\n".join([said, *(f"• {safe(one)}" for one in [*sentences][:MOST_SENTENCES])])


def text(view: ForeseenText) -> str:
    """One message of the day, as the phone will show it."""
    if view.shown is None:
        return f"🔮 <b>{_when(view.day, view.today)}</b>\n{NOTHING}"
    row, at = view.shown.row, view.shown.at
    frames = [f"<blockquote>{safe(_cut(one))}</blockquote>" for one in view.texts]
    when = f", umas {at:%H:%M}" if at else ""
    return "\n".join(
        [
            bold_row(row.status.emoji, row.name, row.due_on, view.today),
            f"{KINDS[view.shown.kind]} · {_when(view.day, view.today)}{when}",
            *frames,
        ]
    )


def why_short(one: ForeseenRow) -> str:
    """Why somebody gets nothing, short enough for a row."""
    if one.missing:
        return LACKS.get(one.missing[0], _SHORT[Reason.MISSING_VALUES])
    return _SHORT.get(one.reason, "não vai")


def _title(view: RehearsalView) -> str:
    if view.day == view.today + ONE_DAY:
        day = weekday(view.day).removesuffix("-feira")
        return f"🔮 <b>O que sai amanhã</b> · {day}, {view.day:%d/%m}"
    return f"🔮 <b>O que sai {_when(view.day, view.today)}</b>"


def _when(day: date, today: date) -> str:
    if day == today + ONE_DAY:
        return "amanhã"
    return f"{weekday(day).removesuffix('-feira')}, {day_label(day, today)}"


def _total(view: RehearsalView) -> list[str]:
    goes = sum(view.counts.get(fate, 0) for fate in GOES)
    if not goes:
        return [NOTHING]
    counted = "1 mensagem" if goes == 1 else f"{goes} mensagens"
    hours = ""
    if view.begins and view.ends:
        until = f" até umas {view.ends:%H:%M}" if goes > 1 else ""
        hours = f", das {view.begins:%H:%M}{until}"
    lines = [f"Se ninguém pagar até lá: <b>{counted}</b>{hours}"]
    if view.late and view.closes:
        lines.append(f"Não dá tempo para todas até {view.closes:%H:%M}: sobram {view.late}")
    return lines


def _going(view: RehearsalView) -> list[str]:
    lines = []
    for kind, fate in FATES.items():
        count = view.counts.get(fate, 0)
        if count:
            due = day_label(view.due_dates[kind], view.today)
            verb = "Venceram" if kind is Kind.BILLING else "Vencem"
            lines.append(f"{MARKS[fate]} {verb} em {due}: <b>{count}</b>")
    if count := view.counts.get(Fate.BY_HAND, 0):
        lines.append(f"{MARKS[Fate.BY_HAND]} Agendadas por você: <b>{count}</b>")
    return lines


def _not_going(view: RehearsalView, named: int) -> list[str]:
    count = view.counts.get(Fate.NOT, 0)
    if not count:
        return []
    said = "não vai receber" if count == 1 else "não vão receber"
    return [
        f"🚫 <b>{count} {said}</b>",
        *(_named(one, view.today) for one in view.not_going[:named]),
    ]


def _named(one: ForeseenRow, today: date) -> str:
    tail = f" · {day_label(one.row.due_on, today)}: {why_short(one)}"
    return f"• {safe(cut_name(one.row.name, PLAIN.width / 2, font=PLAIN.font))}{tail}"


def _off(view: RehearsalView) -> list[str]:
    count = view.counts.get(Fate.OFF, 0)
    return [f"⚪ {count} sem lembrete: você deixou desligado"] if count else []


def _cut(said: str) -> str:
    return said if len(said) <= LONGEST_SHOWN else f"{said[:LONGEST_SHOWN]}…"
