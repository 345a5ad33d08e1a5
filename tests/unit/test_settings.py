"""The environment is read whole and every fault is told at once (I6)."""

import base64
import re
from decimal import Decimal

import pytest

import settings
from errors import SettingsError
from settings import KNOWN_VARIABLES, LogTo, Mode

KEY = base64.b64encode(bytes(32)).decode()
USER = "emdia"
STATUS_TOKEN = "a-token-of-16-characters-or-more"  # noqa: S105 - invented
ADDRESS = "postgresql://emdia@db.example/emdia"
PRODUCTION = {
    "TELEGRAM_BOT_TOKEN": "123:abc",
    "ADMIN_CHAT_ID": "7",
    "DATABASE_URL": ADDRESS,
    "EMDIA_VAULT_KEYS": f"k1:{KEY}",
}
PLAYGROUND = {"EMDIA_MODE": "playground"}
# What pydantic says by itself, and what nobody here should have to read.
ENGLISH = re.compile(
    r"\b(should|input|valid|must|string|field|expected|error|unable|parse|than|greater|less|match"
    r"|pattern|number|integer|value|assertion|failed|decimal|extra|permitted|missing)\b",
    re.IGNORECASE,
)
WRONG = {
    "EMDIA_MODE": ["demo", "prod", "1"],
    "TELEGRAM_BOT_TOKEN": ["hush-hush", "123:", ":hush", "123:hu sh", "x123:hush", "123:hush/hush"],
    "EMDIA_TELEGRAM_API": ["hush", "ftp://hush", "http://hush.example", "https://hush:hush@x/"],
    "EMDIA_TELEGRAM_UPDATES": ["hush", "webhooks", "1"],
    "EMDIA_PUBLIC_URL": [
        "hush",
        "ftp://hush.example",
        "https://u:hush@x.example",
        "https://x.example/?hush",
        "https://x.example/#hush",
        "https://hush hush.example",
        "http://hush.example",
        "https://hush.example:8080",
        "https://x.example:0",
    ],
    "RAILWAY_PUBLIC_DOMAIN": ["hush", "https://hush.example", "hush.example:443", "hush.example/x"],
    "ADMIN_CHAT_ID": ["hush", "7.5", "7,", "7;8", "9" * 18, "9" * 30, "٣٤"],
    "DATABASE_URL": ["hush", "mysql://hush:hush@h/d", "postgresql://u:hu/sh@h/d"],
    "EMDIA_HOST": ["hush hush", "http://hush", "hush/24", "*"],
    "PORT": ["hush", "70000", "-1", "80.5", "8080hush", "9" * 40],
    "EMDIA_HOME": ["~nobody-of-that-name-hush/x"],
    "EMDIA_VAULT_KEYS": ["hush", "k1:hush", f"k1:{KEY},", f"k1:{KEY},k1:{KEY}", f"K1:{KEY}"],
    "EMDIA_LOG_LEVEL": ["hush", "trace", "10"],
    "EMDIA_LOG": ["hush", "stderr"],
    "EMDIA_SIDECAR_WORKERS": ["0", "65", "hush", "1.5"],
    "EMDIA_TRIAL_DAYS": ["-1", "91", "hush"],
    "EMDIA_KEEP_LOG_DAYS": ["0", "-1", "3651", "7.5", "hush", "9" * 30],
    "EMDIA_KEEP_REPLIES_DAYS": ["0", "-1", "3651", "1e2", "hush", "٣٠"],
    "EMDIA_MONTHLY_PRICE": ["20.005", "0", "-20", "nan", "inf", "1e3", "hush", "999999999"],
    "EMDIA_PERIOD_DAYS": ["0", "-30", "3661", "30.0", "hush", "٣٠"],
    "MERCADO_PAGO_ACCESS_TOKEN": [
        "hush",
        "Bearer hush-hush-hush",
        "hush-hush/hush",
        "hush" * 65,
        "APP_USR-0b1c2d3e-0000-4000-8000-00000000beef",
    ],
    "MERCADO_PAGO_WEBHOOK_SECRET": ["hush", "hush hush hush", "hush" * 65, "hush-hush-é"],
    "EMDIA_MERCADO_PAGO_API": [
        "hush",
        "http://hush.example",
        "https://10.0.0.1:1",
        "http://hush@127.0.0.1:1",
        "http://127.0.0.1:0",
        "http://127.0.0.1:99999",
        "http://127.0.0.1/?hush",
        "http://127.0.0.1.hush.example",
    ],
    "EMDIA_STATUS_TOKEN": ["hush-hush", "hush-hush-hush.", "hush" * 65],
    "EMDIA_COMMIT": ["hush hush", "-hush", "hush/hush", "9" * 101],
    "RAILWAY_GIT_COMMIT_SHA": ["hush hush", "-hush", "hush/hush", "9" * 101],
    "EMDIA_WHATSAPP_URL": ["hush", "wss://hush.example", "ws://10.0.0.1:1/ws/chat"],
    "EMDIA_WHATSAPP_ROOT_KEY": ["hush", KEY[:-4]],
    "EMDIA_CLOCK": ["hush", "2026-11-24T04:55:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59Z"],
    "EMDIA_SEND_GAP_SECONDS": ["hush", "9-1", "1", "0-99999", "-1-2", "1-nan"],
}


