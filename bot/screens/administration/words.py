"""What the first screen of the administration says, and the list of accounts."""

from actors.messages.admin import Accounts, AdminHome, MonthMoney
from bot.ui.words import month_name, safe
from domain.administration import LineHealth, Which
from domain.money import format_brl
from domain.subscription import Standing

EMOJI = {
    Standing.ACTIVE: "🟢",
    Standing.TRIAL: "🎁",
    Standing.ENDED: "🔴",
    Standing.ERASABLE: "🔴",
    Standing.BLOCKED: "⛔",
}
ALL_BUTTON = "Todas"
FIND_BUTTON = "🔎 Achar"
TELL_BUTTON = "📣 Avisar"
FIND_AGAIN_BUTTON = "🔎 Achar outra"
REVENUE_BUTTON = "💰 Receita"
SYSTEM_BUTTON = "🖥 Sistema"
ASK_FIND = (
    "🔎 <b>Qual conta você procura?</b>\n"
    "\n"
    "Digite um pedaço do nome, do e-mail ou do telefone, ou o número do chat.\n"
    "Exemplo: <code>conecta</code>"
)
FIND_TEXT_ONLY = "🤔 Aqui eu preciso de um texto: um pedaço do nome, do e-mail ou do telefone."
SEARCH_HINT = "Não achou? Digite outro pedaço do nome, ou o e-mail."
NO_ACCOUNT_HERE = "Este chat administra e não tem uma conta de negócio. Para criar uma: /start"
_LEGEND = "🟢 em dia · 🎁 em teste · 🔴 vencida"
_NOBODY = "Nenhuma conta ainda. A primeira aparece aqui assim que alguém se cadastrar no bot."
_TITLES = {
    Which.ACTIVE: ("em dia", "em dia"),
    Which.TRIAL: ("em teste", "em teste"),
    Which.ENDED: ("vencida", "vencidas"),
    Which.BLOCKED: ("bloqueada", "bloqueadas"),
}


def home(view: AdminHome) -> str:
    """The platform at a glance."""
    total = sum(view.counts.values())
    below = _LEGEND if total else _NOBODY
    return "\n".join(
        (
            f"🛠 <b>Administração</b> · {_listed(view.accounts)}",
            below,
            "",
            _this_month(view.this_month),
            f"{_month(view.last_month)}: {format_brl(view.last_month.amount)}{_change(view)}",
            _to_pay(view),
            "",
            _lines(view),
            _today(view),
        )
    )


def found(accounts: Accounts) -> str:
    """The title of a search: what was searched, and how many were found."""
    total = accounts.total
    many = "1 conta" if total == 1 else f"{grouped(total)} contas" if total else "nenhuma conta"
    return f"🔎 <b>“{safe(accounts.place.search)}”</b>: {many}\n{SEARCH_HINT}"


def to_pay_button(view: AdminHome) -> str:
    """The way to the charges that can be paid."""
    return f"⏳ {grouped(view.to_pay)} PIX"


def lines_button(failing: int) -> str:
    """The way to the lines, those that fail first."""
    return f"📲 {grouped(failing)}"


def today_button(view: AdminHome) -> str:
    """The way to today's messages."""
    return f"📤 {grouped(view.messages)}"


def grouped(count: int) -> str:
    """A count as people write it: 6.412."""
    return f"{count:,}".replace(",", ".")


def _listed(accounts: Accounts) -> str:
    one, many = _TITLES.get(accounts.place.which, ("", ""))
    noun = "conta" if accounts.total == 1 else "contas"
    return f"{grouped(accounts.total)} {noun} {one if accounts.total == 1 else many}".rstrip()


def _this_month(money: MonthMoney) -> str:
    amount = f"{_month(money)}: {format_brl(money.amount)}"
    return f"💰 <b>{amount}</b> · {grouped(money.payments)} PIX"


def _month(money: MonthMoney) -> str:
    return month_name(money.month).capitalize()


def _change(view: AdminHome) -> str:
    """How this month's money compares; nothing where there is nothing to compare with."""
    before, now = view.last_month.amount, view.this_month.amount
    if before <= 0:
        return ""
    percent = int((now - before) * 100 / before)
    if not percent:
        return " · igual"
    return f" · subiu {percent}%" if percent > 0 else f" · caiu {-percent}%"


def _to_pay(view: AdminHome) -> str:
    if not view.to_pay:
        return "⏳ Nenhum PIX esperando"
    return f"⏳ {grouped(view.to_pay)} PIX esperando: {format_brl(view.to_pay_amount)}"


def _lines(view: AdminHome) -> str:
    lines = {one: grouped(count) for one, count in view.lines.items()}
    text = f"📲 {lines[LineHealth.DELIVERING]} entregando · {lines[LineHealth.FAILING]} com falha\n"
    return text + f"{lines[LineHealth.QUIET]} sem envios · {lines[LineHealth.OFF]} fora"


def _today(view: AdminHome) -> str:
    if not view.messages:
        return "📤 Hoje: nenhuma mensagem"
    share = view.delivered * 100 // view.messages
    many = "mensagem" if view.messages == 1 else "mensagens"
    return f"📤 Hoje: {grouped(view.messages)} {many}, {share}% entregues"
