"""Which addresses and secrets Telegram takes for a webhook."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest


@pytest.mark.parametrize(
    ("url", "refusal"),
    [
        ("ftp://127.0.0.1/x", "Bad Request: invalid webhook URL specified"),
        ("https://", "Bad Request: invalid webhook URL specified"),
        ("https://a.example:x/", "Bad Request: invalid webhook URL specified"),
        (
            "http://a.example/x",
            "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            "https://a.example:8080/x",
            "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ("https://10.0.0.1/x", "Bad Request: bad webhook: IP address 10.0.0.1 is reserved"),
        (
            "https://[2001:db8::1]/x",
            "Bad Request: bad webhook: IPv6-only addresses are not allowed",
        ),
        (
            "https://a.example/x",
            "Bad Request: bad webhook: Failed to resolve host: Name or service not known",
        ),
    ],
)
async def test_an_address_telegram_would_not_take_is_refused_in_its_words(
    client: Bot, url: str, refusal: str
) -> None:
    with pytest.raises(TelegramBadRequest) as caught:
        await client.set_webhook(url)

    assert refusal == caught.value.message


@pytest.mark.parametrize(
    ("token", "refusal"),
    [("x" * 257, "is too long"), ("a b", "contains unallowed"), ("é", "contains unallowed")],
)
async def test_a_secret_telegram_would_not_take_is_refused(
    client: Bot, token: str, refusal: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=f"secret token {refusal}"):
        await client.set_webhook("http://127.0.0.1:9/x", secret_token=token)