def refusal(environment: dict[str, str], *, command: bool = False) -> str:
    """What is said against `environment`."""
    with pytest.raises(SettingsError) as caught:
        settings.load(environment, command=command)
    return caught.value.sentence


# The mode


def test_an_empty_environment_is_the_playground() -> None:
    assert settings.load({}).playground


def test_a_whole_production_is_one_without_being_said() -> None:
    assert (Mode.PRODUCTION, Mode.PRODUCTION) == (
        settings.load(PRODUCTION).mode,
        settings.load(PRODUCTION | {"EMDIA_MODE": "Production"}).mode,
    )


@pytest.mark.parametrize("missing", sorted(PRODUCTION))
def test_a_production_that_lacks_a_variable_is_never_a_playground(missing: str) -> None:
    rest = {name: value for name, value in PRODUCTION.items() if name != missing}

    assert f"{missing}: falta" in refusal(rest)


@pytest.mark.parametrize(
    "sign",
    [
        *sorted(PRODUCTION),
        "RAILWAY_ENVIRONMENT",
        "RAILWAY_PUBLIC_DOMAIN",
        "MERCADO_PAGO_ACCESS_TOKEN",
        "MERCADOPAGO_WEBHOOK_SECRET",
        "TELEGRAM_TOKEN",
        "TELEGRAM_BOT_TOKEN_",
    ],
)
def test_one_variable_of_a_production_is_enough_to_ask_for_the_others(sign: str) -> None:
    value = PRODUCTION.get(sign, "x")

    assert f"{sign} diz que é produção" in refusal({sign: value})


@pytest.mark.parametrize(
    "variable",
    [
        pytest.param({"TELEGRAM_BOT_TOKEN": "123:abc"}, id="a real bot"),
        pytest.param({"EMDIA_VAULT_KEYS": f"k1:{KEY}"}, id="real keys"),
        pytest.param({"MERCADO_PAGO_ACCESS_TOKEN": "x"}, id="a real bank"),
        pytest.param({"RAILWAY_ENVIRONMENT": "production"}, id="a public host"),
        pytest.param({"EMDIA_HOST": "0.0.0.0"}, id="a clock moved from outside"),  # noqa: S104 - refused
    ],
)
def test_a_playground_refuses_what_is_a_productions(variable: dict[str, str]) -> None:
    assert next(iter(variable)) in refusal(PLAYGROUND | variable)


# Payments

TOKEN, SECRET = "APP_USR-1-2-invented", "invented-secret-of-the-panel"
ACCOUNT = {"MERCADO_PAGO_ACCESS_TOKEN": TOKEN, "MERCADO_PAGO_WEBHOOK_SECRET": SECRET}
LOCAL_BANK = {"EMDIA_MERCADO_PAGO_API": "http://127.0.0.1:4010"}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        pytest.param(PRODUCTION, (None, None), id="not set up"),
        pytest.param(PRODUCTION | ACCOUNT, (TOKEN, SECRET), id="a real account"),
        pytest.param(
            PRODUCTION | {"MERCADO_PAGO_ACCESS_TOKEN": TOKEN}, (TOKEN, None), id="no notifications"
        ),
        pytest.param(
            PLAYGROUND,
            (settings.PLAYGROUND_PAYMENTS_TOKEN, settings.PLAYGROUND_PAYMENTS_SECRET),
            id="our own stand-in's",
        ),
        pytest.param(PLAYGROUND | LOCAL_BANK | ACCOUNT, (TOKEN, SECRET), id="another stand-in's"),
    ],
)
def test_the_account_at_mercado_pago_is_whose_it_can_be(
    environment: dict[str, str], expected: tuple[str | None, str | None]
) -> None:
    loaded = settings.load(environment)

    assert expected == (loaded.payments_token, loaded.payments_secret)


