"""The actor that is measured: it adds up. Without the peers, whose imports weigh more than it."""

import asyncio
from dataclasses import dataclass

from actors.runtime import Actor, Request, on


@dataclass(frozen=True, slots=True)
class Add(Request[int]):
    """Add, and answer the sum."""

    amount: int


class Adder(Actor):
    """EmDia's actor."""

    def __init__(self) -> None:
        self.sum = 0
        self.goal = 0
        self.reached = asyncio.Event()

    @on(Add)
    async def add(self, message: Add) -> int:
        """Add up."""
        self.sum += message.amount
        if self.sum == self.goal:
            self.reached.set()
        return self.sum
