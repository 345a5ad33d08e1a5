"""Performs the stages of a Dockerfile in a folder, as a plain user and without an engine.

A path that the image makes (`/app`, `/opt/venv`) lies below the folder of its stage; what the base
image brings (Python with pip, a shell and its tools) is this machine's. A step that cannot be
performed so is a failure, never left out.
"""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from deploy import base as base_image
from deploy.base import User
from deploy.context import Ignore, visible
from deploy.dockerfile import WORDS_OF_ITS_OWN, DockerfileFault, Instruction, Stage, expanded, pairs

STEP_SECONDS = 600.0
TAIL_LINES = 15


@dataclass(slots=True)
class Image:
    """A stage as far as it was performed: its folder and what it would be started with."""

    root: Path
    environment: dict[str, str]
    workdir: str = "/"
    user: str = "0"
    stop_signal: str = "SIGTERM"
    command: tuple[str, ...] = ()
    health: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    python: str = ""  # of the base image
    ours: set[str] = field(default_factory=set)  # top folders that the stages made

    def below(self, path: str) -> Path:
        """Where an absolute path of the image lies on this machine."""
        top = PurePosixPath(path).parts[1] if len(PurePosixPath(path).parts) > 1 else ""
        if top in base_image.FOLDERS:
            raise DockerfileFault(f"{path} é da imagem de base")
        return self.root / path.lstrip("/")

    def mapped(self, text: str) -> str:
        """`text` with every path of the image as it is on this machine."""
        if not self.ours:
            return text
        tops = "|".join(sorted(map(re.escape, self.ours)))
        return re.sub(rf"(?<![\w./}}-])/({tops})(?=/|\W|$)", rf"{self.root}/\1", text)


@dataclass(frozen=True, slots=True)
class Step:
    """What was performed, and how long it took."""

    what: str
    seconds: float


