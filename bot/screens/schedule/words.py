"""What the Agendador says."""

from collections.abc import Mapping
from datetime import datetime, time

from actors.messages.schedule import (
    ChangedMessage,
    ChangedMessages,
    Effect,
    HolidaysView,
    OwnHolidayRow,
    ScheduleView,
)
from bot.screens.schedule.buttons import Switched, Timed
from bot.ui.words import safe
from domain.dials import Dials, Overdue
from domain.holidays import Holiday
from domain.reminders import Kind
from domain.schedule_rules import Offer
from domain.zones import zone_words

EMOJIS = {Timed.VERIFY: "📋", Timed.SEND: "📤", Timed.CLEAN: "🧹", Timed.SUMMARY: "☀️"}
DOES = {
    Timed.VERIFY: "monto a lista do dia",
    Timed.SEND: "confiro de novo e envio",
    Timed.CLEAN: "limpo registros antigos",
    Timed.SUMMARY: "mando o resumo do dia",
}
TITLES = {
    Timed.VERIFY: "Montar a lista",
    Timed.SEND: "Envio",
    Timed.CLEAN: "Limpeza",
    Timed.SUMMARY: "Resumo do dia",
}
EXPLAINS = {
    Timed.VERIFY: "A essa hora eu vejo quem recebe mensagem hoje e monto a fila.",
    Timed.SEND: "A essa hora eu confiro quem pagou, quem saiu, e começo a enviar, um por vez.",
    Timed.CLEAN: "A essa hora eu apago o que já não serve. Clientes e pagamentos ficam.",
    Timed.SUMMARY: "A essa hora eu conto aqui quem vence, quem atrasou e o que saiu.",
}
MOVED = {
    Timed.VERIFY: "Lista mudada",
    Timed.SEND: "Envio mudado",
    Timed.CLEAN: "Limpeza mudada",
    Timed.SUMMARY: "Resumo mudado",
}
KINDS = {
    Kind.BILLING: "1 dia de atraso",
    Kind.DUE_TODAY: "Vence hoje",
    Kind.REMINDER_1_DAY: "Vence amanhã",
    Kind.REMINDER_2_DAYS: "Em 2 dias",
}
SWITCHES = {
    Switched.SUNDAYS: "Domingos",
    Switched.HOLIDAYS: "Feriados",
    Switched.OPTIONAL: "Carnaval e Corpus Christi",
    Switched.SUMMARY: "Resumo do dia",
}
OVERDUES = {
    Overdue.ASK: "Perguntar",
    Overdue.ALWAYS: "Cobrar sempre",
    Overdue.NEVER: "Nunca cobrar",
}
LEGEND = "🟢 ligado · ⚪ desligado: toque e mude"
NOTHING_TODAY = "✅ <b>Mudado.</b> Hoje não muda nada."
TYPE_TIME = "Toque em um horário ou escreva outro, assim: <code>14:30</code>"
TYPE_WINDOW = "Toque, ou escreva assim: <code>08:00 às 20:00</code>"
TYPE_ZONE = "Toque, ou escreva o seu estado ou a capital."
TYPE_HOLIDAY = (
    "Escreva para juntar uma data sua: <code>25/01 aniversário da cidade</code>\n"
    "Sem o ano, vale todo ano."
)
MORE_BUTTON = "⚙️ Mais ajustes"
HOLIDAYS_BUTTON = "📅 Ver os feriados"
TEXTS_BUTTON = "📝 Textos do que sai sozinho"
KIND_WITHOUT_TEXT = "O texto dessa mensagem está desligado: ligue em Textos."
SHORT = "⚠️ <b>Falta tempo para as mensagens de hoje</b>"
HOLIDAY_DROPPED = "Data tirada."
NO_CHANGES = "👀 <b>Nada de hoje mudou</b>"
_WEEKDAYS = ("seg", "ter", "qua", "qui", "sex", "sáb", "dom")


def schedule(view: ScheduleView, *, times: bool = True) -> str:
    """The Agendador: what the last change does to today, then the day's times."""
    dials = view.dials
    lines = [f"⏰ <b>Agendador</b> · envio às <b>{dials.send_at:%H:%M}</b>", ""]
    lines += changed(view)
    if times:
        lines += [""] if view.effect else []
        lines += [
            f"{EMOJIS[which]} {at:%H:%M} {DOES[which]}" for which, at in times_of(dials).items()
        ]
    return "\n".join(lines if view.effect else [*lines, "", LEGEND])


def times_of(dials: Dials) -> Mapping[Timed, time]:
    """The three times of the day's work, in the order of the picture."""
    return {
        Timed.VERIFY: dials.verify_at,
        Timed.SEND: dials.send_at,
        Timed.CLEAN: dials.clean_at,
    }


