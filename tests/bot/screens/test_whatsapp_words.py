"""What the screen of WhatsApp says first: what happens to messages (F10)."""

import pytest

from bot.screens.whatsapp.words import whatsapp_works

NUMBER = "\nNúmero: <b>(11) 95550-0142</b>"


@pytest.mark.parametrize(
    ("sent", "delivered", "expected"),
    [
        pytest.param(0, 0, "✅ <b>WhatsApp conectado</b>", id="nothing to tell by"),
        pytest.param(20, 18, "✅ <b>WhatsApp entregando bem</b>", id="most of it"),
        pytest.param(20, 17, "⚠️ <b>WhatsApp conectado, mas só parte chega</b>", id="a part"),
        pytest.param(3, 0, "⚠️ <b>WhatsApp conectado, mas nada chega</b>", id="nothing"),
    ],
)
def test_whatsapp_is_told_by_what_arrives(sent: int, delivered: int, expected: str) -> None:
    assert expected + NUMBER == whatsapp_works("+5511955500142", sent, delivered)
