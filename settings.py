"""The environment, read once into one frozen value (I6).

Which of the two modes this is, is said (`EMDIA_MODE`) or follows from what is there: any variable
of a production makes it one. In the playground local stand-ins replace the three clouds; in
production their variables are refused. Every fault is told at once, in words for who reads them,
and never with the value, which may be a secret.
"""

import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from domain.environment import (
    SIGNS,
    bare,
    chat_ids,
    digits,
    fault_of_address,
    fault_of_api,
    fault_of_payments_token,
    forms_of_secrets,
    is_here,
    is_instant,
    is_key,
    is_loopback,
    is_payments_secret,
    is_ring,
    is_token,
    price,
    range_in,
)
from domain.public_address import (
    is_base,
    is_host,
    secret_token,
    telegram_address,
    webhook_faults,
)
from domain.retention import Retention
from domain.setting_fields import of_whom, read, that, without
from domain.variables import missing, not_in_playground, unknown, unreadable
from errors import SettingsError

MOST_GAP_SECONDS = 3600.0
MOST_PORT = 65535
MOST_KEPT_DAYS = 3650
DAYS_KEPT = "um número de dias de 1 a 3650"
MOST_CHAT_ID = 2**52  # https://core.telegram.org/bots/api#chat: at most 52 significant bits
# The token the local Telegram stand-in knows the bot by; worthless anywhere else.
PLAYGROUND_TOKEN = "1000000001:playground-token-of-the-local-stand-in"  # noqa: S105 - not a secret
# Those by which the local Mercado Pago knows us; worthless anywhere else.
PLAYGROUND_PAYMENTS_TOKEN = "playground-access-token-of-the-local-mercado-pago"  # noqa: S105 - not a secret
PLAYGROUND_PAYMENTS_SECRET = "playground-webhook-secret-of-the-local-mercado-pago"  # noqa: S105 - not a secret
TELEGRAM_ITSELF = "https://api.telegram.org"
PLAYGROUND_ONLY = {
    "whatsapp_url": "EMDIA_WHATSAPP_URL",
    "whatsapp_root_key": "EMDIA_WHATSAPP_ROOT_KEY",
    "mercado_pago_api": "EMDIA_MERCADO_PAGO_API",
    "clock": "EMDIA_CLOCK",
    "send_gap_seconds": "EMDIA_SEND_GAP_SECONDS",
}
COMMIT = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,99}$"
COMMIT_SHOWN = 12  # characters
REQUIRED_IN_PRODUCTION = ("TELEGRAM_BOT_TOKEN", "DATABASE_URL", "EMDIA_VAULT_KEYS", "ADMIN_CHAT_ID")
REQUIRED_BY_COMMANDS = ("DATABASE_URL",)


class Mode(StrEnum):
    """What the whole system, and its database for ever, is for."""

    PRODUCTION = "production"
    PLAYGROUND = "playground"


class LogTo(StrEnum):
    """Where the log goes."""

    JSON = "json"  # to stderr
    FILE = "file"  # below `home`; the terminal is left to people


class UpdatesBy(StrEnum):
    """How Telegram's updates come."""

    WEBHOOK = "webhook"  # Telegram brings them
    POLLING = "polling"  # we fetch them


Whole = Annotated[int, read(digits)]
Gap = Annotated[tuple[float, float], read(partial(range_in, most=MOST_GAP_SECONDS))]
KeptDays = Annotated[Whole, Field(ge=1, le=MOST_KEPT_DAYS)]
ChatId = Annotated[int, Field(gt=-MOST_CHAT_ID, lt=MOST_CHAT_ID)]


