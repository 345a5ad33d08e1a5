"""The tenant's texts: listed, shown, switched, renamed, put back, deleted (D1, D2)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from actors.messages.texts import (
    DropText,
    GetText,
    GetTextList,
    GetTextMessages,
    PreviewOfText,
    PreviewText,
    RenameText,
    RestoreText,
    SwitchText,
    TextCard,
    TextChanged,
    TextDropped,
    TextGroup,
    TextMessage,
    TextMessages,
    TextsView,
)
from actors.runtime import on
from actors.tenant import cards, text_cards
from actors.tenant.desk import Desk, DeskPart
from actors.tenant.text_changes import changed, let_go
from domain.client_list import ROWS, clamped, pages_of
from domain.day_groups import WENT
from domain.default_templates import DEFAULT_TEMPLATES
from domain.outbox import OPEN, MessageState
from domain.own_texts import parse_text_name
from domain.text import fold
from domain.text_keys import FIXED_KINDS, TextKey
from errors import InvalidInput, NotFound
from storage import texts
from storage.client_list import Row
from storage.texts import OFF_REASONS, StoredText

ChangeAtDesk = Callable[[Desk, StoredText | None], Awaitable[TextKey]]


class TextsPart(DeskPart):
    """Shows texts and changes all of them but their words."""

    @on(GetTextList)
    async def get_text_list(self, _message: GetTextList) -> TextsView:
        """All of them, each with its count of the month."""
        async with self._desk() as desk:
            own = await texts.all_texts(desk.tx)
            counts = await text_cards.used(desk)
            keys = [*map(TextKey, FIXED_KINDS), *(key for key in own if key.id is not None)]
            rows = tuple(text_cards.row(desk, key, own.get(key), counts) for key in keys)
        return TextsView(rows, desk.today.replace(day=1))

    @on(GetText)
    async def get_text(self, message: GetText) -> TextCard:
        """One of them."""
        async with self._desk() as desk:
            return await text_cards.card(desk, message.key)

    @on(PreviewText)
    async def preview_text(self, message: PreviewText) -> PreviewOfText:
        """One as a client would read it."""
        async with self._desk() as desk:
            card = await text_cards.card(desk, message.key)
            shown = await text_cards.preview(desk, message.key, card.body, message.client_id)
            return PreviewOfText(card, shown)

    @on(GetTextMessages)
    async def get_text_messages(self, message: GetTextMessages) -> TextMessages:
        """The messages behind a count."""
        async with self._desk() as desk:
            return await _messages(desk, message)

    @on(SwitchText)
    async def switch_text(self, message: SwitchText) -> TextChanged:
        """Let it go, or not; what that does to today is done at once."""

        async def switch(desk: Desk, own: StoredText | None) -> TextKey:
            # A kind that goes by itself has one switch, wherever it is turned (E4).
            if message.key.kind.automatic:
                await let_go(desk, message.key.kind, goes=message.on)
            if message.on or not message.key.kind.automatic:
                await _switched(desk, message.key, own, on=message.on)
            return message.key

        return await self._changed(message.key, "text switch", switch)

    @on(RestoreText)
    async def restore_text(self, message: RestoreText) -> TextChanged:
        """The words that everybody begins with; on or off as it was."""

        async def restore(desk: Desk, own: StoredText | None) -> TextKey:
            if message.key.id is not None:
                raise NotFound(f"text {message.key.packed}")
            if own is not None:
                await texts.forget(desk.tx, own.kind)
                if not own.active:
                    await _switched(desk, message.key, None, on=False)
            return message.key

        return await self._changed(message.key, "text restore", restore)

    @on(RenameText)
    async def rename_text(self, message: RenameText) -> TextChanged:
        """Call it otherwise."""
        name = parse_text_name(message.name)

        async def rename(desk: Desk, own: StoredText | None) -> TextKey:
            if own is None or message.key.id is None:
                raise NotFound(f"text {message.key.packed}")
            await check_name(desk, name, but=message.key)
            await texts.change(desk.tx, replace(own, name=name), desk.now)
            return message.key

        return await self._changed(message.key, "text rename", rename)

    @on(DropText)
    async def drop_text(self, message: DropText) -> TextDropped:
        """Delete it; undone, it is there again."""
        key = message.key
        async with self._desk() as desk:
            own = None if key.id is None else await texts.find(desk.tx, key)
            if own is None:
                raise NotFound(f"text {key.packed}")

            async def drop(_own: StoredText | None) -> TextKey:
                # Off as well: whoever asks for those that can be sent need not know of deleting.
                gone = replace(own, dropped=True, active=False)
                await texts.change(desk.tx, gone, desk.now)
                return key

            _, offer = await changed(desk, key, "text drop", drop)
            return TextDropped(own.name, desk.offer(offer))

    async def _changed(self, key: TextKey, action: str, change: ChangeAtDesk) -> TextChanged:
        """Do a change, plan today with it, and answer with the text as it is then."""
        async with self._desk() as desk:
            await text_cards.found(desk, key)
            key, made = await changed(desk, key, action, partial(change, desk))
            offer = desk.offer(made)
        await self._plan_if_possible()
        async with self._desk() as desk:
            return TextChanged(await text_cards.card(desk, key), offer)


async def check_name(desk: Desk, name: str, *, but: TextKey | None = None) -> None:
    """Whether a text may be called so; raises InvalidInput when another one is."""
    for key, own in (await texts.all_texts(desk.tx)).items():
        if key.id is not None and key != but and fold(own.name) == fold(name):
            raise InvalidInput(f"Você já tem um texto com o nome “{own.name}”. Escolha outro.")


async def _switched(desk: Desk, key: TextKey, own: StoredText | None, *, on: bool) -> None:
    """Keep that a text is on, or off; what everybody begins with is kept only where it is off."""
    if own is None:
        if not on:
            default = DEFAULT_TEMPLATES[key.kind].text
            await texts.add(
                desk.tx, key.kind, name=key.kind.label, body=default, active=False, now=desk.now
            )
        return
    is_default = key.id is None and own.body == DEFAULT_TEMPLATES[key.kind].text
    if on and is_default:
        await texts.forget(desk.tx, key.kind)
    elif own.active != on:
        await texts.change(desk.tx, replace(own, active=on), desk.now)


async def _messages(desk: Desk, message: GetTextMessages) -> TextMessages:
    key, group = message.key, message.group
    own = await text_cards.found(desk, key)
    first = desk.today.replace(day=1) if group is TextGroup.WENT else desk.today
    shown, total = await texts.page(
        desk.tx,
        key,
        first=first,
        last=desk.today,
        states=_STATES[group],
        reasons=OFF_REASONS if group is TextGroup.STOPPED else None,
        number=max(1, message.page),
        rows=ROWS,
    )
    pages = pages_of(total)
    return TextMessages(
        row=text_cards.row(desk, key, own, {}),
        group=group,
        month=first.replace(day=1),
        today=desk.today,
        messages=tuple(
            TextMessage(
                cards.row_of(desk, Row(one.client_id, one.name, one.due_on, archived=one.archived)),
                one.state,
                desk.local(one.at),
            )
            for one in shown
        ),
        page=clamped(message.page, pages),
        total=total,
        pages=pages,
    )


_STATES = {
    TextGroup.WENT: WENT,
    TextGroup.COMING: OPEN,
    TextGroup.STOPPED: frozenset({MessageState.CANCELLED}),
}
