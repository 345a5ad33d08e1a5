"""How many small lies in the code the nearest tests notice: `make mutants`.

FOLDER chooses one of FOLDERS or a path, LIMIT how many mutants of each folder are tried, SEED
which. Survivors are printed; the last line is JSON. What is equivalent stands, with its reason, in
`equivalent.toml` and is not tried.
"""

import argparse
import asyncio
import gc
import importlib
import json
import signal
import sys
import tomllib
import warnings
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import asyncpg

from tests.mutants.children import ROOT, Baseline, baseline, killed
from tests.mutants.python_sites import enums_of, python_sites
from tests.mutants.sites import Site, sql_sites

OWN = ("tests", "domain", "storage", "actors", "bot", "gateways", "guards", "web", "playground")
# Of the last two each process has a state of its own.
OWN_FILES = (
    *("errors", "settings", "telemetry", "wiring", "supervisor", "emdia_cli"),
    *("prometheus_client", "structlog"),
)
FEWEST_SECONDS = 20.0  # before a mutant counts as one that hangs


@dataclass(frozen=True, slots=True)
class Folder:
    """What is changed, the tests that stand nearest, and whether they want PostgreSQL.

    `seconds`: how many of tests one mutant has to outlive, as they took while nothing was wrong.
    """

    sources: tuple[str, ...]
    tests: tuple[str, ...]
    database: bool = True
    seconds: float = 20.0


def _beside(folder: str, *left_out: str) -> list[str]:
    """The tests of a folder without those that start processes, where no lie is told."""
    files = sorted(ROOT.glob(f"tests/{folder}/test_*.py"))
    return [
        str(path.relative_to(ROOT))
        for path in files
        if path.stem.removeprefix("test_") not in left_out
    ]


SENDING = ("comes_back", "courier", "courier_faults", "day", "left_out", "quarantine")
FOLDERS = {
    "domain": Folder(
        ("domain/*.py",),
        (
            "tests/unit/domain",
            "tests/unit/test_settings.py",
            *(
                f"tests/unit/test_sheet_{part}.py"
                for part in ("properties", "files", "text_files", "decoding")
            ),
        ),
        database=False,
        seconds=120.0,
    ),
    "runtime": Folder(
        ("actors/runtime/cell.py", "actors/runtime/mailbox.py"),
        ("tests/guarantees", "tests/unit/actors"),
    ),
    "sql": Folder(
        ("storage/queries/*.sql",),
        (
            *_beside("storage", "embedded", "installation", "lost_connections", "migrate"),
            *(f"tests/system/test_{part}.py" for part in SENDING),
        ),
    ),
    "actors": Folder(
        (
            "actors/tenant_actor.py",
            "actors/tenant/*.py",
            "actors/whatsapp_session.py",
            "actors/whatsapp/*.py",
            "actors/scheduler_actor.py",
        ),
        (
            "tests/whatsapp",
            *_beside("system", "cli", "demo", "endings", "outbox_walk", "refusals", "tree"),
        ),
    ),
}


Known = tuple[str, str, int]
"""Where, what, and which of the places where that is found."""


def listed() -> dict[Known, str]:
    """The mutants that change nothing anybody could see, and why."""
    text = (Path(__file__).parent / "equivalent.toml").read_text(encoding="utf-8")
    return {
        (one["at"], one["change"], which): one["reason"]
        for one in tomllib.loads(text).get("equivalent", ())
        for which in one.get("which", (1,))
    }


def sites(folder: Folder) -> dict[Known, Site]:
    """All mutants of a folder, by how the list of equivalents calls them."""
    texts = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for pattern in folder.sources
        for path in sorted(ROOT.glob(pattern))
    }
    enums = enums_of([path.read_text(encoding="utf-8") for path in ROOT.glob("domain/*.py")])
    found: dict[Known, Site] = {}
    times: Counter[tuple[str, str]] = Counter()
    for path, text in texts.items():
        made = sql_sites(path, text) if path.endswith(".sql") else python_sites(path, text, enums)
        for site in made:
            known = (f"{path}:{site.scope}", site.change)
            times[known] += 1
            found[*known, times[known]] = site
    return found


async def prepared(found: Sequence[Site], cluster: Any) -> list[Site]:
    """Those of `found` that PostgreSQL takes: what it refuses outright nobody could overlook."""
    from storage.sql import parse  # noqa: PLC0415 - forgotten again before the first fork
    from tests.postgres import TEMPLATE  # noqa: PLC0415 - as above

    connection = await asyncpg.connect(cluster.server.dsn_of(TEMPLATE))
    taken = []
    for site in found:
        if site.path.endswith(".sql"):
            statement = parse(site.make(), Path(site.path).stem)[site.scope]
            try:
                await connection.execute(f"PREPARE mutant AS {statement.text}")
            except asyncpg.PostgresError:
                continue
            await connection.execute("DEALLOCATE mutant")
        taken.append(site)
    await connection.close()
    return taken


