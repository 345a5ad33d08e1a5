"""Every button of the bot answers, whoever presses it (H2, B2): a short crawl of the real system.

The whole crawl is `make crawl`; this one is as long as a test may be. It is a process of its own,
on whose loop time passes faster than here.
"""

import subprocess
import sys
from typing import Any

import orjson
import pytest

SEED, BUDGET = 7, 260
MUST_BE_ZERO = ("unanswered", "dead_ends", "leaks", "errors", "laws")


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    """What the crawl says last."""
    command = [sys.executable, "-m", "tests.crawl", f"--seed={SEED}", f"--budget={BUDGET}"]
    done = subprocess.run(  # noqa: S603 - our own program
        [*command, "--short"], capture_output=True, text=True, check=False
    )
    *_, last = done.stdout.splitlines() or [""]
    assert last.startswith("{"), done.stderr
    told: dict[str, Any] = orjson.loads(last)
    told["said"] = done.stdout
    return told


def test_every_button_answers_and_leads_on(figures: dict[str, Any]) -> None:
    assert dict.fromkeys(MUST_BE_ZERO, 0) == {k: figures[k] for k in MUST_BE_ZERO}, figures["said"]


def test_the_crawl_saw_the_bot(figures: dict[str, Any]) -> None:
    assert (True, True) == (figures["screens"] >= 6, figures["presses"] >= 40)
