"""How a chat with the bot stands before anything was shown."""

from domain.chats import NOTHING_SHOWN, ChatState


def test_at_first_a_chat_shows_nothing_and_asks_nothing() -> None:
    expected = ChatState(live_message_id=None, live_has_picture=False, asks=None)

    assert expected == ChatState() == NOTHING_SHOWN
    assert False is NOTHING_SHOWN.live_has_picture
