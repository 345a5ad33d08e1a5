"""What the screens about lines, today's messages, the system and its troubles say."""

from collections.abc import Sequence

from actors.messages.admin_system import (
    DayLine,
    DayOfAll,
    HealthLine,
    Lines,
    SystemView,
    TroublePage,
    TroubleReason,
)
from bot.screens.administration.words import grouped
from bot.ui.words import safe
from domain.administration import LineHealth, Trouble
from domain.figures import Figures
from domain.outbox import MessageState
from domain.reasons import explain

HEALTH = {
    LineHealth.DELIVERING: "🟢",
    LineHealth.FAILING: "⚠️",
    LineHealth.QUIET: "💤",
    LineHealth.OFF: "⚪",
}
AGAIN_BUTTON = "🔄 Olhar de novo"
LOOKED = "Está assim agora."
TROUBLES_BUTTON = "🧯 Falhas em 24 horas"
_LINES = {
    LineHealth.DELIVERING: ("Linhas entregando", "Quase tudo o que saiu em 24 horas chegou."),
    LineHealth.FAILING: ("Linhas com falha", "Conectadas, mas o que sai não chega."),
    LineHealth.QUIET: ("Linhas sem envios", "Conectadas, e nada saiu em 24 horas."),
    LineHealth.OFF: ("Linhas fora", "Sem WhatsApp conectado: nada sai."),
}
_NO_LINES = "Nenhuma aqui agora."
_NO_MESSAGES = "Nenhuma mensagem hoje, em nenhuma conta."
_ALL_WELL = "Nenhuma falha nas últimas 24 horas. 🎉"
TROUBLES = {
    Trouble.MESSAGE: ("💬", "mensagem não enviada", "mensagens não enviadas"),
    Trouble.JOB: ("⏰", "tarefa que falhou", "tarefas que falharam"),
    Trouble.UPDATE: ("🤖", "pedido ao bot sem resposta", "pedidos ao bot sem resposta"),
    Trouble.WEBHOOK: ("🔔", "aviso do Mercado Pago parado", "avisos do Mercado Pago parados"),
    Trouble.CHARGE: ("💳", "pagamento a conferir", "pagamentos a conferir"),
    Trouble.ACCOUNT: ("🚧", "conta isolada", "contas isoladas"),
}
_JOBS = {
    "clean": "a limpeza da noite",
    "verify": "a conferência das 5h",
    "summary": "o resumo da manhã",
    "send": "os envios do dia",
    "close": "o fim do dia",
}
_CHARGES = {
    "mismatch": "veio diferente do pedido; nada foi creditado",
    "unknown_status": "situação que não conheço",
    "orphan": "pago para uma conta que não existe mais",
    "refused": "o Mercado Pago recusou criar a cobrança",
    "charged_back": "contestado no banco",
    "in_mediation": "em disputa no Mercado Pago",
}
WAITING = (MessageState.QUEUED, MessageState.SENDING, MessageState.RETRY, MessageState.UNKNOWN)
MINUTE, HOUR, DAY = 60, 3600, 86_400


def lines(view: Lines) -> str:
    """The lines that do so."""
    title, below = _LINES[view.which]
    count = view.counts[view.which]
    return f"📲 <b>{title}</b> · {grouped(count)}\n{below if count else _NO_LINES}"


def line_part(line: HealthLine) -> str:
    """What stands after the day of the last delivery: how many of those sent arrived."""
    return f"{line.delivered} de {line.sent}" if line.sent else ""


def day(view: DayOfAll) -> str:
    """Today's messages."""
    if not view.messages:
        return f"📬 <b>Mensagens de hoje</b>\n\n{_NO_MESSAGES}"
    share = view.delivered * 100 // view.messages
    many = "mensagem" if view.messages == 1 else "mensagens"
    return (
        f"📬 <b>Hoje: {grouped(view.messages)} {many}</b>\n"
        f"{grouped(view.delivered)} entregues ({share}%)"
    )


def day_row(line: DayLine) -> str:
    """How many of an account's messages of today arrived."""
    return f": {grouped(line.delivered)} de {grouped(line.messages)}"


