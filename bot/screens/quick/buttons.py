"""What the buttons say under something that was typed where nothing was asked."""

from aiogram.filters.callback_data import CallbackData


class RegisterLine(CallbackData, prefix="ql"):
    """Open the form with what was typed; `number` is that of the draft that keeps it."""

    number: int


class RegisterLines(CallbackData, prefix="qm"):
    """Register all clients of a pasted list; `number` is that of the draft that keeps it."""

    number: int
