"""SQL is text of its own: named blocks in `queries/*.sql`, one file per table family.

A block starts at `-- name: plan_day` and ends at the next one. Its arguments are written `:day`;
PostgreSQL gets `$1`, `$2`, …, and which is which is settled once, when the file is loaded.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

QUERIES = Path(__file__).parent / "queries"
BLOCK = re.compile(r"^-- name: *(\w+) *$", re.MULTILINE)
# What stands inside quotes and comments is no argument, nor is a cast (`x::date`), a slice's bound
# (`x[1:n]`) or `:=`. What no rule knows is refused, rather than read in a way PostgreSQL does not.
TOKEN = re.compile(
    r"""
      (?P<quoted> \b[eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | "(?:[^"]|"")*"
                | \$(?P<tag>[^\W\d]\w*)?\$.*?\$(?(tag)(?P=tag))\$
                | --[^\n]* | /\*(?:(?!/\*).)*?\*/ | :: )
    | (?P<argument> (?<![\w\])]):(?P<name>[a-z_]\w*) )
    | (?P<refused> ['"] | /\* | \*/ | \$(?=[\w$]) )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One block, ready to be sent: `names[0]` is what `text` calls `$1`.

    `name` is its family and its own, for whoever reads an error.
    """

    name: str
    text: str
    names: tuple[str, ...]

    def arguments(self, given: Mapping[str, object]) -> tuple[object, ...]:
        """The values in the order of `names`.

        Raises:
            TypeError: a name is missing, misspelt or superfluous.
        """
        if len(given) == len(self.names):
            try:
                return tuple([given[name] for name in self.names])
            except KeyError:
                pass
        missing = sorted(set(self.names) - set(given))
        superfluous = sorted(set(given) - set(self.names))
        raise TypeError(f"{self.name}: missing {missing}, superfluous {superfluous}")


def load(family: str) -> Mapping[str, Statement]:
    """The blocks of `queries/<family>.sql` by name.

    Raises:
        ValueError: SQL before the first block, an empty block, a name used twice, or text that
            cannot be read with certainty.
    """
    return parse((QUERIES / f"{family}.sql").read_text(encoding="utf-8"), family)


def parse(text: str, origin: str) -> Mapping[str, Statement]:
    """The blocks of `text` by name; see `load`."""
    preamble, *parts = BLOCK.split(text)
    names, bodies = parts[::2], [body.strip() for body in parts[1::2]]
    if any(line and not line.startswith("--") for line in preamble.splitlines()):
        raise ValueError(f"{origin}: SQL before the first block")
    if len(set(names)) < len(names):
        raise ValueError(f"{origin}: a block name is used twice")
    if not all(bodies):
        raise ValueError(f"{origin}: an empty block")
    return MappingProxyType(
        {
            name: statement(f"{origin}.{name}", body)
            for name, body in zip(names, bodies, strict=True)
        }
    )


def statement(name: str, text: str) -> Statement:
    """`text` with its arguments numbered; raises ValueError where it cannot be read."""
    numbers: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        if found["refused"] is not None:
            raise ValueError(f"{name}: cannot be read at {text[found.start() :][:20]!r}")
        if found["argument"] is None:
            return found[0]
        return f"${numbers.setdefault(found['name'], len(numbers) + 1)}"

    return Statement(name, TOKEN.sub(numbered, text), tuple(numbers))
