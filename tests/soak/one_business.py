"""Faults of one business: what WhatsApp, its line, its clients' phones and strangers do to it.

Whoever may rightly go unheard because of one is written down as excused, with the reasons that
would then be true.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from random import Random

from playground.rig import RigFailed
from playground.whatsapp import StandInFailed
from tests.soak.house import House
from tests.soak.owners import is_online
from tests.soak.people import (
    LINE_ENDED,
    NOT_ON_WHATSAPP,
    REFUSED,
    RESTRICTED,
    Business,
    Client,
)
from tests.soak.plan import Planned

REACHOUT_TIMELOCK = 463
REFUSALS = (400, 479, 500, 408)
SILENT_SECONDS = 42.0
SLOW_MILLISECONDS = 1500
SLOW_SECONDS = 8.0
LATEST_ACK_MILLISECONDS = 45_000
PN_SECONDS = 8.0
ONLINE_SECONDS = 15.0
RESTRICTION = timedelta(minutes=90)
TEMPORARY_BAN_SECONDS = 3600
STRANGER = "5531988887777"
# "oi" and half an emoji, as bytes that are not UTF-8.
HALF_A_SURROGATE_PAIR = b"oi \xed\xa0\xbd"
CUT_IN_AN_EMOJI = ("a" * 65_535 + "😀").encode()
POISONED_TEXTS = (
    HALF_A_SURROGATE_PAIR,
    b"a\x00b",
    CUT_IN_AN_EMOJI,
    b"\xff\xfe",
    "\u202e😀".encode(),
)
POISONED_IDS = (("A\x00B",), ("A" * 5000,), tuple(f"X{n}" for n in range(300)), ("😀" * 60,))
NOT_YET = """
    SELECT m.phone FROM messages m
    LEFT JOIN whatsapp_numbers n ON n.tenant_id = m.tenant_id AND n.phone = m.phone
    WHERE m.tenant_id = $1 AND m.day = $2 AND m.state = 'queued' AND n.phone IS NULL
    ORDER BY m.id
"""

Apply = Callable[[House, Planned], Awaitable[bool]]


def business_of(house: House, fault: Planned) -> Business:
    """Whom the fault hits."""
    return house.cast.businesses[fault.business]


async def order(house: House, fault: Planned, orders: Mapping[str, object]) -> None:
    """Let WhatsApp misbehave towards the fault's business."""
    await house.rig.whatsapp.faults({"number": business_of(house, fault).owner, **orders})


async def somebody_left(house: House, fault: Planned) -> Client | None:
    """A client whose bill still waits and whose number was not asked about yet."""
    business = business_of(house, fault)
    rows = await house.postgres.ask(NOT_YET, business.chat, house.day)
    waiting = {row["phone"] for row in rows}
    found = [
        one
        for one in house.cast.of(business.chat, house.day)
        if one.phone in waiting and one.account is not None
    ]
    if not found:
        return None
    return Random(fault.seed).choice(found)  # noqa: S311 - chooses who is hit, reproducibly


def for_all(orders: Mapping[str, object]) -> Apply:
    """An order for whatever comes next."""

    async def apply(house: House, fault: Planned) -> bool:
        await order(house, fault, orders)
        return True

    return apply


def look_up(answer: str, times: int, *, excuse: str | None = None) -> Apply:
    """Asked about one number, WhatsApp answers so."""

    async def apply(house: House, fault: Planned) -> bool:
        client = await somebody_left(house, fault)
        if client is None:
            return False
        if excuse is not None:
            house.excuses.of_clients[client].add(excuse)
        for form in client.forms:
            rule = {"answer": answer, "of": form, "times": times}
            await order(house, fault, {"look_up": rule})
        return True

    return apply


def refusing(error: int | None, times: int | None) -> Apply:
    """One client's messages are refused, so often or always."""

    async def apply(house: House, fault: Planned) -> bool:
        client = await somebody_left(house, fault)
        if client is None:
            return False
        code = error if error is not None else REFUSALS[fault.seed % len(REFUSALS)]
        rule = {"error": code, "to": client.account} | ({} if times is None else {"times": times})
        if times is None:
            house.excuses.of_clients[client] |= {REFUSED, RESTRICTED} if error else {REFUSED}
        await order(house, fault, {"refuse": rule})
        return True

    return apply


async def refuse_some(house: House, fault: Planned) -> bool:
    """The next messages are refused, whoever they are for."""
    code = REFUSALS[fault.seed % len(REFUSALS)]
    await order(house, fault, {"refuse": {"error": code, "times": 1 + fault.seed % 3}})
    return True


async def refuse_pn(house: House, fault: Planned) -> bool:
    """For a while whoever is addressed by number instead of LID is refused."""
    await order(house, fault, {"refuse_pn": REACHOUT_TIMELOCK if fault.seed % 2 else 400})
    await asyncio.sleep(PN_SECONDS)
    await order(house, fault, {"refuse_pn": 0})
    return True


async def acks_late(house: House, fault: Planned) -> bool:
    """The next acks come late, after the receipts."""
    delay = 500 + int(fault.strength * LATEST_ACK_MILLISECONDS)
    await order(house, fault, {"acks": {"how": "late", "ms": delay, "times": 2}})
    return True


async def acks_and_receipts_none(house: House, fault: Planned) -> bool:
    """The next message arrives, and nobody ever says so."""
    await order(house, fault, {"acks": {"how": "none", "times": 1}})
    await order(house, fault, {"receipts": {"how": "none", "times": 1}})
    return True


