"""Which command a person sent, however they wrote it."""

import re

from aiogram.filters import BaseFilter
from aiogram.types import Message

from domain.text import fold, plain

# A command may be followed by anything: links into the bot come as "/start whatever".
_COMMAND = re.compile(r"[/\\] ?(?P<name>\w+)(?:@\w+)?(?!\w)")


class Said(BaseFilter):
    """Lets a message through that is one of these commands.

    Capitals, accents, the bot's name behind an @, spaces and invisible characters change nothing.
    """

    def __init__(self, *names: str) -> None:
        self._names = frozenset(names)

    async def __call__(self, message: Message) -> bool:
        """Whether `message` is one of the commands."""
        return command_in(message.text or "") in self._names


def command_in(text: str) -> str | None:
    """The command at the start of `text`, lower-cased and without accents."""
    found = _COMMAND.match(fold(plain(text)))
    return found["name"] if found else None
