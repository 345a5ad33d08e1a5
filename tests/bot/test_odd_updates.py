"""Updates that look strange are closed without a fault, and a press among them is answered (H2)."""

from typing import Any

import pytest

from bot.telegram import dispatch
from bot.ui.buttons import PageCount
from bot.ui.words import NOT_UNDERSTOOD
from domain.updates import chat_of, inline_query_of, query_of
from playground.telegram import TelegramStandIn
from playground.telegram_entries import Query
from settings import PLAYGROUND_TOKEN
from tests.bot.support import (
    CHAT,
    PATIENCE_SECONDS,
    Person,
    Script,
    WatchedInbox,
    running_bot,
)

GROUP = -1_000_000_007
PERSON = {"id": CHAT, "is_bot": False, "first_name": "Maria"}
PRIVATE = {"id": CHAT, "type": "private", "first_name": "Maria"}
MANY = {"id": GROUP, "type": "supergroup", "title": "Condomínio"}
TEXT = {"message_id": 900, "date": 1, "text": "oi"}
BOT = {"id": int(PLAYGROUND_TOKEN.partition(":")[0]), "is_bot": True, "first_name": "EmDia"}
MEMBER = {"status": "member", "user": BOT}


def press(**rest: object) -> dict[str, Any]:
    """A press by Maria, of which nothing else is known."""
    return {
        "callback_query": {
            "id": "odd", "from": PERSON, "chat_instance": "c", "data": "go:home", **rest
        }
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "chat_id"),
    [
        pytest.param({"edited_message": {**TEXT, "chat": PRIVATE}}, CHAT, id="edited"),
        pytest.param({"channel_post": {**TEXT, "chat": MANY}}, GROUP, id="post of a channel"),
        pytest.param({"message": {**TEXT, "chat": MANY, "from": PERSON}}, GROUP, id="in a group"),
        pytest.param(
            {
                "my_chat_member": {
                    "chat": MANY,
                    "from": PERSON,
                    "date": 1,
                    "old_chat_member": {"status": "left", "user": BOT},
                    "new_chat_member": MEMBER,
                }
            },
            GROUP,
            id="added to a group",
        ),
        pytest.param({"of_a_version_to_come": {"chat": PRIVATE}}, CHAT, id="unknown kind"),
    ],
)
@pytest.mark.usefixtures("telegram")
async def test_what_asks_nothing_is_closed_in_silence(
    maria: Person, inbox: WatchedInbox, content: dict[str, Any], chat_id: int
) -> None:
    await inbox.store_update(1, chat_id, {"update_id": 1, **content})

    assert [None] == await inbox.all_closed(chat_id, 1)
    assert (0, []) == await maria.stand_in.control.look(CHAT)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(press(inline_message_id="i1"), id="below what was sent from a typing box"),
        pytest.param(press(message={**TEXT, "chat": MANY, "from": BOT}), id="in a group"),
        pytest.param(press(message={"message_id": 5}), id="malformed"),
    ],
)
@pytest.mark.usefixtures("telegram")
async def test_a_press_that_leads_nowhere_is_answered_all_the_same(
    stand_in: TelegramStandIn, inbox: WatchedInbox, content: dict[str, Any]
) -> None:
    query = stand_in.world.queries["odd"] = Query("odd")
    await inbox.store_update(1, chat_of(content), {"update_id": 1, **content})

    assert await stand_in.control.answered(query, PATIENCE_SECONDS) is not None


@pytest.mark.usefixtures("telegram")
async def test_a_press_on_a_message_too_old_to_know_is_answered_there(maria: Person) -> None:
    maria.say("/menu")
    menu = await maria.read()
    old = {"message_id": menu["message_id"], "date": 0, "chat": PRIVATE}
    query = maria.stand_in.world.queries["odd"] = Query("odd")
    maria.stand_in.control.push_raw(press(message=old, data="go:help"))
    shown = await maria.read()

    assert await maria.stand_in.control.answered(query, PATIENCE_SECONDS) is not None
    assert menu["message_id"] == shown["message_id"]


@pytest.mark.usefixtures("telegram")
async def test_a_message_from_nobody_is_answered(maria: Person) -> None:
    maria.say("/menu")
    menu = await maria.read()
    maria.stand_in.control.push_raw({"message": {**TEXT, "chat": PRIVATE, "text": "/menu"}})

    assert menu["text"] == (await maria.read())["text"]


INLINE = {"id": "q7", "from": PERSON, "query": "souz", "offset": "", "chat_type": "sender"}


def test_what_is_asked_from_the_typing_box_keeps_the_order_of_its_askers_chat() -> None:
    payload = {"update_id": 1, "inline_query": INLINE}

    assert (CHAT, "q7", None) == (chat_of(payload), inline_query_of(payload), query_of(payload))


@pytest.mark.usefixtures("telegram")
async def test_what_is_asked_from_the_typing_box_shows_no_screen(
    maria: Person, inbox: WatchedInbox
) -> None:
    await inbox.store_update(1, CHAT, {"update_id": 1, "inline_query": INLINE})

    assert [None] == await inbox.all_closed(CHAT, 1)
    assert (0, []) == await maria.stand_in.control.look(CHAT)


async def test_half_a_letter_is_answered_and_stops_nothing(
    stand_in: TelegramStandIn, inbox: WatchedInbox, script: Script, maria: Person
) -> None:
    async with running_bot(stand_in, inbox, lambda _: script):
        maria.say("/nada \ud83d")
        lost = await maria.read()
        maria.say("/hoje")
        today = await maria.read()

    assert NOT_UNDERSTOOD == lost["text"]
    assert "Fila de hoje" in today["text"]


@pytest.mark.usefixtures("telegram")
async def test_which_page_it_is_is_told_at_once_and_the_screen_stays(
    maria: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A press that asks nobody waits for nobody, however slow all else is (laws 4 and 5)."""
    maria.say("/menu")
    menu = await maria.read()
    monkeypatch.setattr(dispatch, "PATIENCE_SECONDS", 0.0)
    told = await maria.press_old(menu, PageCount(page=2, pages=3).pack())
    maria.say("/menu")
    again = await maria.read()

    assert told is not None
    assert "Página 2 de 3" == told["text"]
    assert menu["html"] == again["html"]
