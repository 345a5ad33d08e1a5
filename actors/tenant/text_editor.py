"""The editor of a text: a working copy in PostgreSQL, which outlives a restart and the day (D1).

What is saved stays as it is until the owner saves. A typed text replaces the whole working copy,
faults and all: they are explained and set right there, and only a text without any is saved (D3).
"""

from dataclasses import replace

from actors.messages.texts import (
    ContinueEditor,
    DropEdit,
    EditAct,
    EditDropped,
    EditorView,
    EditText,
    OpenEditor,
    RestoreEdit,
    SaveText,
    TextChanged,
    TypeText,
)
from actors.runtime import on
from actors.tenant import text_cards, text_copies
from actors.tenant.desk import Desk, DeskPart
from actors.tenant.text_changes import changed, standing_offer
from actors.tenant.texts import check_name
from domain.own_texts import MAX_GENERAL_TEXTS, parse_text_name
from domain.reminders import Kind
from domain.text_editing import WorkingCopy, offered
from domain.text_keys import LARGEST_ID, TextKey
from domain.typed_texts import fault_in
from errors import InvalidInput
from storage import drafts, own_fields, texts
from storage.drafts import UNDO, StoredDraft
from storage.texts import StoredText

TYPE_IT = "Aqui eu preciso de um texto. Escreva a mensagem inteira, ou toque em um botão."
# As many of a chat may be handled again. A number so much lower is of another row of numbers.
MOST_UPDATES_AGAIN = 1_000


class TextEditorPart(DeskPart):
    """Keeps working copies of texts, and saves them."""

    @on(OpenEditor)
    async def open_editor(self, message: OpenEditor) -> EditorView:
        """Go on where the owner left, or begin from what is saved."""
        name = None if message.name is None else parse_text_name(message.name)
        async with self._desk() as desk:
            if name is not None:
                await _check_room(desk)
                await check_name(desk, name)
            own = None if message.key.is_new else await text_cards.found(desk, message.key)
            body = text_cards.body_of(message.key, own)
            draft = await text_copies.find(desk, message.key)
            if draft is None or WorkingCopy.unpacked(draft.values).body == body:
                await text_copies.begin(
                    desk, message, {text_copies.NAME: name or ""}, WorkingCopy(body=body)
                )
            elif name is not None:
                values = {**draft.values, text_copies.NAME: name}
                await text_copies.put(desk, replace(draft, values=values), message.update_id)
            return await text_copies.shown(desk, message.key, message.update_id)

    @on(ContinueEditor)
    async def continue_editor(self, message: ContinueEditor) -> EditorView | None:
        """Go on where the owner left, if there is anything."""
        async with self._desk() as desk:
            draft = await text_copies.find(desk, message.key)
            if draft is None or not WorkingCopy.unpacked(draft.values).at:
                return None
            return await text_copies.shown(desk, message.key, message.update_id)

    @on(TypeText)
    async def type_text(self, message: TypeText) -> EditorView | None:
        """Take it as the whole text; handled again after a crash, it was taken already."""
        async with self._desk() as desk:
            pointer = await drafts.find(desk.tx, text_copies.OPEN_TEXT)
            key = TextKey.unpack(pointer.values.get(text_copies.OPEN_TEXT, "")) if pointer else None
            draft = None if key is None else await text_copies.find(desk, key)
            if key is None or draft is None:
                return None
            notice = None
            if not 0 <= draft.update_id - message.update_id < MOST_UPDATES_AGAIN:
                notice = await _typed(desk, draft, message)
            return replace(await text_copies.shown(desk, key, message.update_id), notice=notice)

    @on(EditText)
    async def edit_text(self, message: EditText) -> EditorView | None:
        """One change; a press of an older screen changes nothing."""
        async with self._desk() as desk:
            draft = await text_copies.find(desk, message.key)
            if draft is None:
                return None
            again = draft.update_id == message.update_id
            outdated, notice = False, None
            if not again:
                outdated, notice = await _edited(desk, draft, message)
            view = await text_copies.shown(desk, message.key, message.update_id)
            return replace(view, outdated=outdated, notice=notice)

    @on(SaveText)
    async def save_text(self, message: SaveText) -> TextChanged | EditorView | None:
        """Save it, once, if it has no fault; today goes with the new words (C5)."""
        async with self._desk() as desk:
            draft = await drafts.find(desk.tx, text_cards.form_of(message.key))
            if draft is None:
                return None
            if draft.result is not None:
                return await _saved(desk, draft.result)
            copy = WorkingCopy.unpacked(draft.values)
            refusal = await _refusal(desk, message.key, draft, copy)
            if copy.at != message.at or refusal is not None:
                view = await text_copies.shown(desk, message.key, message.update_id)
                return replace(view, outdated=copy.at != message.at, notice=refusal)
            key = await _save(desk, message.key, draft, copy)
        await self._plan_if_possible()
        async with self._desk() as desk:
            return await _saved(desk, key.packed)

    @on(DropEdit)
    async def drop_edit(self, message: DropEdit) -> EditDropped | None:
        """Let go of it."""
        async with self._desk() as desk:
            gone = await drafts.drop(desk.tx, text_cards.form_of(message.key), None, desk.now)
            return None if gone is None else EditDropped(*gone, desk.local(desk.now + UNDO))

    @on(RestoreEdit)
    async def restore_edit(self, message: RestoreEdit) -> EditorView | None:
        """Take it back."""
        async with self._desk() as desk:
            form = text_cards.form_of(message.key)
            await drafts.restore(desk.tx, form, message.number, desk.now)
            if await text_copies.find(desk, message.key) is None:
                return None
            return await text_copies.shown(desk, message.key, message.update_id)


