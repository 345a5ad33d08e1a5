"""How the system is, for whoever runs it: `/health` for all, `/status` and `/metrics` for few.

What is counted across tenants is asked of PostgreSQL when somebody looks, with a deadline, and kept
for a moment, however many look. While PostgreSQL is away, what the process knows is told.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import orjson
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from actors.runtime import ActorStatus
from domain.charge import Standing
from domain.figures import Figures, PoolFigures
from telemetry import logger
from web.access import may_see, refused
from web.figures import Seen, exposition
from web.machine import memory_by_program, system_figures

LOG = logger("web")
FIGURES_SECONDS = 2.0  # that a look waits for PostgreSQL
KEPT_SECONDS = 5.0

Checks = Callable[[], Awaitable[Mapping[str, bool]]]
Monotonic = Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where what is shown comes from. Only `checks` and `figures` ask anybody."""

    checks: Checks
    figures: Callable[[], Awaitable[Figures]]
    tree: Callable[[], Mapping[str, object]]
    standing: Callable[[], Standing]
    actors: Callable[[], Sequence[ActorStatus]]
    tenants_known: Callable[[], int]
    pools: Callable[[], Mapping[str, PoolFigures]]
    versions: Mapping[str, str]
    monotonic: Monotonic


class Kept:
    """What `ask` answered, KEPT_SECONDS old at most, however many want it; None for no answer."""

    def __init__(self, ask: Callable[[], Awaitable[Figures]], monotonic: Monotonic) -> None:
        self._ask = ask
        self._monotonic = monotonic
        self._answer: Figures | None = None
        self._asked_at: float | None = None
        self._turn = asyncio.Lock()

    async def latest(self) -> Figures | None:
        """The answer, after FIGURES_SECONDS at most."""
        async with self._turn:
            if self._asked_at is None or self._monotonic() - self._asked_at >= KEPT_SECONDS:
                self._answer = await self._asked()
                # From here on: a PostgreSQL that hangs is not asked again by the next in line.
                self._asked_at = self._monotonic()
            return self._answer

    async def _asked(self) -> Figures | None:
        try:
            async with asyncio.timeout(FIGURES_SECONDS):
                return await self._ask()
        except Exception as error:  # noqa: BLE001 - whatever it is, what is known is still told
            LOG.warning("no figures", error=type(error).__name__)
            return None


class Inspection:
    """The pages of one process; `token` opens the closed ones from afar."""

    def __init__(self, sources: Sources, token: str | None = None) -> None:
        self._sources = sources
        self._token = token
        self._figures = Kept(sources.figures, sources.monotonic)

    def add_to(self, app: web.Application) -> None:
        """Put the pages where they are found."""
        app.router.add_get("/health", self._health)
        app.router.add_get("/status", self._status)
        app.router.add_get("/metrics", self._metrics)

    async def _health(self, _request: web.Request) -> web.Response:
        checks = await self._sources.checks()
        ready = all(checks.values())
        body = {
            "live": True,
            "ready": ready,
            "checks": dict(checks),
            "versions": {**self._sources.versions, **_versions_of(await self._figures.latest())},
        }
        return _json(body, 200 if ready else 503)

    async def _status(self, request: web.Request) -> web.Response:
        if not may_see(request, self._token):
            return refused()
        figures = await self._figures.latest()
        body = {
            **self._sources.tree(),
            "actors": [asdict(actor) for actor in self._sources.actors()],
            "everybody": None if figures is None else asdict(figures),
            "pools": {role: asdict(pool) for role, pool in self._sources.pools().items()},
            "system": await asyncio.to_thread(system_figures),
        }
        return _json(body)

    async def _metrics(self, request: web.Request) -> web.Response:
        if not may_see(request, self._token):
            return refused()
        figures = await self._figures.latest()
        sources = self._sources
        seen = Seen(
            standing=sources.standing(),
            actors=sources.actors(),
            tenants_known=sources.tenants_known(),
            figures=figures,
            pools=sources.pools(),
            memory=await asyncio.to_thread(memory_by_program),
            versions=sources.versions,
        )
        # Of ten thousand actors it takes a while: beside the loop.
        body = await asyncio.to_thread(exposition, seen)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})


def _versions_of(figures: Figures | None) -> Mapping[str, str | None]:
    if figures is None:
        return {"postgresql": None, "schema": None}
    return {"postgresql": figures.server, "schema": f"{figures.schema_number:04}"}


def _json(body: object, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")
