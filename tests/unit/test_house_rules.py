"""The checks of the house find what they are for."""

from pathlib import Path

import pytest

from tests.house_rules import MOST_ROOMS, back_doors, breaches, crowded, giveaways, wrong_imports


@pytest.mark.parametrize(
    ("path", "imported", "expected"),
    [
        pytest.param("domain/x.py", "storage.outbox", 1, id="rules know no storage"),
        pytest.param("storage/x.py", "actors.runtime", 1, id="storage knows no actor"),
        pytest.param("bot/x.py", "storage.clients", 1, id="the bot reaches storage by messages"),
        pytest.param("bot/x.py", "actors.tenant_actor", 1, id="the bot knows messages, not actors"),
        pytest.param("bot/x.py", "actors.messages.queue", 0, id="the bot speaks in messages"),
        pytest.param("storage/x.py", "domain.money", 0, id="storage knows the rules"),
        pytest.param("actors/messages/x.py", "actors.tenant.day", 1, id="messages know no part"),
        pytest.param("actors/tenant/x.py", "actors.tenant_actor", 1, id="a part knows no whole"),
        pytest.param("actors/tenant/x.py", "actors.whatsapp.courier", 1, id="rooms stay apart"),
        pytest.param("actors/tenant/x.py", "actors.tenant.day", 0, id="a room knows itself"),
        pytest.param(
            "actors/lease_actor.py", "actors.charge.database_actor", 0, id="actors know actors"
        ),
        pytest.param("actors/tenant_actor.py", "bot.ui.words", 1, id="tenants know no screens"),
        pytest.param(
            "actors/telegram_actor.py", "bot.ui.words", 0, id="the Telegram actor shows screens"
        ),
    ],
)
def test_imports_go_one_way(path: str, imported: str, expected: int) -> None:
    assert expected == len(list(wrong_imports(Path(path), iter([imported]))))


@pytest.mark.parametrize(
    ("path", "imported", "expected"),
    [
        pytest.param("wiring.py", "actors.runtime", 0, id="by the door"),
        pytest.param("wiring.py", "actors.runtime.cell", 1, id="by the back"),
        pytest.param("actors/runtime/ref.py", "actors.runtime.cell", 0, id="inside"),
        pytest.param("tests/guarantees/x.py", "actors.runtime.cell", 0, id="who tests the inside"),
    ],
)
def test_the_engine_has_one_door(path: str, imported: str, expected: int) -> None:
    assert expected == len(list(back_doors(Path(path), iter([imported]))))


def test_a_room_too_many_is_found() -> None:
    rooms = [Path(f"actors/room_{number}.py") for number in range(MOST_ROOMS + 1)]

    assert [0, 1] == [len(list(crowded(rooms[:-1]))), len(list(crowded(rooms)))]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("-----BEGIN PRIVATE " + "KEY-----", id="private key"),
        pytest.param("12345678:AA" + "x" * 33, id="bot token"),
        pytest.param("postgres://me:" + "hunter2@db/x", id="password"),
        pytest.param("https://pypi" + ".org/simple", id="registry"),
        pytest.param("/ho" + "me/ana/x", id="machine path"),
    ],
)
def test_what_must_not_be_committed_is_found(text: str) -> None:
    assert 1 == len(list(giveaways(Path("x"), text)))


def test_this_repository_keeps_the_house_rules() -> None:
    assert [] == breaches()
