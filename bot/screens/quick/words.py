"""What is said to what was typed, pasted or shared where nothing was asked (law 12)."""

from collections.abc import Sequence
from datetime import date

from bot.ui.labels import day_label
from bot.ui.words import safe
from domain.clients import NewClient
from domain.contacts import format_phone
from domain.money import format_brl
from domain.pasted_lines import MAX_LINES, PastedLine

MOST_NAME = 22
MOST_QUOTED = 30
NEW_BUTTON = "➕ Cadastrar um cliente"
WITH_PHONE_BUTTON = "➕ Cadastrar com este celular"
EXAMPLE = "Exemplo: <code>João Silva 11 98888-7777 mensal 35 dia 10</code>"
NOT_READ = "Não achei ninguém, e não sei o que fazer com isso. O que você quer?"
LINE_GONE = "Isso já foi feito, ou ficou para trás. Mande a linha de novo."
TOO_MANY = (
    f"📋 <b>São mais de {MAX_LINES} linhas</b>\n"
    "\n"
    "Para tantos clientes, mande uma planilha (Excel ou CSV): eu confiro linha por linha e mostro "
    "tudo antes de salvar."
)
NONE_READ = "📋 <b>Não consegui ler nenhum cliente aí</b>"
AGAIN = "Corrija e mande de novo só {}."


def nobody(text: str) -> str:
    """Nobody was found, and what can be done instead."""
    return (
        f"🔎 <b>“{safe(_cut(text, MOST_QUOTED))}”</b>: ninguém\n"
        "\n"
        "Não achei esse cliente. O que você quer fazer?"
    )


def register_button(name: str) -> str:
    """Register somebody of this name."""
    return f"➕ Cadastrar “{_cut(name, MOST_NAME)}”"


def phone_owners(phone: str, count: int) -> str:
    """Who has a number."""
    counted = "é de 1 cliente" if count == 1 else f"é de {count} clientes"
    return f"📱 <b>{safe(format_phone(phone))}</b> {counted}"


def free_phone(phone: str) -> str:
    """Nobody has this number yet."""
    return (
        f"📱 <b>{safe(format_phone(phone))}</b>\n"
        "\n"
        "Nenhum cliente seu tem este celular. Quer cadastrar?"
    )


def save_all_button(count: int) -> str:
    """Register all that could be read."""
    return "✅ Cadastrar" if count == 1 else f"✅ Cadastrar os {count}"


def pasted(lines: Sequence[PastedLine], shared: Sequence[NewClient], today: date) -> str:
    """Who was found in a pasted list, which lines are in doubt, and why."""
    clients = [line.client for line in lines if line.client is not None]
    doubts = [line for line in lines if line.doubt is not None]
    parts = [_found(clients, today)] if clients else [NONE_READ]
    if shared:
        names = ", ".join(safe(_cut(client.name, MOST_NAME)) for client in shared[:3])
        more = f" e mais {len(shared) - 3}" if len(shared) > 3 else ""  # noqa: PLR2004 - as above
        parts.append(f"📱 Já usam um celular da sua lista: {names}{more}")
    if doubts:
        parts.append(_doubts(doubts, alone=not clients))
    return "\n\n".join(parts)


def registered(count: int) -> str:
    """They are clients now."""
    done = "1 cliente cadastrado" if count == 1 else f"{count} clientes cadastrados"
    return f"✅ <b>{done}</b>\n\nCada um já está na lista, com o vencimento dele."


def _found(clients: Sequence[NewClient], today: date) -> str:
    count = len(clients)
    title = "Achei 1 cliente" if count == 1 else f"Achei {count} clientes"
    rows = [
        f"{safe(_cut(client.name, MOST_NAME))} · {day_label(client.due_on, today)}"
        f" · {format_brl(client.price)}"
        for client in clients
    ]
    return f"📋 <b>{title} para cadastrar</b>\n{_block(rows)}"


def _doubts(doubts: Sequence[PastedLine], *, alone: bool) -> str:
    count = len(doubts)
    title = "1 linha em dúvida" if count == 1 else f"{count} linhas em dúvida"
    left = "" if alone else ", que não entra" if count == 1 else ", que não entram"
    rows = [
        f"{line.number}. “{safe(_cut(line.text, MOST_QUOTED))}”: {safe(line.doubt or '')}"
        for line in doubts
    ]
    again = EXAMPLE if alone else AGAIN.format("ela" if count == 1 else "elas")
    return f"⚠️ <b>{title}</b>{left}:\n{_block(rows)}{again}"


def _block(rows: Sequence[str]) -> str:
    return f"<blockquote expandable>{chr(10).join(rows)}</blockquote>"


def _cut(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
