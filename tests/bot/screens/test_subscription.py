"""Paying EmDia as an owner does: real bot, real tenant, real rows; of Mercado Pago the local one.

The screens' words are in `test_subscription_views.py`; here it is what leads to what (A3–A6, A9).
"""

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from actors.runtime import MovableClock
from bot.screens.subscription.buttons import ShowPaid, ShowReceipt
from bot.telegram import dispatch
from bot.ui.words import WAIT
from gateways.mercado_pago import MercadoPago
from playground.mercado_pago import MercadoPagoStandIn
from playground.rig import read_qr
from playground.telegram import TelegramStandIn
from settings import PLAYGROUND_PAYMENTS_TOKEN
from storage.database import Database
from tests.bot import chat
from tests.bot.chat import Shop, labels, say, screen, toast
from tests.bot.live import NOW, Live, living
from tests.bot.support import buttons
from tests.postgres import Cluster

BANK_CLOCK = MovableClock()


@pytest.fixture(scope="module")
async def shared_bank() -> AsyncIterator[MercadoPagoStandIn]:
    """One Mercado Pago, at the hour of the bot."""
    async with MercadoPagoStandIn(clock=BANK_CLOCK) as bank:
        yield bank


@pytest.fixture(scope="module")
async def shared_live(
    shared_stand_in: TelegramStandIn, cluster: Cluster, shared_bank: MercadoPagoStandIn
) -> AsyncIterator[Live]:
    """The bot, where EmDia can be paid."""
    dsn = await cluster.migrated_database()
    database = await Database.open(dsn)
    clock = MovableClock()
    gateway = MercadoPago(
        PLAYGROUND_PAYMENTS_TOKEN,
        api=shared_bank.api,
        monotonic=time.monotonic,
        sleep=clock.sleep,
        random=Random(1),  # noqa: S311 - jitter
    )
    async with living(shared_stand_in, database, payments=gateway) as running:
        yield running
    await gateway.close()
    await database.close()
    await cluster.drop(dsn)


@pytest.fixture
def bank(shared_bank: MercadoPagoStandIn, live: Live) -> MercadoPagoStandIn:
    """Mercado Pago, in order, by the clock of the bot."""
    move(live, timedelta())
    return shared_bank


@pytest.fixture
async def shop(live: Live, bank: MercadoPagoStandIn) -> Shop:
    """A business on its trial, which ends on 02/12; Mercado Pago is in order."""
    bank.control.order({"kind": "clear"})
    return Shop(live, await live.owner())


def move(live: Live, later: timedelta) -> None:
    """Make it so much later than at the beginning, for all."""
    live.clock.move_to(NOW + later)
    BANK_CLOCK.move_to(NOW + later)


async def press(shop: Shop, shown: dict[str, Any], label: str) -> dict[str, Any]:
    """Press a button, and wait for the screen that answers; what goes meanwhile is none."""
    shown = await chat.press(shop.owner, shown, label)
    while shown["deleted"]:
        shown = await screen(shop.owner)
    return shown


async def pix(shop: Shop) -> dict[str, Any]:
    """The picture to pay by."""
    return await press(shop, await say(shop.owner, "/conta"), "💳 Gerar PIX")


def code_of(shop: Shop, shown: dict[str, Any]) -> str:
    """What the picture says."""
    return read_qr(shop.owner.picture(shown))


async def paid(shop: Shop, bank: MercadoPagoStandIn) -> dict[str, Any]:
    """Pay, and say so; what is told of it, below what was asked for."""
    shown = await pix(shop)
    bank.control.pay_code(code_of(shop, shown))
    shop.owner.stand_in.control.press(
        shop.owner.chat_id, shown["message_id"], buttons(shown)["✅ Já paguei"]
    )
    while True:
        told = await screen(shop.owner)
        if "🏠 Continuar" in buttons(told):
            return told


async def test_the_picture_is_the_code_that_the_button_copies_and_the_dates_are_true(
    shop: Shop,
) -> None:
    shown = await pix(shop)
    copied = shown["buttons"][0][0]["copy_text"]["text"]

    assert copied == code_of(shop, shown)
    assert "De 02/12/2026, fim do teste grátis, para 01/01/2027" in shown["caption"]
    assert "Vale até amanhã, 10:42" in shown["caption"]


async def test_what_is_paid_opens_at_once_is_told_and_has_a_receipt_in_two_forms(
    shop: Shop, bank: MercadoPagoStandIn
) -> None:
    told = await paid(shop, bank)
    receipt = await press(shop, told, "🧾 Ver o recibo")
    file = await press(shop, receipt, "📄 Baixar em PDF")
    back = await press(shop, file, "⬅️ Voltar")
    listed = await press(shop, back, "⬅️ Voltar")

    assert "em dia até 01/01/2027" in told["text"]
    assert "Pago por PIX" in receipt["text"]
    assert shop.owner.document(file).startswith(b"%PDF-")
    assert receipt["text"] == back["text"]
    assert ["✅ 25/11/2026 · R$ 20,00"] == labels(listed)[0]


