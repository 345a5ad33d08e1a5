"""What an administrator tells all owners: written, steered while it goes, and read afterwards."""

import re
from itertools import product

from bot.screens.broadcasts.buttons import Act, OnBroadcast, ShowReached
from bot.screens.broadcasts.words import AUDIENCES, HEADS, announcement
from domain.broadcasts import MOST_LETTERS, Group, Reach
from tests.crawl.errand import Errand
from tests.crawl.seen import Seen

BODY = "Amanhã às 22:00 o EmDia para por 10 minutos."
NEWEST = "SELECT max(id) FROM broadcasts"
LEFT = "SELECT EXISTS (SELECT FROM broadcasts WHERE state = 'running')"
STANDS = "UPDATE broadcasts SET state = $2, ended_at = NULL WHERE id = $1"
# The n-th owner; in the hands of this process, which never ends it as long as that is so.
BECOMES = """
    UPDATE broadcast_recipients SET state = $3,
        claimed_by = (SELECT id FROM replicas ORDER BY started_at DESC LIMIT 1)
    WHERE broadcast_id = $1 AND tenant_id = (
        SELECT tenant_id FROM broadcast_recipients WHERE broadcast_id = $1
        ORDER BY tenant_id OFFSET $2 LIMIT 1)
"""
NOBODYS = 0


async def tell_everybody(errand: Errand) -> None:
    """Write one, steer it, see whom it reached, tell the doubted, stop it, and find it again."""
    await _write(errand)
    broadcast_id = int(await errand.console.fetchval(NEWEST))
    await _steer(errand, broadcast_id)
    await _see_whom(errand, broadcast_id)
    await _tell_the_doubted(errand, broadcast_id)
    await _stop(errand, broadcast_id)
    for act in (Act.SHOW, Act.PAUSE, Act.ASK_STOP):
        await errand.go(OnBroadcast(act=act, broadcast_id=NOBODYS).pack())


def titles_of_broadcasts(names: re.Pattern[str]) -> set[str]:
    """What is written on top of what comes by itself of them."""
    heads = [
        head.format(audience=whom) for head, whom in product(HEADS.values(), AUDIENCES.values())
    ]
    return {Seen(0, text, (), names=names).title for text in (announcement(BODY), *heads)}


async def _write(errand: Errand) -> None:
    """What was begun before is dropped; a slip at each question; then begin."""
    await _open(errand)
    await errand.tap("Novo aviso")
    await errand.say("/cancelar")
    await _open(errand)
    await errand.tap("Novo aviso")
    await errand.say("todos")
    await errand.tap("Todas as contas")
    for said in ("x" * (MOST_LETTERS + 1), "linha\n" * 300):
        await errand.say(said)
    await errand.tap("Voltar")
    await errand.say(BODY)
    await errand.tap("📣 Avisar")
    await _until_told(errand)


async def _steer(errand: Errand, broadcast_id: int) -> None:
    """Pause it and go on while somebody is still to be told."""
    await _held(errand, broadcast_id)
    await errand.tap("Pausar", "Continuar", "Parar de vez", "Voltar", "Pausar")


async def _see_whom(errand: Errand, broadcast_id: int) -> None:
    """Everything that may have become of it, and the accounts behind each count."""
    for number, reach in enumerate(Reach):
        await errand.console.execute(BECOMES, broadcast_id, number, reach.value)
    for group in Group:
        await errand.go(OnBroadcast(act=Act.SHOW, broadcast_id=broadcast_id).pack())
        await errand.go(ShowReached(broadcast_id=broadcast_id, group=group).pack())
        await errand.tap_if_there("›")
        await errand.tap("·", "Voltar", "Voltar")
    await errand.go(ShowReached(broadcast_id=NOBODYS, group=Group.LEFT).pack())


async def _tell_the_doubted(errand: Errand, broadcast_id: int) -> None:
    await errand.console.execute(STANDS, broadcast_id, "done")
    for number in range(len(Reach)):
        await errand.console.execute(BECOMES, broadcast_id, number, Reach.UNSURE.value)
    await errand.go(OnBroadcast(act=Act.SHOW, broadcast_id=broadcast_id).pack())
    await errand.tap("Avisar de novo")
    await _until_told(errand)


async def _stop(errand: Errand, broadcast_id: int) -> None:
    await _held(errand, broadcast_id)
    await errand.tap("Parar de vez", "Parar e")
    await errand.console.execute(BECOMES, broadcast_id, 0, Reach.SENT.value)
    await errand.go(OnBroadcast(act=Act.ASK_STOP, broadcast_id=broadcast_id).pack())
    await _open(errand)
    await errand.tap("⏹", "Voltar")


async def _held(errand: Errand, broadcast_id: int) -> None:
    """It goes, and somebody is being told as long as nothing is done about it."""
    await errand.console.execute(BECOMES, broadcast_id, 0, Reach.SENDING.value)
    await errand.console.execute(STANDS, broadcast_id, "running")
    await errand.go(OnBroadcast(act=Act.SHOW, broadcast_id=broadcast_id).pack())


async def _open(errand: Errand) -> None:
    await errand.say("/admin")
    await errand.tap("📣")


async def _until_told(errand: Errand) -> None:
    """Read what comes until it has ended."""
    while await errand.console.fetchval(LEFT):
        await errand.chat.read_on()
