"""What the list of clients and the search say (C3)."""

from actors.messages.clients import ClientsView
from bot.ui.words import month_name, safe
from domain.client_list import Figures, Which
from domain.money import format_brl
from domain.tags import Tag

NEW_BUTTON = "➕ Novo"
NEW_CLIENT_BUTTON = "➕ Novo cliente"
FIRST_BUTTON = "➕ Cadastrar o primeiro"
FIND_BUTTON = "🔎 Buscar"
FIND_AGAIN_BUTTON = "🔎 Buscar de novo"
MORE_BUTTON = "⋯ Mais"
CLIENTS_BUTTON = "👥 Meus clientes"
SHEET_BUTTON = "📥 Enviar planilha"
TEMPLATE_BUTTON = "📄 Planilha modelo"
EXPORT_BUTTON = "📤 Baixar planilha"
SAMPLES_BUTTON = "🧪 Ver com clientes de exemplo"
TAG_BUTTON = "✏️ Esta etiqueta"
TAGS_BUTTON = "🏷 Etiquetas"
FIELDS_BUTTON = "🧩 Campos próprios"
GONE = "Esse cliente não existe mais. A lista está como é agora."
ASK_FIND = (
    "🔎 <b>Quem você procura?</b>\n"
    "\n"
    "Digite um pedaço do nome, do telefone ou do servidor.\n"
    "Exemplo: <code>souz</code>"
)
FIND_TEXT_ONLY = "🤔 Aqui eu preciso de um texto: um pedaço do nome, ou o telefone."
MORE = "⋯ <b>Mais sobre os seus clientes</b>"
NOBODY = (
    "👥 <b>Nenhum cliente ainda</b>\n"
    "\n"
    "Toque em <b>Cadastrar o primeiro</b>: leva um minuto. Ou escreva tudo numa linha só:\n"
    "<code>João Silva 11 98888-7777 mensal 35 dia 10</code>\n"
    "\n"
    "Tem muitos? Mande a sua planilha (Excel ou CSV) aqui mesmo, que eu confiro antes."
)
ALL_AWAY = (
    "👥 <b>Nenhum cliente na lista</b>\n"
    "\n"
    "Todos estão arquivados: nada é enviado a eles. Cadastre um novo, ou traga um de volta."
)
TAG_GONE = "🏷 <b>Etiqueta apagada</b>"
SEARCH_HINT = "Não achou? Digite outro pedaço do nome, ou o telefone."
_TITLES = {
    Which.ALL: "👥 <b>Todos os clientes</b>",
    Which.OVERDUE: "🔴 <b>Em atraso</b>",
    Which.DUE_SOON: "🟡 <b>Vencem em até 3 dias</b>",
    Which.DUE_TODAY: "🟡 <b>Vencem hoje</b>",
    Which.UP_TO_DATE: "🟢 <b>Em dia</b>",
    Which.ARCHIVED: "🗂 <b>Arquivados</b>",
}
_NONE = {
    Which.ALL: "Ninguém aqui ainda.",
    Which.OVERDUE: "Ninguém em atraso. 🎉",
    Which.DUE_SOON: "Ninguém vence nestes dias.",
    Which.DUE_TODAY: "Ninguém vence hoje.",
    Which.UP_TO_DATE: "Ninguém em dia por enquanto.",
    Which.ARCHIVED: "Ninguém arquivado.",
}


def header(view: ClientsView) -> str:
    """What is listed and how many, and the money of the month (C3, C9)."""
    if view.place.search:
        return search_header(view.place.search, view.total)
    lines = [f"{_title(view)} · {view.total}"]
    if view.place.tag is None and view.place.which is not Which.ARCHIVED:
        lines += _money(view.figures)
    if not view.rows:
        lines += ["", _NONE[view.place.which]]
    return "\n".join(lines)


def search_header(search: str, total: int) -> str:
    """What was searched, and how many were found."""
    found = "1 cliente" if total == 1 else f"{total} clientes" if total else "ninguém"
    return f"🔎 <b>“{safe(search)}”</b>: {found}\n{SEARCH_HINT}"


def tag_name(tag: Tag) -> str:
    """A tag as it is read, safe for HTML."""
    return safe(f"{tag.emoji} {tag.name}")


def received_button(figures: Figures) -> str:
    """The way to the payments behind the figure."""
    return f"💰 {format_brl(figures.received)}"


def archived_button(count: int) -> str:
    """The way to those who were put away."""
    return f"🗂 Arquivados · {count}"


def samples_added(count: int) -> str:
    """What the owner reads over the list."""
    if not count:
        return "Os clientes de exemplo já estão na lista."
    return f"{count} clientes de exemplo na lista. Nada é enviado a eles."


def _title(view: ClientsView) -> str:
    if view.place.tag is None:
        return _TITLES[view.place.which]
    tags = (one.tag for one in view.tags if one.tag.tag_id == view.place.tag)
    tag = next(tags, None)
    return f"🏷 <b>{tag_name(tag)}</b>" if tag else TAG_GONE


def _money(figures: Figures) -> list[str]:
    month = month_name(figures.month).capitalize()
    return [
        f"{month}: esperado <b>{format_brl(figures.expected)}</b>",
        f"💰 Recebido {format_brl(figures.received)}",
        f"🔴 Em atraso {format_brl(figures.overdue_value)}",
    ]
