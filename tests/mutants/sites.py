"""What a mutant is, and those of SQL, which is changed as text."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

STATES = ("queued", "retry", "unknown", "sending", "sent", "failed", "expired", "cancelled")
QUOTED = re.compile(r"'(?:[^']|'')*'|--[^\n]*")
# A condition ends where the next one, or the rest of the statement, begins.
CONDITION = re.compile(
    r"\b(?:AND|WHERE|ON)\s+(?P<it>(?:[^()]|\((?:[^()]|\([^()]*\))*\))*?)"
    r"(?=\s*(?:\bAND\b|\bOR\b|\bWHERE\b|\bORDER\b|\bGROUP\b|\bLIMIT\b|\bFOR\b|\bRETURNING\b"
    r"|\bON\b|\bJOIN\b|\bLEFT\b|\)|;))"
)
# One tenant's condition is skipped: row-level security stands behind it, and its tests are apart.
TENANT = re.compile(r"tenant_id\s*=")
REPLACED = (
    (r"(?<=\s)=(?=\s)", ("<>",)),
    (r"<>", ("=",)),
    (r"<=", ("<", ">")),
    (r">=", (">", "<")),
    (r"(?<![<>-])<(?![=>])", ("<=", ">=")),
    (r"(?<![<>-])>(?![=])", (">=", "<=")),
    (r"(?<=\s)\+(?=\s)", ("-",)),
    (r"IS NOT DISTINCT FROM", ("IS DISTINCT FROM",)),
    (r"IS DISTINCT FROM", ("IS NOT DISTINCT FROM",)),
    (r"IS NOT NULL", ("IS NULL",)),
    (r"IS NULL", ("IS NOT NULL",)),
    (r"NOT EXISTS", ("EXISTS",)),
    (r"(?<!NOT )EXISTS", ("NOT EXISTS",)),
    (r"\bAND\b", ("OR",)),
    (r"\bOR\b", ("AND",)),
    (r"\s+FOR (?:NO KEY )?(?:UPDATE|SHARE)(?: OF \w+)?(?: SKIP LOCKED)?", ("",)),
    (r" SKIP LOCKED", ("",)),
    (r" DESC\b", ("",)),
    (r"\bmin\(", ("max(",)),
    (r"\bmax\(", ("min(",)),
    (r"\bleast\(", ("greatest(",)),
    (
        r"coalesce\((?P<one>[^(),]+(?:\([^()]*\))?[^(),]*), (?P<two>[^()]+)\)",
        (r"coalesce(nullif(\1, \1), \2)", r"coalesce(\1, nullif(\2, \2))"),
    ),
    (r"WHEN (?P<if>.+?) THEN", (r"WHEN NOT (\1) THEN",)),
    (r"THEN (?P<yes>\S+) ELSE (?P<no>\S+)", (r"THEN \2 ELSE \1",)),
)


@dataclass(frozen=True, slots=True)
class Site:
    """One place that could be wrong in one way; `make` builds what is wrong then."""

    path: str
    line: int
    lines: range
    scope: str
    before: str
    after: str
    make: Callable[[], Any]

    @property
    def change(self) -> str:
        """What the list of equivalents calls it."""
        return f"{self.before} -> {self.after}"


def sql_sites(path: str, source: str) -> Iterator[Site]:
    """The mutants of a file of named blocks; each is the file's text."""
    hidden = QUOTED.sub(_hidden, source)
    for start, end, new in _changes(source, hidden):
        name = source[: source.index("\n", start)].rpartition("-- name: ")[2].split("\n")[0]
        line = source.count("\n", 0, start) + 1
        first, last = source.rfind("\n", 0, start) + 1, source.index("\n", end)
        yield Site(
            path=path,
            line=line,
            lines=range(line, line + 1),
            scope=name.strip(),
            before=" ".join(source[first:last].split()),
            after=" ".join((source[first:start] + new + source[end:last]).split()),
            make=partial("".join, (source[:start], new, source[end:])),
        )


def _changes(source: str, hidden: str) -> Iterator[tuple[int, int, str]]:
    for pattern, others in REPLACED:
        for found in re.compile(pattern).finditer(hidden):
            around = source[max(0, found.start() - 12) : found.end() + 1]
            between = found[0] == "AND" and "BETWEEN" in hidden[: found.start()][-60:]
            real = re.compile(pattern).match(source, found.start())
            if real and not between and not TENANT.search(around):
                for other in others:
                    yield found.start(), real.end(), real.expand(other)
    yield from _conditions(source, hidden)


def _conditions(source: str, hidden: str) -> Iterator[tuple[int, int, str]]:
    for found in CONDITION.finditer(hidden):
        condition = source[slice(*found.span("it"))]
        if not TENANT.search(condition):
            # Said so that its arguments are still named.
            yield *found.span("it"), f"({condition} OR true)"
    for found in re.finditer(r"\bIN \(('#*'(?:, '#*')+)\)", hidden):
        items = source[slice(*found.span(1))].split(", ")
        for item in items:
            yield *found.span(1), ", ".join(one for one in items if one != item)
    for found in re.finditer(r"(?:THEN|ELSE|SET state =|,) '(\w+)'", source):
        if found[1] in STATES and hidden[found.start(1)] == "#":
            yield *found.span(1), "retry" if found[1] == "unknown" else "unknown"


def _hidden(found: re.Match[str]) -> str:
    inside = len(found[0]) - 2
    return " " * (inside + 2) if found[0].startswith("--") else f"'{'#' * inside}'"
