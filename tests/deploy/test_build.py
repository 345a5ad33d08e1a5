"""The stages of a small Dockerfile are performed in a folder, and nothing is skipped."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.base import User
from deploy.build import Build, Image
from deploy.container import environment_of, intruders, runner_of, snapshot, unreadable_lines
from deploy.context import Ignore
from deploy.dockerfile import DockerfileFault, read
from deploy.outside import RehearsalFailed
from playground.rig import ROOT

VERSION = f"python:{sys.version_info.major}.{sys.version_info.minor}-slim-bookworm"
HEAD = f"FROM {VERSION} AS build\nWORKDIR /app\n"


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """A folder with something to build from."""
    folder = tmp_path / "context"
    (folder / "room" / "deep").mkdir(parents=True)
    (folder / "one.txt").write_text("1")
    (folder / "room" / "deep" / "two.txt").write_text("2")
    (folder / "secret.txt").write_text("s")
    return folder


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the one that needs it first makes what stands for the base image."""
    return tmp_path_factory.mktemp("base") / "python"


Performed = Callable[[str], Image]


@pytest.fixture
def performed(context: Path, base: Path) -> Performed:
    """Performs a Dockerfile; the last stage is the image."""
    folder = context.parent / "built"
    folder.mkdir()
    build = Build(context, Ignore("secret.txt"), folder, User(), base)
    return lambda text: build.perform(read(text))


def files(image: Image) -> dict[str, str]:
    """Every file of an image and what it holds."""
    found = (path for path in image.root.rglob("*") if path.is_file())
    return {str(path.relative_to(image.root)): path.read_text() for path in found}


def test_what_is_copied_lies_where_the_image_has_it(performed: Performed) -> None:
    image = performed(HEAD + "COPY one.txt ./\nCOPY room rooms/here\nCOPY one.txt 1.md\n")

    expected = {"app/one.txt": "1", "app/rooms/here/deep/two.txt": "2", "app/1.md": "1"}
    assert expected == files(image)


def test_a_step_runs_in_its_folder_with_its_variables_and_the_images_paths(
    performed: Performed,
) -> None:
    image = performed(
        HEAD + 'ENV WHO=ana AT=/app/here\nRUN mkdir "$AT" && echo $WHO > /app/here/who\n'
    )

    assert {"app/here/who": "ana\n"} == files(image)


def test_only_what_a_later_stage_copies_is_in_it(performed: Performed) -> None:
    image = performed(
        HEAD + f"RUN mkdir out && echo 1 > out/a && echo 2 > b\nFROM {VERSION}\n"
        "COPY --from=build /app/out /srv/out\n",
    )

    assert {"srv/out/a": "1\n"} == files(image)


def test_python_and_pip_are_those_of_the_base(performed: Performed) -> None:
    image = performed(HEAD + "RUN python -c 'print(1)' > one && pip --version > two\n")

    assert "1\n" == files(image)["app/one"]


def test_what_it_is_started_with_is_kept(performed: Performed) -> None:
    image = performed(
        HEAD + "ENV PATH=/app/bin:$PATH PORT=1\nUSER 7:8\nEXPOSE 1\nSTOPSIGNAL SIGINT\n"
        'HEALTHCHECK --retries=1 CMD ["/app/well", "/livez"]\nCMD ["/app/run", "$HOME"]\n',
    )
    environment = environment_of(image, {"PORT": "2"})

    assert (("/app/run", "$HOME"), "7:8", "SIGINT", ("1",)) == (
        image.command,
        image.user,
        image.stop_signal,
        image.ports,
    )
    assert (f"{image.root}/app/bin:/usr/local/bin", "2") == (
        environment["PATH"][: len(f"{image.root}/app/bin:/usr/local/bin")],
        environment["PORT"],
    )
    assert [f"{image.root}/app/well", "/livez"] == [image.mapped(word) for word in image.health]


@pytest.mark.parametrize(
    ("step", "why"),
    [
        pytest.param("COPY secret.txt ./", ".dockerignore não deixa ver", id="kept out"),
        pytest.param("COPY nowhere ./", ".dockerignore não deixa ver", id="not there"),
        pytest.param("COPY one.txt /etc/motd", "da imagem de base", id="into the base image"),
        pytest.param("COPY --from=other /a /b", "não há estágio", id="from no stage"),
        pytest.param("COPY --from=build /a /b", "não há estágio", id="from itself"),
        pytest.param("COPY --chown=1:1 one.txt ./", "pede o root", id="to somebody else"),
        pytest.param("RUN echo why >&2; false", "terminou com 1\nwhy", id="a step that fails"),
        pytest.param('RUN ["true"]', "não sei executar", id="a step without a shell"),
        pytest.param("CMD python x.py", "para não haver shell", id="a shell as process 1"),
    ],
)
def test_a_step_that_cannot_be_performed_is_a_failure(
    performed: Performed, step: str, why: str
) -> None:
    with pytest.raises(DockerfileFault, match=why):
        performed(HEAD + step + "\n")


@pytest.mark.parametrize("base", ["alpine:3", "python:3.11", "build", "python:3.99-slim-bookworm"])
def test_a_base_that_this_machine_cannot_stand_for_is_a_failure(
    performed: Performed, base: str
) -> None:
    with pytest.raises(DockerfileFault, match=f"FROM {base}"):
        performed(f"{HEAD}FROM {base}\n")


@pytest.mark.parametrize("user", ["0:0", "root", "emdia", "10001"])
def test_an_image_that_would_run_as_root_or_as_a_name_is_a_failure(user: str) -> None:
    with pytest.raises(RehearsalFailed, match="USER"):
        runner_of(Image(ROOT, {}, user=user))


def test_what_must_not_be_in_an_image_is_found(tmp_path: Path) -> None:
    for name in ("app/tests/x.py", "app/.env", "v/site-packages/p/tests/x.py", "app/web/x.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    assert ["app/.env", "app/tests"] == intruders(tmp_path)


def test_a_file_that_was_written_to_shows(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    before = snapshot(tmp_path)
    (tmp_path / "a").write_text("12")

    assert before != snapshot(tmp_path)


def test_a_line_that_no_host_could_read_is_found() -> None:
    assert ["oi", "[1]"] == unreadable_lines('{"event": "x"}\noi\n[1]\n')


def test_this_repository_has_the_dockerfile_at_its_root() -> None:
    last = read((ROOT / "Dockerfile").read_text(encoding="utf-8"))[-1]

    assert ["USER", "HEALTHCHECK", "STOPSIGNAL", "CMD"] == [
        instruction.name for instruction in last.instructions
    ][-4:]
