"""What a host is told of EmDia agrees with what EmDia is: ports, signals, times, variables."""

import re

import pytest

from deploy.dockerfile import Instruction, pairs, read
from playground.rig import ROOT
from settings import KNOWN_VARIABLES, REQUIRED_IN_PRODUCTION
from supervisor import SHUTDOWN_SECONDS

RAILWAY = (ROOT / ".railway" / "railway.ts").read_text(encoding="utf-8")
DEPLOY = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
BUILD, FINAL = read((ROOT / "Dockerfile").read_text(encoding="utf-8"))


def the(name: str) -> Instruction:
    """The one instruction of that name in the image."""
    (found,) = (step for step in FINAL.instructions if step.name == name)
    return found


def test_the_image_sets_only_variables_that_exist() -> None:
    ours = {name for name in pairs(the("ENV"), {}) if name.startswith("EMDIA_")}

    assert set() == ours - KNOWN_VARIABLES


def test_the_port_is_the_one_that_is_exposed() -> None:
    assert (pairs(the("ENV"), {})["PORT"],) == the("EXPOSE").words


def test_python_is_process_1_and_no_shell_is_between() -> None:
    assert (True, ("/opt/venv/bin/python", "supervisor.py")) == (
        the("CMD").is_exec,
        the("CMD").words,
    )


def test_both_stages_are_the_same_base_with_a_version() -> None:
    assert BUILD.base == FINAL.base
    assert re.fullmatch(r"python:3\.11-slim-bookworm", FINAL.base)


def test_railway_waits_longer_than_a_shutdown_takes() -> None:
    (seconds,) = re.findall(r"drainingSeconds: (\d+)", RAILWAY)

    assert SHUTDOWN_SECONDS < float(seconds)
    assert f"RAILWAY_DEPLOYMENT_DRAINING_SECONDS={seconds}" in DEPLOY


@pytest.mark.parametrize("name", REQUIRED_IN_PRODUCTION)
def test_railway_and_the_guide_name_what_a_production_needs(name: str) -> None:
    assert (True, True) == (f"{name}:" in RAILWAY, f"`{name}`" in DEPLOY)


def test_railway_has_no_secret_and_no_variable_that_does_not_exist() -> None:
    block = RAILWAY.partition("env: {")[2].partition("}")[0]
    given = dict(re.findall(r"(\w+): (.+),", block))

    assert set() == set(given) - KNOWN_VARIABLES
    assert {"preserve()", "database.env.DATABASE_URL"} == set(given.values())


def test_the_guide_names_only_variables_that_exist() -> None:
    named = set(re.findall(r"\b(EMDIA_[A-Z_]+)\b", DEPLOY))

    assert set() == named - KNOWN_VARIABLES
