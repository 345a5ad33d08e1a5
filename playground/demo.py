"""`make demo`: one day of one business, end to end, on real parts, as a table for people.

A sheet and a day make a business of their own, below a folder of their own; the same once more
continues it. Exit 0 only if every phone that had to hear heard exactly once, and nobody else
anything, and the owner's subscription is paid as it was offered.
"""

import argparse
import asyncio
import hashlib
import shutil
import sys
import time as stopwatch
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zlib import crc32

import telemetry
from domain import schedule
from domain.clients import Client
from domain.contacts import same_phone_key, whatsapp_candidates
from domain.jobs import Job
from domain.outbox import READY, MessageState
from domain.reminders import Kind
from domain.rulebook import Rulebook, rulebook
from errors import EmDiaError
from playground.demo_bill import Bill, subscribe
from playground.demo_table import Line, table
from playground.rig import ROOT, Rig, clean_environment
from playground.whatsapp import ShownMessage
from settings import load as load_settings
from storage import clients, outbox, schedules, tenants
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from storage.outbox import DayRow

SAMPLE = ROOT / "playground" / "clientes-exemplo.csv"
SAMPLE_DAY = date(2026, 11, 24)
HOME = ROOT / ".emdia" / "demo"
OWNER_CHAT = 550_011_001
OWNER_NAME = "Rita"
OWNER_NUMBER = "5511900000001"
COMPANY = ("--company", "TV da Rita", "--pix-key", "rita@tvdarita.example", "--pix-name", "Rita")
# Of the invented phones, one in so many has no WhatsApp, and one in three an account from before
# the ninth digit.
WITHOUT_WHATSAPP = 17
WITHOUT_NINTH_DIGIT = 3
WAIT_SECONDS = 50.0
MOST_CLIENTS = 100_000
RUNS_KEPT = 4
NEXT = """
O que tentar agora:
  make demo                              o mesmo dia de novo: ninguém recebe duas vezes
  make demo DEMO="--all"                 todos os clientes, um por linha
  make demo DEMO="--day 2026-11-25"      o dia seguinte, como se fosse o primeiro
  make demo DEMO="--file sua.xlsx --day {day}"   a sua planilha
  make run                               o sistema ligado, para ficar"""
UNSETTLED = READY | {MessageState.SENDING, MessageState.SENT}


@dataclass(frozen=True, slots=True)
class Found:
    """What the day left behind."""

    book: Rulebook
    clients: Sequence[Client]
    rows: Sequence[DayRow]
    inboxes: dict[str, list[ShownMessage]]


def account_of(phone: str) -> str | None:
    """The WhatsApp account behind an invented phone (E.164), None for the few without one."""
    key = same_phone_key(phone)
    chance = crc32(key.encode())
    if chance % WITHOUT_WHATSAPP == 0:
        return None
    forms = sorted(whatsapp_candidates(key), key=len)
    form = forms[0] if chance % WITHOUT_NINTH_DIGIT == 0 else forms[-1]
    return form.removeprefix("+")


def one_day_late(everyone: Sequence[Client], day: date) -> list[Client]:
    """Who must be billed on `day`: rule E3, worked out without the product's code."""
    yesterday = day - timedelta(days=1)
    return [one for one in everyone if one.due_on == yesterday and one.receives_billing]


def expected_counts(late: Sequence[Client]) -> Counter[str]:
    """How many messages each account must show."""
    accounts = [account_of(client.phone) for client in late]
    return Counter(account for account in accounts if account is not None)


def home_of(file: Path, day: date, base: Path = HOME) -> Path:
    """The folder of the business that `file` and `day` make."""
    return base / f"{day}-{hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"


def forget_old_runs(base: Path, current: Path) -> None:
    """Keep the latest few runs; one that is under way is left alone."""
    runs = sorted(base.glob("????-??-??-????????????"), key=lambda run: run.stat().st_mtime)
    for run in runs[:-RUNS_KEPT]:
        if run != current and not (run / "postgres" / "data" / "postmaster.pid").exists():
            shutil.rmtree(run, ignore_errors=True)


async def main(file: Path, day: date, home: Path, *, everybody: bool = False) -> int:
    """Run the day and print it; returns the exit code."""
    telemetry.configure("error")
    if (home / "postgres").exists():
        say("Continuo o dia que já tinha rodado com esta planilha: ninguém recebe de novo.")
    started = stopwatch.monotonic()
    zone = schedule.DEFAULT_ZONE
    dawn = datetime.combine(day, time(4, 55), tzinfo=zone)
    async with Rig(home, clock=dawn) as rig:
        await rig.start()
        await rig.ready()
        say(f"Sistema no ar. Dia {day:%d/%m/%Y}, 04:55.")
        await rig.whatsapp.add_phones([OWNER_NUMBER])
        newly = await rig.pair(OWNER_CHAT, OWNER_NAME, OWNER_NUMBER)
        say("WhatsApp pareado pelo QR." if newly else "WhatsApp já estava pareado: nenhum QR.")
        await command(rig, "company", "--tenant", str(OWNER_CHAT), *COMPANY)
        await command(rig, "import", str(file), "--tenant", str(OWNER_CHAT), "--today", f"{day}")
        found = await live_the_day(rig, day)
        bill = await subscribe(rig, OWNER_CHAT, OWNER_NAME)
    seconds = stopwatch.monotonic() - started
    return report(found, bill, day, seconds, everybody=everybody)


