"""Working copies of texts: kept as drafts, and shown (D1).

What is typed belongs to the text that was shown last; which one that is outlives a restart too.
"""

from dataclasses import replace

from actors.messages.texts import EditorView, OpenEditor
from actors.tenant import text_cards
from actors.tenant.desk import Desk
from domain.client_list import clamped, pages_of
from domain.text_editing import VARIABLES_A_PAGE, WorkingCopy, offered
from domain.text_keys import TextKey
from domain.typed_texts import fault_in
from storage import drafts, own_fields
from storage.drafts import StoredDraft

OPEN_TEXT = "text"
"""The form that holds which text is being written: what is typed belongs to it."""
STEP = "body"
NAME = "name"


async def find(desk: Desk, key: TextKey) -> StoredDraft | None:
    """The working copy of a text, unless it was saved or let go of."""
    draft = await drafts.find(desk.tx, text_cards.form_of(key))
    return draft if draft is not None and draft.result is None else None


async def begin(desk: Desk, message: OpenEditor, values: dict[str, str], copy: WorkingCopy) -> None:
    """Begin a working copy, in the place of an older one."""
    await drafts.start(
        desk.tx,
        form=text_cards.form_of(message.key),
        number=message.update_id,
        step=STEP,
        values={**values, **copy.packed()},
        origin=message.origin,
        now=desk.now,
    )


async def keep(desk: Desk, draft: StoredDraft, copy: WorkingCopy, update_id: int) -> None:
    """Keep a working copy as it is given."""
    await put(desk, replace(draft, values={**draft.values, **copy.packed()}), update_id)


async def put(desk: Desk, draft: StoredDraft, update_id: int) -> None:
    """Keep a draft as it is given."""
    await drafts.put(
        desk.tx,
        form=draft.form,
        number=draft.number,
        step=STEP,
        values=draft.values,
        offered={},
        update_id=update_id,
        now=desk.now,
    )


async def _point_at(desk: Desk, key: TextKey, update_id: int) -> None:
    """What is typed from now on belongs to this text."""
    await drafts.start(
        desk.tx,
        form=OPEN_TEXT,
        number=update_id,
        step=STEP,
        values={OPEN_TEXT: key.packed},
        origin="",
        now=desk.now,
    )


async def shown(desk: Desk, key: TextKey, update_id: int) -> EditorView:
    """The editor as it is now; what is typed next belongs to it."""
    await _point_at(desk, key, update_id)
    draft = await find(desk, key)
    assert draft is not None  # noqa: S101 - whoever shows it has looked, or begun it
    copy = WorkingCopy.unpacked(draft.values)
    own = None if key.is_new else await text_cards.found(desk, key)
    fields = offered(await own_fields.all_fields(desk.tx))
    pages = pages_of(len(fields), VARIABLES_A_PAGE)
    page = clamped(copy.page, pages)
    fault = fault_in(copy.body, desk.book.own_variables)
    preview = None
    if fault is None:
        preview = await text_cards.preview(desk, key, copy.body, copy.client_id)
    return EditorView(
        key=key,
        name=own.name if own is not None and key.id else draft.values.get(NAME, ""),
        body=copy.body,
        at=copy.at,
        fault=fault,
        preview=preview,
        offered=fields[(page - 1) * VARIABLES_A_PAGE : page * VARIABLES_A_PAGE],
        page=page,
        pages=pages,
        can_undo=bool(copy.past),
        changed=copy.body != text_cards.body_of(key, own),
        origin=draft.origin,
    )
