"""What the form of a new client asks and says (C1, C2, C12)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from actors.messages.clients import ClientRow
from bot.ui.labels import bold_row, cut_name
from bot.ui.measure import PLAIN, width
from bot.ui.words import safe, weekday
from domain.contacts import format_phone
from domain.due_dates import short_date
from domain.first_due import FirstDue, FirstDueWay
from domain.money import format_brl

TITLE = "➕ <b>Novo cliente</b>"
GOES_ON = "📝 Continuando de onde você parou."
SAVE_BUTTON = "✅ Salvar cliente"
SKIP_BUTTON = "⏭ Pular"
NAME = "Qual é o nome?"
PHONE = "Qual é o WhatsApp?"
PLAN = "Qual é o plano?"
PRICE = "Quanto paga?"
SERVER = "Qual é o servidor?"
DUE_ON = "Quando vence?"
NOTES = "Quer anotar alguma coisa?"
HINTS = {
    NAME: "Como você chama essa pessoa.\nExemplo: <code>Ana Souza</code>",
    PHONE: "Com o DDD. Exemplo: <code>11 98765-4321</code>",
    PLAN: "Toque em um, ou digite o nome do seu.\nExemplo: <code>Família 200 Mega</code>",
    PRICE: "Toque em um valor, ou digite.\nExemplo: <code>35,00</code>",
    SERVER: "Toque em um, digite outro, ou pule.",
    DUE_ON: (
        "Toque em uma data ou digite, por exemplo:\n"
        "<code>10/12</code>, <code>dia 10</code> ou <code>sexta</code>"
    ),
    NOTES: "Só você lê. Exemplo:\n<code>ligar depois das 18h</code>",
}
NO_PRESETS = {
    PRICE: "Digite o valor. Exemplo: <code>35,00</code>",
    SERVER: "Digite o nome, ou pule.",
}
MOST_USED = "o mais usado"
WELCOME = "Mando as boas-vindas?"
ANOTHER_BUTTON = "➕ Outro cliente"
EDITS = (
    (("name", "✏️ Nome"), ("phone", "✏️ Celular"), ("plan", "✏️ Plano")),
    (("price", "✏️ Valor"), ("server", "✏️ Servidor"), ("due_on", "✏️ Data")),
)
OWN_EDIT = "✏️ Seus campos"
MOST_SHOWN = 34
MOST_OWN_SHOWN = 40
MOST_OWN_LINES = 3
MOST_OWNERS = 2


def question(sentence: str, number: int, steps: int, hint: str | None = None) -> str:
    """A question with its place among all, and how to answer it."""
    return f"<b>{sentence}</b> · passo {number} de {steps}\n{hint or HINTS[sentence]}"


def own_question(names: Sequence[str], number: int, steps: int) -> str:
    """The question for the tenant's own fields, all at once."""
    if len(names) == 1:
        return question(f"{safe(names[0])}?", number, steps, "Digite, ou pule.")
    shown = "\n".join(f"• {safe(name)}" for name in names)
    hint = f"Escreva um em cada linha, nesta ordem:\n{shown}"
    return question("Seus campos", number, steps, hint)


def too_many_lines(names: Sequence[str]) -> str:
    """More was typed than there are fields."""
    if len(names) == 1:
        return f"Escreva só {names[0]}, em uma linha."
    listed = f"{', '.join(names[:-1])} e {names[-1]}"
    return f"São só {len(names)} campos: {listed}. Escreva um em cada linha."


def head(values: Mapping[str, str]) -> str:
    """What is known already, above each question."""
    return "\n".join([TITLE, *_known(values)])


def keeps(shown: str) -> str:
    """The button that leaves an answer as it is."""
    return f"✅ Manter {shown}"


def first_due(one: FirstDue, today: date) -> str:
    """A due date on a button, the date first."""
    days = (one.due_on - today).days
    says = {
        FirstDueWay.PLAN_LENGTH: f"daqui a {days} dias",
        FirstDueWay.SAME_DAY: "no mês que vem",
        FirstDueWay.USUAL_DAY: f"dia {one.agreed_day}",
    }
    return f"📅 {short_date(one.due_on)} · {says[one.way]}"


def passed(due_on: date) -> str:
    """A due date that was typed in time, and is past now."""
    return f"{short_date(due_on)} já passou. Escolha uma data de hoje em diante."


def shares_phone(owners: Sequence[ClientRow], today: date) -> str:
    """Who has this number already (C2)."""
    lines = [
        f"⚠️ {bold_row(row.status.emoji, row.name, row.due_on, today)}"
        for row in owners[:MOST_OWNERS]
    ]
    more = len(owners) - MOST_OWNERS
    if more > 0:
        return "\n".join([*lines, f"e mais {more} já usam este celular"])
    use = "já usa este celular" if len(owners) == 1 else "já usam este celular"
    return "\n".join([*lines, use])


def summary(values: Mapping[str, str], due_on: date, own: Sequence[tuple[str, str, bool]]) -> str:
    """All that was answered; `own` are names, values and whether they are secret."""
    lines = [
        f"👤 <b>{_short(values['name'])}</b>",
        f"📱 {format_phone(values['phone'])}",
        f"📦 {_short(values['plan'])} · {format_brl(Decimal(values['price']))}",
        f"🖥 {_short(values['server'])}" if values.get("server") else "",
        f"📅 Vence em <b>{short_date(due_on)}</b>, {weekday(due_on)}",
        _own_lines(own),
        f"📝 {_cut(values['notes'])}" if values.get("notes") else "",
    ]
    known = "\n".join(line for line in lines if line)
    return f"{TITLE} · confira antes de salvar\n\n{known}"


def notes_button(has_notes: bool, *, beside: bool) -> str:
    """The way to the notes from the summary, alone in its row or `beside` another."""
    if beside:
        return "✏️ Observação"
    return "📝 Mudar a observação" if has_notes else "📝 Pôr uma observação"


def saved(row: ClientRow, today: date) -> str:
    """A client was registered."""
    return f"✅ {bold_row(row.status.emoji, row.name, row.due_on, today)}\nCliente salvo."


def _known(values: Mapping[str, str]) -> list[str]:
    if not values.get("name"):
        return []
    parts = [
        cut_name(values["name"], PLAIN.width - width("👤 · (11) 98765-4321 R$ "), font=PLAIN.font)
    ]
    if values.get("plan"):
        parts.append(cut_name(values["plan"], PLAIN.width / 3, font=PLAIN.font))
        if values.get("price"):
            parts.append(format_brl(Decimal(values["price"])))
    elif values.get("phone"):
        parts.append(format_phone(values["phone"]))
    return [f"👤 {safe(' · '.join(parts))}"]


def _own_lines(own: Sequence[tuple[str, str, bool]]) -> str:
    """The own fields; many of them are opened by a touch."""
    lines = "\n".join(_own(name, value, secret=secret) for name, value, secret in own)
    return f"<blockquote expandable>{lines}</blockquote>" if len(own) > MOST_OWN_LINES else lines


def _own(name: str, value: str, *, secret: bool) -> str:
    shown = safe(value if len(value) <= MOST_OWN_SHOWN else f"{value[:MOST_OWN_SHOWN]}…")
    return f"🔑 {safe(name)}: {f'<tg-spoiler>{shown}</tg-spoiler>' if secret else shown}"


def _short(text: str) -> str:
    return safe(cut_name(text, PLAIN.width - width("👤 · R$ 99.999,99"), font=PLAIN.font))


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return safe(line if len(line) <= MOST_SHOWN else f"{line[:MOST_SHOWN]}…")
