"""How far up a message stands (law 3): what was sent below it, and the screen somebody is at."""

import pytest

from bot.telegram.depth import FAR_UP, Depth

CHAT, CARD = 1, 100


@pytest.mark.parametrize(
    ("below", "live", "is_far_up"),
    [
        pytest.param(0, None, False, id="the last"),
        pytest.param(FAR_UP - 1, None, False, id="few below"),
        pytest.param(FAR_UP, None, True, id="many below"),
        pytest.param(0, CARD, False, id="the screen itself"),
        pytest.param(0, CARD - 1, False, id="a screen above"),
        pytest.param(0, CARD + 1, True, id="a screen below"),
    ],
)
def test_a_card_is_far_up_below_a_screen_or_many_messages(
    below: int, live: int | None, is_far_up: bool
) -> None:
    depth = Depth()
    for message_id in range(CARD, CARD + below + 1):
        depth.sent(CHAT, message_id)

    assert is_far_up == depth.is_far_up(CHAT, CARD, live)
