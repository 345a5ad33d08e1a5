"""A message by hand on its way: once, with the words of its moment, through faults (E12, E6)."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from domain.by_hand import Going
from domain.outbox import MessageState
from domain.reminders import Kind
from errors import SidecarError, StorageUnavailable
from storage import by_hand, preparation
from tests.system.office import DAY, NINE, TENANT, UNKNOWN, Office, open_office

TEXT = "{saudacao}, {primeiro_nome}! São {hora_atual}."
AT = NINE + timedelta(minutes=30)
WORDS = "Bom dia, Ana! São 09:30."


@pytest.fixture
async def office(dsn: str) -> AsyncIterator[Office]:
    async with open_office(dsn, 1, trial_ends=NINE + timedelta(days=1)) as made:
        await made.console.execute("DELETE FROM messages")
        async with made.database.tenant(TENANT) as tx:
            client_id = await made.console.fetchval("SELECT id FROM clients")
            schedule_id, _ = await by_hand.add(
                tx, client_id, nonce="1", kind=Kind.GENERAL, text=TEXT, at=AT, day=DAY,
                monthly_day=None, now=NINE,
            )  # fmt: skip
            await by_hand.queue(tx, schedule_id, Going(AT, AT + timedelta(hours=8)), NINE)
        yield made


async def repeat(office: Office) -> None:
    """What a plan does that comes once more."""
    schedule_id = await office.console.fetchval("SELECT id FROM scheduled_messages")
    async with office.database.tenant(TENANT) as tx:
        await by_hand.queue(tx, schedule_id, Going(AT, AT + timedelta(hours=8)), AT)


async def test_it_waits_for_its_minute_and_goes_once_with_the_words_of_then(office: Office) -> None:
    early = await office.steps(office.courier())
    office.clock.instant = AT
    await office.steps(office.courier())
    await repeat(office)
    await office.steps(office.courier())

    assert 0 == early
    assert [WORDS] == office.worker.texts
    assert [(MessageState.SENT, None, 1)] == await office.stand()


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(SidecarError("away"), id="surely not written"),
        pytest.param(UNKNOWN, id="perhaps written"),
    ],
)
async def test_a_second_try_says_the_same_words_under_the_same_id(
    office: Office, fault: dict[str, str] | Exception
) -> None:
    office.clock.instant = AT
    office.worker.answers = [fault]
    await office.steps(office.courier())
    await repeat(office)
    await office.work_until(AT + timedelta(hours=1), office.courier())

    assert {WORDS} == {*office.worker.texts}
    assert 1 == len({*office.worker.ids})
    assert [MessageState.SENT] == [state for state, _, _ in await office.stand()]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("transaction", [1, 2, 3])
async def test_a_lost_connection_changes_neither_words_nor_id(
    office: Office, when: str, transaction: int
) -> None:
    office.clock.instant = AT
    office.database.fail({transaction: when})
    courier = office.courier()
    await office.work_until(AT + timedelta(hours=1), courier)
    await repeat(office)
    await office.work_until(AT + timedelta(hours=2), courier)

    assert {WORDS} == {*office.worker.texts}
    assert 1 == len({*office.worker.ids})
    assert [MessageState.SENT] == [state for state, _, _ in await office.stand()]


async def test_making_it_a_message_twice_over_a_lost_answer_is_one_row(office: Office) -> None:
    office.database.fail({1: "after"})
    with pytest.raises(StorageUnavailable):
        await repeat(office)
    await repeat(office)

    assert 1 == await office.console.fetchval("SELECT count(*) FROM messages")


async def test_a_fault_before_its_minute_never_lets_it_go_sooner(office: Office) -> None:
    message_id = await office.console.fetchval("SELECT id FROM messages")
    async with office.database.tenant(TENANT) as tx:
        await preparation.set_back(tx, message_id, MessageState.QUEUED, 1, NINE)
    early = await office.steps(office.courier())

    assert (0, AT) == (early, await office.console.fetchval("SELECT not_before FROM messages"))
