"""Who sees how the system is: this machine, and whoever has the token (I3, I8)."""

import asyncio
from collections.abc import Mapping
from unittest import mock

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from web.access import REFUSAL, may_see, refused

TOKEN = "a-token-of-16-characters-or-more"  # noqa: S105 - invented
HERE = ("127.0.0.1", 40_000)
LOCAL = {"Host": "127.0.0.1:8080"}


def asked(headers: Mapping[str, str], peer: object = HERE) -> web.Request:
    """A request as it comes over a connection from `peer`."""
    transport = mock.Mock(asyncio.Transport)
    transport.get_extra_info = lambda name, _default=None: peer if name == "peername" else None
    return make_mocked_request("GET", "/metrics", headers=dict(headers), transport=transport)


def bearing(shown: str) -> dict[str, str]:
    """The headers of who shows `shown`."""
    return LOCAL | {"X-Forwarded-For": "203.0.113.7", "Authorization": shown}


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:8080"])
@pytest.mark.parametrize("peer", [HERE, ("127.8.9.1", 1), ("::1", 1, 0, 0)])
async def test_this_machine_sees_without_a_token(host: str, peer: object) -> None:
    assert may_see(asked({"Host": host}, peer), None)


@pytest.mark.parametrize(
    "header",
    [
        "Forwarded", "X-Forwarded-For", "x-forwarded-proto", "X-FORWARDED-HOST", "X-Real-IP", "Via",
        "X-Forwarded-Anything",
    ],
)  # fmt: skip
async def test_behind_a_proxy_nobody_is_this_machine(header: str) -> None:
    request = asked(LOCAL | {header: "127.0.0.1"})

    assert (False, False) == (may_see(request, None), may_see(request, TOKEN))


@pytest.mark.parametrize(
    ("headers", "peer"),
    [
        pytest.param(LOCAL, ("203.0.113.7", 1), id="from afar"),
        pytest.param(LOCAL, ("10.0.0.7", 1), id="from the next machine"),
        pytest.param(LOCAL, ("2001:db8::7", 1, 0, 0), id="from afar by the new protocol"),
        pytest.param(LOCAL, None, id="from who knows where"),
        pytest.param({"Host": "emdia.example"}, HERE, id="passed on under the public name"),
        pytest.param({"Host": "[::1"}, HERE, id="a host that is none"),
        pytest.param({}, HERE, id="no host"),
        pytest.param(LOCAL | {"Origin": "https://evil.example"}, HERE, id="somebody's page"),
    ],
)
async def test_nobody_else_sees_without_the_token(headers: dict[str, str], peer: object) -> None:
    request = asked(headers, peer)

    assert (False, False) == (may_see(request, None), may_see(request, TOKEN))
    assert may_see(asked(headers | {"Authorization": f"Bearer {TOKEN}"}, peer), TOKEN)


@pytest.mark.parametrize("shown", [f"Bearer {TOKEN}", f"bearer  {TOKEN} ", f"BEARER {TOKEN}"])
async def test_the_token_opens_from_anywhere(shown: str) -> None:
    assert may_see(asked(bearing(shown)), TOKEN)


@pytest.mark.parametrize(
    "shown",
    [
        "", "Bearer", "Bearer ", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}", "Bearer None", "Bearer não é este", f"Bearer {TOKEN.upper()}",
    ],
)  # fmt: skip
async def test_anything_else_does_not(shown: str) -> None:
    assert (False, False) == (
        may_see(asked(bearing(shown)), TOKEN),
        may_see(asked(bearing(shown)), None),
    )


async def test_a_token_of_any_letters_is_compared() -> None:
    assert may_see(asked(bearing("Bearer não-é-fácil-de-achar")), "não-é-fácil-de-achar")


async def test_a_refusal_says_what_is_missing_and_no_more() -> None:
    response = refused()

    assert (401, 'Bearer realm="emdia"', REFUSAL) == (
        response.status,
        response.headers["WWW-Authenticate"],
        response.text,
    )
