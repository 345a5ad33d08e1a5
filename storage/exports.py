"""Everything a tenant has of its clients, to be taken out (C11, I9, J9)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

import asyncpg

from domain.export_rows import ExportedClient, ExportedPayment
from storage.clients import client_from_row
from storage.database import TenantConnection
from storage.sql import load

SQL = load("exports")


@dataclass(frozen=True, slots=True)
class Everything:
    """The rows as PostgreSQL gave them: making values of thousands is work for a thread."""

    clients: Sequence[asyncpg.Record]
    tags: Sequence[asyncpg.Record]
    fields: Sequence[asyncpg.Record]
    payments: Sequence[asyncpg.Record]

    @property
    def own_fields(self) -> list[str]:
        """The names of the tenant's own fields, in the order they were made (C12)."""
        return [field["name"] for field in self.fields]

    @property
    def secret_fields(self) -> list[str]:
        """Those of them whose values are secret."""
        return [field["name"] for field in self.fields if field["secret"]]

    def exported_clients(self, zone: tzinfo) -> list[ExportedClient]:
        """All clients by name, the archived among them, their days in `zone`."""
        tags: dict[int, list[str]] = defaultdict(list)
        for tag in self.tags:
            tags[tag["client_id"]].append(tag["name"])
        emojis = {tag["name"]: tag["emoji"] for tag in self.tags}
        names = {str(field["id"]): field["name"] for field in self.fields}
        return [
            ExportedClient(
                client=client_from_row(row),
                tags=tuple(tags[row["id"]]),
                tag_emojis=emojis,
                own_fields={
                    names[key]: value for key, value in row["own_values"].items() if key in names
                },
                archived_on=row["archived_at"] and row["archived_at"].astimezone(zone).date(),
            )
            for row in self.clients
        ]

    def exported_payments(self) -> list[ExportedPayment]:
        """The whole ledger, the latest first."""
        return [ExportedPayment(**dict(row)) for row in self.payments]


async def everything(tx: TenantConnection) -> Everything:
    """All of it."""
    return Everything(
        await tx.fetch(SQL["clients"]),
        await tx.fetch(SQL["tags"]),
        await tx.fetch(SQL["own_fields"]),
        await tx.fetch(SQL["payments"]),
    )
