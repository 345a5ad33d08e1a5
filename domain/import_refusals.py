"""An import never lets anybody receive what they refused (C10): what is known of that outweighs it.

A switch that is off for a client, registered or in another row, is off for its double too; whoever
has a number from which SAIR came has sent it, whatever the sheet calls the client.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from domain.clients import NewClient
from domain.contacts import same_phone_key
from domain.import_preview import ClientKey, ImportPreview, client_key


class Refuser(Protocol):
    """A client, registered or in a sheet, and what it refused."""

    @property
    def name(self) -> str:
        """As people write it."""

    @property
    def phone(self) -> str:
        """E.164."""

    @property
    def plan(self) -> str | None:
        """None without one."""

    @property
    def receives_billing(self) -> bool:
        """Whether the one switch is on."""

    @property
    def receives_notices(self) -> bool:
        """Whether the other one is."""

    @property
    def opted_out(self) -> bool:
        """Whether SAIR came."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """Who is known to refuse what."""

    no_billing: frozenset[ClientKey]
    no_notices: frozenset[ClientKey]
    gone: frozenset[ClientKey]
    gone_phones: frozenset[str]

    def upon(self, client: NewClient) -> NewClient:
        """The client with all of it that is its own."""
        key = client_key(client.phone, client.name, client.plan)
        return replace(
            client,
            receives_billing=client.receives_billing and key not in self.no_billing,
            receives_notices=client.receives_notices and key not in self.no_notices,
            opted_out=client.opted_out or key in self.gone or key.phone in self.gone_phones,
        )


def with_refusals(found: ImportPreview, registered: Iterable[Refuser]) -> ImportPreview:
    """The dry run with nobody in it who would receive more than before."""
    there = list(registered)
    read = [entry.client for entry in found.clients]
    read += [same.client for same in found.duplicates]
    refusals = _gathered([*there, *read], there)
    if not any((refusals.no_billing, refusals.no_notices, refusals.gone)):
        return found
    return replace(
        found,
        clients=tuple(replace(one, client=refusals.upon(one.client)) for one in found.clients),
        duplicates=tuple(
            replace(one, client=refusals.upon(one.client)) for one in found.duplicates
        ),
    )


def _gathered(known: Sequence[Refuser], there: Sequence[Refuser]) -> Refusals:
    return Refusals(
        no_billing=_keys(one for one in known if not one.receives_billing),
        no_notices=_keys(one for one in known if not one.receives_notices),
        gone=_keys(one for one in known if one.opted_out),
        # An export says of each of its clients by itself who is gone.
        gone_phones=frozenset(same_phone_key(one.phone) for one in there if one.opted_out),
    )


def _keys(refusers: Iterable[Refuser]) -> frozenset[ClientKey]:
    return frozenset(client_key(one.phone, one.name, one.plan) for one in refusers)
