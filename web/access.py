"""Who may see how the system is: whoever has the token, and this machine itself.

Behind a proxy everybody looks as if they came from this machine. So nobody counts as such whose
request says that it was passed on, or was meant for another name.
"""

import hmac

from aiohttp import web

from domain.environment import is_loopback
from web.local import is_local

SCHEME = "bearer"
PASSED_ON = ("x-forwarded-", "forwarded", "x-real-ip", "via")
REFUSAL = (
    "Só para quem administra este EmDia: mande o cabeçalho “Authorization: Bearer …” com o valor "
    "de EMDIA_STATUS_TOKEN. Sem essa variável, só se vê a partir da própria máquina.\n"
)


def may_see(request: web.Request, token: str | None) -> bool:
    """Whether the request shows the token, or surely comes from this machine."""
    return _comes_from_here(request) or (token is not None and _shows(request, token))


def refused() -> web.Response:
    """What everybody else is told."""
    asks = {"WWW-Authenticate": 'Bearer realm="emdia"'}
    return web.Response(status=401, text=REFUSAL, headers=asks)


def _shows(request: web.Request, token: str) -> bool:
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    # In constant time: how long it takes must not tell how much of it was right.
    same = hmac.compare_digest(_bytes(shown.strip()), _bytes(token))
    return scheme.lower() == SCHEME and same


def _comes_from_here(request: web.Request) -> bool:
    # As the connection has it: what the request says of itself is anybody's word.
    peer = request.transport.get_extra_info("peername") if request.transport is not None else None
    if not peer or not is_loopback(peer[0]):
        return False
    if any(name.lower().startswith(PASSED_ON) for name in request.headers):
        return False
    try:
        return is_local(request)
    except ValueError:  # a host that is none
        return False


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
