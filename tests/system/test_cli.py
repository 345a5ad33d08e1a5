"""The command line: a sheet is checked, then imported whole or not at all (C11).

Whatever is wrong with the words, the file, the settings or the database: one sentence in
Portuguese, and an exit code that tells whose it is to mend. Never a traceback.
"""

import asyncio
import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import emdia_cli
from gateways.spreadsheet import MAX_FILE_BYTES
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

    assert (1, True) == (code, said.startswith("Não existe negócio com o chat 99 neste banco."))


async def test_a_wrong_pix_key_is_refused(business: Database, dsn: str) -> None:
    code, _ = await run(dsn, "company", "--tenant", str(TENANT), "--pix-key", "123")

    async with business.tenant(TENANT) as tx:
        assert (1, None) == (code, (await tenants.settings(tx)).pix_key)


HIDDEN = "segredo"
GOOD = "Nome;Telefone;Valor;Vencimento;Plano\nAna Lima;11990000001;35,00;10/12/2026;\n"


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with a good sheet in it, and an environment that says nothing."""
    for name in {*os.environ} - {*clean_environment()}:
        monkeypatch.delenv(name)
    (tmp_path / "boa.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "vazia.csv").write_bytes(b"")
    (tmp_path / "pasta").mkdir()
    (tmp_path / "enorme.csv").write_bytes(b"x" * (MAX_FILE_BYTES + 1))
    (tmp_path / "arquivo").write_text("não sou pasta", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("", "Faltou: comando.", id="nothing"),
        pytest.param("importar boa.csv", "Não conheço o comando", id="unknown command"),
        pytest.param("import", "Faltou: arquivo, --tenant.", id="no file and no tenant"),
        pytest.param("import boa.csv", "Faltou: --tenant.", id="no tenant"),
        pytest.param("import boa.csv --tenant", "Faltou o valor de --tenant.", id="no value"),
        pytest.param("import boa.csv --tenant abc", "não é o número", id="tenant in letters"),
        pytest.param("import boa.csv --tenant 1_0", "não é o número", id="tenant with underscore"),
        pytest.param(f"import boa.csv --tenant {2**63}", "não é o número", id="beyond 64 bits"),
        pytest.param(f"company --tenant {10**30}", "não é o número", id="far beyond 64 bits"),
        pytest.param("import boa.csv --tenant 3 --today ontem", "não é um dia", id="wrong day"),
        pytest.param("import boa.csv --tenant 3 --today 0001-01-01", "não é um dia", id="year 1"),
        pytest.param("import boa.csv --tenant 3 --foo", "Não conheço: --foo.", id="unknown option"),
        pytest.param("import boa.csv --ten 3", "Faltou: --tenant.", id="abbreviated option"),
        pytest.param("import boa.csv --tenant 3 --dry-run=1", "não leva valor", id="flag's value"),
    ],
)
def test_wrong_words_are_explained_in_portuguese(
    surroundings: Path, capsys: pytest.CaptureFixture[str], words: str, expected: str
) -> None:
    code = emdia_cli.main(words.split())

    said = capsys.readouterr().err
    assert (2, True) == (code, expected in said)
    assert said.startswith("uso: ")
    assert surroundings.exists()


@pytest.mark.parametrize("words", ["-h", "import --help", "company -h"])
def test_the_help_is_portuguese(capsys: pytest.CaptureFixture[str], words: str) -> None:
    code = emdia_cli.main(words.split())

    said = capsys.readouterr().out
    english = [word for word in ("usage", "options", "positional", "show", "exit") if word in said]
    assert (0, []) == (code, english)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("import nada.csv --tenant 3", "nada.csv: não existe.", id="missing"),
        pytest.param("import pasta --tenant 3", "pasta: é uma pasta.", id="a folder"),
        pytest.param("import arquivo/x.csv --tenant 3", "não é uma pasta.", id="below a file"),
        pytest.param("import a\0b.csv --tenant 3", "o nome não serve.", id="NUL in the name"),
        pytest.param(f"import {'x' * 300}.csv --tenant 3", "comprido demais.", id="long name"),
        pytest.param("import vazia.csv --tenant 3", "está vazio.", id="empty"),
        pytest.param("import enorme.csv --tenant 3", "passa de 5 MB", id="huge"),
        pytest.param("import boa.csv --tenant 3 --sheet Maio", "aba “Maio”", id="no such tab"),
        pytest.param(f"company --tenant 3 --pix-city {'x' * 99}", "A cidade ficou", id="long city"),
        pytest.param("company --tenant 3 --pix-city 東京", "precisam ter letras", id="no letters"),
        pytest.param(f"company --tenant 3 --company {'x' * 200}", "O nome do neg", id="long name"),
        pytest.param(f"company --tenant 3 --support {'x' * 200}", "O contato", id="long support"),
        pytest.param("company --tenant 3 --pix-key 123", "PIX", id="wrong PIX key"),
    ],
)
def test_what_cannot_be_used_is_refused_before_any_database(
    surroundings: Path, capsys: pytest.CaptureFixture[str], words: str, expected: str
) -> None:
    code = emdia_cli.main(words.split(" "))

    said = capsys.readouterr().err
    assert (1, True) == (code, expected in said)
    assert 1 == said.count("\n")
    assert not (surroundings / ".emdia").exists()


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        pytest.param(f"DATABASE_URL=mysql://a:{HIDDEN}@b/c", (2, "só usa PostgreSQL"), id="mysql"),
        pytest.param("DATABASE_URL=banco", (2, "só usa PostgreSQL"), id="no address"),
        pytest.param(
            f"DATABASE_URL=postgresql://a:/#{HIDDEN}@b:x/c",
            (2, "não está certo"),
            id="odd password",
        ),
        pytest.param(
            f"DATABASE_URL=postgresql://a:{HIDDEN}@127.0.0.1:1/c", (1, "não respondeu"), id="away"
        ),
        pytest.param("EMDIA_HOME=arquivo", (2, "não é uma pasta"), id="home is a file"),
        pytest.param("EMDIA_HOME=arquivo/x", (2, "não é uma pasta"), id="home below a file"),
        pytest.param("EMDIA_HOME=/proc/emdia", (2, "EMDIA_HOME"), id="home cannot be written"),
        pytest.param("EMDIA_NADA=1", (2, "não conheço esta variável"), id="unknown variable"),
    ],
)
def test_wrong_settings_are_told_without_their_secrets(
    surroundings: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    setting: str,
    expected: tuple[int, str],
) -> None:
    variable, _, value = setting.partition("=")
    monkeypatch.setenv(variable, value)
    monkeypatch.setattr(emdia_cli, "PATIENCE_SECONDS", 0.0)

    code = emdia_cli.main(["import", str(surroundings / "boa.csv"), "--tenant", "3"])

    said = capsys.readouterr().err
    assert (*expected, False) == (code, expected[1] * (expected[1] in said), HIDDEN in said)
    assert "Traceback" not in said


async def test_how_a_sheet_was_read_is_told_before_it_is_written(
    business: Database, dsn: str
) -> None:
    code, said = await run(dsn, *importing(SAMPLE))

    told = [
        "nomes das colunas na linha 3.",
        "nome = “Nome do Cliente” · telefone = “WhatsApp”",
        "1 linha não lida",
        "As primeiras linhas, como foram lidas:",
        "186 clientes entraram · 4 repetidos · 10 linhas com problema",
    ]
    places = [said.find(part) for part in told]
    assert (0, 186, sorted(places)) == (code, await count(business), places)
    assert -1 not in places


async def test_what_is_told_fits_the_terminal(
    business: Database, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")

    _, said = await run(dsn, *importing(SAMPLE, "--dry-run"))

    assert [] == [line for line in said.splitlines()[1:] if len(line) > 60]
    assert 0 == await count(business)


async def test_a_repeated_import_adds_nobody_also_without_a_plan(
    business: Database, dsn: str, tmp_path: Path
) -> None:
    file = tmp_path / "sem-plano.csv"
    file.write_text(GOOD, encoding="utf-8")
    first = await run(dsn, *importing(file))
    again = await run(dsn, *importing(file))

    assert (0, 0, 1) == (first[0], again[0], await count(business))
    assert "1 já estava cadastrado" in again[1]


async def test_the_same_import_twice_at_once_adds_each_client_once(
    business: Database, dsn: str
) -> None:
    both = await asyncio.gather(*(run(dsn, *importing(SAMPLE)) for _ in range(2)))

    assert ([0, 0], 186) == ([code for code, _ in both], await count(business))


async def test_a_client_on_the_number_of_another_is_warned_of(
    business: Database, dsn: str, tmp_path: Path
) -> None:
    file = tmp_path / "mesmo.csv"
    file.write_text(GOOD, encoding="utf-8")
    await run(dsn, *importing(file))
    file.write_text(GOOD.replace("Ana Lima", "Bia Lima"), encoding="utf-8")

    _, said = await run(dsn, *importing(file, "--dry-run"))

    assert "linha 2: Bia Lima usa o mesmo telefone de Ana Lima" in said
    assert 1 == await count(business)


async def test_whoever_sent_sair_is_not_written_to_under_another_name(
    business: Database, dsn: str, tmp_path: Path
) -> None:
    file = tmp_path / "mesmo.csv"
    file.write_text(GOOD, encoding="utf-8")
    await run(dsn, *importing(file))
    async with business.tenant(TENANT) as tx:
        await tx.execute("UPDATE clients SET opted_out_at = now()")
    file.write_text(GOOD.replace("Ana Lima", "Bia Lima"), encoding="utf-8")
    _, said = await run(dsn, *importing(file))
    async with business.tenant(TENANT) as tx:
        page = await clients.page(tx, date(2026, 11, 24))

    assert "Entram sem receber tudo, como pediram: 1 que saiu (SAIR)." in said
    assert [("Ana Lima", True), ("Bia Lima", True)] == sorted(
        (one.name, one.opted_out) for one in page.clients
    )
