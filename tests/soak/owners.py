"""What the owners do: sign up, pair, fill in where to pay, and bring back a line that ended."""

import asyncio
import contextlib
import sys
from collections.abc import Mapping
from typing import Any

from playground.rig import ROOT, RigFailed, clean_environment, read_qr
from playground.whatsapp import StandInFailed
from tests.soak.house import WAIT_SECONDS, House
from tests.soak.people import Business

COMMAND_SECONDS = 60.0
BACK_SECONDS = 10.0
NEW_CLIENT = """
    INSERT INTO clients (tenant_id, name, phone, plan, price, due_on, created_at, updated_at)
    VALUES ($1, $2, $3, 'Mensal', 35, $4, $5, $5)
"""


async def sign_up(house: House) -> None:
    """Everybody signs up, pairs, fills in the PIX key and has clients."""
    numbers = {one.owner for one in house.cast.businesses}
    numbers |= {one.account for one in house.cast.clients if one.account is not None}
    await house.rig.whatsapp.add_phones(sorted(numbers))
    for business in house.cast.businesses:
        await house.rig.pair(business.chat, business.name, business.owner)
        await _tell_company(house, business)
    rows = [
        (one.tenant_id, f"Cliente {one.number}", one.phone, one.due_on, house.now())
        for one in house.cast.clients
    ]
    await house.postgres.write_many(NEW_CLIENT, rows)


async def pair_again(house: House, business: Business) -> bool:
    """Let the owner bring the line back by the chat; False when that leads nowhere."""
    with contextlib.suppress(RigFailed, StandInFailed, ValueError):
        seen = await house.rig.say(business.chat, "/whatsapp", business.name)
        offer = await house.rig.chat_shows(
            business.chat, seen, lambda shown: bool(shown["buttons"])
        )
        await house.rig.press(business.chat, offer, "Conectar")
        photo = await _photo(house, business, seen)
        if photo is not None:
            await _scan(house, business, photo)
        await house.until(lambda: is_online(house, business), "a linha voltar", BACK_SECONDS)
    return await is_online(house, business)


async def _photo(house: House, business: Business, after: int) -> str | None:
    """The QR that is shown, unless the line comes back without one."""

    def is_photo(shown: Mapping[str, Any]) -> bool:
        return shown["photo"] is not None

    shown = asyncio.create_task(house.rig.chat_shows(business.chat, after, is_photo))
    online = asyncio.create_task(
        house.until(lambda: is_online(house, business), "a linha voltar", WAIT_SECONDS)
    )
    try:
        await asyncio.wait({shown, online}, return_when=asyncio.FIRST_COMPLETED)
        return None if online.done() else str(shown.result()["photo"])
    finally:
        for task in (shown, online):
            task.cancel()
        await asyncio.gather(shown, online, return_exceptions=True)


async def is_online(house: House, business: Business) -> bool:
    """Whether WhatsApp has a live connection of this business."""
    sessions = await house.rig.whatsapp.sessions()
    return any(one["number"] == business.owner and one["connected"] for one in sessions)


async def _scan(house: House, business: Business, photo: str) -> None:
    picture = house.rig.telegram.control.file(photo).data
    await house.rig.whatsapp.scan(business.owner, await asyncio.to_thread(read_qr, picture))


async def _tell_company(house: House, business: Business) -> None:
    what = ("--company", business.name, "--pix-key", "rita@tv.example", "--pix-name", "Rita")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "emdia_cli", "company", "--tenant", str(business.chat), *what,
        cwd=ROOT, env=clean_environment() | house.rig.environment,
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    async with asyncio.timeout(COMMAND_SECONDS):
        if await process.wait():
            raise RigFailed("emdia_cli company não terminou bem")
