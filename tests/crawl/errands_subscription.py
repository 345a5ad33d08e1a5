"""Paying EmDia: a charge of each state, what there is without one, receipts, and being let back in.

A walk comes by the PIX; what becomes of it is the bank's affair, and here the bank is ours.
"""

from bot.screens.subscription.buttons import SUBSCRIBE, CheckPaid, ShowPaid
from bot.ui.buttons import Go
from tests.crawl.errand import Errand

PIX = Go(to=SUBSCRIBE).pack()
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
CLEAR = {"kind": "clear"}
NO_ANSWER = {"kind": "error", "count": 3, "call": "find"}


async def pay_for_emdia(errand: Errand) -> None:
    """Pay and see the receipt; every fate of a charge; every reason for none."""
    await _pay(errand)
    for fate in FATES:
        await _meet(errand, fate)
    await _without(errand)
    await errand.make(MANY)
    await errand.go(ShowPaid().pack())
    await errand.tap("›", "‹")
    await errand.make(SHUT)
    await errand.go(PIX)
    await errand.make(LET_IN)
    await errand.go(PIX)


async def _pay(errand: Errand) -> None:
    """Wait for it, look at the code again, pay, and take the receipt along."""
    await errand.say("/conta")
    await errand.tap("Pagamentos", "Voltar", "Gerar PIX", "Já paguei", "Conferir de novo")
    await errand.tap("Ver o código", "Pagamentos", "Voltar")
    befall(errand, "pay")
    await errand.tap("Já paguei", "Ver o recibo", "Baixar em PDF", "Voltar", "Voltar", "✅ ")


async def _meet(errand: Errand, fate: tuple[str, ...]) -> None:
    """Let it befall a charge, step by step, and look at each."""
    await errand.go(PIX)
    for act in fate:
        befall(errand, act)
        charge_id = await errand.console.fetchval(NEWEST, errand.chat_id)
        await errand.go(CheckPaid(charge_id=charge_id).pack())
    await errand.go(ShowPaid().pack())


async def _without(errand: Errand) -> None:
    """No PIX by now: Mercado Pago is away, or refuses; the e-mail is missing."""
    order = errand.house.bank.control.order
    for fault in (AWAY, *FAULTS):
        order(dict(fault))
        await errand.go(PIX)
        order(dict(CLEAR))
    await errand.say("outra@loja.example")
    order(dict(NO_ANSWER))
    await errand.tap("Já paguei")
    order(dict(CLEAR))
    await errand.tap("Conferir de novo")
    befall(errand, "expire")
    await errand.tap("Conferir de novo")
    await errand.make(WITHOUT_EMAIL)
    await errand.tap("Gerar outro PIX")
    for said in ("não sei", "loja@loja.example"):
        await errand.say(said)


def befall(errand: Errand, act: str) -> None:
    """Let the bank do this to the newest payment of whoever is about."""
    bank, mine = errand.house.bank, f"emdia-{errand.chat_id}-"
    newest = next(one for one in bank.bank.all() if (one.wish.reference or "").startswith(mine))
    bank.control.act(act, newest.payment_id)
