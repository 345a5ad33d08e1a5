"""One business: its decisions, one message at a time, and the WhatsApp session below it.

It decides and records; it never waits for Telegram or WhatsApp. What its owner must hear is kept
first and told by a task beside it. Its handlers stand by area in `actors/tenant/`.
"""

from actors.tenant.access import AccessPart
from actors.tenant.by_hand import ByHandPart
from actors.tenant.client_views import ClientViewsPart
from actors.tenant.clients import ClientsPart
from actors.tenant.company import CompanyPart
from actors.tenant.corrections import CorrectionsPart
from actors.tenant.data import DataPart
from actors.tenant.drafts import DraftsPart
from actors.tenant.hand_views import HandViewsPart
from actors.tenant.home import HomePart
from actors.tenant.import_undo import ImportUndoPart
from actors.tenant.orders import OrdersPart
from actors.tenant.part import TenantPorts
from actors.tenant.payments import PaymentsPart
from actors.tenant.rehearsal import RehearsalPart
from actors.tenant.replies import RepliesPart
from actors.tenant.schedule import SchedulePart
from actors.tenant.sheets import SheetsPart
from actors.tenant.subscription import SubscriptionPart
from actors.tenant.tags import TagsPart
from actors.tenant.text_editor import TextEditorPart
from actors.tenant.texts import TextsPart
from actors.tenant.undo import UndoPart
from actors.tenant.whatsapp_screen import WhatsAppScreenPart
from domain.whatsapp import SessionPhase, may_reconnect
from storage import replies, tenants, whatsapp_state

__all__ = ["TenantActor", "TenantPorts"]


class TenantActor(
    AccessPart,
    ClientViewsPart,
    ClientsPart,
    PaymentsPart,
    CorrectionsPart,
    OrdersPart,
    SchedulePart,
    ByHandPart,
    HandViewsPart,
    SheetsPart,
    ImportUndoPart,
    TagsPart,
    TextsPart,
    TextEditorPart,
    RehearsalPart,
    UndoPart,
    DraftsPart,
    RepliesPart,
    HomePart,
    CompanyPart,
    DataPart,
    SubscriptionPart,
    WhatsAppScreenPart,
):
    """The tenant `tenant_id`, or the chat that may become one."""

    async def started(self) -> None:
        """Keep a paired session open, and tell what was left untold."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            signed_up = await tenants.find(tx) is not None
            stored = await whatsapp_state.find_session(tx)
            has_replies = await replies.is_anything_left(tx)
        if stored is not None and may_reconnect(SessionPhase.CLOSED, stored.state):
            await self._session()
        if signed_up:
            self._tell_kept()
        if signed_up and has_replies:
            self._look_at_replies()