def test_a_real_account_never_gets_into_a_playground() -> None:
    unsaid = LOCAL_BANK | ACCOUNT

    assert ("é da produção" in refusal(PLAYGROUND | ACCOUNT), True) == (
        True,
        "EMDIA_MERCADO_PAGO_API: só existe na demonstração" in refusal(PRODUCTION | unsaid),
    )
    assert "diz que é produção" in refusal(unsaid)


def test_a_secret_without_a_token_is_told() -> None:
    said = refusal(PRODUCTION | {"MERCADO_PAGO_WEBHOOK_SECRET": SECRET})

    assert "- MERCADO_PAGO_ACCESS_TOKEN: falta" in said


def test_a_public_key_is_told_from_the_token_beside_it() -> None:
    key = "APP_USR-0b1c2d3e-0000-4000-8000-00000000beef"

    assert "essa é a Public Key" in refusal(PRODUCTION | {"MERCADO_PAGO_ACCESS_TOKEN": key})


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("MERCADO_PAGO_ACESS_TOKEN", "MERCADO_PAGO_ACESS_TOKEN: não conheço"),
        ("MERCADOPAGO_WEBHOOK_SECRET", "seria MERCADO_PAGO_WEBHOOK_SECRET?"),
    ],
)
def test_a_name_that_is_nearly_the_accounts_is_told(typed: str, expected: str) -> None:
    assert expected in refusal(PRODUCTION | {typed: TOKEN})


def test_what_else_is_of_mercado_pago_may_be_somebody_elses() -> None:
    other = {"MERCADO_PAGO_PUBLIC_KEY": "x", "MERCADO_PAGO_CLIENT_ID": "1"}

    assert settings.load(PRODUCTION | other).payments_token is None


@pytest.mark.parametrize(
    "api", ["http://localhost", "https://127.0.0.1:1/mp/", "http://[::1]:65535"]
)
def test_a_local_mercado_pago_may_be_anywhere_on_this_machine(api: str) -> None:
    assert api == settings.load(PLAYGROUND | {"EMDIA_MERCADO_PAGO_API": api}).mercado_pago_api


def test_several_may_administer() -> None:
    assert (7, -100123) == settings.load(
        PRODUCTION | {"ADMIN_CHAT_ID": "7, -100123,7"}
    ).admin_chat_ids


def test_a_playground_that_is_said_may_have_a_database_and_an_admin_of_its_own() -> None:
    own = {"DATABASE_URL": ADDRESS, "ADMIN_CHAT_ID": "7", "RAILWAY_TOKEN": "of a command line"}

    assert settings.load(PLAYGROUND | own).playground


@pytest.mark.parametrize(
    "variable",
    [
        pytest.param({"EMDIA_WHATSAPP_URL": "ws://127.0.0.1:1/ws/chat"}, id="whatsapp address"),
        pytest.param({"EMDIA_WHATSAPP_ROOT_KEY": KEY}, id="whatsapp root key"),
        pytest.param({"EMDIA_MERCADO_PAGO_API": "http://127.0.0.1:4010"}, id="a bank of its own"),
        pytest.param({"EMDIA_CLOCK": "2026-11-24T05:00:00-03:00"}, id="movable clock"),
        pytest.param({"EMDIA_SEND_GAP_SECONDS": "0-0"}, id="no pacing"),
        pytest.param({"PORT": "0"}, id="a port nobody knows"),
    ],
)
def test_production_refuses_what_only_stand_ins_need(variable: dict[str, str]) -> None:
    assert next(iter(variable)) in refusal(PRODUCTION | variable)


