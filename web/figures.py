"""What a scrape adds to the metrics that parts of the system count themselves (`telemetry`).

A collector that is asked and writes nothing meanwhile: the live tree, the figures across tenants,
the pools. What is not known is left out, never told as 0. No label names anybody.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from actors.runtime import ActorStatus
from domain.charge import Standing
from domain.charges import ChargeState
from domain.figures import Figures, PoolFigures
from domain.outbox import OPEN
from domain.whatsapp import SessionPhase

TENANT, WHATSAPP = "tenant", "whatsapp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The system at one moment; `figures` is None while PostgreSQL is away."""

    standing: Standing
    actors: Sequence[ActorStatus]
    tenants_known: int
    figures: Figures | None
    pools: Mapping[str, PoolFigures]
    memory: Mapping[str, int]
    versions: Mapping[str, str]


def exposition(seen: Seen) -> bytes:
    """Everything, in the text format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(_Snapshot(seen))
    return generate_latest(REGISTRY) + generate_latest(registry)


def family_of(actor_id: str) -> str:
    """What an actor is, without whose."""
    return actor_id.partition(" ")[0]


class _Snapshot(Collector):
    """One scrape's worth."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    def collect(self) -> Iterator[Metric]:
        """All of it."""
        seen = self._seen
        yield InfoMetricFamily("emdia_build", "What is running", value=dict(seen.versions))
        yield _one("emdia_database_up", "Whether PostgreSQL answers", seen.figures is not None)
        stands = {standing.value: float(standing is seen.standing) for standing in Standing}
        yield _by("emdia_standing", "Where this process stands: 1 for that", "standing", stands)
        yield from _of_actors(seen.actors)
        yield _one("emdia_tenants_known", "Tenants this process has met", seen.tenants_known)
        yield from _of_pools(seen.pools)
        yield _by(
            "emdia_program_memory_bytes", "Resident memory, children included", "program",
            seen.memory,
        )  # fmt: skip
        if seen.figures is not None:
            yield from _of_everybody(seen.figures)


def _of_actors(actors: Sequence[ActorStatus]) -> Iterator[Metric]:
    states = Counter((family_of(actor.id), actor.state) for actor in actors)
    waiting: Counter[str] = Counter()
    oldest: dict[str, float] = {}
    busiest: dict[str, float] = {}
    for actor in actors:
        family = family_of(actor.id)
        waiting[family] += actor.mailbox_depth
        oldest[family] = max(oldest.get(family, 0.0), actor.oldest_message_seconds)
        busiest[family] = max(busiest.get(family, 0.0), actor.busy_share)
    alive = GaugeMetricFamily("emdia_actors", "Actors by state", labels=["family", "state"])
    for (family, state), count in states.items():
        alive.add_metric([family, state], count)
    yield alive
    yield _by("emdia_actor_mailbox_messages", "Messages that wait", "family", waiting)
    yield _by(
        "emdia_actor_mailbox_oldest_seconds", "Age of the oldest waiting message", "family", oldest
    )
    yield _by("emdia_actor_busy_ratio", "Busy share of the life of the busiest", "family", busiest)
    restarts: Counter[str] = Counter()
    for actor in actors:
        restarts[family_of(actor.id)] += actor.restarts
    yield _by("emdia_actor_restarts", "Restarts of those alive", "family", restarts)
    awake = sum(family_of(actor.id) == TENANT for actor in actors)
    yield _one("emdia_tenants_awake", "Tenants with an actor of their own in this process", awake)
    phases = {phase.value: 0 for phase in SessionPhase} | Counter(
        actor.standing for actor in actors if family_of(actor.id) == WHATSAPP and actor.standing
    )
    yield _by("emdia_whatsapp_sessions", "WhatsApp sessions by state", "state", phases)


def _of_pools(pools: Mapping[str, PoolFigures]) -> Iterator[Metric]:
    there = GaugeMetricFamily(
        "emdia_pool_connections", "Connections to PostgreSQL", labels=["role", "state"]
    )
    for role, pool in pools.items():
        there.add_metric([role, "in_use"], pool.in_use)
        there.add_metric([role, "idle"], pool.size - pool.in_use)
    yield there
    waiting = {role: pool.waiting for role, pool in pools.items()}
    yield _by("emdia_pool_waiting", "Who waits for a connection", "role", waiting)


def _of_everybody(figures: Figures) -> Iterator[Metric]:
    ready, update = figures.oldest_ready_seconds, figures.oldest_update_seconds
    event, news = figures.oldest_webhook_seconds, figures.admin_notices_untold
    outbox = {state.value: 0 for state in OPEN} | dict(figures.outbox)
    yield _by("emdia_outbox_messages", "Messages that have not come to an end", "state", outbox)
    charges = {state.value: 0 for state in ChargeState} | dict(figures.charges)
    yield _by("emdia_charges", "Charges of the platform", "state", charges)
    for name, told, value in (
        ("outbox_oldest_ready_seconds", "How long a message could have gone", ready),
        ("jobs_due", "Jobs that could be claimed", figures.jobs_due),
        ("jobs_claimed", "Jobs that somebody is at", figures.jobs_claimed),
        ("jobs_oldest_due_seconds", "How late the latest job is", figures.oldest_job_seconds),
        ("telegram_updates_open", "Updates not handled yet", figures.updates_open),
        ("telegram_updates_oldest_seconds", "Age of the oldest of them", update),
        ("notices_untold", "Notices their owners have not got yet", figures.notices_untold),
        ("tenants_registered", "Tenants on this database", figures.tenants),
        ("tenants_quarantined", "Tenants set aside", figures.tenants_quarantined),
        ("charges_to_check", "Charges it is time to look at", figures.charges_to_check),
        ("payment_events_open", "Deliveries of Mercado Pago not dealt with", figures.webhooks_open),
        ("payment_events_oldest_seconds", "Age of the oldest of them", event),
        ("admin_notices_untold", "News that administrators have not got", news),
        ("replicas_alive", "Processes on this database", figures.replicas),
    ):  # fmt: skip
        yield _one(f"emdia_{name}", told, value)


def _one(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value=value)


def _by(name: str, told: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, told, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family
