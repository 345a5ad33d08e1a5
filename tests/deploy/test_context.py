"""`.dockerignore` lets in what Docker would let in."""

from pathlib import Path, PurePosixPath

import pytest

from deploy.context import Ignore, visible
from deploy.dockerfile import read
from playground.rig import ROOT
from tests.house_rules import imports

HOUSE = Ignore((ROOT / ".dockerignore").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("rules", "path", "out"),
    [
        pytest.param("", "a/b", False, id="nothing is kept out"),
        pytest.param("*", "a/b", True, id="a folder takes its files along"),
        pytest.param("*\n!a", "a/b", False, id="and brings them in"),
        pytest.param("*\n!a/b", "a/c", True, id="a sibling stays out"),
        pytest.param("*\n!a\n**/*.pyc", "a/b/c.pyc", True, id="the last match wins"),
        pytest.param("**/x", "x", True, id="any number of folders is none, too"),
        pytest.param("*.md", "a/b.md", False, id="a star ends at a slash"),
        pytest.param("a?c", "abc", True, id="one character"),
        pytest.param("[ab].c", "b.c", True, id="one of some"),
        pytest.param("a.c", "abc", False, id="a dot is a dot"),
        pytest.param("# a\n\n  a  ", "a", True, id="comments, blanks"),
        pytest.param("/a/", "a/b", True, id="slashes around it"),
    ],
)
def test_the_last_rule_that_matches_decides(rules: str, path: str, out: bool) -> None:
    assert out == Ignore(rules).keeps_out(PurePosixPath(path))


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".git/config",
        ".emdia/vault.keys",
        "actors/__pycache__/x.cpython-311.pyc",
        "baileys_node/node_modules/pino/index.js",
        "baileys_node/simulator/main.ts",
        "deploy/rehearse.py",
        "playground/telegram.py",
        "tests/conftest.py",
        "requirements-dev.lock",
    ],
)
def test_what_is_no_part_of_a_production_is_no_part_of_a_build(path: str) -> None:
    assert HOUSE.keeps_out(PurePosixPath(path))


def test_what_is_let_in_is_what_the_dockerfile_copies() -> None:
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = [
        source
        for stage in read((ROOT / "Dockerfile").read_text(encoding="utf-8"))
        for instruction in stage.instructions
        if instruction.name == "COPY" and "from" not in instruction.flags
        for source in instruction.words[:-1]
    ]

    assert sorted(copied) == sorted(rule.removeprefix("!") for rule in rules if rule[:1] == "!")


def test_every_module_of_the_root_that_runs_is_let_in(tmp_path: Path) -> None:
    for name in ("supervisor.py", "setup.py", "web/server.py", "web/__pycache__/server.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    assert ["supervisor.py", "web/server.py"] == [str(path) for path in visible(tmp_path, HOUSE)]


def test_whatever_a_production_imports_is_let_in() -> None:
    modules = [path for path in visible(ROOT, HOUSE) if path.suffix == ".py"]
    inside = {path.parts[0].removesuffix(".py") for path in modules}
    missing = {
        (str(path), name.partition(".")[0])
        for path in modules
        for name in imports(ROOT / path)
        if name.partition(".")[0] not in inside
    }

    # Where the demonstration's code is asked for, no production ever comes.
    assert {("wiring.py", "playground")} == missing