def test_a_command_needs_the_database_and_leaves_the_mode_to_it() -> None:
    told = settings.load({"DATABASE_URL": ADDRESS} | PLAYGROUND, command=True)

    assert (None, Mode.PLAYGROUND) == (
        settings.load({"DATABASE_URL": ADDRESS}, command=True).mode_said,
        told.mode_said,
    )
    assert "DATABASE_URL: falta" in refusal({"TELEGRAM_BOT_TOKEN": "123:abc"}, command=True)


# Every fault, in words


def test_every_variable_has_a_wrong_value_below() -> None:
    assert KNOWN_VARIABLES == WRONG.keys()


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_a_wrong_value_is_told_in_portuguese_and_never_shown(name: str, value: str) -> None:
    said = refusal(PLAYGROUND | {name: value})

    assert (True, None, True) == (
        f"- {name}: " in said,
        ENGLISH.search(said.replace("error", "", said.count("warning ou error"))),
        "hush" not in said,
    )


@pytest.mark.parametrize("name", sorted(PRODUCTION))
@pytest.mark.parametrize("place", range(6))
def test_a_production_refuses_the_same_wrong_values(name: str, place: int) -> None:
    value = (WRONG[name] * 2)[place]
    said = refusal(PRODUCTION | {name: value})

    assert (True, False) == (f"- {name}: " in said, "hush" in said)


def test_every_fault_is_in_one_message() -> None:
    said = refusal({"PORT": "x", "EMDIA_TYPO": "1", "EMDIA_WHATSAPP_ROOT_KEY": "short"})

    assert [True] * 3 == [
        name in said for name in ("PORT", "EMDIA_TYPO", "EMDIA_WHATSAPP_ROOT_KEY")
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("EMDIA_QUALQUER_COISA", None),
        ("EMDIA_LOGLEVEL", "EMDIA_LOG_LEVEL"),
        ("EMDIA_HOMES", "EMDIA_HOME"),
    ],
)
def test_an_unknown_variable_comes_with_the_nearest_known(typed: str, meant: str | None) -> None:
    hint = f"; seria {meant}?" if meant else ""

    assert refusal({typed: "1"}).endswith(f"{typed}: não conheço esta variável{hint}")


def test_a_secret_never_shows_in_a_repr() -> None:
    assert KEY not in repr(settings.load(PRODUCTION))


def test_secrets_are_known_in_every_form_they_may_be_logged_in() -> None:
    address = f"postgresql://{USER}:p%40ss%2Fword@db.example/emdia"
    added = {"DATABASE_URL": address, "EMDIA_STATUS_TOKEN": STATUS_TOKEN}
    loaded = settings.load(PRODUCTION | added | ACCOUNT)

    known = {"123:abc", STATUS_TOKEN, TOKEN, SECRET, address, "p%40ss%2Fword", "p@ss/word", KEY}
    assert known | {loaded.webhook_secret} == set(loaded.secrets)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param({}, None, id="nobody says"),
        pytest.param({"RAILWAY_GIT_COMMIT_SHA": "0123456789abcdef"}, "0123456789ab", id="Railway"),
        pytest.param({"EMDIA_COMMIT": "v1.2"}, "v1.2", id="a person"),
        pytest.param({"EMDIA_COMMIT": "v1.2", "RAILWAY_GIT_COMMIT_SHA": "0123"}, "v1.2", id="both"),
    ],
)
def test_the_commit_is_whatever_names_it(said: dict[str, str], expected: str | None) -> None:
    assert expected == settings.load(PRODUCTION | said).revision


@pytest.mark.parametrize("variable", ["EMDIA_COMMIT", "RAILWAY_GIT_COMMIT_SHA"])
def test_a_strange_commit_is_refused_in_production_too(variable: str) -> None:
    assert f"- {variable}: precisa ser" in refusal(PRODUCTION | {variable: "não é"})


# Values as they are pasted


@pytest.mark.parametrize(
    "pasted",
    [
        pytest.param("INFO", id="capitals"),
        pytest.param(" info\n", id="blanks and a line's end"),
        pytest.param('"info"', id="quotes"),
        pytest.param("'info'\r\n", id="single quotes"),
        pytest.param("\ufeffinfo\u200b", id="what nobody sees"),
        pytest.param(" “info” ", id="a word processor's quotes"),
    ],
)
def test_what_a_paste_leaves_around_a_value_is_taken_off(pasted: str) -> None:
    assert "info" == settings.load({"EMDIA_LOG_LEVEL": pasted}).log_level


