"""What the screens about the platform's own money say."""

from datetime import date

from actors.messages.admin import MonthMoney
from actors.messages.admin_money import Forecast, MonthEntries, Revenue, WaitingCharges
from bot.screens.administration.words import grouped
from bot.ui.words import MONTHS, month_name, safe
from domain.money import format_brl

FORECAST_BUTTON = "📈 Previsão de 30 dias"
ERASED = "conta apagada"
_NOTHING_YET = "Nada recebido ainda. O primeiro PIX aparece aqui assim que for aprovado."
_NO_ENTRIES = "Nada entrou neste mês."
_NO_FORECAST = "Ninguém que já pagou termina nesse prazo."
_NOBODY_WAITS = "Ninguém com um PIX aberto agora."


def month_label(month: date) -> str:
    """A month on a button and below its bar: nov/26."""
    return f"{MONTHS[month.month - 1][:3]}/{month:%y}"


def figure(money: MonthMoney) -> str:
    """What stands above a month's bar: whole reais."""
    whole = int(money.amount)
    return f"{'-' if whole < 0 else ''}{grouped(abs(whole))}"


def revenue(view: Revenue) -> str:
    """The months of a page as a table, the latest on top; each has a button to its entries."""
    if not any(one.payments or one.amount for one in view.drawn):
        return f"💰 <b>Receita por mês</b>\n\n{_NOTHING_YET}"
    lines = (
        f"{month_label(one.month)} · <b>{format_brl(one.amount)}</b> · {grouped(one.payments)} PIX"
        for one in reversed(view.shown)
    )
    return "\n".join(("💰 <b>Receita por mês</b>", "", *lines))


def entries(view: MonthEntries) -> str:
    """The entries of a month, and their sum."""
    money = view.money
    name = f"{month_name(money.month).capitalize()} de {money.month.year}"
    title = f"💰 <b>{name}: {format_brl(money.amount)}</b> · {grouped(money.payments)} PIX"
    if not view.entries:
        return f"{title}\n\n{_NO_ENTRIES}"
    lines = (
        f"{one.on:%d/%m} · {format_brl(one.amount)} · {safe(one.name or ERASED)}"
        for one in view.entries
    )
    return "\n".join((title, "", *lines))


def forecast(view: Forecast) -> str:
    """What is to come, and how it is counted."""
    many = "1 conta" if view.total == 1 else f"{grouped(view.total)} contas"
    title = f"📈 <b>Próximos {view.days} dias: {format_brl(view.amount)}</b>"
    how = (
        f"{many} × {format_brl(view.price)}: quem já pagou e termina nesse prazo. "
        "Quem está em teste não conta."
    )
    return f"{title}\n{how if view.total else _NO_FORECAST}"


def waiting(view: WaitingCharges) -> str:
    """What can be paid now."""
    title = f"⏳ <b>{grouped(view.total)} PIX esperando: {format_brl(view.amount)}</b>"
    below = "O que vence primeiro fica em cima." if view.total else _NOBODY_WAITS
    return f"{title}\n{below}"
