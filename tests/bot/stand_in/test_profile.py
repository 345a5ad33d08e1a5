"""What the bot says of itself, to whom and in which language; and who may speak for it."""

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    MenuButtonCommands,
    MenuButtonDefault,
)
from aiohttp import ClientSession

from bot.telegram.client import make_bot
from playground.telegram import TelegramStandIn
from settings import PLAYGROUND_TOKEN

MENU = [BotCommand(command="menu", description="Ver o menu")]
ADMIN = [BotCommand(command="admin", description="Cuidar de tudo")]
LANGUAGE = "invalid language code specified"


async def test_get_me_names_the_bot(client: Bot) -> None:
    assert (await client.get_me()).username == "EmDiaBot"


async def test_a_wrong_token_is_unauthorized(shared_stand_in: TelegramStandIn) -> None:
    stranger = make_bot("1000000001:someone-else", shared_stand_in.api)
    async with stranger:
        with pytest.raises(TelegramUnauthorizedError):
            await stranger.get_me()


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        pytest.param(BotCommand(command="Menu", description="x"), "COMMAND_INVALID", id="capital"),
        pytest.param(
            BotCommand(command="menu", description=""), "DESCRIPTION_INVALID", id="no words"
        ),
    ],
)
async def test_a_command_telegram_would_refuse_is_refused(
    client: Bot, command: BotCommand, complaint: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=complaint):
        await client.set_my_commands([command])


async def test_an_unknown_chat_action_is_refused(client: Bot, chat: int) -> None:
    with pytest.raises(TelegramBadRequest, match="wrong parameter action"):
        await client.send_chat_action(chat, "dancing")


async def test_an_unknown_method_is_not_found(shared_stand_in: TelegramStandIn) -> None:
    async with ClientSession() as http:
        answer = await http.post(f"{shared_stand_in.api}/bot1000000001:x/getMe")
        assert answer.status == 401
        answer = await http.post(f"{shared_stand_in.api}/botnobody/getMe")
        assert answer.status == 404


async def test_a_blocked_bot_is_forbidden_and_told(stand_in: TelegramStandIn) -> None:
    stand_in.control.say(1, "oi")
    stand_in.control.order({"kind": "block", "chat_id": 1})
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
            await bot.send_message(1, "oi")
        [_, change] = await bot.get_updates()

    assert change.my_chat_member is not None
    assert change.my_chat_member.new_chat_member.status == "kicked"


async def test_each_chat_is_offered_the_narrowest_list_of_commands(
    stand_in: TelegramStandIn,
) -> None:
    stand_in.control.say(1, "oi")
    private, mine = BotCommandScopeAllPrivateChats(), BotCommandScopeChat(chat_id=1)
    async with make_bot(PLAYGROUND_TOKEN, stand_in.api) as bot:
        await bot.set_my_commands(MENU, scope=private)
        await bot.set_my_commands([*MENU, *ADMIN], scope=mine, language_code="pt")
        offered = [stand_in.control.commands(chat_id) for chat_id in (1, 2)]
        own = await bot.get_my_commands(scope=mine, language_code="pt")
        await bot.delete_my_commands(scope=mine, language_code="pt")

    assert [["menu", "admin"], ["menu"]] == [[one["command"] for one in it] for it in offered]
    assert ["menu", "admin"] == [one.command for one in own]
    assert [{"command": "menu", "description": "Ver o menu"}] == stand_in.control.commands(1)


async def test_commands_of_a_chat_that_is_not_open_are_refused(client: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await client.set_my_commands(MENU, scope=BotCommandScopeChat(chat_id=999_999))


async def test_a_language_is_two_letters(client: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match=LANGUAGE):
        await client.set_my_commands(MENU, language_code="pt-br")


async def test_the_menu_button_of_a_chat_is_its_own(client: Bot, chat: int) -> None:
    await client.set_chat_menu_button(chat_id=chat, menu_button=MenuButtonCommands())

    assert isinstance(await client.get_chat_menu_button(chat_id=chat), MenuButtonCommands)
    assert isinstance(await client.get_chat_menu_button(), MenuButtonDefault)


async def test_the_bot_is_described_in_each_language_or_for_all(client: Bot) -> None:
    await client.set_my_description("Cobra por você", language_code="pt")
    await client.set_my_short_description("Lembra os clientes")

    assert "Cobra por você" == (await client.get_my_description(language_code="pt")).description
    assert "" == (await client.get_my_description()).description
    short = await client.get_my_short_description(language_code="pt")
    assert "Lembra os clientes" == short.short_description


async def test_a_description_that_is_too_long_is_refused(client: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="description is too long"):
        await client.set_my_description("x" * 513)
    with pytest.raises(TelegramBadRequest, match="short description is too long"):
        await client.set_my_short_description("x" * 121)
