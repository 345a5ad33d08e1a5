"""What became of a payment that the owner says is paid, and the next step (A3, A4)."""

from actors.messages.subscription import ChargeStanding, CheckCharge
from bot.screens.account.account import ACCOUNT
from bot.screens.subscription import check_words, words
from bot.screens.subscription.buttons import (
    SLOT,
    SUBSCRIBE,
    CheckPaid,
    ShowPaid,
    ShowReceipt,
    subscribe_button,
)
from bot.ui.buttons import Row, button, go, keyboard, place
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from domain.charges import ChargeState
from domain.subscription import Area

SCREEN = Screen(area=Area.PAYMENT)
COUNTED = frozenset({ChargeState.APPROVED, ChargeState.IN_MEDIATION})
"""Paid, and not given back: nothing is to be paid again."""


@SCREEN.press(CheckPaid)
async def check_paid(turn: Turn, pressed: CheckPaid) -> View:
    """Look, and say it below the picture; from there on in place (law 3)."""
    return check_view(await turn.ask(CheckCharge(pressed.charge_id)), pressed.origin)


def check_view(standing: ChargeStanding, origin: str = "") -> View:
    """What became of it, and what to do."""
    pending = standing.state is ChargeState.PENDING or standing.stale
    back = place(SUBSCRIBE) if pending else origin or place(ACCOUNT)
    return View(
        check_words.check(standing),
        keyboard(*_rows(standing, origin, pending=pending), back=back),
        slot=SLOT,
        # Looked at again, the screen may be the same to the letter.
        toast=_toast(standing) if pending else None,
    )


def _toast(standing: ChargeStanding) -> str:
    return check_words.NO_ANSWER if standing.stale else check_words.NOT_YET


def _rows(standing: ChargeStanding, origin: str, *, pending: bool) -> list[Row]:
    payments = [button(words.PAYMENTS_BUTTON, ShowPaid(origin=origin))]
    if standing.state is None or standing.charge_id is None:
        return [[subscribe_button(words.PAY_BUTTON, origin, style="success")], payments]
    if pending:
        again = CheckPaid(charge_id=standing.charge_id, origin=origin)
        return [
            [button(check_words.AGAIN_BUTTON, again, style="primary")],
            [go(check_words.CODE_BUTTON, SUBSCRIBE)],
            payments,
        ]
    if standing.state in COUNTED:
        receipt = ShowReceipt(charge_id=standing.charge_id, origin=origin)
        return [[button(check_words.RECEIPT_BUTTON, receipt)], payments]
    return [[subscribe_button(check_words.NEW_BUTTON, origin, style="success")], payments]
