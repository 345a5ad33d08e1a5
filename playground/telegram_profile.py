"""The methods about the bot itself: its name, commands, menu button and descriptions."""

import re

from playground.telegram_call import Call
from playground.telegram_entries import Json
from playground.telegram_refusals import bad_request
from playground.telegram_world import TelegramWorld

COMMANDS = 100
COMMAND_WORDS = 256
LONGEST_DESCRIPTION = 512
LONGEST_SHORT_DESCRIPTION = 120
SHARED_SCOPES = frozenset(
    {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
)


class Profile:
    """What people see of the bot outside of its messages."""

    def __init__(self, world: TelegramWorld, bot_user: Json, *, inline: bool) -> None:
        self._world = world
        self._bot = bot_user
        self.inline = inline
        self._commands: dict[tuple[str, str], list[Json]] = {}
        self._words: dict[tuple[str, str], str] = {}
        self._menu: Json = {"type": "default"}

    async def get_me(self, _call: Call) -> Json:
        """Who the bot is."""
        return {
            **self._bot,
            "can_join_groups": False,
            "can_read_all_group_messages": False,
            "supports_inline_queries": self.inline,
        }

    # Commands

    async def set_my_commands(self, call: Call) -> bool:
        """What the menu button offers, to whom and in which language."""
        commands = call.json("commands")
        if not isinstance(commands, list) or len(commands) > COMMANDS:
            raise bad_request("can't parse commands")
        for command in commands:
            if not re.fullmatch(r"/?[a-z0-9_]{1,32}", str(command.get("command"))):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(str(command.get("description") or "")) <= COMMAND_WORDS:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self._commands[self._audience(call)] = commands
        return True

    async def delete_my_commands(self, call: Call) -> bool:
        """Offer that audience what the next wider one is offered."""
        self._commands.pop(self._audience(call), None)
        return True

    async def get_my_commands(self, call: Call) -> list[Json]:
        """What is set for exactly that audience."""
        return self._commands.get(self._audience(call), [])

    def commands(self, chat_id: int, language: str = "pt") -> list[Json]:
        """What the person of a chat is offered: the narrowest list there is."""
        for scope in (f"chat {chat_id}", "all_private_chats", "default"):
            for code in (language, ""):
                if (scope, code) in self._commands:
                    return self._commands[scope, code]
        return []

    def _audience(self, call: Call) -> tuple[str, str]:
        scope = call.json("scope")
        kind = scope.get("type") if isinstance(scope, dict) else "default"
        if kind == "chat":
            chat_id = scope.get("chat_id")
            if chat_id not in self._world.chats:
                raise bad_request("chat not found")
            return f"chat {chat_id}", _language(call)
        if kind not in SHARED_SCOPES:
            raise bad_request("can't parse BotCommandScope: Unsupported type specified")
        return str(kind), _language(call)

    # The menu button

    async def set_chat_menu_button(self, call: Call) -> bool:
        """What the button beside the typing box opens, in one chat or in all."""
        button = call.json("menu_button") or {"type": "default"}
        if not isinstance(button, dict) or button.get("type") not in {"default", "commands"}:
            raise bad_request("MenuButton has unsupported type")
        if call.chat_id is None:
            self._menu = button
        else:
            self._world.chat_for_bot(call.chat_id).menu = button
        return True

    async def get_chat_menu_button(self, call: Call) -> Json:
        """What it opens now."""
        if call.chat_id is None:
            return self._menu
        return self._world.chat_for_bot(call.chat_id).menu or self._menu

    # Descriptions

    async def set_my_description(self, call: Call) -> bool:
        """What an empty chat with the bot shows."""
        return self._describe(call, "description", LONGEST_DESCRIPTION)

    async def set_my_short_description(self, call: Call) -> bool:
        """What the bot's profile shows."""
        return self._describe(call, "short_description", LONGEST_SHORT_DESCRIPTION)

    async def get_my_description(self, call: Call) -> Json:
        """What an empty chat with the bot shows now."""
        return self._described(call, "description")

    async def get_my_short_description(self, call: Call) -> Json:
        """What the bot's profile shows now."""
        return self._described(call, "short_description")

    def _describe(self, call: Call, name: str, most: int) -> bool:
        words = call.text(name)
        if len(words) > most:
            raise bad_request(f"bot {name.replace('_', ' ')} is too long")
        self._words[name, _language(call)] = words
        return True

    def _described(self, call: Call, name: str) -> Json:
        general = self._words.get((name, ""), "")
        return {name: self._words.get((name, _language(call))) or general}


def _language(call: Call) -> str:
    code = call.text("language_code")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad_request("invalid language code specified")
    return code
