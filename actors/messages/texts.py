"""The texts of messages: what a tenant is asked about them, and what it answers (D1 to D5).

Every act may be asked for twice: a repeat answers as the first did. NotFound for whatever is not
this tenant's. `update_id` is that of the update which asked: handled again, it changes nothing.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from actors.messages.clients import ClientRow
from actors.messages.undo import UndoOffer
from actors.runtime import Request
from domain.outbox import MessageState
from domain.reminders import Kind
from domain.tags import OwnField
from domain.text_editing import Offered
from domain.text_keys import TextKey
from domain.typed_texts import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """What lists show of a text: `name` of the tenant's own, "" for the one of a kind.

    `on`: it goes by itself, or can be sent by hand. `used`: how many messages of it went in the
    month so far.
    """

    key: TextKey
    name: str
    on: bool
    used: int

    @property
    def kind(self) -> Kind:
        """Its kind."""
        return self.key.kind


@dataclass(frozen=True, slots=True)
class TextsView:
    """All texts: those of the kinds first, then the tenant's own. `month` is the owner's."""

    rows: tuple[TextRow, ...]
    month: date


@dataclass(frozen=True, slots=True)
class GetTextList(Request[TextsView]):
    """All texts, each with how often it went this month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCard:
    """All that one screen shows of a text.

    `own`: the tenant's own words, not those that everybody begins with. `coming` of today's
    messages are still to go with it, `stopped` do not since it is off. `writing`: there are changes
    that were not saved.
    """

    row: TextRow
    body: str = field(repr=False)
    own: bool
    month: date
    today: date
    last_used: datetime | None
    coming: int
    stopped: int
    writing: bool
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class GetText(Request[TextCard]):
    """One text."""

    key: TextKey


@dataclass(frozen=True, slots=True)
class TextChanged:
    """A text as it is now; `undo` is None where nothing changed."""

    card: TextCard
    undo: UndoOffer | None


@dataclass(frozen=True, slots=True)
class SwitchText(Request[TextChanged]):
    """Let a text go, or not: a kind without its text is silent (D2). Today is planned anew."""

    key: TextKey
    on: bool


@dataclass(frozen=True, slots=True)
class RestoreText(Request[TextChanged]):
    """Let a kind have the words again that everybody begins with (D2)."""

    key: TextKey


@dataclass(frozen=True, slots=True)
class RenameText(Request[TextChanged]):
    """Call one of the tenant's own texts otherwise. Raises InvalidInput."""

    key: TextKey
    name: str


@dataclass(frozen=True, slots=True)
class TextDropped:
    """A text that is gone."""

    name: str
    undo: UndoOffer | None


@dataclass(frozen=True, slots=True)
class DropText(Request[TextDropped]):
    """Delete one of the tenant's own texts."""

    key: TextKey


class TextGroup(StrEnum):
    """Which messages of a text; the value is what buttons carry."""

    WENT = "m"  # this month
    COMING = "t"  # today, still to go
    STOPPED = "x"  # today, not going since it is off


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A message of a text, and whose it is; `at` is the last thing known of it, local."""

    row: ClientRow
    state: MessageState
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMessages:
    """A page of the messages behind a count of a text, the latest first."""

    row: TextRow
    group: TextGroup
    month: date
    today: date
    messages: tuple[TextMessage, ...]
    page: int
    total: int
    pages: int


@dataclass(frozen=True, slots=True)
class GetTextMessages(Request[TextMessages]):
    """The messages behind a count of a text (law 10 of its screen)."""

    key: TextKey
    group: TextGroup
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPreview:
    """A text as the phone of a client will show it: one message of WhatsApp in each of `parts`.

    `row` is None for somebody invented. Where `parts` is empty, `missing` names the variables
    without a value (D4), or `refusal` says what else is wrong. `secrets` are what stands in
    `parts` and is covered until it is touched (C12). `own` are the tenant's own fields, in the
    order in which the card of a client lists them. `next_id` is the client to see after this one.
    """

    client_id: int
    name: str
    due_on: date
    row: ClientRow | None
    today: date
    parts: tuple[str, ...] = field(repr=False)
    missing: tuple[str, ...] = ()
    refusal: str | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)
    own: tuple[OwnField, ...] = ()
    next_id: int | None = None


@dataclass(frozen=True, slots=True)
class PreviewOfText:
    """A text, and how a client will read it."""

    card: TextCard
    preview: TextPreview


@dataclass(frozen=True, slots=True)
class PreviewText(Request[PreviewOfText]):
    """Show a saved text as a client would read it; 0 for whom shows it best."""

    key: TextKey
    client_id: int = 0


# The editor


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorView:
    """A text while it is being written: the working copy, kept until it is saved or let go of.

    `at` is the number of its last change, which buttons carry. `fault` is what keeps it from being
    saved. `changed`: it is not what is saved. `outdated`: what was pressed belongs to an older
    screen, so nothing was done. `notice` says why what was typed could not be taken.
    """

    key: TextKey
    name: str
    body: str = field(repr=False)
    at: int
    fault: Fault | None
    preview: TextPreview | None
    offered: tuple[Offered, ...]
    page: int
    pages: int
    can_undo: bool
    changed: bool
    origin: str
    outdated: bool = False
    notice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEditor(Request[EditorView]):
    """Go on with the working copy of a text, or begin one; `name` is that of a new text."""

    key: TextKey
    update_id: int
    origin: str = ""
    name: str | None = None


@dataclass(frozen=True, slots=True)
class ContinueEditor(Request[EditorView | None]):
    """Go on with a working copy that has changes; None where there is none."""

    key: TextKey
    update_id: int


@dataclass(frozen=True, slots=True)
class TypeText(Request[EditorView | None]):
    """Take what was typed as the whole text that is being written; None when none is.

    Without a text (a picture, a sticker) it says that one is needed.
    """

    text: str | None = field(repr=False)
    update_id: int


class EditAct(StrEnum):
    """What is done to a working copy; the value is what buttons carry."""

    ADD = "a"
    MEND = "m"
    UNDO = "u"
    PAGE = "p"
    CLIENT = "c"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditText(Request[EditorView | None]):
    """Change a working copy; None when there is none any more.

    `what` is the `code` of the variable to put at the end, the page of them to show, or the client
    to show it with.
    """

    key: TextKey
    act: EditAct
    at: int
    update_id: int
    what: str = ""


@dataclass(frozen=True, slots=True)
class SaveText(Request[TextChanged | EditorView | None]):
    """Save a working copy; the editor again, which says why, where that cannot be.

    None where there is none. `at` is the number of the last change the owner has seen.
    """

    key: TextKey
    at: int
    update_id: int


@dataclass(frozen=True, slots=True)
class EditDropped:
    """A working copy that was let go of, which can be undone until then (local time)."""

    number: int
    origin: str
    until: datetime


@dataclass(frozen=True, slots=True)
class DropEdit(Request[EditDropped | None]):
    """Let go of a working copy; None when there was none."""

    key: TextKey


@dataclass(frozen=True, slots=True)
class RestoreEdit(Request[EditorView | None]):
    """Take a working copy back that was let go of; None when it is too late."""

    key: TextKey
    number: int
    update_id: int
