"""The official SDK's way to Mercado Pago, with what it lacks: one end for each call, and bounds.

`requests` counts its time-out for each read, so that a trickle of bytes outlives it, through the
handshake, the headers and the body alike: a `Line` can be cut from outside, and the read ends.
Retries are not made here, nor by the SDK. Numbers with a point become Decimal, never a float.
"""

import json
import socket
import threading
from contextlib import suppress
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from mercadopago import SDK
from mercadopago.config import RequestOptions
from mercadopago.http import HttpClient
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

MERCADO_PAGO = "https://api.mercadopago.com"
MOST_BODY_BYTES = 4 * 1024 * 1024  # a page of fifty payments with their QR pictures is a tenth
MOST_RETRY_AFTER_SECONDS = 3600.0
_on_line = threading.local()


class Unusable(Exception):
    """What was answered is no JSON, or too much of it; `str` says why, without any of it."""


class Cut(OSError):
    """Nobody waits for this call any more."""


class Line:
    """What one call holds open, to be cut by whoever no longer waits for it."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._is_cut = False

    def holds(self, connected: socket.socket) -> socket.socket:
        """Remember a connection, or end it where the line is cut already."""
        with self._turn:
            if self._is_cut:
                connected.close()
                raise Cut
            # A second handle: TLS takes the first one over, and hides it during its handshake.
            self._sockets.append(connected.dup())
        return connected

    def cut(self) -> None:
        """End every read and write on it at once, in whichever thread."""
        with self._turn:
            self._is_cut = True
            for one in self._sockets:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of it."""
        with self._turn:
            while self._sockets:
                self._sockets.pop().close()


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        line: Line = _on_line.line
        return line.holds(super()._new_conn())


class _Secure(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        line: Line = _on_line.line
        return line.holds(super()._new_conn())


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


_POOLS = {"http": _PlainPool, "https": _SecurePool}


class _Adapter(HTTPAdapter):
    """Opens connections that a line knows of, through a proxy as well."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager


class Client(HttpClient):  # type: ignore[misc]  # the SDK has no types
    """The SDK's transport for one call, to Mercado Pago or to what stands in at `base`."""

    def __init__(self, base: str, line: Line) -> None:
        self._base = base
        self._line = line

    def request(
        self,
        method: str,
        url: str,
        maxretries: Any = None,  # noqa: ARG002 - retries are not made here
        retry_on: Any = None,  # noqa: ARG002 - the SDK passes it, and repeating is ours
        backoff_factor: Any = None,  # noqa: ARG002 - the SDK passes it, and repeating is ours
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Make one request; raises what `requests` and urllib3 raise, and Unusable."""
        url = self._base.rstrip("/") + url.removeprefix(MERCADO_PAGO)
        _on_line.line = self._line
        try:
            with requests.Session() as session:
                # What stands in is on this machine: no proxy of the environment knows it.
                session.trust_env = self._base == MERCADO_PAGO
                for scheme in ("https://", "http://"):
                    session.mount(scheme, _Adapter(max_retries=0))
                # Of a redirection neither a payment nor a token is worth following.
                kwargs |= {"stream": True, "allow_redirects": False, "auth": _as_it_is}
                with session.request(method, url, **kwargs) as answer:
                    body = answer.raw.read(MOST_BODY_BYTES + 1, decode_content=True)
                    return {
                        "status": answer.status_code,
                        "response": read(body),
                        "retry_after": retry_after(answer.headers),
                    }
        finally:
            self._line.close()


def payments(token: str, base: str, line: Line) -> Any:
    """The SDK's payments, over a line of their own."""
    return SDK(token, Client(base, line), options(token)).payment()


def options(token: str, key: str | None = None, seconds: float = 5.0) -> RequestOptions:
    """Fresh options: the SDK writes a token into shared ones, and keeps it for the next account."""
    own = {} if key is None else {"x-idempotency-key": key}
    return RequestOptions(
        access_token=token,
        connection_timeout=seconds,
        custom_headers=own | {"Accept-Encoding": "identity"},
        max_retries=0,
        retry_on=[],
    )


def read(body: bytes) -> Any:
    """JSON as exact values; None for an empty body."""
    if len(body) > MOST_BODY_BYTES:
        raise Unusable("too long")
    if not body.strip():
        return None
    try:
        return json.loads(body.decode(), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Unusable(type(error).__name__) from None


def retry_after(headers: Any) -> float | None:
    """How many seconds the other side wants to be left alone, at most an hour."""
    said = str(headers.get("Retry-After", "")).strip()
    seconds: float | None = None
    if said.isascii() and said.isdecimal():
        seconds = float(said[:12])
    elif said:
        with suppress(ValueError, TypeError, OverflowError):
            # By the clock of who wrote both.
            written = parsedate_to_datetime(str(headers.get("Date", "")))
            seconds = (parsedate_to_datetime(said) - written).total_seconds()
    return None if seconds is None else min(max(seconds, 0.0), MOST_RETRY_AFTER_SECONDS)


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep the token in the header: a .netrc would take its place."""
    return request
