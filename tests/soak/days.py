"""The days of a soak: 05:00, 09:00, hour by hour with what goes wrong, and the close."""

import asyncio
import contextlib
import time as stopwatch
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from domain import schedule
from playground.rig import RigFailed
from playground.whatsapp import StandInFailed
from tests.soak import everything, one_business
from tests.soak.house import DAWN, House
from tests.soak.owners import is_online, pair_again
from tests.soak.people import (
    LINE_ENDED,
    NOT_ON_WHATSAPP,
    REFUSED,
    RESTRICTED,
    Business,
    Client,
    Excuses,
)
from tests.soak.plan import AT_DAWN, ENDS, EVERYTHING, Hour, Planned, around
from tests.soak.recovery import Recovery
from tests.soak.server import AWAY
from tests.soak.verdict import Figures, gather, judge

KINDS = {**everything.KINDS, **one_business.KINDS}
VERIFY, SEND, CLOSE = time(5), time(9), time(20)
HOURS = tuple(time(hour) for hour in (9, 10, 11, 12, 14, 16, 17, 18))
EVENINGS = (time(18, 30), time(19), time(19, 30), time(19, 50))
# A send may just have lost its answer, and the rest of the queue waits behind it.
LAST_EVENING_SECONDS = 90.0
# For the messages after which a fault comes: with nothing on its way it comes all the same.
MOMENT_SECONDS = 2.5
FAULT_SECONDS = 90.0
JOB_SECONDS = 90.0
NOT_SLOW = frozenset({*AT_DAWN, *ENDS, "restricted"})
OF_ALL = frozenset({*AT_DAWN, *EVERYTHING})
NEVER_MISSED = "storm"

Say = Callable[[str], None]


@dataclass(slots=True)
class Story:
    """What is told and counted while the days go by."""

    house: House
    recovery: Recovery
    say: Say
    shortest_hour_seconds: float
    evening_seconds: float
    figures: Figures = field(default_factory=Figures)
    happened: int = 0
    waiting: list[Planned] = field(default_factory=list)  # for a moment when they can happen
    missed: list[str] = field(default_factory=list)


async def live(story: Story, days: Sequence[Sequence[Hour]]) -> None:
    """Live all the days."""
    for day, hours in zip(story.house.cast.days, days, strict=True):
        await _live_a_day(story, day, hours)


async def _live_a_day(story: Story, day: date, hours: Sequence[Hour]) -> None:
    house = story.house
    house.day = day
    house.excuses = Excuses()
    await _bring_lines_back(story)
    await _dawn(story, day, hours[0].at_dawn)
    for clock, hour in zip(HOURS, hours, strict=False):
        await house.make_it(at(day, clock))
        await _live_an_hour(story, hour)
    if day == house.cast.days[-1]:
        await _make_up(story)
    await _quiet_evening(story, day)
    await story.recovery.forget()
    await house.make_it(at(day, CLOSE))
    await _until_done(story, "close", at(day, CLOSE))
    judge(house.cast, day, house.excuses, await gather(house, day), story.figures)
    done = story.figures
    for note in done.told():
        story.say(f"! {day:%d/%m} {note}")
    story.say(
        f"{day:%d/%m}: {story.happened} falhas até aqui, {done.messages} mensagens, "
        f"{done.heard_once} ouvidas uma vez, {done.lost} perdidas, {done.doubled} dobradas"
    )


async def _dawn(story: Story, day: date, faults: Sequence[Planned]) -> None:
    """05:00, with whatever was laid in its way before."""
    traps = [asyncio.create_task(_happen(story, fault)) for fault in faults]
    await asyncio.sleep(0)  # the traps are laid
    await story.house.make_it(at(day, VERIFY))
    await asyncio.gather(*traps)
    await _until_done(story, "verify", at(day, VERIFY))


async def _live_an_hour(story: Story, hour: Hour) -> None:
    began = stopwatch.monotonic()
    again, story.waiting = story.waiting, []
    await asyncio.gather(
        _one_after_the_other(
            story, [*hour.of_everything, *(one for one in again if one.kind in OF_ALL)]
        ),
        *(_happen(story, fault) for fault in hour.of_businesses),
        *(_happen(story, fault) for fault in again if fault.kind not in OF_ALL),
    )
    left = story.shortest_hour_seconds - (stopwatch.monotonic() - began)
    await asyncio.sleep(max(0.0, left))


async def _one_after_the_other(story: Story, faults: Sequence[Planned]) -> None:
    for fault in faults:
        await _happen(story, fault)


async def _make_up(story: Story) -> None:
    """The last hour is over: what never found its moment has no other."""
    missed, story.waiting = story.waiting, []
    await _one_after_the_other(story, [_instead(story, fault) for fault in missed])


def _instead(story: Story, fault: Planned) -> Planned:
    """A fault that happens whenever it is asked for."""
    story.missed.append(fault.kind)
    return replace(fault, kind=NEVER_MISSED)


