"""The peer: an aiogram bot as its documentation writes one, whose every answer is the same.

It keeps nothing, asks nobody, and answers a press with one edit and one answer to the query.
"""

import asyncio
import os

import psutil
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

ROWS = 12
KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text=f"🟢 Cliente {row} · 10/12", callback_data=f"cc:{row}:la1")]
        for row in range(ROWS)
    ]
)
TEXT = "👥 <b>Todos os clientes</b> · 148\nNovembro: esperado <b>R$ 11.825,20</b>"


async def pressed(query: CallbackQuery) -> None:
    """Answer a press."""
    if isinstance(query.message, Message):
        await query.message.edit_text(TEXT, reply_markup=KEYBOARD)
    await query.answer()


async def figures(_request: web.Request) -> web.Response:
    """What it cost so far."""
    spent = psutil.Process().cpu_times()
    return web.json_response({"cpu_s": spent.user + spent.system, "statements": 0})


async def main() -> None:
    """Serve until ended."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["API"]))
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.callback_query.register(pressed)
    app = web.Application()
    handler = SimpleRequestHandler(
        dispatcher, Bot(os.environ["TOKEN"], session=session), handle_in_background=False
    )
    handler.register(app, path="/webhooks/telegram")
    app.router.add_get("/bench", figures)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ["PORT"])).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
