"""The owner's test messages, at the pace of all others, and what comes back of them (F2)."""

from dataclasses import dataclass
from functools import partial

from actors.messages.notices import TestMoved
from actors.messages.whatsapp import TestAsked
from actors.runtime import on
from actors.whatsapp.connection import SessionPorts
from actors.whatsapp.line import LinePart
from actors.whatsapp.part import STORAGE_AWAY_SECONDS, Memo
from actors.whatsapp.tester import Tester
from domain.whatsapp import may_send
from domain.whatsapp_log import Happened
from domain.whatsapp_tests import OwnTest, may_be_test
from errors import StaleEpoch, StorageUnavailable
from gateways import sidecar_events as whatsapp
from storage import whatsapp_tests
from telemetry import logger

LOG = logger("whatsapp")


@dataclass(frozen=True, slots=True)
class _Tested:
    """A test was tried; without one none waits. `again`: PostgreSQL was away."""

    test: OwnTest | None
    again: bool = False


class TestingPart(LinePart):
    """The session's tests: one is carried where a message would be."""

    __test__ = False

    def __init__(self, tenant_id: int, ports: SessionPorts) -> None:
        super().__init__(tenant_id, ports)
        self._tests_wait = True  # those of a life before

    @on(TestAsked)
    async def look_for_tests(self, _message: TestAsked) -> None:
        """Look for tests that wait."""
        self._tests_wait = True
        self._pump()

    @on(_Tested)
    async def tested(self, message: _Tested) -> None:
        """Tell what became of a test, and go on at the human pace."""
        self._carrying = None
        if message.again:
            self._pump_after(STORAGE_AWAY_SECONDS)
        elif message.test is None:
            self._tests_wait = False
            self._pump()
        else:
            self._pump_after(self._human_gap())
            self._show(TestMoved(message.test))
            await self._log(Happened.TESTED, message.test.state)

    @on(whatsapp.ReceiptArrived)
    async def receipt_arrived(self, event: whatsapp.ReceiptArrived) -> None:
        """Record how far a message came, and a test just so (F7)."""
        await super().receipt_arrived(event)
        if event.status != "retry" and may_be_test(event.message_id):
            write = partial(
                whatsapp_tests.receipt,
                whatsapp_id=event.message_id,
                state=event.status,
                at=event.at,
            )
            await self._remember(Memo("test receipt", write, then=self._test_moved))

    @on(whatsapp.LateOutcome)
    async def late_outcome(self, event: whatsapp.LateOutcome) -> None:
        """Record an answer that came late, to a test just so."""
        await super().late_outcome(event)
        if isinstance(event.outcome, whatsapp.Acked) and may_be_test(event.message_id):
            write = partial(
                whatsapp_tests.late_ack, whatsapp_id=event.message_id, at=event.outcome.at
            )
            await self._remember(Memo("late test ack", write, then=self._test_moved))

    def _test_moved(self, test: OwnTest | None) -> None:
        if test is not None:
            self._show(TestMoved(test))

    def _pump(self) -> None:
        """Let a test that waits go first: its owner looks on."""
        may_go = may_send(self._phase, paused=self._paused_until() is not None)
        tester = self._connector.tester() if self._connector else None
        is_free = self._gap is None and self._carrying is None and self._courier is not None
        if self._tests_wait and may_go and is_free and tester is not None:
            self._carrying = self.context.spawn(self._carry_test(tester), name="carry")
        else:
            super()._pump()

    async def _carry_test(self, tester: Tester) -> None:
        news = _Tested(None, again=True)
        try:
            news = _Tested(await tester.send_next())
        except (StaleEpoch, StorageUnavailable) as error:
            LOG.warning("test not sent", tenant_id=self._tenant_id, error=repr(error))
        self.context.signal(news)
