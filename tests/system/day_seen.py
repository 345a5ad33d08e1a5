"""One whole day of the whole system, with all that it wrote and all that it must never write."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from domain.default_templates import DEFAULT_TEMPLATES
from domain.outbox import MessageState
from playground.rig import CONNECTED, ROOT, Rig, clean_environment, read_qr, text_of
from settings import PLAYGROUND_TOKEN
from storage import home, outbox, whatsapp_state
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from storage.vault import Vault
from tests.system.business import DAWN, DAY, FIVE, NINE, Business
from tests.web.scrape import Samples, read

COMMIT = "0123456789abcdef0123456789abcdef01234567"
STATUS_TOKEN = "status-token-of-a-day"  # noqa: S105 - invented
EVENING = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
PIX_KEY, BENEFICIARY = "financeiro@tvdaclarice.example", "Clarice Beltrana"
COMPANY = ("--company", "TV da Clarice", "--pix-key", PIX_KEY, "--pix-name", BENEFICIARY)
OWNER_NAME = "Clarice"
REPLY = "Mandei o comprovante ontem de noite, confere?"
PEOPLE = {
    "Valdirene Quaresma": "5521983471652",
    "Ubiratan Falcatrua": "5521974628315",
    "Jandira Vermelhinha": "5521965183947",
    "Epaminondas Sicrano": "5521956274138",
    "Hermenegilda Fulana": "5521947385261",
}
ABSENT, REFUSED, READER, WRITER = (PEOPLE[name] for name in list(PEOPLE)[:4])
WAIT_SECONDS = 40.0
# What is shorter may stand anywhere by chance.
SHORTEST_KEY = 24
SHORTEST_LINE = 12


class TalkativeRig(Rig):
    """The system telling as much as it can, into its own file."""

    @property
    def environment(self) -> dict[str, str]:
        """What it is told besides."""
        return {
            **super().environment,
            "EMDIA_LOG": "file",
            "EMDIA_LOG_LEVEL": "debug",
            "EMDIA_COMMIT": COMMIT,
            "EMDIA_STATUS_TOKEN": STATUS_TOKEN,
        }


@dataclass(slots=True)
class DaySeen:
    """What was written, by where; what must not be in it, by what it is; and what was scraped."""

    written: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, set[str]] = field(default_factory=dict)
    phones: set[str] = field(default_factory=set)
    scrapes: list[Samples] = field(default_factory=list)
    health: Mapping[str, Any] = field(default_factory=dict)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The log."""
        return [orjson.loads(line) for line in self.written["log"].splitlines()]

    def leaks(self) -> Iterator[tuple[str, str, str]]:
        """Each thing that is where it must not be: what it is, where, in which line."""
        for place, text in self.written.items():
            for line in text.splitlines():
                for what in self._told_by(line):
                    yield what, place, line[:300]

    def _told_by(self, line: str) -> Iterator[str]:
        yield from (
            what for what, forms in self.hidden.items() if any(form in line for form in forms)
        )
        # However a phone is written, its digits stay in their order.
        squeezed = re.sub(r"(?<=\d)[\s().+-]+(?=\d)", "", line)
        yield from ("a phone" for phone in self.phones if phone[2:] in squeezed)


@asynccontextmanager
async def lived_through(folder: Path) -> AsyncIterator[DaySeen]:
    """Sign-up, import, reminders with replies and receipts, a refusal, a QR, a logout."""
    seen = DaySeen()
    async with TalkativeRig(folder, clock=DAWN, log=folder / "stderr") as rig:
        stdout = await asyncio.to_thread(
            os.open, folder / "stdout", os.O_WRONLY | os.O_CREAT, 0o600
        )
        await rig.start(stdout=stdout)
        os.close(stdout)
        await rig.ready()
        seen.scrapes.append(await scraped(rig))
        server = await EmbeddedPostgres.start(rig.home)
        database = await Database.open(server.dsn)
        try:
            await live(rig, Business(rig, database), seen)
        finally:
            await database.close()
            await server.stop()
        await rig.stop()
    seen.written |= await asyncio.to_thread(collect, folder)
    yield seen


async def live(rig: Rig, business: Business, seen: DaySeen) -> None:
    """The day itself."""
    numbers = [business.owner, *(phone for phone in PEOPLE.values() if phone != ABSENT)]
    await rig.whatsapp.add_phones(numbers)
    seen.phones = {business.owner, *PEOPLE.values()}
    qr = await pair(rig, business)
    await command(rig, seen, "company", "--tenant", str(business.chat), *COMPANY)
    sheet = await asyncio.to_thread(write_sheet, rig.home / "clientes.csv")
    await command(
        rig, seen, "import", str(sheet), "--tenant", str(business.chat), "--today", str(DAY)
    )
    await rig.whatsapp.faults({"refuse": {"error": 479, "to": REFUSED, "times": 1}})
    await rig.move_clock(FIVE)
    await rig.until(lambda: business.has_run("verify", FIVE), WAIT_SECONDS, "verificar")
    seen.scrapes.append(await scraped(rig))
    await rig.move_clock(NINE)
    await rig.until(
        lambda: has_come_to(business, MessageState.DELIVERED, 4), WAIT_SECONDS, "enviar"
    )
    inboxes = await rig.whatsapp.inboxes()
    ids = [shown.id for shown in inboxes[READER]]
    await rig.whatsapp.receipts(READER, business.owner, ids, "read")
    await rig.whatsapp.reply(WRITER, business.owner, REPLY)
    await rig.until(lambda: has_come_to(business, MessageState.READ, 1), WAIT_SECONDS, "ler")
    seen.hidden = secrets(await credentials(rig, business), qr, inboxes)
    seen.scrapes.append(await scraped(rig))
    await rig.whatsapp.kick(business.owner, 401)
    await rig.chat_shows(business.chat, 0, lambda shown: "foi desconectado" in text_of(shown))
    await rig.move_clock(EVENING)
    await rig.until(lambda: business.has_run("close", EVENING), WAIT_SECONDS, "fechar o dia")
    seen.scrapes.append(await scraped(rig))
    seen.health = await rig.http("GET", "/health")


