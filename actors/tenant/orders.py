"""A message to one client because the owner said so: the renewal's, or the welcome (C8, E6)."""

from actors.messages.clients import Queued, SendToClient
from actors.runtime import on
from actors.tenant.day import queue_obstacle
from actors.tenant.desk import Desk, DeskPart
from domain.outbox import ARRIVED, OPEN
from domain.reasons import Reason, explain
from domain.reminders import Kind, recheck
from errors import InvalidInput
from storage import clients, orders, outbox
from telemetry import logger

LOG = logger("tenant")
MAY_BE_ASKED_FOR = frozenset({Kind.RENEWAL, Kind.WELCOME})
# Reasons that only hold a message for a while.
WAITS = frozenset({Reason.PAUSED, Reason.ACCESS_ENDED})


class OrdersPart(DeskPart):
    """Sends what the owner asks for."""

    @on(SendToClient)
    async def send_to_client(self, message: SendToClient) -> Queued:
        """Queue it for today, once for each client, kind and due date (E5, E6)."""
        connected = await self._connected()
        async with self._desk() as desk:
            await outbox.hold_day(desk.tx)
            await _queue(desk, message)
            client = await clients.find(desk.tx, message.client_id)
            found = await orders.one_of(desk.tx, client.id, message.kind, client.due_on)
            obstacle = await queue_obstacle(desk.tx, desk.book, desk.now, connected=connected)
        if found is None or found.state not in OPEN | ARRIVED:
            raise InvalidInput("Esta mensagem já foi tentada e não saiu. Veja o motivo na ficha.")
        LOG.info("asked for", tenant_id=self._tenant_id, kind=message.kind)
        await self._wake_session()
        held = explain(obstacle) if obstacle and found.state not in ARRIVED else None
        return Queued(desk.local(found.at), held)


async def _queue(desk: Desk, message: SendToClient) -> None:
    """Queue the message, if it can go; raises InvalidInput, MissingValue, TextTooLong, NotFound."""
    if message.kind not in MAY_BE_ASKED_FOR:
        raise InvalidInput("Esta mensagem sai sozinha, no dia dela.")
    client = await clients.find(desk.tx, message.client_id)
    local_now = desk.local(desk.now)
    refusal = recheck(message.kind, client.due_on, client, desk.book.rules, local_now)
    if refusal.kind is None and refusal.reason not in WAITS:
        raise InvalidInput(refusal.sentence)
    opens, closes = desk.book.rules.window.instants(desk.today, desk.book.zone)
    if desk.now >= closes:
        raise InvalidInput(
            "O horário de envio de hoje já acabou. "
            f"Mande amanhã, a partir das {desk.book.rules.window.opens:%H:%M}."
        )
    # A text that lacks something would wait until it is too late: better said now.
    desk.book.words(message.kind, client, desk.now)
    await orders.ask_for(
        desk.tx,
        client.id,
        message.kind,
        day=desk.today,
        send_from=max(desk.now, opens),
        send_until=closes,
        now=desk.now,
    )
