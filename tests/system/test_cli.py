"""The command line: a sheet is checked, then imported whole or not at all (C11)."""

import asyncio
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from playground.demo import SAMPLE
from playground.rig import ROOT, clean_environment
from storage import clients, tenants
from storage.database import Database

TENANT = 31
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
async def business(database: Database) -> Database:
    """A tenant without clients."""
    async with database.tenant(TENANT) as tx:
        await tenants.create(tx, name="TV", now=NOW, trial_ends_at=NOW + timedelta(days=7))
    return database


async def run(dsn: str, *words: str) -> tuple[int, str]:
    """Run the command; returns its exit code and all it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "emdia_cli",
        *words,
        cwd=ROOT,
        env=clean_environment() | {"DATABASE_URL": dsn},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


def importing(file: Path, *more: str) -> tuple[str, ...]:
    """The words of an import on the sample's own day."""
    return ("import", str(file), "--tenant", str(TENANT), "--today", "2026-11-24", *more)


async def count(database: Database) -> int:
    """How many clients there are."""
    async with database.tenant(TENANT) as tx:
        return (await clients.page(tx, date(2026, 11, 24))).total


async def test_a_dry_run_tells_all_and_keeps_nothing(business: Database, dsn: str) -> None:
    code, said = await run(dsn, *importing(SAMPLE, "--dry-run"))

    assert (0, 0) == (code, await count(business))
    assert said.startswith("186 clientes entrariam · 4 repetidos · 10 linhas com problema")
    assert "linha 7: A data 31/02/2026 não existe no calendário." in said


async def test_the_same_sheet_as_csv_and_xlsx_is_the_same_clients(
    business: Database, dsn: str
) -> None:
    first = await run(dsn, *importing(SAMPLE))
    second = await run(dsn, *importing(SAMPLE.with_suffix(".xlsx")))

    assert (0, 0, 186) == (first[0], second[0], await count(business))
    assert "190 já estavam cadastrados" in second[1]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(64), "planilha", id="a picture"),
        pytest.param(b"", "vazi", id="nothing"),
        pytest.param(b"cor;sabor\nazul;uva\n", "coluna", id="other columns"),
    ],
)
async def test_a_file_that_is_no_sheet_of_clients_is_refused(
    business: Database, dsn: str, tmp_path: Path, content: bytes, expected: str
) -> None:
    file = tmp_path / "clientes.csv"
    file.write_bytes(content)

    code, said = await run(dsn, *importing(file))

    assert (1, 0) == (code, await count(business))
    assert expected in said


async def test_a_tenant_that_never_signed_up_is_not_found(dsn: str) -> None:
    code, said = await run(dsn, "import", str(SAMPLE), "--tenant", "99")

    assert (1, True) == (code, "Não encontrado" in said)


async def test_a_wrong_pix_key_is_refused(business: Database, dsn: str) -> None:
    code, _ = await run(dsn, "company", "--tenant", str(TENANT), "--pix-key", "123")

    async with business.tenant(TENANT) as tx:
        assert (1, None) == (code, (await tenants.settings(tx)).pix_key)