async def receipts_poison(house: House, fault: Planned) -> bool:
    """A phone gives receipts for ids nobody sent."""
    business = business_of(house, fault)
    clients = house.cast.of(business.chat, house.day)
    number = next(one.account for one in clients if one.account is not None)
    ids = POISONED_IDS[fault.seed % len(POISONED_IDS)]
    kind = (None, "read", "retry")[fault.seed % 3]
    await house.rig.whatsapp.receipts(number, business.owner, ids, kind, times=2)
    return True


async def incoming_poison(house: House, fault: Planned) -> bool:
    """A stranger or a client writes what is no text."""
    business = business_of(house, fault)
    clients = [one.account for one in house.cast.of(business.chat, house.day) if one.account]
    await house.rig.whatsapp.add_phones([STRANGER])
    number = clients[fault.seed % len(clients)] if fault.seed % 2 else STRANGER
    text = POISONED_TEXTS[fault.seed % len(POISONED_TEXTS)]
    await house.rig.whatsapp.reply_raw(number, business.owner, text, name="😀" * 120)
    return True


def kicking(code: int, *, ends: bool = False) -> Apply:
    """The line ends with `code`; after some only the owner can bring it back."""

    async def apply(house: House, fault: Planned) -> bool:
        business = business_of(house, fault)
        if not await _online(house, business):
            return False
        if ends:
            house.excuses.of_businesses[business.chat].add(LINE_ENDED)
            house.cut_off.add(business.chat)
        if code in {402, 403, 406}:  # a ban is not over at the next knock
            await order(house, fault, {"refuse_logins": {"code": code}})
        expire = TEMPORARY_BAN_SECONDS if code == 402 else None
        await house.rig.whatsapp.kick(business.owner, code, expire)
        return True

    return apply


async def drop(house: House, fault: Planned) -> bool:
    """The line is cut without a word."""
    business = business_of(house, fault)
    if not await _online(house, business):
        return False
    await house.rig.whatsapp.drop(business.owner)
    return True


async def refuse_logins(house: House, fault: Planned) -> bool:
    """The line is cut, and the next logins are refused."""
    await order(house, fault, {"refuse_logins": {"code": 503, "times": 1 + fault.seed % 3}})
    return await drop(house, fault)


async def silent(house: House, fault: Planned) -> bool:
    """The line stays open and dead."""
    await order(house, fault, {"silent": True})
    await asyncio.sleep(SILENT_SECONDS)
    await order(house, fault, {"silent": False})
    return True


async def slow(house: House, fault: Planned) -> bool:
    """Everything takes its time."""
    await order(house, fault, {"slow_ms": SLOW_MILLISECONDS})
    await asyncio.sleep(SLOW_SECONDS)
    await order(house, fault, {"slow_ms": 0})
    return True


async def restricted(house: House, fault: Planned) -> bool:
    """WhatsApp says that no new chats may be opened for a while."""
    business = business_of(house, fault)
    house.excuses.of_businesses[business.chat].add(RESTRICTED)
    await house.rig.whatsapp.restrict(business.owner, house.now() + RESTRICTION)
    return True


async def _online(house: House, business: Business) -> bool:
    if business.chat in house.cut_off:
        return False
    with contextlib.suppress(RigFailed, StandInFailed):
        await house.until(lambda: is_online(house, business), "a linha", ONLINE_SECONDS)
        return True
    return False


def _rules(name: str, choices: Sequence[tuple[str, Mapping[str, object]]]) -> dict[str, Apply]:
    return {kind: for_all({name: rule}) for kind, rule in choices}


KINDS: Mapping[str, Apply] = {
    "look_up_error": look_up("error", 1),
    "look_up_protocol_error": look_up("protocol_error", 1),
    "look_up_empty": look_up("empty", 1),
    "look_up_no_list": look_up("no_list", 1),
    "look_up_other": look_up("other", 1),
    "look_up_none_of_one": look_up("none", 1),
    "look_up_not_in": look_up("out", 1000, excuse=NOT_ON_WHATSAPP),
    "look_up_none_of_all": for_all({"look_up": {"answer": "none", "times": 2}}),
    "look_up_devices_error": for_all(
        {"look_up": {"answer": "error", "about": "devices", "times": 2}}
    ),
    "refuse_once": refusing(None, 1),
    "refuse_one_always": refusing(None, None),
    "refuse_463": refusing(REACHOUT_TIMELOCK, None),
    "refuse_some": refuse_some,
    "refuse_pn": refuse_pn,
    "acks_late": acks_late,
    "acks_and_receipts_none": acks_and_receipts_none,
    **_rules("acks", [
        ("acks_none", {"how": "none", "times": 3}),
        ("acks_twice", {"how": "twice", "times": 3}),
    ]),
    **_rules("receipts", [
        ("receipts_twice", {"how": "twice", "times": 3}),
        ("receipts_read_first", {"how": "read_first", "times": 3}),
    ]),
    "receipts_poison": receipts_poison,
    "incoming_poison": incoming_poison,
    "drop": drop,
    **_rules("cut", [
        ("cut_before_storing", {"when": "before_storing", "times": 1}),
        ("cut_before_ack", {"when": "before_ack", "times": 1}),
        ("cut_after_ack", {"when": "after_ack", "times": 1}),
    ]),
    "drop_messages": for_all({"drop_messages": 1}),
    "silent": silent,
    "slow": slow,
    "restricted": restricted,
    "refuse_logins": refuse_logins,
    **{f"kick_{code}": kicking(code) for code in (408, 409, 411, 428, 440, 499, 500, 503, 515)},
    **{f"kick_{code}": kicking(code, ends=True) for code in (401, 402, 403, 405, 406)},
}  # fmt: skip
