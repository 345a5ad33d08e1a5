"""A shop's owner who does anything at any time, beside the model of what must come of it."""

# ruff: noqa: D102 - the rules of the machine are sentences already

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RULE_MARKER,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from bot.screens.clients.buttons import AskDelete, Delete, PutAway, ShowCard
from bot.screens.clients.money_buttons import (
    AskRenewalAmount,
    AskRenewalDate,
    CorrectPress,
    CountPayment,
    EditField,
    Renew,
    ShowPayment,
    ShowPayments,
    ShowSwitches,
    StartNew,
    StartPayment,
    StartRenewal,
    TurnSwitch,
    unpack_deal,
)
from bot.screens.sheets.buttons import Confirm, TakeBack
from bot.ui.form import Act as Press
from bot.ui.form import FormPress
from bot.ui.undo import PressUndo
from tests.bot.live import NOW
from tests.play.days import on_day
from tests.play.house import House
from tests.play.model import UNDO_FOR, Act, Client, Payment, Shop
from tests.play.reading import Books, seen_books, stored_books, today_in
from tests.play.talk import Screen, Talk

NAMES = st.sampled_from(["Ana", "Bruno", "Célia", "Davi", "Érica", "Fábio"])
PLANS = st.sampled_from(["30 dias", "90 dias", "360 dias"])
PRICES = st.sampled_from([Decimal("35.00"), Decimal("79.90"), Decimal("1234.50")])
PARTS = st.sampled_from([Decimal("0.01"), Decimal("20.00"), Decimal("79.90"), Decimal("100.00")])
DAYS = st.integers(0, 40)
WHICH = st.integers(0, 9)
A_WHILE = st.sampled_from(
    [timedelta(minutes=4), timedelta(minutes=11), timedelta(hours=5), timedelta(days=1),
     timedelta(days=9), timedelta(days=31)]
)  # fmt: skip
MOST_CLIENTS = 8
COLUMNS = "nome;telefone;plano;valor;vencimento"
_CHATS = count(70_001)


