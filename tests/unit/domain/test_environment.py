"""How single values of an environment are read (I6)."""

import base64

import pytest

from domain.environment import (
    NEVER_IN_PLAYGROUND,
    SIGNS,
    bare,
    from_base64,
    has_invisible,
    is_loopback,
    is_ring,
)

KEY = base64.b64encode(bytes(32)).decode()
OTHER = base64.b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"k1:{KEY}", True, id="one"),
        pytest.param(f"k2:{OTHER},k1:{KEY}", True, id="two"),
        pytest.param(f"k2:{OTHER}, k1:{KEY} ", True, id="blanks between"),
        pytest.param(f"k2:{KEY},k1:{KEY}", True, id="one key under two names"),
        pytest.param(f"{'k' * 16}:{KEY}", True, id="the longest name"),
        pytest.param(f"k1:{KEY},k1:{OTHER}", False, id="two under one name"),
        pytest.param(f"{'k' * 17}:{KEY}", False, id="a longer name"),
        pytest.param(f":{KEY}", False, id="no name"),
        pytest.param(f"K1:{KEY}", False, id="capitals"),
        pytest.param("k1:", False, id="no key"),
        pytest.param(f"k1:{KEY},", False, id="nothing behind the comma"),
        pytest.param(f"k1:{base64.b64encode(bytes(31)).decode()}", False, id="a byte short"),
        pytest.param(f"k1:{base64.b64encode(bytes(33)).decode()}", False, id="a byte long"),
        pytest.param(f"k1:{KEY[:-1]}", False, id="cut off"),
        pytest.param("", False, id="empty"),
    ],
)
def test_a_key_ring_has_every_name_once_and_whole_keys(text: str, expected: bool) -> None:
    assert expected == is_ring(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("aGk=", b"hi", id="base64"),
        pytest.param("aGk", b"", id="without its padding"),
        pytest.param("aG k=", b"", id="a blank inside"),
        pytest.param("é", b"", id="no base64"),
    ],
)
def test_only_exact_base64_is_bytes(text: str, expected: bytes) -> None:
    assert expected == from_base64(text)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        *[(host, True) for host in ("localhost", "127.0.0.1", "127.9.9.9", "::1")],
        *[(host, False) for host in ("10.0.0.1", "localhost.example", "0.0.0.0", "::", "", None)],  # noqa: S104 - read only
    ],
)
def test_this_machine_is_told_from_others(host: str | None, expected: bool) -> None:
    assert expected == is_loopback(host)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a", "a", id="nothing around"),
        pytest.param(' "a b" ', "a b", id="blanks inside stay"),
        pytest.param("\"'a'\"", "a", id="two pairs of quotes"),
        pytest.param("' \"a\" '", "a", id="quotes and blanks"),
        pytest.param('"a', '"a', id="half a pair"),
        pytest.param('"', '"', id="one quote alone"),
        pytest.param('""', "", id="an empty pair"),
        pytest.param("\u200ba\u2060\ufeff", "a", id="what nobody sees"),
        pytest.param("a\u200bb", "a\u200bb", id="inside it stays, to be told"),
    ],
)
def test_a_value_is_bare(text: str, expected: str) -> None:
    assert expected == bare(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("a b", False), ("", False), ("a\tb", True), ("a\u2028b", True)]
)
def test_what_is_not_what_it_looks_like(text: str, expected: bool) -> None:
    assert expected == has_invisible(text)


@pytest.mark.parametrize(
    ("name", "sign", "never"),
    [
        ("DATABASE_URL", True, False),
        ("ADMIN_CHAT_ID", True, False),
        ("EMDIA_VAULT_KEYS", True, True),
        ("TELEGRAM_BOT_TOKEN", True, True),
        ("TELEGRAM_ANYTHING", True, False),
        ("MERCADO_PAGO_X", True, True),
        ("MERCADOPAGO_X", True, True),
        ("RAILWAY_ENVIRONMENT", True, True),
        ("RAILWAY_TOKEN", False, False),
        ("RAILWAY_API_TOKEN", False, False),
        ("RAILWAY_TOKENS", True, True),
        ("EMDIA_HOME", False, False),
    ],
)
def test_a_name_that_speaks_of_a_production(name: str, sign: bool, never: bool) -> None:
    assert (sign, never) == (
        SIGNS.fullmatch(name) is not None,
        NEVER_IN_PLAYGROUND.fullmatch(name) is not None,
    )


def test_a_paste_loses_two_layers_of_quotes_and_no_more() -> None:
    assert "x" == bare("\"'x'\"")
    assert '"x"' == bare('"\'"x"\'"')
