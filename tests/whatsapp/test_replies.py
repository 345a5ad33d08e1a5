"""What a client writes, from the worker to the owner, and the answer to SAIR (F6, F8, F11)."""

import pytest

from actors.messages.replies import ReplyNotice
from errors import ChatUnreachable, TelegramAway
from storage import whatsapp_incoming
from storage.whatsapp_incoming import Incoming
from tests.whatsapp.outside import NINE
from tests.whatsapp.support import SENT, digits, jid, live
from tests.whatsapp.world import MILLISECONDS, TENANT, World

pytestmark = pytest.mark.timeout(90)
CALLS = 9_000


async def writes(shop: World, text: str, *, client: int = 0, number: int = 1) -> None:
    """A client writes; the worker has it kept."""
    content = {
        "message_id": f"M{number}",
        "from_jid": jid(client),
        "from_phone": digits(client),
        "at_ms": int(NINE.timestamp() * MILLISECONDS) + number,
        "push_name": "Ana",
        "kind": "text",
        "text": text,
        **dict.fromkeys(("name", "size_bytes", "seconds", "about")),
    }
    call = {"id": CALLS + number, "op": "incoming", "tenant": TENANT, "epoch": await shop.epoch()}
    await shop.order("tell", {**call, "args": content, "deadline_ms": 10_000})


async def cards(shop: World, count: int) -> list[ReplyNotice]:
    """Wait for so many cards."""

    def found() -> list[ReplyNotice]:
        return [notice for notice in shop.told if isinstance(notice, ReplyNotice)]

    async def enough() -> bool:
        await shop.pass_time(3.0)
        return len(found()) >= count

    await shop.until_true(enough)
    return found()


async def refused(shop: World) -> None:
    """Wait until Telegram has failed as often as it was to."""

    async def used_up() -> bool:
        await shop.pass_time(3.0)
        return not shop.chat_faults

    await shop.until_true(used_up)


async def test_who_writes_sair_is_answered_once_and_gets_nothing_more(late: World) -> None:
    await late.opens()
    await live(late, 80.0)
    await late.rows_are([SENT] * 5)
    await writes(late, "Sair.")
    [card] = await cards(late, 1)
    await writes(late, "Sair.")
    await writes(late, "sair", number=2)
    await live(late, 40.0)
    farewell = await late.is_ordered("send", 6)

    assert card.card.left
    assert (jid(0), True) == (farewell["args"]["jid"], "VOLTAR" in farewell["args"]["text"])
    assert 6 == len(await late.orders("send"))
    assert [True] == [
        row["opted_out_at"] is not None
        for row in await late.console.fetch("SELECT opted_out_at FROM clients ORDER BY id LIMIT 1")
    ]


async def test_what_telegram_did_not_take_is_told_after_a_restart(late: World) -> None:
    await late.opens()
    await live(late, 80.0)
    late.chat_faults.append(TelegramAway("chat: not taken in time"))
    await writes(late, "oi")
    await refused(late)
    await late.restart()
    [card] = await cards(late, 1)

    assert ["oi"] == [line.text for line in card.card.lines]


async def test_what_was_kept_by_a_process_that_died_is_told_by_the_next(late: World) -> None:
    message = Incoming(
        message_id="M1", from_jid=jid(1), from_phone=digits(1), kind="text", text="oi", at=NINE
    )
    async with late.database.tenant(TENANT) as tx:
        await whatsapp_incoming.keep_incoming(tx, message)
    await late.restart()
    [card] = await cards(late, 1)

    assert ["oi"] == [line.text for line in card.card.lines]


async def test_who_blocked_the_bot_finds_the_reply_in_the_list_later(late: World) -> None:
    await late.opens()
    await live(late, 80.0)
    late.chat_faults.append(ChatUnreachable("chat: blocked"))
    await writes(late, "oi")
    await refused(late)
    await writes(late, "voltei", number=2)
    [card] = await cards(late, 1)

    assert ["oi", "voltei"] == [line.text for line in card.card.lines]
    assert 0 == await late.console.fetchval(
        "SELECT count(*) FROM reply_talks WHERE version > told_version"
    )


async def test_what_cannot_be_dealt_with_is_set_aside_and_costs_only_itself(late: World) -> None:
    await late.console.execute(
        "ALTER TABLE whatsapp_incoming ADD CHECK (body <> 'veneno' OR talk_id IS NULL)"
    )
    await late.opens()
    await writes(late, "veneno")
    await writes(late, "oi", number=2)
    [card] = await cards(late, 1)
    kept = await late.console.fetch("SELECT kind, body FROM whatsapp_incoming ORDER BY at")

    assert ["oi"] == [line.text for line in card.card.lines]
    assert [("other", None), ("text", "oi")] == [tuple(row) for row in kept]
