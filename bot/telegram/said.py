"""What Telegram's updates say, as the screens take it."""

from dataclasses import dataclass

from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import CallbackQuery, Message, Update, User
from aiogram.types import Contact as Card

from bot.ui.ports import Contact, Person, Said, SentFile
from bot.ui.view import Spot

UNKNOWN_PICTURE = 0
MOST_NAME_CHARACTERS = 100
NAMELESS = "arquivo"


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where an update came from, and so where its answer goes."""

    chat_id: int
    at: Spot | None = None
    query_id: str | None = None


def occasion_of(update: Update) -> Occasion | None:
    """Where the answer goes; None for what is not a private chat or asks nothing."""
    if update.message is not None:
        chat = update.message.chat
        return Occasion(chat.id) if chat.type == ChatType.PRIVATE else None
    if update.callback_query is not None:
        return _occasion_of_press(update.callback_query)
    return None


def has_blocked(update: Update) -> bool:
    """Whether the update says that its chat has blocked the bot."""
    change = update.my_chat_member
    return change is not None and change.new_chat_member.status == ChatMemberStatus.KICKED


def said_in(update: Update) -> Said:
    """What a message says; nothing for a press."""
    message = update.message
    if message is None:
        return Said()
    return Said(message.text or message.caption, _contact(message), _file(message))


def person_of(update: Update) -> Person:
    """Who sent it; Telegram lets a first name be invisible characters."""
    event = update.message or update.callback_query or update.inline_query
    return Person(name_of(event.from_user if event else None))


def name_of(user: User | None) -> str:
    """What to call a person; empty where nothing can be read."""
    visible = " ".join(f"{user.first_name} {user.last_name or ''}".split()) if user else ""
    return visible[:MOST_NAME_CHARACTERS] if visible.isprintable() and visible else ""


def _contact(message: Message) -> Contact | None:
    card: Card | None = message.contact
    if card is None:
        return None
    own = card.user_id is not None and message.from_user is not None
    name = f"{card.first_name} {card.last_name or ''}".strip()
    # Telegram gives numbers of its own people without the plus.
    phone = f"+{card.phone_number.lstrip('+')}" if card.user_id else card.phone_number
    return Contact(name, phone, own=own and card.user_id == message.chat.id)


def _file(message: Message) -> SentFile | None:
    document = message.document
    if document is None:
        return None
    return SentFile(document.file_id, document.file_name or NAMELESS, document.file_size or 0)


def _occasion_of_press(query: CallbackQuery) -> Occasion | None:
    message = query.message
    if message is None or message.chat.type != ChatType.PRIVATE:
        return None
    # An inaccessible message is too old to know, not too old to edit.
    has_picture = isinstance(message, Message) and bool(message.photo)
    spot = Spot(message.message_id, UNKNOWN_PICTURE if has_picture else None)
    return Occasion(message.chat.id, spot, query.id)
