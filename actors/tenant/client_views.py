"""What screens ask about clients: the list, one client, its messages, and why it got none."""

from actors.messages.clients import (
    ClientCard,
    ClientRow,
    ClientsView,
    Deletion,
    GetClient,
    GetClientMessages,
    GetClients,
    GetDeletion,
    GetPhoneOwners,
    GetPresets,
    MessagesView,
    Presets,
    WhyNotToday,
)
from actors.runtime import on
from actors.tenant import cards
from actors.tenant.day import queue_obstacle
from actors.tenant.desk import DeskPart
from domain.client_list import pages_of
from domain.contacts import whatsapp_candidates
from domain.why import why_today
from storage import client_card, client_list, clients, own_fields

# Buttons of a form: more of one kind would not be read.
PRESETS = 6


class ClientViewsPart(DeskPart):
    """Looks, and changes nothing."""

    @on(GetClients)
    async def get_clients(self, message: GetClients) -> ClientsView:
        """A page of the list with its header (C3)."""
        async with self._desk() as desk:
            found = await client_list.walk(desk.tx, message.place, desk.today)
            return ClientsView(
                place=found.place,
                rows=tuple(cards.row_of(desk, row) for row in found.rows),
                total=found.total,
                pages=found.pages,
                today=desk.today,
                figures=found.figures,
                tags=found.tags,
            )

    @on(GetClient)
    async def get_client(self, message: GetClient) -> ClientCard:
        """The card of one client (C4)."""
        async with self._desk() as desk:
            return await cards.card(desk, message.client_id)

    @on(GetPhoneOwners)
    async def get_phone_owners(self, message: GetPhoneOwners) -> tuple[ClientRow, ...]:
        """Who has this number, in either of its forms (C2)."""
        async with self._desk() as desk:
            owners = await clients.on_phones(desk.tx, whatsapp_candidates(message.phone))
            return tuple(cards.row_of(desk, owner) for owner in owners)

    @on(GetPresets)
    async def get_presets(self, _message: GetPresets) -> Presets:
        """What the form offers to touch (C1, C12)."""
        async with self._desk() as desk:
            used = await clients.presets(desk.tx, PRESETS)
            fields = await own_fields.all_fields(desk.tx)
        return Presets(used.plans, used.prices, used.servers, fields)

    @on(GetDeletion)
    async def get_deletion(self, message: GetDeletion) -> Deletion:
        """What deleting a client would lose (C4)."""
        async with self._desk() as desk:
            row = await cards.row(desk, message.client_id)
            losses = await client_card.losses(desk.tx, message.client_id)
        return Deletion(row, losses.messages, losses.payments, losses.paid)

    @on(GetClientMessages)
    async def get_client_messages(self, message: GetClientMessages) -> MessagesView:
        """A page of what went to a client, or did not (F7)."""
        async with self._desk() as desk:
            row = await cards.row(desk, message.client_id)
            found = await client_card.messages(desk.tx, message.client_id, message.page)
            return MessagesView(
                row=row,
                messages=cards.sent(desk, found.messages),
                page=found.page,
                total=found.total,
                pages=pages_of(found.total),
            )

    @on(WhyNotToday)
    async def why_not_today(self, message: WhyNotToday) -> tuple[str, ...]:
        """What became of the day's messages to a client, and what holds them (E8)."""
        connected = await self._connected()
        async with self._desk() as desk:
            found = await client_card.card(desk.tx, message.client_id)
            obstacle = await queue_obstacle(desk.tx, desk.book, desk.now, connected=connected)
            return why_today(
                found.client,
                desk.book.rules,
                desk.today,
                desk.local(desk.now).time(),
                cards.made_today(desk, found.messages),
                obstacle=obstacle,
            )
