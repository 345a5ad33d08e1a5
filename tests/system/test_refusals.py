"""A wrong setting ends the process at once, with one sentence, and destroys nothing (I6)."""

import asyncio
import base64
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

import supervisor
from errors import AddressRefused, DatabaseRefused
from playground.rig import ROOT, Rig, clean_environment, free_port
from playground.telegram import TelegramStandIn
from settings import PLAYGROUND_TOKEN, Mode
from storage.database import Database
from storage.home import has_keys
from storage.migrate import migrate
from tests.faults.distant import DistantRig
from tests.guarantees.forked import Forked
from tests.pooler import fatal
from tests.postgres import Cluster, fleeting_folder, sign_up
from tests.system.business import DAWN
from web.address import probe

KEY = base64.b64encode(bytes(32)).decode()
OK, WRONG_SETTING = 0, 2


@pytest.fixture
def home() -> Iterator[Path]:
    with fleeting_folder() as folder:
        yield folder


async def start(folder: Path, **environment: str) -> tuple[int | None, str]:
    """Start the system with such settings; its exit code and what it told the person."""
    given = {"EMDIA_HOME": str(folder / "home"), "PORT": str(free_port())} | environment
    async with Forked(supervisor.main, log=folder / "said", environment=given) as process:
        code = await process.end()
        return code, process.said()


def sentence_of(said: str) -> str:
    """The last line, where nothing is a traceback."""
    assert "Traceback" not in said
    return said.splitlines()[-1]


def production(dsn: str, telegram: str = "http://127.0.0.1:9") -> dict[str, str]:
    """The settings of a production between stand-ins."""
    return {
        "TELEGRAM_BOT_TOKEN": PLAYGROUND_TOKEN,
        "ADMIN_CHAT_ID": "7",
        "EMDIA_VAULT_KEYS": f"k1:{KEY}",
        "DATABASE_URL": dsn,
        "EMDIA_TELEGRAM_API": telegram,
    }


@pytest.fixture
async def empty(cluster: Cluster) -> AsyncIterator[str]:
    """A database with nothing in it."""
    dsn = await cluster.empty_database()
    yield dsn
    await cluster.drop(dsn)


async def test_a_taken_port_is_told_before_anything_is_started(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = await start(home, PORT=str(port))

    assert (WRONG_SETTING, True, False) == (
        code,
        f"A porta {port} já está em uso" in sentence_of(said),
        (home / "home" / "postgres").exists(),
    )


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        pytest.param("192.0.2.1", "não é um endereço desta máquina", id="somebody else's address"),
        pytest.param("nowhere.invalid", "não é um endereço desta máquina", id="no address"),
    ],
)
def test_a_wrong_host_is_told(host: str, expected: str) -> None:
    with pytest.raises(AddressRefused, match=expected):
        probe(host, 8080)


async def test_a_folder_that_cannot_be_is_told(home: Path) -> None:
    (home / "file").touch()

    code, said = await start(home, EMDIA_HOME=str(home / "file" / "home"))

    assert (WRONG_SETTING, True) == (code, "escolha outra em EMDIA_HOME" in sentence_of(said))


async def test_a_production_that_logs_to_its_host_needs_no_folder(home: Path) -> None:
    (home / "file").touch()
    # Refused for its address, which comes after the folder.
    given = production("postgresql://postgres@127.0.0.1:1/x") | {"EMDIA_HOST": "192.0.2.1"}

    code, said = await start(home, EMDIA_HOME=str(home / "file" / "home"), **given)

    assert (WRONG_SETTING, True) == (code, "não é um endereço desta máquina" in sentence_of(said))


@pytest.mark.parametrize("content", [None, b"", b"playground:nonsense", b"\xff\xfe"])
async def test_keys_that_are_gone_are_not_replaced_over_what_they_sealed(
    home: Path, dsn: str, database: Database, content: bytes | None
) -> None:
    await sign_up(database, 1)
    async with database.tenant(1) as tx:
        await tx.execute(
            "INSERT INTO whatsapp_keys (tenant_id, type, id, value) VALUES (1, 'k', '1', 'x')"
        )
    keys = home / "home" / "vault.keys"
    if content is not None:
        keys.parent.mkdir()
        keys.write_bytes(content)

    code, said = await start(home, DATABASE_URL=dsn, EMDIA_MODE="playground")

    assert (WRONG_SETTING, content) == (code, keys.read_bytes() if keys.exists() else None)
    assert "apague a pasta" in sentence_of(said)


