"""Whoever presses what is another's, builds buttons by hand or types what nobody should (B2, H2).

Each act gets an answer; nothing changes that should not; nothing of another is ever shown.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from typing import TypeAlias, TypeVar

import asyncpg
import pytest
from aiogram.filters.callback_data import CallbackData

from actors.messages.notices import Notify, ScheduledMissed
from bot.screens.clients.buttons import Delete, PutAway
from bot.screens.clients.money_buttons import CountPayment, EditField, Renew, TurnSwitch
from bot.screens.sheets.buttons import Confirm
from bot.ui.form import Act, FormPress
from bot.ui.undo import PressUndo
from domain.import_decision import Doubles
from domain.reasons import Reason
from playground.telegram import TelegramStandIn
from storage.database import Database
from tests.bot.live import NOW, SECONDS, Live, living
from tests.crawl.trouble import heard
from tests.play.at_once import ACTS, AtOnce
from tests.play.belongings import write_back
from tests.play.crime import TALKING, Mark, open_shop, print_of
from tests.play.hostile import (
    FORMS,
    QUESTIONS,
    SENT,
    TYPED,
    Ids,
    alone,
    broken,
    mixed,
    openers,
    theirs,
)
from tests.play.talk import Talk
from tests.postgres import Cluster

T = TypeVar("T")
Do: TypeAlias = Callable[[Mark, T], Awaitable[bool]]
FIFTY = 50
ATTACKERS = 6
# Each asks thousands of things; the usual limit is for tests that take seconds.
THOROUGH = (pytest.mark.long, pytest.mark.timeout(1_200))


@pytest.fixture(scope="module")
async def dsn(cluster: Cluster) -> AsyncIterator[str]:
    """A database for all of it."""
    made = await cluster.migrated_database()
    yield made
    await cluster.drop(made)


@pytest.fixture(scope="module")
async def live(shared_stand_in: TelegramStandIn, dsn: str) -> AsyncIterator[Live]:
    """The bot, running."""
    database = await Database.open(dsn)
    async with living(shared_stand_in, database) as running:
        yield running
    await database.close()


@pytest.fixture(scope="module")
async def console(dsn: str) -> AsyncIterator[asyncpg.Pool]:
    """A look at all rows that no tenant has."""
    async with asyncpg.create_pool(dsn, min_size=1, max_size=2) as pool:
        yield pool


@pytest.fixture(scope="module")
async def victim(live: Live) -> Mark:
    """Whose things are wanted."""
    return await open_shop(live, "Zebedeu")


@pytest.fixture
def errors() -> Iterator[list[str]]:
    """What the log says that is an error."""
    found: list[str] = []
    with heard(found.append):
        yield found


async def attackers(live: Live, count: int = ATTACKERS) -> list[Mark]:
    """Other shops, each with a chat of its own."""
    return [await open_shop(live, f"Quirino{n}") for n in range(count)]


async def all_at_it(marks: list[Mark], things: Iterable[T], do: Do[T]) -> list[T]:
    """Share the things out among the shops, all at it at once; those that got no answer."""
    left = iter(things)
    dead: list[T] = []

    async def work(mark: Mark) -> None:
        dead.extend([thing for thing in left if not await do(mark, thing)])

    async with asyncio.TaskGroup() as group:
        for mark in marks:
            group.create_task(work(mark))
    return dead


async def press(mark: Mark, data: str) -> bool:
    """Press it; whether that was answered, and leads on."""
    screen, toast = await mark.talk.pressed(data)
    return toast is not None and bool(screen.buttons)


async def press_and_go_on(mark: Mark, data: str) -> bool:
    """Press it, answer what it asks, and take the first thing that this offers."""
    answered = await press(mark, data)
    if mark.talk.screen.forms:
        screen = await mark.talk.say("12")
        answered &= not screen.picks or await press(mark, screen.picks[0].pack())
    return answered


async def prints(console: asyncpg.Pool, marks: Iterable[Mark]) -> list[dict[str, str]]:
    """All rows of each, without where its talk stands."""
    return [await print_of(console, mark.talk.chat_id, TALKING) for mark in marks]


def leaks(marks: Iterable[Mark], word: str) -> list[str]:
    """What was ever in their chats that has `word` in it, which is another's."""
    chats = (mark.talk.live.stand_in.control.record(mark.talk.chat_id) for mark in marks)
    texts = (str(one) for chat in chats for one in chat if one["from"] == "bot")
    return [text for text in texts if word in text]


