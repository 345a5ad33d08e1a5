"""What stands for the base image, python:3.x-slim: this machine's Python with pip, its own shell.

Where root rehearses, a plain user performs, who must be able to start that Python: one hidden in
root's home will not do.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.dockerfile import DockerfileFault

IMAGE = re.compile(r"python:(3\.\d+)-slim-\w+")
# Where the base image keeps its own things; nothing of ours may be put there.
FOLDERS = frozenset({"", "bin", "boot", "dev", "etc", "lib", "lib64", "proc", "sbin", "sys", "usr"})
PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
# How this machine reaches the package registries, which is its business and not the image's.
OF_THE_NETWORK = re.compile(
    r"(?:PIP|SSL|UV)_\w+|NODE_EXTRA_CA_CERTS|npm_config_\w+|\w+_(?:proxy|PROXY)|REQUESTS_CA_BUNDLE"
)
TELLS = "import ensurepip, sys, venv; print(*sys.version_info[:2], sep='.')"


@dataclass(frozen=True, slots=True)
class User:
    """Who performs: None of both where we are a plain user already."""

    uid: int | None = None
    gid: int | None = None

    @property
    def run_as(self) -> Mapping[str, Any]:
        """For `subprocess`."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def program_of(image: str, user: User) -> str:
    """The Python of this machine that stands for the one of `image`.

    Raises:
        DockerfileFault: another kind of image is asked for, or there is no such Python here.
    """
    found = IMAGE.fullmatch(image)
    if found is None:
        raise DockerfileFault(f"FROM {image}: só sei fazer as vezes de python:3.x-slim-…")
    program = next(_pythons(found[1], user), None)
    if program is None:
        raise DockerfileFault(f"FROM {image}: não achei um Python {found[1]} para um usuário comum")
    return program


def make(program: str, folder: Path, user: User) -> None:
    """Make `folder` an environment of `program` with pip and nothing else."""
    subprocess.run([program, "-m", "venv", str(folder)], check=True, **user.run_as)  # noqa: S603 - see `program_of`


def network() -> dict[str, str]:
    """What a step may know of how this machine reaches the registries."""
    return {name: text for name, text in os.environ.items() if OF_THE_NETWORK.fullmatch(name)}


def _pythons(version: str, user: User) -> Iterator[str]:
    """The programs here that are a Python of `version` to `user`."""
    # Outside any environment of ours.
    own = getattr(sys, "_base_executable", sys.executable)
    places = (own, *(shutil.which(f"python{version}", path=path) for path in _paths()))
    for program in filter(None, places):
        try:
            done = subprocess.run(  # noqa: S603 - a Python of this machine
                [program, "-c", TELLS],
                check=False,
                capture_output=True,
                text=True,
                cwd="/",
                **user.run_as,
            )
        except OSError:
            continue
        if done.stdout.strip() == version:
            yield program


def _paths() -> tuple[str, ...]:
    return (PATH, os.environ.get("PATH", ""))
