"""Faults planted into what runs, one at a time: whoever plays at random must come upon each."""

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from actors.tenant import payments, undo
from domain import renewal
from storage import ledger


@dataclass(frozen=True, slots=True)
class Fault:
    """A function in which `right` reads `wrong`."""

    function: Callable[..., Any]
    right: str
    wrong: str

    def plant(self, patch: pytest.MonkeyPatch) -> None:
        """Let everybody who calls the function call the wrong one."""
        source = inspect.getsource(self.function)
        assert self.right in source, "the fault no longer fits the code"
        module = sys.modules[self.function.__module__]
        made = dict(vars(module))
        exec(source.replace(self.right, self.wrong), made)  # noqa: S102 - our own source, with a fault
        name = self.function.__name__
        patch.setattr(module, name, made[name])
        for act, function in undo._TAKE_BACK.items():  # noqa: SLF001 - the defect goes where the rule is
            if function is self.function:
                patch.setitem(undo._TAKE_BACK, act, made[name])  # noqa: SLF001 - what a fault is planted in


FAULTS = {
    "a renewal forgets what was paid": Fault(
        ledger.renew, "amount=amount,\n        paid_on", "amount=amount * 0,\n        paid_on"
    ),
    "undoing a renewal leaves the due date": Fault(
        undo._renewal,  # noqa: SLF001 - what a fault is planted in
        'before, was["agreed_before"]',
        'after, was["agreed_after"]',
    ),
}
FAULTS_OF_THE_DAY = {
    "what is scheduled outlives a renewal": Fault(
        ledger.renew,
        "scheduled = await by_hand.cancel_of_client(tx, client_id, Reason.RENEWED, now)",
        "scheduled = ()",
    ),
}
SUBTLE_FAULTS_OF_THE_DAY = {
    "a cancelled message stays cancelled when that is undone": Fault(
        undo._cancelling,  # noqa: SLF001 - what a fault is planted in
        "back = await queue_acts.put_back(desk.tx, was, desk.now)",
        "back = len(was)",
    ),
    "an undone renewal leaves what was scheduled cancelled": Fault(
        undo._renewal,  # noqa: SLF001 - what a fault is planted in
        "await _bring_back_scheduled(desk, was, Reason.RENEWED)",
        "pass",
    ),
}
SUBTLE_FAULTS = {
    "a renewal forgets the agreed day": Fault(
        ledger.renew, "agreed_day=renewal.agreed_after", "agreed_day=due_on.day"
    ),
    "undoing a renewal leaves the payment": Fault(
        undo._renewal,  # noqa: SLF001 - what a fault is planted in
        'await ledger.void(desk.tx, was["payment_id"], desk.now)',
        "pass",
    ),
    "undoing an edit loses the agreed day": Fault(
        undo._edit,  # noqa: SLF001 - what a fault is planted in
        'agreed_day=was["agreed_before"]',
        "agreed_day=before.due_on.day",
    ),
    "a payment taken back still counts": Fault(
        undo._payment,  # noqa: SLF001 - what a fault is planted in
        "await ledger.void(desk.tx, line.payment_id, desk.now)",
        "pass",
    ),
    "who was put away stays away": Fault(
        undo._archiving,  # noqa: SLF001 - what a fault is planted in
        'archived=not was["archived"]',
        "archived=client.archived",
    ),
    "a payment never goes towards an older debt": Fault(
        payments._towards,  # noqa: SLF001 - what a fault is planted in
        "return card.renewed_from",
        "return card.client.due_on",
    ),
    "the next month has the day of a short one": Fault(
        renewal._same_day,  # noqa: SLF001 - what a fault is planted in
        "client.agreed_day",
        "client.due_on.day",
    ),
}