# Buttons


async def test_what_is_anothers_is_not_found_whatever_is_pressed(
    live: Live, victim: Mark, console: asyncpg.Pool, errors: list[str]
) -> None:
    marks = await attackers(live)
    before = await prints(console, [victim, *marks])
    dead = await all_at_it(marks, theirs(victim.ids), press_and_go_on)

    assert ([], [], []) == (dead, errors, leaks(marks, victim.word))
    # Forms that name nobody save what they are for; everything about somebody changed nothing.
    assert before[0] == (await prints(console, [victim]))[0]


async def test_commands_and_searches_find_nothing_of_another(
    live: Live, victim: Mark, errors: list[str]
) -> None:
    (mark,) = await attackers(live, 1)
    number = victim.ids.numbers["client_id"]
    for text in (f"/ver_{number}", f"/ver {number}", f"/ver {2**63}", "/ver_-1", "/ver_1_000"):
        await mark.talk.say(text)
    found = await mark.person.search(victim.word.lower()[:4])

    assert ([], [], []) == (found["results"], errors, leaks([mark], victim.word))


@pytest.mark.parametrize(
    "every", [pytest.param(9, id="some"), pytest.param(1, id="all", marks=THOROUGH)]
)
async def test_a_button_with_one_wrong_part_is_answered_and_harms_nobody(
    live: Live, victim: Mark, console: asyncpg.Pool, errors: list[str], every: int
) -> None:
    marks = await attackers(live)
    before = await prints(console, [victim])
    dead = await all_at_it(marks, [*mixed(marks[0].ids, victim.ids)][::every], press)

    assert ([], [], []) == (dead, errors, leaks(marks, victim.word))
    assert before == await prints(console, [victim])


async def test_what_is_no_button_changes_nothing(
    live: Live, console: asyncpg.Pool, errors: list[str]
) -> None:
    marks = await attackers(live, 3)
    before = await prints(console, marks)
    dead = await all_at_it(marks, broken(), press)

    assert ([], []) == (dead, errors)
    assert before == await prints(console, marks)


async def test_buttons_of_forms_that_are_over_change_nothing(
    live: Live, console: asyncpg.Pool, errors: list[str]
) -> None:
    (mark,) = await attackers(live, 1)
    old = mark.ids.numbers["number"]
    await mark.talk.press(FormPress(form="novo", number=old, act=Act.DROP))
    await mark.talk.say("/novo Outro Nome; 11 95550-0199; 30 dias; 35,00")
    before = await prints(console, [mark])
    buttons = [
        FormPress(form=key, number=number, act=act, step=step, index=index).pack()
        for key, form in FORMS.items()
        for step in (*(one.field for one in form.steps), "", "fim", "no step")
        for number in (old, 0, -1)
        for act, index in ((Act.PICK, 0), (Act.PICK, 99), (Act.PICK, -1), (Act.FINISH, 0))
    ]
    dead = await all_at_it([mark], buttons[::3], press)

    assert ([], []) == (dead, errors)
    assert before == await prints(console, [mark])


# Words


def questions(mark: Mark) -> list[tuple[str, str, str]]:
    """Every question: its form, what opens that, and the step; "" where it belongs to no form."""
    in_forms = [
        (key, opener, step.field)
        for key, form in FORMS.items()
        for opener in openers(mark.ids)[key]
        for step in form.steps
    ]
    return [*in_forms, *(("", opener, "") for opener in alone(mark.ids).values())]


async def answer_oddly(mark: Mark, asked: tuple[str, str, str], what: str) -> bool:
    """Open the form at a question, and answer it with what nobody should."""
    form, opener, step = asked
    begun = await mark.talk.press(opener)
    if form and begun.forms:
        number = begun.forms[0].number
        await mark.talk.press(FormPress(form=form, number=number, act=Act.ASK, step=step))
    return await say_oddly(mark.talk, what)


async def say_oddly(talk: Talk, what: str) -> bool:
    """Say it; whether a new screen answers."""
    before = talk.screen.message_id
    said = TYPED.get(what)
    screen = await (talk.send(SENT[what]) if said is None else talk.say(said))
    return screen.message_id > before and bool(screen.buttons)


