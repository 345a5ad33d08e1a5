"""Changing a text, and taking that back: what it was and what it became are kept together (law 6).

A text is taken back only while it still is what the change made of it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from actors.tenant.desk import Desk
from domain.reminders import Kind
from domain.text import fold
from domain.text_keys import TextKey
from domain.undo import Act
from errors import CannotUndo, NotFound
from storage import audit, tenants, texts, undos
from storage.texts import StoredText
from storage.undos import Offer, StoredUndo

Change = Callable[[StoredText | None], Awaitable[TextKey]]
_TEXT, _GOES = "text", "goes"


async def changed(
    desk: Desk, key: TextKey, action: str, change: Change
) -> tuple[TextKey, Offer | None]:
    """Do `change` to what the tenant wrote, and keep how it is taken back.

    A change that changes nothing finds the offer of the one that did. Answers with the text it was
    about, which is another where it was only made now.
    """
    await texts.alone(desk.tx)
    before = await _state(desk, key)
    key = await change(await texts.find(desk.tx, key))
    after = await _state(desk, key)
    if before == after:
        return key, await _standing_offer(desk, key, after)
    await audit.note(desk.tx, action, f"text {key.packed}", desk.now)
    payload = {"before": before, "after": after}
    offer = await undos.add(
        desk.tx, Act.TEXT, topic=key.packed, client_id=None, payload=payload, now=desk.now
    )
    return key, offer


async def standing_offer(desk: Desk, key: TextKey) -> Offer | None:
    """What the last change of a text offered, while it stands."""
    return await _standing_offer(desk, key, await _state(desk, key))


async def take_back(desk: Desk, stored: StoredUndo) -> str:
    """Put a text back as it was; raises CannotUndo when it was changed again."""
    key = TextKey.unpack(stored.topic)
    if key is None:
        raise NotFound(f"text {stored.topic}")
    await texts.alone(desk.tx)
    if await _state(desk, key) != stored.payload["after"]:
        raise CannotUndo("Você mudou este texto de novo depois disso.")
    before = stored.payload["before"]
    await _put_back(desk, key, before[_TEXT])
    if before[_GOES] is not None:
        await let_go(desk, key.kind, goes=before[_GOES])
    return "Desfeito: o texto está como antes."


async def let_go(desk: Desk, kind: Kind, *, goes: bool) -> None:
    """Have a kind go by itself, or not (E4)."""
    kinds = (await tenants.settings(desk.tx)).automatic_kinds
    wanted = kinds | {kind} if goes else kinds - {kind}
    if wanted != kinds:
        await tenants.set_automatic_kinds(desk.tx, wanted)


async def _state(desk: Desk, key: TextKey) -> dict[str, Any]:
    """All of a text that a change may be about, as a table keeps it."""
    own = None if key.is_new else await texts.find(desk.tx, key)
    kinds = (await tenants.settings(desk.tx)).automatic_kinds
    return {
        _TEXT: None if own is None else [own.name, own.body, own.active, own.dropped],
        _GOES: key.kind in kinds if key.kind.automatic else None,
    }


async def _standing_offer(desk: Desk, key: TextKey, state: dict[str, Any]) -> Offer | None:
    last = await undos.latest(desk.tx, Act.TEXT, key.packed)
    if last is None or last.payload["after"] != state:
        return None
    return last.offer(desk.now)


async def _check_free(desk: Desk, key: TextKey, name: str) -> None:
    """Whether a text may have its name back; raises CannotUndo when another has it by now."""
    for other, own in (await texts.all_texts(desk.tx)).items():
        if other.id is not None and other != key and fold(own.name) == fold(name):
            raise CannotUndo(f"Já existe outro texto com o nome “{own.name}”.")


async def _put_back(desk: Desk, key: TextKey, was: list[Any] | None) -> None:
    own = await texts.find(desk.tx, key)
    if was is None:
        if key.id is None:
            await texts.forget(desk.tx, key.kind)
        elif own is not None:
            await texts.change(desk.tx, replace(own, dropped=True, active=False), desk.now)
        return
    name, body, active, dropped = was
    if key.id is not None and not dropped:
        await _check_free(desk, key, name)
    if own is not None:
        put = replace(own, name=name, body=body, active=active, dropped=dropped)
        await texts.change(desk.tx, put, desk.now)
    elif key.id is None:
        await texts.add(desk.tx, key.kind, name=name, body=body, active=active, now=desk.now)
    else:
        raise NotFound(f"text {key.packed}")
