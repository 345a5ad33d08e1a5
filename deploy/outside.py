"""What the container finds outside: PostgreSQL by TCP and password, the local Bot API, a person.

Each is a process of its own, as it would be in production; all listen on loopback only.
"""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any

from errors import EmDiaError
from playground.rig import ROOT, free_port
from settings import PLAYGROUND_TOKEN
from storage.embedded_place import find
from storage.vault import new_key

LOOPBACK = "127.0.0.1"
START_SECONDS = 30.0
LOOK_SECONDS = 0.05
ANSWER_SECONDS = 10.0


class RehearsalFailed(EmDiaError):
    """What was rehearsed did not go as it must."""


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL 18 of its own; yields its address, password included."""
    place = find(folder)
    password, port = token_hex(16), free_port()
    common: dict[str, Any] = {"cwd": place.folder, "start_new_session": True, **place.run_as}
    secret = place.folder / "password"
    secret.write_text(password)
    secret.chmod(0o644)
    subprocess.run(  # noqa: S603 - a program of our own package
        [
            place.programs / "initdb", "--pgdata=data", "--username=postgres", "--encoding=UTF8",
            "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        ],
        check=True, stdout=subprocess.DEVNULL, **common,
    )  # fmt: skip
    secret.unlink()
    with (folder / "postgres.log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603 - a program of our own package
            [
                place.programs / "postgres", "-D", "data", "-p", str(port), "-c", "fsync=off",
                "-c", f"listen_addresses={LOOPBACK}", "-c", "unix_socket_directories=",
            ],
            stdout=log, stderr=log, **common,
        )  # fmt: skip
    try:
        until(partial(_listens, port), START_SECONDS, "o PostgreSQL subir")
        yield f"postgresql://postgres:{password}@{LOOPBACK}:{port}/postgres"
    finally:
        end(server)


def _listens(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), LOOK_SECONDS).close()
    except OSError:
        return False
    return True


@contextmanager
def telegram() -> Iterator[Mapping[str, str]]:
    """The local Bot API; yields its addresses `api` and `control`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "playground.telegram", "--port", "0"],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None  # noqa: S101 - asked for above
        addresses: dict[str, str] = json.loads(process.stdout.readline())
        yield addresses
    finally:
        end(process)


def production(database: str, telegram_api: str, owner: int) -> dict[str, str]:
    """What an operator sets, with this PostgreSQL and this Bot API, and a port that is free."""
    return {
        "TELEGRAM_BOT_TOKEN": PLAYGROUND_TOKEN,
        "ADMIN_CHAT_ID": str(owner),
        "DATABASE_URL": database,
        "EMDIA_VAULT_KEYS": new_key("k1"),
        "EMDIA_TELEGRAM_API": telegram_api,
        "PORT": str(free_port()),
    }


@dataclass(slots=True)
class Person:
    """Somebody who writes to the bot, by the control API of the local Telegram."""

    control: str
    chat_id: int
    seen: int = 0

    def say(self, text: str) -> None:
        """Write a message."""
        self._post("say", {"text": text, "first_name": "Rita"})

    def press(self, message: Mapping[str, Any], label: str) -> None:
        """Press the button whose text contains `label`."""
        for button in (button for row in message["buttons"] for button in row):
            if label in button["text"]:
                data = button["callback_data"]
                self._post("press", {"message_id": message["message_id"], "data": data})
                return
        raise RehearsalFailed(f"não há botão “{label}”")

    def reads(self, seconds: float, *wanted: str) -> Mapping[str, Any]:
        """The first message of the bot that says one of `wanted`, or has a picture for ""."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            url = f"{self._chat}/messages?after={self.seen}&wait_s={left:.1f}"
            told = json.loads(fetch(url, seconds=left + ANSWER_SECONDS)[1])
            self.seen = told["seq"]
            for message in told["messages"]:
                text = str(message["text"] or message["caption"] or "")
                if message["from"] == "bot" and any(word in text for word in wanted):
                    return dict(message)
        raise RehearsalFailed(f"o bot não disse “{wanted[0]}” em {seconds:g} s")

    def signs_up(self, seconds: float) -> Mapping[str, Any]:
        """Give the three answers that make an account; the screen after them."""
        answers = (("Rita", "e-mail"), ("rita@exemplo.com", "celular"), ("11 95550-0142", "🏪"))
        for said, then in answers:
            self.say(said)
            shown = self.reads(seconds, then)
        return shown

    @property
    def _chat(self) -> str:
        return f"{self.control}/chats/{self.chat_id}"

    def _post(self, what: str, body: Mapping[str, object]) -> None:
        status, answer = fetch(f"{self._chat}/{what}", json.dumps(body).encode())
        if status != 200:  # noqa: PLR2004 - HTTP
            raise RehearsalFailed(f"o Telegram local recusou: {answer.decode()}")


def fetch(
    url: str, body: bytes | None = None, seconds: float = ANSWER_SECONDS
) -> tuple[int, bytes]:
    """Status and body of a request to a server of this machine.

    Raises:
        OSError: nobody answered.
    """
    headers = {"Content-Type": "application/json"} if body is not None else {}
    request = urllib.request.Request(url, body, headers)  # noqa: S310 - http:// of ours
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310 - as above
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def until(happened: Callable[[], bool], seconds: float, what: str) -> None:
    """Look until `happened`; raises RehearsalFailed when it does not in time."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise RehearsalFailed(f"esperei {seconds:g} s por: {what}")
        time.sleep(LOOK_SECONDS)


def end(process: subprocess.Popen[Any]) -> None:
    """End one of ours, kindly and then not."""
    process.terminate()
    try:
        process.wait(ANSWER_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
