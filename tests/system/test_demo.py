"""The demonstration as a newcomer runs it: a day, and the same day once more."""

from pathlib import Path

import pytest

from playground import demo
from tests.postgres import walkable_folder

pytestmark = pytest.mark.timeout(240)


async def run(home: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run it; returns its exit code and its last line."""
    code = await demo.main(demo.SAMPLE, demo.SAMPLE_DAY, home)
    return code, capsys.readouterr().out.splitlines()[-1]


async def test_the_same_day_twice_reaches_everybody_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with walkable_folder() as home:
        first, totals = await run(home, capsys)
        second, totals_again = await run(home, capsys)

    assert (0, 0) == (first, second)
    assert "0 celulares errados" in totals
    # All but the time it took.
    assert totals.rpartition("·")[0] == totals_again.rpartition("·")[0]
