"""One running bot for the screens of a module; every test has a chat, so a tenant, of its own."""

from collections import defaultdict
from collections.abc import AsyncIterator
from itertools import count

import pytest

from actors.runtime import Ref
from playground.telegram import TelegramStandIn
from storage.database import Database
from tests.bot.live import AT_ONCE, NOW, Live, living
from tests.bot.support import Person, Script, WatchedInbox, running_bot
from tests.postgres import Cluster

_CHATS = count(7_000)


@pytest.fixture(scope="module")
async def inbox(cluster: Cluster) -> AsyncIterator[WatchedInbox]:
    """The inbox of the module's bot, in a database of its own."""
    dsn = await cluster.migrated_database()
    database = await Database.open(dsn)
    yield WatchedInbox(database)
    await database.close()
    await cluster.drop(dsn)


@pytest.fixture(scope="module")
def scripts() -> defaultdict[int, Script]:
    """How each tenant behaves."""
    return defaultdict(Script)


@pytest.fixture(scope="module")
async def telegram(
    shared_stand_in: TelegramStandIn, inbox: WatchedInbox, scripts: defaultdict[int, Script]
) -> AsyncIterator[Ref]:
    """The bot, running."""
    async with running_bot(shared_stand_in, inbox, scripts.__getitem__, limits=AT_ONCE) as (ref, _):
        yield ref


@pytest.fixture
def maria(shared_stand_in: TelegramStandIn) -> Person:
    return Person(shared_stand_in, next(_CHATS))


@pytest.fixture
def script(maria: Person, scripts: defaultdict[int, Script]) -> Script:
    """How Maria's business behaves."""
    return scripts[maria.chat_id]


@pytest.fixture(scope="module")
async def shared_live(shared_stand_in: TelegramStandIn, cluster: Cluster) -> AsyncIterator[Live]:
    """The bot over real tenants: one for a module whose tests each have an owner of their own."""
    dsn = await cluster.migrated_database()
    database = await Database.open(dsn)
    async with living(shared_stand_in, database) as running:
        yield running
    await database.close()
    await cluster.drop(dsn)


@pytest.fixture
def live(shared_live: Live) -> Live:
    """The bot of the module, at the hour at which every test begins."""
    shared_live.clock.move_to(NOW)
    return shared_live
