"""What the buttons about broadcasts say, and the places they lead to."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from domain.broadcasts import Group

BROADCASTS = "bc_all"
"""The broadcasts there were, and a new one."""
NEW = "bc_new"
BROADCAST_OWNER = "B"
"""The first letter of a way back to one broadcast; its id follows."""
REACHED_OWNER = "R"
"""The first letter of a way back to a page of who was told; group, id and page follow."""


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


class ShowReached(CallbackData, prefix="bl"):
    """A page of the owners who are counted together."""

    broadcast_id: int
    group: Group
    page: int = 1
