"""How a client reads a text: one quote for each message of WhatsApp, cut to what a screen takes.

What is secret is covered until it is touched (C12); what is missing is named (D4).
"""

import re
from collections.abc import Sequence

from actors.messages.texts import TextPreview
from bot.ui.labels import cut_name, day_label
from bot.ui.measure import fits, label_width
from bot.ui.words import safe

MISSING = {
    "plano": "o plano",
    "valor": "o valor",
    "servidor": "o servidor",
    "informacoes": "a observação",
    "empresa": "o nome da sua empresa",
    "empresa_telefone": "o telefone da sua empresa",
    "suporte": "o contato do seu suporte",
    "pix_chave": "a sua chave PIX",
    "pix_beneficiario": "o nome de quem recebe o PIX",
    "pix_copia_e_cola": "a sua chave PIX",
}
PIX_ALONE = "O PIX vai sozinho, na 2ª mensagem."
INVENTED = "alguém de exemplo"
MOST_UNITS = 3_900
"""UTF-16 units of a whole screen, with room for its tags: Telegram takes 4,096."""
LEAST_PREVIEW = 500
FOLDED_FROM = 100
"""Letters from which on a message is folded where the screen is too small for it."""
MOST_NAME_POINTS = 150.0
MORE = "…"


def whom(shown: TextPreview) -> str:
    """Who reads what stands below."""
    how = " recebe assim" if shown.parts else ""
    if shown.row is None:
        return f"<b>{safe(shown.name)}, {INVENTED}{',' if how else ''}{how}:</b>"
    who = f"{cut_name(shown.name, MOST_NAME_POINTS)} · {day_label(shown.due_on, shown.today)}"
    return f"<b>{safe(who)}{how}:</b>"


def as_read(shown: TextPreview, rows: int, units: int, above: str = "") -> str:
    """One quote for each message of WhatsApp, or what keeps it from being written (D4).

    With so many `rows` of buttons and with what stands `above`, a long one that does not fit on a
    phone is opened by a touch.
    """
    if not shown.parts:
        return f"⚠️ {_why_not(shown)}"
    room = max(units - sum(len(part) for part in shown.parts[1:]), LEAST_PREVIEW)
    first, *rest = (_covered(within(part, room), shown.secrets) for part in shown.parts)
    tail = "".join(f"\n<blockquote expandable>{part}</blockquote>" for part in rest)
    tail += f"\n{PIX_ALONE}" if rest else ""
    whole = f"<blockquote>{first}</blockquote>{tail}"
    if len(shown.parts[0]) < FOLDED_FROM or fits(f"{above}\n{whole}", rows, pinned=True):
        return whole
    return f"<blockquote expandable>{first}</blockquote>{tail}"


def missing_button(name: str, own: str | None) -> str:
    """The button that fills in what is missing."""
    label = MISSING.get(name, own or name)
    return cut_name(f"✏️ Preencher {label}", label_width(1))


def units_of(shown: str) -> int:
    """How much of a message a text takes, as Telegram counts: UTF-16 units."""
    return len(shown.encode("utf-16-le")) // 2


def _covered(shown: str, secrets: Sequence[str]) -> str:
    """A text safe for HTML, what is secret in it covered until it is touched (C12)."""
    if not secrets:
        return safe(shown)
    longest_first = sorted({*secrets}, key=len, reverse=True)
    pieces = re.split(f"({'|'.join(map(re.escape, longest_first))})", shown)
    return "".join(
        f"<tg-spoiler>{safe(piece)}</tg-spoiler>" if piece in longest_first else safe(piece)
        for piece in pieces
    )


def within(shown: str, units: int) -> str:
    """`shown` in at most so many UTF-16 units, as Telegram counts, cut where it must be."""
    if units_of(shown) <= units:
        return shown
    kept = shown.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")
    return f"{kept}{MORE}"


def _why_not(shown: TextPreview) -> str:
    if shown.refusal is not None:
        return safe(shown.refusal)
    missing = [MISSING.get(name, f"“{name}”") for name in shown.missing]
    listed = ", ".join(dict.fromkeys(missing))
    return f"Falta {safe(listed)}. Sem isso a mensagem espera, e não sai pela metade."