async def test_keys_that_sealed_nothing_are_made_anew(home: Path) -> None:
    keys = home / "home" / "vault.keys"
    keys.parent.mkdir()
    keys.touch()
    async with Rig(home / "home", clock=DAWN) as rig:
        await rig.start()
        await rig.ready()

    assert has_keys(home / "home")


async def test_a_database_that_is_not_there_is_told(home: Path, cluster: Cluster) -> None:
    nowhere = cluster.server.dsn_of("nowhere")

    code, said = await start(home, DATABASE_URL=nowhere, EMDIA_MODE="playground")

    assert (WRONG_SETTING, True) == (code, "não existe nesse servidor" in sentence_of(said))


@pytest.mark.parametrize("kept", [Mode.PRODUCTION, Mode.PLAYGROUND])
async def test_a_database_refuses_the_other_mode_and_keeps_all_it_has(
    home: Path, empty: str, kept: Mode
) -> None:
    await migrate(empty, mode=kept)
    connection = await asyncpg.connect(empty)
    before = await connection.fetch("SELECT * FROM installation")
    other = (
        {"DATABASE_URL": empty, "EMDIA_MODE": "playground"}
        if kept is Mode.PRODUCTION
        else production(empty)
    )

    code, said = await start(home, **other, EMDIA_LOG="file")
    after = await connection.fetch("SELECT * FROM installation")
    await connection.close()

    assert (WRONG_SETTING, before) == (code, after)
    assert "Aponte DATABASE_URL" in sentence_of(said)


async def test_a_production_without_its_token_touches_nothing(home: Path, empty: str) -> None:
    given = production(empty)
    del given["TELEGRAM_BOT_TOKEN"]

    code, said = await start(home, **given)
    connection = await asyncpg.connect(empty)
    tables = await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    await connection.close()

    assert (WRONG_SETTING, 0, False) == (code, tables, (home / "home").exists())
    assert "TELEGRAM_BOT_TOKEN: falta" in said


async def test_a_bot_that_telegram_does_not_know_is_told(home: Path, empty: str) -> None:
    async with TelegramStandIn(token="1:another") as telegram:  # noqa: S106 - a stand-in's
        code, said = await start(home, **production(empty, telegram.api), EMDIA_LOG="file")

    assert (WRONG_SETTING, True) == (code, "TELEGRAM_BOT_TOKEN" in sentence_of(said))


# PostgreSQL's own refusals


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("28P01", "não aceitou a senha", id="a wrong password"),
        pytest.param("28000", "não deixa entrar", id="a user that is not let in"),
        pytest.param("3D000", "não existe nesse servidor", id="an unknown database"),
        pytest.param("42704", "o que vem depois de [?]", id="an unknown parameter"),
    ],
)
async def test_what_will_not_pass_is_told_at_once(code: str, expected: str) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(fatal(code, "the password hush is wrong"))
        writer.close()

    await refused_by(refuse, "sslmode=disable", expected)


async def test_a_server_without_tls_is_told_at_once() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(8)
        writer.write(b"N")
        await reader.read()
        writer.close()

    await refused_by(refuse, "sslmode=require", "não aceita conexão cifrada")


async def test_a_parameter_nobody_understands_is_told_at_once() -> None:
    with pytest.raises(DatabaseRefused, match=r"o que vem depois de [?]"):
        await Database.open("postgresql://u@127.0.0.1/d?sslmode=hush", sleep=never)


@pytest.mark.parametrize("name", ["sslrootcert", "sslcert", "sslkey", "sslcrl"])
async def test_a_certificate_that_is_not_there_is_told_at_once(name: str) -> None:
    address = f"postgresql://u@127.0.0.1/d?sslmode=verify-full&{name}=%2Fhush%2Fnone.pem"

    with pytest.raises(DatabaseRefused, match=f"{name}=…, e esse arquivo não existe") as caught:
        await Database.open(address, sleep=never)
    assert "hush" not in caught.value.sentence


