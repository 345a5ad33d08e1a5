"""Tags and own fields (C12)."""

from actors.messages.clients import ClientCard
from actors.messages.tags import (
    DropOwnField,
    DropTag,
    FieldDropped,
    GetOwnFields,
    GetTags,
    MakeOwnField,
    MakeTag,
    RenameOwnField,
    RenameTag,
    SetOwnValue,
    SetTag,
    TagDropped,
)
from actors.runtime import on
from actors.tenant import cards
from actors.tenant.desk import Desk, DeskPart
from domain.tags import (
    OwnField,
    Tag,
    TagCount,
    parse_emoji,
    parse_field_name,
    parse_tag_name,
    parse_value,
)
from domain.undo import Act
from errors import InvalidInput, NotFound
from storage import own_fields, tags, undos
from storage.own_fields import StoredField
from storage.undos import Offer


class TagsPart(DeskPart):
    """Makes, names and drops what tells clients apart."""

    @on(GetTags)
    async def get_tags(self, _message: GetTags) -> tuple[TagCount, ...]:
        """All tags with their counts."""
        async with self._desk() as desk:
            return await tags.all_tags(desk.tx)

    @on(MakeTag)
    async def make_tag(self, message: MakeTag) -> Tag:
        """Make a tag, or find the one of this name."""
        name, emoji = parse_tag_name(message.name), parse_emoji(message.emoji)
        async with self._desk() as desk:
            return await tags.make(desk.tx, name, emoji, desk.now)

    @on(RenameTag)
    async def rename_tag(self, message: RenameTag) -> Tag:
        """Call it otherwise, everywhere at once."""
        name = parse_tag_name(message.name)
        emoji = None if message.emoji is None else parse_emoji(message.emoji)
        async with self._desk() as desk:
            return await tags.rename(desk.tx, message.tag_id, name, emoji)

    @on(DropTag)
    async def drop_tag(self, message: DropTag) -> TagDropped:
        """Take a tag off everybody; undone, they have it again."""
        async with self._desk() as desk:
            found = await tags.find(desk.tx, message.tag_id)
            offer = await _drop(desk, Act.DROP_TAG, message.tag_id, dropped=found.dropped)
            await tags.drop(desk.tx, message.tag_id, desk.now)
        return TagDropped(found.tag, found.clients, desk.offer(offer))

    @on(SetTag)
    async def set_tag(self, message: SetTag) -> ClientCard:
        """Put a tag on a client, or take it off; the same press again undoes it."""
        async with self._desk() as desk:
            if message.on:
                await tags.put_on(desk.tx, message.client_id, message.tag_id)
            else:
                await tags.find(desk.tx, message.tag_id)
                await tags.take_off(desk.tx, message.client_id, message.tag_id)
            return await cards.card(desk, message.client_id)

    @on(GetOwnFields)
    async def get_own_fields(self, _message: GetOwnFields) -> tuple[OwnField, ...]:
        """The fields, the oldest first."""
        async with self._desk() as desk:
            return await own_fields.all_fields(desk.tx)

    @on(MakeOwnField)
    async def make_own_field(self, message: MakeOwnField) -> OwnField:
        """Make a field; its name is a variable of the texts from now on (D3)."""
        name = parse_field_name(message.name, ())
        async with self._desk() as desk:
            return await own_fields.make(desk.tx, name, secret=message.secret, now=desk.now)

    @on(RenameOwnField)
    async def rename_own_field(self, message: RenameOwnField) -> OwnField:
        """Call a field otherwise, unless a text would lose its variable."""
        name = parse_field_name(message.name, ())
        async with self._desk() as desk:
            found = await own_fields.find(desk.tx, message.field_id)
            renamed = OwnField(message.field_id, name, found.field.secret)
            if renamed.variable != found.field.variable:
                await _check_unused(desk, found)
            return await own_fields.rename(desk.tx, message.field_id, name)

    @on(DropOwnField)
    async def drop_own_field(self, message: DropOwnField) -> FieldDropped:
        """Drop a field with its values, unless a text would lose its variable."""
        async with self._desk() as desk:
            found = await own_fields.find(desk.tx, message.field_id)
            if not found.dropped:
                await _check_unused(desk, found)
            offer = await _drop(desk, Act.DROP_FIELD, message.field_id, dropped=found.dropped)
            await own_fields.drop(desk.tx, message.field_id, desk.now)
        return FieldDropped(found.field, found.clients, desk.offer(offer))

    @on(SetOwnValue)
    async def set_own_value(self, message: SetOwnValue) -> ClientCard:
        """Set what a client has in a field."""
        value = parse_value(message.text)
        async with self._desk() as desk:
            await own_fields.set_value(
                desk.tx, message.client_id, message.field_id, value, desk.now
            )
            return await cards.card(desk, message.client_id)


async def _drop(desk: Desk, act: Act, subject: int, *, dropped: bool) -> Offer | None:
    """The offer to undo a drop: that of the first, where it was dropped before."""
    topic = str(subject)
    if dropped:
        stored = await undos.latest(desk.tx, act, topic)
        if stored is None:
            raise NotFound(f"{act} {subject}")
        return stored.offer(desk.now)
    return await undos.add(
        desk.tx, act, topic=topic, client_id=None, payload={"id": subject}, now=desk.now
    )


async def _check_unused(desk: Desk, found: StoredField) -> None:
    text = await own_fields.text_with(desk.tx, found.field.variable)
    if text is not None:
        raise InvalidInput(
            f"O texto “{text}” usa {{{found.field.variable}}}. Tire de lá antes de mudar o campo."
        )
