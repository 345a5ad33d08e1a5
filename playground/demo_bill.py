"""The end of the demonstration: the owner pays for EmDia, as an owner does.

The bot shows a PIX, the bank of the local Mercado Pago pays it, a signed notification comes, and
the bot says until when it is paid. What it must say is worked out without the product's code.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from playground.rig import Rig, RigFailed, read_qr, text_of

PERIOD = timedelta(days=30)
PRICE = "R$ 20,00"
PAID = "Pagamento confirmado"
ON_TRIAL = "Grátis até"
UPDATED = "payment.updated"
BROUGHT_SECONDS = 10.0
DATE = re.compile(r"\d\d/\d\d/\d{4}")


@dataclass(frozen=True, slots=True)
class Bill:
    """What came of it: until when it was, was to be, and is said to be paid."""

    before: date
    after: date
    amount: str
    is_brought: bool
    paid_now: bool = True

    @property
    def is_true(self) -> bool:
        """Whether the bot says what follows from what was paid."""
        if not self.paid_now:
            return self.after == self.before
        return self.after == self.before + PERIOD and self.is_brought and self.amount == PRICE

    @property
    def told(self) -> str:
        """It, in two lines."""
        if not self.paid_now:
            return (
                f"Assinatura do EmDia: já estava paga até {self.after:%d/%m/%Y}.\nNenhum PIX novo."
            )
        sign = "✅" if self.is_true else "❌ NÃO CONFERE:"
        came = (
            "o aviso assinado do Mercado Pago chegou" if self.is_brought else "nenhum aviso chegou"
        )
        return (
            f"Assinatura do EmDia: {sign} {self.amount} no PIX, {came}.\n"
            f"Era até {self.before:%d/%m/%Y}; o bot diz que está em dia até {self.after:%d/%m/%Y}."
        )


async def subscribe(rig: Rig, chat_id: int, first_name: str) -> Bill:
    """Pay from the account's own screen, where that was not done before."""
    seq = await rig.say(chat_id, "/conta", first_name)
    account = await rig.chat_shows(chat_id, seq, lambda shown: "Minha conta" in text_of(shown))
    before = _date_in(account)
    if ON_TRIAL not in text_of(account):
        return Bill(before, before, "", is_brought=False, paid_now=False)
    await rig.press(chat_id, account, "Gerar PIX")
    shown = await rig.chat_shows(chat_id, account["seq"], lambda one: bool(one["photo"]))
    picture = rig.telegram.control.file(shown["photo"]).data
    code = await asyncio.to_thread(read_qr, picture)
    _say_what(shown)
    rig.mercado_pago.control.pay_code(code)
    told = await rig.chat_shows(chat_id, shown["seq"], lambda one: PAID in text_of(one))
    amount = text_of(told).partition("\n")[0].rpartition(": ")[2]
    return Bill(before, _date_in(told), amount, is_brought=await _is_brought(rig))


async def _is_brought(rig: Rig) -> bool:
    """Whether our door took a signed notification of what was paid."""

    async def taken() -> bool:
        return any(
            one.taken and one.action == UPDATED for one in rig.mercado_pago.webhooks.deliveries
        )

    try:
        await rig.until(taken, BROUGHT_SECONDS, "o aviso do Mercado Pago")
    except RigFailed:
        return False
    return True


def _say_what(shown: Mapping[str, Any]) -> None:
    head = text_of(shown).partition("\n")[0].removeprefix("💳 ")
    print(f"PIX gerado pelo bot: {head}. O banco de faz de conta vai pagar.\n", flush=True)


def _date_in(message: Mapping[str, Any]) -> date:
    """The first date a message names."""
    found = DATE.search(text_of(message))
    if found is None:
        raise RigFailed(f"o bot não disse uma data: {text_of(message)}")
    return datetime.strptime(found[0], "%d/%m/%Y").date()  # noqa: DTZ007 - a date of a wall calendar
