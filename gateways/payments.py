"""Who takes the platform's money, as the rest of the system sees it: three questions, one value."""

from typing import Protocol

from domain.charges import Order, Payment


class Payments(Protocol):
    """A provider of PIX charges. Every call ends within its own deadline, and holds no thread.

    Raises, all of them:
        PaymentsAway: no answer, or it wants to be left alone; what was asked may have been done.
    """

    async def create(self, order: Order) -> Payment:
        """Have a charge made; the same order again is the same payment.

        Raises:
            PaymentRefused: it will not be made; nothing was.
            PaymentConflict: the key is known with another order.
        """
        ...

    async def find(self, payment_id: str) -> Payment | None:
        """The payment as it is now; None where there is none, or it cannot be read yet."""
        ...

    async def search(self, reference: str) -> tuple[Payment, ...]:
        """All payments that carry `reference`, over all pages."""
        ...

    async def close(self) -> None:
        """Let go of what is held."""
        ...
