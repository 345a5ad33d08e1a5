"""What is done to a tenant from a terminal: import a sheet, fill in the company's details.

`python -m emdia_cli import FILE --tenant ID --dry-run`. It works beside a running system, on the
same database, and tells what it did in Portuguese. Exit 0 done, 1 refused, 2 wrong use or settings.
"""

import argparse
import asyncio
import errno
import io
import os
import re
import shutil
import sys
import textwrap
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn

import settings as environment
import telemetry
from domain.import_preview import ImportPreview
from domain.import_refusals import with_refusals
from domain.import_report import how_it_was_read, rows_left, summary
from domain.import_rows import preview_import
from domain.pix import parse_beneficiary, parse_city, parse_pix_key
from domain.rulebook import rulebook
from domain.sheets import Sheet
from domain.text import one_line
from errors import (
    EmbeddedPostgresError,
    EmDiaError,
    InvalidInput,
    NoSuchTenant,
    SettingsError,
)
from gateways.spreadsheet import MAX_FILE_BYTES, read_rows
from storage import clients, imports, own_fields, schedules, tenants
from storage.database import Database, TenantConnection
from storage.embedded import EmbeddedPostgres
from storage.tenants import CompanyDetails

WRONG_USE = 2
REFUSED = 1
INTERRUPTED = 130
# Somebody waits at the terminal: the command does not knock for as long as the system would.
PATIENCE_SECONDS = 5.0
LARGEST_ID = 2**63 - 1
UNBROKEN_CHARS = 10_000
MAX_COMPANY_CHARS = 120
MAX_CITY_CHARS = 60
YEARS = range(2000, 2101)
DESCRIPTION = "Importa uma planilha de clientes ou preenche os dados de um negócio."
REASONS = {
    errno.ENOENT: "não existe",
    errno.EISDIR: "é uma pasta",
    errno.EACCES: "sem permissão",
    errno.EPERM: "sem permissão",
    errno.EROFS: "o disco é só de leitura",
    errno.ENOTDIR: "não é uma pasta",
    errno.EEXIST: "já existe e não é uma pasta",
    errno.ENOSPC: "o disco está cheio",
    errno.ENAMETOOLONG: "o nome é comprido demais",
    errno.ELOOP: "é um atalho que dá voltas",
}
ARGPARSE = (
    (r"^the following arguments are required: (.*)$", r"Faltou: \1"),
    (r"^unrecognized arguments: (.*)$", r"Não conheço: \1"),
    (
        r"^argument comando: invalid choice: (.*) \(choose from (.*)\)$",
        r"Não conheço o comando \1. Os comandos são: \2",
    ),
    (r"^argument (\S+): expected one argument$", r"Faltou o valor de \1"),
    (r"^argument (\S+): ignored explicit argument (.*)$", r"\1 não leva valor (\2)"),
    (r"^argument (\S+?)(?:/\S+)?: ", r"\1: "),
)


async def import_sheet(  # noqa: PLR0913 - one import, and who is told of it
    tx: TenantConnection,
    sheet: Sheet,
    *,
    today: date,
    now: datetime,
    dry_run: bool,
    tell: Callable[[ImportPreview], None] = lambda _found: None,
) -> ImportPreview:
    """Register every good row of `sheet`, or with `dry_run` none; one transaction, all or nothing.

    `tell` hears how the sheet was read before anything is written. Raises InvalidInput when a
    needed column is missing.
    """
    if not dry_run:
        await clients.import_alone(tx)
    existing = await clients.identities(tx)
    own = [field.name for field in await own_fields.all_fields(tx)]
    found = await asyncio.to_thread(preview_import, sheet, today, existing, own)
    found = with_refusals(found, await imports.registered(tx))
    tell(found)
    if not dry_run:
        await clients.add_many(tx, [imported.client for imported in found.clients], now)
        # Who is one day late is billed today (E3b): the process that owns the tenant sees to it.
        await schedules.plan_soon(tx, now)
    return found


