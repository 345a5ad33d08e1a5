"""SQL is text of its own: named blocks in `queries/*.sql`, one file per table family.

A block starts at `-- name: plan_day` and ends at the next one.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

QUERIES = Path(__file__).parent / "queries"
BLOCK = re.compile(r"^-- name: *(\w+) *$", re.MULTILINE)


def load(family: str) -> Mapping[str, str]:
    """The blocks of `queries/<family>.sql` by name.

    Raises:
        ValueError: SQL before the first block, an empty block, or a name used twice.
    """
    return parse((QUERIES / f"{family}.sql").read_text(encoding="utf-8"), family)


def parse(text: str, origin: str) -> Mapping[str, str]:
    """The blocks of `text` by name; see `load`."""
    preamble, *parts = BLOCK.split(text)
    names, bodies = parts[::2], [body.strip() for body in parts[1::2]]
    if any(line and not line.startswith("--") for line in preamble.splitlines()):
        raise ValueError(f"{origin}: SQL before the first block")
    if len(set(names)) < len(names):
        raise ValueError(f"{origin}: a block name is used twice")
    if not all(bodies):
        raise ValueError(f"{origin}: an empty block")
    return MappingProxyType(dict(zip(names, bodies, strict=True)))
