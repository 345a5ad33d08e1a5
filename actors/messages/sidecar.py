"""How a WhatsApp session comes to the worker that carries its line."""

from dataclasses import dataclass

from actors.runtime import Ref, Request
from gateways.sidecar import SidecarLink


@dataclass(frozen=True, slots=True)
class Attach(Request[SidecarLink]):
    """Send the events of `tenant_id` to `session`; answered with the link to order by."""

    tenant_id: int
    session: Ref


@dataclass(frozen=True, slots=True)
class Detach:
    """`session` listens no more."""

    tenant_id: int
    session: Ref