@pytest.mark.parametrize("inside", ["\n", "\u200b", "\u202a", "\x00", "\u2028"])
def test_what_nobody_sees_inside_a_value_is_refused(inside: str) -> None:
    said = refusal(PRODUCTION | {"TELEGRAM_BOT_TOKEN": f"123:a{inside}bc"})

    assert "TELEGRAM_BOT_TOKEN: tem um caractere invisível" in said


@pytest.mark.parametrize("nothing", ["", " ", '""', "\n"])
def test_an_empty_value_is_none(nothing: str) -> None:
    assert settings.load({"EMDIA_LOG_LEVEL": nothing, "DATABASE_URL": nothing}).playground


@pytest.mark.parametrize("price", ["20", "20.00", "20,00", "19.9"])
def test_a_price_is_in_reais_and_cents(price: str) -> None:
    expected = Decimal(price.replace(",", "."))

    assert expected == settings.load({"EMDIA_MONTHLY_PRICE": price}).monthly_price


# Addresses


@pytest.mark.parametrize("password", ["a/b", "a#b", "a@b", "a?b", "a%b", "a%zz", "a b", "a[b"])
def test_a_password_that_breaks_its_address_is_told_how_to_be_written(password: str) -> None:
    said = refusal(
        PRODUCTION | {"DATABASE_URL": f"postgresql://{USER}:{password}@db.example/emdia"}
    )

    assert (True, True, False) == ("DATABASE_URL" in said, "%2F" in said, password in said)


@pytest.mark.parametrize(
    "address",
    [
        "postgres://emdia@db.example",
        f"postgresql://{USER}:a%40b%2Fc%23:d@db.example:5432/em%20dia?sslmode=require&x=1",
        "postgresql://emdia@[::1]:5432/emdia",
        "postgresql://emdia@db.example:65535/emdia",
        "postgresql://emdia@db.example:1/emdia",
        "postgresql://emdia@a.example:1,b.example/emdia?target_session_attrs=any",
        "postgresql://postgres@/test_1?host=/tmp/emdia-test-x/postgres",
        "postgresql://postgres@/test_1?host=%2Ftmp%2Femdia",
    ],
)
def test_an_address_of_postgresql_is_taken(address: str) -> None:
    taken = settings.load(PRODUCTION | {"DATABASE_URL": address}).database_url

    assert taken is not None
    assert address == taken.get_secret_value()


@pytest.mark.parametrize(
    "address",
    [
        "mysql://u@h/d",
        "postgresql+asyncpg://u@h/d",
        "host=h dbname=d",
        "//h/d",
        "postgresql:/h/d",
        "postgresql://",
        "postgresql:///",
        "postgresql://:@/",
        "postgresql://u@h:port/d",
        "postgresql://u@h:99999/d",
        "postgresql://u@h:0/d",
        "postgresql://u@a.example:1,b.example:99999/d",
        "postgresql://u@a.example,b.example:port/d",
        "postgresql://u@h:65536/d",
        "postgresql://u@h/d?sslmode=require&x",
        "postgresql://u@h/d?sslmode",
    ],
)
def test_any_other_address_is_refused_at_once(address: str) -> None:
    assert "- DATABASE_URL: " in refusal(PRODUCTION | {"DATABASE_URL": address})


@pytest.mark.parametrize("host", ["127.0.0.1:8081", "localhost", "[::1]:8081"])
def test_only_this_machine_may_be_spoken_to_in_the_open(host: str) -> None:
    given = PRODUCTION | {"EMDIA_TELEGRAM_API": f"http://{host}"}

    assert f"http://{host}" == settings.load(given).telegram_api


@pytest.mark.parametrize(
    "host", ["api.telegram.org", "10.0.0.1", "localhost.example", "127.1.evil"]
)
def test_a_token_never_travels_in_the_open(host: str) -> None:
    assert "mostraria o token" in refusal(PRODUCTION | {"EMDIA_TELEGRAM_API": f"http://{host}"})


# How updates come

