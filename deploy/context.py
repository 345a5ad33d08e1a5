"""What of a folder a build may see: `.dockerignore` as Docker reads it, the last match winning.

https://docs.docker.com/build/concepts/context/#dockerignore-files
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern, and whether it lets in again what an earlier one kept out."""

    pattern: re.Pattern[str]
    lets_in: bool


class Ignore:
    """The rules of a `.dockerignore`."""

    def __init__(self, text: str) -> None:
        lines = (line.strip() for line in text.splitlines())
        self._rules = [_rule(line) for line in lines if line and not line.startswith("#")]

    def keeps_out(self, path: PurePosixPath) -> bool:
        """Whether `path`, relative to the folder, is no part of a build: it, or a folder of it."""
        names = [str(path), *(str(above) for above in path.parents if above.parts)]
        out = False
        for rule in self._rules:
            if any(rule.pattern.fullmatch(name) for name in names):
                out = not rule.lets_in
        return out


def visible(folder: Path, ignore: Ignore) -> Iterator[PurePosixPath]:
    """Every file of `folder` that a build sees, relative to it."""
    for top, folders, files in os.walk(folder):
        # Nothing is ever let in from there, and walking it takes long.
        folders[:] = sorted(set(folders) - {".git", ".venv", ".cache", "node_modules"})
        for name in sorted(files):
            path = PurePosixPath((Path(top) / name).relative_to(folder).as_posix())
            if not ignore.keeps_out(path):
                yield path


def _rule(line: str) -> Rule:
    lets_in = line.startswith("!")
    text = line.removeprefix("!").strip().strip("/")
    return Rule(re.compile("".join(_translated(text))), lets_in)


def _translated(text: str) -> Iterator[str]:
    """Go's filepath.Match, and `**` for any number of folders."""
    for found in re.finditer(r"\*\*/|\*\*|\*|\?|\[[^\]]+\]|\\.|.", text):
        token = found[0]
        match token:
            case "**/":
                yield "(?:.*/)?"
            case "**":
                yield ".*"
            case "*":
                yield "[^/]*"
            case "?":
                yield "[^/]"
            case _ if token.startswith("[") and len(token) > 1:
                yield token
            case _:
                yield re.escape(token[-1])
