"""An errand presses what is written down; its screens are judged; a way that is gone is told."""

import asyncio
from typing import Any, cast

import pytest

from tests.crawl.atlas import Atlas
from tests.crawl.chat import Chat
from tests.crawl.errand import Errand
from tests.crawl.fast_loop import FastLoop
from tests.crawl.findings import Findings, Strangers
from tests.crawl.judge import Judge
from tests.crawl.planted import HOME, Page, PlantedBot, planted
from tests.crawl.walk import Crawl
from tests.virtual_time import seeded

ANA = 7_001
SPEED = 20.0
PAGES = {
    "home": Page("<b>Menu</b>", ((("👥 Clientes", "list"),),)),
    "list": Page("<b>Clientes</b>", ((("🟢 Rui", "card"),), ((HOME, "home"),))),
    "card": Page("<b>Beco</b>"),
}


def walked(*labels: str) -> tuple[PlantedBot, Findings]:
    """What comes of pressing these after a first word."""
    bot, findings = PlantedBot(PAGES), Findings()
    shared = Crawl(Atlas(()), Judge(findings, Strangers({ANA: []})), seeded(3), 50)

    async def walk() -> None:
        async with planted(bot) as telegram:
            nowhere: Any = cast("Any", None)
            errand = Errand(shared, Chat(telegram, bot, ANA, "Ana", "dono"), nowhere)
            await errand.say("/start")
            await errand.tap(*labels)

    with asyncio.Runner(loop_factory=lambda: FastLoop(SPEED)) as runner:
        runner.run(walk())
    return bot, findings


def test_an_errand_presses_the_buttons_that_hold_its_labels_and_is_counted() -> None:
    bot, findings = walked("Clientes", "Início")

    assert ["list", "home"] == bot.pressed
    assert 3 == findings.done
    assert {} == findings.faults


def test_what_an_errand_comes_to_is_judged() -> None:
    _, findings = walked("Clientes", "Rui")

    assert {"dead_ends"} == set(findings.faults)


def test_an_errand_whose_button_is_gone_says_which() -> None:
    with pytest.raises(LookupError, match="Renovar"):
        walked("Clientes", "Renovar")
