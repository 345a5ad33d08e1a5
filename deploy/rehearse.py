"""`make rehearse`: the container built and started without an engine, and looked at as a host does.

Performs the Dockerfile's own steps in an empty folder, starts its command as its own user with its
own environment beside a real PostgreSQL and the local Bot API, talks to the bot, asks every path,
and stops it. The last line is one JSON object.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy import metrics
from deploy.base import User
from deploy.build import Build, Image, Step
from deploy.container import (
    OK,
    Container,
    close,
    intruders,
    is_healthy,
    megabytes,
    reopen,
    runner_of,
    snapshot,
    started,
    unreadable_lines,
)
from deploy.context import Ignore
from deploy.dockerfile import read
from deploy.outside import (
    LOOPBACK,
    Person,
    RehearsalFailed,
    fetch,
    postgres,
    production,
    telegram,
)
from errors import EmDiaError
from playground.rig import ROOT
from settings import KNOWN_VARIABLES, PLAYGROUND_TOKEN
from tests.house_rules import GIVEAWAYS, giveaways

# Nobody's on any machine; never the one that runs the image, so that it owns no file of it.
BUILDER = User(10_000, 10_000)
OWNER = 4_002
PATHS = ("/livez", "/readyz", "/health", "/status", "/metrics")
MUST_ANSWER = frozenset({"/livez", "/readyz"})
NOT_THERE = 404
CHAT_SECONDS = 10.0
WHATSAPP_SECONDS = 25.0
NO_ROUTE, QR = "Não consigo falar com o WhatsApp", "Leia este código"
APP = "app"
WORTH_TELLING_SECONDS = 0.1


@dataclass(slots=True)
class Report:
    """What was done and seen, told at the end."""

    steps: list[Step] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Time a step."""
        begun = time.monotonic()
        yield
        self.steps.append(Step(what, time.monotonic() - begun))

    def told(self) -> str:
        """The table, and the JSON line."""
        rows = [f"{step.seconds:8.2f} s  {step.what}" for step in self.steps]
        facts = [f"{name}: {value}" for name, value in self.facts.items()]
        seconds = {
            step.what: round(step.seconds, 2)
            for step in self.steps
            if step.seconds >= WORTH_TELLING_SECONDS
        }
        last = json.dumps({**self.facts, "seconds": seconds}, ensure_ascii=False)
        return "\n".join([*rows, "", *facts, "", last, ""])


def rehearse(folder: Path, report: Report, *, webhook: bool) -> None:
    """All of it, in an empty `folder`.

    Raises:
        EmDiaError: something did not go as it must.
    """
    image = built(folder, report)
    look_inside(image, report)
    close(image.root)
    before = snapshot(image.root)
    ours = folder / "outside"
    ours.mkdir(mode=0o755)
    with postgres(ours) as address, telegram() as addresses:
        given = production(address, addresses["api"], OWNER)
        if webhook:
            given["EMDIA_PUBLIC_URL"] = f"http://{LOOPBACK}:{given['PORT']}"
        with started(image, given, folder / "log", runner_of(image)) as container:
            with report.step("do CMD ao /readyz 200"):
                container.until_ready()
            talk(Person(addresses["control"], OWNER), report)
            by = told_of(addresses["api"])
            wanted = given.get("EMDIA_PUBLIC_URL", "")
            require(by.startswith(wanted) and bool(by) == webhook, f"o Telegram entrega em “{by}”")
            look_from_outside(container, image, given, report)
            with report.step(f"do {image.stop_signal} ao fim, com 0"):
                container.stop(image.stop_signal)
            said = container.said()
    require(not is_healthy(image, given), "o HEALTHCHECK diz que vive o que já terminou")
    require(before == snapshot(image.root), "o processo escreveu dentro da imagem")
    secrets = [given["EMDIA_VAULT_KEYS"].partition(":")[2], address, PLAYGROUND_TOKEN]
    require(not any(secret in said for secret in secrets), "um segredo apareceu no log")
    odd = unreadable_lines(said)
    require(not odd, f"linhas de log que não são JSON: {odd[:3]}")
    report.facts["log_lines"] = len(said.splitlines())


