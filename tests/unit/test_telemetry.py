"""The log keeps no secret, and never grows beyond its two files (I1)."""

import io
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from telemetry import HIDDEN, Discreet, Journal

ROOT = Path(__file__).resolve().parents[2]
SECRETS = ("hush-hush", 'with "quotes"', "p@ss/word")


class Paper:
    """Keeps what is written."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        """Keep it."""
        self.text += text
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('{"event":"hush-hush"}', id="by itself"),
        pytest.param('{"error":"bot1:hush-hush/getMe failed"}', id="inside an address"),
        pytest.param('{"error":"with \\"quotes\\""}', id="as JSON writes it"),
        pytest.param('{"a":"p@ss/word","b":"p@ss/word"}', id="twice"),
    ],
)
def test_a_secret_never_reaches_the_log(line: str) -> None:
    paper = Paper()
    Discreet(paper, SECRETS).write(line)  # type: ignore[arg-type]  # all it needs of a file

    assert (True, []) == (
        HIDDEN in paper.text,
        [secret for secret in (*SECRETS, '\\"quotes') if secret in paper.text],
    )


def test_a_log_is_its_users_alone_and_two_files_at_most(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "home" / "emdia.log", most_bytes=1_000)
    for number in range(1_000):
        journal.write(f"line {number}\n")
    journal.close()

    files = sorted((tmp_path / "home").iterdir())
    assert ["emdia.log", "emdia.log.1"] == [file.name for file in files]
    assert (True, {0o600}, True) == (
        all(file.stat().st_size < 1_100 for file in files),
        {file.stat().st_mode & 0o777 for file in files},
        files[0].read_text().endswith("line 999\n"),
    )


def test_a_log_that_cannot_be_written_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert 5 == Journal(tmp_path / "file" / "emdia.log").write("line\n")


WRITE = """
import logging, sys
from pathlib import Path
import telemetry
telemetry.configure("info", Path(sys.argv[1]) if sys.argv[1:] else None, ["hush-hush"])
telemetry.identify(commit=None, replica="r-1")
with telemetry.correlated("telegram-7"):
    telemetry.logger("test").info("said", secret="hush-hush")
try:
    try:
        int("what Ana wrote")
    except ValueError as error:
        raise OSError(28, "hush-hush") from error
except OSError:
    logging.getLogger("library").exception("failed")
"""
NEVER_RETRIEVED = """
import asyncio, gc, telemetry
telemetry.configure()
async def fail():
    raise ValueError("what Ana wrote")
async def main():
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    del task
    gc.collect()
asyncio.run(main())
"""


@pytest.mark.parametrize("to_file", [False, True], ids=["stderr", "a file"])
def test_ours_and_the_libraries_lines_go_to_one_place(tmp_path: Path, to_file: bool) -> None:
    file = tmp_path / "emdia.log"
    done = subprocess.run(  # noqa: S603 - constants and a folder of ours
        [sys.executable, "-c", WRITE, *([str(file)] if to_file else [])],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    said = file.read_text(encoding="utf-8") if to_file else done.stderr

    ours, libraries = map(orjson.loads, said.splitlines())
    assert ("test", "library", False) == (
        ours["part"], libraries["part"], "hush" in said + done.stderr
    )  # fmt: skip
    assert "" == done.stdout + (done.stderr if to_file else "")
    # Every line says whose it is, and about what; never what an error says.
    assert [("r-1", "telegram-7"), ("r-1", None)] == [
        (line["replica"], line.get("correlation_id")) for line in (ours, libraries)
    ]
    assert (True, True, False, False) == (
        libraries["exception"].startswith("OSError[ENOSPC] < <string>:"),
        " | ValueError < <string>:" in libraries["exception"],
        "Ana" in said,
        "commit" in ours,
    )


def test_a_terminal_that_is_gone_costs_lines_and_nobody_who_writes_them() -> None:
    terminal = io.StringIO()
    sink = Discreet(terminal, ())
    terminal.close()
    written = sink.write("dito")
    sink.flush()

    assert len("dito") == written


def test_an_error_that_nobody_looked_at_is_not_quoted_either() -> None:
    done = subprocess.run(  # noqa: S603 - constants
        [sys.executable, "-c", NEVER_RETRIEVED],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    line = orjson.loads(done.stderr)

    assert ("asyncio", "Task exception was never retrieved", True, False) == (
        line["part"],
        line["event"],
        line["exception"].startswith("ValueError < "),
        "Ana" in done.stderr,
    )
