"""Those who administer, and what they see (A8, A11): over the real bot, tenants and PostgreSQL."""

import asyncio

import pytest

from bot.screens.administration.buttons import ShowAccounts
from tests.bot.live import SECONDS, Live
from tests.bot.screens.walk import Walk, walk
from tests.bot.support import Person


@pytest.fixture
def boss(live: Live) -> Walk:
    """Somebody who administers, and has no account."""
    return Walk(live.admin())


async def test_who_administers_sees_the_platform_without_an_account(boss: Walk) -> None:
    await boss.say("/admin")

    assert "Administração" in boss.text


async def test_to_everybody_else_the_administration_is_not_there(live: Live) -> None:
    owner = await walk(await live.owner())

    said = (await owner.say("/admin")).text
    unknown = (await owner.say("/nadadisso")).text

    assert said == unknown


async def test_a_button_of_the_administration_in_other_hands_is_one_that_is_over(
    live: Live,
) -> None:
    owner = await walk(await live.owner())

    await owner.press_again(ShowAccounts(place="a1").pack())

    assert ("Esse botão já não vale mais.", False) == (
        owner.toast,
        "Administração" in owner.text,
    )


async def test_the_command_stands_in_the_menu_of_who_administers_alone(
    live: Live, boss: Walk
) -> None:
    owner = await live.owner()
    await walk(owner)
    await boss.say("/admin")
    async with asyncio.timeout(SECONDS):
        while not _offers_admin(live, boss.person):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)

    assert not _offers_admin(live, owner)


def _offers_admin(live: Live, person: Person) -> bool:
    commands = live.stand_in.control.commands(person.chat_id)
    return "admin" in {command["command"] for command in commands}
