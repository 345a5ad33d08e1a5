"""Whatever comes of asking about one number is that number's trouble alone (F5, F11)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.outbox import MessageState
from domain.reasons import Reason
from errors import SidecarGone, SidecarRefused
from tests.system.office import Office, open_office

S = MessageState
HIM = "5511990000000@s.whatsapp.net"
ANSWERS: dict[str, dict[str, Any] | Exception] = {
    "a fault of ours": ValueError("who knows"),
    "words that cannot be sent": UnicodeEncodeError("utf-8", "\ud83d", 0, 1, "surrogates"),
    "no answer at all": {},
    "an answer of no known kind": {"answer": "maybe"},
    "found, without an address": {"answer": "found", "lid": None},
    "an address without end": {"answer": "found", "jid": "5" * 5000, "lid": None},
    "a NUL in the address": {"answer": "found", "jid": HIM + "\0", "lid": None},
    "a LID without end": {"answer": "found", "jid": HIM, "lid": "9" * 5000 + "@lid"},
    "somebody else": {"answer": "found", "jid": "5511990000001@s.whatsapp.net", "lid": None},
    "a group": {"answer": "found", "jid": "5511990000000@g.us", "lid": None},
    "only a LID": {"answer": "found", "jid": "5511990000000@lid", "lid": None},
    "a reason of no known kind": {"answer": "no_answer", "reason": "tired"},
    "a worker that is gone": SidecarGone("gone", asked=True),
    "a worker that says no": SidecarRefused("no_session", "none"),
}


@pytest.fixture
async def office(dsn: str) -> AsyncIterator[Office]:
    """Three messages; nobody was asked about the number of the first."""
    async with open_office(dsn, 3) as made:
        first = (await made.rows())[0].phone
        await made.console.execute("DELETE FROM whatsapp_numbers WHERE phone = $1", first)
        yield made


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
async def test_an_odd_answer_about_one_number_holds_up_no_other(
    office: Office, answer: dict[str, Any] | Exception
) -> None:
    office.worker.checks = [answer] * 20
    await office.steps(office.courier())
    kept = await office.console.fetchval("SELECT count(*) FROM whatsapp_numbers")

    assert [
        (S.QUEUED, Reason.NUMBER_UNANSWERED, 0),
        (S.SENT, None, 1),
        (S.SENT, None, 1),
    ] == await office.stand()
    assert 2 == kept


async def test_a_lid_that_is_none_is_not_written_to(office: Office) -> None:
    office.worker.checks = [{"answer": "found", "jid": HIM, "lid": "5511990000000@s.whatsapp.net"}]
    await office.steps(office.courier())

    assert [(S.SENT, None, 1)] * 3 == await office.stand()
