"""The courier with messages in two parts: in order, each once, whatever comes between (D5)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from actors.whatsapp.courier import recover
from actors.whatsapp.steps import Idle, Set, Tried
from actors.whatsapp.unsettled import Unsettled
from domain.outbox import MessageState as S
from domain.pacing import PacingRules
from domain.rulebook import Held
from errors import SidecarGone, StorageUnavailable
from storage import receipts, tenants
from tests.system.office import ACKED, NINE, REFUSED, TENANT, UNKNOWN, Office, open_office

CLOSES = NINE + timedelta(hours=11)
RESTRICTED: dict[str, Any] = {"outcome": "refused", "error": 463}


@pytest.fixture
async def office(dsn: str) -> AsyncIterator[Office]:
    """Two clients whose billing text has the PIX code in it."""
    async with open_office(dsn, 2) as made:
        await made.code_in_text()
        yield made


async def said(office: Office) -> list[str]:
    """Which parts of which messages the worker was given, in order: "1a" is the first of all."""
    rows = await office.console.fetch(
        "SELECT whatsapp_id, second_whatsapp_id FROM messages ORDER BY id"
    )
    names = {
        row[part]: f"{number}{'ab'[part]}"
        for number, row in enumerate(rows, start=1)
        for part in range(2)
    }
    return [names[one] for one in office.worker.ids]


async def test_the_code_follows_its_text_and_nothing_goes_between(office: Office) -> None:
    courier = office.courier()
    steps = [await courier.deliver_next() for _ in range(5)]

    assert ["1a", "1b", "2a", "2b"] == await said(office)
    assert [*[Tried(S.SENT, goes_on=True), Tried(S.SENT)] * 2, Idle(None)] == steps
    assert ["Oi, Ana! PIX:", "Oi, Ana! PIX:"] == office.worker.texts[::2]
    assert {"0002"} == {text[:4] for text in office.worker.texts[1::2]}
    assert [(S.SENT, None, 2)] * 2 == await office.stand()


async def test_not_even_an_older_message_goes_between(office: Office) -> None:
    courier = office.courier()
    await courier.deliver_next()
    await office.console.execute(
        "UPDATE messages SET not_before = not_before - interval '1 hour' WHERE attempt = 0"
    )
    await courier.deliver_next()

    assert ["1a", "1b"] == await said(office)


async def test_each_part_costs_the_statements_of_one_message(office: Office) -> None:
    courier = office.courier()
    await office.steps(courier, 2)
    step = ["next_ready", "begin_attempt", "settle"]

    assert [step, step] == [await office.asked(courier) for _ in range(2)]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        pytest.param(REFUSED, S.RETRY, id="refused"),
        pytest.param(UNKNOWN, S.UNKNOWN, id="unknown"),
        pytest.param(SidecarGone("gone", asked=False), S.RETRY, id="not written"),
    ],
)
@pytest.mark.parametrize("part", [0, 1])
async def test_a_part_that_fails_is_tried_again_alone_and_others_go_on(
    office: Office, answer: Any, state: S, part: int
) -> None:
    office.worker.answers = [*[ACKED] * part, answer]
    courier = office.courier()
    await office.steps(courier)
    failed = (await office.rows())[0].state
    office.clock.instant += timedelta(minutes=2)
    await office.steps(courier)
    heard = list(dict.fromkeys(await said(office)))

    assert (state, [S.SENT, S.SENT]) == (failed, [row.state for row in await office.rows()])
    assert sorted(heard) == ["1a", "1b", "2a", "2b"]
    assert heard.index("1a") < heard.index("1b")
    assert 1 == (await said(office)).count("1b" if part == 0 else "1a")


async def test_a_second_part_has_attempts_of_its_own(office: Office) -> None:
    office.worker.answers = [*[REFUSED] * 4, ACKED, *[REFUSED] * 4, ACKED]
    await office.console.execute("DELETE FROM messages WHERE id = (SELECT max(id) FROM messages)")
    await office.work_until(CLOSES, office.courier())

    assert [(S.SENT, None, 10)] == await office.stand()
    assert [*["1a"] * 5, *["1b"] * 5] == await said(office)


async def test_a_second_part_that_never_goes_says_that_the_text_went(office: Office) -> None:
    office.worker.answers = [ACKED, *[REFUSED] * 5]
    await office.console.execute("DELETE FROM messages WHERE id = (SELECT max(id) FROM messages)")
    await office.work_until(CLOSES, office.courier())

    assert [(S.FAILED, "code_not_sent", 6)] == await office.stand()


async def test_a_restriction_of_the_second_part_is_never_tried_again(office: Office) -> None:
    office.worker.answers = [ACKED, RESTRICTED]
    await office.work_until(CLOSES, office.courier())

    assert [(S.FAILED, "restricted", 2), (S.SENT, None, 2)] == await office.stand()


@pytest.mark.parametrize("receipt", ["delivered", "read"])
async def test_a_receipt_that_is_faster_than_the_ack_lets_the_second_part_go(
    office: Office, receipt: str
) -> None:
    """The phone has it already, so it is out, whatever comes back of the send."""
    courier = office.courier()
    office.worker.answers = [UNKNOWN]
    rows = await office.rows()
    office.worker.before_answer = lambda: None
    line_send = office.worker.call

    async def hear_first(op: str, **named: Any) -> dict[str, Any]:
        answer = await line_send(op, **named)
        async with office.database.tenant(TENANT) as tx:
            await receipts.receipt(tx, rows[0].whatsapp_id, receipt, NINE)
        return answer

    office.worker.call = hear_first  # type: ignore[method-assign] # the worker hears on the way
    await courier.deliver_next()
    office.worker.call = line_send  # type: ignore[method-assign] # and no more
    await office.steps(courier)

    assert ["1a", "1b", "2a", "2b"] == await said(office)
    assert [S.SENT, S.SENT] == [row.state for row in await office.rows()]


@pytest.mark.parametrize(
    "moment",
    [pytest.param("before", id="its ack was not written"), pytest.param("after", id="it was")],
)
@pytest.mark.parametrize("transaction", [3, 5], ids=["the first part", "the second"])
async def test_a_lost_postgresql_repeats_no_part_that_was_acknowledged(
    office: Office, transaction: int, moment: str
) -> None:
    office.database.fail({transaction: moment})
    await office.steps(office.courier())

    assert ["1a", "1b", "2a", "2b"] == await said(office)
    assert [(S.SENT, None, 2)] * 2 == await office.stand()


@pytest.mark.parametrize("out", [0, 1], ids=["in the first part", "in the second"])
async def test_a_process_that_dies_repeats_the_part_under_way_under_its_id(
    office: Office, out: int
) -> None:
    class Killed(BaseException):
        """The process ends here."""

    def die() -> None:
        raise Killed

    courier = office.courier()
    await office.steps(courier, out)
    office.worker.before_answer = die
    with pytest.raises(Killed):
        await courier.deliver_next()
    office.worker.before_answer = lambda: None
    await office.take_over()
    async with office.database.tenant(TENANT) as tx:
        await recover(tx, 2, PacingRules(), office.clock.instant, office.random)
    await office.steps(office.courier(2))

    twice = ["1a", "1a", "1b"] if out == 0 else ["1a", "1b", "1b"]
    assert [*twice, "2a", "2b"] == await said(office)


async def test_a_process_that_dies_between_the_parts_goes_on_with_the_second(
    office: Office,
) -> None:
    await office.steps(office.courier(), 1)
    await office.take_over()
    await office.steps(office.courier(2))

    assert ["1a", "1b", "2a", "2b"] == await said(office)


async def test_a_new_line_goes_on_with_the_second(office: Office) -> None:
    unsettled = Unsettled()
    await office.steps(office.courier(1, unsettled), 1)
    await office.steps(office.courier(1, unsettled))

    assert ["1a", "1b", "2a", "2b"] == await said(office)


async def test_who_pays_between_the_parts_gets_no_code(office: Office) -> None:
    courier = office.courier()
    await courier.deliver_next()
    await office.console.execute(
        "UPDATE clients SET due_on = due_on + 30 WHERE id = (SELECT min(id) FROM clients)"
    )
    step = await courier.deliver_next()
    await office.steps(courier)

    assert Set() == step
    assert ["1a", "2a", "2b"] == await said(office)
    assert [(S.CANCELLED, "renewed", 1), (S.SENT, None, 2)] == await office.stand()


async def test_a_pause_between_the_parts_holds_the_second(office: Office) -> None:
    courier = office.courier()
    await courier.deliver_next()
    async with office.database.tenant(TENANT) as tx:
        await tenants.set_paused(tx, paused=True)
    held = await courier.deliver_next()
    async with office.database.tenant(TENANT) as tx:
        await tenants.set_paused(tx, paused=False)
    await office.steps(courier)

    assert isinstance(held, Held)
    assert ["1a", "1b", "2a", "2b"] == await said(office)


async def test_what_is_switched_between_the_parts_changes_nothing_of_them(office: Office) -> None:
    courier = office.courier()
    await courier.deliver_next()
    await office.console.execute("UPDATE settings SET pix_alone = false")
    await office.console.execute("UPDATE clients SET price = 99")
    await office.steps(courier)

    assert ["1a", "1b", "2a"] == await said(office)
    assert ("35.00" in office.worker.texts[1], "99.00" in office.worker.texts[2]) == (True, True)
    assert [S.SENT, S.SENT] == [row.state for row in await office.rows()]


async def test_a_postgresql_that_is_gone_between_the_parts_loses_neither(office: Office) -> None:
    courier = office.courier()
    await courier.deliver_next()
    office.database.fail({1: "before"})
    with pytest.raises(StorageUnavailable):
        await courier.deliver_next()
    await office.steps(courier)

    assert ["1a", "1b", "2a", "2b"] == await said(office)
