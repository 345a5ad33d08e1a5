"""What screens ask about clients: the list, one client, its messages, and why it got none."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

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
from actors.tenant.part import TenantPorts
from domain.client_list import pages_of
from domain.contacts import whatsapp_candidates
from domain.schedule import local
from domain.why import why_today
from storage import client_card, client_list, clients, own_fields, tenants
from storage.database import TenantConnection


@dataclass(frozen=True, slots=True)
class _Zone:
    """Where the tenant's days begin, good as long as the version of its rules stands."""

    rules_version: int
    zone: ZoneInfo

    def today(self, now: datetime) -> date:
        """The tenant's own day."""
        return local(now, self.zone).date()


# Buttons of a form: more of one kind would not be read.
PRESETS = 6


class ClientViewsPart(DeskPart):
    """Looks, and changes nothing."""

    def __init__(self, tenant_id: int, ports: TenantPorts) -> None:
        super().__init__(tenant_id, ports)
        self._zone: _Zone | None = None

    async def _read_zone(self, tx: TenantConnection) -> "_Zone":
        """Read it, and know it from now on; raises NotSignedUp."""
        charter = await tenants.charter(tx)
        self._zone = _Zone(charter.version, charter.settings.zone)
        return self._zone

    @on(GetClients)
    async def get_clients(self, message: GetClients) -> ClientsView:
        """A page of the list with its header (C3)."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            zone = self._zone or await self._read_zone(tx)
            today = zone.today(now)
            found = await client_list.walk(tx, message.place, today)
            if found.rules_version != zone.rules_version:  # changed past this actor, too
                today = (await self._read_zone(tx)).today(now)
                found = await client_list.walk(tx, message.place, today)
        return ClientsView(
            place=found.place,
            rows=tuple(cards.row_on(today, row) for row in found.rows),
            total=found.total,
            pages=found.pages,
            today=today,
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
