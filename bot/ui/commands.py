"""Which command a person sent, however they wrote it."""

import re

from domain.text import fold, plain

# A command may be followed by anything: links into the bot come as "/start whatever".
_COMMAND = re.compile(r"[/\\] ?(?P<name>\w+)(?:@\w+)?(?!\w)")
_UP_TO_ITS_END = re.compile(r"^[^/\\]*[/\\] ?[^\s/\\]+\s*")


def command_in(text: str) -> str | None:
    """The command at the start of `text`, lower-cased and without accents.

    Capitals, accents, the bot's name behind an @, spaces and invisible characters change nothing.
    """
    found = _COMMAND.match(fold(plain(text)))
    return found["name"] if found else None


def after_command(text: str) -> str:
    """What follows the command at the start of `text`, as it was written."""
    return _UP_TO_ITS_END.sub("", text, count=1)