@pytest.mark.parametrize(
    "every", [pytest.param(11, id="some"), pytest.param(1, id="all", marks=THOROUGH)]
)
async def test_every_question_answers_whatever_is_said_to_it(
    live: Live, victim: Mark, console: asyncpg.Pool, errors: list[str], every: int
) -> None:
    marks = await attackers(live)
    before = await prints(console, [victim])
    asked = range(len(questions(marks[0])))
    told = [(at, what) for at in asked for what in (*TYPED, *SENT)]

    async def do(mark: Mark, one: tuple[int, str]) -> bool:
        return await answer_oddly(mark, questions(mark)[one[0]], one[1])

    dead = await all_at_it(marks, told[::every], do)

    assert ([], []) == (dead, errors)
    assert before == await prints(console, [victim])


def test_every_form_is_opened_by_something(victim: Mark) -> None:
    assert set(FORMS) == set(openers(victim.ids))


def test_every_question_outside_of_a_form_is_asked_by_something(victim: Mark) -> None:
    asked = {form.asks for form in FORMS.values()}

    assert {*QUESTIONS} - asked == set(alone(victim.ids))


async def test_somebody_new_is_answered_whatever_they_say(live: Live, errors: list[str]) -> None:
    async def do(talk: Talk, what: str) -> bool:
        await talk.say("/start")
        return await say_oddly(talk, what)

    people = {what: Talk(live, live.stranger().chat_id) for what in (*TYPED, *SENT)}
    answered = {what: await do(talk, what) for what, talk in people.items()}

    assert (dict.fromkeys(people, True), []) == (answered, errors)


@pytest.mark.parametrize("what", SENT)
async def test_the_moment_of_a_message_is_asked_again_whatever_is_sent(
    victim: Mark, errors: list[str], what: str
) -> None:
    await victim.talk.press(f"be:{victim.ids.numbers['hand_id']}:w:0:1:")

    assert (True, []) == (await say_oddly(victim.talk, what), errors)


@pytest.mark.parametrize("field", ["name", "plan", "server"])
async def test_a_long_answer_with_accents_is_kept_without_an_error(
    live: Live, errors: list[str], field: str
) -> None:
    (mark,) = await attackers(live, 1)
    client_id = mark.ids.numbers["client_id"]
    await mark.talk.press(EditField(client_id=client_id, field=field, origin="la1~á"))
    changed = await mark.talk.say("Conceição São João da Glória " + "ã" * 20)

    assert ([], True) == (errors, bool(changed.all(PressUndo)))


async def test_what_comes_by_itself_is_taken_for_no_answer(victim: Mark, live: Live) -> None:
    """Law 3: whoever waits for an answer looks at the live screen, whatever comes below it."""
    menu = await victim.talk.say("/menu")
    missed = ScheduledMissed(1, victim.word, NOW, Reason.AWAY.value)
    await live.telegram.ask(Notify(victim.talk.chat_id, missed), deadline=SECONDS)

    assert menu == victim.talk.screen


# Fifty at once


async def lines_of(console: asyncpg.Pool, mark: Mark) -> dict[str, int]:
    """How many rows a shop has where acts leave theirs."""
    tables = (
        "clients", "client_payments", "undos", "tags", "messages", "templates",
        "scheduled_messages",
    )  # fmt: skip
    return {
        table: await console.fetchval(
            f"SELECT count(*) FROM {table} WHERE tenant_id = $1",  # noqa: S608 - names of this list
            mark.talk.chat_id,
        )
        for table in tables
    }


