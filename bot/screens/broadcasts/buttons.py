"""What the buttons about broadcasts say, and the places they lead to."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

BROADCASTS = "bc_all"
"""The broadcasts there were, and a new one."""


NEW = "bc_new"


class Act(StrEnum):
    """What an administrator does with one that was begun."""

    SHOW = "s"
    PAUSE = "p"
    RESUME = "r"
    ASK_STOP = "a"
    STOP = "x"
    DOUBTED = "d"


class OnBroadcast(CallbackData, prefix="bc"):
    """Do this with this broadcast."""

    act: Act
    broadcast_id: int
