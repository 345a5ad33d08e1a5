"""What the screens about sheets say."""

from actors.messages.sheets import (
    ImportDone,
    ImportReview,
    ImportRows,
    ImportUndone,
    SampleRow,
    SeenColumn,
    SheetFile,
)
from bot.ui.words import safe
from domain.due_dates import short_date
from domain.import_decision import Left, LeftRow
from domain.money import format_brl

SEND = (
    "📥 <b>Trazer meus clientes de uma planilha</b>\n"
    "\n"
    "Mande aqui o arquivo, <b>Excel ou CSV</b>, com até 5.000 linhas.\n"
    "\n"
    "Eu reconheço as colunas e mostro o que entendi antes de gravar. Nada entra sem você "
    "confirmar.\n"
    "\n"
    "Precisa ter: nome, telefone, valor e vencimento."
)
TEMPLATE_BUTTON = "📄 Quero a planilha modelo"
TEMPLATE = (
    "📄 <b>Planilha modelo</b>\n"
    "Preencha uma linha por cliente e mande de volta aqui. As linhas de exemplo não entram."
)
TOO_BIG = "Esse arquivo passa de 5 MB. Divida a planilha em partes e mande uma de cada vez."
COMES_BACK = "Esta mesma planilha eu leio de volta, sem mudar nada."
TOO_MUCH_TO_COME_BACK = (
    "Para eu ler de volta, ela é grande demais: apague as outras abas e deixe até 20.000 clientes "
    "em cada arquivo."
)
CONFIRM_DONE = "Importado"
UNDO_BUTTON = "↩️ Desfazer a importação"
ANOTHER = "📥 Outra planilha"
CLIENTS_BUTTON = "👥 Meus clientes"
MOST_COLUMNS = 6
MOST_BAD = 2
MOST_NOTES = 2
MOST_NOTE = 110
MOST_NAME = 22
MOST_WORDS = 70
WHICH = {
    Left.BAD: ("⚠️", "Linhas com problema"),
    Left.DOUBLE: ("👯", "Linhas que já existem"),
    Left.GONE: ("🚪", "Não são mais clientes"),
}
SET_RIGHT = "Corrija na planilha e mande o arquivo de novo: quem já entrou não entra outra vez."


def clients(count: int) -> str:
    """How many clients."""
    return "1 cliente" if count == 1 else f"{count} clientes"


def review(view: ImportReview) -> str:
    """The dry run: what was understood, before anything is written."""
    parts = [
        f"📥 <b>{safe(_cut(view.file_name, MOST_WORDS))}</b>\n{_would(view)}",
        _columns(view.columns),
        _sample(view.sample),
        _bad(view.first_bad),
        _notes(view.notes),
    ]
    return "\n\n".join(part for part in parts if part)


def exported(file: SheetFile) -> str:
    """What is in the workbook."""
    archived = f", {file.archived} na aba Arquivados" if file.archived else ""
    payments = "1 pagamento" if file.payments == 1 else f"{file.payments} pagamentos"
    return (
        "📤 <b>Tudo o que é seu</b>\n"
        f"{clients(file.clients)}{archived}, e {payments}.\n"
        f"{COMES_BACK if file.comes_back else TOO_MUCH_TO_COME_BACK}"
    )


def done(view: ImportDone) -> str:
    """What an import did."""
    lines = [f"✅ <b>{clients(view.added)} a mais</b>"]
    if view.updated:
        lines.append(f"✏️ Atualizados: {view.updated}")
    if view.skipped:
        lines.append(f"⏭ Deixados como estavam: {view.skipped}")
    if view.undo is not None:
        lines.append(f"\nDá para desfazer tudo até {view.undo.until:%H:%M}.")
    return "\n".join(lines)


def undone(view: ImportUndone) -> str:
    """What was taken back."""
    lines = ["↩️ <b>Importação desfeita</b>", f"Saíram: {clients(view.removed)}"]
    if view.restored:
        lines.append(f"Voltaram ao que eram: {clients(view.restored)}")
    if view.kept_total:
        names = ", ".join(safe(_cut(name, MOST_NAME)) for name in view.kept)
        more = view.kept_total - len(view.kept)
        others = f" e mais {more}" if more > 0 else ""
        lines.append(f"Ficaram, porque você já mexeu neles: {names}{others}")
    return "\n".join(lines)


def rows(view: ImportRows) -> str:
    """The rows that do not simply enter, each with why."""
    emoji, title = WHICH[view.which]
    head = f"{emoji} <b>{title}</b> · {view.total}"
    if not view.rows:
        return f"{head}\n\nNenhuma."
    advice = ["", SET_RIGHT] if view.which is Left.BAD else []
    return "\n".join([head, "", *(_row(row) for row in view.rows), *advice])


def see_left(which: Left, count: int, *, alone: bool) -> str:
    """The way to rows that do not simply enter; in words where the button has room for them."""
    emoji, _ = WHICH[which]
    words = {
        Left.BAD: "com problema",
        Left.DOUBLE: "já existe" if count == 1 else "já existem",
        Left.GONE: "de fora",
    }
    return f"{emoji} {count} {words[which]}" if alone else f"{emoji} {count}"


def _would(view: ImportReview) -> str:
    said = [f"Entram <b>{clients(view.new)}</b>"]
    if view.doubles:
        said.append("1 já existe" if view.doubles == 1 else f"{view.doubles} já existem")
    if view.bad:
        said.append("1 com problema" if view.bad == 1 else f"{view.bad} com problema")
    if view.left_out:
        said.append(f"{view.left_out} de fora")
    return " · ".join(said)


def _columns(columns: tuple[SeenColumn, ...]) -> str:
    read = [column for column in columns if column.read_as is not None]
    unread = [column.header for column in columns if column.read_as is None]
    lines = [
        f"{safe(_cut(column.header, MOST_NAME))} → <b>{safe(column.read_as or '')}</b>"
        for column in read[:MOST_COLUMNS]
    ]
    if unread:
        lines.append(f"Não usei: {safe(_cut(', '.join(unread), MOST_WORDS))}")
    # What went wrong is seen first: the columns open at a touch (law 2).
    return f"<blockquote expandable>{chr(10).join(lines)}</blockquote>" if lines else ""


def _sample(sample: tuple[SampleRow, ...]) -> str:
    if not sample:
        return ""
    first = sample[0]
    return (
        f"Li assim, por exemplo:\n👤 {safe(_cut(first.name, MOST_NAME))} · "
        f"{short_date(first.due_on)} · {format_brl(first.price)}"
    )


def _bad(bad: tuple[LeftRow, ...]) -> str:
    return "\n".join(_row(row) for row in bad[:MOST_BAD])


def _row(row: LeftRow) -> str:
    who = f" · {safe(_cut(row.name, MOST_NAME))}" if row.name else ""
    return f"<b>Linha {row.row}</b>{who}: {safe(_cut(row.words, MOST_WORDS))}"


def _notes(notes: tuple[str, ...]) -> str:
    return "\n".join(f"ℹ️ {safe(_cut(note, MOST_NOTE))}" for note in notes[:MOST_NOTES])


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