def more(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """What was added."""
    return {table: after[table] - count for table, count in before.items() if after[table] != count}


@pytest.mark.parametrize(
    ("button", "added"),
    [
        pytest.param(lambda ids: Renew(client_id=ids.numbers["client_id"], deal=ids.texts["deal"]),
                     {"client_payments": 1, "undos": 1}, id="renew"),
        pytest.param(lambda ids: PressUndo(undo_id=ids.numbers["undo_id"]), {}, id="undo"),
        pytest.param(lambda ids: PutAway(client_id=ids.numbers["client_id"], away=True),
                     {"undos": 1}, id="archive"),
        pytest.param(
            lambda ids: TurnSwitch(client_id=ids.numbers["client_id"], switch="b", on=False),
            {"undos": 1}, id="switch"),
        pytest.param(lambda ids: CountPayment(payment_id=ids.numbers["payment_id"], counts=False),
                     {"undos": 1}, id="void"),
        pytest.param(lambda ids: Confirm(import_id=ids.numbers["import_id"], doubles=Doubles.SKIP),
                     {"clients": 1, "undos": 1}, id="import"),
    ],
)  # fmt: skip
async def test_fifty_presses_are_one_act(
    live: Live,
    console: asyncpg.Pool,
    errors: list[str],
    button: Callable[[Ids], CallbackData],
    added: dict[str, int],
) -> None:
    (mark,) = await attackers(live, 1)
    before = await lines_of(console, mark)
    screen, toast = await mark.talk.pressed(button(mark.ids), times=FIFTY)

    assert added == more(before, await lines_of(console, mark))
    assert (True, True, []) == (toast is not None, bool(screen.buttons), errors)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
async def test_fifty_presses_of_what_came_later_are_one_act_too(
    live: Live, console: asyncpg.Pool, errors: list[str], act: AtOnce
) -> None:
    (mark,) = await attackers(live, 1)
    button = await act.ready(mark)
    before = await lines_of(console, mark)
    screen, toast = await mark.talk.pressed(button, times=FIFTY)

    assert (act.leaves, []) == (more(before, await lines_of(console, mark)), errors)
    assert (True, True) == (toast is not None, bool(screen.buttons))


async def test_fifty_times_sair_is_answered_once(
    live: Live, console: asyncpg.Pool, errors: list[str]
) -> None:
    """F8: who leaves is out at the first, and that is confirmed once."""
    (mark,) = await attackers(live, 1)
    number = mark.ids.numbers["billed_id"]
    phone = await console.fetchval("SELECT phone FROM clients WHERE id = $1 AND tenant_id = $2",
                                   number, mark.talk.chat_id)  # fmt: skip
    await write_back(live, mark.person, phone, *["SAIR"] * FIFTY)
    said = await console.fetchval(
        "SELECT count(*) FROM messages WHERE tenant_id = $1 AND farewell", mark.talk.chat_id
    )

    assert (1, []) == (said, errors)


async def test_fifty_times_the_word_of_erasure_erases_one_account(
    live: Live, victim: Mark, console: asyncpg.Pool, errors: list[str]
) -> None:
    (mark,) = await attackers(live, 1)
    before = await prints(console, [victim])
    await mark.talk.press("go:erase")
    for _ in range(FIFTY):
        live.stand_in.control.say(mark.talk.chat_id, "apagar", mark.talk.name)
    await mark.talk.after(FIFTY)
    left = await console.fetchval(
        "SELECT count(*) FROM clients WHERE tenant_id = $1", mark.talk.chat_id
    )

    assert (0, []) == (left, errors)
    assert before == await prints(console, [victim])


async def test_a_question_that_must_be_answered_is_not_skipped_by_a_button_built_by_hand(
    live: Live, console: asyncpg.Pool, errors: list[str]
) -> None:
    """Law 6: the account is erased by a typed word alone."""
    (mark,) = await attackers(live, 1)
    asked = await mark.talk.press("go:erase")
    number = asked.forms[0].number
    await mark.talk.press(FormPress(form="erase", number=number, act=Act.SKIP, step="word"))
    left = await console.fetchval(
        "SELECT count(*) FROM tenants WHERE tenant_id = $1", mark.talk.chat_id
    )

    assert (1, []) == (left, errors)


async def test_fifty_presses_of_save_are_one_client(
    live: Live, console: asyncpg.Pool, errors: list[str]
) -> None:
    (mark,) = await attackers(live, 1)
    await mark.talk.say("/novo Outro Nome; 11 95550-0199; 30 dias; 35,00; 10/12/2026")
    for step in ("server", "fields", "own", "notes"):
        skips = [one for one in mark.talk.screen.forms if (one.act, one.step) == (Act.SKIP, step)]
        for skip in skips:
            await mark.talk.press(skip)
    before = await lines_of(console, mark)
    save = mark.talk.screen.first(FormPress, act=Act.FINISH)
    _, toast = await mark.talk.pressed(save, times=FIFTY)

    assert {"clients": 1} == more(before, await lines_of(console, mark))
    assert (True, []) == (toast is not None, errors)


async def test_fifty_presses_of_delete_delete_one(
    live: Live, console: asyncpg.Pool, errors: list[str]
) -> None:
    (mark,) = await attackers(live, 1)
    before = await lines_of(console, mark)
    delete = Delete(client_id=mark.ids.numbers["client_id"])
    screen, toast = await mark.talk.pressed(delete, times=FIFTY)

    assert {"clients": -1, "messages": -1, "undos": -2} == more(
        before, await lines_of(console, mark)
    )
    assert (True, True, []) == (toast is not None, bool(screen.buttons), errors)
