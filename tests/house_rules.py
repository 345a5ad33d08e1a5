"""What no linter knows: imports go one way, and nothing committed gives anything away.

`python -m tests.house_rules` prints every breach and exits 1 if there is one.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ANYWHERE = frozenset({"errors", "telemetry", "settings"})
# Who may import whom. `domain` knows nobody; only `supervisor` knows all.
ALLOWED = {
    "errors": frozenset[str](),
    "telemetry": frozenset[str](),
    "settings": frozenset({"errors", "domain"}),
    "domain": frozenset({"domain", "errors"}),
    "guards": frozenset({"guards", "domain"}) | ANYWHERE,
    "storage": frozenset({"storage", "guards", "domain"}) | ANYWHERE,
    "gateways": frozenset({"gateways", "guards", "domain"}) | ANYWHERE,
    "actors": frozenset({"actors", "storage", "gateways", "guards", "domain"}) | ANYWHERE,
    "bot": frozenset({"bot", "guards", "domain"}) | ANYWHERE,
    "web": frozenset({"web", "domain"}) | ANYWHERE,
}
# What `bot` and `web` may know of the actors: how to address them and what to say.
MESSAGES = frozenset({"actors.messages", "actors.runtime"})
# Rooms with one door: outside, `from ROOM import …` only.
DOORS = frozenset({"actors.runtime"})
# Who tests or measures the engine itself may go in by the back.
BEHIND = ("actors/runtime/", "tests/guarantees/", "tests/unit/actors/", "bench/actor")
# Inside `actors`, a room may use the rooms below it and none above.
STOREYS = {"actors.runtime": 0, "actors.messages": 1, "actors.tenant": 2, "actors.whatsapp": 2}
TOP_STOREY = 3
MOST_ROOMS = 12  # that a reader of `actors/` has to know
ABOVE = {"supervisor", "wiring", "emdia_cli", "playground", "bench", "deploy", "tests"}
OURS = frozenset(ALLOWED) | ABOVE
# telegram_actor shows screens: the one place where an actor knows the bot.
SCREENS = Path("actors/telegram_actor.py")

GIVEAWAYS = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a Telegram token": r"\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}\b",
    "a Mercado Pago token": r"\b(?:APP_USR|TEST)-[0-9]{6,}-[0-9a-f-]{20,}",
    "a password in an address": r"postgres(?:ql)?://[^:/\s\"'{}]+:[^@/\s\"'{}]+@",
    "a package registry's host": (
        r"(?:pypi\.(?:org|io)|pythonhosted\.org|registry\.(?:npmjs|yarnpkg)|deb\.debian)"
    ),
    "a path of one machine": r"(?:/home/[a-z]+|/root|/Users/[A-Za-z]+|"
    + re.escape(str(ROOT))
    + r")/",
}


def imports(path: Path) -> Iterator[str]:
    """The modules of ours that `path` imports, dotted."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
            if node.module in OURS:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            names = []
        yield from (name for name in names if name.partition(".")[0] in OURS)


def wrong_imports(path: Path, imported: Iterator[str]) -> Iterator[str]:
    """What `path`, relative to the root, imports against the direction."""
    family = path.parts[0].removesuffix(".py")
    for name in imported if family in ALLOWED else ():
        target = name.partition(".")[0]
        allowed = target in ALLOWED[family] or target == family
        if family in {"bot", "web"}:
            allowed = allowed or any(name == m or name.startswith(m + ".") for m in MESSAGES)
        if path == SCREENS:
            allowed = allowed or target == "bot"
        if not allowed:
            yield f"{path}: {family} must not import {name}"
        elif family == "actors" and target == "actors" and _climbs(path, name):
            yield f"{path}: {name} is above it, or beside it in another room"


def back_doors(path: Path, imported: Iterator[str]) -> Iterator[str]:
    """What `path` takes from inside a room that has a door."""
    if not path.as_posix().startswith(BEHIND):
        for name in imported:
            if name.rpartition(".")[0] in DOORS:
                yield f"{path}: {name} has a door: import from {name.rpartition('.')[0]}"


def crowded(paths: Iterable[Path]) -> Iterator[str]:
    """Whether `actors/` has more rooms than a reader can keep in mind."""
    rooms = {path.parts[1] for path in paths if path.parts[0] == "actors" and path.suffix == ".py"}
    if len(rooms - {"__init__.py"}) > MOST_ROOMS:
        yield f"actors: {len(rooms) - 1} rooms, and {MOST_ROOMS} are the most"


def _climbs(path: Path, name: str) -> bool:
    """Whether a module of `actors` reaches up, or from one room into another beside it."""
    own_room = "actors." + path.parts[1].removesuffix(".py")
    other_room = ".".join(name.split(".")[:2])
    own, other = STOREYS.get(own_room, TOP_STOREY), STOREYS.get(other_room, TOP_STOREY)
    return own_room != other_room and (other > own or (other == own < TOP_STOREY))


def giveaways(path: Path, text: str) -> Iterator[str]:
    """What in `text` must not be committed."""
    for what, pattern in GIVEAWAYS.items():
        for found in re.finditer(pattern, text):
            line = text.count("\n", 0, found.start()) + 1
            yield f"{path}:{line}: {what}"


def breaches() -> list[str]:
    """Every breach among the files git tracks or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git by name
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    found = [*crowded(Path(name) for name in listed if (ROOT / name).is_file())]
    for name in listed:
        path = ROOT / name
        if not path.is_file():
            continue
        if path.suffix == ".py":
            found += wrong_imports(Path(name), imports(path))
            found += back_doors(Path(name), imports(path))
        if Path(name) != Path("tests/house_rules.py"):
            found += giveaways(Path(name), path.read_text(encoding="utf-8", errors="replace"))
    return found


if __name__ == "__main__":
    lines = breaches()
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    sys.exit(1 if lines else 0)