RAILWAY = {"RAILWAY_PUBLIC_DOMAIN": "emdia.up.railway.app"}
PUBLIC = {"EMDIA_PUBLIC_URL": "https://bot.example/emdia/"}
LOCAL_TELEGRAM = {"EMDIA_TELEGRAM_API": "http://127.0.0.1:9"}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        pytest.param(PRODUCTION, None, id="nobody knows an address"),
        pytest.param(
            PRODUCTION | RAILWAY,
            "https://emdia.up.railway.app/webhooks/telegram",
            id="the host's own name",
        ),
        pytest.param(
            PRODUCTION | RAILWAY | PUBLIC,
            "https://bot.example/emdia/webhooks/telegram",
            id="a name of one's own goes first",
        ),
        pytest.param(
            PRODUCTION | RAILWAY | {"EMDIA_TELEGRAM_UPDATES": "Polling"}, None, id="not wanted"
        ),
        pytest.param(PLAYGROUND | PUBLIC, None, id="a playground polls"),
        pytest.param(
            PLAYGROUND
            | {"EMDIA_PUBLIC_URL": "http://127.0.0.1:8080", "EMDIA_TELEGRAM_UPDATES": "webhook"},
            "http://127.0.0.1:8080/webhooks/telegram",
            id="unless it is told to",
        ),
    ],
)
def test_updates_are_brought_where_there_is_an_address(
    environment: dict[str, str], expected: str | None
) -> None:
    assert expected == settings.load(environment).webhook_address


@pytest.mark.parametrize("mode", [PRODUCTION, PLAYGROUND])
def test_a_webhook_without_an_address_is_one_clear_fault(mode: dict[str, str]) -> None:
    said = refusal(mode | {"EMDIA_TELEGRAM_UPDATES": "webhook"})

    assert (1, True) == (said.count("\n  - "), "ponha-o em EMDIA_PUBLIC_URL" in said)


@pytest.mark.parametrize("port", ["", ":443", ":80", ":88", ":8443"])
def test_telegrams_ports_are_taken(port: str) -> None:
    base = f"https://bot.example{port}"

    assert f"{base}/webhooks/telegram" == (
        settings.load(PRODUCTION | {"EMDIA_PUBLIC_URL": base}).webhook_address
    )


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("https://bot.example:8080", "nas portas 443, 80, 88 e 8443"),
        ("https://bot.example:99999", "a porta vai de 1 a 65535"),
        ("http://bot.example", "só entrega em https://"),
        ("https://127.0.0.1", "não alcança esta máquina"),
        ("http://localhost:8080", "não alcança esta máquina"),
        ("https://[::1]:8443", "não alcança esta máquina"),
    ],
)
def test_what_telegram_cannot_reach_is_told_in_words(base: str, said: str) -> None:
    assert said in refusal(PRODUCTION | {"EMDIA_PUBLIC_URL": base})


@pytest.mark.parametrize("base", ["http://127.0.0.1:8080", "http://[::1]:1", "https://localhost"])
def test_a_telegram_on_this_machine_reaches_this_machine(base: str) -> None:
    given = PRODUCTION | LOCAL_TELEGRAM | {"EMDIA_PUBLIC_URL": base}

    assert f"{base}/webhooks/telegram" == settings.load(given).webhook_address


def test_a_playground_with_another_telegram_is_not_reached_by_it_here() -> None:
    far = {"EMDIA_TELEGRAM_API": "https://bots.example", "EMDIA_PUBLIC_URL": "http://127.0.0.1:1"}

    assert "não alcança esta máquina" in refusal(PLAYGROUND | far)


def test_the_webhooks_secret_is_the_tokens_own_and_stays() -> None:
    first, again, other = (
        settings.load(PRODUCTION | {"TELEGRAM_BOT_TOKEN": token}).webhook_secret
        for token in ("123:abc", "123:abc", "123:abd")
    )

    assert (True, False) == (first == again, first == other)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", first)
    assert "abc" not in first


# The log


def test_the_log_goes_where_its_reader_looks() -> None:
    assert (LogTo.FILE, LogTo.JSON, LogTo.JSON) == (
        settings.load({}).log_to,
        settings.load({"EMDIA_LOG": "JSON"}).log_to,
        settings.load(PRODUCTION).log_to,
    )
