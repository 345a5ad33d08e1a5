"""What owners do with their clients: register, edit, switch, write to, archive, delete.

Each act is one transaction, safe to repeat: a repeat finds what was done, and its offer to undo.
"""

from dataclasses import replace

from actors.messages.clients import (
    ArchiveClient,
    Archived,
    ClientCard,
    DeleteClient,
    Deleted,
    EditClient,
    Edited,
    RegisterClient,
    Registered,
    SetSwitch,
    SwitchChanged,
)
from actors.runtime import on
from actors.tenant import cards
from actors.tenant.desk import Desk, DeskPart
from domain.client_edits import edited, kept, shown
from domain.clients import Client, ClientField, Switch
from domain.outbox import ENDED, Cancelled
from domain.reasons import Reason
from domain.reminders import Kind
from domain.undo import Act
from storage import audit, by_hand, clients, outbox, undos
from storage.by_hand import Dropped
from storage.undos import StoredUndo


class ClientsPart(DeskPart):
    """Changes clients."""

    @on(RegisterClient)
    async def register_client(self, message: RegisterClient) -> Registered:
        """Register a client once for each draft (C1), and bill it today if it is its day (E3b)."""
        async with self._desk() as desk:
            made = await clients.register(desk.tx, message.draft, message.client, desk.now)
            client_id = made or await clients.of_draft(desk.tx, message.draft)
            if made is not None:
                await audit.note(desk.tx, "register", f"client {made}", desk.now)
            card = await cards.card(desk, client_id)
            welcome = desk.words(card.client, Kind.WELCOME)
            is_todays = desk.is_todays(card.client.due_on)
        if is_todays:
            await self._plan_if_possible()
            async with self._desk() as desk:
                card = await cards.card(desk, client_id)
        return Registered(card, made is not None, welcome)

    @on(EditClient)
    async def edit_client(self, message: EditClient) -> Edited:
        """Set one field (C5, C13); what it changes of today is planned at once."""
        field = message.field
        async with self._desk() as desk:
            client = await clients.hold(desk.tx, message.client_id)
            after = edited(client, field, message.text, desk.today)
            topic = f"{client.id}:{field}"
            if after == client:
                stored = await undos.latest(desk.tx, Act.EDIT, topic)
                offer = _standing(desk, stored, kept(client, field))
                before = stored.payload["shown"] if stored and offer else shown(client, field)
                card = await cards.card(desk, client.id)
                return Edited(card, before, desk.offer(offer))
            await clients.save(desk.tx, after, desk.now)
            made = await undos.add(
                desk.tx,
                Act.EDIT,
                topic=topic,
                client_id=client.id,
                payload={
                    "before": kept(client, field),
                    "after": kept(after, field),
                    "agreed_before": client.agreed_day,
                    "shown": shown(client, field),
                },
                now=desk.now,
            )
        if field in {ClientField.DUE_ON, ClientField.PHONE, ClientField.PRICE}:
            await self._plan_if_possible()
        async with self._desk() as desk:
            card = await cards.card(desk, client.id)
        return Edited(card, shown(client, field), desk.offer(made))

    @on(SetSwitch)
    async def set_switch(self, message: SetSwitch) -> SwitchChanged:
        """Turn a switch (C10), and say what that does to today's messages."""
        topic = f"{message.client_id}:{message.switch}"
        async with self._desk() as desk:
            client = await clients.hold(desk.tx, message.client_id)
            before = await cards.card(desk, client.id)
            after = switched(client, message.switch, on=message.on)
            if after == client:
                stored = await undos.latest(desk.tx, Act.SWITCH, topic)
                offer = _standing(desk, stored, message.on)
                return SwitchChanged(before, (), desk.offer(offer))
            await clients.save(desk.tx, after, desk.now)
            made = await undos.add(
                desk.tx,
                Act.SWITCH,
                topic=topic,
                client_id=client.id,
                payload={"switch": message.switch, "before": not message.on, "after": message.on},
                now=desk.now,
            )
        await self._plan_if_possible()
        async with self._desk() as desk:
            card = await cards.card(desk, client.id)
        return SwitchChanged(card, _effect(before, card), desk.offer(made))

    @on(ArchiveClient)
    async def archive_client(self, message: ArchiveClient) -> Archived:
        """Put a client away with all that was to go to it, or back (E6)."""
        topic = f"{message.client_id}:{message.archived}"
        async with self._desk() as desk:
            gone: list[Cancelled] = []
            scheduled: list[Dropped] = []
            if message.archived:
                scheduled = await by_hand.cancel_of_client(
                    desk.tx, message.client_id, Reason.ARCHIVED, desk.now
                )
                gone = await outbox.cancel_pending(
                    desk.tx, message.client_id, Reason.ARCHIVED, desk.now
                )
            client = await clients.hold(desk.tx, message.client_id)
            if client.archived is message.archived:
                stored = await undos.latest(desk.tx, Act.ARCHIVE, topic)
                offer = stored.offer(desk.now) if stored else None
                return Archived(cards.row_of(desk, client), (), desk.offer(offer))
            after = replace(client, archived=message.archived)
            await clients.save(desk.tx, after, desk.now)
            made = await undos.add(
                desk.tx,
                Act.ARCHIVE,
                topic=topic,
                client_id=client.id,
                payload={
                    "archived": message.archived,
                    "messages": [pending.message_id for pending in gone],
                    "scheduled": cards.kept_scheduled(desk, scheduled),
                },
                now=desk.now,
            )
            answer = Archived(
                cards.row_of(desk, after),
                cards.cancelled(desk, gone, scheduled),
                desk.offer(made),
            )
        await self._plan_if_possible()
        return answer

    @on(DeleteClient)
    async def delete_client(self, message: DeleteClient) -> Deleted:
        """Delete a client for good (C4, I9); its payments stay counted, without a name."""
        async with self._desk() as desk:
            client = await clients.find(desk.tx, message.client_id)
            await clients.erase(desk.tx, client.id)
            await audit.note(desk.tx, "delete", f"client {client.id}", desk.now)
        return Deleted(client.name)


def switched(client: Client, switch: Switch, *, on: bool) -> Client:
    """`client` with one of its switches as told (C10)."""
    if switch is Switch.BILLING:
        return replace(client, receives_billing=on)
    return replace(client, receives_notices=on)


def _standing(desk: Desk, stored: StoredUndo | None, after: object) -> undos.Offer | None:
    """What was offered when it came to be `after`, while that stands."""
    if stored is None or stored.payload["after"] != after:
        return None
    return stored.offer(desk.now)


def _effect(before: ClientCard, after: ClientCard) -> tuple[str, ...]:
    """What came of messages between two looks, one sentence each."""
    had = {message.message_id: message.state in ENDED for message in before.last_messages}
    said = []
    for message in after.last_messages:
        ended, was = message.state in ENDED, had.get(message.message_id, True)
        if ended and not was:
            said.append(f"Não vai mais: {message.kind.label}.")
        elif was and not ended:
            said.append(f"Entrou na fila de hoje: {message.kind.label}.")
    return tuple(said)