def changed(view: ScheduleView) -> list[str]:
    """What the last change does to today, one line each (E9, decision 2)."""
    effect = view.effect
    if effect is None:
        return []
    total = effect.total
    is_short = effect.fitting < effect.waiting
    said = [SHORT if is_short else NOTHING_TODAY]
    if total:
        said = [f"⚠️ <b>Isso muda {counted(total)} de hoje</b>"]
    said += [moved(effect)] if effect.moved else []
    said += [added(effect)] if effect.added else []
    said += [dropped(effect.dropped)] if effect.dropped else []
    said += [billed(effect.billed)] if effect.billed else []
    said += [unbilled(view.unbilled)] if view.unbilled else []
    is_told = is_short or effect.billed or total > effect.dropped
    said += [room(view, effect)] if is_told else []
    return said


def moved(effect: Effect) -> str:
    """From when to when."""
    one = effect.moved == 1
    was = _when(effect.was, effect)
    goes = _when(effect.goes, effect)
    return f"{'Ia' if one else 'Iam'} sair {was}, {'vai' if one else 'vão'} sair {goes}."


def added(effect: Effect) -> str:
    """What enters."""
    enters = "Entra 1" if effect.added == 1 else f"Entram {effect.added}"
    return f"{enters} para sair {_when(effect.goes, effect)}."


def dropped(count: int) -> str:
    """What does not go."""
    return "1 não sai mais hoje." if count == 1 else f"{count} não saem mais hoje."


def billed(count: int) -> str:
    """Who was billed late, as the owner wants it always."""
    who = "1 que ficou sem cobrança" if count == 1 else f"{count} que ficaram sem cobrança"
    return f"Vou cobrar hoje também {who}."


def unbilled(count: int) -> str:
    """Whom decision 2 asks about."""
    who = "1 atrasado ficou" if count == 1 else f"{count} atrasados ficaram"
    return f"<b>{who} sem cobrança.</b>"


def room(view: ScheduleView, effect: Effect) -> str:
    """Whether there is time for all, at the pace that protects the number (F5)."""
    closes = f"{view.dials.window_closes:%H:%M}"
    if effect.fitting >= effect.waiting:
        return f"Dá tempo para todas até as {closes}."
    left = effect.waiting - effect.fitting
    rest = "1 fica" if left == 1 else f"{left} ficam"
    return f"⏳ Até as {closes} cabem {effect.fitting}: {rest} sem sair hoje."


def counted(messages: int) -> str:
    """1 mensagem, 12 mensagens."""
    return "1 mensagem" if messages == 1 else f"{messages} mensagens"


def see_button(count: int, *, short: bool = False) -> str:
    """The way to the messages that change; `short` beside another button."""
    if count == 1:
        return "👀 Ver 1" if short else "👀 Ver a mensagem"
    return f"👀 Ver as {count}" if short else f"👀 Ver as {count} mensagens"


def unbilled_button(count: int) -> str:
    """Decision 2's question."""
    return "⚠️ Cobrar o 1?" if count == 1 else f"⚠️ Cobrar os {count}?"


def window_button(dials: Dials) -> str:
    """The hours, as the way to them."""
    return f"🕗 {dials.window_opens:%H:%M} às {dials.window_closes:%H:%M}"


def time_button(which: Timed, at: time) -> str:
    """A time, as the way to it."""
    return f"{EMOJIS[which]} {at:%H:%M}"


def kind_button(kind: Kind, *, on: bool) -> str:
    """A kind as it stands."""
    return f"{_mark(on)} {KINDS[kind]}"


def switch_button(which: Switched, *, on: bool) -> str:
    """A switch as it stands."""
    return f"{_mark(on)} {SWITCHES[which]}"


def overdue_button(choice: Overdue, *, chosen: bool) -> str:
    """One of the three answers."""
    return f"{'🔘' if chosen else '⚪'} {OVERDUES[choice]}"


def one_time(which: Timed, at: time) -> str:
    """A time, what happens then, and how to change it."""
    return (
        f"{EMOJIS[which]} <b>{TITLES[which]} · {at:%H:%M}</b>\n\n{EXPLAINS[which]}\n\n{TYPE_TIME}"
    )


def window(dials: Dials) -> str:
    """The hours in which messages may go."""
    return (
        f"🕗 <b>Horário de envio · {dials.window_opens:%H:%M} às {dials.window_closes:%H:%M}</b>\n"
        "\nFora dele nada sai. O que não couber no dia não fica para amanhã: eu conto no resumo.\n"
        f"\n{TYPE_WINDOW}"
    )


