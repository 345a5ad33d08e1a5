"""The environment is read whole and every fault is told at once (I6)."""

import base64

import pytest

import settings
from errors import SettingsError

KEY = base64.b64encode(bytes(32)).decode()
PRODUCTION = {
    "TELEGRAM_BOT_TOKEN": "123:abc",
    "ADMIN_CHAT_ID": "7",
    "EMDIA_VAULT_KEYS": f"k1:{KEY}",
}


def test_an_empty_environment_is_the_playground() -> None:
    assert settings.load({}).playground


def test_a_bot_token_ends_the_playground() -> None:
    assert not settings.load(PRODUCTION).playground


@pytest.mark.parametrize(
    "variable",
    [
        pytest.param({"EMDIA_WHATSAPP_URL": "ws://127.0.0.1:1/ws/chat"}, id="whatsapp address"),
        pytest.param({"EMDIA_WHATSAPP_ROOT_KEY": KEY}, id="whatsapp root key"),
        pytest.param({"EMDIA_CLOCK": "2026-11-24T05:00:00-03:00"}, id="movable clock"),
        pytest.param({"EMDIA_SEND_GAP_SECONDS": "0-0"}, id="no pacing"),
    ],
)
def test_production_refuses_what_only_stand_ins_need(variable: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=next(iter(variable))):
        settings.load(PRODUCTION | variable)


def test_every_fault_is_in_one_message() -> None:
    with pytest.raises(SettingsError) as caught:
        settings.load({"PORT": "x", "EMDIA_TYPO": "1", "EMDIA_WHATSAPP_ROOT_KEY": "short"})

    assert [True] * 3 == [
        name in str(caught.value) for name in ("PORT", "EMDIA_TYPO", "EMDIA_WHATSAPP_ROOT_KEY")
    ]


def test_production_without_its_secrets_names_each_missing_one() -> None:
    with pytest.raises(SettingsError, match=r"(?s)EMDIA_VAULT_KEYS.*ADMIN_CHAT_ID"):
        settings.load({"TELEGRAM_BOT_TOKEN": "123:abc"})


def test_a_secret_never_shows_in_an_error_or_a_repr() -> None:
    with pytest.raises(SettingsError) as caught:
        settings.load(PRODUCTION | {"EMDIA_VAULT_KEYS": "k1:supersecret"})

    assert "supersecret" not in str(caught.value)
    assert KEY not in repr(settings.load(PRODUCTION))
