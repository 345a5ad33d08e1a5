"""In a playground the local Mercado Pago is there by itself, and brings things to our own door."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from mercadopago.config.config import Config

import supervisor
from actors.runtime import ChildSpec, Supervisor, System
from gateways.mercado_pago_http import MERCADO_PAGO
from playground.rig import free_port
from settings import Settings
from tests.payments.support import KNOWN_ID
from wiring import Parts

ELSEWHERE = {
    "EMDIA_TELEGRAM_API": "http://127.0.0.1:9",
    "EMDIA_WHATSAPP_URL": "ws://127.0.0.1:9/ws/chat",
    "EMDIA_WHATSAPP_ROOT_KEY": "A" * 43 + "=",
}
PRODUCTION = {
    "EMDIA_MODE": "production",
    "MERCADO_PAGO_ACCESS_TOKEN": "APP_USR-1-2-invented",
}


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Parts]:
    """A system of its clouds and its door."""
    port = str(free_port())
    settings = Settings.model_validate({"EMDIA_HOME": str(tmp_path), "PORT": port} | ELSEWHERE)
    made = Parts(settings, supervisor.TENANT, supervisor.WHATSAPP)
    children = [ChildSpec("clouds", made.stand_ins), ChildSpec("web", made.web)]
    async with System(clock=made.clock, on_event=made.observe) as system:
        made.system = system
        await system.start(ChildSpec("root", lambda: Supervisor(children)))
        yield made


async def test_what_becomes_of_a_payment_comes_to_our_own_door(parts: Parts) -> None:
    assert f"http://127.0.0.1:{parts.settings.port}" == parts.clouds.own_address
    async with ClientSession(parts.clouds.mercado_pago_api) as world:
        await _post(world, "/_control/notify", {"id": KNOWN_ID, "kind": "forged"})
        answers: list[int] = []
        async with asyncio.timeout(10):
            while not answers:
                async with world.get("/_control/deliveries") as told:
                    answers = (await told.json())["deliveries"][0]["answers"]

    assert 0 not in answers


async def test_there_is_an_account_by_itself_and_it_has_the_time_of_the_house(parts: Parts) -> None:
    provider = parts._provider()  # noqa: SLF001 - what `payments` is given
    assert provider is not None
    assert await provider.find(KNOWN_ID) is None
    async with ClientSession(parts.clouds.mercado_pago_api) as world:
        await _post(world, "/_control/clock", {"now": "2027-01-02T03:04:05-03:00"})

    assert 2027 == parts.clock.now().year


def test_a_production_speaks_to_mercado_pago_itself_if_it_has_an_account() -> None:
    with_one, without = (
        Parts(Settings.model_validate(environment), supervisor.TENANT, supervisor.WHATSAPP)
        for environment in (PRODUCTION, {"EMDIA_MODE": "production"})
    )

    assert (MERCADO_PAGO, True, None) == (
        with_one.clouds.mercado_pago_api,
        with_one._provider() is not None,  # noqa: SLF001 - what `payments` is given
        without._provider(),  # noqa: SLF001 - what it makes is what this is about
    )


def test_mercado_pago_is_where_the_sdk_thinks_it_is() -> None:
    assert Config().api_base_url == MERCADO_PAGO


async def _post(world: ClientSession, path: str, body: dict[str, Any]) -> None:
    async with world.post(path, json=body) as answer:
        assert 200 == answer.status
