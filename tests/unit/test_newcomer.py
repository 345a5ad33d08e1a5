"""What a newcomer reads is true: README beside the settings, and the one line of a start."""

import re
from pathlib import Path

import pytest

import settings as environment
from errors import SettingsError
from playground.rig import ROOT
from settings import FIELDS, KNOWN_VARIABLES, REQUIRED_IN_PRODUCTION, Mode, Settings
from supervisor import announce

README = (ROOT / "README.md").read_text(encoding="utf-8")
PRODUCTION = README.partition("## Em produção")[2]
ROWS = [line.split("|")[1:3] for line in PRODUCTION.splitlines() if line.startswith("| `")]
VARIABLE = re.compile(r"`([A-Z][A-Z_]+)`")


def test_readme_names_every_variable_and_no_other() -> None:
    # A right of PostgreSQL's is written like one, and is none.
    assert KNOWN_VARIABLES == set(VARIABLE.findall(PRODUCTION)) - {"CREATEROLE"}


def test_readme_tells_which_variables_a_production_needs() -> None:
    marked = {name for names, _ in ROWS if "●" in names for name in VARIABLE.findall(names)}
    said = {
        name for names, told in ROWS if "obrigatória" in told for name in VARIABLE.findall(names)
    }

    assert (set(REQUIRED_IN_PRODUCTION), set(REQUIRED_IN_PRODUCTION)) == (marked, said)


@pytest.mark.parametrize("name", sorted(set(REQUIRED_IN_PRODUCTION)))
def test_each_variable_that_readme_marks_makes_it_a_production(name: str) -> None:
    with pytest.raises(SettingsError, match="em produção é obrigatória"):
        environment.load({name: "1"})


@pytest.mark.parametrize(
    "name",
    [
        "EMDIA_HOST",
        "PORT",
        "EMDIA_HOME",
        "EMDIA_SIDECAR_WORKERS",
        "EMDIA_TRIAL_DAYS",
        "EMDIA_MONTHLY_PRICE",
    ],
)
def test_readme_tells_the_default(name: str) -> None:
    (told,) = (told for names, told in ROWS if name in VARIABLE.findall(names))

    assert str(FIELDS[name].default) in told


@pytest.mark.parametrize("mode", list(Mode))
def test_readme_names_the_modes(mode: Mode) -> None:
    assert f"`{mode}`" in PRODUCTION


@pytest.mark.parametrize("command", sorted(set(re.findall(r"make ([a-z]+)", README))))
def test_each_command_of_readme_is_one_of_the_makefile(command: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert re.search(rf"^{command}:", makefile, re.MULTILINE)


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:8090/status"),
        ("localhost", "http://localhost:8090/status"),
        ("::1", "http://[::1]:8090/status"),
    ],
)
def test_a_start_tells_in_one_line_what_to_open_how_to_stop_and_where_the_log_is(
    host: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    announce(environment.load({"EMDIA_HOST": host, "PORT": "8090", "EMDIA_HOME": "pasta"}))

    said = capsys.readouterr()
    assert "" == said.out
    (line,) = said.err.splitlines()
    assert (True, True, True) == (
        f"abra {shown} " in line,
        "para parar, Ctrl+C" in line,
        f"o log fica em {Path('pasta') / 'emdia.log'}." in line,
    )


def test_where_the_log_goes_to_the_terminal_nothing_else_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    announce(Settings.model_validate({"EMDIA_LOG": "json"}))

    assert ("", "") == capsys.readouterr()
