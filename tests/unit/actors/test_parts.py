"""An actor put together of parts handles what each of them handles."""

import pytest

from actors.runtime import Actor, on


class Left(Actor):
    """One part."""

    @on(int)
    async def number(self, _message: int) -> None:
        """Take a number."""


class Right(Actor):
    """Another."""

    @on(str)
    async def word(self, _message: str) -> None:
        """Take a word."""


class Both(Left, Right):
    """Put together."""


def test_no_handler_of_two_bases_is_lost() -> None:
    assert {int: Left.number, str: Right.word} == Both.handlers


def test_a_diamond_keeps_the_handler_of_the_lower_class() -> None:
    class Lower(Left):
        @on(int)
        async def number(self, _message: int) -> None: ...

    class Bottom(Left, Right): ...

    class Diamond(Lower, Left): ...

    assert {int: Left.number, str: Right.word} == Bottom.handlers
    assert {int: Lower.number} == Diamond.handlers


def test_two_parts_that_handle_the_same_are_refused() -> None:
    class Rival(Actor):
        @on(int)
        async def also_number(self, _message: int) -> None: ...

    with pytest.raises(TypeError, match="two parts handle int"):
        type("Torn", (Left, Rival), {})


def test_the_whole_may_decide_between_its_parts() -> None:
    class Rival(Actor):
        @on(int)
        async def also_number(self, _message: int) -> None: ...

    class Decided(Left, Rival):
        @on(int)
        async def number(self, _message: int) -> None: ...

    assert {int: Decided.number} == Decided.handlers
