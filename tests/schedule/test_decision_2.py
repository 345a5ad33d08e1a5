"""Decision 2, sentence by sentence, and E9, asked of a real tenant."""

from collections.abc import AsyncIterator
from datetime import time, timedelta
from typing import Any

import pytest

from actors.messages.queue import BillUnbilled, DismissUnbilled, GetUnbilled
from actors.messages.schedule import GetSchedule, ScheduleView, SetKind, SetSchedule
from domain.dials import Overdue
from domain.reminders import Kind
from errors import CannotUndo
from storage.database import Database
from tests.clients.shop import DAY, YESTERDAY, Shop, open_shop

LONG_AGO = YESTERDAY - timedelta(days=2)


@pytest.fixture
async def shop(ground: Database) -> AsyncIterator[Shop]:
    """Two businesses; it is nine o'clock."""
    async with open_shop(ground) as made:
        yield made


async def turned(shop: Shop, **changes: Any) -> ScheduleView:
    """Turn some dials; they may be turned so."""
    answer = await shop.ask(SetSchedule(**changes))
    assert answer.refused is None
    return answer.view


async def unbilled(shop: Shop) -> list[str]:
    return [client.name for client in await shop.ask(GetUnbilled())]


async def states(shop: Shop) -> list[tuple[str, str]]:
    return [(kind, state) for _, kind, state, _ in await shop.messages()]


async def test_the_daily_rule_is_absolute(shop: Shop) -> None:
    """Decision 2: "the daily rule is absolute." Who is 3 days late gets nothing by itself (E3)."""
    await shop.register(due_on=LONG_AGO)
    view = await turned(shop, send_at=time(18, 30))

    assert ([], 0) == (await shop.messages(), view.effect and view.effect.total)


async def test_when_the_owner_changes_the_schedule_todays_messages_are_re_planned(
    shop: Shop,
) -> None:
    """Decision 2: "When the owner changes the schedule, today's messages are re-planned"."""
    await shop.register()
    view = await turned(shop, send_at=time(18, 30))

    assert view.effect is not None
    assert (1, 0, 0, 1, 1) == (
        view.effect.moved,
        view.effect.added,
        view.effect.dropped,
        view.effect.waiting,
        view.effect.fitting,
    )
    assert "18:30" == f"{view.effect.goes:%H:%M}"
    assert [("cobranca", "queued")] == await states(shop)


async def test_clients_overdue_by_two_days_or_more_are_listed_with_one_question(
    shop: Shop,
) -> None:
    """Decision 2: the whole sentence.

    "clients overdue by 2 days or more that never got their cobranca for this due date are listed
    with one question: send to all, choose, or none."
    """
    await shop.register(name="Ana", due_on=LONG_AGO)
    await shop.register(name="Bia", due_on=YESTERDAY - timedelta(days=1))
    await shop.register(name="Caio", due_on=YESTERDAY)
    before = (await shop.ask(GetSchedule())).unbilled
    view = await turned(shop, send_at=time(10))

    assert (0, 2, ["Ana", "Bia"]) == (before, view.unbilled, await unbilled(shop))


@pytest.mark.parametrize(
    ("chosen", "queued", "left"),
    [
        pytest.param(("Ana", "Bia"), 2, [], id="send to all"),
        pytest.param(("Bia",), 1, ["Ana"], id="choose"),
        pytest.param((), 0, ["Ana", "Bia"], id="none yet"),
    ],
)
async def test_the_question_is_answered_by_all_some_or_none(
    shop: Shop, chosen: tuple[str, ...], queued: int, left: list[str]
) -> None:
    """Decision 2: "send to all, choose, or none"."""
    ids = {
        name: (await shop.register(name=name, due_on=LONG_AGO)).row.client_id
        for name in ("Ana", "Bia")
    }
    await turned(shop, send_at=time(10))
    billed = await shop.ask(BillUnbilled(tuple(ids[name] for name in chosen)))
    view = await shop.ask(GetSchedule())

    assert (queued, left, len(left)) == (billed, await unbilled(shop), view.unbilled)


async def test_who_is_dismissed_is_asked_about_no_more(shop: Shop) -> None:
    """Decision 2: "or none"."""
    card = await shop.register(due_on=LONG_AGO)
    await turned(shop, send_at=time(10))
    await shop.ask(DismissUnbilled((card.row.client_id,)))

    assert 0 == (await turned(shop, send_at=time(11))).unbilled


