"""What the Dockerfile copies is enough: a production starts from it, works and ends (I7).

Without packages and npm, which `make rehearse` installs as well.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.base import User
from deploy.build import Build, Image
from deploy.container import intruders, snapshot, started, unreadable_lines
from deploy.context import Ignore
from deploy.dockerfile import Stage, pairs, read
from deploy.outside import Person, postgres, production, telegram
from playground.rig import ROOT

OWNER = 4_003
SECONDS = 30.0
NODE_MODULES = Path("baileys_node") / "node_modules"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's own user can walk to."""
    with tempfile.TemporaryDirectory(prefix="emdia-tree-") as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


@pytest.fixture
def image(folder: Path) -> Image:
    """The files that a build copies, with this clone's packages."""
    build, final = read((ROOT / "Dockerfile").read_text(encoding="utf-8"))
    copies = [step for step in build.instructions if step.name in {"WORKDIR", "COPY"}]
    ignore = Ignore((ROOT / ".dockerignore").read_text(encoding="utf-8"))
    steps = Build(ROOT, ignore, folder, User())
    image = steps.perform([Stage(build.base, build.name, copies)])
    for step in final.instructions:
        if step.name == "ENV":
            image.environment |= pairs(step, image.environment)
    (image.root / "app" / NODE_MODULES).symlink_to(ROOT / NODE_MODULES)
    image.environment["HOME"] = str(folder)
    image.command = (sys.executable, "supervisor.py")
    image.ours.clear()  # nothing else is mapped: that Python is this machine's
    return image


@pytest.mark.timeout(180)
def test_a_production_lives_on_what_is_copied_and_writes_nothing_there(
    image: Image, folder: Path
) -> None:
    before = snapshot(image.root)
    with postgres(folder) as address, telegram() as addresses:
        given = production(address, addresses["api"], OWNER)
        with started(image, given, folder / "log", User()) as container:
            container.until_ready()
            owner = Person(addresses["control"], OWNER)
            owner.say("/start")
            owner.reads(SECONDS, "Oi")
            owner.press(owner.signs_up(SECONDS), "Conectar")
            owner.reads(SECONDS, "Não consigo falar com o WhatsApp", "Leia este código")
            container.stop("SIGTERM")
            said = container.said()

    assert before == snapshot(image.root)
    # These two are gone after the steps that need them.
    left = ["app/baileys_node/.npmrc", "app/requirements.lock"]
    assert ([], left) == (unreadable_lines(said), intruders(image.root))
