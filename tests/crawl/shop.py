"""What a shop that has been open for a while has in it, so that a crawl finds every state at once.

Tags and own fields, payments that are partial, voided and without a client, messages of every state
and with every reason, numbers that two share, clients who get nothing.
"""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import cycle
from typing import TypeVar

from actors.messages.payments import RecordPayment, VoidPayment
from actors.messages.tags import MakeOwnField, MakeTag, SetOwnValue, SetTag
from actors.runtime import Request
from domain.outbox import MessageState
from domain.reasons import Reason
from domain.reminders import Kind
from tests.crawl.house import NOW, House
from tests.crawl.town import TAGS

T = TypeVar("T")

ASK_SECONDS = 100.0
# The first page of the list: who is a year late, in the order of their names.
STARS = (80, 160, 240, 20, 100, 180)
TAGGED = 40  # more than some pages of the list
PAYMENTS = 20  # more than two pages of them
TEXTS = 5  # with those of the kinds, more than a page
TODAYS = 200  # from here on each has one message of today, of each state
RESTS = (MessageState.CANCELLED, MessageState.FAILED, MessageState.EXPIRED, MessageState.UNKNOWN)
OFF = (
    "receives_billing = false",
    "receives_notices = false",
    "opted_out_at = created_at",
    """preferences = '{"receives_billing": "talvez"}'""",
)


async def stock(house: House, chat_id: int, ids: Sequence[int]) -> None:
    """Fill the shop of `chat_id`, whose clients are `ids`."""
    shop = _Shop(house, chat_id, ids)
    await shop.mark()
    await shop.write()
    await shop.pay()
    await shop.switch_off()
    await shop.write_to()


class _Shop:
    def __init__(self, house: House, chat_id: int, ids: Sequence[int]) -> None:
        self._house = house
        self._chat_id = chat_id
        self._ids = ids
        self._stars = [ids[at] for at in STARS]

    async def mark(self) -> None:
        """Tags on several and many on one; a field to read and a secret one."""
        tags = [(await self._ask(MakeTag(name))).tag_id for name in TAGS]
        for tag_id in tags:
            await self._ask(SetTag(self._stars[0], tag_id, on=True))
        await self._run(
            """INSERT INTO client_tags (tenant_id, client_id, tag_id)
               SELECT $1, id, $2 FROM unnest($3::bigint[]) AS id""",
            tags[0],
            self._ids[TODAYS : TODAYS + TAGGED],
        )
        for name, secret in (("ponto", False), ("contrassenha", True)):
            own = await self._ask(MakeOwnField(name, secret=secret))
            await self._ask(SetOwnValue(self._stars[0], own.field_id, "4711"))

    async def write(self) -> None:
        """Texts of its own, enough for pages of them."""
        await self._run(
            """INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
               SELECT $1, 'geral', 'Aviso nº ' || n, 'Oi, {primeiro_nome}!', n % 2 = 0, $2, $2
               FROM generate_series(1, $3::integer) AS n""",
            NOW,
            TEXTS,
        )

    async def pay(self) -> None:
        """Enough parts of a price for pages of them, one voided; one of a client who is erased."""
        for client_id in self._stars:
            paid = await self._ask(RecordPayment(client_id, Decimal(5), f"seed{client_id}"))
            await self._ask(VoidPayment(paid.payment_id))
            await self._run(
                """INSERT INTO client_payments
                       (tenant_id, client_id, amount, paid_on, due_on_before, recorded_at)
                   SELECT $1, id, 2, $3, due_on, $4 FROM clients, generate_series(1, $5::integer)
                   WHERE tenant_id = $1 AND id = $2""",
                client_id,
                NOW.date(),
                NOW,
                PAYMENTS,
            )
        await self._run(
            """INSERT INTO client_payments (tenant_id, amount, paid_on, recorded_at, note)
               VALUES ($1, 35, $2, $3, 'no dinheiro')""",
            NOW.date(),
            NOW,
        )

    async def switch_off(self) -> None:
        """Some get nothing, each for another reason; two have one number."""
        for client_id, what in zip(self._stars, OFF, strict=False):
            await self._run(
                f"UPDATE clients SET {what} WHERE tenant_id = $1 AND id = $2",  # noqa: S608 - ours
                client_id,
            )
        await self._run(
            """UPDATE clients SET phone = (SELECT phone FROM clients
                   WHERE tenant_id = $1 AND id = $2) WHERE tenant_id = $1 AND id = $3""",
            self._ids[15],
            self._stars[-1],
        )

    async def write_to(self) -> None:
        """Every state of today, each to another; every reason to one, over the months."""
        for at, state in enumerate(MessageState):
            await self._message(self._ids[TODAYS + at], state, None, days_ago=0)
        for ago, (reason, state) in enumerate(zip(Reason, cycle(RESTS), strict=False), start=2):
            for client_id in self._stars:
                await self._message(client_id, state, reason, days_ago=ago)

    async def _message(
        self, client_id: int, state: MessageState, reason: Reason | None, *, days_ago: int
    ) -> None:
        at = NOW - timedelta(days=days_ago)
        went = (
            at if state in {MessageState.SENT, MessageState.DELIVERED, MessageState.READ} else None
        )
        await self._run(
            """INSERT INTO messages (tenant_id, client_id, kind, due_on, day, state, reason, phone,
                   body, whatsapp_id, correlation_id, not_before, expires_at, owner_epoch,
                   created_at, sent_at)
               SELECT $1, id, $3, $4, $4, $5, $6, phone, 'Oi!', $7, 'seed', $8, $9, 1, $8, $10
               FROM clients WHERE tenant_id = $1 AND id = $2""",
            client_id,
            Kind.BILLING.value,
            at.date(),
            state.value,
            reason.value if reason else None,
            f"3EB0SEED{client_id}D{days_ago}",
            at,
            at + timedelta(hours=8),
            went,
        )

    async def _run(self, statement: str, *arguments: object) -> None:
        await self._house.console.execute(statement, self._chat_id, *arguments)

    async def _ask(self, request: Request[T]) -> T:
        return await self._house.parts.directory.ask(self._chat_id, request, deadline=ASK_SECONDS)
