"""What a shop has besides clients and money: queue, messages by hand, text, reply, holiday."""

from datetime import timedelta
from itertools import count

from actors.messages.account import SetPix
from actors.messages.by_hand import ScheduleMessage
from actors.messages.clients import RegisterClient
from actors.messages.queue import GetToday
from actors.messages.queue_acts import GetLeftOut
from actors.messages.replies import GetReplies, RepliesCame
from actors.messages.schedule import AddHoliday
from bot.screens.texts.buttons import SavePress, ShowText
from domain.clients import NewClient
from domain.replies import ReplyKind
from storage import whatsapp_incoming
from storage.whatsapp_incoming import Incoming
from tests.bot.live import NOW, SECONDS, Live
from tests.bot.support import Person
from tests.play.talk import Talk

_WRITTEN = count(1)
PAID = """
    INSERT INTO subscription_charges (
        tenant_id, amount, status, idempotency_key, external_reference, payment_id, copy_and_paste,
        created_at, expires_at, settled_at, approved_at)
    VALUES ($1::bigint, 20, 'approved', gen_random_uuid(), 'emdia-' || $1::bigint,
        '9' || $1::bigint, '000201', $2, $2, $2, $2)
    RETURNING id
"""


async def belongings(live: Live, person: Person, talk: Talk, late: NewClient) -> dict[str, object]:
    """Have one of each; their numbers as buttons carry them. `late` is due three days ago."""
    ask = live.tenant(person).ask
    await ask(SetPix("loja@exemplo.com", "Loja", "SAO PAULO"), deadline=SECONDS)
    await ask(RegisterClient(101, late), deadline=SECONDS)
    billed = NewClient(
        name=late.name,
        phone=f"{late.phone[:-1]}9",
        plan=late.plan,
        price=late.price,
        due_on=late.due_on + timedelta(days=2),
    )
    made = await ask(RegisterClient(102, billed), deadline=SECONDS)
    client_id = made.card.row.client_id
    await talk.say("/menu")
    await person.read()
    await write_back(live, person, billed.phone, f"paguei {late.name}")
    await person.read()
    talk_id = (await ask(GetReplies(), deadline=SECONDS)).replies[0].talk_id
    word = late.name.split()[0]
    by_hand = await ask(
        ScheduleMessage(
            client_id=client_id, at=NOW + timedelta(days=1), nonce="one", text=f"Oi {word}"
        ),
        deadline=SECONDS,
    )
    days = await ask(AddHoliday(f"25/01 dia de {word}"), deadline=SECONDS)
    today = await ask(GetToday(), deadline=SECONDS)
    left = await ask(GetLeftOut(), deadline=SECONDS)
    return {
        "talk_id": talk_id,
        "holiday_id": days.own[0].holiday_id,
        "hand_id": by_hand.message.message_id,
        "billing_id": today.coming[0].message_id,
        "billed_id": client_id,
        "charge_id": await own_charge(live, person),
        "seal": left.seal,
        "key": await own_text(talk, word),
    }


async def own_charge(live: Live, person: Person) -> int:
    """Something that was paid, with a receipt, and is looked after no more."""
    async with live.database.tenant(person.chat_id) as tx:
        return int(await tx.fetchval(PAID, person.chat_id, NOW))


async def write_back(live: Live, person: Person | Talk, phone: str, *texts: str) -> None:
    """Somebody writes to the owner's WhatsApp, and all of it is dealt with."""
    async with live.database.tenant(person.chat_id) as tx:
        for text in texts:
            incoming = Incoming(
                message_id=f"W{next(_WRITTEN)}",
                from_jid=f"{phone.removeprefix('+')}@s.whatsapp.net",
                from_phone=phone.removeprefix("+"),
                kind=ReplyKind.TEXT,
                text=text,
                at=live.clock.now().replace(microsecond=0),
            )
            await whatsapp_incoming.keep_incoming(tx, incoming)
    await live.tenants.ref(person.chat_id).tell(RepliesCame())
    await live.tenants.ref(person.chat_id).ask(GetReplies(), deadline=SECONDS)


async def own_text(talk: Talk, word: str) -> str:
    """Write a text of one's own; its key."""
    await talk.press("go:new_text")
    await talk.say(f"Texto {word}")
    await talk.say(f"Oi, {{primeiro_nome}}, aqui é {word}")
    await talk.press(talk.screen.first(SavePress))
    rows = [one.key for _, one in (await talk.say("/textos")).all(ShowText)]
    return next(key for key in rows if key.startswith("g"))
