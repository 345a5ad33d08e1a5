"""What clients write back: whose it is, who leaves, and what the owner is asked about it (F8, I9).

Each message is dealt with in one transaction that also marks it, so a crash repeats none and loses
none; what cannot be dealt with is set aside alone (F11).
"""

from dataclasses import dataclass
from datetime import timedelta

from actors.messages.replies import (
    DoneWithReply,
    GetQuiet,
    GetReplies,
    GetReply,
    Quiet,
    Replies,
    RepliesCame,
    ReplyCard,
    SetQuiet,
)
from actors.runtime import on
from actors.tenant import reply_cards
from actors.tenant.desk import Desk
from actors.tenant.part import TenantPorts
from actors.tenant.reply_telling import ReplyTellingPart
from domain import farewells
from domain.clients import Client
from domain.contacts import same_phone_key
from domain.reasons import Reason
from domain.replies import ReplyKind, Wish, wish_in
from errors import EmDiaError, InvalidInput, NotSignedUp
from storage import audit, by_hand, outbox, replies
from storage.whatsapp_incoming import Incoming
from telemetry import logger

LOG = logger("tenant")
AT_ONCE = 50
"""Messages dealt with before others of the tenant have their turn."""
LOOK_AGAIN_SECONDS = 30.0
TRY_AGAIN_SECONDS = 1.0
MOST_TRIES = 3
"""Of one message, before it is set aside: what is wrong may be a moment's."""
FAREWELL_FOR = timedelta(hours=12)
"""How long the confirmation of a SAIR may be in coming before it is odd."""
SAME_HOURS = "O silêncio precisa começar e terminar em horas diferentes."


@dataclass(frozen=True, slots=True)
class _Dealt:
    """What one message led to: whether anybody's outbox changed, or somebody came back."""

    changed: bool = False
    returned: bool = False


class RepliesPart(ReplyTellingPart):
    """Listens."""

    def __init__(self, tenant_id: int, ports: TenantPorts) -> None:
        super().__init__(tenant_id, ports)
        # How often each message failed; a restart begins anew, which costs some tries more.
        self._faults: dict[tuple[str, str], int] = {}

    @on(RepliesCame)
    async def replies_came(self, _message: RepliesCame) -> None:
        """Deal with what came, the oldest first, and have the owner told."""
        try:
            await self._deal_with_all()
        except NotSignedUp:
            return
        except EmDiaError as error:
            LOG.warning("replies wait", tenant_id=self._tenant_id, error=repr(error))
            self.context.after(LOOK_AGAIN_SECONDS, RepliesCame())
        self._tell_replies()

    def _look_at_replies(self) -> None:
        self.context.signal(RepliesCame())

    async def _deal_with_all(self) -> None:
        for _ in range(AT_ONCE):
            dealt = await self._deal_with_next()
            if dealt is None:
                return
            if dealt.returned:
                await self._plan_if_possible()
            elif dealt.changed:
                await self._wake_session()
        self.context.after(0.0, RepliesCame())

    async def _deal_with_next(self) -> _Dealt | None:
        """Deal with the oldest; None when there is none."""
        message: Incoming | None = None
        try:
            async with self._desk() as desk:
                message = await replies.next_unhandled(desk.tx)
                return None if message is None else await _deal_with(desk, message)
        except EmDiaError:
            raise
        except Exception as error:
            if message is None:
                raise
            LOG.error(  # noqa: TRY400 - a traceback could show what was written
                "reply not dealt with", tenant_id=self._tenant_id, error=type(error).__name__
            )
        which = (message.from_jid, message.message_id)
        self._faults[which] = self._faults.get(which, 0) + 1
        if self._faults[which] < MOST_TRIES:
            self.context.after(TRY_AGAIN_SECONDS, RepliesCame())
            return None
        del self._faults[which]
        async with self._desk() as desk:
            await replies.set_aside(desk.tx, message, desk.now)
        return _Dealt()

    @on(GetReply)
    async def get_reply(self, message: GetReply) -> ReplyCard:
        """The card of a talk."""
        async with self._desk() as desk:
            card = await reply_cards.card(desk, message.talk_id)
        self._follow_if_open(card)
        return card

    @on(DoneWithReply)
    async def done_with_reply(self, message: DoneWithReply) -> ReplyCard:
        """Nothing in it waits any more."""
        async with self._desk() as desk:
            await replies.done(desk.tx, message.talk_id, desk.now)
            return await reply_cards.card(desk, message.talk_id)

    @on(GetReplies)
    async def get_replies(self, message: GetReplies) -> Replies:
        """A page of what waits for the owner."""
        async with self._desk() as desk:
            return await reply_cards.waiting(desk, message.page)

    @on(GetQuiet)
    async def get_quiet(self, _message: GetQuiet) -> Quiet:
        """The quiet hours."""
        async with self._desk() as desk:
            hours, _ = await replies.quiet_hours(desk.tx)
        return Quiet(hours.on, hours.begins, hours.ends)

    @on(SetQuiet)
    async def set_quiet(self, message: SetQuiet) -> Quiet:
        """Change them; what was held back by them is told as they are now."""
        async with self._desk() as desk:
            hours, _ = await replies.quiet_hours(desk.tx)
            if (message.begins or hours.begins) == (message.ends or hours.ends):
                raise InvalidInput(SAME_HOURS)
            await replies.set_quiet_hours(
                desk.tx, on=message.on, begins=message.begins, ends=message.ends
            )
            hours, _ = await replies.quiet_hours(desk.tx)
        self._tell_replies()
        return Quiet(hours.on, hours.begins, hours.ends)


async def _deal_with(desk: Desk, message: Incoming) -> _Dealt:
    if message.about is not None:
        await replies.change(desk.tx, message)
        await replies.forget(desk.tx, message)
        return _Dealt()
    clients = await replies.clients_at(desk.tx, message)
    if not clients:
        await replies.forget(desk.tx, message)
        return _Dealt()
    wish = wish_in(message.text or "") if message.kind == ReplyKind.TEXT else None
    moved = wish is not None and await _grant(desk, message, wish, clients)
    phone = same_phone_key(clients[0].phone)
    await replies.add(desk.tx, message, phone, [client.id for client in clients], desk.now)
    return _Dealt(changed=moved, returned=moved and wish is Wish.RETURN)


async def _grant(desk: Desk, message: Incoming, wish: Wish, clients: list[Client]) -> bool:
    """Do what one word alone asks for, and confirm it once; False where it is so already."""
    ids = sorted(client.id for client in clients)
    if wish is Wish.LEAVE:
        await _cancel_all(desk, [client.id for client in clients if not client.opted_out])
        moved = await replies.opt_out(desk.tx, ids, desk.now)
    else:
        moved = await replies.opt_in(desk.tx, ids, desk.now)
    if moved:
        first = next(client.id for client in clients if client.id in moved)
        await audit.note(desk.tx, f"client wrote {wish}", f"client {first}", desk.now)
        await replies.confirm(
            desk.tx,
            first,
            body=farewells.words(wish, desk.charter.settings.company),
            nonce=f"{message.from_jid}|{message.message_id}",
            day=desk.today,
            now=desk.now,
            until=desk.now + FAREWELL_FOR,
        )
    return bool(moved)


async def _cancel_all(desk: Desk, client_ids: list[int]) -> None:
    """Cancel all that is to go to these clients: before they are touched, as everybody does."""
    for client_id in sorted(client_ids):
        await by_hand.cancel_of_client(desk.tx, client_id, Reason.OPTED_OUT, desk.now)
        await outbox.cancel_pending(desk.tx, client_id, Reason.OPTED_OUT, desk.now)
