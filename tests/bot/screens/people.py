"""Invented clients as a tenant answers about them, for screens that are looked at alone."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from aiogram.types import InlineKeyboardMarkup

from actors.messages.clients import ClientCard, ClientRow, ClientsView, SentMessage
from bot.ui.measure import cut_labels, points
from bot.ui.view import View
from domain.client_list import FIRST_PLACE, Figures
from domain.clients import Client
from domain.due_dates import status_of
from domain.outbox import MessageState
from domain.reminders import Kind
from domain.tags import FieldValue, Tag, TagCount

TODAY = date(2026, 11, 25)
PINNED = 672.0
BIGGEST = 2**63 - 1


def row(name: str = "Roberto Souza", days: int = -2, **more: Any) -> ClientRow:
    """A client due in `days`."""
    due_on = TODAY + timedelta(days=days)
    return ClientRow(
        **{
            "client_id": 7,
            "name": name,
            "due_on": due_on,
            "status": status_of(due_on, TODAY),
            **more,
        }
    )


def page(rows: Iterable[ClientRow] = (), **more: Any) -> ClientsView:
    """A page of the list."""
    shown = tuple(rows)
    counts = {"up_to_date": 109, "due_soon": 17, "overdue": 22, **more.pop("counts", {})}
    figures = Figures(
        month=date(2026, 11, 1),
        overdue_value=Decimal("1757.80"),
        to_come=Decimal("1358.30"),
        received=Decimal("8709.10"),
        archived=more.pop("archived", 3),
        **counts,
    )
    facts: dict[str, Any] = {
        "place": FIRST_PLACE,
        "rows": shown,
        "total": len(shown),
        "pages": 1,
        "today": TODAY,
        "figures": figures,
        "tags": (),
        **more,
    }
    return ClientsView(**facts)


def card(**more: Any) -> ClientCard:
    """A card with little on it; fields of the client may be given too."""
    own = {
        "open_amount",
        "tags",
        "fields",
        "last_messages",
        "shares_phone_with",
        "rest",
        "why_not_today",
    }
    facts: dict[str, Any] = {
        "id": 7,
        "name": "Roberto Souza",
        "phone": "+5511955500187",
        "due_on": TODAY - timedelta(days=2),
        "plan": "30 dias",
        "price": Decimal("79.90"),
        **{name: value for name, value in more.items() if name not in own},
    }
    client = Client(**facts)
    shown: dict[str, Any] = {
        "client": client,
        "row": row(client.name, (client.due_on - TODAY).days, archived=client.archived),
        "today": TODAY,
        "tags": (),
        "fields": (),
        "last_messages": (),
        "shares_phone_with": (),
        "open_amount": client.price,
        "rest": Decimal(0),
        "why_not_today": None,
        **{name: value for name, value in more.items() if name in own},
    }
    return ClientCard(**shown)


def full_card() -> ClientCard:
    """A card with as much on it as there can be."""
    return card(
        name=("Maria Aparecida " * 7)[:100].strip(),
        plan="Plano família com tudo incluído e um nome que não acaba mais"[:60],
        server="Servidor central da torre de número vinte e dois, lado norte"[:60],
        notes="Ligar só depois das 18h. " * 20,
        price=Decimal("99999.99"),
        tags=tuple(Tag(at, "🔵", f"Etiqueta número {at:03d}") for at in range(10)),
        fields=tuple(
            FieldValue(at, f"campo número {at:07d}", "x" * 200, at % 2 == 0) for at in range(10)
        ),
        last_messages=tuple(
            sent(kind, state)
            for kind, state in (
                (Kind.REMINDER_2_DAYS, MessageState.CANCELLED),
                (Kind.REMINDER_1_DAY, MessageState.UNKNOWN),
                (Kind.WELCOME, MessageState.WAITING),
            )
        ),
        shares_phone_with=(row("Pedro Prado", 17), row("Paula", 3)),
        rest=Decimal("19999.90"),
        why_not_today="Atrasado há 2 dias.",
        opted_out=True,
    )


def sent(kind: Kind, state: MessageState, reason: str | None = None) -> SentMessage:
    """A message of yesterday morning."""
    at = datetime(2026, 11, 24, 9, 3, tzinfo=UTC)
    return SentMessage(message_id=1, at=at, kind=kind, state=state, reason=reason)


def tags(count: int) -> tuple[TagCount, ...]:
    """As many tags."""
    return tuple(
        TagCount(Tag(BIGGEST - at, "🔵", f"Etiqueta número {at:03d}"), 5_000) for at in range(count)
    )


def labels(view: View) -> list[list[str]]:
    """The labels of a view, row by row."""
    return [[button.text for button in line] for line in board(view).inline_keyboard]


def board(view: View) -> InlineKeyboardMarkup:
    """The buttons of a view; every screen has some."""
    assert view.keyboard is not None
    return view.keyboard


def coloured(view: View) -> dict[str, str]:
    """The buttons with a colour."""
    lines = board(view).inline_keyboard
    return {button.text: button.style for line in lines for button in line if button.style}


def height(view: View) -> float:
    """How high a screen is, in points of a phone."""
    return points(view.text, len(labels(view)))


def cut(view: View) -> list[str]:
    """The labels that cannot be read whole."""
    return cut_labels(labels(view))
