"""The same owner, who also turns the queue, the texts, the schedule and what is written by hand."""

# ruff: noqa: D102 - the rules of the machine are sentences already

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from actors.messages.account import SetPix
from actors.messages.queue import PlanNow
from actors.runtime import Ref
from bot.screens.by_hand.buttons import CancelHand, WriteTo
from bot.screens.clients.money_buttons import Renew, unpack_deal
from bot.screens.schedule.buttons import TurnKind
from bot.screens.settings.company import EditCompany
from bot.screens.settings.pix import CodeAlone
from bot.screens.texts.buttons import OpenPress, RestorePress, SavePress, SwitchTextPress
from bot.screens.today.buttons import (
    ActPress,
    BillPress,
    DismissPress,
    PausePress,
    ShowMessage,
    ShowUnbilled,
)
from bot.ui.form import Act as Press
from bot.ui.form import FormPress
from bot.ui.undo import PressUndo
from domain.company import CompanyField
from domain.queue_acts import QueueAct
from domain.reminders import Kind
from storage import outbox
from tests.bot.live import SECONDS
from tests.play.belongings import write_back
from tests.play.machine import A_WHILE, WHICH, Machine
from tests.play.model import UNDO_FOR, Act, Client
from tests.play.model_queue import LATE, OPENS, ByHand, Key, Queue, Text
from tests.play.queue_reading import Day, seen_day, stored_day
from tests.play.talk import Screen

KINDS = st.sampled_from([*LATE])
BODIES = st.sampled_from(["Oi, {primeiro_nome}!", "{nome}: {valor}", "Olá. {plano}"])


