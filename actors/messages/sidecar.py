"""How a WhatsApp session comes to the worker that carries its line."""

from dataclasses import dataclass

from actors.runtime import Ref, Request
from gateways.sidecar import SidecarLink


@dataclass(frozen=True, slots=True)
class Attach(Request[SidecarLink]):
    """Send the events of `tenant_id` under `epoch` to `session`; answered with the link.

    From now on the worker may ask for this tenant, under this epoch and no other. StaleEpoch when
    a later one is attached.
    """

    tenant_id: int
    epoch: int
    session: Ref


@dataclass(frozen=True, slots=True)
class Detach:
    """`session` listens no more."""

    tenant_id: int
    session: Ref
