"""What a renewal says: before it is done, and after (C6, C7, C13, C14)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from actors.messages.clients import CancelledMessage, ClientRow
from actors.messages.payments import RenewalChoices, Renewed
from bot.ui.labels import bold_row, cut_name
from bot.ui.measure import PLAIN
from bot.ui.words import safe
from domain.due_dates import count_days, day_in_month, short_date
from domain.money import format_brl
from domain.reminders import Kind
from domain.renewal import RenewalChoice, RenewalWay

UNTIL_WHEN = "<b>Até quando fica pago?</b>"
OTHER_DATE_BUTTON = "✏️ Outra data"
OTHER_AMOUNT_BUTTON = "💰 Outro valor"
SAY_AMOUNT_BUTTON = "💰 Dizer o valor"
ASK_DATE = (
    "<b>Até quando fica pago?</b>\n"
    "Digite, por exemplo: <code>10/12</code>, <code>dia 10</code> ou <code>daqui a 45 dias</code>"
)
ASK_AMOUNT = "<b>Quanto você recebeu?</b>\nDigite o valor. Exemplo: <code>35,00</code>"
NOTHING_BUTTON = "Não recebi nada ainda"
OFFER = "Mando a mensagem de renovação?"
CHANGE_TEXT_BUTTON = "✏️ Mudar o texto"
KEEP_SILENT_BUTTON = "Não mandar"
NOT_RECEIVED_BUTTON = "💰 Não recebi ainda"
NO_PRICE = "💰 Este cliente está sem valor: renovo sem contar dinheiro."
MOST_CANCELLED = 3
LONGEST_MONTH_DAYS = 31
MOST_PLAN = 12
DAYS_AHEAD = {0: "Hoje", 1: "Amanhã"}


def choose(choices: RenewalChoices) -> str:
    """Who it is, what was received, and what each date means."""
    lines = [_top(choices.row), _stands(choices), "", _received(choices)]
    if choices.rest:
        lines.append(f"Fica faltando <b>{format_brl(choices.rest)}</b>.")
    return "\n".join([*lines, "", UNTIL_WHEN, *_meanings(choices)])


def choice(one: RenewalChoice, plan: str | None) -> str:
    """A date to choose, in full and first."""
    return f"{short_date(one.due_on)} · {_way(one, plan)}"


def confirm(row: ClientRow, due_on: date, amount: Decimal | None) -> str:
    """The date that was typed, before anything is done."""
    paid = format_brl(amount) if amount else "nada ainda"
    return (
        f"{_top(row)}\n\n💰 Você recebeu: <b>{paid}</b>\n"
        f"📅 Fica pago até <b>{short_date(due_on)}</b>\n\nConfira e toque para renovar."
    )


def confirm_button(due_on: date) -> str:
    """The button that renews to the typed date."""
    return f"✅ Renovar até {short_date(due_on)}"


def head(name: str) -> str:
    """Above the questions of a renewal."""
    return f"🔄 <b>Renovar {safe(_short(name))}</b>"


def done(renewed: Renewed, today: date) -> str:
    """What the renewal did."""
    row = renewed.row
    lines = [
        bold_row("✅", row.name, row.due_on, today, full=True),
        f"💰 Recebido: {format_brl(renewed.amount)}"
        if renewed.amount
        else "💰 Nada recebido ainda",
    ]
    if renewed.rest:
        lines.append(f"Falta receber <b>{format_brl(renewed.rest)}</b>.")
    if renewed.cancelled:
        lines += ["", *_cancelled(renewed.cancelled, today)]
    return "\n".join(lines)


def toast(due_on: date) -> str:
    """Over the screen, once it is done."""
    return f"Renovado até {short_date(due_on)}"


def again(due_on: date) -> str:
    """Over the screen, when it had been done before."""
    return f"Já estava renovado até {short_date(due_on)}"


def _top(row: ClientRow) -> str:
    shown = safe(_short(row.name))
    return f"🔄 <b>Renovar {shown} · {row.status.emoji} {row.due_on:%d/%m}</b>"


def _stands(choices: RenewalChoices) -> str:
    late = _days_late(choices)
    stands = (
        f"Venceu há {count_days(late)}" if late else f"Vence em {short_date(choices.row.due_on)}"
    )
    return f"{stands} · {safe(_short(choices.plan))}" if choices.plan else stands


def _days_late(choices: RenewalChoices) -> int:
    from_today = (RenewalWay.THIRTY_FROM_TODAY, RenewalWay.PLAN_LENGTH)
    return max((one.free_days for one in choices.choices if one.way in from_today), default=0)


def _received(choices: RenewalChoices) -> str:
    if choices.amount is None:
        return NO_PRICE
    if not choices.amount:
        return "💰 Você ainda não recebeu nada."
    return f"💰 Você recebeu: <b>{format_brl(choices.amount)}</b>"


def _meanings(choices: RenewalChoices) -> list[str]:
    ways = {one.way: one for one in choices.choices}
    lines = []
    from_today = ways.get(RenewalWay.THIRTY_FROM_TODAY) or ways.get(RenewalWay.PLAN_LENGTH)
    if from_today is not None and from_today.free_days:
        free = from_today.free_days
        given = "o dia de atraso fica" if free == 1 else f"os {free} dias de atraso ficam"
        lines.append(f"De hoje: {given} de graça.")
    from_due = ways.get(RenewalWay.THIRTY_FROM_DUE)
    if from_due is not None and lines:
        counts = "o dia de atraso conta" if free == 1 else "os dias de atraso contam"
        lines.append(f"Do vencimento: {counts}.")
    return lines


def _way(one: RenewalChoice, plan: str | None) -> str:
    if one.way is RenewalWay.PLAN_LENGTH:
        return f"+{plan}" if plan and len(plan) <= MOST_PLAN else "pelo plano"
    return {
        RenewalWay.THIRTY_FROM_TODAY: "+30 dias de hoje",
        RenewalWay.THIRTY_FROM_DUE: "+30 dias do vencimento",
        RenewalWay.SAME_DAY: _every_month(one.due_on),
        RenewalWay.OTHER: "a data que você disse",
    }[one.way]


def _every_month(due_on: date) -> str:
    """The agreed day; the last of a month may only stand for it (C13)."""
    if due_on == day_in_month(due_on.year, due_on.month, LONGEST_MONTH_DAYS):
        return "mesmo dia, todo mês"
    return f"todo dia {due_on.day}"


def _cancelled(cancelled: Sequence[CancelledMessage], today: date) -> list[str]:
    count = len(cancelled)
    counted = "1 mensagem</b> que ia" if count == 1 else f"{count} mensagens</b> que iam"
    lines = [f"🚫 <b>Cancelei {counted} sair:"]
    lines += [f"• {_when(one, today)}, {_what(one.kind)}" for one in cancelled[:MOST_CANCELLED]]
    if count > MOST_CANCELLED:
        lines.append(f"• e mais {count - MOST_CANCELLED}")
    return lines


def _when(message: CancelledMessage, today: date) -> str:
    day = message.at.date()
    named = DAYS_AHEAD.get((day - today).days, f"{day:%d/%m}")
    return f"{named} às {message.at:%H:%M}"


def _what(kind: Kind) -> str:
    return "agendada por você" if kind is Kind.GENERAL else kind.label


def _short(text: str) -> str:
    return cut_name(text, PLAIN.width * 0.55, font=PLAIN.font, bold=True)