class Build:
    """Performs stages in `folder`, from the files of `context`; `steps` tells what was done.

    `base` is where what stands for the base image's Python is, or is made.
    """

    def __init__(
        self,
        context: Path,
        ignore: Ignore,
        folder: Path,
        user: User,
        base: Path | None = None,
    ) -> None:
        self._context = context
        self._files = list(visible(context, ignore))
        self._folder = folder
        self._user = user
        self._base = base or folder / "base"
        self._images: dict[str, Image] = {}
        self.steps: list[Step] = []

    def perform(self, stages: list[Stage]) -> Image:
        """The last stage, performed.

        Raises:
            DockerfileFault: a step cannot be performed, or failed.
        """
        tops = {top for stage in stages for top in _tops(stage)}
        for stage in stages:
            image = self._begin(stage, tops)
            for instruction in stage.instructions:
                begun = time.monotonic()
                self._one(image, instruction)
                self.steps.append(Step(f"{stage.name}: {instruction}", time.monotonic() - begun))
            self._images[stage.name] = image
        return image

    def _begin(self, stage: Stage, tops: set[str]) -> Image:
        if stage.base in self._images:
            raise DockerfileFault(f"FROM {stage.base}: um estágio sobre outro, não sei executar")
        program = base_image.program_of(stage.base, self._user)
        root = self._folder / f"stage-{stage.name}"
        root.mkdir()
        self._hand_over(root)
        return Image(root, {"PATH": base_image.PATH}, ours=tops, python=program)

    def _one(self, image: Image, instruction: Instruction) -> None:
        words = instruction.words
        if instruction.name not in WORDS_OF_ITS_OWN:  # those are expanded when they run, if ever
            words = tuple(expanded(word, image.environment) for word in words)
        match instruction.name:
            case "ENV" | "ARG":
                image.environment |= pairs(instruction, image.environment)
            case "WORKDIR":
                image.workdir = _joined(image.workdir, words[0])
                self._make(image.below(image.workdir))
            case "COPY":
                self._copy(image, instruction, words)
            case "RUN":
                self._run(image, instruction)
            case "USER":
                image.user = words[0]
            case "EXPOSE":
                image.ports += words
            case "STOPSIGNAL":
                image.stop_signal = words[0]
            case "CMD" | "HEALTHCHECK" if instruction.is_exec:
                setattr(image, "command" if instruction.name == "CMD" else "health", words)
            case _:
                raise DockerfileFault(f"{instruction}: precisa ser uma lista, para não haver shell")

    # COPY

    def _copy(self, image: Image, instruction: Instruction, words: tuple[str, ...]) -> None:
        if "chown" in instruction.flags and self._user.uid is None:
            raise DockerfileFault(f"{instruction}: trocar de dono pede o root")
        *sources, target = words
        path = image.below(_joined(image.workdir, target))
        into = target.endswith("/") or target == "." or len(sources) > 1
        if stage := instruction.flags.get("from"):
            if stage not in self._images:
                raise DockerfileFault(f"{instruction}: não há estágio {stage}")
            for source in sources:
                self._copy_stage(self._images[stage].below(source), path, instruction)
        else:
            for source in sources:
                self._copy_files(source, path / Path(source).name if into else path, instruction)

    def _copy_stage(self, source: Path, path: Path, instruction: Instruction) -> None:
        if not source.is_dir():
            raise DockerfileFault(f"{instruction}: não há {source}")
        shutil.copytree(source, path, symlinks=True, dirs_exist_ok=True)
        self._hand_over(path)

    def _copy_files(self, source: str, path: Path, instruction: Instruction) -> None:
        wanted = PurePosixPath(source)
        found = [file for file in self._files if file == wanted or wanted in file.parents]
        if not found:
            raise DockerfileFault(f"{instruction}: .dockerignore não deixa ver {source}")
        for file in found:
            target = path if file == wanted else path / file.relative_to(wanted)
            self._make(target.parent)
            shutil.copy2(self._context / file, target)
            self._hand_over(target)

    # RUN

    def _run(self, image: Image, instruction: Instruction) -> None:
        if instruction.is_exec:
            raise DockerfileFault(f"{instruction}: RUN em lista, não sei executar")
        # The variables are the shell's to expand, but the paths in their values are ours.
        environment = {name: image.mapped(text) for name, text in image.environment.items()}
        environment |= {"HOME": str(self._home()), "TMPDIR": str(self._home())}
        self._make_base(image)
        environment["PATH"] = f"{self._base / 'bin'}:{environment['PATH']}"
        done = subprocess.run(  # noqa: S603 - a step of this repository's Dockerfile
            ["/bin/sh", "-c", image.mapped(instruction.words[0])],
            cwd=image.below(image.workdir),
            env=base_image.network()
            | environment
            | {"HOME": str(self._home()), "TMPDIR": str(self._home())},
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=STEP_SECONDS,
            umask=0o022,
            **self._user.run_as,
        )
        if done.returncode:
            tail = "\n".join(done.stdout.splitlines()[-TAIL_LINES:])
            raise DockerfileFault(f"{instruction}: terminou com {done.returncode}\n{tail}")

    def _make_base(self, image: Image) -> None:
        """Make a Python with pip and nothing else, as the base image has."""
        if not self._base.exists():
            self._make(self._base)
            base_image.make(image.python, self._base, self._user)

    def _home(self) -> Path:
        home = self._folder / "home"
        self._make(home)
        return home

    # Folders

    def _make(self, folder: Path) -> None:
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        for path in reversed(missing):
            path.mkdir(mode=0o755)
            self._hand_over(path)

    def _hand_over(self, top: Path) -> None:
        """Have what we made belong to whoever performs."""
        if self._user.uid is None or self._user.gid is None:
            return
        for path in [top, *(top.rglob("*") if top.is_dir() else ())]:
            os.chown(path, self._user.uid, self._user.gid, follow_symlinks=False)


def _joined(workdir: str, path: str) -> str:
    return str(PurePosixPath(workdir) / path)


def _tops(stage: Stage) -> Iterator[str]:
    """The top folders that a stage makes."""
    for instruction in stage.instructions:
        if instruction.name in {"WORKDIR", "COPY"} and instruction.words[-1].startswith("/"):
            yield PurePosixPath(instruction.words[-1]).parts[1]
