"""What is counted across all tenants, and of the connections to PostgreSQL: never whose it is."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts and ages in seconds at one moment, of all processes and tenants on one database.

    `outbox` counts by state what has not come to its end; an age is 0 where there is nothing.
    `charges` counts all charges of the platform by state, `webhooks_open` the deliveries of Mercado
    Pago that are not dealt with. `schema_number` is that of the newest migration, `server`
    PostgreSQL's version.
    """

    outbox: Mapping[str, int]
    oldest_ready_seconds: float
    jobs_due: int
    jobs_claimed: int
    oldest_job_seconds: float
    updates_open: int
    oldest_update_seconds: float
    notices_untold: int
    tenants: int
    tenants_quarantined: int
    replicas: int
    schema_number: int
    server: str
    charges: Mapping[str, int]
    charges_to_check: int
    webhooks_open: int
    oldest_webhook_seconds: float
    admin_notices_untold: int


@dataclass(frozen=True, slots=True)
class PoolFigures:
    """One pool of connections: how many may be, are there and are in use; who waits for one."""

    most: int
    size: int
    in_use: int
    waiting: int