async def run_import(arguments: argparse.Namespace) -> None:
    """`import`: read the file before anything else is touched."""
    sheet = await asyncio.to_thread(_read, arguments.file, arguments.sheet)
    now = datetime.now(UTC)

    def tell(found: ImportPreview) -> None:
        if arguments.dry_run:
            print(summary(found, dry_run=True))
        _show(how_it_was_read(found))

    async with tenant_transaction(arguments.tenant) as tx:
        today = arguments.today or rulebook(await tenants.charter(tx), now).today(now)
        found = await import_sheet(
            tx, sheet, today=today, now=now, dry_run=arguments.dry_run, tell=tell
        )
    if not arguments.dry_run:
        print(summary(found, dry_run=False))
    _show(rows_left(found))


def _show(lines: Iterable[str]) -> None:
    """Print lines as wide as the terminal is; where there is none, each stays whole."""
    width = shutil.get_terminal_size((UNBROKEN_CHARS, 0)).columns
    for line in lines:
        print("\n".join(textwrap.wrap(line, width, subsequent_indent="    ")) or line)
    sys.stdout.flush()


async def run_company(arguments: argparse.Namespace) -> None:
    """`company`: what messages say about the business, checked as the bot would."""
    key = parse_pix_key(arguments.pix_key).value if arguments.pix_key else None
    details = CompanyDetails(
        company=_checked(arguments.company, "o nome do negócio", MAX_COMPANY_CHARS),
        support=_checked(arguments.support, "o contato do suporte", MAX_COMPANY_CHARS),
        pix_key=key,
        pix_beneficiary=parse_beneficiary(arguments.pix_name) if arguments.pix_name else None,
        pix_city=_city(arguments.pix_city),
    )
    async with tenant_transaction(arguments.tenant) as tx:
        await tenants.set_company(tx, details)
        # What waited for one of these goes now (D4).
        await schedules.plan_soon(tx, datetime.now(UTC))
    print("Dados do negócio guardados.")


def _checked(text: str | None, field: str, limit: int) -> str | None:
    return None if text is None else one_line(text, field=field, limit=limit)


def _city(text: str | None) -> str | None:
    """The city as it was typed, once it is known that a PIX code can carry it."""
    city = _checked(text, "a cidade", MAX_CITY_CHARS)
    if city is not None:
        parse_city(city)
    return city


@asynccontextmanager
async def tenant_transaction(tenant_id: int) -> AsyncIterator[TenantConnection]:
    """A transaction of a tenant that has signed up, on the database the environment names.

    Raises:
        NoSuchTenant: nobody signed up in that chat.
        SettingsError: the environment names no database that could be one.
    """
    settings = environment.load(command=True)
    async with _address(settings) as dsn:
        database = await Database.open(
            dsn,
            mode=settings.mode_said,
            own=settings.database_url is None,
            give_up_seconds=PATIENCE_SECONDS,
        )
        try:
            async with database.tenant(tenant_id) as tx:
                if await tenants.find(tx) is None:
                    raise NoSuchTenant(tenant_id)
                yield tx
        finally:
            await database.close()


@asynccontextmanager
async def _address(settings: environment.Settings) -> AsyncIterator[str]:
    """Where the database is; the embedded one is held up meanwhile."""
    if settings.database_url is not None:
        yield settings.address
        return
    try:
        server = await EmbeddedPostgres.start(settings.home)
    except OSError as error:
        raise SettingsError(
            f"EMDIA_HOME: não consigo usar a pasta {settings.home} ({_reason(error)}). "
            "Escolha uma pasta em que este usuário possa gravar."
        ) from error
    except EmbeddedPostgresError as error:
        raise SettingsError(f"EMDIA_HOME: {error.sentence}") from error
    try:
        yield server.dsn
    finally:
        await server.stop()


def _read(file: Path, tab: str | None) -> Sheet:
    try:
        # One byte more than may be, so that a huge file is not read whole to be refused.
        with file.open("rb") as opened:
            data = opened.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InvalidInput(f"Não consegui abrir {file}: {_reason(error)}.") from error
    return read_rows(data, file.name, tab=tab)


def _reason(error: Exception) -> str:
    """Why the operating system refused, in Portuguese where it is one of the usual reasons."""
    reason = getattr(error, "errno", None)
    return REASONS.get(reason, "o sistema recusou") if reason else "o nome não serve"


