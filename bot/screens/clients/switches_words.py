"""What the two switches of a client say (C10)."""

from collections.abc import Sequence

from actors.messages.clients import ClientCard
from bot.ui.labels import bold_row
from bot.ui.words import safe
from domain.clients import Switch

LABELS = {Switch.BILLING: "Cobranças", Switch.NOTICES: "Avisos"}
WHAT = (
    "<b>Cobranças</b>: vence em 2 dias, vence amanhã, vence hoje e 1 dia de atraso.\n"
    "<b>Avisos</b>: renovação, boas-vindas e o que você mandar para todos.\n"
    "\n"
    "🟢 ligado · ⚪ desligado: toque e mude"
)
OPTED_OUT = "🚫 <b>Pediu para não receber mensagens.</b> Nada vai, mesmo com os botões ligados."
MOST_EFFECTS = 4
_ENDINGS = {Switch.BILLING: "as", Switch.NOTICES: "os"}


def screen(card: ClientCard, effect: Sequence[str] = ()) -> str:
    """What each switch is for, and what the last change did to today."""
    row = card.row
    lines = [bold_row(f"🔔 {row.status.emoji}", row.name, row.due_on, card.today)]
    if effect:
        lines += ["", *(f"• {safe(one)}" for one in effect[:MOST_EFFECTS])]
    if card.client.opted_out:
        lines += ["", OPTED_OUT]
    return "\n".join([*lines, "", WHAT])


def switch_button(switch: Switch, *, on: bool) -> str:
    """A switch as it stands."""
    return f"{'🟢' if on else '⚪'} {LABELS[switch]}"


def toast(switch: Switch, *, on: bool) -> str:
    """Over the screen."""
    return f"{LABELS[switch]} {'ligad' if on else 'desligad'}{_ENDINGS[switch]}"
