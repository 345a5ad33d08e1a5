"""What is done to a tenant from a terminal: import a sheet, fill in the company's details.

`python -m emdia_cli import FILE --tenant ID --dry-run`. It works beside a running system, on the
same database, and tells what it did in Portuguese. Exit 0 done, 1 refused, 2 wrong use.
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import settings as environment
import telemetry
from domain.import_rows import ImportPreview, preview_import
from domain.pix import parse_beneficiary, parse_pix_key
from domain.rulebook import rulebook
from domain.sheets import Sheet
from errors import EmDiaError, InvalidInput, NotFound, SettingsError
from gateways.spreadsheet import read_rows
from storage import clients, schedules, tenants
from storage.database import Database, TenantConnection
from storage.embedded import EmbeddedPostgres
from storage.tenants import CompanyDetails

WRONG_USE = 2
REFUSED = 1


async def import_sheet(
    tx: TenantConnection, sheet: Sheet, *, today: date, now: datetime, dry_run: bool
) -> ImportPreview:
    """Register every good row of `sheet`, or with `dry_run` none; one transaction, all or nothing.

    Raises:
        InvalidInput: a needed column is missing.
    """
    found = await asyncio.to_thread(preview_import, sheet, today, await clients.identities(tx))
    if not dry_run:
        await clients.add_many(tx, [imported.client for imported in found.clients], now)
        # Who is one day late is billed today (E3b): the process that owns the tenant sees to it.
        await schedules.plan_soon(tx, now)
    return found


async def run_import(arguments: argparse.Namespace) -> None:
    """`import`: read the file before anything else is touched."""
    sheet = await asyncio.to_thread(_read, arguments.file)
    now = datetime.now(UTC)
    async with tenant_transaction(arguments.tenant) as tx:
        today = arguments.today or rulebook(await tenants.charter(tx), now).today(now)
        found = await import_sheet(tx, sheet, today=today, now=now, dry_run=arguments.dry_run)
    print(describe(found, dry_run=arguments.dry_run))


async def run_company(arguments: argparse.Namespace) -> None:
    """`company`: what messages say about the business, checked as the bot would."""
    key = parse_pix_key(arguments.pix_key).value if arguments.pix_key else None
    details = CompanyDetails(
        company=arguments.company,
        support=arguments.support,
        pix_key=key,
        pix_beneficiary=parse_beneficiary(arguments.pix_name) if arguments.pix_name else None,
        pix_city=arguments.pix_city,
    )
    async with tenant_transaction(arguments.tenant) as tx:
        await tenants.set_company(tx, details)
        # What waited for one of these goes now (D4).
        await schedules.plan_soon(tx, datetime.now(UTC))
    print("Dados do negócio guardados.")


def describe(found: ImportPreview, *, dry_run: bool) -> str:
    """The answer to an import: counts, then each row that did not enter, and why."""
    verb = "entrariam" if dry_run else "entraram"
    new, again, wrong = len(found.clients), len(found.duplicates), len(found.faults)
    lines = [f"{new} clientes {verb} · {again} repetidos · {wrong} linhas com problema"]
    lines += [f"  linha {fault.row}: {fault.reason}" for fault in found.faults]
    lines += [
        f"  linha {same.row}: repetido da linha {same.first_row}"
        for same in found.duplicates
        if same.first_row is not None
    ]
    known = sum(same.first_row is None for same in found.duplicates)
    if known:
        lines.append(f"  {known} já estavam cadastrados")
    return "\n".join(lines)


@asynccontextmanager
async def tenant_transaction(tenant_id: int) -> AsyncIterator[TenantConnection]:
    """A transaction of a tenant that has signed up, on the database the environment names.

    Raises:
        NotFound: there is no such tenant.
    """
    settings = environment.load()
    server = None
    if settings.database_url is None:
        server = await EmbeddedPostgres.start(settings.home)
        dsn = server.dsn
    else:
        dsn = settings.database_url.get_secret_value()
    try:
        database = await Database.open(dsn)
        try:
            async with database.tenant(tenant_id) as tx:
                if await tenants.find(tx) is None:
                    raise NotFound(f"tenant {tenant_id}")
                yield tx
        finally:
            await database.close()
    finally:
        if server is not None:
            await server.stop()


def _read(file: Path) -> Sheet:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InvalidInput(f"Não consegui abrir {file}: {error.strerror}") from error
    return read_rows(data, file.name)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    main = argparse.ArgumentParser(prog="python -m emdia_cli", description=__doc__)
    commands = main.add_subparsers(required=True, metavar="comando")
    sheet = commands.add_parser("import", help="importa clientes de um CSV ou XLSX")
    sheet.add_argument("file", type=Path, help="a planilha")
    sheet.add_argument("--tenant", type=int, required=True, help="o chat do dono")
    sheet.add_argument("--dry-run", action="store_true", help="só confere, não grava")
    sheet.add_argument("--today", type=date.fromisoformat, help="o dia de hoje, aaaa-mm-dd")
    sheet.set_defaults(run=run_import)
    company = commands.add_parser("company", help="preenche os dados do negócio")
    company.add_argument("--tenant", type=int, required=True, help="o chat do dono")
    company.add_argument("--company", help="nome do negócio")
    company.add_argument("--support", help="contato do suporte")
    company.add_argument("--pix-key", help="chave PIX")
    company.add_argument("--pix-name", help="quem recebe o PIX")
    company.add_argument("--pix-city", help="cidade de quem recebe")
    company.set_defaults(run=run_company)
    return main


def main(words: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    arguments = parser().parse_args(words)
    telemetry.configure("error")
    try:
        asyncio.run(arguments.run(arguments))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return WRONG_USE
    except EmDiaError as error:
        sys.stderr.write(f"{error.sentence}\n")
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
