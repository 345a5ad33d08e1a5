"""Who was left without the billing of its day, and what the owner wants done (E3b, decision 2)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from domain.reminders import Kind
from domain.rulebook import Rulebook
from errors import InvalidInput
from storage import unbilled
from storage.database import TenantConnection
from storage.unbilled import Unbilled


async def left_out(tx: TenantConnection, book: Rulebook, now: datetime) -> list[Unbilled]:
    """The clients whose D+1 is over without their cobranca, the oldest first.

    Nobody, while the owner bills nobody.
    """
    if Kind.BILLING not in book.rules.kinds or Kind.BILLING in book.rules.without_text:
        return []
    today = book.today(now)
    _, closes = book.sending_hours(today)
    last_day = today if now >= closes else today - timedelta(days=1)
    return await unbilled.find(tx, last_day, lambda day: book.sending_hours(day)[1])


async def bill(
    tx: TenantConnection, book: Rulebook, client_ids: Collection[int], now: datetime
) -> int:
    """Queue the cobranca of those of `client_ids` who were left out; returns how many.

    Raises:
        InvalidInput: the window of today is over, and nothing is queued for another day (E5).
    """
    today = book.today(now)
    opens, closes = book.rules.window.instants(today, book.zone)
    if now >= closes:
        raise InvalidInput(
            "O horário de envio de hoje já acabou. "
            f"Escolha de novo amanhã, a partir das {book.rules.window.opens:%H:%M}."
        )
    return await unbilled.bill(
        tx,
        await _of_these(tx, book, client_ids, now),
        day=today,
        send_from=max(now, opens),
        send_until=closes,
        now=now,
    )


async def dismiss(
    tx: TenantConnection, book: Rulebook, client_ids: Collection[int], now: datetime
) -> int:
    """List those of `client_ids` who were left out no more; returns how many."""
    return await unbilled.dismiss(tx, await _of_these(tx, book, client_ids, now), now)


async def _of_these(
    tx: TenantConnection, book: Rulebook, client_ids: Collection[int], now: datetime
) -> list[int]:
    """Those who are still left out: an old button may name others."""
    wanted = set(client_ids)
    return [
        client.client_id for client in await left_out(tx, book, now) if client.client_id in wanted
    ]
