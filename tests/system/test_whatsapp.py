"""What WhatsApp can do to a business, on the whole running system and a real encrypted line."""

import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from itertools import count
from typing import Any

import psutil
import pytest

from playground.rig import Rig, text_of
from storage.database import Database
from storage.outbox import DayRow
from tests.postgres import fleeting_folder
from tests.system.business import DAWN, FIVE, NINE, Business, running_system

SECONDS = 60.0
# Killed at an unlucky moment: PostgreSQL starts again, and what was under way is looked at anew.
RECOVERY_SECONDS = 150.0
NUMBERS = count()
pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
async def system() -> AsyncIterator[tuple[Rig, Database]]:
    """One running system for the tests of this file; each brings a business of its own."""
    with fleeting_folder() as home:
        async with running_system(home) as found:
            yield found


@pytest.fixture
async def business(system: tuple[Rig, Database]) -> AsyncIterator[Business]:
    """A paired business whose day has not begun."""
    rig, database = system
    number = next(NUMBERS)
    made = Business(rig, database, 550_012_000 + number, 92_000_000 + 10_000 * number)
    await rig.move_clock(DAWN)
    await made.open()
    yield made
    await rig.whatsapp.clear_faults()


async def live_until_nine(business: Business) -> None:
    """05:00, then 09:00."""
    await business.rig.move_clock(FIVE)
    await business.rig.until(lambda: business.has_run("verify", FIVE), SECONDS, "05:00")
    await business.rig.move_clock(NINE)


async def live_the_day(business: Business) -> list[DayRow]:
    """05:00, 09:00, and what the day left in the outbox."""
    await live_until_nine(business)
    await business.rig.until(business.is_over, SECONDS, "o fim da fila")
    return await business.rows()


async def owner_hears(business: Business, words: str) -> None:
    """Wait until the bot has told the owner something with `words` in it."""
    await business.rig.chat_shows(business.chat, 0, lambda shown: words in text_of(shown))


async def test_everybody_who_is_one_day_late_hears_once(business: Business) -> None:
    await business.register([*business.one_day_late(3), *business.not_today(5)])

    await live_the_day(business)

    expected = Counter({client.phone[1:]: 1 for client in business.one_day_late(3)})
    assert expected == await business.heard()


async def test_a_number_without_whatsapp_is_told_as_such(business: Business) -> None:
    await business.register_unreachable(business.one_day_late(1))

    (row,) = await live_the_day(business)

    assert ("failed", "not_on_whatsapp", 0) == (row.state, row.reason, row.attempt)


async def test_an_account_from_before_the_ninth_digit_is_found(business: Business) -> None:
    client = business.person(80_000, business.one_day_late(1)[0].due_on)
    short = client.phone[1:5] + client.phone[6:]
    await business.register_unreachable([client])
    await business.rig.whatsapp.add_phones([short])

    await live_the_day(business)

    assert Counter({short: 1}) == await business.heard()


async def test_a_lost_ack_is_repeated_under_the_same_id_and_shown_once(business: Business) -> None:
    await business.register(business.one_day_late(1))
    phone = business.one_day_late(1)[0].phone[1:]
    await business.rig.whatsapp.faults({"number": business.owner, "drop_messages": 1})
    await live_until_nine(business)
    await business.rig.until(business.has_arrived, 90, "a repetição")

    assert Counter({phone: 1}) == await business.heard()
    assert [2] == [row.attempt for row in await business.rows()]


async def test_one_clients_refusal_leaves_the_others_their_messages(business: Business) -> None:
    await business.register(business.one_day_late(3))
    await business.rig.whatsapp.faults(
        {"number": business.owner, "refuse": {"error": 463, "times": 1}}
    )

    rows = await live_the_day(business)

    assert [("failed", "restricted")] == [
        (row.state, row.reason) for row in rows if row.state == "failed"
    ]
    assert 2 == (await business.heard()).total()


async def test_refusals_of_several_clients_rest_the_number_and_are_told(business: Business) -> None:
    await business.register(business.one_day_late(5))
    await business.rig.whatsapp.faults({"number": business.owner, "refuse": {"error": 463}})

    await live_until_nine(business)
    await owner_hears(business, "limit")

    rows = await business.rows()
    assert [("failed", "restricted")] * 3 + [("queued", None)] * 2 == sorted(
        (row.state, row.reason) for row in rows
    )
    assert Counter() == await business.heard()


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(503, id="unavailable"),
        pytest.param(428, id="closed without a word"),
        pytest.param(515, id="restart required"),
    ],
)
async def test_a_lost_connection_comes_back_without_a_new_qr(business: Business, code: int) -> None:
    await business.register(business.one_day_late(2))
    await business.rig.until(business.is_connected, SECONDS, "a conexão")
    await business.rig.whatsapp.kick(business.owner, code)

    await live_the_day(business)

    assert 2 == (await business.heard()).total()


