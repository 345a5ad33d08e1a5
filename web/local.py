"""For doors that are this machine's alone: no other name for it, and no page of somebody else's.

A page in the person's browser can send requests here too: as itself, which its `Origin` tells, or
by a name of its own that it lets point to this machine, which the `Host` tells.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from domain.environment import is_loopback

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def is_local(request: web.Request) -> bool:
    """Whether the request was made on this machine, to it, and by nobody's page but its own."""
    host = urlsplit(f"//{request.headers.get('Host', '')}").hostname
    origin = request.headers.get("Origin")
    return (
        is_loopback(host)
        and (origin is None or is_loopback(urlsplit(origin).hostname))
        and request.headers.get("Sec-Fetch-Site") != "cross-site"
    )


@web.middleware
async def local_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse every other request before anything of it is read."""
    try:
        local = is_local(request)
    except ValueError:  # a host that is none
        local = False
    if not local:
        return web.Response(status=403, text="só daqui mesmo: 127.0.0.1")
    return await handler(request)
