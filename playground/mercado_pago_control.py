"""The control API of the local Mercado Pago, below `/_control`: who pays, and what goes wrong.

As JSON over loopback: `{"payments": […]}`, `POST /payments/ID/pay`, `POST /faults`, and so on.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal

from aiohttp import web

from actors.runtime import Clock, MovableClock
from playground.mercado_pago_bank import Bank
from playground.mercado_pago_faults import Faults, fault_from
from playground.mercado_pago_orders import money, parsed
from playground.mercado_pago_payments import Held, moment, number
from playground.mercado_pago_refusals import Json, Refusal
from playground.mercado_pago_webhooks import Delivery, Webhooks

PREFIX = "/_control"
ACTS = ("pay", "refuse", "refund", "charge_back", "mediate", "win", "expire", "cancel")
Handler = Callable[[web.Request, Json], Awaitable[Json]]


class Control:
    """What the world does to the account, and to its connection."""

    def __init__(self, bank: Bank, webhooks: Webhooks, faults: Faults, clock: Clock) -> None:
        self.bank = bank
        self.webhooks = webhooks
        self.faults = faults
        self._clock = clock

    # For a driver in the same process

    def act(
        self,
        what: str,
        payment_id: str | int,
        *,
        amount: Decimal | None = None,
        currency: str | None = None,
    ) -> Held:
        """Let `what` (one of ACTS) happen to a payment; raises Refusal, and ValueError."""
        held = self.bank.held(payment_id)
        match what:
            case "pay":
                self.bank.pay(held, amount=amount, currency=currency)
            case "refund":
                self.bank.refund(held, amount)
            case _ if what in ACTS:
                getattr(self.bank, what)(held)
            case _:
                raise ValueError(f"no act {what!r}: {', '.join(ACTS)}")
        return held

    def pay_code(self, code: str) -> Held:
        """Pay what a code is of, as an app of a bank does."""
        return self.act("pay", self.bank.by_code(code).payment_id)

    def order(self, order: Json) -> None:
        """Order a fault, by its `kind`; "clear" ends all of them. Raises ValueError."""
        if order.get("kind") == "clear":
            self.faults.clear()
        else:
            self.faults.order(fault_from(order))

    # Over HTTP

    def add_to(self, app: web.Application) -> None:
        """Register every route."""
        post, get = app.router.add_post, app.router.add_get
        get(f"{PREFIX}/payments", self._checked(self._list))
        post(f"{PREFIX}/payments/{{id}}/{{act}}", self._checked(self._act))
        post(f"{PREFIX}/pay", self._checked(self._pay_code))
        post(f"{PREFIX}/faults", self._checked(self._fault))
        post(f"{PREFIX}/webhook", self._checked(self._webhook))
        post(f"{PREFIX}/notify", self._checked(self._notify))
        get(f"{PREFIX}/deliveries", self._checked(self._deliveries))
        post(f"{PREFIX}/clock", self._checked(self._move))

    def _checked(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            try:
                return web.json_response(await handler(request, parsed(await request.read())))
            except Refusal as refusal:
                return web.json_response(refusal.body, status=refusal.status)
            except (ValueError, KeyError, TypeError) as error:
                return web.json_response({"error": f"{error}"}, status=400)

        return answer

    async def _list(self, request: web.Request, _body: Json) -> Json:
        """`?reference=`: the payments, the newest first."""
        wanted = request.query.get("reference")
        found = [one for one in self.bank.all() if wanted in (None, one.wish.reference)]
        return {"payments": [summary(one) for one in found]}

    async def _act(self, request: web.Request, body: Json) -> Json:
        """`{amount?, currency?}`: of a refund in part, or of what is paid instead."""
        amount = money(body["amount"]) if "amount" in body else None
        held = self.act(
            request.match_info["act"],
            request.match_info["id"],
            amount=amount,
            currency=body.get("currency"),
        )
        return summary(held)

    async def _pay_code(self, _request: web.Request, body: Json) -> Json:
        """`{code}`."""
        return summary(self.pay_code(body["code"]))

    async def _fault(self, _request: web.Request, body: Json) -> Json:
        """`{kind, count?, call?, code?, cause?, retry_after?, seconds?}`."""
        if isinstance(body.get("seconds"), Decimal):
            body["seconds"] = float(body["seconds"])
        self.order(body)
        return {}

    async def _webhook(self, _request: web.Request, body: Json) -> Json:
        """`{url?, secret?, milliseconds?, ipn?}`: where deliveries go, and how."""
        if (url := body.get("url")) is not None:
            self.webhooks.url = lambda: str(url)
        self.webhooks.secret = str(body.get("secret", self.webhooks.secret))
        self.webhooks.milliseconds = bool(body.get("milliseconds", self.webhooks.milliseconds))
        self.webhooks.ipn = bool(body.get("ipn", self.webhooks.ipn))
        return {}

    async def _notify(self, _request: web.Request, body: Json) -> Json:
        """`{id, kind?}`: one delivery now, of any id; `{panel_test: true}`: the panel's."""
        if body.get("panel_test"):
            return told(self.webhooks.panel_test())
        return told(self.webhooks.bring(str(body["id"]), kind=body.get("kind", "")))

    async def _deliveries(self, _request: web.Request, _body: Json) -> Json:
        """Everything that was brought, or was to be, in order."""
        return {"deliveries": [told(one) for one in self.webhooks.deliveries]}

    async def _move(self, _request: web.Request, body: Json) -> Json:
        """`{now}`: another time, where it may be moved."""
        if not isinstance(self._clock, MovableClock):
            raise TypeError("this clock is not to be moved")
        instant = datetime.fromisoformat(body["now"])
        if instant.tzinfo is None:
            raise ValueError("an instant has an offset")
        self._clock.move_to(instant)
        return {"now": self._clock.now().isoformat()}


def summary(held: Held) -> Json:
    """A payment as a driver needs it."""
    return {
        "id": str(held.payment_id),
        "reference": held.wish.reference,
        "amount": number(held.amount),
        "refunded": number(held.refunded),
        "status": held.status,
        "status_detail": held.status_detail,
        "code": held.code,
        "created_at": moment(held.created_at),
        "expires_at": moment(held.wish.expires_at),
    }


def told(delivery: Delivery) -> Json:
    """A delivery as a driver needs it."""
    return {
        "id": delivery.payment_id,
        "action": delivery.action,
        "kind": delivery.signed_as,
        "answers": delivery.answers,
        "taken": delivery.taken,
    }