async def test_a_host_nobody_knows_is_waited_for_a_little() -> None:
    waited: list[float] = []

    async def note(seconds: float) -> None:
        waited.append(seconds)

    with pytest.raises(DatabaseRefused, match="Não encontro o servidor"):
        await Database.open("postgresql://u@nowhere.invalid/d", sleep=note)

    assert 15.0 <= sum(waited) < 60.0


async def never(_seconds: float) -> None:
    """Nothing here is worth waiting for."""
    raise AssertionError


async def refused_by(answer: object, query: str, expected: str) -> None:
    """Expect an opening to be refused, at once and without quoting the server."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)  # type: ignore[arg-type]  # a callback
    port = server.sockets[0].getsockname()[1]
    try:
        with pytest.raises(DatabaseRefused, match=expected) as caught:
            await Database.open(f"postgresql://u@127.0.0.1:{port}/d?{query}", sleep=never)
    finally:
        server.close()
    assert "hush" not in caught.value.sentence


async def test_an_address_telegram_does_not_take_is_told(home: Path, empty: str) -> None:
    public = {"EMDIA_PUBLIC_URL": "https://10.0.0.1", "EMDIA_TELEGRAM_UPDATES": "webhook"}
    async with TelegramStandIn() as telegram:
        code, said = await start(home, **production(empty, telegram.api), **public)

    assert WRONG_SETTING == code
    assert "“IP address 10.0.0.1 is reserved”" in sentence_of(said)


# What does not end the process


async def test_a_stop_while_the_database_is_away_is_a_quiet_one(home: Path) -> None:
    nobody = f"postgresql://u@127.0.0.1:{free_port()}/d"
    async with DistantRig(home, nobody) as rig:
        process = await rig.start(stderr=asyncio.subprocess.PIPE)
        assert process.stderr is not None
        said = b""
        async with asyncio.timeout(60):
            while b"PostgreSQL is away" not in said:
                said += await process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        said += await process.stderr.read()
        code = await process.wait()

    assert (OK, []) == (code, [line for line in said.splitlines() if b'"level":"error"' in line])
    assert b"never retrieved" not in said


RUN_AND_TELL = """
import sys, supervisor
code = supervisor.main(sys.argv[1:])
print(*sorted(name for name in sys.modules if name.partition(".")[0] == "playground"))
sys.exit(code)
"""


@pytest.mark.parametrize("words", [["--tree"], []], ids=["told", "run"])
async def test_nothing_of_the_playground_is_there_in_production(
    home: Path, empty: str, words: list[str]
) -> None:
    async with TelegramStandIn() as telegram:
        port = free_port()
        given = production(empty, telegram.api) | {"EMDIA_HOME": str(home), "PORT": str(port)}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", RUN_AND_TELL, *words, cwd=ROOT, env=clean_environment() | given,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        if not words:
            assert await telegram.until_polled(60.0)
            process.send_signal(signal.SIGTERM)
        output, _ = await process.communicate()

    assert (OK, b"") == (process.returncode, output.splitlines()[-1].strip())


async def test_what_is_kept_is_its_users_alone(home: Path) -> None:
    async with Rig(home / "home", clock=DAWN) as rig:
        await rig.start()
        await rig.ready()
    open_to_others = [
        path.name
        for path in (home / "home").rglob("*")
        if not path.is_symlink() and path.stat().st_mode & 0o077
    ]

    assert [] == open_to_others


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["-m", "storage.migrate"], id="migrations"),
        pytest.param(["-m", "emdia_cli", "company", "--tenant", "1"], id="the command line"),
    ],
)
@pytest.mark.parametrize(
    ("dsn", "code", "expected"),
    [
        pytest.param("mysql://u@h/d", WRONG_SETTING, "precisa começar com", id="another kind"),
        pytest.param("postgresql://u@127.0.0.1:9/d", 1, "não respondeu", id="nobody there"),
    ],
)
def test_a_command_tells_what_is_wrong_with_its_database(
    words: list[str], dsn: str, code: int, expected: str
) -> None:
    done = subprocess.run(  # noqa: S603 - constants
        [sys.executable, *words],
        cwd=ROOT,
        env={"DATABASE_URL": dsn},
        check=False,
        capture_output=True,
        text=True,
    )

    assert (code, True, False) == (
        done.returncode,
        expected in done.stderr,
        "Traceback" in done.stderr,
    )
