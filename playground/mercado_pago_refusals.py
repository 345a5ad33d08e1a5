"""How Mercado Pago refuses a call: a status, a word, and the causes by number."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
WORDS = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
    423: "locked",
    429: "too_many_requests",
    500: "internal_error",
}
IDEMPOTENCY_KEY_MISSING = (4292, "Header X-Idempotency-Key can't be null")
NO_AMOUNT = (4037, "Invalid transaction_amount")
NO_METHOD = (2131, "Cannot infer Payment Method")
UNKNOWN_METHOD = (3028, "Invalid payment_method_id")
NO_EMAIL = (4050, "payer.email must be a valid email")
OWN_EMAIL = (2060, "The customer can't be equal to the collector.")
WRONG_EXPIRATION = (3034, "Invalid date_of_expiration")
NOT_FOUND = (2000, "Payment not found")
WRONG_STATE = (2063, "The action requested is not valid for the current payment state")
TOO_MUCH = (4040, "Amount to refund is greater than the amount left")
TOO_LATE = (2024, "Payment too old to be refunded")
NO_JSON = (8, "invalid json")
WRONG_TEXT = (1, "Params Error")


@dataclass(slots=True)
class Refusal(Exception):
    """An answer that is none; `retry_after` in seconds goes in its header."""

    status: int
    message: str
    code: int | None = None
    retry_after: int | None = None

    @property
    def body(self) -> Json:
        """What is answered."""
        causes = (
            [{"code": self.code, "description": self.message, "data": None}] if self.code else []
        )
        word = WORDS.get(self.status, "error")
        return {"message": self.message, "error": word, "status": self.status, "cause": causes}


def bad_request(cause: tuple[int, str]) -> Refusal:
    """A refusal of what was asked."""
    return Refusal(400, cause[1], cause[0])
