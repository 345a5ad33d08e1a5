"""What the owner, or the admin, is told without having asked."""

from collections.abc import Mapping
from decimal import Decimal

from actors.messages.notices import AccessDecided, DailySummary, Decision, ScheduledMissed
from bot.ui.words import safe, weekday
from domain.due_dates import count_days, short_date
from domain.money import format_brl
from domain.reasons import explain

MISSING_LABELS = {
    "pix_chave": "sua chave PIX",
    "pix_beneficiario": "o nome de quem recebe o PIX",
    "pix_copia_e_cola": "sua chave PIX",
    "empresa": "o nome da sua empresa",
    "empresa_telefone": "o telefone da sua empresa",
    "suporte": "o contato de suporte",
    "valor": "o valor do plano do cliente",
    "plano": "o plano do cliente",
    "servidor": "o servidor do cliente",
    "informacoes": "as observações do cliente",
}

MOST_REASONS = 1
"""More of them are folded away."""


def set_aside(actor_id: str) -> str:
    """Tell of a part that failed too often; ids only, nobody's clients (A11)."""
    return (
        f"⚠️ <b>{safe(actor_id)}</b> falhou vezes demais e foi isolado.\n"
        "O resto continua funcionando. Vou tentar de novo sozinho, de tempos em tempos."
    )


def update_set_aside(what: str) -> str:
    """Tell of a message to the bot that could not be handled, however often it was tried."""
    return (
        f"⚠️ Não consegui tratar uma mensagem recebida ({safe(what)}). "
        "Ela ficou guardada e não vai ser tentada de novo."
    )


def data_missing(names: tuple[str, ...], messages: int) -> str:
    """What to fill in so that waiting messages can go (D4)."""
    labels = dict.fromkeys(MISSING_LABELS.get(name, name) for name in names)
    waiting = "1 mensagem espera" if messages == 1 else f"{messages} mensagens esperam"
    lines = "\n".join(f"• {safe(label)}" for label in labels)
    return f"✍️ <b>{waiting} por um dado que falta</b>\nPreencha e eu envio:\n{lines}"


def scheduled_missed(missed: ScheduledMissed) -> str:
    """What was scheduled and did not go, with the reason (E12)."""
    if missed.messages == 1:
        title = f"⚠️ <b>A mensagem para {safe(missed.name)} não saiu</b>"
    else:
        more = missed.messages - 1
        title = f"⚠️ <b>{missed.messages} mensagens agendadas não saíram</b>\n"
        title += f"A de {safe(missed.name)} e mais {more}."
    when = f"Ela estava marcada para {missed.at:%d/%m} às {missed.at:%H:%M}."
    return f"{title}\n\n{when}\n{safe(explain(missed.reason))}\n\nQuer marcar de novo?"


ACCOUNT_BUTTON = "💳 Minha conta"


def access_decided(decided: AccessDecided) -> str:
    """What who administers the EmDia has done to the account."""
    until = f"Seu acesso vai até <b>{short_date(decided.ends_on)}</b>."
    match decided.decision:
        case Decision.GIVEN:
            return f"🎁 <b>Você ganhou {count_days(decided.days)} de EmDia</b>\n\n{until}"
        case Decision.TAKEN_BACK:
            sentence = f"{count_days(decided.days)} que tinham sido dados foram retirados"
            return f"↩️ <b>{sentence}</b>\n\n{until}"
        case Decision.BLOCKED:
            return (
                "⛔ <b>Sua conta foi bloqueada</b>\n"
                "\n"
                "Os envios pararam. Seus clientes e dados continuam guardados.\n"
                f"<blockquote>{safe(decided.why)}</blockquote>"
            )
        case Decision.UNBLOCKED:
            return f"✅ <b>Sua conta foi desbloqueada</b>\n\n{until}"


def see_missed(messages: int) -> str:
    """The button to what did not go."""
    return f"⚠️ {messages} para marcar de novo"


def see_unbilled(clients: int) -> str:
    """The button to who was left without its billing."""
    return f"⚠️ {clients} sem cobrança"


def see_waiting(messages: int) -> str:
    """The button to what waits for the owner."""
    return f"✍️ {messages} para resolver"


def summary(facts: DailySummary) -> str:
    """The owner's morning (E11)."""
    lines = [
        f"☀️ <b>Bom dia!</b> {weekday(facts.day).capitalize()}, {facts.day:%d/%m}",
        "",
        f"🟡 Vencem hoje: <b>{facts.due_today}</b>",
        f"🔴 Atrasados: <b>{facts.overdue}</b>{_worth(facts.overdue, facts.overdue_value)}",
        f"📬 Mensagens para hoje: <b>{facts.to_send_today}</b>",
        "",
        f"📨 Saíram ontem: <b>{facts.sent_yesterday}</b>",
        f"💰 Recebido ontem: <b>{format_brl(facts.received_yesterday)}</b>",
    ]
    return "\n".join(lines + _problem_lines(facts.problems) + _unbilled_lines(facts.unbilled))


def _worth(count: int, value: Decimal) -> str:
    return f" ({format_brl(value)})" if count else ""


def _problem_lines(problems: Mapping[str, int]) -> list[str]:
    counted = sorted(((n, code) for code, n in problems.items() if n), reverse=True)
    if not counted:
        return []
    lines = [f"• {_times(count)}: {safe(explain(code))}" for count, code in counted]
    return ["", "<b>Não saíram ontem</b>", *_folded(lines)]


def _unbilled_lines(unbilled: Mapping[str, int]) -> list[str]:
    """Who was left without the billing of its day, and why (E3b)."""
    counted = sorted(((n, code) for code, n in unbilled.items() if n), reverse=True)
    if not counted:
        return []
    total = sum(unbilled.values())
    lines = [f"• {_clients(count)}: {safe(explain(code))}" for count, code in counted]
    title = f"⚠️ <b>{_clients(total)} sem a cobrança do 1º dia de atraso</b>"
    return ["", title, *_folded(lines)]


def _folded(lines: list[str]) -> list[str]:
    """Reasons; many of them open at a touch, so that the screen is seen whole (law 2)."""
    if len(lines) <= MOST_REASONS:
        return lines
    return [f"<blockquote expandable>{chr(10).join(lines)}</blockquote>"]


def _clients(count: int) -> str:
    return "1 cliente" if count == 1 else f"{count} clientes"


def _times(count: int) -> str:
    return "1 mensagem" if count == 1 else f"{count} mensagens"
