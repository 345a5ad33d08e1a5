"""Every place that makes a button is known, and whether somebody came by."""

from pathlib import Path
from typing import Any

from tests.crawl.sites import COUNTER, SCREENS, Sites

SCREEN = """
def one():
    return [button("a", Show(1)),
            go("b", 2)]

def two():
    return Show(3)
"""


def test_a_place_counts_once_it_was_come_by(tmp_path: Path) -> None:
    folder = tmp_path / "bot" / "screens"
    folder.mkdir(parents=True)
    (folder / "buttons.py").write_text("class Show(CallbackData, prefix='s'): ...\n")
    path = folder / "a.py"
    path.write_text(SCREEN)
    sites = Sites(folder)
    made: dict[str, Any] = {COUNTER: sites.count, "Show": str, "button": max}
    made["go"] = lambda text, number: f"{text}{number}"
    exec(sites.compiled(path.read_bytes(), str(path)), made)  # noqa: S102 - what a loader does

    assert ["a", "b2"] == made["one"]()
    assert ["bot/screens/a.py:3", "bot/screens/a.py:4", "bot/screens/a.py:7"] == sites.all()
    assert ["bot/screens/a.py:7"] == sites.unreached()


def test_the_real_screens_have_such_places() -> None:
    assert any(place.startswith("bot/screens/home/home.py:") for place in Sites(SCREENS).all())