def zone(dials: Dials) -> str:
    """By which clock the owner lives (E1)."""
    return (
        f"🌎 <b>Fuso · {safe(zone_words(dials.zone))}</b>\n"
        "\nTodos os horários do Agendador são deste relógio.\n"
        f"\n{TYPE_ZONE}"
    )


def more(dials: Dials) -> str:
    """What is turned less often."""
    return (
        "⚙️ <b>Mais ajustes do Agendador</b>\n"
        "\n"
        "<b>Se eu mudar o horário</b> e alguém com 2 dias de atraso ou mais ficou sem cobrança: "
        f"{OVERDUES[dials.overdue_on_reschedule].lower()}.\n"
        "\n"
        f"{LEGEND}"
    )


def summary_button(dials: Dials) -> str:
    """The time of the summary."""
    return f"{EMOJIS[Timed.SUMMARY]} {dials.summary_at:%H:%M}"


def zone_button(dials: Dials) -> str:
    """The zone, as the way to it: two share a row, so the longest is cut (law 9)."""
    return f"🌎 {zone_words(dials.zone).removeprefix('Fernando de ')}"


def zone_choice(name: str, *, chosen: bool) -> str:
    """One of the zones."""
    return f"{'🔘 ' if chosen else ''}{name}"


def offer_button(offer: Offer, dials: Dials) -> str:
    """Times that would do."""
    hours = (offer.opens, offer.closes)
    if hours == (dials.window_opens, dials.window_closes):
        return f"📤 Enviar às {offer.send_at:%H:%M}"
    if offer.send_at == dials.send_at:
        return f"🕗 Das {offer.opens:%H:%M} às {offer.closes:%H:%M}"
    return f"📤 {offer.send_at:%H:%M} e 🕗 {offer.opens:%H:%M} às {offer.closes:%H:%M}"


def set_toast(which: Timed, at: time) -> str:
    """Over the screen."""
    return f"{MOVED[which]} para {at:%H:%M}"


def hours_toast(dials: Dials) -> str:
    """Over the screen."""
    return f"Envio das {dials.window_opens:%H:%M} às {dials.window_closes:%H:%M}"


def switch_toast(which: Switched, *, on: bool) -> str:
    """Over the screen: what the switch means from now on (decision 7)."""
    if which is Switched.SUMMARY:
        return f"Resumo {'ligado' if on else 'desligado'}"
    name = SWITCHES[which]
    if which is Switched.OPTIONAL:
        return f"{name}: {'a cobrança descansa' if on else 'dias normais'}"
    if on:
        return f"{name}: dia normal, as mensagens saem"
    return f"{name}: a cobrança descansa, e no dia seguinte eu mostro quem ficou sem"


def kind_toast(kind: Kind, *, on: bool) -> str:
    """Over the screen."""
    return f"{KINDS[kind]}: {'ligado' if on else 'desligado'}"


def changes(view: ChangedMessages) -> str:
    """The head of the list of what changes today."""
    if not view.messages:
        return NO_CHANGES
    return f"👀 <b>O que muda hoje · {view.total}</b>\nAntes → agora. Toque para abrir o cliente."


def change_part(one: ChangedMessage, made_at: datetime | None) -> str:
    """What becomes of one message, in 14 characters."""
    if one.goes is None:
        return "não sai"
    goes = "agora" if made_at and one.goes <= made_at else f"{one.goes:%H:%M}"
    if one.was is None:
        return f"entra {goes}"
    return f"{one.was:%H:%M}→{goes}"


def holidays(view: HolidaysView) -> str:
    """The holidays that come, and what happens on them (decision 7)."""
    how = "dias normais" if view.on else "a cobrança descansa"
    lines = [f"📅 <b>Feriados · {how}</b>", ""]
    lines += [holiday_line(one, rests=not view.on, optional=view.optional) for one in view.coming]
    return "\n".join([*lines, "", TYPE_HOLIDAY])


def holiday_line(one: Holiday, *, rests: bool, optional: bool) -> str:
    """One that comes."""
    day = f"{one.day:%d/%m} ({_WEEKDAYS[one.day.weekday()]})"
    note = ""
    if one.own:
        note = " · seu"
    elif one.facultative:
        note = " · facultativo" + (", dia normal" if rests and not optional else "")
    return f"{day} {safe(one.name)}{note}"


def own_button(one: OwnHolidayRow) -> str:
    """A date of the owner's own, with what takes it away."""
    holiday = one.holiday
    day = f"{holiday.day:%d/%m}" if holiday.yearly else f"{holiday.day:%d/%m/%Y}"
    return f"🗑 {day} {holiday.name}"


def _mark(on: bool) -> str:
    return "🟢" if on else "⚪"


def _when(at: datetime | None, effect: Effect) -> str:
    if at is None:
        return "em vários horários"
    return "agora" if at <= effect.made_at else f"às {at:%H:%M}"
