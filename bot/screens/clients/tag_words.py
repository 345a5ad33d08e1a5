"""What the screens of tags and of own fields say (C12)."""

from collections.abc import Sequence

from actors.messages.clients import ClientCard
from actors.messages.tags import FieldDropped, TagDropped
from bot.screens.clients.rows import title_of
from bot.ui.words import safe
from domain.tags import (
    MAX_OWN_FIELDS,
    MAX_TAGS,
    MAX_TAGS_OF_CLIENT,
    OwnField,
    Tag,
    TagCount,
)

NEW_TAG_BUTTON = "➕ Nova etiqueta"
NEW_FIELD_BUTTON = "➕ Novo campo"
RENAME_BUTTON = "✏️ Mudar o nome"
RENAME_TAG_BUTTON = "✏️ Nome ou cor"
DROP_BUTTON = "🗑 Apagar"
OPEN_FIELD_BUTTON = "👁 Aparece na ficha"
SECRET_FIELD_BUTTON = "🔒 Secreto"  # noqa: S105 - a label
NO_TAGS = (
    "🏷 <b>Nenhuma etiqueta ainda</b>\n"
    "\n"
    "Uma etiqueta junta clientes: um prédio, um servidor, quem paga em dinheiro. Depois, um toque "
    "mostra só eles."
)
NO_FIELDS = (
    "🧩 <b>Nenhum campo próprio ainda</b>\n"
    "\n"
    "Guarde de cada cliente o que só o seu negócio usa: usuário, senha, telas, DNS. O campo "
    "aparece na ficha, na busca e nos textos, como <code>{usuario}</code>."
)
ASK_TAG = "<b>Como a etiqueta se chama?</b>\nExemplo: <code>Prédio Ipê</code>"
ASK_EMOJI = "<b>Qual é a cor?</b>\nToque em uma, ou mande outro emoji."
ASK_FIELD = "<b>Como o campo se chama?</b>\nExemplo: <code>usuário</code>"
ASK_COVERED = (
    "<b>É um segredo, como uma senha?</b>\n"
    "O secreto fica coberto na ficha até você tocar nele, e a busca não o encontra."
)


def tags(counts: Sequence[TagCount]) -> str:
    """All tags, each with how many have it."""
    if not counts:
        return NO_TAGS
    return (
        f"🏷 <b>Etiquetas</b> · {len(counts)} de {MAX_TAGS}\n"
        "O número é quantos clientes têm. Toque para ver quem são."
    )


def tag_button(one: TagCount) -> str:
    """A tag and how many have it."""
    return f"{one.tag.emoji} {one.tag.name} · {one.clients}"


def tag(one: TagCount) -> str:
    """One tag."""
    return f"🏷 <b>{safe(f'{one.tag.emoji} {one.tag.name}')}</b> · {_clients(one.clients)}"


def see_button(one: TagCount) -> str:
    """The way to who has the tag."""
    return f"👥 Ver {_clients(one.clients)}"


def client_tags(card: ClientCard) -> str:
    """The tags of a client, to be put on and off."""
    count = len(card.tags)
    return (
        f"🏷 {title_of(card.row, card.today)}\n"
        f"🟢 tem · ⚪ não tem: toque e mude\n"
        f"{count} de {MAX_TAGS_OF_CLIENT} etiquetas"
    )


def toggle(one: Tag, *, on: bool) -> str:
    """A tag as a switch."""
    return f"{'🟢' if on else '⚪'} {one.emoji} {one.name}"


def tag_head(was: str | None) -> str:
    """What is being asked about."""
    return f"🏷 Etiqueta <b>{safe(was)}</b>" if was else "🏷 <b>Nova etiqueta</b>"


def field_head(was: str | None) -> str:
    """What is being asked about."""
    return f"🧩 Campo <b>{safe(was)}</b>" if was else "🧩 <b>Novo campo</b>"


def keep_button(name: str) -> str:
    """Leave the name as it is."""
    return f"Deixar “{name}”"


def tag_saved(saved: Tag) -> str:
    """What the owner reads over the screen."""
    return f"Etiqueta {saved.emoji} {saved.name} salva."


def tag_dropped(done: TagDropped) -> str:
    """A tag that is gone."""
    name = safe(f"{done.tag.emoji} {done.tag.name}")
    left = f"Saiu de {_clients(done.clients)}." if done.clients else "Ninguém a usava."
    return f"🗑 Etiqueta <b>{name}</b> apagada\n\n{left} Os clientes continuam como estavam."


def fields(own: Sequence[OwnField]) -> str:
    """All own fields."""
    if not own:
        return NO_FIELDS
    return (
        f"🧩 <b>Campos próprios</b> · {len(own)} de {MAX_OWN_FIELDS}\n"
        "🔒 é secreto: fica coberto na ficha."
    )


def field_button(own: OwnField) -> str:
    """An own field in the list."""
    return f"🔒 {own.name}" if own.secret else own.name


def field(own: OwnField) -> str:
    """One own field, and its name in the texts."""
    kind = "🔒 Secreto: fica coberto na ficha." if own.secret else "Aparece na ficha e na busca."
    return (
        f"🧩 Campo <b>{safe(own.name)}</b>\n"
        f"{kind}\n"
        f"Nos textos: <code>{{{safe(own.variable)}}}</code>"
    )


def field_saved(saved: OwnField) -> str:
    """What the owner reads over the screen."""
    return f"Campo {saved.name} salvo."


def field_dropped(done: FieldDropped) -> str:
    """An own field that is gone."""
    left = f"{_clients(done.clients)} tinham algo nele." if done.clients else "Estava vazio."
    if done.clients == 1:
        left = "1 cliente tinha algo nele."
    return f"🗑 Campo <b>{safe(done.field.name)}</b> apagado\n\n{left}"


def _clients(count: int) -> str:
    return "1 cliente" if count == 1 else f"{count} clientes"
