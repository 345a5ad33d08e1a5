"""The first screen and the home screen: sign-up is one touch, and leads on to WhatsApp (A10)."""

from aiogram import F, Router
from aiogram.types import Message, TelegramObject, User

from actors.messages.account import SignUp
from bot.screens.home import words
from bot.ui.buttons import Go, Place, bare_keyboard, go, keyboard
from bot.ui.commands import Said
from bot.ui.ports import Tenant
from bot.ui.view import View
from bot.ui.words import CONNECT_BUTTON, HELP_BUTTON, TODAY_BUTTON, WHATSAPP_BUTTON

MOST_NAME_CHARACTERS = 100


COMMANDS = {"start": "Começar", "menu": "Abrir o menu", "ajuda": "Entender como funciona"}


def home_view(text: str = words.HOME) -> View:
    """The home screen, under any words."""
    return View(
        text,
        bare_keyboard(
            [go(TODAY_BUTTON, Place.TODAY)],
            [go(WHATSAPP_BUTTON, Place.WHATSAPP), go(HELP_BUTTON, Place.HELP)],
        ),
    )


def name_of(user: User | None) -> str:
    """What to call the owner; Telegram lets a first name be invisible characters."""
    visible = " ".join((user.first_name if user else "").split())
    return visible[:MOST_NAME_CHARACTERS] if visible.isprintable() and visible else ""


async def start(message: Message, tenant: Tenant) -> View:
    """Answer /start: make the account on trial, once, and say what comes next."""
    name = name_of(message.from_user)
    signed_up = await tenant.ask(SignUp(name or words.DEFAULT_NAME))
    if signed_up.whatsapp_connected:
        return home_view(words.welcome_back(name))
    greeting = words.welcome(name) if signed_up.created else words.connect_to_go_on(name)
    return View(greeting, keyboard([go(CONNECT_BUTTON, Place.CONNECT, style="success")]))


async def menu(_event: TelegramObject) -> View:
    """Answer /menu and every way home."""
    return home_view()


async def show_help(_event: TelegramObject) -> View:
    """Answer /ajuda."""
    return View(words.HELP, keyboard([go(WHATSAPP_BUTTON, Place.WHATSAPP)]))


def make_router() -> Router:
    """The routes of this screen."""
    router = Router(name="start")
    router.message.register(start, Said("start"))
    router.message.register(menu, Said("menu"))
    router.message.register(show_help, Said("ajuda", "help"))
    router.callback_query.register(menu, Go.filter(F.to == Place.HOME))
    router.callback_query.register(show_help, Go.filter(F.to == Place.HELP))
    return router