@pytest.mark.parametrize(
    ("choice", "billed", "asked", "left"),
    [
        pytest.param(None, 0, 1, ["Ana"], id="ask (default)"),
        pytest.param(Overdue.ASK, 0, 1, ["Ana"], id="ask"),
        pytest.param(Overdue.ALWAYS, 1, 0, [], id="always"),
        pytest.param(Overdue.NEVER, 0, 0, ["Ana"], id="never"),
    ],
)
async def test_a_setting_says_whether_it_is_asked(
    shop: Shop, choice: Overdue | None, billed: int, asked: int, left: list[str]
) -> None:
    """Decision 2: "A setting overdue_on_reschedule = ask (default), always, never."."""
    await shop.register(name="Ana", due_on=LONG_AGO)
    await turned(shop, overdue_on_reschedule=choice)
    view = await turned(shop, send_at=time(10))

    assert view.effect is not None
    assert (billed, asked, left) == (view.effect.billed, view.unbilled, await unbilled(shop))
    assert [("cobranca", "queued")] * billed == await states(shop)


async def test_always_bills_nobody_after_the_window(shop: Shop) -> None:
    """E5: nothing is queued for another day; the question is asked instead."""
    await shop.register(name="Ana", due_on=LONG_AGO)
    await turned(shop, overdue_on_reschedule=Overdue.ALWAYS)
    shop.later(hours=12)
    view = await turned(shop, send_at=time(10))

    assert ([], 1) == (await states(shop), view.unbilled)


async def test_what_is_no_schedule_asks_nothing(shop: Shop) -> None:
    await shop.register(name="Ana", due_on=LONG_AGO)
    view = await turned(shop, clean_at=time(3))
    answer = await shop.ask(SetKind(Kind.DUE_TODAY, on=True))

    assert (0, 0) == (view.unbilled, answer.view.unbilled)


async def test_undoing_a_change_takes_back_what_it_billed(shop: Shop) -> None:
    await shop.register(name="Ana", due_on=LONG_AGO)
    await turned(shop, overdue_on_reschedule=Overdue.ALWAYS)
    view = await turned(shop, send_at=time(10))
    await shop.undo(view.undo)

    assert (["Ana"], time(9)) == (
        await unbilled(shop),
        (await shop.ask(GetSchedule())).dials.send_at,
    )
    assert [("cobranca", "cancelled")] == await states(shop)


async def test_a_changed_schedule_processes_what_it_would_have_skipped(shop: Shop) -> None:
    """E9: "rebuilds the jobs and processes what the change would have skipped"."""
    await turned(shop, send_at=time(18, 30))
    await shop.register()
    shop.later(hours=1)
    view = await turned(shop, send_at=time(9))

    assert view.effect is not None
    assert (1, True) == (view.effect.moved, view.effect.goes == view.effect.made_at)


async def test_the_same_change_again_is_one_act(shop: Shop) -> None:
    await shop.register()
    first = await turned(shop, send_at=time(18, 30))
    again = await turned(shop, send_at=time(18, 30))

    assert (first.undo, first.effect) == (again.undo, again.effect)


async def test_a_change_is_undone_whole_and_once(shop: Shop) -> None:
    await shop.register()
    view = await turned(shop, window_opens=time(10), send_at=time(10))
    done = await shop.undo(view.undo)
    shop.later(minutes=1)
    now = await shop.ask(GetSchedule())

    assert (done, time(8), time(9)) == (
        await shop.undo(view.undo),
        now.dials.window_opens,
        now.dials.send_at,
    )
    assert (None, None) == (now.undo, now.effect)


async def test_an_older_change_is_not_undone_over_a_newer_one_of_the_same(shop: Shop) -> None:
    first = await turned(shop, send_at=time(10))
    await turned(shop, send_at=time(11))

    with pytest.raises(CannotUndo, match="de novo"):
        await shop.undo(first.undo)


async def test_after_ten_minutes_nothing_is_undone(shop: Shop) -> None:
    view = await turned(shop, send_at=time(10))
    shop.later(minutes=10)

    with pytest.raises(CannotUndo, match="10 minutos"):
        await shop.undo(view.undo)


async def test_a_kind_that_is_switched_on_says_what_enters_today(shop: Shop) -> None:
    await shop.register(due_on=DAY)
    answer = await shop.ask(SetKind(Kind.DUE_TODAY, on=True))
    off = await shop.ask(SetKind(Kind.DUE_TODAY, on=False))

    assert (1, 1) == (
        answer.view.effect and answer.view.effect.added,
        off.view.effect and off.view.effect.dropped,
    )


async def test_a_time_outside_the_window_changes_nothing(shop: Shop) -> None:
    answer = await shop.ask(SetSchedule(send_at=time(7)))

    assert (True, time(9)) == (answer.refused is not None, answer.view.dials.send_at)
