"""Taking back what was done: all of it in one transaction, or nothing and why (C14, E6).

An act is taken back only while what it did still stands: what happened since is said, not undone.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from actors.messages.undo import Undo, Undone
from actors.runtime import on
from actors.tenant import by_hand as hand_acts
from actors.tenant import import_undo, rescheduling, text_changes
from actors.tenant.clients import switched
from actors.tenant.corrections import facts_of
from actors.tenant.desk import Desk, DeskPart
from domain.client_edits import LABELS, kept, put_back, shown
from domain.clients import Client, ClientField, Switch
from domain.due_dates import short_date
from domain.money import format_brl
from domain.outbox import MessageState
from domain.reasons import Reason
from domain.undo import TOO_LATE, Act
from errors import CannotUndo, InvalidInput
from storage import (
    audit,
    by_hand,
    clients,
    ledger,
    orders,
    outbox,
    own_fields,
    queue_acts,
    tags,
    undos,
)
from storage.undos import StoredUndo

PLANS_TODAY = frozenset(
    {
        Act.RENEW,
        Act.EDIT,
        Act.SWITCH,
        Act.ARCHIVE,
        Act.IMPORT,
        Act.SCHEDULE,
        Act.BY_HAND,
        Act.TEXT,
        Act.CANCEL,
        Act.DISMISS,
    }
)


class UndoPart(DeskPart):
    """Undoes."""

    @on(Undo)
    async def undo(self, message: Undo) -> Undone:
        """Take an act back once; again, it answers the same."""
        async with self._desk() as desk:
            # Before all messages and clients, as whoever touches many of them does.
            await outbox.hold_day(desk.tx)
            stored = await undos.find(desk.tx, message.undo_id)
            if stored.said is not None:
                return Undone(stored.said, stored.client_id)
            if desk.now >= stored.until:
                raise CannotUndo(TOO_LATE)
            said = await _TAKE_BACK[stored.act](desk, stored)
            await undos.close(desk.tx, stored.id, said, desk.now)
            await audit.note(desk.tx, "undo", f"{stored.act} {stored.topic}", desk.now)
        if stored.act in PLANS_TODAY:
            await self._plan_if_possible()
        if stored.act is Act.SCHEDULE:
            self._ports.schedules_changed()
        return Undone(said, stored.client_id)


async def _renewal(desk: Desk, stored: StoredUndo) -> str:
    """The payment counts no more, the due date is what it was, what was cancelled goes again."""
    was = stored.payload
    ids = [message[0] for message in was["messages"]]
    await orders.bring_back(desk.tx, ids, Reason.RENEWED, desk.now)
    await _bring_back_scheduled(desk, was, Reason.RENEWED)
    client = await _client(desk, stored)
    after = date.fromisoformat(was["due_on_after"])
    if (client.due_on, client.agreed_day) != (after, was["agreed_after"]):
        raise CannotUndo(
            f"O vencimento de {client.name} mudou depois e agora é {short_date(client.due_on)}. "
            "Desfaça primeiro o que veio depois, ou mude a data na ficha."
        )
    before = date.fromisoformat(was["due_on_before"])
    await ledger.move_back(desk.tx, client.id, before, was["agreed_before"], desk.now)
    await ledger.void(desk.tx, was["payment_id"], desk.now)
    return f"Renovação desfeita: {client.name} volta a vencer em {short_date(before)}."


async def _bring_back_scheduled(desk: Desk, was: Mapping[str, Any], reason: Reason) -> None:
    """What was to come for the client is to come again, after its messages are (decision 4)."""
    ids = [scheduled[0] for scheduled in was.get("scheduled", ())]
    await by_hand.bring_back(desk.tx, ids, reason, desk.now)


async def _payment(desk: Desk, stored: StoredUndo) -> str:
    line = await ledger.find(desk.tx, stored.payload["payment_id"])
    await ledger.void(desk.tx, line.payment_id, desk.now)
    return f"Desfeito: o pagamento de {format_brl(line.amount)} não conta mais."


async def _voiding(desk: Desk, stored: StoredUndo) -> str:
    line = await ledger.find(desk.tx, stored.payload["payment_id"])
    await ledger.restore(desk.tx, line.payment_id)
    return f"Desfeito: o pagamento de {format_brl(line.amount)} conta de novo."


async def _correction(desk: Desk, stored: StoredUndo) -> str:
    payment_id = stored.payload["payment_id"]
    if facts_of(await ledger.find(desk.tx, payment_id)) != stored.payload["after"]:
        raise CannotUndo("Você mudou este pagamento de novo depois disso.")
    amount_then, paid_then, note = stored.payload["before"]
    amount, paid_on = Decimal(amount_then), date.fromisoformat(paid_then)
    await ledger.correct(desk.tx, payment_id, amount, paid_on)
    await ledger.annotate(desk.tx, payment_id, note)
    return f"Desfeito: o pagamento volta a ser {format_brl(amount)}, em {short_date(paid_on)}."


async def _edit(desk: Desk, stored: StoredUndo) -> str:
    was, field = stored.payload, ClientField(stored.topic.partition(":")[2])
    client = await _client(desk, stored)
    if kept(client, field) != was["after"]:
        raise CannotUndo(f"Você mudou {LABELS[field]} de {client.name} de novo depois disso.")
    before = put_back(client, field, was["before"])
    if field is ClientField.DUE_ON:
        before = replace(before, agreed_day=was["agreed_before"])
    await clients.save(desk.tx, before, desk.now)
    value = shown(before, field) or "vazio"
    return f"Desfeito: {LABELS[field]} de {before.name} volta a ser {value}."


async def _switch(desk: Desk, stored: StoredUndo) -> str:
    was, client = stored.payload, await _client(desk, stored)
    before = switched(client, Switch(was["switch"]), on=was["before"])
    await clients.save(desk.tx, before, desk.now)
    name = "as cobranças" if was["switch"] == Switch.BILLING else "os avisos"
    how = "ligadas" if was["before"] else "desligadas"
    how = how if was["switch"] == Switch.BILLING else how.replace("as", "os")
    return f"Desfeito: {name} de {client.name} continuam {how}."


async def _archiving(desk: Desk, stored: StoredUndo) -> str:
    was = stored.payload
    if was["archived"]:
        await orders.bring_back(desk.tx, was["messages"], Reason.ARCHIVED, desk.now)
        await _bring_back_scheduled(desk, was, Reason.ARCHIVED)
    elif stored.client_id is not None:
        await by_hand.cancel_of_client(desk.tx, stored.client_id, Reason.ARCHIVED, desk.now)
        await outbox.cancel_pending(desk.tx, stored.client_id, Reason.ARCHIVED, desk.now)
    client = await _client(desk, stored)
    await clients.save(desk.tx, replace(client, archived=not was["archived"]), desk.now)
    where = "volta para a lista" if was["archived"] else "volta para os arquivados"
    return f"Desfeito: {client.name} {where}."


async def _dropped_tag(desk: Desk, stored: StoredUndo) -> str:
    found = await tags.find(desk.tx, stored.payload["id"])
    if await tags.named(desk.tx, found.tag.name) is not None:
        raise CannotUndo(f"Já existe outra etiqueta “{found.tag.name}”.")
    await tags.undrop(desk.tx, found.tag.tag_id)
    return f"Desfeito: a etiqueta {found.tag.emoji} {found.tag.name} está de volta."


async def _dropped_field(desk: Desk, stored: StoredUndo) -> str:
    found = await own_fields.find(desk.tx, stored.payload["id"])
    try:
        await own_fields.undrop(desk.tx, found.field)
    except InvalidInput as error:
        raise CannotUndo(str(error)) from None
    return f"Desfeito: o campo “{found.field.name}” está de volta, com o que tinha."


async def _import(desk: Desk, stored: StoredUndo) -> str:
    return import_undo.said(
        await import_undo.take_back(desk.tx, stored.payload["import_id"], desk.now)
    )


async def _schedule(desk: Desk, stored: StoredUndo) -> str:
    return await rescheduling.take_back(desk.tx, stored, desk.now)


async def _cancelling(desk: Desk, stored: StoredUndo) -> str:
    was = [
        (number, MessageState(state), tries) for number, state, tries in stored.payload["messages"]
    ]
    back = await queue_acts.put_back(desk.tx, was, desk.now)
    if not back:
        raise CannotUndo("O horário de envio de hoje já acabou, ou a mensagem já andou.")
    client = await _client(desk, stored)
    if back == 1:
        return f"Desfeito: a mensagem para {client.name} voltou para a fila."
    return f"Desfeito: {back} mensagens para {client.name} voltaram para a fila."


async def _dismissal(desk: Desk, stored: StoredUndo) -> str:
    back = await queue_acts.undismiss(desk.tx, datetime.fromisoformat(stored.payload["at"]))
    if back == 1:
        return "Desfeito: 1 cliente está de novo na lista dos sem cobrança."
    return f"Desfeito: {back} clientes estão de novo na lista dos sem cobrança."


async def _client(desk: Desk, stored: StoredUndo) -> Client:
    assert stored.client_id is not None  # noqa: S101 - acts on clients are kept with theirs
    return await clients.hold(desk.tx, stored.client_id)


_TAKE_BACK: Mapping[Act, Callable[[Desk, StoredUndo], Awaitable[str]]] = {
    Act.RENEW: _renewal,
    Act.PAY: _payment,
    Act.VOID: _voiding,
    Act.RESTORE: _payment,
    Act.CORRECT: _correction,
    Act.EDIT: _edit,
    Act.SWITCH: _switch,
    Act.ARCHIVE: _archiving,
    Act.DROP_TAG: _dropped_tag,
    Act.DROP_FIELD: _dropped_field,
    Act.IMPORT: _import,
    Act.SCHEDULE: _schedule,
    Act.BY_HAND: hand_acts.take_back,
    Act.TEXT: text_changes.take_back,
    Act.CANCEL: _cancelling,
    Act.DISMISS: _dismissal,
}