def warm(known: Baseline) -> None:
    """Import what the tests import, but nothing of ours, so that each fork has it."""
    forget()
    for name in known.modules:
        if name.partition(".")[0] not in {*OWN, *OWN_FILES, "__main__"}:
            with suppress(Exception), warnings.catch_warnings(action="ignore"):
                importlib.import_module(name)
    forget()
    gc.collect()
    gc.freeze()


def forget() -> None:
    """Drop our own modules, so that each fork reads them anew."""
    for name in list(sys.modules):
        if name.partition(".")[0] in {*OWN, *OWN_FILES} and not name.startswith("tests.mutants"):
            del sys.modules[name]


async def running(stack: AsyncExitStack) -> Any:
    """A server with a migrated template, until `stack` ends."""
    from storage.migrate import migrate  # noqa: PLC0415 - as above
    from tests.postgres import TEMPLATE, own_cluster  # noqa: PLC0415 - as above

    cluster = await stack.enter_async_context(own_cluster())
    await cluster.run(f"CREATE DATABASE {TEMPLATE}")
    await migrate(cluster.server.dsn_of(TEMPLATE))
    return cluster


def score(killed_ones: int, survived: int) -> float:
    """The killed part of all."""
    return round(killed_ones / max(1, killed_ones + survived), 3)


def told(site: Site) -> str:
    """A survivor, as a reader finds it."""
    line = (ROOT / site.path).read_text(encoding="utf-8").splitlines()[site.line - 1].strip()
    return f"{site.path}:{site.line} {site.scope}: {line}\n  - {site.before}\n  + {site.after}"


def tried(
    found: Sequence[Site], tests: Sequence[str], cluster: Any, seconds: float
) -> tuple[int, int]:
    """Try each of `found`; prints who survives, returns how many were killed and how many not."""
    sources = sorted({site.path for site in found if site.path.endswith(".py")})
    forget()
    known = baseline(sources, tests, cluster)
    if known.code:
        raise SystemExit(f"{tests} fail before anything is changed")
    warm(known)
    survived = 0
    for place, site in enumerate(found):
        nearest = known.nearest(site, seconds)
        spent = sum(known.seconds.get(test, 0.0) for test in nearest)
        if not nearest or not killed(site, nearest, cluster, FEWEST_SECONDS + 4 * spent):
            survived += 1
            sys.stdout.write(f"{told(site)}{'' if nearest else '  (no test runs it)'}\n")
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{place + 1}/{len(found)} ")
        sys.stdout.flush()
    return len(found) - survived, survived


def main() -> None:
    """Try the mutants of the folders that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--limit", type=int, default=0, help="mutants of each folder; 0: all")
    parser.add_argument("--folder", default="", help="one of the folders, or a path within one")
    parser.add_argument("--tests", nargs="*", default=(), help="instead of the folder's")
    options = parser.parse_args()
    # Told to end, it still takes its server down.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    equal = listed()
    report: dict[str, dict[str, float]] = {}
    with asyncio.Runner() as runner:
        stack, cluster = AsyncExitStack(), None
        try:
            for name, folder in FOLDERS.items():
                found = [site for known, site in sites(folder).items() if known not in equal]
                if options.folder in FOLDERS and options.folder != name:
                    continue
                if options.folder not in ("", name):
                    found = [site for site in found if site.path.startswith(options.folder)]
                if not found:
                    continue
                if folder.database and cluster is None:
                    cluster = runner.run(running(stack))
                if cluster is not None:
                    found = runner.run(prepared(found, cluster))
                if options.limit:
                    found = Random(options.seed).sample(found, min(options.limit, len(found)))  # noqa: S311 - a sample
                lent = cluster if folder.database else None
                tests = options.tests or folder.tests
                dead, alive = tried(found, tests, lent, folder.seconds)
                report[name] = {"killed": dead, "survived": alive, "score": score(dead, alive)}
        finally:
            runner.run(stack.aclose())
    dead = sum(int(one["killed"]) for one in report.values())
    alive = sum(int(one["survived"]) for one in report.values())
    total = {"killed": dead, "survived": alive, "score": score(dead, alive)}
    sys.stdout.write(json.dumps({**total, "folders": report}) + "\n")


if __name__ == "__main__":
    main()
