"""How the values of an environment are read: what a paste leaves around them, what they betray.

Nothing here quotes a value: it may be a secret.
"""

import base64
import binascii
import re
import unicodedata
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

KEY_BYTES = 32
MOST_PORT = 65535
YEARS = (2000, 2100)  # the first that a clock may show, and the first that it may not
# Shorter ones would hide half of what a log says.
FEWEST_SECRET_CHARACTERS = 6
# What makes this a production by being there; a name that only begins so may be a typing error.
SIGNS = re.compile(
    r"ADMIN_CHAT_ID|DATABASE_URL|EMDIA_VAULT_KEYS|TELEGRAM_.*|MERCADO_?PAGO_.*"
    r"|RAILWAY_(?!TOKEN$|API_TOKEN$).*"
)
# A playground may have a database and an admin of its own when it is said to be one; never these.
NEVER_IN_PLAYGROUND = re.compile(
    r"TELEGRAM_BOT_TOKEN|EMDIA_VAULT_KEYS|MERCADO_?PAGO_.*|RAILWAY_(?!TOKEN$|API_TOKEN$).*"
)
INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp"})
QUOTES = frozenset({'""', "''", "“”", "‘’", "``"})
# How a password is written in an address.
IN_CODE = "@ vira %40, / vira %2F, # vira %23, ? vira %3F, % vira %25, espaço vira %20"
_PART = r"(?:%[0-9A-Fa-f]{2}|[^\s%/?#@\[\]])*"
_ADDRESS = re.compile(
    rf"postgres(?:ql)?://(?:{_PART}@)?(?P<hosts>[^\s/?#@]*)(?:/(?P<name>{_PART}))?"
    r"(?:\?(?P<query>[^\s#@]*))?"
)
# What the panel shows beside the token, and who copies the wrong one has: a prefix and a UUID.
_PUBLIC_KEY = re.compile(r"(?:APP_USR|TEST)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.%]+\]|(?:%[0-9A-Fa-f]{2}|[\w.-])*)(?::(\d{1,5}))?")


def bare(text: str) -> str:
    """A value without what a paste leaves around it: blanks, invisible characters, quotes."""
    for _ in range(2):
        text = text.strip("".join(c for c in set(text) if c.isspace() or is_invisible(c)))
        if len(text) > 1 and text[0] + text[-1] in QUOTES:
            text = text[1:-1]
    return text


def is_invisible(character: str) -> bool:
    """Whether nobody can see it: control and format characters, separators of lines."""
    return unicodedata.category(character) in INVISIBLE


def has_invisible(text: str) -> bool:
    """Whether `text` is not what it looks like."""
    return any(map(is_invisible, text))


def is_token(text: str) -> bool:
    """Whether `text` has the form of a bot's token."""
    return re.fullmatch(r"[0-9]{1,20}:[A-Za-z0-9_-]+", text) is not None


def is_key(text: str) -> bool:
    """Whether `text` is a whole key in base64."""
    return len(from_base64(text)) == KEY_BYTES


def is_ring(text: str) -> bool:
    """Whether `text` is a key ring: "k2:base64,k1:base64", every name once."""
    entries = [entry.strip().partition(":") for entry in text.split(",")]
    return len({name for name, _, _ in entries}) == len(entries) and all(
        re.fullmatch(r"[a-z0-9]{1,16}", name) and is_key(key) for name, _, key in entries
    )


def fault_of_payments_token(text: str) -> str | None:
    """What is wrong with an access token of Mercado Pago."""
    if _PUBLIC_KEY.fullmatch(text):
        return "essa é a Public Key; o que vai aqui é o Access Token, logo abaixo dela no painel"
    if not re.fullmatch(r"[A-Za-z0-9_-]{8,256}", text):
        return (
            "precisa ser o Access Token das credenciais de produção do Mercado Pago, como "
            "APP_USR-…, inteiro"
        )
    return None


def is_payments_secret(text: str) -> bool:
    """Whether `text` can be what notifications are signed under: the panel shows 64 digits."""
    return re.fullmatch(r"[!-~]{8,256}", text) is not None


def is_here(text: str) -> bool:
    """Whether `text` is the address of a server on this machine, to which a path can be added."""
    if not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~/-]*)?", text):
        return False
    try:
        parts = urlsplit(text)
        return is_loopback(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_loopback(host: str | None) -> bool:
    """Whether only this machine can be meant."""
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def fault_of_api(text: str) -> str | None:
    """What is wrong with the address that the bot's token is to be sent to."""
    if text.startswith("http://") and not is_loopback(urlsplit(text).hostname):
        return "http:// mostraria o token na rede; use https:// (http:// só em 127.0.0.1)"
    return None


def fault_of_address(text: str) -> str | None:
    """What is wrong with an address of PostgreSQL."""
    if not re.match(r"postgres(?:ql)?://", text):
        return "precisa começar com postgresql:// (o EmDia só usa PostgreSQL)"
    found = _ADDRESS.fullmatch(text)
    if found is None:
        return (
            "não consigo separar usuário, senha e servidor. Se a senha tem sinais, escreva-os em "
            f"código: {IN_CODE}"
        )
    hosts = [_HOST.fullmatch(host) for host in found["hosts"].split(",")]
    if not all(host and (host[1] is None or 0 < int(host[1]) <= MOST_PORT) for host in hosts):
        return "o servidor ou a porta não estão certos: use servidor:5432"
    if not (found["hosts"] or found["name"] or found["query"]):
        # A driver would take whatever server happens to be on this machine.
        return "falta o servidor: use postgresql://…@servidor:5432/banco"
    if found["query"] and not all("=" in pair for pair in found["query"].split("&")):
        return "o que vem depois de ? precisa ser nome=valor"
    return None


def from_base64(text: str) -> bytes:
    """The bytes, or none where `text` is not base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def is_instant(value: datetime) -> bool:
    """Whether `value` has its zone and is of this century."""
    first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in YEARS)
    return value.tzinfo is not None and first <= value < last


def digits(text: str) -> str:
    """`text`, if it is a whole number in plain digits; ValueError otherwise."""
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise ValueError
    return text


def chat_ids(text: str) -> tuple[str, ...]:
    """The numbers in `text`, with commas between them, each once; ValueError for what is none."""
    return tuple(dict.fromkeys(digits(one.strip()) for one in text.split(",")))


def price(text: str) -> str:
    """A price in reais and cents, with a point; ValueError for what is none."""
    if not re.fullmatch(r"\d{1,5}([.,]\d{1,2})?", text):
        raise ValueError
    return text.replace(",", ".")


def range_in(text: str, most: float) -> tuple[float, float]:
    """The two ends of "12-25", none above `most`; ValueError for what is no such range."""
    found = re.fullmatch(r"(\d{1,4}(?:\.\d{1,6})?)-(\d{1,4}(?:\.\d{1,6})?)", text)
    if found is None or not float(found[1]) <= float(found[2]) <= most:
        raise ValueError
    return float(found[1]), float(found[2])


def forms_of_secrets(token: str, address: str, ring: str) -> tuple[str, ...]:
    """A token, an address with a password and a key ring, in the forms a log may have them in."""
    password = urlsplit(address).password or ""
    found = [token, address, password, unquote(password), *re.split("[:,]", ring)[1::2]]
    return tuple(s.strip() for s in found if len(s.strip()) >= FEWEST_SECRET_CHARACTERS)
