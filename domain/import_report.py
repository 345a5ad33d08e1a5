"""A dry run in words: what was read and how, what was not, and every row that does not enter (C11).

Lines of plain text, so that a terminal and a chat can both show them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from domain.clients import NewClient
from domain.contacts import format_phone
from domain.due_dates import short_date
from domain.import_preview import Duplicate, ImportPreview
from domain.money import format_brl
from domain.sheet_columns import Column
from domain.sheet_switches import BILLING_HEADING, NOTICES_HEADING
from domain.sheets import Reading
from domain.text import fold

MOST_SHOWN = 20
SHORT_NOTES_CHARS = 40


def summary(found: ImportPreview, *, dry_run: bool) -> str:
    """The counts in one line."""
    one, many = (
        ("cliente entraria", "clientes entrariam")
        if dry_run
        else (
            "cliente entrou",
            "clientes entraram",
        )
    )
    parts = [
        _count(len(found.clients), one, many),
        _count(len(found.duplicates), "repetido", "repetidos"),
        _count(len(found.faults), "linha com problema", "linhas com problema"),
    ]
    if found.left_out:
        parts.append(_count(len(found.left_out), "deixado de fora", "deixados de fora"))
    return " · ".join(parts)


def how_it_was_read(found: ImportPreview) -> list[str]:
    """Which tab and header, which column for what, what was not read, and three rows as read."""
    return [
        *_place(found.reading),
        *_columns(found),
        *_refused(found),
        *_not_read(found.reading),
        *found.reading.notes,
        *found.notes,
        *_sample(found),
        *_standings(found),
        *_shared_phones(found),
    ]


def doubts(found: ImportPreview) -> list[str]:
    """What to know before confirming: what was not read, and what was read by a rule."""
    return [
        *_refused(found),
        *_not_read(found.reading),
        *found.reading.notes,
        *found.notes,
        *_standings(found),
        *_shared_phones(found),
    ]


def rows_left(found: ImportPreview) -> list[str]:
    """Each row that does not enter, and why."""
    lines = [f"  linha {fault.row}: {fault.reason}" for fault in found.faults]
    entered = {entry.row: entry.client for entry in found.clients}
    lines += [
        f"  linha {same.row}: repetido da linha {same.first_row}"
        + _difference(same, entered[same.first_row])
        for same in found.duplicates
        if same.first_row is not None
    ]
    known = [same for same in found.duplicates if same.first_row is None]
    if known:
        lines.append(f"  {_count(len(known), 'já estava cadastrado', 'já estavam cadastrados')}")
    if archived := [same.row for same in known if same.archived]:
        lines.append(f"  destes, arquivados: {rows_in_words(archived)}. Continuam arquivados.")
    return lines


def _difference(same: Duplicate, first: NewClient) -> str:
    """What the row says otherwise than the one that counts: one of them is out of date."""
    other = differing(same.client, first.due_on, first.price)
    counts = f"vence {short_date(first.due_on)}, {format_brl(first.price)}"
    return f", mas com {other}; vale a primeira ({counts})" if other else ""


def differing(client: NewClient, due_on: date, price: Decimal | None) -> str:
    """What of `client` is not this due date or price, in words; "" when nothing is."""
    other = [
        said
        for said, differs in (
            (f"vence {short_date(client.due_on)}", client.due_on != due_on),
            (format_brl(client.price), client.price != price),
        )
        if differs
    ]
    return " e ".join(other)


def rows_in_words(rows: Sequence[int]) -> str:
    """Row numbers as people list them: linhas 2, 5 a 9."""
    runs: list[list[int]] = []
    for row in sorted(rows):
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    shown = [f"{run[0]}" if len(run) == 1 else f"{run[0]} a {run[-1]}" for run in runs]
    return f"{'linha' if len(rows) == 1 else 'linhas'} {_listed(shown)}"


def _place(reading: Reading) -> list[str]:
    tab = f"aba “{reading.tab}”, " if reading.tab else ""
    return [f"Lido: {tab}nomes das colunas na linha {reading.header_row}."]


def _columns(found: ImportPreview) -> list[str]:
    taken = [use for use in found.columns if use.column is not None]
    order = list(Column)
    taken.sort(key=lambda use: order.index(use.column) if use.column else 0)
    lines = ["Colunas: " + " · ".join(f"{use.column} = “{use.header}”" for use in taken) + "."]
    if ignored := [f"“{use.header}”" for use in found.columns if use.column is None]:
        lines.append(f"Colunas não lidas: {_listed(ignored)}.")
    return lines


def _not_read(reading: Reading) -> list[str]:
    lines = []
    if reading.hidden_columns:
        lines.append(f"Colunas escondidas, não lidas: {_quoted(reading.hidden_columns)}.")
    if lists := [tab for tab in reading.other_tabs if tab.rows]:
        shown = [f"“{tab.name}” ({_count(tab.rows, 'linha', 'linhas')})" for tab in lists]
        lines.append(f"Outras abas com lista, NÃO lidas: {_listed(shown)}.")
    if rest := [tab.name for tab in reading.other_tabs if not tab.rows]:
        lines.append(f"Abas sem lista: {_quoted(rest)}.")
    if reading.hidden_tabs:
        lines.append(f"Abas escondidas, não lidas: {_quoted(reading.hidden_tabs)}.")
    by_reason: dict[str, list[int]] = defaultdict(list)
    for skip in reading.skipped:
        by_reason[skip.reason].append(skip.row)
    for reason, rows in by_reason.items():
        lines.append(
            f"{_count(len(rows), 'linha não lida', 'linhas não lidas')}, {reason}: "
            f"{rows_in_words(rows)}."
        )
    return lines


def _sample(found: ImportPreview) -> Iterable[str]:
    if found.sample:
        yield "As primeiras linhas, como foram lidas:"
    for entry in found.sample:
        client = entry.client
        rest = (client.plan, client.server, client.notes and client.notes[:SHORT_NOTES_CHARS])
        cells = (
            client.name,
            format_phone(client.phone),
            format_brl(client.price),
            f"vence {short_date(client.due_on)}",
            *filter(None, rest),
        )
        yield f"  linha {entry.row}: {' · '.join(cells)}"


def _standings(found: ImportPreview) -> list[str]:
    lines = []
    if found.left_out:
        words: dict[str, list[str]] = defaultdict(list)
        for left in found.left_out:
            words[fold(left.word)].append(left.word)
        shown = [f"“{said[0]}” ({len(said)})" for said in words.values()]
        rows = rows_in_words([left.row for left in found.left_out])
        lines.append(
            f"Deixados de fora, porque a planilha diz que não são mais clientes: "
            f"{_listed(shown)}, {rows}."
        )
    if found.payment_words:
        shown = [f"“{said.word}” ({len(said.rows)})" for said in found.payment_words]
        lines.append(
            f"Situação {_listed(shown)}: fala do pagamento, então estes entram como clientes, "
            "e vale o vencimento da planilha."
        )
    if found.paid_but_due:
        lines.append(
            f"Atenção: já pagos, mas com vencimento de hoje ou passado: "
            f"{rows_in_words(found.paid_but_due)}. Corrija o vencimento antes, "
            "para não cobrar quem já pagou."
        )
    return lines


def _refused(found: ImportPreview) -> list[str]:
    """Who enters without receiving everything, and where the sheet's word on that was not read."""
    clients = [entry.client for entry in found.clients]
    gone = sum(one.opted_out for one in clients)
    staying = [one for one in clients if not one.opted_out]
    counts = (
        (sum(not one.receives_billing for one in staying), "sem cobranças"),
        (sum(not one.receives_notices for one in staying), "sem avisos"),
    )
    said = [f"{count} {what}" for count, what in counts if count]
    said += [f"{_count(gone, 'que saiu', 'que saíram')} (SAIR)"] * bool(gone)
    lines = [f"Entram sem receber tudo, como pediram: {', '.join(said)}."] * bool(said)
    if {BILLING_HEADING, NOTICES_HEADING} & set(found.reading.hidden_columns):
        lines.append(
            f"{BILLING_HEADING} ou {NOTICES_HEADING} está escondida e não foi lida: quem não quer "
            "receber entraria recebendo. Mostre a coluna e mande de novo."
        )
    return lines


def _shared_phones(found: ImportPreview) -> list[str]:
    if not found.shared:
        return []
    lines = [f"Telefone de mais de um cliente: {_count(len(found.shared), 'linha', 'linhas')}."]
    lines += [
        f"  linha {same.row}: {same.name} usa o mesmo telefone de {_listed(same.others)}"
        for same in found.shared[:MOST_SHOWN]
    ]
    if more := len(found.shared) - MOST_SHOWN:
        lines += [f"  e mais {more}"] * (more > 0)
    return lines


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _quoted(names: Sequence[str]) -> str:
    return _listed([f"“{name}”" for name in names])


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_SHOWN
    shown = ", ".join(names[:MOST_SHOWN])
    return f"{shown} e mais {more}" if more > 0 else shown