def built(folder: Path, report: Report) -> Image:
    """The image, by the Dockerfile's own steps."""
    user = BUILDER if os.geteuid() == 0 else User()
    ignore = Ignore((ROOT / ".dockerignore").read_text(encoding="utf-8"))
    build = Build(ROOT, ignore, folder, user)
    image = build.perform(read((ROOT / "Dockerfile").read_text(encoding="utf-8")))
    report.steps += build.steps
    return image


def look_inside(image: Image, report: Report) -> None:
    """What is in it, what must not be, and how much it is."""
    require(str(ROOT) not in image.mapped(" ".join(image.command)), "o comando sai da imagem")
    found = intruders(image.root)
    require(not found, f"na imagem, e não devia: {found[:5]}")
    app = image.root / APP
    for path in app.rglob("*"):
        if path.suffix in {".py", ".ts", ".sql", ".json"} and "node_modules" not in path.parts:
            text = path.read_text(encoding="utf-8", errors="replace")
            told = list(giveaways(path.relative_to(app), text))
            require(not told, f"{told} ({len(GIVEAWAYS)} formas procuradas)")
    report.facts["megabytes"] = {
        "total": megabytes(image.root),
        **{
            name: megabytes(path)
            for name, path in (
                ("opt/venv", image.root / "opt" / "venv"),
                ("app/baileys_node", app / "baileys_node"),
            )
        },
    }


def talk(person: Person, report: Report) -> None:
    """What an owner does in the first minute."""
    with report.step("/start respondido"):
        person.say("/start")
        person.reads(CHAT_SECONDS, "Oi")
    with report.step("três respostas, conta feita"):
        welcome = person.signs_up(CHAT_SECONDS)
    with report.step("WhatsApp → Conectar respondido"):
        person.press(welcome, "Conectar")
        shown = person.reads(WHATSAPP_SECONDS, NO_ROUTE, QR)
    # Where the machine has a way to WhatsApp itself, a code is as good an answer.
    text = str(shown["text"] or shown["caption"])
    report.facts["whatsapp"] = "no_route" if NO_ROUTE in text else "qr"


def told_of(api: str) -> str:
    """Where Telegram brings the updates; nowhere where they are asked for."""
    answer = json.loads(fetch(f"{api}/bot{PLAYGROUND_TOKEN}/getWebhookInfo")[1])
    # A stand-in that knows no webhooks has none.
    return str(answer.get("result", {}).get("url", ""))


def look_from_outside(
    container: Container, image: Image, given: dict[str, str], report: Report
) -> None:
    """What a host and whoever watches it ask."""
    answers = {path: container.status_of(path) for path in PATHS}
    for path, status in answers.items():
        missing = status == NOT_THERE and path not in MUST_ANSWER
        require(status == OK or missing, f"{path} respondeu {status}")
    report.facts["paths"] = answers
    promised = metrics.documented()
    missing_here = sorted(promised - metrics.told_of(container.page("/metrics")))
    require(not missing_here, f"no docs/deploy.md, e não em /metrics: {missing_here}")
    report.facts["metrics"] = len(promised)
    with report.step("HEALTHCHECK"):
        require(is_healthy(image, given), "o HEALTHCHECK diz que não vive")
    report.facts["memory_megabytes"] = container.memory()


def require(holds: bool, otherwise: str) -> None:
    """Go on only if it `holds`."""
    if not holds:
        raise RehearsalFailed(otherwise)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Ensaia o contêiner sem contêiner.")
    ways = ("webhook", "polling")
    usual = ways["EMDIA_PUBLIC_URL" not in KNOWN_VARIABLES]
    parser.add_argument("--updates", choices=ways, default=usual, help="como o Telegram entrega")
    parser.add_argument("--keep", type=Path, help="deixa o que fez nesta pasta, que não existe")
    options = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="emdia-rehearsal-"))
    folder.chmod(0o755)
    report = Report(facts={"updates": options.updates})
    try:
        rehearse(folder, report, webhook=options.updates == "webhook")
    except (EmDiaError, OSError, subprocess.SubprocessError) as error:
        sys.stdout.write(report.told())
        sys.stderr.write(f"O ensaio falhou: {error}\n")
        return 1
    finally:
        reopen(folder)
        if options.keep:
            shutil.move(folder, options.keep)
        else:
            shutil.rmtree(folder)
    sys.stdout.write(report.told())
    return 0


if __name__ == "__main__":
    sys.exit(main())
