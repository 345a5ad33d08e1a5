"""Notices are told once, in order, and their times on the owner's own clock (E1)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from actors.messages.kept import kind_of, pack, unpack
from actors.messages.notices import SendingRestricted
from bot.screens.notices.notices import notice_view
from storage import tenants
from storage.database import Database
from tests.postgres import NOW

TENANT = 7
UNTIL = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("America/Sao_Paulo", "24/11 às 22:30"),
        ("America/Manaus", "24/11 às 21:30"),
        ("America/Rio_Branco", "24/11 às 20:30"),
        ("America/Noronha", "24/11 às 23:30"),
        ("Europe/Lisbon", "25/11 às 01:30"),
        ("Atlantis/Capital", "24/11 às 22:30"),
        ("../etc/passwd", "24/11 às 22:30"),
    ],
)
async def test_a_time_is_told_on_the_owners_clock(
    database: Database, zone: str, expected: str
) -> None:
    notice = SendingRestricted(UNTIL)
    async with database.tenant(TENANT) as tx:
        await tenants.create(tx, name="Rita", now=NOW, trial_ends_at=NOW + timedelta(days=7))
        await tx.execute("UPDATE settings SET time_zone = $2 WHERE tenant_id = $1", TENANT, zone)
        await tenants.put_notice(tx, kind=kind_of(notice), key="1", payload=pack(notice), now=NOW)
        kept = await tenants.claim_notices(tx, UUID(int=7))
        settings = await tenants.settings(tx)

    told = unpack(kept[0])
    assert (notice, 1, kept[0].zone) == (told, len(kept), settings.zone)
    assert expected in (await notice_view(told, NOW)).text


async def test_what_was_told_is_told_no_more_and_the_rest_in_its_order(database: Database) -> None:
    notices = [SendingRestricted(UNTIL + timedelta(hours=number)) for number in range(3)]
    async with database.tenant(TENANT) as tx:
        await tenants.create(tx, name="Rita", now=NOW, trial_ends_at=NOW + timedelta(days=7))
        for key, notice in zip("cab", notices, strict=True):
            await tenants.put_notice(
                tx, kind=kind_of(notice), key=key, payload=pack(notice), now=NOW
            )
        kept = await tenants.claim_notices(tx, UUID(int=7))
        await tenants.notice_delivered(tx, kept[1].id, NOW)
        left = await tenants.claim_notices(tx, UUID(int=7))

    assert notices == [unpack(one) for one in kept]
    assert [notices[0], notices[2]] == [unpack(one) for one in left]
