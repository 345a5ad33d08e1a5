"""The courier keeps the charter of its tenant, and no change of it ever goes unnoticed (C5, E2).

On a real PostgreSQL, through the statements themselves; only the worker is a stand-in.
"""

from collections.abc import AsyncIterator

import pytest
from prometheus_client import REGISTRY

from actors.whatsapp.rules import CHARTER_SECONDS
from actors.whatsapp.steps import Set, Step, Tried
from domain.outbox import MessageState
from domain.reasons import Reason
from domain.rulebook import Held
from tests.system.office import Office, open_office

SENT = MessageState.SENT
WITH_CHARTER = ["next_ready", "charter", "begin_attempt", "settle"]
WITHOUT = ["next_ready", "begin_attempt", "settle"]


@pytest.fixture
async def office(dsn: str) -> AsyncIterator[Office]:
    async with open_office(dsn) as made:
        yield made


def counted(outcome: str) -> float:
    """How often charters were found kept, or not."""
    labels = {"cache": "charter", "outcome": outcome}
    return REGISTRY.get_sample_value("emdia_cache_total", labels) or 0.0


async def test_the_charter_is_read_once_for_many_messages(office: Office) -> None:
    courier = office.courier()

    assert [WITH_CHARTER, WITHOUT, WITHOUT] == [await office.asked(courier) for _ in range(3)]


async def test_hits_and_misses_are_counted(office: Office) -> None:
    before = counted("hit"), counted("miss")
    courier = office.courier()
    for _ in range(3):
        await office.asked(courier)

    assert (before[0] + 2, before[1] + 1) == (counted("hit"), counted("miss"))


async def test_a_new_courier_begins_with_nothing(office: Office) -> None:
    await office.asked(office.courier())

    assert WITH_CHARTER == await office.asked(office.courier())


async def test_a_new_epoch_begins_with_nothing(office: Office) -> None:
    await office.asked(office.courier())
    await office.take_over()

    assert WITH_CHARTER == await office.asked(office.courier(epoch=2))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param("UPDATE settings SET queue_paused = true", Held(Reason.PAUSED), id="a switch"),
        pytest.param(
            "UPDATE tenants SET blocked_at = now()", Held(Reason.ACCESS_ENDED), id="blocked"
        ),
        pytest.param(
            "UPDATE settings SET pix_key = NULL",
            Set(("pix_chave", "pix_beneficiario")),
            id="the PIX key taken away",
        ),
        pytest.param("UPDATE settings SET automatic_kinds = '{}'", Set(), id="the kind off"),
        pytest.param(
            """INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
               VALUES (11, 'cobranca', 'minha', 'Oi', false, now(), now())""",
            Set(),
            id="the text off",
        ),
    ],
)
async def test_what_was_changed_at_a_console_counts_for_the_next_message(
    office: Office, change: str, expected: Step
) -> None:
    courier = office.courier()
    first, _ = await office.step(courier)
    await office.console.execute(change)
    second, asked = await office.step(courier)

    assert (Tried(SENT), expected, ["next_ready", "charter"]) == (
        first,
        second,
        asked[:2],
    )


async def test_the_next_message_asks_for_the_new_pix_key(office: Office) -> None:
    courier = office.courier()
    await office.step(courier)
    await office.console.execute("UPDATE settings SET pix_key = 'nova@tv.example'")
    await office.step(courier)

    old, new = (
        [key for key in ("rita@tv.example", "nova@tv.example") if key in text]
        for text in office.worker.texts
    )
    assert (["rita@tv.example"], ["nova@tv.example"]) == (old, new)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param("pix_key = '43915000868'", Tried(SENT), id="a CPF that could be a mobile"),
        pytest.param("pix_city = '東京'", Tried(SENT), id="a city no code can carry"),
        pytest.param("pix_beneficiary = '東京'", Tried(SENT), id="a name no code can carry"),
        pytest.param("time_zone = 'Atlantis/Capital'", Tried(SENT), id="a zone nobody knows"),
        pytest.param(
            "pix_key = 'minha chave'",
            Set(("pix_chave", "pix_beneficiario")),
            id="a key of no kind counts as none",
        ),
    ],
)
async def test_what_is_stored_stops_nobody(office: Office, change: str, expected: Step) -> None:
    await office.console.execute(f"UPDATE settings SET {change}")  # noqa: S608 - texts of ours

    assert expected == (await office.step(office.courier()))[0]


@pytest.mark.parametrize("body", ["Oi {fatura}", "Oi {nome", "{}", "}{"])
async def test_a_text_that_an_older_version_kept_stops_nobody(office: Office, body: str) -> None:
    await office.console.execute(
        """INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
           VALUES (11, 'cobranca', 'minha', $1, true, now(), now())""",
        body,
    )

    step, _ = await office.step(office.courier())
    assert isinstance(step, Set | Tried)
    assert not {"{", "}"} & set("".join(office.worker.texts))


async def test_the_next_message_says_the_new_words(office: Office) -> None:
    courier = office.courier()
    await office.step(courier)
    await office.console.execute(
        """INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
           VALUES (11, 'cobranca', 'minha', 'Oi, {nome}!', true, now(), now())"""
    )
    await office.step(courier)
    await office.console.execute("UPDATE templates SET body = 'Ei, {nome}!'")
    await office.step(courier)

    assert ["Oi, Ana!", "Ei, Ana!"] == office.worker.texts[1:]


async def test_a_change_that_was_undone_changes_nothing(office: Office) -> None:
    courier = office.courier()
    await office.step(courier)
    undone = office.console.transaction()
    await undone.start()
    await office.console.execute("UPDATE settings SET queue_paused = true")
    await undone.rollback()

    assert (Tried(SENT), WITHOUT) == await office.step(courier)


async def test_a_charter_is_read_again_after_a_while_in_any_case(office: Office) -> None:
    courier = office.courier()
    await office.step(courier)
    await office.console.execute("SET session_replication_role = replica")  # no trigger runs
    await office.console.execute("UPDATE settings SET queue_paused = true")
    unnoticed, _ = await office.step(courier)
    office.clock.seconds += CHARTER_SECONDS

    assert (Tried(SENT), Held(Reason.PAUSED)) == (
        unnoticed,
        (await office.step(courier))[0],
    )


@pytest.mark.parametrize("inactive_first", [True, False])
async def test_a_text_that_is_switched_off_never_wins_over_the_one_that_is_on(
    office: Office, *, inactive_first: bool
) -> None:
    texts = [("Velho", False), ("Oi, {nome}!", True)]
    for body, active in texts if inactive_first else reversed(texts):
        await office.console.execute(
            """INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
               VALUES (11, 'cobranca', 'um', $1, $2, now(), now())""",
            body,
            active,
        )
    await office.step(office.courier())

    assert ["Oi, Ana!"] == office.worker.texts


async def test_a_pause_stops_what_was_written_by_hand_too(office: Office) -> None:
    await office.console.execute("UPDATE messages SET kind = 'geral', due_on = NULL, body = 'Oi'")
    await office.console.execute("UPDATE settings SET queue_paused = true")

    assert Held(Reason.PAUSED) == (await office.step(office.courier()))[0]
    assert [] == office.worker.texts
