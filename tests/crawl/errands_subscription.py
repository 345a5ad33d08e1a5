"""Paying EmDia: a charge of each state, what there is without one, receipts, and being let back in.

A walk comes by the PIX; what becomes of it is the bank's affair, and here the bank is ours.
"""

import asyncpg

from bot.screens.subscription.buttons import SUBSCRIBE, CheckPaid, ShowPaid
from bot.ui.buttons import Go
from playground.mercado_pago import MercadoPagoStandIn
from playground.mercado_pago_payments import Held
from tests.crawl.chat import Chat
from tests.crawl.taps import go, tap

WITHOUT_EMAIL = "UPDATE tenants SET email = NULL WHERE tenant_id = $1"
SHUT = "UPDATE tenants SET blocked_at = created_at WHERE tenant_id = $1"
LET_IN = "UPDATE tenants SET blocked_at = NULL WHERE tenant_id = $1"
MANY = """
    INSERT INTO subscription_charges (
        tenant_id, amount, status, idempotency_key, external_reference, created_at, expires_at)
    SELECT $1::bigint, 20, 'rejected', gen_random_uuid(),
        'errand-' || $1::bigint || '-' || n, now(), now()
    FROM generate_series(1, 9) AS n
"""
NEWEST = "SELECT max(id) FROM subscription_charges WHERE tenant_id = $1"
# What may become of a charge, in the order in which it may.
FATES = (("refuse",), ("expire",), ("pay", "refund"), ("pay", "mediate", "charge_back", "win"))
FAULTS = (
    {"kind": "refused", "code": 400, "cause": 13253, "call": "create"},
    {"kind": "refused", "code": 400, "cause": 2060, "call": "create"},
)
AWAY = {"kind": "error", "count": 3, "call": "create"}
NO_ANSWER = {"kind": "error", "count": 3, "call": "find"}


async def run_subscription_errands(
    chat: Chat, console: asyncpg.Pool, bank: MercadoPagoStandIn
) -> None:
    """Pay and see the receipt; every fate of a charge; every reason for none."""
    await _pay(chat, bank)
    for fate in FATES:
        await _meet(chat, console, bank, fate)
    await _without(chat, console, bank)
    await console.execute(MANY, chat.chat_id)
    await go(chat, ShowPaid())
    for label in ("›", "‹"):
        await tap(chat, label)
    await console.execute(SHUT, chat.chat_id)
    await go(chat, Go(to=SUBSCRIBE))
    await console.execute(LET_IN, chat.chat_id)
    await go(chat, Go(to=SUBSCRIBE))


async def _pay(chat: Chat, bank: MercadoPagoStandIn) -> None:
    """Wait for it, look at the code again, pay, and take the receipt along."""
    await chat.say("/conta")
    for label in ("Pagamentos", "Voltar", "Gerar PIX", "Já paguei", "Conferir de novo"):
        await tap(chat, label)
    for label in ("Ver o código", "Pagamentos", "Voltar"):
        await tap(chat, label)
    bank.control.act("pay", newest(chat, bank).payment_id)
    for label in ("Já paguei", "Ver o recibo", "Baixar em PDF", "Voltar", "Voltar", "✅"):
        await tap(chat, label)


async def _meet(
    chat: Chat, console: asyncpg.Pool, bank: MercadoPagoStandIn, fate: tuple[str, ...]
) -> None:
    """Let it befall a charge, step by step, and look at each."""
    await go(chat, Go(to=SUBSCRIBE))
    for act in fate:
        bank.control.act(act, newest(chat, bank).payment_id)
        charge_id = await console.fetchval(NEWEST, chat.chat_id)
        await go(chat, CheckPaid(charge_id=charge_id))
    await go(chat, ShowPaid())


async def _without(chat: Chat, console: asyncpg.Pool, bank: MercadoPagoStandIn) -> None:
    """No PIX by now: Mercado Pago is away, or refuses; the e-mail is missing, the account shut."""
    for fault in (AWAY, *FAULTS):
        bank.control.order(dict(fault))
        await go(chat, Go(to=SUBSCRIBE))
        bank.control.order({"kind": "clear"})
    await chat.say("outra@loja.example")
    bank.control.order(dict(NO_ANSWER))
    await tap(chat, "Já paguei")
    bank.control.order({"kind": "clear"})
    await tap(chat, "Conferir de novo")
    bank.control.act("expire", newest(chat, bank).payment_id)
    await tap(chat, "Conferir de novo")
    await console.execute(WITHOUT_EMAIL, chat.chat_id)
    await tap(chat, "Gerar outro PIX")
    for said in ("não sei", "loja@loja.example"):
        await chat.say(said)


def newest(chat: Chat, bank: MercadoPagoStandIn) -> Held:
    """The newest payment of a chat."""
    mine = f"emdia-{chat.chat_id}-"
    return next(one for one in bank.bank.all() if (one.wish.reference or "").startswith(mine))
