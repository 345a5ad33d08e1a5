"""A payment as the local Mercado Pago has it, and as it shows it: the fields of the real one."""

import base64
import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import cached_property
from typing import Any

import qrcode
from qrcode.constants import ERROR_CORRECT_L

from domain.pix import PixKey, PixKeyKind, PixReceiver, br_code
from playground.mercado_pago_orders import Wish
from playground.mercado_pago_refusals import Json

COLLECTOR_ID = 1000001
RECEIVER = PixReceiver(
    key=PixKey(PixKeyKind.RANDOM, "6f6d6b20-0000-4000-8000-0000e0d1a000"),
    name="EMDIA DE FAZ DE CONTA",
    city="SAO PAULO",
)
# Where its own clock stands.
THERE = timezone(timedelta(hours=-4))


@dataclass(slots=True, kw_only=True)
class Refund:
    """Money that went back."""

    refund_id: int
    amount: Decimal
    at: datetime


@dataclass(kw_only=True)
class Held:
    """A payment; `paid` is what came, where that is not what was asked for."""

    payment_id: int
    wish: Wish
    status: str = "pending"
    status_detail: str = "pending_waiting_transfer"
    created_at: datetime
    updated_at: datetime
    approved_at: datetime | None = None
    paid: Decimal | None = None
    currency: str = "BRL"
    refunds: list[Refund] = field(default_factory=list)

    @property
    def amount(self) -> Decimal:
        """What it is about: what was asked for, unless another sum was paid."""
        return self.wish.amount if self.paid is None else self.paid

    @property
    def refunded(self) -> Decimal:
        """How much went back."""
        return sum((one.amount for one in self.refunds), Decimal(0))

    @cached_property
    def code(self) -> str:
        """What is copied and pasted."""
        return br_code(RECEIVER, self.wish.amount, txid=f"mpqrinter{self.payment_id}")

    @cached_property
    def picture(self) -> str:
        """The same as a PNG in base64."""
        made = qrcode.QRCode(error_correction=ERROR_CORRECT_L, box_size=2, border=4)
        made.add_data(self.code)
        drawn = io.BytesIO()
        made.make_image().get_image().save(drawn, "PNG")
        return base64.b64encode(drawn.getvalue()).decode()

    def shown(self, api: str) -> Json:
        """All of it, as it is answered."""
        return {
            "id": self.payment_id,
            "date_created": moment(self.created_at),
            "date_approved": moment(self.approved_at),
            "date_last_updated": moment(self.updated_at),
            "date_of_expiration": moment(self.wish.expires_at),
            "money_release_date": moment(self.approved_at),
            "operation_type": "regular_payment",
            "issuer_id": "12501",
            "payment_method_id": "pix",
            "payment_type_id": "bank_transfer",
            "payment_method": {"id": "pix", "type": "bank_transfer", "issuer_id": "12501"},
            "status": self.status,
            "status_detail": self.status_detail,
            "currency_id": self.currency,
            "description": self.wish.description,
            "live_mode": True,
            "sponsor_id": None,
            "taxes_amount": 0,
            "shipping_amount": 0,
            "collector_id": COLLECTOR_ID,
            "payer": {"type": None, "id": None, "email": None, "first_name": None},
            "metadata": {},
            "external_reference": self.wish.reference,
            "transaction_amount": number(self.amount),
            "transaction_amount_refunded": number(self.refunded),
            "coupon_amount": 0,
            "transaction_details": {
                "net_received_amount": 0,
                "total_paid_amount": number(self.amount),
                "overpaid_amount": 0,
                "bank_transfer_id": None,
            },
            "fee_details": [],
            "captured": True,
            "binary_mode": False,
            "refunds": [self.shown_refund(one) for one in self.refunds],
            "point_of_interaction": self._point(api),
        }

    def shown_refund(self, refund: Refund) -> Json:
        """One refund, as it is answered."""
        return {
            "id": refund.refund_id,
            "payment_id": self.payment_id,
            "amount": number(refund.amount),
            "date_created": moment(refund.at),
            "status": "approved",
        }

    def _point(self, api: str) -> Json:
        return {
            "type": "PIX",
            "business_info": {"unit": "online_payments", "sub_unit": "default"},
            "transaction_data": {
                "qr_code": self.code,
                "qr_code_base64": self.picture,
                "ticket_url": f"{api}/payments/{self.payment_id}/ticket",
                "bank_transfer_id": None,
                "transaction_id": None,
            },
        }


def moment(instant: datetime | None) -> str | None:
    """An instant as it writes them."""
    if instant is None:
        return None
    return instant.astimezone(THERE).isoformat(timespec="milliseconds")


def number(amount: Decimal) -> Any:
    """An amount as a number of JSON: 20.00 is 20."""
    whole = int(amount)
    return whole if whole == amount else float(amount)
