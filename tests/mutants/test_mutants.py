"""The tool itself: it tells a lie from the truth, and the rules of who is billed notice lies."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants.__main__ import FOLDERS, listed, sites
from tests.mutants.children import ROOT
from tests.mutants.python_sites import python_sites
from tests.mutants.sites import sql_sites


def mutants(*options: str) -> dict[str, object]:
    """What the last line of the tool says."""
    command = [sys.executable, "-m", "tests.mutants", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


NEAR = (
    "tests/unit/domain/test_reminders.py",
    "tests/unit/domain/test_edges.py",
    "tests/unit/domain/test_days_of_rest.py",
)


def test_no_lie_about_who_is_billed_goes_unnoticed_and_no_file_is_changed() -> None:
    before = {path: path.read_bytes() for path in Path(ROOT, "domain").glob("*.py")}
    found = mutants("--folder", "domain/reminders.py", "--limit", "25", "--tests", *NEAR)

    assert (25, 0, 1.0) == (found["killed"], found["survived"], found["score"])
    assert before == {path: path.read_bytes() for path in Path(ROOT, "domain").glob("*.py")}


def test_what_no_test_looks_at_survives() -> None:
    found = mutants("--folder", "domain/money.py", "--limit", "3", "--tests", *NEAR[:1])

    assert (0, 3) == (found["killed"], found["survived"])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("x = a < b", {"a <= b", "a >= b"}, id="a comparison"),
        pytest.param("x = a and b", {"a or b", "a", "b"}, id="a conjunction"),
        pytest.param("x = not a", {"a"}, id="a negation"),
        pytest.param("N = 3", {"4", "2"}, id="a constant"),
        pytest.param("x = Kind.ONE", {"Kind.TWO"}, id="a member of an enum"),
        pytest.param("x = a + b", {"a - b"}, id="a sum"),
        pytest.param("x = min(a, b)", {"max(a, b)"}, id="the smaller one"),
        pytest.param("def f():\n    return a.b", {"return None"}, id="an answer"),
        pytest.param("if a:\n    b", {"if not a: b", "pass"}, id="a condition"),
        pytest.param("async def f():\n    await g()", {"pass"}, id="an awaited step"),
        pytest.param("a.b = c", {"pass"}, id="what is kept"),
        pytest.param("raise a", {"pass"}, id="a refusal"),
        pytest.param("log.info(1)\nassert 1\nx: Literal[1]", set(), id="what decides nothing"),
    ],
)
def test_a_module_is_changed_in_these_ways(written: str, expected: set[str]) -> None:
    found = python_sites("m.py", written, {"Kind": ["ONE", "TWO"]})

    assert expected == {site.after for site in found}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("WHERE a < :b;", {"WHERE a <= :b;", "WHERE a >= :b;"}, id="a comparison"),
        pytest.param("WHERE x = 1 AND y;", {"WHERE x = 1 AND (y OR true);"}, id="a condition"),
        pytest.param("a IN ('x', 'y')", {"a IN ('x')", "a IN ('y')"}, id="a state less"),
        pytest.param("SELECT 1 FOR SHARE", {"SELECT 1"}, id="a lock"),
        pytest.param(
            "coalesce(a, b)",
            {"coalesce(nullif(a, a), b)", "coalesce(a, nullif(b, b))"},
            id="a default",
        ),
        pytest.param(
            "CASE WHEN a THEN b ELSE c END",
            {"CASE WHEN NOT (a) THEN b ELSE c END", "CASE WHEN a THEN c ELSE b END"},
            id="a case",
        ),
        pytest.param("x = 'a < b' -- a < b", {"x <> 'a < b' -- a < b"}, id="a literal is left"),
        pytest.param("WHERE tenant_id = :tenant_id;", set(), id="the tenant is left"),
    ],
)
def test_a_statement_is_changed_in_these_ways(written: str, expected: set[str]) -> None:
    found = {site.after for site in sql_sites("q.sql", f"-- name: one\n{written}\n")}

    assert expected <= found


def test_a_mutant_differs_in_one_place_only() -> None:
    (site,) = python_sites("m.py", "x = a == b\ny = a == c", {})[:1]

    assert "x = a != b\ny = a == c" == ast.unparse(site.make())


def test_each_equivalent_is_still_there_and_says_why() -> None:
    there = {known for folder in FOLDERS.values() for known in sites(folder)}

    assert set() == listed().keys() - there
    assert all(listed().values())