async def test_what_is_not_there_yet_is_looked_for_again_in_place(shop: Shop) -> None:
    shown = await pix(shop)
    waits = await press(shop, shown, "✅ Já paguei")
    said = await toast(shop.owner, waits, "🔄 Conferir de novo")
    code = await press(shop, waits, "🔳 Ver o código PIX")

    assert "ainda não caiu" in waits["text"]
    assert "Ainda não caiu. Assim que cair, eu aviso aqui." == said
    assert code_of(shop, shown) == code_of(shop, code)
    assert 1 == sum(bool(one["photo"]) and not one["deleted"] for one in shop.owner.sees())


async def test_two_presses_are_one_pix_and_one_picture(
    shop: Shop, bank: MercadoPagoStandIn
) -> None:
    account = await say(shop.owner, "/conta")
    before = len(list(bank.bank.all()))
    for _ in range(2):
        await shop.owner.press_old(account, buttons(account)["💳 Gerar PIX e assinar"])
    await shop.live.bot.drawn()
    pictures = [one for one in shop.owner.sees() if one["photo"] and not one["deleted"]]

    assert before + 1 == len(list(bank.bank.all()))
    assert 1 == len(pictures)


async def test_who_has_no_email_is_asked_for_one_and_pays_with_it(shop: Shop, live: Live) -> None:
    async with live.database.tenant(shop.owner.chat_id) as tx:
        await tx.execute("UPDATE tenants SET email = NULL WHERE tenant_id = $1", shop.owner.chat_id)
    asked = await press(shop, await say(shop.owner, "/conta"), "💳 Gerar PIX")
    wrong = await say(shop.owner, "não tenho")
    shown = await say(shop.owner, "rita@exemplo.com")

    assert "Qual é o seu e-mail?" in asked["text"]
    assert "Qual é o seu e-mail?" in wrong["text"]
    assert shown["photo"]


async def test_an_email_that_mercado_pago_does_not_take_is_asked_for_anew(
    shop: Shop, bank: MercadoPagoStandIn
) -> None:
    bank.control.order({"kind": "refused", "code": 400, "cause": 2060, "call": "create"})
    asked = await press(shop, await say(shop.owner, "/conta"), "💳 Gerar PIX")
    shown = await say(shop.owner, "outra@exemplo.com")

    assert "não aceitou o seu e-mail" in asked["text"]
    assert shown["photo"]


async def test_while_mercado_pago_is_away_it_is_said_and_tried_again_by_the_blue_button(
    shop: Shop, bank: MercadoPagoStandIn
) -> None:
    bank.control.order({"kind": "refused", "code": 400, "cause": 13253, "call": "create"})
    refused = await press(shop, await say(shop.owner, "/conta"), "💳 Gerar PIX")
    shown = await press(shop, refused, "🔄 Tentar de novo")

    assert "não fez este PIX" in refused["text"]
    assert shown["photo"]


async def test_what_is_over_leads_to_paying_and_is_open_again_once_paid(
    shop: Shop, bank: MercadoPagoStandIn, live: Live
) -> None:
    move(live, timedelta(days=9))
    over = await say(shop.owner, "/clientes")
    shown = await press(shop, over, "💳 Gerar PIX e voltar")
    assert "Terminou em 02/12/2026. Pagando hoje, volta e vai até 03/01/2027." in shown["caption"]
    told = await paid(shop, bank)
    home = await press(shop, told, "🏠 Continuar")

    assert "terminou em 02/12/2026" in over["text"]
    assert "03/01/2027" in told["text"]
    assert "plano em dia até 03/01" in home["text"]


async def test_the_end_is_told_by_the_date_of_the_owners_own_clock(
    shop: Shop, bank: MercadoPagoStandIn, live: Live
) -> None:
    # 22:42 in São Paulo on 04/12 is the day after in UTC.
    move(live, timedelta(days=9, hours=12))
    told = await paid(shop, bank)

    assert "03/01/2027" in told["text"]


async def test_nothing_is_left_of_the_wait_for_a_file(
    shop: Shop, bank: MercadoPagoStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = await press(shop, await paid(shop, bank), "🧾 Ver o recibo")
    monkeypatch.setattr(dispatch, "PATIENCE_SECONDS", 0.0)
    shop.owner.stand_in.control.press(
        shop.owner.chat_id, receipt["message_id"], buttons(receipt)["📄 Baixar em PDF"]
    )
    shown = await screen(shop.owner)
    await shop.live.bot.drawn()
    left = [one["text"] for one in shop.owner.sees() if not one["deleted"]]

    assert shown["document"]
    assert WAIT not in left


async def test_old_buttons_show_what_there_is_now(shop: Shop, bank: MercadoPagoStandIn) -> None:
    told = await paid(shop, bank)
    shop.owner.stand_in.control.press(
        shop.owner.chat_id, told["message_id"], ShowPaid(page=2**63 - 1).pack(), force=True
    )
    last = await screen(shop.owner)
    while "📋 Copiar código PIX" in buttons(last):  # still on its way to where it is left
        last = await screen(shop.owner)
    said = await shop.owner.press_old(last, ShowReceipt(charge_id=2**63 - 1).pack())

    assert ["✅ 25/11/2026 · R$ 20,00"] == labels(last)[0]
    assert said is not None
    assert "Esse pagamento não tem recibo." == said["text"]
