"""Asks WhatsApp who has a number, seldom, and keeps what it answered (F5).

What is no answer is kept as none: whoever asked waits, and asks again later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from random import Random

from actors.runtime import Clock
from domain.whatsapp_numbers import (
    UNSURE_AFTER_PAIRING,
    KnownNumber,
    Standing,
    answers_for,
    forms_of,
    is_no_believed,
    standing,
)
from errors import SidecarError
from gateways.sidecar_events import NumberAbsent, NumberAnswer, NumberFound, NumberUnanswered
from gateways.whatsapp import WhatsAppLine
from storage import whatsapp_numbers
from storage.database import Database
from telemetry import logger, masked

LOG = logger("numbers")


class Found(Enum):
    """What was learnt of a number."""

    SOMEBODY = "somebody"
    NOBODY = "nobody"
    NO_ANSWER = "no answer"


@dataclass(frozen=True, slots=True)
class Unsure:
    """A "no" that is worth nothing before `until`."""

    until: datetime


class Numbers:
    """The numbers of one tenant, asked about over `line`; its device was paired at `paired_at`."""

    def __init__(  # noqa: PLR0913 - its parts, all injected
        self,
        *,
        tenant_id: int,
        database: Database,
        line: WhatsAppLine,
        paired_at: datetime | None,
        clock: Clock,
        random: Random,
    ) -> None:
        self._tenant_id = tenant_id
        self._database = database
        self._line = line
        self._paired_at = paired_at
        self._clock = clock
        self._random = random

    def standing(self, phone: str, known: KnownNumber | None) -> Standing:
        """What the kept answer about `phone` (E.164) is worth now."""
        return standing(phone, known, now=self._clock.now(), paired_at=self._paired_at)

    async def ask(self, phone: str) -> Found | Unsure:
        """Ask about `phone`, in both forms, and keep the answer; raises StorageUnavailable."""
        answer = await self._answer(phone)
        now = self._clock.now()
        match answer:
            case NumberFound(jid=jid, lid=lid) if answers_for(jid, phone):
                await self._keep(phone, jid, lid, now)
                return Found.SOMEBODY
            case NumberFound():
                # Decision 6: whoever that is, it is not who was asked for.
                LOG.error("WhatsApp answered for another number", phone=masked(phone))
                return Found.NO_ANSWER
            case NumberAbsent() if is_no_believed(now, self._paired_at):
                await self._keep(phone, None, None, now)
                return Found.NOBODY
            case NumberAbsent():
                return Unsure(self._sure_from(now))
            case NumberUnanswered(reason=reason):
                LOG.info("number not answered", phone=masked(phone), reason=reason)
                return Found.NO_ANSWER

    async def _answer(self, phone: str) -> NumberAnswer:
        try:
            return await self._line.check_number(forms_of(phone))
        except SidecarError as error:
            return NumberUnanswered(type(error).__name__)

    async def _keep(self, phone: str, jid: str | None, lid: str | None, now: datetime) -> None:
        async with self._database.tenant(self._tenant_id) as tx:
            await whatsapp_numbers.keep(tx, phone, jid=jid, lid=lid, now=now)

    def _sure_from(self, now: datetime) -> datetime:
        """When a "no" is worth something: an hour after pairing, not all at the same moment."""
        later = timedelta(seconds=self._random.uniform(0.0, 60.0))
        return (self._paired_at or now) + UNSURE_AFTER_PAIRING + later
