"""What is said about who was left without its billing, and decision 2's question (E3b)."""

from actors.messages.queue_acts import Decided, LeftOut, LeftOutView
from bot.ui import measure
from bot.ui.words import safe
from domain.money import format_brl
from domain.reasons import explain

NOBODY = "✅ <b>Ninguém ficou sem cobrança</b>"
NONE_BUTTON = "🙅 Nenhum"
UNMARK_BUTTON = "⬜ Desmarcar todos"
QUEUE_BUTTON = "📬 Ver a fila"
CHANGED = "A lista mudou. Confira e toque de novo."
QUESTION = "Passou do 1º dia de atraso, e depois dele nada vai sozinho. <b>Quem decide é você.</b>"
MARKED, UNMARKED = "☑️", "⬜"


def mark_all(clients: int) -> str:
    """The button that marks all of them."""
    return f"☑️ Marcar os {clients}"


def bill(marked: int) -> str:
    """The button that bills those that are marked, with their number."""
    return "📤 Cobrar o marcado" if marked == 1 else f"📤 Cobrar os {marked} marcados"


def mark_of(one: LeftOut) -> str:
    """Whether one is marked, in front of the name."""
    return MARKED if one.marked else UNMARKED


def left_out(view: LeftOutView, rows: int) -> str:
    """How many, why, and what is marked, on one phone with so many rows of buttons."""
    if not view.total:
        return NOBODY
    return next(
        (text for text in _ways_to_say(view) if measure.fits(text, rows, pinned=True)),
        _ways_to_say(view)[-1],
    )


def _ways_to_say(view: LeftOutView) -> list[str]:
    """The whole, the reasons folded away, and all but the numbers folded away."""
    said = "1 cliente ficou" if view.total == 1 else f"{view.total} clientes ficaram"
    title = f"⚠️ <b>{said} sem cobrança</b>"
    marked = f"Marcados: <b>{view.marked} de {view.total}</b> · {format_brl(view.amount)}"
    why = "\n".join(_why(view))
    return [
        f"{title}\n{QUESTION}\n\n{why}\n\n{marked}",
        "\n".join([title, QUESTION, _folded(why), marked]),
        "\n".join([title, _folded(f"{QUESTION}\n{why}"), marked]),
    ]


def _folded(said: str) -> str:
    return f"<blockquote expandable>{said}</blockquote>"


def billed(done: Decided) -> str:
    """What came of billing those that were marked."""
    if done.clients == 1:
        return "✅ <b>1 cobrança entrou na fila de hoje</b>\nEla sai na sua vez."
    entered = f"{done.clients} cobranças entraram na fila de hoje"
    return f"✅ <b>{entered}</b>\nElas saem uma por vez."


def dismissed(done: Decided) -> str:
    """What came of billing none of them."""
    said = (
        "1 cliente saiu da lista"
        if done.clients == 1
        else f"{done.clients} clientes saíram da lista"
    )
    return f"🙅 <b>{said}</b>\nNada vai para eles por este vencimento."


def _why(view: LeftOutView) -> list[str]:
    lines = [
        f"• {safe(_who(names, count))}: {safe(explain(code))}" for code, names, count in view.why
    ]
    return ["<b>Por que não receberam</b>", *lines]


def _who(names: tuple[str, ...], count: int) -> str:
    """Paulo; Paulo e Sandra; Paulo, Sandra e mais 3."""
    if count > len(names):
        return f"{', '.join(names)} e mais {count - len(names)}"
    *first, last = names
    return f"{', '.join(first)} e {last}" if first else last