async def test_an_unlinked_device_stops_and_the_owner_is_asked_to_pair_again(
    business: Business,
) -> None:
    await business.register(business.one_day_late(1))
    await business.rig.until(business.is_connected, SECONDS, "a conexão")
    await business.rig.whatsapp.kick(business.owner, 401)

    await owner_hears(business, "desconect")
    await live_until_nine(business)
    await business.rig.until(lambda: business.has_run("send", NINE), SECONDS, "09:00")

    assert ["queued"] == [row.state for row in await business.rows()]


async def test_a_killed_worker_is_replaced_and_the_day_goes_on(business: Business) -> None:
    await business.register(business.one_day_late(2))
    await business.rig.until(business.is_connected, SECONDS, "a conexão")
    worker = worker_of(business.rig)
    os.kill(worker.pid, signal.SIGKILL)

    await live_the_day(business)

    assert 2 == (await business.heard()).total()


@pytest.mark.timeout(300)
async def test_a_killed_postgresql_is_replaced_and_the_day_goes_on(business: Business) -> None:
    await business.register(business.one_day_late(2))
    await live_until_nine(business)
    await business.kill_postgresql()

    await business.rig.until(business.is_over_again, RECOVERY_SECONDS, "o fim da fila")

    assert 2 == (await business.heard()).total()


async def test_the_pix_key_filled_in_late_lets_the_message_go(business: Business) -> None:
    await business.register(business.one_day_late(1))
    await business.forget_pix()
    await business.rig.move_clock(FIVE)
    await owner_hears(business, "por um dado que falta")
    before = [(row.state, row.reason) for row in await business.rows()]
    await business.fill_in_pix()
    await business.rig.move_clock(NINE)
    await business.rig.until(lambda: business.has_run("send", NINE), SECONDS, "09:00")
    await business.rig.until(business.is_over, SECONDS, "o fim da fila")

    assert [("waiting", "missing_values")] == before
    assert 1 == (await business.heard()).total()


@pytest.mark.parametrize("command", ["/hoje", "/whatsapp"])
async def test_a_stranger_is_shown_the_way_in(system: tuple[Rig, Database], command: str) -> None:
    rig, _ = system
    stranger = 550_013_000 + next(NUMBERS)

    # Oftener than the restart budget of a crashing actor would bear.
    for _ in range(7):
        seen = await rig.say(stranger, command, "Beto")
        await rig.chat_shows(stranger, seen, lambda shown: "Como você se chama" in text_of(shown))


def worker_of(rig: Rig) -> psutil.Process:
    """The Node process under the system."""
    assert rig.process is not None
    children = psutil.Process(rig.process.pid).children()
    return next(child for child in children if "main.ts" in " ".join(child.cmdline()))


async def pressed(
    business: Business, on: Mapping[str, Any], label: str, shows: str
) -> Mapping[str, Any]:
    """Press a button; the screen that says `shows` then."""
    await business.rig.press(business.chat, on, label)
    return await business.rig.chat_shows(
        business.chat, on["seq"], lambda shown: shows in text_of(shown)
    )


async def test_a_code_pairs_a_test_goes_and_disconnecting_unlinks(
    system: tuple[Rig, Database],
) -> None:
    rig, database = system
    made = Business(rig, database, 550_012_900, 92_900_000)
    await rig.whatsapp.add_phones([made.owner])
    welcome = await rig.sign_up(made.chat, "Nilda", made.owner)
    qr = await pressed(made, welcome, "Conectar", "Leia com o WhatsApp")
    asked = await pressed(made, qr, "Meu WhatsApp fica neste celular", "Qual é o número")
    [[number, *_], *_] = asked["buttons"]
    coded = await pressed(made, asked, number["text"], "Seu código:")
    await rig.whatsapp.enter_code(made.owner, coded["buttons"][0][0]["copy_text"]["text"])
    on = await rig.chat_shows(made.chat, coded["seq"], lambda shown: "conectado" in text_of(shown))
    state = await pressed(made, on, "📲 WhatsApp", "Conectado desde")
    tested = await pressed(made, state, "Mandar um teste", "recebeu o teste")
    again = await pressed(made, tested, "Voltar", "Conectado desde")
    sure = await pressed(made, again, "Desconectar", "Desconectar o WhatsApp?")
    await pressed(made, sure, "Sim", "WhatsApp desconectado")

    assert not await made.is_connected()
    assert [1] == [*(await made.heard()).values()]
