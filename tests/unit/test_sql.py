"""SQL is loaded by name, and a file that cannot mean what it says is refused at import.

Arguments go by name: a wrong one is refused before anything is sent.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from asyncpg.pool import PoolConnectionProxy

from storage import sql
from storage.connections import DispatcherConnection, TenantConnection

STORAGE = sql.QUERIES.parent
HELLO = sql.statement("people.hello", "SELECT :name, :tenant_id, :day, :name")


class Wire:
    """Keeps what would have gone to PostgreSQL."""

    def __init__(self) -> None:
        self.sent: list[tuple[object, ...]] = []

    async def fetchval(self, *call: object) -> None:
        """Keep the call."""
        self.sent.append(call)

    fetch = fetchrow = execute = executemany = fetchval


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def tenant(wire: Wire) -> TenantConnection:
    """A transaction of tenant 7 on `wire`."""
    return TenantConnection(cast("PoolConnectionProxy", wire), 7)


@pytest.fixture
def dispatcher(wire: Wire) -> DispatcherConnection:
    """A connection across tenants on `wire`."""
    return DispatcherConnection(cast("PoolConnectionProxy", wire))


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Each call in `path` whose first argument is a block, with the block's full name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(
                args=[
                    ast.Subscript(value=ast.Name(id=table), slice=ast.Constant(value=str(name))),
                    *_,
                ]
            ) if table in FAMILIES:
                yield f"{FAMILIES[table] or path.stem}.{name}", node


# What a module calls the blocks of its own family, and those of another.
FAMILIES = {"SQL": "", "CLIENTS_SQL": "clients"}
STATEMENTS = {
    statement.name: statement
    for path in sql.QUERIES.glob("*.sql")
    for statement in sql.load(path.stem).values()
}
CALLS = [
    pytest.param(name, call, id=f"{path.stem}-{call.lineno}-{name}")
    for path in sorted(STORAGE.glob("*.py"))
    for name, call in calls(path)
]


def test_blocks_are_found_by_name() -> None:
    text = "-- about the file\n\n-- name: one\n-- why\nSELECT 1;\n\n-- name: two\nSELECT :x;\n"

    assert {
        "one": sql.Statement("test.one", "-- why\nSELECT 1;", ()),
        "two": sql.Statement("test.two", "SELECT $1;", ("x",)),
    } == dict(sql.parse(text, "test"))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("SELECT 1;\n-- name: one\nSELECT 1;", "before the first", id="stray SQL"),
        pytest.param("-- name: one\n-- name: two\nSELECT 1;", "empty", id="empty block"),
        pytest.param("-- name: one\nSELECT 1;\n-- name: one\nSELECT 2;", "twice", id="same name"),
        pytest.param("-- name: one\nSELECT $1, :x;", "cannot be read", id="an argument by number"),
        pytest.param("-- name: one\nSELECT ':x;", "cannot be read", id="a quote left open"),
        pytest.param("-- name: one\nSELECT $a$ :x;", "cannot be read", id="a dollar quote open"),
        pytest.param("-- name: one\nSELECT /* /* :x */ */ 1;", "cannot be read", id="nested"),
    ],
)
def test_a_misleading_file_is_refused(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        sql.parse(text, "test")


@pytest.mark.parametrize("family", [path.stem for path in sorted(sql.QUERIES.glob("*.sql"))])
def test_every_file_loads(family: str) -> None:
    assert sql.load(family)


@pytest.mark.parametrize(
    ("written", "sent", "names"),
    [
        pytest.param("a = :x AND b = :y", "a = $1 AND b = $2", ("x", "y"), id="in order"),
        pytest.param(":x, :y, :x", "$1, $2, $1", ("x", "y"), id="a repeated name is one argument"),
        pytest.param(":day, :days", "$1, $2", ("day", "days"), id="one name begins another"),
        pytest.param("a::date, :x::text[]", "a::date, $1::text[]", ("x",), id="casts"),
        pytest.param(":x::date::text", "$1::date::text", ("x",), id="a cast of a cast"),
        pytest.param("':x' || :y", "':x' || $1", ("y",), id="a literal"),
        pytest.param("'it''s :x' || :y", "'it''s :x' || $1", ("y",), id="a doubled quote"),
        pytest.param(r"E'it\'s :x' || :y", r"E'it\'s :x' || $1", ("y",), id="an escaped quote"),
        pytest.param(r"'\' || :y || '\'", r"'\' || $1 || '\'", ("y",), id="a plain backslash"),
        pytest.param('"a:x".b = :y', '"a:x".b = $1', ("y",), id="a quoted column"),
        pytest.param("$$:x$$ || :y", "$$:x$$ || $1", ("y",), id="a dollar quote"),
        pytest.param("$a$ $$ :x $a$ || :y", "$a$ $$ :x $a$ || $1", ("y",), id="one with a tag"),
        pytest.param("-- it's :x\n:y", "-- it's :x\n$1", ("y",), id="a comment"),
        pytest.param("/* it's :x\n */ :y", "/* it's :x\n */ $1", ("y",), id="a long comment"),
        pytest.param("a[1:n], :y", "a[1:n], $1", ("y",), id="a slice"),
        pytest.param("a[f(1):n], :y", "a[f(1):n], $1", ("y",), id="a slice of a call"),
        pytest.param("a[:x]", "a[$1]", ("x",), id="an index"),
        pytest.param("ANY (:x), f(:y)", "ANY ($1), f($2)", ("x", "y"), id="parentheses"),
        pytest.param("f(a := :x)", "f(a := $1)", ("x",), id="a named parameter"),
        pytest.param("a ? :x, a -> :y", "a ? $1, a -> $2", ("x", "y"), id="jsonb operators"),
        pytest.param("""'{"a":x}' @> :y""", """'{"a":x}' @> $1""", ("y",), id="json"),
        pytest.param("TIME '10:30' < :y", "TIME '10:30' < $1", ("y",), id="a time"),
    ],
)
def test_arguments_are_told_from_all_else(written: str, sent: str, names: tuple[str, ...]) -> None:
    assert sql.Statement("test", sent, names) == sql.statement("test", written)


@pytest.mark.parametrize("method", ["fetch", "fetchrow", "fetchval", "execute"])
async def test_the_tenant_is_added_by_its_transaction(
    tenant: TenantConnection, wire: Wire, method: str
) -> None:
    await getattr(tenant, method)(HELLO, day="today", name="Ana")

    assert [("SELECT $1, $2, $3, $1", "Ana", 7, "today")] == wire.sent


async def test_many_rows_are_each_put_in_order(tenant: TenantConnection, wire: Wire) -> None:
    await tenant.executemany(HELLO, [{"day": 1, "name": "Ana"}, {"name": "Rui", "day": 2}])

    assert [("SELECT $1, $2, $3, $1", [("Ana", 7, 1), ("Rui", 7, 2)])] == wire.sent


async def test_across_tenants_the_tenant_is_an_argument_like_others(
    dispatcher: DispatcherConnection, wire: Wire
) -> None:
    await dispatcher.execute(HELLO, tenant_id=3, day="today", name="Ana")

    assert [("SELECT $1, $2, $3, $1", "Ana", 3, "today")] == wire.sent


async def test_plain_sql_keeps_its_positions(tenant: TenantConnection, wire: Wire) -> None:
    await tenant.fetchval("SELECT $1", 5)

    assert [("SELECT $1", 5)] == wire.sent


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        pytest.param(lambda tx: tx.fetch(HELLO, name="Ana"), r"missing \['day'\]", id="missing"),
        pytest.param(
            lambda tx: tx.fetchval(HELLO, name="Ana", dya=1),
            r"missing \['day'\], superfluous \['dya'\]",
            id="misspelt",
        ),
        pytest.param(
            lambda tx: tx.fetchrow(HELLO, name="Ana", day=1, hour=2),
            r"superfluous \['hour'\]",
            id="superfluous",
        ),
        pytest.param(lambda tx: tx.execute(HELLO, "Ana", 1), "go by name", id="by position"),
        pytest.param(
            lambda tx: tx.execute(HELLO, name="Ana", day=1, tenant_id=8),
            "the transaction's own",
            id="another tenant",
        ),
        pytest.param(
            lambda tx: tx.executemany(HELLO, [{"name": "Ana", "day": 1}, {"name": "Rui"}]),
            r"missing \['day'\]",
            id="missing in the second row",
        ),
    ],
)
async def test_a_wrong_argument_is_refused_before_anything_is_sent(
    tenant: TenantConnection, wire: Wire, call: Callable[[TenantConnection], Any], fault: str
) -> None:
    with pytest.raises(TypeError, match=f"people.hello: .*{fault}"):
        await call(tenant)

    assert [] == wire.sent


async def test_a_statement_that_forgets_the_tenant_is_refused(tenant: TenantConnection) -> None:
    with pytest.raises(TypeError, match=r"superfluous \['tenant_id'\]"):
        await tenant.fetch(sql.statement("people.all", "SELECT 1"))


async def test_plain_sql_takes_no_names(tenant: TenantConnection) -> None:
    with pytest.raises(TypeError, match="no named arguments"):
        await tenant.fetch("SELECT 1", day=1)


@pytest.mark.parametrize(("name", "call"), CALLS)
def test_every_call_names_what_its_statement_takes(name: str, call: ast.Call) -> None:
    # Values that are spread out of a dictionary cannot be seen from here.
    seen = {keyword.arg for keyword in call.keywords if keyword.arg is not None}
    spread = set(STATEMENTS[name].names) if len(seen) < len(call.keywords) else set()

    assert set(STATEMENTS[name].names) == seen | spread | {"tenant_id"} & set(
        STATEMENTS[name].names
    )


def test_no_statement_is_forgotten() -> None:
    # Somewhere its name is said, in a call or in what is handed to one.
    said = {name for path in STORAGE.glob("*.py") for name, _ in calls(path)} | {
        f"{path.stem}.{node.value}"
        for path in STORAGE.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    assert [] == [name for name in STATEMENTS if name not in said]
