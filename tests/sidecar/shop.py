"""A business and its phones, all its own: tests share a simulator undisturbed."""

import itertools
from dataclasses import dataclass, field
from typing import Any, TypeVar

from gateways.sidecar import SidecarLink
from gateways.sidecar_events import Event, Paired, QrShown, SessionClosed, SessionOpened
from gateways.whatsapp import WhatsAppLine
from tests.sidecar.simulator import Simulator
from tests.sidecar.support import Heard, Store, Stored

E = TypeVar("E", bound=Event)
_NUMBERS = itertools.count(88_000_001)
_TENANTS = itertools.count(42)


def fresh_number() -> str:
    """A mobile number nobody has had, in the form without the ninth digit."""
    return f"5511{next(_NUMBERS)}"


@dataclass(frozen=True, slots=True)
class Shop:
    """One tenant in a worker, what it keeps with us, and its people's phones."""

    whatsapp: Simulator
    link: SidecarLink
    store: Store
    heard: Heard
    tenant_id: int = field(default_factory=lambda: next(_TENANTS))
    owner: str = field(default_factory=fresh_number)
    client: str = field(default_factory=fresh_number)

    @property
    def line(self) -> WhatsAppLine:
        """Its session, under the first epoch."""
        return WhatsAppLine(self.link, self.tenant_id, 1)

    @property
    def kept(self) -> Stored:
        """What its session left with us."""
        return self.store.tenants[self.tenant_id]

    @property
    def client_jid(self) -> str:
        """Where the client is written to."""
        return f"{self.client}@s.whatsapp.net"

    async def add_phones(self) -> None:
        """Its people's phones exist on WhatsApp."""
        await self.whatsapp.add_phone(self.owner, name="Academia Boa Forma")
        await self.whatsapp.add_phone(self.client, name="Maria")

    async def pair(self) -> None:
        """The owner scans the QR, and the session is open."""
        await self.line.open(None)
        await self.whatsapp.scan(self.owner, (await self.told(QrShown)).payload)
        await self.told(Paired)
        await self.told(SessionClosed)
        await self.line.open(self.kept.creds)
        await self.told(SessionOpened)

    async def told(self, kind: type[E], *, nth: int = 1) -> E:
        """The `nth` event of a kind about this tenant."""
        return await self.heard.wait_for(kind, tenant_id=self.tenant_id, nth=nth)

    async def say_first(self, message_id: str, text: str) -> None:
        """The first message to the client, to its last write: the trusted-contact token."""
        await self.line.send(message_id, self.client_jid, text)
        await self.store.until(lambda: any(kind == "tctoken" for kind, _ in self.kept.keys))

    async def faults(self, order: dict[str, Any]) -> None:
        """WhatsApp misbehaves towards the owner's device."""
        await self.whatsapp.ask("POST", "/faults", {"number": self.owner, **order})

    async def reply(self, text: str, *, lid_form: bool = False) -> str:
        """The client writes to the owner; returns the message's id."""
        return await self.whatsapp.reply(self.client, self.owner, text, lid_form=lid_form)

    async def inbox(self) -> list[tuple[str, str, int]]:
        """What the client's phone shows: id, text and how often it came."""
        return await self.whatsapp.inbox(self.client)
