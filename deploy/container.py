"""An image as it runs: its command with its own environment, and what is looked at meanwhile."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from signal import Signals
from typing import Any

import orjson
import psutil

from deploy.base import User
from deploy.build import Image
from deploy.outside import LOOPBACK, RehearsalFailed, fetch, until

READY_SECONDS = 60.0
STOP_SECONDS = 25.0
HEALTH_SECONDS = 10.0
READABLE, WRITABLE = 0o555, 0o222
OK = 200
MEGABYTE = 1024 * 1024
# What must never be found in an image, as the name of a folder or the beginning of a file's.
NEVER_FOLDERS = frozenset(
    {"playground", "tests", "test", "bench", "simulator", "docs", ".git", ".ci"}
)
NEVER_FILES = (".env", ".npmrc", "pip.conf", "id_rsa", "requirements", "pyproject", "Makefile")
# Below these everything is others' work.
OTHERS = frozenset({"site-packages", "node_modules"})


class Container:
    """The process of an image; `port` is the one its host gave it, `log` all that it wrote."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process = process
        self.port = port
        self._log = log

    def until_ready(self) -> None:
        """Wait until it says that it is ready, as its host would."""
        until(self._is_ready, READY_SECONDS, f"/readyz responder 200; o log: {self.said()[-2000:]}")

    def status_of(self, path: str) -> int:
        """How it answers."""
        return fetch(self._url(path))[0]

    def page(self, path: str) -> str:
        """What it answers.

        Raises:
            RehearsalFailed: anything but 200.
        """
        status, body = fetch(self._url(path))
        if status != OK:
            raise RehearsalFailed(f"{path} respondeu {status}")
        return body.decode()

    def memory(self) -> dict[str, float]:
        """Resident megabytes of each program in it."""
        ours = psutil.Process(self.process.pid)
        family = [ours, *ours.children(recursive=True)]
        return {
            Path(process.exe()).name: round(process.memory_info().rss / MEGABYTE, 1)
            for process in family
        }

    def stop(self, signal: str) -> float:
        """Ask it to end; returns how long that took.

        Raises:
            RehearsalFailed: it did not end in time, or not with 0.
        """
        begun = time.monotonic()
        self.process.send_signal(Signals[signal])
        try:
            code = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            raise RehearsalFailed(
                f"não terminou em {STOP_SECONDS:g} s depois de {signal}"
            ) from None
        if code != 0:
            raise RehearsalFailed(f"terminou com {code} depois de {signal}: {self.said()[-2000:]}")
        return time.monotonic() - begun

    def said(self) -> str:
        """All that it wrote so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def _url(self, path: str) -> str:
        return f"http://{LOOPBACK}:{self.port}{path}"

    def _is_ready(self) -> bool:
        if self.process.poll() is not None:
            raise RehearsalFailed(f"terminou com {self.process.returncode}: {self.said()[-2000:]}")
        try:
            return self.status_of("/readyz") == OK
        except OSError:
            return False


@contextmanager
def started(image: Image, given: Mapping[str, str], log: Path, user: User) -> Iterator[Container]:
    """Start the image as its host would: its own environment, and what is `given`."""
    environment = environment_of(image, given)
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - the command of this repository's Dockerfile
            [image.mapped(word) for word in image.command],
            cwd=image.below(image.workdir),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **user.run_as,
        )
    try:
        yield Container(process, int(environment["PORT"]), log)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def environment_of(image: Image, given: Mapping[str, str]) -> dict[str, str]:
    """What its process sees: nothing of ours."""
    return {name: image.mapped(value) for name, value in image.environment.items()} | dict(given)


def runner_of(image: Image) -> User:
    """Who runs it: the image's own user, where we are root and can become it.

    Raises:
        RehearsalFailed: it would run as root, or as a name that no machine is sure to know.
    """
    user, _, group = image.user.partition(":")
    if not (user.isdigit() and group.isdigit()) or int(user) == 0:
        raise RehearsalFailed(f"USER {image.user}: precisa ser número:número, e não o root")
    return User(int(user), int(group)) if os.geteuid() == 0 else User()


def is_healthy(image: Image, given: Mapping[str, str]) -> bool:
    """What the HEALTHCHECK of the image says."""
    done = subprocess.run(  # noqa: S603 - the command of this repository's Dockerfile
        [image.mapped(word) for word in image.health],
        cwd=image.below(image.workdir),
        env=environment_of(image, given),
        check=False,
        capture_output=True,
        timeout=HEALTH_SECONDS,
        **runner_of(image).run_as,
    )
    return done.returncode == 0


def close(root: Path) -> None:
    """Make everything read-only, as an image may be run."""
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~WRITABLE)


def reopen(root: Path) -> None:
    """Make it possible to remove it again."""
    for path in (root, *root.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)


def snapshot(root: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file: what was written to would differ."""
    return {
        str(path.relative_to(root)): (found.st_size, found.st_mtime_ns)
        for path in root.rglob("*")
        if (found := path.lstat())
    }


def megabytes(folder: Path) -> float:
    """How much is in it."""
    files = (path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())
    return round(sum(files) / MEGABYTE, 1)


def intruders(root: Path) -> list[str]:
    """What is in an image and must not be."""
    return sorted(
        str(path.relative_to(root))
        for path in root.rglob("*")
        if not OTHERS.intersection(path.relative_to(root).parts[:-1])
        and (path.name in NEVER_FOLDERS or path.name.startswith(NEVER_FILES))
    )


def unreadable_lines(said: str) -> list[str]:
    """The lines of a log that are not JSON: a host could not read them either."""
    return [line for line in said.splitlines() if not _is_record(line)]


def _is_record(line: str) -> bool:
    try:
        found: Any = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return isinstance(found, dict)
