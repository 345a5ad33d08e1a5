"""`.env.example` beside the settings: every variable, no other, nothing secret, and it works."""

import base64
import re

import pytest

import settings as environment
from domain.environment import SIGNS
from errors import SettingsError
from playground.rig import ROOT
from settings import FIELDS, PLAYGROUND_ONLY, REQUIRED_IN_PRODUCTION, TELEGRAM_ITSELF, Mode

TEXT = (ROOT / ".env.example").read_text(encoding="utf-8")
LINE = re.compile(r"(?P<off># )?(?P<name>[A-Z][A-Z_]+)=(?P<value>.*)")
LINES = [found for line in TEXT.splitlines() if (found := LINE.fullmatch(line))]
GIVEN = {found["name"]: found["value"] for found in LINES if not found["off"]}
OPTIONAL = {found["name"]: found["value"] for found in LINES if found["off"]}
# What Railway itself sets; whoever copies the file has nothing to say about it.
OF_THE_HOST = {name for name in FIELDS if name.startswith("RAILWAY_")}
FILLED = {
    "TELEGRAM_BOT_TOKEN": "123456789:abc",
    "ADMIN_CHAT_ID": "7",
    "DATABASE_URL": "postgresql://ana@db/emdia",
    "EMDIA_VAULT_KEYS": f"k1:{base64.b64encode(bytes(32)).decode()}",
}
# What a production has where the settings leave it to the mode.
SAID_OTHERWISE = {
    "EMDIA_MODE": Mode.PRODUCTION,
    "EMDIA_LOG": "json",
    "EMDIA_TELEGRAM_API": TELEGRAM_ITSELF,
}


def test_it_names_every_variable_of_a_production_once() -> None:
    known = set(FIELDS) - set(PLAYGROUND_ONLY.values()) - OF_THE_HOST

    assert sorted(known) == sorted(found["name"] for found in LINES)


def test_what_a_production_needs_is_there_to_be_filled_in_and_nothing_else() -> None:
    assert set(REQUIRED_IN_PRODUCTION) == set(GIVEN)


@pytest.mark.parametrize("value", list(GIVEN.values()), ids=list(GIVEN))
def test_nothing_secret_is_in_it(value: str) -> None:
    assert re.fullmatch(r"<[^<>]+>", value)


def test_filled_in_it_is_a_valid_production() -> None:
    settings = environment.load(FILLED)

    assert (set(GIVEN), Mode.PRODUCTION) == (set(FILLED), settings.mode)


def test_with_every_line_in_use_it_is_the_same_production() -> None:
    used = {name: value for name, value in OPTIONAL.items() if not value.startswith("<")}

    assert environment.load(FILLED).model_dump(exclude={"mode", "log", "telegram_api"}) == (
        environment.load(used | FILLED).model_dump(exclude={"mode", "log", "telegram_api"})
    )


@pytest.mark.parametrize(("name", "value"), [*OPTIONAL.items()])
def test_what_is_optional_shows_what_holds_without_it(name: str, value: str) -> None:
    default = FIELDS[name].default

    assert value.startswith("<") or str(SAID_OTHERWISE.get(name, default)) == value


def test_each_variable_is_explained_above_it() -> None:
    blocks = [block.splitlines() for block in TEXT.split("\n\n")]
    bare = [block for block in blocks if LINE.fullmatch(block[0])]

    assert [] == bare


def test_without_its_placeholders_filled_in_a_start_names_each() -> None:
    with pytest.raises(SettingsError) as refused:
        environment.load(GIVEN)

    told = {line.partition(":")[0].removeprefix("  - ") for line in str(refused.value).splitlines()}
    assert {name for name in GIVEN if SIGNS.fullmatch(name)} <= told