class QueueMachine(Machine):
    """Everything that `Machine` does, and the rest of the day."""

    @initialize()
    def sign_up(self) -> None:
        super().sign_up()
        self.queue = Queue()
        order = SetPix("rita@loja.example", "Rita", "SAO PAULO")
        self.house.run(self.tenant.ask(order, deadline=SECONDS))
        self.set_due(-1)

    @property
    def tenant(self) -> Ref:
        return self.house.live.tenants.ref(self.talk.chat_id)

    @property
    def here(self) -> datetime:
        return self.house.live.clock.now().astimezone(ZoneInfo("America/Sao_Paulo"))

    def set_due(self, days: int) -> None:
        due = self.today + timedelta(days=days)
        self.edit(0, "due_on", f"{due:%d/%m/%Y}", due=due, agreed=due.day)

    def undoable(
        self, screen: Screen, back: Callable[[], bool], client: Client | None = None
    ) -> None:
        offer = screen.first(PressUndo)
        until = self.house.live.clock.now() + UNDO_FOR
        self.shop.acts.append(Act(offer.pack(), client, until, back))

    # The queue (E7, E3b)

    @rule(which=WHICH, days=st.sampled_from([-4, -2, -1, -1, 0, 1]))
    def have_somebody_late(self, which: int, days: int) -> None:
        due = self.today + timedelta(days=days)
        self.edit(which, "due_on", f"{due:%d/%m/%Y}", due=due, agreed=due.day)

    @rule(which=WHICH, act=st.sampled_from([QueueAct.NOW, QueueAct.CANCEL, QueueAct.CANCEL_ALL]))
    def act_on_one(self, which: int, act: QueueAct) -> None:
        rows = self.say("/fila").all(ShowMessage)
        if not rows:
            return
        number = rows[which % len(rows)][1].message_id
        stored = self.stored()
        key = stored.of_message[number]
        done = self.press(ActPress(act=act, message_id=number))
        if act is QueueAct.NOW or key[1] not in LATE:
            return
        gone = (
            {k for k in stored.pending if k[0] == key[0]} if act is QueueAct.CANCEL_ALL else {key}
        )
        self.queue.stopped |= gone
        self.undoable(done, lambda: self.put_back(gone), self.shop.clients[key[0]])

    def put_back(self, gone: set[Key]) -> bool:
        if self.here.hour >= self.queue.dials.closes:
            return False
        self.queue.stopped -= gone
        return True

    @rule(paused=st.booleans())
    def stop_or_go_on(self, paused: bool) -> None:
        self.press(PausePress(paused=paused))
        self.queue.paused = paused

    @rule(bills=st.booleans())
    def decide_about_the_unbilled(self, bills: bool) -> None:
        shown = self.press(ShowUnbilled(page=1))
        listed = self.queue.left_out(self.shop, self.here) - self.asked_today()
        if not shown.all(DismissPress) or self.may_be_either():
            return
        if not bills:
            done = self.press(shown.first(DismissPress))
            self.queue.dismissed |= listed
            self.undoable(done, lambda: self.undismissed(listed))
        elif shown.all(BillPress):
            self.press(shown.first(BillPress))
            if self.here.hour < self.queue.dials.closes:
                self.queue.ask(listed, self.today)

    def undismissed(self, listed: set[Key]) -> bool:
        self.queue.dismissed -= listed
        return True

    def asked_today(self) -> set[Key]:
        over = self.here.hour >= self.queue.dials.closes
        return {k for k, day in self.queue.asked.items() if day == self.today and not over}

    def may_be_either(self) -> bool:
        """Somebody who is billed late and then changed is in the queue again, or listed again."""
        return bool(self.asked_today())

    # Messages by hand (E12, C7)

    @rule(which=WHICH)
    def schedule_a_message(self, which: int) -> None:
        self.write(which, 1)

    @rule(which=WHICH)
    def write_now(self, which: int) -> None:
        if OPENS <= self.here.hour < self.queue.dials.closes:
            self.write(which, 0)

    def write(self, which: int, days: int) -> None:
        client = self.one(which)
        if client is None or client.number in self.queue.out:
            return
        self.press(WriteTo(client_id=client.number))
        asked = self.say("Oi, {primeiro_nome}!")
        now = asked.first(FormPress, act=Press.PICK, step="when", index=0)
        summed_up = self.say("amanhã 9h") if days else self.press(now)
        done = self.press(summed_up.first(FormPress, act=Press.FINISH))
        number = max(self.stored().by_hand)
        self.queue.by_hand[number] = ByHand(client.number, self.today + timedelta(days=days))
        self.undoable(done, lambda: self.set_waits(number, waits=False), client)

    @rule(which=WHICH)
    def cancel_a_scheduled_one(self, which: int) -> None:
        waiting = sorted(self.queue.waiting(self.shop, self.today))
        if waiting:
            number = waiting[which % len(waiting)]
            done = self.press(CancelHand(message_id=number))
            self.queue.by_hand[number].waits = False
            client = self.shop.clients[self.queue.by_hand[number].client]
            self.undoable(done, lambda: self.set_waits(number, waits=True), client)

    def set_waits(self, number: int, *, waits: bool) -> bool:
        one = self.queue.by_hand[number]
        if one.waits == waits:
            return False
        one.waits = waits
        return True

    def renew_by(self, client: Client, button: Renew, amount: Decimal) -> None:
        _, due, asked = unpack_deal(button.deal)
        assert amount == asked
        done = self.press(button)
        back = self.shop.renew(client, due, amount, self.today)
        bring = self.queue.renewed(client)

        def both() -> bool:
            if not back():
                return False
            bring()
            return True

        self.undoable(done, both, client)

    # Who leaves (F8)

    @rule(which=WHICH, leaves=st.booleans())
    def leave_or_return(self, which: int, leaves: bool) -> None:
        client = self.one(which)
        if client is None or leaves == (client.number in self.queue.out):
            return
        phone = self.stored().phones[client.number]
        said = "SAIR" if leaves else "VOLTAR"
        self.house.run(write_back(self.house.live, self.talk, phone, said))
        self.house.run(self.house.live.bot.drawn())
        (self.queue.out.add if leaves else self.queue.out.discard)(client.number)

    # The texts and the schedule, by D2 and E9

    @rule(kind=KINDS, body=BODIES)
    def change_a_text(self, kind: str, body: str) -> None:
        text = self.queue.texts[kind]
        if text.body != body:
            self.press(OpenPress(key=kind))
            done = self.press(self.say(body).first(SavePress))
            self.undoable(done, text.set(body=body))

    @rule(kind=KINDS)
    def switch_a_text(self, kind: str) -> None:
        text = self.queue.texts[kind]
        done = self.press(SwitchTextPress(key=kind, on=not text.on))
        self.undoable(done, text.set(on=not text.on))

    @rule(kind=KINDS)
    def restore_a_text(self, kind: str) -> None:
        text = self.queue.texts[kind]
        if text.body is not None:
            done = self.press(RestorePress(key=kind))
            self.undoable(done, text.set(body=None))

    @rule(kind=KINDS, on=st.booleans())
    def turn_a_kind(self, kind: str, on: bool) -> None:
        done = self.press(TurnKind(kind=Kind(kind), on=on))
        text = self.queue.texts[kind]
        if text.on != on:
            text.on = on
            self.undoable(done, lambda: self.turned_back(text, was=not on))

    def turned_back(self, text: Text, *, was: bool) -> bool:
        if text.on == was:
            return False
        text.on = was
        return True

    @rule(alone=st.booleans())
    def have_the_code_alone(self, alone: bool) -> None:
        self.press(CodeAlone(on=alone))
        self.queue.alone = alone

    @rule(name=st.sampled_from(["Loja da Rita", "Conecta Bairro"]))
    def change_the_company(self, name: str) -> None:
        self.press(EditCompany(field=CompanyField.COMPANY))
        self.say(name)
        self.queue.company = name

    # What comes between

    @rule(time=A_WHILE)
    def let_time_pass(self, time: timedelta) -> None:
        self.house.set_clock(self.house.live.clock.now() + time)
        self.house.run(self.day_goes_on())

    async def day_goes_on(self) -> None:
        """What the jobs of a day do as its hours come."""
        async with self.house.live.database.tenant(self.talk.chat_id) as tx:
            await outbox.expire(tx, self.house.live.clock.now())
        await self.tenant.ask(PlanNow(), deadline=SECONDS)
        await self.house.live.bot.drawn()

    # What must be true after each

    def stored(self) -> Day:
        live = self.house.live
        return self.house.run(stored_day(live.database, self.talk.chat_id, live.clock.now()))

    @invariant()
    def the_day_is_what_the_rules_say(self) -> None:
        queue, stored = self.queue, self.stored()
        seen = self.house.run(seen_day(self.talk, stored))
        asked = self.asked_today()
        goes = queue.goes(self.shop, self.here)
        assert goes - queue.tried == stored.pending - asked - queue.tried
        by_itself = {key for key in seen.rows if key[1] in LATE}
        assert by_itself <= stored.pending
        assert None not in stored.rests.values()
        by_hand = {key for key, why in stored.rests.items() if why == "cancelled"}
        assert queue.stopped & {*stored.rests} == by_hand
        assert queue.failed_of(self.shop) == stored.failed
        assert stored.begin <= {queue.dials.sends}
        waiting = queue.waiting(self.shop, self.today)
        lost = {number for number, one in queue.by_hand.items() if one.lost}
        assert waiting == stored.waiting(self.today) - lost
        assert waiting <= seen.scheduled
        assert queue.written(self.shop, self.here) == [
            n for n in stored.written if n not in queue.out
        ]
        settings = (queue.dials, queue.paused, queue.alone, queue.company)
        assert (settings, queue.company) == (stored.settings, seen.company)
        assert queue.own == stored.own
        assert {kind: text.body for kind, text in queue.texts.items()} == stored.texts
        on = {kind for kind, text in queue.texts.items() if text.on}
        assert (on, on) == (stored.kinds, seen.kinds)
        assert (queue.paused, stored.to_go) == (seen.paused, seen.to_go)
        left = queue.left_out(self.shop, self.here)
        assert len(left - asked) <= seen.left_out <= len(left)
