"""Which metrics the guide promises, and which a scrape has.

Compared by the lines that say what a metric is: they are there from the first scrape, while one
with labels has no value before something happened.
"""

import re
from collections.abc import Set as AbstractSet
from pathlib import Path

from playground.rig import ROOT

GUIDE = ROOT / "docs" / "deploy.md"
NAME = re.compile(r"\b(?:emdia|process)_[a-z_]+")
# Named like metrics: a command, and roles in the database.
NO_METRICS = frozenset(
    {"emdia_cli", "emdia_app", "emdia_dispatcher", "emdia_lookout", "emdia_migrator"}
)
HELP = re.compile(r"^# HELP (\w+) ", re.MULTILINE)


def documented(guide: Path = GUIDE) -> AbstractSet[str]:
    """The metrics that the guide names, Prometheus' own of a process among them."""
    return set(NAME.findall(guide.read_text(encoding="utf-8"))) - NO_METRICS


def told_of(scrape: str) -> AbstractSet[str]:
    """The metrics that a scrape says the meaning of, with a value or without."""
    return set(HELP.findall(scrape))