class Settings(BaseModel):
    """Everything the environment decides. Secrets never show in a repr or a log.

    A field's description ends the sentence "NAME: precisa ser …".
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    mode: Mode = Field(Mode.PLAYGROUND, alias="EMDIA_MODE", description="production ou playground")
    telegram_bot_token: Annotated[SecretStr, that(is_token)] | None = Field(
        None,
        alias="TELEGRAM_BOT_TOKEN",
        description="o token que o @BotFather deu, como 123456789:AAF…, inteiro",
    )
    telegram_api: Annotated[str, without(fault_of_api)] | None = Field(
        None,
        alias="EMDIA_TELEGRAM_API",
        pattern=r"^https?://[^\s/?#@]+(?:/[^\s?#]*)?$",
        description="um endereço https://, sem usuário nem senha",
    )
    telegram_updates: UpdatesBy | None = Field(
        None, alias="EMDIA_TELEGRAM_UPDATES", description="webhook ou polling"
    )
    public_url: Annotated[str, that(is_base)] | None = Field(
        None,
        alias="EMDIA_PUBLIC_URL",
        description="o endereço https:// em que se chega a este EmDia de fora, sem usuário, ? ou #",
    )
    railway_public_domain: Annotated[str, that(is_host)] | None = Field(
        None,
        alias="RAILWAY_PUBLIC_DOMAIN",
        description="só o nome, como emdia.up.railway.app (quem põe é o Railway)",
    )
    admin_chat_ids: Annotated[tuple[ChatId, ...], read(chat_ids)] = Field(
        (),
        alias="ADMIN_CHAT_ID",
        description="o número do chat de quem administra (o /start do @userinfobot mostra); "
        "vários, separados por vírgula",
    )
    database_url: Annotated[SecretStr, without(fault_of_address)] | None = Field(
        None,
        alias="DATABASE_URL",
        description="um endereço postgresql:// com usuário, senha, servidor e banco",
    )
    host: str = Field(
        "127.0.0.1",
        alias="EMDIA_HOST",
        pattern=r"^[A-Za-z0-9.:_-]{1,253}$",
        description="o endereço desta máquina em que escutar, como 127.0.0.1 ou 0.0.0.0",
    )
    port: Whole = Field(
        8080, alias="PORT", ge=0, le=MOST_PORT, description="um número de 1 a 65535"
    )
    home: Annotated[Path, AfterValidator(of_whom)] = Field(
        Path(".emdia"), alias="EMDIA_HOME", description="uma pasta"
    )
    vault_keys: Annotated[SecretStr, that(is_ring)] | None = Field(
        None,
        alias="EMDIA_VAULT_KEYS",
        description="nome:chave,nome:chave, com nomes diferentes e chaves de 32 bytes em base64",
    )
    log_level: str = Field(
        "info",
        alias="EMDIA_LOG_LEVEL",
        pattern="^(debug|info|warning|error)$",
        description="debug, info, warning ou error",
    )
    log: LogTo | None = Field(None, alias="EMDIA_LOG", description="json ou file")
    sidecar_workers: Whole = Field(
        1, alias="EMDIA_SIDECAR_WORKERS", ge=1, le=64, description="um número de 1 a 64"
    )
    trial_days: Whole = Field(
        7, alias="EMDIA_TRIAL_DAYS", ge=0, le=90, description="um número de dias de 0 a 90"
    )
    monthly_price: Annotated[Decimal, read(price)] = Field(
        Decimal("20.00"),
        alias="EMDIA_MONTHLY_PRICE",
        gt=0,
        description="um preço em reais com até dois centavos, como 20.00",
    )
    period_days: Whole = Field(
        30, alias="EMDIA_PERIOD_DAYS", ge=1, le=3660, description="um número de dias de 1 a 3660"
    )
    mercado_pago_access_token: Annotated[SecretStr, without(fault_of_payments_token)] | None = (
        Field(None, alias="MERCADO_PAGO_ACCESS_TOKEN")
    )
    mercado_pago_webhook_secret: Annotated[SecretStr, that(is_payments_secret)] | None = Field(
        None,
        alias="MERCADO_PAGO_WEBHOOK_SECRET",
        description="a assinatura secreta que o painel do Mercado Pago mostra em Webhooks, inteira",
    )
    keep_log_days: KeptDays = Field(
        Retention().log.days, alias="EMDIA_KEEP_LOG_DAYS", description=DAYS_KEPT
    )
    keep_replies_days: KeptDays = Field(
        Retention().replies.days, alias="EMDIA_KEEP_REPLIES_DAYS", description=DAYS_KEPT
    )
    status_token: SecretStr | None = Field(
        None,
        alias="EMDIA_STATUS_TOKEN",
        min_length=16,
        max_length=256,
        description="um segredo de 16 a 256 caracteres",
    )
    commit: str | None = Field(
        None, alias="EMDIA_COMMIT", pattern=COMMIT, description="o nome de um commit"
    )
    railway_commit: str | None = Field(
        None, alias="RAILWAY_GIT_COMMIT_SHA", pattern=COMMIT, description="o nome de um commit"
    )
    whatsapp_url: str | None = Field(
        None,
        alias="EMDIA_WHATSAPP_URL",
        pattern=r"^ws://127\.0\.0\.1:\d{1,5}(?:/[^\s]*)?$",
        description="o endereço do WhatsApp local, como ws://127.0.0.1:4000/ws/chat",
    )
    whatsapp_root_key: Annotated[str, that(is_key)] | None = Field(
        None, alias="EMDIA_WHATSAPP_ROOT_KEY", description="uma chave de 32 bytes em base64"
    )
    mercado_pago_api: Annotated[str, that(is_here)] | None = Field(
        None,
        alias="EMDIA_MERCADO_PAGO_API",
        description="o endereço de um Mercado Pago local, como http://127.0.0.1:4010",
    )
    clock: Annotated[datetime, that(is_instant)] | None = Field(
        None,
        alias="EMDIA_CLOCK",
        description="um instante com o fuso, de 2000 a 2100, como 2026-11-24T04:55:00-03:00",
    )
    send_gap_seconds: Gap | None = Field(
        None,
        alias="EMDIA_SEND_GAP_SECONDS",
        description="mínimo-máximo em segundos, até 3600, como 12-25",
    )

    @property
    def playground(self) -> bool:
        """Whether the clouds are stand-ins."""
        return self.mode is Mode.PLAYGROUND

    @property
    def mode_said(self) -> Mode | None:
        """The mode, where a command was told one; None leaves it to the database."""
        return self.mode if "mode" in self.model_fields_set else None

    @property
    def log_to(self) -> LogTo:
        """Where the log goes: a host collects stderr, a person at a terminal does not."""
        return self.log or (LogTo.FILE if self.playground else LogTo.JSON)

    @property
    def bot_token(self) -> str:
        """The token to speak to `telegram_api` with."""
        if self.telegram_bot_token is None:
            return PLAYGROUND_TOKEN
        return self.telegram_bot_token.get_secret_value()

    @property
    def payments_token(self) -> str | None:
        """The token to speak to Mercado Pago with; None where payments are not set up."""
        return self._of_payments(self.mercado_pago_access_token, PLAYGROUND_PAYMENTS_TOKEN)

    @property
    def payments_secret(self) -> str | None:
        """What its notifications are signed under; None: none can be told from a forged one."""
        return self._of_payments(self.mercado_pago_webhook_secret, PLAYGROUND_PAYMENTS_SECRET)

    @property
    def webhook_address(self) -> str | None:
        """Where Telegram is to bring its updates; None when they are fetched instead."""
        base = self._public_base
        by_itself = UpdatesBy.POLLING if self.playground or base is None else UpdatesBy.WEBHOOK
        chosen = self.telegram_updates or by_itself
        return telegram_address(base) if base and chosen is UpdatesBy.WEBHOOK else None

    @property
    def webhook_secret(self) -> str:
        """What Telegram shows when it brings them."""
        return secret_token(self.bot_token)

    def _of_payments(self, given: SecretStr | None, local: str) -> str | None:
        own = local if self.playground else None
        return own if given is None else given.get_secret_value()

    @property
    def _public_base(self) -> str | None:
        railways = self.railway_public_domain
        return self.public_url or (f"https://{railways}" if railways else None)

    @property
    def address(self) -> str:
        """The address of PostgreSQL; empty where there is none."""
        return self.database_url.get_secret_value() if self.database_url is not None else ""

    @property
    def revision(self) -> str | None:
        """The commit this is, as far as anybody said; enough of it to be told from others."""
        return (self.commit or self.railway_commit or "")[:COMMIT_SHOWN] or None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be seen in a log, in the forms it may come in."""
        given = (self.telegram_bot_token, self.database_url, self.vault_keys)
        token, address, keys = (one.get_secret_value() if one else "" for one in given)
        payments = (self.mercado_pago_access_token, self.mercado_pago_webhook_secret)
        own = (one.get_secret_value() for one in (self.status_token, *payments) if one)
        return (*forms_of_secrets(token, address, keys), self.webhook_secret, *own)

    @field_validator("mode", "log_level", "log", "telegram_updates", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @model_validator(mode="after")
    def _mode_is_consistent(self) -> Self:
        faults = [*(self._playground_faults() if self.playground else self._production_faults())]
        faults += webhook_faults(
            self.public_url,
            self.telegram_api,
            wanted=self.telegram_updates is UpdatesBy.WEBHOOK,
            known=self._public_base is not None,
            playground=self.playground,
        )
        if faults:
            raise PydanticCustomError("mode", "{faults}", {"faults": "\n  - ".join(faults)})
        return self

    def _playground_faults(self) -> Iterator[str]:
        if (self.whatsapp_url is None) != (self.whatsapp_root_key is None):
            yield "EMDIA_WHATSAPP_URL e EMDIA_WHATSAPP_ROOT_KEY andam juntas"
        if not is_loopback(self.host):
            yield "EMDIA_HOST: na demonstração só 127.0.0.1, porque por HTTP se muda o relógio"

    def _production_faults(self) -> Iterator[str]:
        for field, variable in PLAYGROUND_ONLY.items():
            if getattr(self, field) is not None:
                yield f"{variable}: só existe na demonstração (EMDIA_MODE=playground)"
        if self.mercado_pago_webhook_secret and not self.mercado_pago_access_token:
            yield "MERCADO_PAGO_ACCESS_TOKEN: falta; sem ele MERCADO_PAGO_WEBHOOK_SECRET é à toa"
        if self.port == 0:
            yield "PORT: precisa ser um número de 1 a 65535"


FIELDS = {str(field.alias): field for field in Settings.model_fields.values()}
KNOWN_VARIABLES = frozenset(FIELDS)


def load(environment: Mapping[str, str] = os.environ, *, command: bool = False) -> Settings:
    """Read and validate the environment; a `command` needs the database and nothing else.

    Raises:
        SettingsError: with every fault in one message, one line each.
    """
    values = {name: bare(text) for name, text in environment.items() if _concerns_us(name)}
    values = {name: text for name, text in values.items() if text}
    known = {name: text for name, text in values.items() if name in KNOWN_VARIABLES}
    faults = [*unknown(environment, KNOWN_VARIABLES), *unreadable(known)]
    signs = sorted(name for name in values if SIGNS.fullmatch(name))
    said = known.get("EMDIA_MODE", "").lower()
    if said == Mode.PLAYGROUND:
        faults += not_in_playground(signs, known)
    elif said == Mode.PRODUCTION or signs:
        needed = REQUIRED_BY_COMMANDS if command else REQUIRED_IN_PRODUCTION
        faults += missing(needed, known, said, signs)
        if not command:
            known.setdefault("EMDIA_MODE", Mode.PRODUCTION)
    settings = None
    try:
        settings = Settings.model_validate(known)
    except ValidationError as error:
        faults += [_fault(detail) for detail in error.errors(include_input=False)]
    if faults or settings is None:
        raise SettingsError("O ambiente não está certo:\n  - " + "\n  - ".join(faults))
    return settings


def _concerns_us(name: str) -> bool:
    return name in KNOWN_VARIABLES or SIGNS.fullmatch(name) is not None


def _fault(detail: ErrorDetails) -> str:
    """One fault as a line for people; the offending value may be a secret, so it is left out."""
    if not detail["loc"]:
        return detail["msg"]
    name = str(detail["loc"][0])
    if detail["type"] == "told":
        return f"{name}: {detail['msg']}"
    return f"{name}: precisa ser {FIELDS[name].description}"