async def command(rig: Rig, *arguments: str) -> None:
    """Run the command line tool beside the system."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "emdia_cli",
        *arguments,
        cwd=ROOT,
        env=clean_environment() | rig.environment,
    )
    if await process.wait():
        raise EmDiaError(f"emdia_cli {arguments[0]} não terminou bem")


async def live_the_day(rig: Rig, day: date) -> Found:
    """Move the clock to 05:00 and 09:00 and wait for what each brings."""
    settings = load_settings(rig.environment)
    server = await EmbeddedPostgres.start(settings.home)
    try:
        database = await Database.open(server.dsn)
        try:
            everyone = await all_clients(database, day)
            accounts = {account_of(client.phone) for client in everyone} - {None}
            await rig.whatsapp.add_phones(sorted(account for account in accounts if account))
            await at(rig, database, day, time(5), "verify")
            say("05:00: as mensagens do dia estão na fila.")
            await at(rig, database, day, time(9), "send")
            await rig.until(lambda: is_over(database, day), WAIT_SECONDS, "a fila do dia acabar")
            say("09:00: conferido de novo e enviado.\n")
            return await look(rig, database, everyone, day)
        finally:
            await database.close()
    finally:
        await server.stop()


async def at(rig: Rig, database: Database, day: date, moment: time, job: str) -> None:
    """Make it `moment` of `day` and wait until `job` is done."""
    instant = schedule.instant(day, moment, schedule.DEFAULT_ZONE)
    await rig.move_clock(instant)

    async def done() -> bool:
        async with database.tenant(OWNER_CHAT) as tx:
            return (await schedules.of_tenant(tx))[Job(job)] > instant

    await rig.until(done, WAIT_SECONDS, f"o trabalho das {moment:%H:%M}")


async def is_over(database: Database, day: date) -> bool:
    """Whether nothing of the day is still on its way."""
    async with database.tenant(OWNER_CHAT) as tx:
        counts = await outbox.counts_of_day(tx, day)
    return not UNSETTLED & counts.keys()


async def all_clients(database: Database, day: date) -> Sequence[Client]:
    """Everyone who was imported."""
    async with database.tenant(OWNER_CHAT) as tx:
        return (await clients.page(tx, day, most=MOST_CLIENTS)).clients


async def look(rig: Rig, database: Database, everyone: Sequence[Client], day: date) -> Found:
    """What is in the outbox and on the phones."""
    now = schedule.instant(day, time(9), schedule.DEFAULT_ZONE)
    async with database.tenant(OWNER_CHAT) as tx:
        book = rulebook(await tenants.charter(tx), now)
        rows = await outbox.day_rows(tx, day)
    return Found(book, everyone, rows, await rig.whatsapp.inboxes())


def report(found: Found, bill: Bill, day: date, seconds: float, *, everybody: bool) -> int:
    """Print the table, the totals and the subscription; returns the exit code."""
    rows = {row.client_id: row for row in found.rows if row.kind is Kind.BILLING}
    lines = [
        Line.of(client, rows.get(client.id), found.book, day, shown_to(client, rows, found))
        for client in sorted(found.clients, key=lambda one: (one.due_on, one.name))
    ]
    for line in table(lines, everybody=everybody):
        print(line)
    late = one_day_late(found.clients, day)
    expected = expected_counts(late)
    heard = Counter(
        {number: len(shown) for number, shown in found.inboxes.items() if number != OWNER_NUMBER}
    )
    wrong = {number for number in expected | heard if expected[number] != heard[number]}
    repeated = sum(
        shown.times_seen - 1 for messages in found.inboxes.values() for shown in messages
    )
    print(
        f"\n{len(found.clients)} clientes · {len(late)} com 1 dia de atraso · "
        f"{len(late) - expected.total()} deles sem WhatsApp · {expected.total()} deviam receber\n"
        f"{heard.total()} mensagens nos celulares · {len(wrong)} celulares errados · "
        f"{repeated} ids repetidos · {seconds:.1f} s"
    )
    print(f"\n{bill.told}")
    print(NEXT.format(day=day))
    return 1 if wrong or not bill.is_true else 0


def shown_to(client: Client, rows: dict[int, DayRow], found: Found) -> str:
    """The text the client's phone shows for its message, as it decrypted it."""
    row = rows.get(client.id)
    account = account_of(client.phone)
    if row is None or account is None:
        return ""
    texts = [shown.text for shown in found.inboxes.get(account, []) if shown.id == row.whatsapp_id]
    return texts[0] if texts else ""


def say(line: str) -> None:
    """Tell the person at the terminal."""
    print(line, flush=True)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="make demo", description="Um dia inteiro do EmDia.")
    parser.add_argument("--file", type=Path, default=SAMPLE, help="a planilha (CSV ou XLSX)")
    parser.add_argument("--day", type=date.fromisoformat, default=SAMPLE_DAY, help="aaaa-mm-dd")
    parser.add_argument("--home", type=Path, help="onde guardar o que for criado")
    parser.add_argument("--all", action="store_true", help="mostrar todos os clientes")
    found = parser.parse_args()
    if not found.file.is_file():
        parser.error(f"não achei a planilha {found.file}")
    return found


if __name__ == "__main__":
    asked = arguments()
    try:
        home = asked.home or home_of(asked.file, asked.day)
        forget_old_runs(HOME, home)
        run = main(asked.file.resolve(), asked.day, home.resolve(), everybody=asked.all)
        sys.exit(asyncio.run(run))
    except EmDiaError as error:
        sys.exit(f"A demonstração parou: {error}")