def system(view: SystemView) -> str:
    """The system at a glance."""
    figures, troubles = view.figures, sum(view.troubles.values())
    well = all(view.checks.values()) and view.working == view.workers and not view.set_aside
    state = "tudo funcionando" if well else "precisa de atenção"
    return "\n".join(
        (
            f"🖥 <b>Sistema</b> · {state}",
            "",
            f"🗄 Banco: {'respondendo' if all(view.checks.values()) else 'fora'}",
            f"📬 {_queue(figures)}",
            f"⏰ {_jobs(figures)}",
            f"🤖 {_updates(figures)}",
            f"🔔 Avisos a donos por entregar: {grouped(figures.notices_untold)}",
            f"📲 Processos do WhatsApp: {view.working} de {view.workers} ligados",
            f"🚧 Isolados: {_set_aside(view)}",
            f"🧯 Falhas em 24 horas: {grouped(troubles) if troubles else 'nenhuma'}",
            "",
            f"👥 {grouped(figures.tenants)} contas em {_processes(figures.replicas)}",
            f"<code>{safe(_versions(view))}</code>",
        )
    )


def troubles(found: Sequence[TroubleReason]) -> str:
    """What could not be done, by reason."""
    if not found:
        return f"🧯 <b>Falhas em 24 horas</b>\n\n{_ALL_WELL}"
    lines = (f"• {grouped(one.times)}× {safe(reason(one.what, one.reason))}" for one in found)
    return "\n".join(
        (
            "🧯 <b>Falhas em 24 horas</b>",
            "Cada botão abre a sua lista.",
            f"<blockquote expandable>{chr(10).join(lines)}</blockquote>",
        )
    )


def trouble_button(what: Trouble, times: int) -> str:
    """The way to one kind."""
    emoji, one, many = TROUBLES[what]
    return f"{emoji} {grouped(times)} {one if times == 1 else many}"


def trouble_page(view: TroublePage) -> str:
    """One kind, line by line: when, whose account, and why."""
    emoji, one, many = TROUBLES[view.what]
    title = f"{emoji} <b>{grouped(view.total)} {one if view.total == 1 else many}</b>"
    if not view.lines:
        return f"{title}\n\n{_ALL_WELL}"
    lines = []
    for line in view.lines:
        whose = f"{safe(line.name)}: " if line.name else ""
        lines.append(f"{line.at:%d/%m %H:%M} · {whose}{safe(reason(view.what, line.reason))}")
    return "\n".join((title, "", *lines))


def reason(what: Trouble, code: str) -> str:
    """Why, in a few words: of what went wrong, never what was said in it."""
    match what:
        case Trouble.MESSAGE:
            return explain(code)
        case Trouble.JOB:
            return _JOBS.get(code, code)
        case Trouble.CHARGE:
            return _CHARGES.get(code, code)
        case Trouble.UPDATE | Trouble.WEBHOOK | Trouble.ACCOUNT:
            return f"erro {code}" if code else "sem detalhe"


def _queue(figures: Figures) -> str:
    waiting = sum(figures.outbox.get(state.value, 0) for state in WAITING)
    if not waiting:
        return "Fila: ninguém esperando"
    late = figures.oldest_ready_seconds
    oldest = f", a mais velha há {_age(late)}" if late >= MINUTE else ""
    return f"Fila: {grouped(waiting)} esperando a vez{oldest}"


def _jobs(figures: Figures) -> str:
    if not figures.jobs_due:
        return "Tarefas: em dia"
    return f"Tarefas: {grouped(figures.jobs_due)} atrasadas há {_age(figures.oldest_job_seconds)}"


def _updates(figures: Figures) -> str:
    if not figures.updates_open:
        return "Telegram: tudo respondido"
    age = _age(figures.oldest_update_seconds)
    return f"Telegram: {grouped(figures.updates_open)} por responder, há {age}"


def _set_aside(view: SystemView) -> str:
    count = max(view.set_aside, view.figures.tenants_quarantined)
    return grouped(count) if count else "nenhum"


def _processes(replicas: int) -> str:
    return "1 processo" if replicas == 1 else f"{replicas} processos"


def _versions(view: SystemView) -> str:
    named = {**view.versions, "postgresql": view.figures.server.split()[0]}
    named["esquema"] = f"{view.figures.schema_number:04}"
    return " · ".join(f"{name} {version[:12]}" for name, version in named.items())


def _age(seconds: float) -> str:
    """A time in its largest unit."""
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds)} s"
