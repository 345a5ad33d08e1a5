"""`make` finds a Python that will do, says so when there is none, and keeps to its own folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKE = shutil.which("make") or "make"
TOOLS = ("sh", "test", "echo", "touch", "rm")
TOO_OLD = "#!/bin/sh\nexit 1\n"
NEW_ENOUGH = f'#!/bin/sh\nexec {sys.executable} "$@"\n'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A clone with a machine of its own, on which nothing is installed."""
    clone = tmp_path / "clone"
    programs = tmp_path / "bin"
    programs.mkdir()
    clone.mkdir()
    for name in ("Makefile", "requirements-uv.lock", "requirements-playground.lock"):
        shutil.copy(ROOT / name, clone)
    for tool in TOOLS:
        (programs / tool).symlink_to(shutil.which(tool) or tool)
    return clone


def install(tree: Path, name: str, program: str) -> None:
    """Put a program on the machine."""
    path = tree.parent / "bin" / name
    path.write_text(program)
    path.chmod(0o755)


def make(tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run make on that machine."""
    return subprocess.run(  # noqa: S603 - a program of the machine on a folder of ours
        [MAKE, *words],
        cwd=tree,
        env={"PATH": str(tree.parent / "bin"), "HOME": os.devnull},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    "pythons", [{}, {"python3": TOO_OLD}, {"python3": TOO_OLD, "python3.12": TOO_OLD}]
)
def test_without_a_python_that_will_do_it_says_what_to_do(
    tree: Path, pythons: dict[str, str]
) -> None:
    for name, program in pythons.items():
        install(tree, name, program)

    done = make(tree, ".venv/.uv")

    assert (2, True, False) == (
        done.returncode,
        done.stderr.startswith("O EmDia precisa do Python 3.11 ou mais novo"),
        (tree / ".venv").exists(),
    )


@pytest.mark.parametrize(
    ("pythons", "chosen"),
    [
        ({"python3": NEW_ENOUGH, "python3.12": NEW_ENOUGH}, "python3"),
        ({"python3": TOO_OLD, "python3.12": NEW_ENOUGH}, "python3.12"),
        ({"python3": TOO_OLD, "python3.13": TOO_OLD, "python3.11": NEW_ENOUGH}, "python3.11"),
    ],
)
def test_the_first_python_that_will_do_is_taken(
    tree: Path, pythons: dict[str, str], chosen: str
) -> None:
    for name, program in pythons.items():
        install(tree, name, program)

    assert f"{chosen} -m venv --clear .venv" in make(tree, "-n", ".venv/.uv").stdout


@pytest.mark.parametrize(
    ("program", "remade"), [(TOO_OLD, True), (NEW_ENOUGH, False)], ids=["too old", "fine"]
)
def test_an_environment_of_a_python_that_is_too_old_is_made_again(
    tree: Path, program: str, remade: bool
) -> None:
    install(tree, "python3", NEW_ENOUGH)
    (tree / ".venv" / "bin").mkdir(parents=True)
    python = tree / ".venv" / "bin" / "python"
    python.write_text(program)
    python.chmod(0o755)
    for stamp in ("pyvenv.cfg", ".uv", ".runtime"):
        (tree / ".venv" / stamp).touch()

    assert remade == ("-m venv" in make(tree, "-n", ".venv/.runtime").stdout)


def test_what_is_downloaded_is_kept_in_the_clone(tree: Path) -> None:
    install(tree, "python3", NEW_ENOUGH)
    variables = make(tree, "-pn", ".venv/.uv").stdout

    assert [True] * 3 == [
        f"{name} = $(CURDIR)/.cache/" in variables
        for name in ("UV_CACHE_DIR", "PIP_CACHE_DIR", "npm_config_cache")
    ]


def test_the_install_scripts_of_packages_are_not_run() -> None:
    assert "npm ci --ignore-scripts --omit=peer" in (ROOT / "Makefile").read_text(encoding="utf-8")
