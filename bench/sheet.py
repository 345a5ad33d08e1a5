"""`make bench-sheet`: importing 5,000 rows, next to the least that the same file could cost.

The whole way is reading, checking every row, comparing with the clients there are, and one
transaction. The limit is Python's own csv reader and the same INSERT of the same rows, unchecked.
"""

import asyncio
import csv
import io
import json
import statistics
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import xlsxwriter

import telemetry
from domain.clients import NewClient
from domain.import_rows import preview_import
from emdia_cli import import_sheet
from gateways.spreadsheet import read_rows
from storage import clients
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from tests.postgres import sign_up, walkable_folder

ROWS = 5_000
ROUNDS = 5
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HEADERS = ("Nome", "WhatsApp", "Pacote", "Mensalidade", "Servidor", "Vencimento", "Observações")


def rows() -> list[tuple[str, ...]]:
    """Invented clients, written the way people write them."""
    return [
        (
            f"Cliente Inventado {number}",
            f"(11) 99000-{number:04d}",
            "Mensal",
            "R$ 1.035,90",
            "Servidor 2",
            f"{TODAY + timedelta(days=number % 90):%d/%m/%Y}",
            "paga por PIX",
        )
        for number in range(ROWS)
    ]


def as_csv() -> bytes:
    """The rows as Excel saves them here: semicolons, Windows-1252."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([HEADERS, *rows()])
    return text.getvalue().encode("cp1252")


def as_xlsx() -> bytes:
    """The rows as a workbook."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADERS, *rows()]):
            sheet.write_row(number, 0, row)
    return data.getvalue()


async def import_whole(database: Database, tenant_id: int, data: bytes, name: str) -> float:
    """Seconds from the file's bytes to the commit."""
    started = time.perf_counter()
    sheet = await asyncio.to_thread(read_rows, data, name)
    async with database.tenant(tenant_id) as tx:
        found = await import_sheet(tx, sheet, today=TODAY, now=NOW, dry_run=False)
    seconds = time.perf_counter() - started
    if len(found.clients) != ROWS:
        raise SystemExit(f"{len(found.clients)} of {ROWS} rows imported")
    return seconds


async def import_unchecked(
    database: Database, tenant_id: int, data: bytes, ready: list[NewClient]
) -> float:
    """Seconds to split the file and insert rows that somebody else has checked."""
    started = time.perf_counter()
    list(csv.reader(io.StringIO(data.decode("cp1252")), delimiter=";"))
    async with database.tenant(tenant_id) as tx:
        await clients.add_many(tx, ready, NOW)
    return time.perf_counter() - started


async def measure(home: Path) -> dict[str, float]:
    """All three in turns, each into an empty tenant."""
    table, book = as_csv(), as_xlsx()
    ready = [row.client for row in preview_import(read_rows(table, "c.csv"), TODAY).clients]
    server = await EmbeddedPostgres.start(home)
    try:
        database = await Database.open(server.dsn)
        await sign_up(database, *range(1, 3 * ROUNDS + 1))
        tenant = iter(range(1, 3 * ROUNDS + 1))
        taken: dict[str, list[float]] = {"csv": [], "xlsx": [], "unchecked": []}
        for _ in range(ROUNDS):
            taken["csv"].append(await import_whole(database, next(tenant), table, "c.csv"))
            taken["xlsx"].append(await import_whole(database, next(tenant), book, "c.xlsx"))
            limit = await import_unchecked(database, next(tenant), table, ready)
            taken["unchecked"].append(limit)
        await database.close()
    finally:
        await server.stop()
    seconds = {f"{name}_seconds": statistics.median(all_) for name, all_ in taken.items()}
    pairs = zip(taken["csv"], taken["unchecked"], strict=True)
    return seconds | {"csv_ratio": statistics.median(whole / limit for whole, limit in pairs)}


def main() -> None:
    """Measure and print."""
    telemetry.configure("error")
    with walkable_folder() as home:
        measures = asyncio.run(measure(home))
    print(f"importar {ROWS} linhas, do arquivo ao banco")
    print(f"  CSV, tudo conferido            {measures['csv_seconds']:6.2f} s")
    print(f"  XLSX, tudo conferido           {measures['xlsx_seconds']:6.2f} s")
    print(f"  CSV, sem conferir nada         {measures['unchecked_seconds']:6.2f} s")
    print(f"  razão (CSV)                    {measures['csv_ratio']:6.2f}")
    print(json.dumps({name: round(value, 3) for name, value in measures.items()}))


if __name__ == "__main__":
    main()
