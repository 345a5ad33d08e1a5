"""Sends the test messages of an owner, one at a time; none is ever sent twice (F2)."""

from dataclasses import dataclass
from datetime import datetime

from actors.runtime import Clock
from actors.whatsapp.numbers import Found, Numbers
from domain.pacing import PacingRules, typing_time
from domain.whatsapp_numbers import Absent, Reachable, Standing, phone_of
from domain.whatsapp_tests import TEXT, OwnTest, TestState, WhyNot
from errors import SidecarError
from gateways.sidecar_events import Acked, Refused, SendOutcome
from gateways.whatsapp import WhatsAppLine
from storage import whatsapp_numbers, whatsapp_state, whatsapp_tests
from storage.database import Database

NUMBER_AT = "@s.whatsapp.net"


@dataclass(frozen=True, slots=True)
class _End:
    """What became of a test."""

    state: TestState
    reason: WhyNot | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tester:
    """The tests of one tenant over one line."""

    tenant_id: int
    database: Database
    line: WhatsAppLine
    numbers: Numbers
    clock: Clock
    pacing: PacingRules

    async def send_next(self) -> OwnTest | None:
        """Send the test that waits longest; it as it stands then, None where none waits.

        Raises StorageUnavailable.
        """
        async with self.database.tenant(self.tenant_id) as tx:
            test = await whatsapp_tests.next_waiting(tx, self.clock.now())
        if test is None:
            return None
        end = await self._send(test)
        async with self.database.tenant(self.tenant_id) as tx:
            await whatsapp_tests.settle(
                tx, test.nonce, end.state, reason=end.reason, sent_at=end.sent_at
            )
            return await whatsapp_tests.of_press(tx, test.nonce)

    async def _send(self, test: OwnTest) -> _End:
        to = await self._address(test)
        if not isinstance(to, Reachable):
            reason = WhyNot.NOBODY if isinstance(to, Absent) else WhyNot.UNANSWERED
            return _End(TestState.FAILED, reason)
        async with self.database.tenant(self.tenant_id) as tx:
            if not await whatsapp_tests.begin(tx, test.nonce):
                return _End(TestState.UNKNOWN)
        typing = typing_time(self.pacing, TEXT)
        try:
            outcome = await self.line.send(
                test.whatsapp_id, to.jid, TEXT, lid=to.lid, typing_seconds=typing
            )
        except SidecarError:
            return _End(TestState.FAILED, WhyNot.OFFLINE)  # surely nothing was written
        return _end_of(outcome)

    async def _address(self, test: OwnTest) -> Standing:
        """Where it goes; nobody is asked about one's own number, and others once (F5)."""
        if test.own:
            return await self._own_address(test)
        standing = await self._standing(test.phone)
        if isinstance(standing, Reachable | Absent):
            return standing
        found = await self.numbers.ask(test.phone)
        if found is Found.NOBODY:
            return Absent()
        return await self._standing(test.phone)

    async def _own_address(self, test: OwnTest) -> Standing:
        async with self.database.tenant(self.tenant_id) as tx:
            session = await whatsapp_state.find_session(tx)
        phone = phone_of(session.jid) if session else None
        return Reachable((phone or test.phone).removeprefix("+") + NUMBER_AT)

    async def _standing(self, phone: str) -> Standing:
        async with self.database.tenant(self.tenant_id) as tx:
            known = await whatsapp_numbers.find(tx, phone)
        return self.numbers.standing(phone, known)


def _end_of(outcome: SendOutcome) -> _End:
    match outcome:
        case Acked(at=at):
            return _End(TestState.SENT, sent_at=at)
        case Refused():
            return _End(TestState.FAILED, WhyNot.REFUSED)
        case _:
            return _End(TestState.UNKNOWN)