class Machine(RuleBasedStateMachine):
    """One shop, from its sign-up on; the bot under it may be started anew at any time."""

    house: ClassVar[House]

    @initialize()
    def sign_up(self) -> None:
        self.house.set_clock(NOW)
        self.shop = Shop()
        self.talk = Talk(self.house.live, next(_CHATS))
        self.phones = count(11_95550_0001)
        for text in ("/start", "Rita Prado", "rita@loja.example", "11 95550-0142"):
            self.say(text)
        for name, days in (("Ana", 2), ("Bruno", 20)):
            self.imported(name, Decimal("79.90"), self.today + timedelta(days=days))

    # Ways to act

    def say(self, text: str) -> Screen:
        return self.house.run(self.talk.say(text))

    def press(self, button: object) -> Screen:
        return self.house.run(self.talk.press(button))  # type: ignore[arg-type]

    def card(self, client: Client) -> Screen:
        return self.say(f"/ver_{client.number}")

    @property
    def today(self) -> date:
        return today_in(self.house.live.clock.now())

    def one(self, which: int, *, archived: bool = False) -> Client | None:
        listed = self.shop.listed(archived=archived)
        return listed[which % len(listed)] if listed else None

    def can_be_undone(self, screen: Screen, client: Client, back: Callable[[], bool]) -> None:
        """What was done offers to be taken back."""
        offer = screen.first(PressUndo)
        until = self.house.live.clock.now() + UNDO_FOR
        self.shop.acts.append(Act(offer.pack(), client, until, back))

    # Registering

    def is_full(self) -> bool:
        return len(self.shop.clients) >= MOST_CLIENTS

    @precondition(lambda self: not self.is_full())
    @rule(name=NAMES, plan=PLANS, price=PRICES, days=DAYS)
    def register_by_the_form(self, name: str, plan: str, price: Decimal, days: int) -> None:
        due = self.today + timedelta(days=days)
        self.say("/novo")
        for text in (name, str(next(self.phones)), plan, money(price)):
            self.say(text)
        self.skip("server")
        self.say(f"{due:%d/%m/%Y}")
        self.registered(name, due, due.day, price, plan)

    @precondition(lambda self: not self.is_full())
    @rule(name=NAMES, plan=PLANS, price=PRICES, days=DAYS)
    def register_by_a_line(self, name: str, plan: str, price: Decimal, days: int) -> None:
        due = self.today + timedelta(days=days)
        phone = next(self.phones)
        self.say(f"/novo {name}; {phone}; {plan}; {money(price)}; {due:%d/%m/%Y}")
        self.skip("server")
        self.registered(name, due, due.day, price, plan)

    @precondition(lambda self: not self.is_full())
    @rule(name=NAMES, price=PRICES)
    def register_a_contact_for_the_31st(self, name: str, price: Decimal) -> None:
        self.house.run(self.talk.share(f"+55{next(self.phones)}", name))
        for text in ("30 dias", money(price)):
            self.say(text)
        self.skip("server")
        self.say("dia 31")
        self.registered(name, on_day(self.today, 31), 31, price, "30 dias")

    def skip(self, step: str) -> None:
        self.press(self.talk.screen.first(FormPress, act=Press.SKIP, step=step))

    def registered(self, name: str, due: date, agreed: int, price: Decimal, plan: str) -> None:
        self.skip("notes")
        saved = self.press(self.talk.screen.first(FormPress, act=Press.FINISH))
        assert saved.all(StartNew), saved
        number = saved.first(ShowCard).client_id
        self.shop.clients[number] = Client(number, name, due, agreed, price, plan)

    # Renewing

    @rule(which=WHICH, choice=st.integers(0, 3))
    def renew(self, which: int, choice: int) -> None:
        if client := self.one(which):
            self.card(client)
            self.renew_on(client, self.press(self.talk.screen.first(StartRenewal)), choice)

    @rule(which=WHICH, choice=st.integers(0, 3), amount=PARTS)
    def renew_for_another_amount(self, which: int, choice: int, amount: Decimal) -> None:
        if client := self.one(which):
            self.card(client)
            choices = self.press(self.talk.screen.first(StartRenewal))
            self.press(choices.first(AskRenewalAmount))
            self.renew_on(client, self.say(money(amount)), choice, amount)

    @rule(which=WHICH, days=st.integers(1, 70))
    def renew_to_a_typed_date(self, which: int, days: int) -> None:
        client = self.one(which)
        due = self.today + timedelta(days=days)
        if client and due != client.due:
            self.card(client)
            choices = self.press(self.talk.screen.first(StartRenewal))
            self.press(choices.first(AskRenewalDate))
            confirm = self.say(f"{due:%d/%m/%Y}")
            self.renew_by(client, confirm.first(Renew), self.shop.owed(client))

    def renew_on(
        self, client: Client, choices: Screen, choice: int, amount: Decimal | None = None
    ) -> None:
        offered = [one for _, one in choices.all(Renew)]
        assert client.choices(self.today) == [unpack_deal(one.deal)[1] for one in offered]
        paid = self.shop.owed(client) if amount is None else amount
        self.renew_by(client, offered[choice % len(offered)], paid)

    def renew_by(self, client: Client, button: Renew, amount: Decimal) -> None:
        _, due, asked = unpack_deal(button.deal)
        assert amount == asked
        done = self.press(button)
        self.can_be_undone(done, client, self.shop.renew(client, due, amount, self.today))

    # The ledger

    @rule(which=WHICH, amount=PARTS)
    def record_a_payment(self, which: int, amount: Decimal) -> None:
        if client := self.one(which):
            self.card(client)
            payments = self.press(self.talk.screen.first(ShowPayments))
            self.press(payments.first(StartPayment))
            done = self.say(money(amount))
            self.can_be_undone(done, client, self.shop.pay(client, amount, self.today))

    @rule(which=WHICH, at=WHICH)
    def turn_a_payment(self, which: int, at: int) -> None:
        """Not received, or received after all."""
        if found := self.payment(which, at):
            client, payment, screen = found
            done = self.press(screen.first(CountPayment, counts=payment.voided))
            was = payment.voided
            self.shop.count(payment, voided=not was)
            self.can_be_undone(done, client, lambda: self.taken_back(payment, was=was))

    def taken_back(self, payment: Payment, *, was: bool) -> bool:
        return self.shop.count(payment, voided=was)

    @rule(which=WHICH, at=WHICH, amount=PARTS)
    def correct_a_payment(self, which: int, at: int, amount: Decimal) -> None:
        found = self.payment(which, at)
        if found and not found[1].voided and found[1].amount != amount:
            client, payment, screen = found
            self.press(screen.first(CorrectPress, what="a"))
            done = self.say(money(amount))
            self.can_be_undone(done, client, self.shop.change(payment, amount=amount))

    def payment(self, which: int, at: int) -> tuple[Client, Payment, Screen] | None:
        """A payment of the first page of a client's, and its screen."""
        client = self.one(which)
        if client is None:
            return None
        self.card(client)
        page = self.press(self.talk.screen.first(ShowPayments)).all(ShowPayment)
        if not page:
            return None
        at %= len(page)
        payment = self.shop.of_client(client)[at]
        return client, payment, self.press(page[at][1])

    # The client

    @rule(which=WHICH, name=NAMES)
    def change_the_name(self, which: int, name: str) -> None:
        self.edit(which, "name", name, name=name)

    @rule(which=WHICH, price=PRICES)
    def change_the_price(self, which: int, price: Decimal) -> None:
        self.edit(which, "price", money(price), price=price)

    @rule(which=WHICH, days=st.integers(-40, 40))
    def set_the_due_date_right(self, which: int, days: int) -> None:
        due = self.today + timedelta(days=days)
        self.edit(which, "due_on", f"{due:%d/%m/%Y}", due=due, agreed=due.day)

    def edit(self, which: int, field: str, text: str, **values: object) -> None:
        client = self.one(which)
        first = next(iter(values))
        if client and getattr(client, first) != values[first]:
            self.card(client)
            self.press(EditField(client_id=client.number, field=field, origin="la1"))
            done = self.say(text)
            self.can_be_undone(done, client, self.shop.change(client, **values))

    @rule(which=WHICH, switch=st.sampled_from(["billing", "notices"]))
    def turn_a_switch(self, which: int, switch: str) -> None:
        if client := self.one(which):
            self.card(client)
            switches = self.press(self.talk.screen.first(ShowSwitches))
            was = getattr(client, switch)
            done = self.press(switches.first(TurnSwitch, switch=switch[0], on=not was))
            setattr(client, switch, not was)
            self.can_be_undone(done, client, lambda: self.set_to(client, switch, was))

    @rule(which=WHICH, back=st.booleans())
    def put_away_or_bring_back(self, which: int, back: bool) -> None:
        if client := self.one(which, archived=back):
            card = self.card(client)
            done = self.press(card.first(PutAway, away=not back))
            client.archived = not back
            self.can_be_undone(done, client, lambda: self.set_to(client, "archived", back))

    def set_to(self, client: Client, name: str, value: object) -> bool:
        setattr(client, name, value)
        return True

    @rule(which=WHICH)
    def delete(self, which: int) -> None:
        if client := self.one(which):
            self.press(self.card(client).first(AskDelete))
            self.press(self.talk.screen.first(Delete))
            self.shop.delete(client)

    @precondition(lambda self: not self.is_full())
    @rule(name=NAMES, price=PRICES, days=DAYS, keep=st.booleans())
    def import_a_sheet(self, name: str, price: Decimal, days: int, keep: bool) -> None:
        due = self.today + timedelta(days=days)
        done = self.imported(name, price, due)
        if not keep:
            del self.shop.clients[max(self.shop.clients)]
            self.press(done.first(TakeBack))

    def imported(self, name: str, price: Decimal, due: date) -> Screen:
        row = f"{name};{next(self.phones)};30 dias;{money(price)};{due:%d/%m/%Y}"
        seen = self.house.run(self.talk.send_sheet(f"{COLUMNS}\n{row}\n"))
        done = self.press(seen.first(Confirm))
        stored, _ = self.house.run(stored_books(self.house.live.database, self.talk.chat_id))
        number = max(client[0] for client in stored)
        self.shop.clients[number] = Client(number, name, due, due.day, price, "30 dias")
        return done

    # Taking back, and what comes between

    @precondition(lambda self: bool(self.shop.acts))
    @rule()
    def undo_the_last(self) -> None:
        self.undo(self.shop.acts[-1])

    @precondition(lambda self: bool(self.shop.acts))
    @rule(which=WHICH)
    def undo_any(self, which: int) -> None:
        self.undo(self.shop.acts[which % len(self.shop.acts)])

    def undo(self, act: Act) -> None:
        self.press(act.data)
        self.shop.undo(act, self.house.live.clock.now())

    @rule(time=A_WHILE)
    def let_time_pass(self, time: timedelta) -> None:
        self.house.set_clock(self.house.live.clock.now() + time)

    @rule()
    def start_anew(self) -> None:
        self.house.restart()
        self.talk = Talk(self.house.live, self.talk.chat_id)

    # What must be true after each

    @invariant()
    def the_chat_and_the_database_say_what_the_model_says(self) -> None:
        model = Books.of(self.shop, self.today)
        stored = self.house.run(stored_books(self.house.live.database, self.talk.chat_id))
        seen = self.house.run(seen_books(self.talk))
        assert model.stored == stored
        assert model.seen == seen
        assert [None] * self.talk.handled == self.talk.faults


def who_only(*acts: str, of: type[Machine] = Machine) -> type[Machine]:
    """An owner who does nothing else."""
    rules = {name for name in dir(of) if hasattr(getattr(of, name), RULE_MARKER)}
    return type("OneTracked", (of,), dict.fromkeys(rules - {*acts}))


def money(amount: Decimal) -> str:
    """As it is typed."""
    return f"{amount:.2f}".replace(".", ",")
