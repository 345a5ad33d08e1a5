"""A crawl of a bot with a fault planted in it finds that fault, and of a sound one none."""

import asyncio
from dataclasses import replace

import pytest

from tests.crawl.atlas import Atlas
from tests.crawl.chat import Chat
from tests.crawl.fast_loop import FastLoop
from tests.crawl.findings import Findings, Strangers
from tests.crawl.judge import Judge
from tests.crawl.planted import BACK, HOME, Page, PlantedBot, planted
from tests.crawl.walk import Crawl, crawl
from tests.virtual_time import seeded

ANA, RUI = 7_001, 7_002
WAYS = ((BACK, "list"), (HOME, "home"))
SOUND = {
    "home": Page("<b>Menu</b>", ((("👥 Clientes", "list"), ("❓ Ajuda", "help")),)),
    "list": Page("<b>Clientes</b>", ((("🟢 Ana", "card"),), ((HOME, "home"),))),
    "card": Page("<b>Ana</b>", ((("✏️ Mudar", "edit"),), WAYS)),
    "edit": Page("<b>Qual é o nome?</b>", (((BACK, "card"), (HOME, "home")),)),
    "help": Page("Ajuda", (((HOME, "home"),),)),
}
BROKEN = {
    "unanswered": PlantedBot(SOUND, mute=frozenset({"edit"})),
    "dead_ends": PlantedBot(SOUND | {"edit": Page("Beco", (((BACK, "card"),),))}),
    "leaks": PlantedBot(SOUND | {"card": replace(SOUND["card"], text="<b>Zorilda</b>")}),
    "laws": PlantedBot(SOUND | {"card": replace(SOUND["card"], style="primary")}),
}
SPEED = 5.0
# Where nothing ever comes, nobody is too slow, and there is nothing to wait for.
SPEED_OF_SILENCE = 20.0


def crawled(bot: PlantedBot, budget: int = 200) -> Findings:
    """What two people find in `bot`; only Rui may read Zorilda."""
    findings = Findings()
    judge = Judge(findings, Strangers({ANA: [], RUI: ["Zorilda"]}))
    shared = Crawl(Atlas(("/start", "/menu")), judge, seeded(3), budget)

    async def walk() -> None:
        async with planted(bot) as telegram:
            await crawl(shared, [Chat(telegram, bot, one, f"D{one}", "dono") for one in (ANA, RUI)])

    speed = SPEED_OF_SILENCE if bot.mute or bot.silent else SPEED
    with asyncio.Runner(loop_factory=lambda: FastLoop(speed)) as runner:
        runner.run(walk())
    return findings


def test_a_sound_bot_has_no_fault_and_every_button_is_pressed() -> None:
    bot = PlantedBot(SOUND)
    findings = crawled(bot)

    assert {} == {kind: dict(found) for kind, found in findings.faults.items()}
    assert set(SOUND) == set(bot.pressed)
    assert 5 == findings.figures()["screens"]


@pytest.mark.parametrize("kind", sorted(BROKEN))
def test_a_planted_fault_is_found(kind: str) -> None:
    findings = crawled(BROKEN[kind])

    assert {kind} == set(findings.faults)


def test_a_picture_of_text_that_nobody_answers_is_unanswered_and_a_dead_end() -> None:
    findings = crawled(PlantedBot(SOUND, silent=True), budget=4)

    assert {"unanswered", "dead_ends"} == set(findings.faults)


def test_the_budget_ends_a_crawl() -> None:
    findings = crawled(PlantedBot(SOUND), budget=12)

    assert 12 <= findings.done <= 18
