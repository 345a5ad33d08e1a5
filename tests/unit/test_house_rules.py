"""The checks of the house find what they are for."""

from pathlib import Path

import pytest

from tests.house_rules import breaches, giveaways, wrong_imports


@pytest.mark.parametrize(
    ("path", "imported", "expected"),
    [
        pytest.param("domain/x.py", "storage.outbox", 1, id="rules know no storage"),
        pytest.param("storage/x.py", "actors.runtime", 1, id="storage knows no actor"),
        pytest.param("bot/x.py", "storage.clients", 1, id="the bot reaches storage by messages"),
        pytest.param("bot/x.py", "actors.tenant_actor", 1, id="the bot knows messages, not actors"),
        pytest.param("bot/x.py", "actors.messages", 0, id="the bot speaks in messages"),
        pytest.param("storage/x.py", "domain.money", 0, id="storage knows the rules"),
        pytest.param("actors/tenant_actor.py", "bot.texts", 1, id="tenants know no screens"),
        pytest.param(
            "actors/telegram_actor.py", "bot.texts", 0, id="the Telegram actor shows screens"
        ),
    ],
)
def test_imports_go_one_way(path: str, imported: str, expected: int) -> None:
    assert expected == len(list(wrong_imports(Path(path), iter([imported]))))


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
