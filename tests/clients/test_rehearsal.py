"""A day before it comes is the day when it comes: who, which kind and words, why not (J7)."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from actors.messages.by_hand import ScheduleMessage
from actors.messages.clients import WhyNotToday
from actors.messages.queue_acts import GetMessage, PauseQueue
from actors.messages.rehearsal import GetForeseen, ReadForeseen, RehearsalView, Rehearse
from actors.tenant.day import run_job
from domain.clients import NewClient
from domain.jobs import Job, next_runs
from domain.outbox import MessageState
from domain.reasons import Reason
from domain.rehearsal import GOES, Fate
from domain.reminders import DAYS_LATE, Kind
from storage import clients, schedules, tenants
from tests.clients.shop import DAY, NEIGHBOUR, NINE, TENANT, Shop

ONE_DAY = timedelta(days=1)
TOMORROW = DAY + ONE_DAY
SUNDAY = DAY + 5 * ONE_DAY
ALL_KINDS = (
    "UPDATE settings SET automatic_kinds = '{lembrete_2_dias,lembrete_1_dia,vence_hoje,cobranca}'"
)
OWN_TEXT = """
    INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
    SELECT tenant_id, {kind}, 'minha', {body}, {active}, now(), now() FROM settings"""
LONG = OWN_TEXT.format(kind="'cobranca'", body="repeat('{nome} {informacoes} ', 8)", active="true")
TEXT_OFF = OWN_TEXT.format(kind="'vence_hoje'", body="'Oi'", active="false")
BY_THE_HOUR = OWN_TEXT.format(
    kind="'cobranca'", body="'{saudacao}, {nome}! {hora_atual}, {dias_de_atraso}'", active="true"
)
# What is special about one client of each due date.
SPECIAL = {
    "nothing": "",
    "archived": "archived_at = now()",
    "opted out": "opted_out_at = now()",
    "billing off": "receives_billing = false",
    "notices off": "receives_notices = false",
    "unreadable": "preferences = '[]'",
    "one kind off": """preferences = '{"cobranca": false, "vence_hoje": false}'""",
    "odd preference": """preferences = '{"lembrete_1_dia": "talvez"}'""",
    "no price": "price = NULL",
    "no notes": "notes = NULL",
    "long": "notes = repeat('x', 500)",
}
WORLDS = {
    "as it begins": (),
    "all reminders": (ALL_KINDS,),
    "Sundays rest": (ALL_KINDS, "UPDATE settings SET sundays = false"),
    "a text is off": (ALL_KINDS, TEXT_OFF),
    "a long text": (ALL_KINDS, LONG),
    "no PIX key": (ALL_KINDS, "UPDATE settings SET pix_key = NULL, pix_key_kind = NULL"),
    "another hour": (BY_THE_HOUR, "UPDATE settings SET send_at = '18:59', window_closes = '20:00'"),
    "access ends before": ("UPDATE tenants SET trial_ends_at = '2026-11-24 20:00+00'",),
}


async def town(shop: Shop, day: date) -> None:
    """One client of each special kind for each due date that could matter on `day`, and beside."""
    dates = [day - timedelta(days=late) for late in (-4, -3, -2, -1, 0, 1, 2, 30)]
    new = [
        NewClient(
            name=f"{special} {at}",
            phone=f"+5511{950_000_000 + 100 * at + number}",
            price=Decimal(number + 30),
            due_on=due_on,
            notes="Obs",
        )
        for at, due_on in enumerate(dates)
        for number, special in enumerate(SPECIAL)
    ]
    async with shop.database.tenant(TENANT) as tx:
        await clients.add_many(tx, new, NINE - timedelta(days=20))
        for special, change in SPECIAL.items():
            if change:
                await tx.execute(f"UPDATE clients SET {change} WHERE name LIKE '{special} %'")  # noqa: S608 - ours


Line = tuple[str, Kind, str, str | None]


async def foreseen(shop: Shop, day: date) -> set[Line]:
    """Who the rehearsal says gets what, in which words, or what it waits for."""
    told: set[Line] = set()
    for fate in Fate:
        page = 1
        while True:
            found = await shop.ask(GetForeseen(day, fate, page))
            told |= {
                (one.row.name, one.kind, "queued" if fate in GOES else "waiting", one.reason)
                for one in found.rows
                if fate in GOES or one.reason in {Reason.MISSING_VALUES, Reason.TOO_LONG}
            }
            page += 1
            if page > found.pages:
                break
    return {line if line[2] == "waiting" else (*line[:3], None) for line in told}


async def texts_before(shop: Shop, day: date) -> dict[str, str]:
    """The words of each message, as they are read before."""
    total = (await shop.ask(ReadForeseen(day))).total
    read = [await shop.ask(ReadForeseen(day, number)) for number in range(1, total + 1)]
    return {one.shown.row.name: one.texts[0] for one in read if one.shown}


async def live(shop: Shop, day: date) -> set[Line]:
    """Run the two jobs of the day for real, and see what is in the queue."""
    for job in (Job.VERIFY, Job.SEND):
        async with shop.database.tenant(TENANT) as tx:
            midnight = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
            due = next_runs(await tenants.settings(tx), midnight)[job]
            await schedules.set_next(tx, {job: due})
            await run_job(tx, job, due, due)
            shop.clock.move_to(due)
    async with shop.database.tenant(TENANT) as tx:
        rows = await tx.fetch(
            """SELECT c.name, m.kind, m.state, m.reason FROM messages m
               JOIN clients c ON c.tenant_id = m.tenant_id AND c.id = m.client_id
               WHERE m.tenant_id = $1 AND m.day = $2""",
            TENANT,
            day,
        )
    return {
        (
            row["name"],
            Kind(row["kind"]),
            row["state"],
            row["reason"] if row["state"] == "waiting" else None,
        )
        for row in rows
    }


async def texts_after(shop: Shop, day: date) -> dict[str, str]:
    """The words of each message, as it stands in the queue of the day."""
    async with shop.database.tenant(TENANT) as tx:
        rows = await tx.fetch(
            "SELECT id FROM messages WHERE tenant_id = $1 AND day = $2 AND state = $3",
            TENANT,
            day,
            MessageState.QUEUED,
        )
    views = [await shop.ask(GetMessage(row["id"])) for row in rows]
    return {view.row.name: view.texts[0] for view in views}


@pytest.mark.parametrize("day", [TOMORROW, SUNDAY], ids=["tomorrow", "on Sunday"])
@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
async def test_a_rehearsed_day_is_the_day_when_it_comes(
    shop: Shop, day: date, world: tuple[str, ...]
) -> None:
    await town(shop, day)
    async with shop.database.tenant(TENANT) as tx:
        for statement in world:
            await tx.execute(statement)
    before, read = await foreseen(shop, day), await texts_before(shop, day)

    assert before == await live(shop, day)
    assert read == await texts_after(shop, day)


async def by_hand(shop: Shop, day: date) -> None:
    """What the owner has scheduled: before the day's plan, after it, every month, for nobody."""
    texts = {
        "Ana": (at_of(day, 8, 10), "{saudacao}, {nome}! {hora_atual}", None),
        "Bia": (at_of(day, 18), "{primeiro_nome}, {dias_para_vencer} dias", None),
        "Caio": (at_of(day - timedelta(days=30), 11), "Oi, {servidor}", day.day),
        "Davi": (at_of(day, 10), "Oi, {servidor}", None),
        "Edu": (at_of(day, 12), "Oi", None),
        "Fabi": (at_of(day + ONE_DAY, 12), "Oi", None),
    }
    for number, (name, (at, text, monthly_day)) in enumerate(texts.items()):
        card = await shop.register(
            name=name, phone=f"+55119555001{number:02d}", due_on=day + 9 * ONE_DAY, server="A"
        )
        shop.clock.move_to(min(shop.clock.now(), at - timedelta(hours=1)))
        await shop.ask(
            ScheduleMessage(
                client_id=card.row.client_id, text=text, nonce=name, at=at, monthly_day=monthly_day
            )
        )
    shop.clock.move_to(NINE)
    await _sql(shop, "UPDATE clients SET server = NULL WHERE name = 'Davi'")
    await _sql(shop, "UPDATE clients SET opted_out_at = now() WHERE name = 'Edu'")


