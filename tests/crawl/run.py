"""A whole crawl: the town, the house, the walk, what comes by itself, other people's buttons."""

import asyncio
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from actors.messages.queue import PlanNow
from actors.messages.whatsapp import ConnectWhatsApp
from playground.telegram import TelegramStandIn
from tests.crawl.arrivals import let_arrive, titles
from tests.crawl.atlas import Atlas
from tests.crawl.chat import Chat
from tests.crawl.desk import furnish
from tests.crawl.errand import Errand
from tests.crawl.errands import end_the_account, run_errands, search_by_writing
from tests.crawl.errands_admin import turn_the_pages, walk_the_desk
from tests.crawl.errands_broadcasts import tell_everybody, titles_of_broadcasts
from tests.crawl.errands_subscription import pay_for_emdia
from tests.crawl.fast_loop import FastLoop
from tests.crawl.findings import Findings, Strangers
from tests.crawl.house import House, open_house
from tests.crawl.judge import Judge
from tests.crawl.others import try_old_buttons, try_the_buttons_of
from tests.crawl.shop import stock
from tests.crawl.town import Citizen, Role, names_of, people, settle, words_of
from tests.crawl.trouble import heard
from tests.crawl.walk import START, Crawl, crawl
from tests.postgres import walkable_folder

SPEED = 3.0
ASK_SECONDS = 100.0
COMMANDS = (
    "/start", "/menu", "/clientes", "/buscar", "/novo", "/fila", "/relatorios", "/whatsapp",
    "/conta", "/textos", "/agendador", "/ajuda", "/hoje", "/cancelar", "/admin",
)  # fmt: skip
SHORT = {Role.STRANGER: 1, Role.NEW: 1, Role.FULL: 3, Role.ENDED: 1, Role.ADMIN: 1}
WHOLE = {Role.STRANGER: 3, Role.NEW: 3, Role.FULL: 8, Role.ENDED: 2, Role.ADMIN: 2}
AFTERWARDS = 150  # more steps, of one person, where the bot cannot be asked by its name
SHORT_BUDGET = 700
SHORT_TRIES = 14
SHORT_NOTICES = 2
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of a crawl. The first of those with clients loses nothing: its rows are watched."""

    seed: int
    budget: int

    @property
    def town(self) -> list[Citizen]:
        """Who is there."""
        return people(SHORT if self.is_short else WHOLE)

    @property
    def is_short(self) -> bool:
        """Whether it is only to see that nothing is badly wrong."""
        return self.budget <= SHORT_BUDGET


def run(plan: Plan, say: Say) -> Findings:
    """Crawl on a loop of its own."""
    with asyncio.Runner(loop_factory=lambda: FastLoop(SPEED)) as runner:
        return runner.run(_crawl(plan, say))


async def _crawl(plan: Plan, say: Say) -> Findings:
    town, findings = plan.town, Findings()
    (watched, *connected) = [one for one in town if one.role is Role.FULL]
    admins = [one.chat_id for one in town if one.role is Role.ADMIN]
    paired = frozenset(one.chat_id for one in connected)
    with (
        walkable_folder() as home,
        heard(lambda line: findings.fault("errors", line)),
    ):
        async with open_house(home, admins=admins, paired=paired, seed=plan.seed) as house:
            chats = [_chat(house, citizen, town) for citizen in town]
            await _move_in(house, town, connected, chats)
            say(f"{len(town)} conversas, semente {plan.seed}.")
            shared = await _shared(plan, house, town, findings)
            await _live(house, shared, chats, watched.chat_id, whole=not plan.is_short)
            for where, step in shared.atlas.left():
                findings.fault("untried", f"{where}: {step}")
    return findings


async def _live(
    house: House, shared: Crawl, chats: Sequence[Chat], watched: int, *, whole: bool
) -> None:
    """Walk, and let things arrive meanwhile; then press what is another's and what is old.

    The errands come before anything else is done in their chat: they find what the town was made
    as, whatever the seed.
    """
    (victim,) = (chat for chat in chats if chat.chat_id == watched)
    first = {chat.role: chat for chat in reversed(chats) if chat is not victim}
    visited = first[Role.FULL]
    async with asyncio.TaskGroup() as living:
        walkers = [chat for chat in chats if chat is not visited]
        # Who administers takes nothing from anybody while others walk: that is an errand.
        careful = {watched, *(chat.chat_id for chat in chats if chat.role == Role.ADMIN)}
        living.create_task(crawl(shared, walkers, careful=careful))
        living.create_task(_visit(house, visited, shared, whole=whole))
    if whole:
        house.parts.forgo_inline()
        await run_errands(Errand(shared, visited, house), (search_by_writing, pay_for_emdia))
        shared.budget = shared.judge.findings.done + AFTERWARDS
        await crawl(shared, [visited])
        desk = (walk_the_desk(visited.chat_id), turn_the_pages, tell_everybody)
        await run_errands(Errand(shared, first[Role.ADMIN], house), desk)
    await try_the_buttons_of(victim, list(first.values()), shared, house.console)
    await try_old_buttons(list(first.values()), shared)
    if whole:
        await run_errands(Errand(shared, visited, house), (end_the_account,))


async def _visit(house: House, chat: Chat, shared: Crawl, *, whole: bool) -> None:
    """Somebody who runs the errands, and then only reads what comes, and presses that."""
    assert house.parts.system is not None
    if whole:
        await run_errands(Errand(shared, chat, house))
    await let_arrive(house.parts.system.ref("telegram"), chat, shared)


async def _move_in(
    house: House,
    town: Sequence[Citizen],
    connected: Sequence[Citizen],
    chats: Sequence[Chat],
) -> None:
    clients = {citizen.chat_id: await settle(house, citizen) for citizen in town}
    # Nobody can be told anything who never wrote.
    reached = {Role.FULL, Role.ADMIN}
    await asyncio.gather(*(chat.say(START) for chat in chats if chat.role in reached))
    for citizen in town:
        if citizen.role is Role.FULL:
            await stock(house, citizen.chat_id, clients[citizen.chat_id])
            await house.parts.directory.ask(citizen.chat_id, PlanNow(), deadline=ASK_SECONDS)
    await furnish(house.console, town)
    for citizen in connected:
        await house.parts.directory.ask(citizen.chat_id, ConnectWhatsApp(), deadline=ASK_SECONDS)


def _chat(house: House, citizen: Citizen, town: Sequence[Citizen]) -> Chat:
    return Chat(
        house.telegram,
        house.parts.watch,
        citizen.chat_id,
        first_name=f"Dono {citizen.company_word}",
        role=citizen.role.value,
        names=names_of(town),
        own_name=f"Juliana {citizen.word}",
        own_phones=f"11{citizen.phone_part}",
    )


async def _shared(plan: Plan, house: House, town: Sequence[Citizen], findings: Findings) -> Crawl:
    strangers = Strangers(
        {one.chat_id: words_of(one) for one in town},
        {one.chat_id: one.company_word for one in town},
        [one.chat_id for one in town if one.role is Role.ADMIN],
    )
    judge = Judge(findings, strangers, read=lambda file: _words_in(house.telegram, file))
    names = names_of(town)
    judge.by_themselves |= await titles(names) | titles_of_broadcasts(names)
    walk = Crawl(Atlas(COMMANDS), judge, Random(plan.seed), plan.budget)  # noqa: S311 - no secret
    if plan.is_short:
        walk.most_tried, walk.most_of_a_notice = SHORT_TRIES, SHORT_NOTICES
    return walk


def _words_in(telegram: TelegramStandIn, file_id: str) -> str:
    """What a file says, spreadsheets unpacked."""
    try:
        data = telegram.control.file(file_id).data
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return "\n".join(
                packed.read(name).decode(errors="replace") for name in packed.namelist()
            )
    except zipfile.BadZipFile:
        return data.decode(errors="replace")
