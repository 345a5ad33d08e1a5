"""What the pinned board says: its first line is all that is seen of it above a chat (J8)."""

from bot.ui.words import weekday
from domain.money import format_brl
from domain.scoreboard import Scoreboard


def board_text(board: Scoreboard) -> str:
    """The day in one glance."""
    head = f"📌 <b>Hoje:</b> {_delivered(board)} · {format_brl(board.received)} recebidos"
    return "\n".join([head, *_rest(board), f"<i>{weekday(board.day)}, {board.day:%d/%m}</i>"])


def _delivered(board: Scoreboard) -> str:
    if not board.total:
        return "nenhuma mensagem"
    delivered = "entregue" if board.delivered == 1 else "entregues"
    return f"{board.delivered} de {board.total} {delivered}"


def _rest(board: Scoreboard) -> list[str]:
    lines = []
    if board.waiting:
        lines.append(f"🕒 {board.waiting} esperando")
    if board.failed:
        lines.append(f"❌ {board.failed} não {'foi' if board.failed == 1 else 'foram'}")
    return lines
