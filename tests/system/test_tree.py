"""The tree of supervisor.py: what it says of itself, printed and over HTTP (guarantees 4, 6, 9)."""

import gc
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import supervisor
from actors.messages.queue import OutboxChanged
from actors.runtime import Actor, ChildSpec, Request, Supervisor, System, on
from domain.retention import Retention
from errors import ActorCrashed
from playground.rig import free_port
from settings import Settings
from wiring import Parts

ROOT = Path(__file__).resolve().parent.parent.parent


class Crash(Request[None]):
    """Die."""


class Frail(Actor):
    """Dies when told to."""

    @on(Crash)
    async def crash(self, _message: Crash) -> None:
        """Die."""
        raise ZeroDivisionError("the phone +5511999990000 was wrong")

    @on(OutboxChanged)
    async def outbox_changed(self, _message: OutboxChanged) -> None:
        """Do nothing."""


def parts(home: Path, **environment: str) -> Parts:
    """The parts of a system that was not started."""
    settings = Settings.model_validate({"EMDIA_HOME": str(home), **environment})
    return Parts(settings, supervisor.TENANT, supervisor.WHATSAPP)


def test_the_deadlines_of_the_tree_fit_into_that_of_the_process(tmp_path: Path) -> None:
    specs = supervisor.tree(parts(tmp_path))
    # The stand-ins of the clouds are not there in production.
    needed = sum(spec.shutdown_seconds for spec in specs if spec.id != "clouds")

    assert needed <= supervisor.TREE_SECONDS


def test_how_long_things_are_kept_is_what_was_set(tmp_path: Path) -> None:
    kept = {"EMDIA_KEEP_LOG_DAYS": "30", "EMDIA_KEEP_REPLIES_DAYS": "3650"}
    days = timedelta(days=30), timedelta(days=3650)

    assert Retention() == parts(tmp_path).retention
    assert replace(Retention(), log=days[0], replies=days[1]) == parts(tmp_path, **kept).retention


def test_whoever_has_children_outlives_them(tmp_path: Path) -> None:
    specs = supervisor.tree(parts(tmp_path))
    tenants = next(spec for spec in specs if spec.id == "tenants")
    (tenant,) = tenants.below
    (whatsapp,) = tenant.below

    assert tenants.shutdown_seconds > tenant.shutdown_seconds > whatsapp.shutdown_seconds


def test_the_tree_is_printed_and_nothing_is_started(tmp_path: Path) -> None:
    home = tmp_path / "home"
    shown = subprocess.run(
        [sys.executable, "supervisor.py", "--tree"],
        cwd=ROOT,
        env={"EMDIA_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )

    lines = shown.stdout.splitlines()
    assert ["├── database", "permanent", "5 em 60 s"] == [
        part.strip() for part in (lines[2][:34], lines[2][34:46], lines[2][46:58])
    ]
    assert "│       └── whatsapp <id>" in shown.stdout
    assert not home.exists()


def test_what_is_there_after_warming_up_is_out_of_the_collectors_sight() -> None:
    supervisor.freeze()
    frozen = gc.get_freeze_count()
    gc.unfreeze()

    assert frozen > len(sys.modules)


def test_an_unknown_argument_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    code = supervisor.main(["--arvore"])

    assert (supervisor.SETTINGS_EXIT, supervisor.USAGE) == (code, capsys.readouterr().err)


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """The address of a tree's web server, after one part has crashed once."""
    port = free_port()
    made = parts(tmp_path, PORT=str(port))
    frail = ChildSpec("frail", Frail)
    home = ChildSpec("home", lambda: Supervisor([frail]))
    async with System(clock=made.clock, on_event=made.observe) as system:
        made.system = system
        web = ChildSpec("web", made.web)
        await system.start(ChildSpec("root", lambda: Supervisor([home, web])))
        with pytest.raises(ActorCrashed):
            await system.ref("frail").ask(Crash(), deadline=10.0)
        yield f"http://127.0.0.1:{port}"


async def get(address: str) -> tuple[int, Any]:
    """The answer to one request."""
    async with aiohttp.ClientSession() as http, http.get(address) as response:
        return response.status, await response.json()


async def test_the_live_tree_is_served_without_what_its_errors_say(address: str) -> None:
    status, body = await get(f"{address}/status")

    assert 200 == status
    assert ["root", "home", "frail", "web"] == [actor["id"] for actor in body["actors"]]
    frail = body["actors"][2]
    assert ("home", "ZeroDivisionError", 1) == (
        frail["parent"], frail["last_error"], frail["restarts"]
    )  # fmt: skip
    assert (False, 0) == (body["restarts_paused"], body["tenants_known"])


async def test_a_process_without_its_database_lives_but_is_not_ready(address: str) -> None:
    assert ((200, {"live": True}), (503, {"database": False})) == (
        await get(f"{address}/livez"),
        await get(f"{address}/readyz"),
    )
