"""The environment, read once into one frozen value (I6).

Without TELEGRAM_BOT_TOKEN the system is in playground mode: local stand-ins replace the three
clouds. With it the stand-ins cannot be enabled: their variables are refused.
"""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from errors import SettingsError

ROOT_KEY_BYTES = 32
VAULT_KEY_BYTES = 32
# The token the local Telegram stand-in knows the bot by; worthless anywhere else.
PLAYGROUND_TOKEN = "1000000001:playground-token-of-the-local-stand-in"  # noqa: S105 - not a secret
TELEGRAM_ITSELF = "https://api.telegram.org"
PLAYGROUND_ONLY = {
    "whatsapp_url": "EMDIA_WHATSAPP_URL",
    "whatsapp_root_key": "EMDIA_WHATSAPP_ROOT_KEY",
    "clock": "EMDIA_CLOCK",
    "send_gap_seconds": "EMDIA_SEND_GAP_SECONDS",
}
REQUIRED_IN_PRODUCTION = {"vault_keys": "EMDIA_VAULT_KEYS", "admin_chat_id": "ADMIN_CHAT_ID"}


class Settings(BaseModel):
    """Everything the environment decides. Secrets never show in a repr or a log."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    telegram_bot_token: SecretStr | None = Field(None, alias="TELEGRAM_BOT_TOKEN")
    telegram_api: str | None = Field(None, alias="EMDIA_TELEGRAM_API", pattern=r"^https?://[^\s]+$")
    admin_chat_id: int | None = Field(None, alias="ADMIN_CHAT_ID")
    database_url: SecretStr | None = Field(None, alias="DATABASE_URL")
    host: str = Field("127.0.0.1", alias="EMDIA_HOST")
    port: int = Field(8080, alias="PORT", ge=0, le=65535)
    home: Path = Field(Path(".emdia"), alias="EMDIA_HOME")
    vault_keys: SecretStr | None = Field(None, alias="EMDIA_VAULT_KEYS")
    log_level: Annotated[str, Field(pattern="^(debug|info|warning|error)$")] = Field(
        "info", alias="EMDIA_LOG_LEVEL"
    )
    sidecar_workers: int = Field(1, alias="EMDIA_SIDECAR_WORKERS", ge=1, le=64)
    trial_days: int = Field(7, alias="EMDIA_TRIAL_DAYS", ge=0, le=90)
    monthly_price: Decimal = Field(Decimal("20.00"), alias="EMDIA_MONTHLY_PRICE", gt=0)
    whatsapp_url: str | None = Field(None, alias="EMDIA_WHATSAPP_URL", pattern=r"^wss?://[^\s]+$")
    whatsapp_root_key: str | None = Field(None, alias="EMDIA_WHATSAPP_ROOT_KEY")
    clock: datetime | None = Field(None, alias="EMDIA_CLOCK")
    send_gap_seconds: tuple[float, float] | None = Field(None, alias="EMDIA_SEND_GAP_SECONDS")

    @property
    def playground(self) -> bool:
        """Whether the clouds may be stand-ins: only while there is no real bot."""
        return self.telegram_bot_token is None

    @property
    def bot_token(self) -> str:
        """The token to speak to `telegram_api` with."""
        if self.telegram_bot_token is None:
            return PLAYGROUND_TOKEN
        return self.telegram_bot_token.get_secret_value()

    @field_validator("whatsapp_root_key")
    @classmethod
    def _root_key_is_32_bytes(cls, value: str | None) -> str | None:
        if value is not None and len(_base64(value)) != ROOT_KEY_BYTES:
            raise PydanticCustomError("root_key", "precisa ser uma chave de 32 bytes em base64")
        return value

    @field_validator("vault_keys")
    @classmethod
    def _vault_keys_are_a_ring(cls, value: SecretStr | None) -> SecretStr | None:
        for entry in value.get_secret_value().split(",") if value else ():
            name, _, key = entry.strip().partition(":")
            if not re.fullmatch(r"[a-z0-9]{1,16}", name) or len(_base64(key)) != VAULT_KEY_BYTES:
                raise PydanticCustomError(
                    "vault_keys", "use nome:chave,nome:chave com chaves de 32 bytes em base64"
                )
        return value

    @field_validator("clock")
    @classmethod
    def _clock_knows_its_zone(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise PydanticCustomError("clock", "diga o fuso: 2026-11-24T04:55:00-03:00")
        return value

    @field_validator("send_gap_seconds", mode="before")
    @classmethod
    def _gap_is_a_range(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        found = re.fullmatch(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)", value)
        if found is None or float(found[1]) > float(found[2]):
            raise PydanticCustomError("gap", "use mínimo-máximo em segundos, por exemplo 12-25")
        return float(found[1]), float(found[2])

    @model_validator(mode="after")
    def _mode_is_consistent(self) -> Self:
        faults = []
        if self.playground:
            if (self.whatsapp_url is None) != (self.whatsapp_root_key is None):
                faults.append("EMDIA_WHATSAPP_URL e EMDIA_WHATSAPP_ROOT_KEY andam juntas")
        else:
            faults += [
                f"{variable}: só existe sem TELEGRAM_BOT_TOKEN (modo de demonstração)"
                for field, variable in PLAYGROUND_ONLY.items()
                if getattr(self, field) is not None
            ]
            faults += [
                f"{variable}: falta, e em produção é obrigatória"
                for field, variable in REQUIRED_IN_PRODUCTION.items()
                if getattr(self, field) is None
            ]
        if faults:
            raise PydanticCustomError("mode", "{faults}", {"faults": "\n  - ".join(faults)})
        return self


KNOWN_VARIABLES = {str(field.alias) for field in Settings.model_fields.values()}


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and validate the environment.

    Raises:
        SettingsError: with every fault in one message, one line each.
    """
    known = {name: environment[name] for name in KNOWN_VARIABLES if environment.get(name)}
    faults = [
        f"{name}: não conheço esta variável"
        for name in sorted(environment)
        if name.startswith("EMDIA_") and name not in KNOWN_VARIABLES
    ]
    try:
        settings = Settings.model_validate(known)
    except ValidationError as error:
        faults += [_fault(detail) for detail in error.errors(include_input=False)]
    if faults:
        raise SettingsError("O ambiente não está certo:\n  - " + "\n  - ".join(faults))
    return settings


def _fault(detail: ErrorDetails) -> str:
    """One fault as a line for people; the offending value may be a secret, so it is left out."""
    place = ".".join(str(part) for part in detail["loc"])
    return f"{place}: {detail['msg']}" if place else detail["msg"]


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
