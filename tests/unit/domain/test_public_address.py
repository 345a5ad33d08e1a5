"""Which addresses Telegram takes to bring its updates to, and where they go."""

import pytest

from domain.public_address import (
    fault_of_base,
    is_base,
    is_host,
    secret_token,
    telegram_address,
    webhook_faults,
)

NO_PORT = "a porta vai de 1 a 65535"
NOT_HERE = "o Telegram não alcança esta máquina por 127.0.0.1; use o endereço que se vê de fora"
NO_HTTP = "o Telegram só entrega em https:// (http:// só em 127.0.0.1, com um Telegram local)"
OTHER_PORT = (
    "o Telegram só entrega nas portas 443, 80, 88 e 8443 (essa é a porta de fora; a que o EmDia "
    "escuta é PORT)"
)


@pytest.mark.parametrize(
    ("base", "here", "expected"),
    [
        ("https://x.example", False, None),
        ("https://x.example:443", False, None),
        ("https://x.example:80", False, None),
        ("https://x.example:88", False, None),
        ("https://x.example:8443", False, None),
        ("https://x.example:8080", False, OTHER_PORT),
        ("https://x.example:0", False, NO_PORT),
        ("https://x.example:65536", False, NO_PORT),
        ("http://x.example", False, NO_HTTP),
        ("http://x.example:443", True, NO_HTTP),
        ("http://127.0.0.1:8080", True, None),
        ("http://127.0.0.1:8080", False, NOT_HERE),
        ("http://127.0.0.1:0", True, NO_PORT),
    ],
)
def test_what_telegram_would_not_take_is_said(base: str, here: bool, expected: str | None) -> None:
    assert expected == fault_of_base(base, telegram_is_here=here)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://x.example/a", True),
        ("https://x.example//", False),
        ("https://x.example/?a", False),
        ("ftp://x.example", False),
    ],
)
def test_a_base_is_an_address_that_a_path_can_follow(text: str, expected: bool) -> None:
    assert expected == is_base(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("x.example", True), ("x", False), ("x.example:1", False)]
)
def test_a_host_is_a_public_name_alone(text: str, expected: bool) -> None:
    assert expected == is_host(text)


@pytest.mark.parametrize(
    ("base", "api", "wanted", "known", "playground", "expected"),
    [
        pytest.param("https://x.example", None, True, True, False, [], id="all is well"),
        pytest.param(
            "http://127.0.0.1:1",
            None,
            False,
            True,
            False,
            [f"EMDIA_PUBLIC_URL: {NOT_HERE}"],
            id="only this machine",
        ),
        pytest.param("http://127.0.0.1:1", None, True, True, True, [], id="a stand-in is here"),
        pytest.param(
            "http://127.0.0.1:1", "http://127.0.0.1:2", True, True, False, [], id="named so"
        ),
        pytest.param(
            None,
            None,
            True,
            False,
            False,
            [
                (
                    "EMDIA_TELEGRAM_UPDATES: para webhook falta o endereço de fora; ponha-o em "
                    "EMDIA_PUBLIC_URL, ou use polling"
                )
            ],
            id="no address",
        ),
        pytest.param(None, None, False, False, False, [], id="nor one wanted"),
    ],
)
def test_what_keeps_updates_away_is_told_with_its_variable(  # noqa: PLR0913, PLR0917 - one per setting
    base: str | None,
    api: str | None,
    wanted: bool,
    known: bool,
    playground: bool,
    expected: list[str],
) -> None:
    assert expected == [
        *webhook_faults(base, api, wanted=wanted, known=known, playground=playground)
    ]


def test_updates_come_below_the_base_with_a_word_of_their_own() -> None:
    assert "https://x.example/a/webhooks/telegram" == telegram_address("https://x.example/a/")
    assert 64 == len(secret_token("1:a"))
    assert secret_token("1:a") != secret_token("1:b")
