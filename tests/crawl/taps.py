"""Touching what is on the screen of a chat, by its label; or a button of another screen."""

from aiogram.filters.callback_data import CallbackData

from tests.crawl.chat import Chat


async def tap(chat: Chat, label: str) -> None:
    """Press the button of the live screen that says `label`."""
    live = chat.live
    found = [one for one in live.buttons if label in one.label] if live else []
    if live is None or not found or found[0].data is None:
        raise LookupError(f"no button {label!r} on {live.text if live else 'an empty chat'}")
    await chat.press(live, found[0].data)


async def go(chat: Chat, pressed: CallbackData) -> None:
    """Press a button of another screen as if it stood on this one."""
    assert chat.live is not None
    await chat.press(chat.live, pressed.pack())