async def _happen(story: Story, fault: Planned) -> None:
    """Do it to whom it was planned for, or else to another; one that misses waits for its hour."""
    house = story.house
    if fault.kind not in AT_DAWN:
        await _moment(house, fault)
    choices = [fault] if fault.kind in OF_ALL else around(fault, len(house.cast.businesses))
    try:
        for choice in choices:
            began = stopwatch.monotonic()
            async with asyncio.timeout(FAULT_SECONDS):
                did = await KINDS[choice.kind](house, choice)
            if did:
                _tell(story, choice, stopwatch.monotonic() - began)
                return
    except (RigFailed, StandInFailed, TimeoutError, *AWAY) as error:
        story.say(f"  {fault.number} {fault.kind}: {type(error).__name__} {error}")
        house.resume_all()
    story.waiting.append(_instead(story, fault) if fault.kind in AT_DAWN else fault)


def _tell(story: Story, fault: Planned, seconds: float) -> None:
    house = story.house
    story.happened += 1
    whom = "tudo" if fault.kind in OF_ALL else f"negócio {fault.business}"
    story.say(f"  {house.now():%d/%m %H:%M} {fault.number} {fault.kind} ({whom}, {seconds:.1f} s)")
    if fault.kind not in NOT_SLOW:
        story.recovery.over(fault.kind, _hit(house, fault))


def _hit(house: House, fault: Planned) -> list[int]:
    everybody = [one.chat for one in house.cast.businesses]
    hit = everybody if fault.kind in OF_ALL else [everybody[fault.business]]
    return [chat for chat in hit if chat not in house.cut_off]


async def _moment(house: House, fault: Planned) -> None:
    """After so many messages, or a while without, and a few round trips more."""

    async def delivered() -> int:
        return (await house.rig.whatsapp.stats())["messages"]

    wanted = await delivered() + fault.after_messages
    with contextlib.suppress(RigFailed):

        async def enough() -> bool:
            return await delivered() >= wanted

        await house.until(enough, "as mensagens", MOMENT_SECONDS)
    for _ in range(fault.after_round_trips):
        await delivered()


async def _quiet_evening(story: Story, day: date) -> None:
    """Nothing goes wrong any more: what can still go has the time to."""
    house = story.house
    house.resume_all()
    for business in house.cast.businesses:
        if business.chat not in house.cut_off:
            await _nothing_wrong(house, business)
    for client, excuses in house.excuses.of_clients.items():
        await _stay_refused(house, client, excuses)

    async def all_through() -> bool:
        with contextlib.suppress(*AWAY):
            counts = await house.counts(day)
            return all(left == 0 or chat in house.cut_off for chat, (_, left) in counts.items())
        return False

    for clock in EVENINGS:
        await house.make_it(at(day, clock))
        await _see_who_is_back(house)
        last = LAST_EVENING_SECONDS if clock == EVENINGS[-1] else 0.0
        with contextlib.suppress(RigFailed):
            seconds = max(story.evening_seconds, last)
            await house.until(all_through, "a fila acabar", seconds)
            return


async def _nothing_wrong(house: House, business: Business) -> None:
    await house.rig.whatsapp.clear_faults(business.owner)
    await house.rig.whatsapp.restrict(business.owner, None)


async def _see_who_is_back(house: House) -> None:
    """A line that came back without its owner excuses nobody."""
    for business in house.cast.businesses:
        if business.chat in house.cut_off and await is_online(house, business):
            house.cut_off.discard(business.chat)
            house.excuses.of_businesses[business.chat].discard(LINE_ENDED)
            await _nothing_wrong(house, business)


async def _stay_refused(house: House, client: Client, excuses: set[str]) -> None:
    """Whoever is not on WhatsApp, or refused always, is so until the day is over."""
    owner = next(one.owner for one in house.cast.businesses if one.chat == client.tenant_id)
    if NOT_ON_WHATSAPP in excuses:
        for form in client.forms:
            rule = {"answer": "out", "of": form}
            await house.rig.whatsapp.faults({"number": owner, "look_up": rule})
    if REFUSED in excuses:
        error = one_business.REFUSALS[0]
        if RESTRICTED in excuses:
            error = one_business.REACHOUT_TIMELOCK
        refusal = {"error": error, "to": client.account}
        await house.rig.whatsapp.faults({"number": owner, "refuse": refusal})


async def _bring_lines_back(story: Story) -> None:
    """A new day: bans are over, and owners bring back what only they can."""
    house = story.house
    await house.make_it(at(house.day, DAWN))
    await house.rig.whatsapp.clear_faults()
    for business in house.cast.businesses:
        if business.chat not in house.cut_off:
            continue
        if await pair_again(house, business):
            house.cut_off.discard(business.chat)
        else:
            house.excuses.of_businesses[business.chat].add(LINE_ENDED)
            story.figures.note(business.chat, "“Conectar” não trouxe a linha de volta")


async def _until_done(story: Story, job: str, instant: datetime) -> None:
    house = story.house
    try:
        await house.until(lambda: house.jobs_done(job, instant), f"o trabalho {job}", JOB_SECONDS)
    except RigFailed as error:
        story.figures.note(0, str(error))


def at(day: date, clock: time) -> datetime:
    """`clock` of `day` where the businesses are."""
    return schedule.instant(day, clock, schedule.DEFAULT_ZONE)