def at_of(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of São Paulo."""
    return NINE + (day - DAY) + timedelta(hours=hour - 9, minutes=minute)


async def test_what_the_owner_has_scheduled_is_part_of_the_day(shop: Shop) -> None:
    """“O que sai amanhã?” is all that goes, also what nobody plans but the owner (E12)."""
    await by_hand(shop, TOMORROW)
    await shop.register(due_on=DAY, name="Zeca", phone="+5511955500999")
    view = await shop.ask(Rehearse())
    page = await shop.ask(GetForeseen(None, Fate.BY_HAND))
    before, read = await foreseen(shop, TOMORROW), await texts_before(shop, TOMORROW)

    assert {Fate.BILLING: 1, Fate.BY_HAND: 3, Fate.NOT: 2} == view.counts
    assert [("Ana", "08:10"), ("Caio", "11:00"), ("Bia", "18:00")] == [
        (one.row.name, f"{one.at:%H:%M}") for one in page.rows
    ]
    assert ("08:10", "18:00") == (f"{view.begins:%H:%M}", f"{view.ends:%H:%M}")
    assert before == await live(shop, TOMORROW)
    assert read["Bia"] == (await texts_after(shop, TOMORROW))["Bia"]
    assert "Bom dia, Ana! 08:10" == read["Ana"]


async def test_everybody_of_the_days_due_dates_is_in_one_list_with_a_reason(shop: Shop) -> None:
    await town(shop, TOMORROW)
    view = await shop.ask(Rehearse())
    lists = {fate: (await shop.ask(GetForeseen(None, fate))).total for fate in Fate}

    assert {fate: count for fate, count in lists.items() if count} == view.counts
    # Four due dates, and of each all but who is archived.
    assert len(DAYS_LATE) * (len(SPECIAL) - 1) == sum(view.counts.values())
    for fate in (Fate.NOT, Fate.OFF):
        found = await shop.ask(GetForeseen(None, fate))
        assert all(one.reason is not Reason.DUE for one in found.rows)


async def test_by_default_only_the_billing_goes_and_the_rest_says_it_is_off(shop: Shop) -> None:
    await town(shop, TOMORROW)
    view = await shop.ask(Rehearse())

    assert {Fate.BILLING, Fate.NOT, Fate.OFF} == set(view.counts)
    assert (Kind.DUE_TODAY, Kind.REMINDER_1_DAY, Kind.REMINDER_2_DAYS) == view.off


async def test_the_day_begins_at_its_hour_and_ends_at_its_pace(shop: Shop) -> None:
    """Three of 26.5 seconds each: the last begins 53 seconds after the first (F5)."""
    for number in range(3):
        await shop.register(due_on=DAY, phone=f"+55119555001{number:02d}", name=f"A{number}")
    view = await shop.ask(Rehearse())
    assert view.begins is not None
    assert view.ends is not None

    assert "09:00:00" == f"{view.begins:%H:%M:%S}"
    assert 53.0 == (view.ends - view.begins).total_seconds()
    assert 0 == view.late


async def test_why_nothing_went_is_answered_for_every_client(shop: Shop) -> None:
    """E8: “por que não foi enviada?” is answered for every client, on the day itself too."""
    await town(shop, TOMORROW)
    await live(shop, TOMORROW)
    async with shop.database.tenant(TENANT) as tx:
        rows = await tx.fetch("SELECT id FROM clients WHERE tenant_id = $1", TENANT)
    told = [await shop.ask(WhyNotToday(row["id"])) for row in rows[::3]]

    assert all(told)
    assert all(sentence.endswith(".") for sentences in told for sentence in sentences)


async def test_what_does_not_fit_into_the_day_is_told(shop: Shop) -> None:
    for number in range(3):
        await shop.register(due_on=DAY, phone=f"+55119555001{number:02d}", name=f"A{number}")
    await _sql(shop, "UPDATE settings SET send_at = '19:59', window_closes = '20:00'")
    fits = await shop.ask(Rehearse())
    await _sql(shop, "UPDATE settings SET gap_min_seconds = 1, gap_max_seconds = 1")
    for number in range(3, 5):
        await shop.register(due_on=DAY, phone=f"+55119555001{number:02d}", name=f"A{number}")

    assert (0, 2) == (fits.late, (await shop.ask(Rehearse())).late)


async def test_a_pause_is_told_on_top_and_takes_nobody_off_the_lists(shop: Shop) -> None:
    await shop.register(due_on=DAY)
    await shop.ask(PauseQueue(paused=True))
    view = await shop.ask(Rehearse())

    assert view.hold is not None
    assert (Reason.PAUSED, {Fate.BILLING: 1}) == (view.hold.reason, view.counts)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param(DAY - 9 * ONE_DAY, TOMORROW, id="a day that is over"),
        pytest.param(DAY, TOMORROW, id="today"),
        pytest.param(DAY + timedelta(days=4_000), DAY + timedelta(days=366), id="far away"),
    ],
)
async def test_a_day_that_cannot_be_rehearsed_is_the_nearest_that_can(
    shop: Shop, asked: date, expected: date
) -> None:
    assert expected == (await shop.ask(Rehearse(asked))).day


async def test_looking_ahead_writes_nothing_and_shows_nobody_elses(shop: Shop) -> None:
    await town(shop, TOMORROW)
    before = await shop.everything()
    views: list[RehearsalView] = [
        await shop.ask(Rehearse(), tenant) for tenant in (TENANT, NEIGHBOUR)
    ]
    await shop.ask(ReadForeseen(None, 99))

    assert before == await shop.everything()
    assert (True, {}) == (bool(views[0].counts), views[1].counts)


async def test_who_was_written_to_on_another_day_gets_nothing_twice(shop: Shop) -> None:
    """E6: one message for each client, kind and due date, also when the date comes back."""
    card = await shop.register()
    await _sql(shop, "UPDATE clients SET due_on = due_on + 1, updated_at = now()")
    await _sql(shop, "UPDATE messages SET due_on = due_on + 1, state = 'sent', attempt = 1")
    found = await shop.ask(GetForeseen(None, Fate.NOT))

    assert [(card.row.client_id, Reason.ALREADY_MADE)] == [
        (one.row.client_id, one.reason) for one in found.rows
    ]
    assert set() == await live(shop, TOMORROW)


async def _sql(shop: Shop, statement: str) -> None:
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(statement)


async def test_the_pages_of_a_list_hold_everybody_once(shop: Shop) -> None:
    await town(shop, TOMORROW)
    first = await shop.ask(GetForeseen(None, Fate.OFF))
    pages = [await shop.ask(GetForeseen(None, Fate.OFF, at)) for at in range(1, first.pages + 1)]
    beyond = await shop.ask(GetForeseen(None, Fate.OFF, 99))
    names = Counter(one.row.name for page in pages for one in page.rows)

    assert (first.total, {1}) == (len(names), set(names.values()))
    assert (pages[-1].rows, first.pages) == (beyond.rows, beyond.page)