async def _typed(desk: Desk, draft: StoredDraft, message: TypeText) -> str | None:
    """Take a typed text; the sentence for one that cannot be taken."""
    copy = WorkingCopy.unpacked(draft.values)
    if message.text is None:
        return TYPE_IT
    try:
        copy = copy.replaced(message.text)
    except InvalidInput as error:
        return error.sentence
    await text_copies.keep(desk, draft, copy, message.update_id)
    return None


async def _edited(desk: Desk, draft: StoredDraft, message: EditText) -> tuple[bool, str | None]:
    """Whether the press belongs to an older screen, and why it cannot be done, if so."""
    copy = WorkingCopy.unpacked(draft.values)
    if message.act in _NUMBERED and message.at != copy.at:
        return True, None
    try:
        copy = await _after(desk, message, copy)
    except InvalidInput as error:
        return False, error.sentence
    await text_copies.keep(desk, draft, copy, message.update_id)
    return False, None


_NUMBERED = frozenset({EditAct.ADD, EditAct.MEND, EditAct.UNDO})


async def _after(desk: Desk, message: EditText, copy: WorkingCopy) -> WorkingCopy:
    """The working copy after one change; raises InvalidInput."""
    match message.act:
        case EditAct.ADD:
            known = {one.code: one.name for one in offered(await own_fields.all_fields(desk.tx))}
            name = known.get(message.what)
            return copy if name is None else copy.with_variable(name)
        case EditAct.MEND:
            fault = fault_in(copy.body, desk.book.own_variables)
            return copy if fault is None or fault.mended is None else copy.mended(fault.mended)
        case EditAct.UNDO:
            return copy.taken_back()
        case EditAct.PAGE:
            return replace(copy, page=_number(message.what))
    return replace(copy, client_id=_number(message.what))


def _number(what: str) -> int:
    """The number that a button carries; 0, which is nobody's, for what is none."""
    number = int(what) if what.isdecimal() else 0
    return number if number <= LARGEST_ID else 0


async def _refusal(desk: Desk, key: TextKey, draft: StoredDraft, copy: WorkingCopy) -> str | None:
    """Why a working copy cannot be saved, or None."""
    fault = fault_in(copy.body, desk.book.own_variables)
    if fault is not None:
        return fault.sentence
    if not key.is_new:
        return None
    try:
        await _check_room(desk)
        await check_name(desk, draft.values.get(text_copies.NAME, ""))
    except InvalidInput as error:
        return error.sentence
    return None


async def _check_room(desk: Desk) -> None:
    """Whether there may be one text more of the tenant's own; raises InvalidInput."""
    own = [one for one in await texts.all_texts(desk.tx) if one.id is not None]
    if len(own) >= MAX_GENERAL_TEXTS:
        raise InvalidInput(
            f"São até {MAX_GENERAL_TEXTS} textos seus. Apague um antes de criar outro."
        )


async def _save(desk: Desk, key: TextKey, draft: StoredDraft, copy: WorkingCopy) -> TextKey:
    name = draft.values.get(text_copies.NAME) or key.kind.label

    async def save(own: StoredText | None) -> TextKey:
        if own is not None:
            await texts.change(desk.tx, replace(own, body=copy.body), desk.now)
            return key
        made = await texts.add(
            desk.tx, key.kind, name=name, body=copy.body, active=True, now=desk.now
        )
        return TextKey(Kind.GENERAL, made) if key.is_new else key

    if not key.is_new:
        await text_cards.found(desk, key)
    saved, _ = await changed(desk, key, "text edit", save)
    await drafts.end(desk.tx, draft.form, draft.number, saved.packed, desk.now)
    return saved


async def _saved(desk: Desk, packed: str) -> TextChanged | None:
    key = TextKey.unpack(packed)
    if key is None:
        return None
    card = await text_cards.card(desk, key)
    return TextChanged(card, desk.offer(await standing_offer(desk, key)))
