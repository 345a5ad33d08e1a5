"""The stand-ins are this machine's: a page elsewhere can neither read nor press anything there."""

import aiohttp
import pytest

from playground.loopback import HOST
from playground.telegram import TelegramStandIn
from settings import PLAYGROUND_TOKEN

SAY = "/_control/chats/1/say"
ME = f"/bot{PLAYGROUND_TOKEN}/getMe"


@pytest.mark.parametrize("path", [SAY, ME], ids=["the people", "the bot's side"])
@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({}, 200, id="from here"),
        pytest.param({"Host": "evil.example"}, 403, id="by a name that points here"),
        pytest.param({"Origin": "https://evil.example"}, 403, id="from somebody's page"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="across sites"),
    ],
)
async def test_the_telegram_stand_in_answers_this_machine_only(
    path: str, headers: dict[str, str], expected: int
) -> None:
    async with (
        TelegramStandIn() as telegram,
        aiohttp.ClientSession() as http,
        # As a page may send it without asking first.
        http.post(telegram.api + path, data='{"text": "/start"}', headers=headers) as answer,
    ):
        status = answer.status

    assert (expected, "127.0.0.1") == (status, HOST)