class Parser(argparse.ArgumentParser):
    """An argument parser whose every word is Portuguese."""

    def __init__(self, **settings: Any) -> None:
        """As argparse's, without abbreviations, which would change with every new option."""
        super().__init__(add_help=False, allow_abbrev=False, **settings)

    def format_usage(self) -> str:
        """The usage alone."""
        return super().format_usage().replace("usage:", "uso:", 1)

    def format_help(self) -> str:
        """The whole help."""
        return super().format_help().replace("usage:", "uso:", 1)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the words of the command, and end it."""
        for english, portuguese in ARGPARSE:
            message = re.sub(english, portuguese, message)
        self.exit(WRONG_USE, f"{self.format_usage()}{message}.\n")


def tenant_id(text: str) -> int:
    """The chat of an owner, as PostgreSQL can keep it."""
    if re.fullmatch(r"-?\d{1,19}", text, re.ASCII) and abs(int(text)) <= LARGEST_ID:
        return int(text)
    raise argparse.ArgumentTypeError(
        f"“{text[:30]}” não é o número de um chat. Escreva só números, por exemplo 123456789"
    )


def day(text: str) -> date:
    """A day, as in 2026-11-24."""
    with suppress(ValueError):
        found = date.fromisoformat(text)
        if found.year in YEARS:
            return found
    raise argparse.ArgumentTypeError(f"“{text[:30]}” não é um dia. Escreva assim: 2026-11-24")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    main = Parser(prog="python -m emdia_cli", description=DESCRIPTION)
    _help(main.add_argument_group("opções"))
    commands = main.add_subparsers(
        required=True, metavar="comando", dest="comando", title="comandos", parser_class=Parser
    )
    sheet = commands.add_parser("import", help="importa clientes de um CSV ou XLSX")
    words = sheet.add_argument_group("o que dizer")
    words.add_argument("file", metavar="arquivo", type=Path, help="a planilha")
    words.add_argument(
        "--tenant", metavar="chat", type=tenant_id, required=True, help="o chat do dono"
    )
    words.add_argument("--dry-run", action="store_true", help="só confere, não grava")
    words.add_argument("--sheet", metavar="aba", help="a aba da planilha, quando há várias")
    words.add_argument("--today", metavar="dia", type=day, help="o dia de hoje, aaaa-mm-dd")
    _help(words)
    sheet.set_defaults(run=run_import)
    company = commands.add_parser("company", help="preenche os dados do negócio")
    words = company.add_argument_group("o que dizer")
    words.add_argument(
        "--tenant", metavar="chat", type=tenant_id, required=True, help="o chat do dono"
    )
    words.add_argument("--company", metavar="nome", help="nome do negócio")
    words.add_argument("--support", metavar="contato", help="contato do suporte")
    words.add_argument("--pix-key", metavar="chave", help="chave PIX")
    words.add_argument("--pix-name", metavar="nome", help="quem recebe o PIX")
    words.add_argument("--pix-city", metavar="cidade", help="cidade de quem recebe")
    _help(words)
    company.set_defaults(run=run_company)
    return main


def _help(group: Any) -> None:
    group.add_argument("-h", "--help", action="help", help="mostra esta ajuda")


def main(words: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that has no “ã” is no reason to stop in the middle.
            stream.reconfigure(errors="replace")
    try:
        arguments = parser().parse_args(words)
    except SystemExit as end:
        return int(end.code or 0)
    telemetry.configure("error")
    return _carried_out(arguments)


def _carried_out(arguments: argparse.Namespace) -> int:
    try:
        asyncio.run(arguments.run(arguments))
    except SettingsError as error:
        return _say(str(error), WRONG_USE)
    except EmDiaError as error:
        return _say(error.sentence, REFUSED)
    except BrokenPipeError:
        # Whoever read our answer has seen enough; what was done is done.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until we end
        return REFUSED
    except KeyboardInterrupt:
        return _say("Interrompido: o que não terminou foi desfeito.", INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - a person at a terminal reads a sentence, not a traceback
        return _say(f"{EmDiaError.sentence} ({type(error).__name__})", REFUSED)
    return 0


def _say(sentence: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