async def pair(rig: Rig, business: Business) -> str:
    """Sign up, ask for WhatsApp, scan; what the QR said."""
    welcome = await rig.sign_up(business.chat, OWNER_NAME, business.owner)
    seq = welcome["seq"]
    await rig.press(business.chat, welcome, "Conectar")
    shown = await rig.chat_shows(business.chat, seq, lambda shown: shown["photo"] is not None)
    picture = rig.telegram.control.file(shown["photo"]).data
    qr = await asyncio.to_thread(read_qr, picture)
    await rig.whatsapp.scan(business.owner, qr)
    await rig.chat_shows(business.chat, seq, lambda shown: CONNECTED in text_of(shown))
    return qr


async def command(rig: Rig, seen: DaySeen, *arguments: str) -> None:
    """Run the command line tool beside the system; what it says to a person is none of the log."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "emdia_cli", *arguments,
        cwd=ROOT, env=clean_environment() | rig.environment,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, errors = await process.communicate()
    seen.written[f"emdia_cli {arguments[0]}"] = errors.decode()
    assert 0 == process.returncode, errors.decode()


def write_sheet(file: Path) -> Path:
    """The clients, one day late, with their phones as people write them."""
    due = DAY - timedelta(days=1)
    rows = [
        f"{name};({phone[2:4]}) {phone[4:9]}-{phone[9:]};Mensal;45,00;{due:%d/%m/%Y}"
        for name, phone in PEOPLE.items()
    ]
    file.write_text("\n".join(["nome;telefone;plano;valor;vencimento", *rows]), encoding="utf-8")
    return file


async def has_come_to(business: Business, state: MessageState, count: int) -> bool:
    """Whether so many of the day's messages are in `state`."""
    async with business.database.tenant(business.chat) as tx:
        return (await outbox.counts_of_day(tx, DAY)).get(state, 0) == count


async def credentials(rig: Rig, business: Business) -> str:
    """The device's credentials, as they are sealed in the database."""
    vault = Vault.from_ring(await asyncio.to_thread(home.playground_ring, rig.home))
    async with business.database.tenant(business.chat) as tx:
        return await whatsapp_state.get_creds(tx, vault) or ""


def secrets(creds: str, qr: str, inboxes: Mapping[str, Any]) -> dict[str, set[str]]:
    """What must be nowhere, by what it is."""
    said = [shown.text for messages in inboxes.values() for shown in messages]
    templates = [template.text for template in DEFAULT_TEMPLATES.values()]
    return {
        "a bot token": {PLAYGROUND_TOKEN, PLAYGROUND_TOKEN.partition(":")[2]},
        "a status token": {STATUS_TOKEN},
        "a QR payload": {qr, *(part for part in qr.split(",") if len(part) >= SHORTEST_KEY)},
        "a session key": {key for key in strings(orjson.loads(creds)) if len(key) >= SHORTEST_KEY},
        "a name": {part for name in (*PEOPLE, BENEFICIARY, OWNER_NAME) for part in name.split()},
        "a PIX key": {PIX_KEY, "br.gov.bcb.pix"},
        "a reply": {REPLY, REPLY[:SHORTEST_LINE]},
        "a message's text": {
            part
            for text in (*said, *templates)
            for part in re.split(r"[\n{}]", text)
            if len(part) >= SHORTEST_LINE
        },
    }


def strings(value: object) -> Iterator[str]:
    """Every text in a JSON value."""
    match value:
        case str():
            yield value
        case dict():
            for part in value.values():
                yield from strings(part)
        case list():
            for part in value:
                yield from strings(part)


async def scraped(rig: Rig) -> Samples:
    """What Prometheus gets."""
    url = f"http://127.0.0.1:{rig.environment['PORT']}/metrics"
    async with aiohttp.ClientSession() as http, http.get(url) as response:
        assert 200 == response.status
        return read(await response.text())


def collect(folder: Path) -> dict[str, str]:
    """What was written to files meant for people: the log, stderr, PostgreSQL's own."""
    files = {
        "log": folder / home.LOG,
        "stdout": folder / "stdout",
        "stderr": folder / "stderr",
        "PostgreSQL's log": folder / "postgres" / "log",
    }
    return {
        name: file.read_text(encoding="utf-8", errors="replace") for name, file in files.items()
    }
