"""The screens about a client's money and fields at their fullest: one phone, whole labels (C3)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from actors.messages.clients import (
    CancelledMessage,
    ClientCard,
    ClientRow,
    Edited,
    Queued,
    Registered,
)
from actors.messages.payments import (
    Paid,
    PaymentChanged,
    PaymentRow,
    PaymentsView,
    PaymentView,
    RenewalChoices,
    Renewed,
)
from actors.messages.undo import UndoOffer
from bot.screens.clients import (
    offers,
    payments,
    payments_words,
    register_words,
    switches,
)
from bot.screens.clients.edit import edited_view, menu_view
from bot.screens.clients.money_buttons import (
    Renew,
    ShowPayment,
    cents_of,
    pack_deal,
    unpack_deal,
)
from bot.screens.clients.payment_forms import recorded_view
from bot.screens.clients.payments import payment_in, payment_origin
from bot.screens.clients.register import saved_view
from bot.screens.clients.renew import choices_view, confirm_view, renewed_view
from bot.ui.buttons import MOST_BYTES
from bot.ui.measure import cut_labels, fits
from bot.ui.view import View
from domain.clients import Client, ClientField
from domain.due_dates import Status
from domain.reminders import Kind
from domain.renewal import RenewalChoice, RenewalWay
from domain.tags import FieldValue

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 10, 45)  # noqa: DTZ001 - on the owner's clock
BIG = 2**63 - 1
# The longest ways back: a filter with a tag, and a search of twenty bytes.
ORIGINS = [f"lo99999.{BIG}", "la99999~abcdefghij klmnopqrs", ""]
PRICE = Decimal("99999.99")
NAME = "Maria Aparecida dos Santos Figueiredo de Albuquerque"
ROW = ClientRow(BIG, NAME, date(2026, 11, 23), Status.OVERDUE)
UNDO = UndoOffer(BIG, NOW + timedelta(minutes=10))
CLIENT = Client(
    id=BIG,
    name=NAME,
    phone="+5511955500163",
    due_on=ROW.due_on,
    plan="Família 200 Mega com TV e telefone fixo ilimitado, à vista",
    price=PRICE,
    server="Torre do Morro da Conceição, atrás da caixa d'água",
    notes="Ligar só depois das 18h. " * 20,
    opted_out=True,
)
CARD = ClientCard(
    client=CLIENT,
    row=ROW,
    today=TODAY,
    tags=(),
    fields=tuple(
        FieldValue(at, f"Campo de número {at}", "um valor bem comprido" * 5, secret=at % 2 == 0)
        for at in range(10)
    ),
    last_messages=(),
    shares_phone_with=(ROW,) * 5,
    open_amount=PRICE,
    rest=PRICE,
    why_not_today=None,
)
CHOICES = RenewalChoices(
    row=ROW,
    plan=CLIENT.plan,
    price=PRICE,
    amount=PRICE / 2,
    rest=PRICE / 2,
    choices=(
        RenewalChoice(RenewalWay.PLAN_LENGTH, date(2027, 2, 23), 2),
        RenewalChoice(RenewalWay.THIRTY_FROM_TODAY, date(2026, 12, 25), 2),
        RenewalChoice(RenewalWay.THIRTY_FROM_DUE, date(2026, 12, 23), 0),
        RenewalChoice(RenewalWay.SAME_DAY, date(2026, 12, 23), 0),
    ),
)
RENEWED = Renewed(
    row=replace(ROW, due_on=date(2026, 12, 25), status=Status.UP_TO_DATE),
    before=ROW.due_on,
    amount=PRICE,
    rest=PRICE,
    cancelled=tuple(
        CancelledMessage(kind=kind, day=TODAY, at=NOW + timedelta(days=at))
        for at, kind in enumerate((Kind.GENERAL, Kind.BILLING, Kind.DUE_TODAY, Kind.GENERAL))
    ),
    preview="Oi, Maria! Recebemos seu pagamento. " * 40,
    undo=UNDO,
    payment_id=BIG,
    repeated=False,
)
PAYMENT = PaymentRow(
    payment_id=BIG,
    client_id=BIG,
    name=NAME,
    amount=PRICE,
    paid_on=date(2025, 12, 10),
    due_on_before=ROW.due_on,
    due_on_after=date(2026, 12, 25),
    note="pagou no dinheiro, na loja " * 15,
    voided=False,
)
VOIDED = replace(PAYMENT, voided=True)
SAYS = "O vencimento de Maria Aparecida dos Santos continua em 23/11/2026. Mude na ficha."
LEDGER = PaymentsView(
    row=ROW,
    payments=(PAYMENT, VOIDED) * 3,
    month=date(2026, 11, 1),
    page=41,
    total=500,
    pages=84,
    sum=Decimal("9999999.99"),
)
SEEN = PaymentView(PAYMENT, ROW, SAYS)
CHANGED = PaymentChanged(VOIDED, ROW, UNDO, SAYS)


def at(origin: str) -> ShowPayment:
    """Deep in a list of payments."""
    return ShowPayment(payment_id=BIG, page=99_999, of_month=True, origin=origin)


SCREENS: dict[str, Callable[[str], View]] = {
    "dates to choose from": lambda origin: choices_view(CHOICES, origin, cents_of(PRICE)),
    "a typed date": lambda origin: confirm_view(CHOICES, TODAY, origin, cents_of(PRICE)),
    "renewed": lambda origin: renewed_view(RENEWED, TODAY, origin),
    "renewed, no text": lambda origin: renewed_view(replace(RENEWED, preview=None), TODAY, origin),
    "fields": lambda origin: menu_view(CARD, origin),
    "a field changed": lambda origin: edited_view(
        Edited(CARD, CLIENT.notes, UNDO), ClientField.NOTES, origin
    ),
    "a phone changed": lambda origin: edited_view(
        Edited(CARD, "(11) 95550-0163", UNDO), ClientField.PHONE, origin
    ),
    "switches": lambda origin: switches.switches_view(
        CARD, origin, effect=("2 mensagens de hoje não vão mais sair.",) * 4, undo=UNDO
    ),
    "payments": lambda origin: payments.payments_view(LEDGER, BIG, TODAY, origin),
    "payments of a month": lambda origin: payments.month_view(
        LEDGER, date(2026, 11, 1), TODAY, origin
    ),
    "a payment": lambda origin: payments.payment_view(SEEN, at(origin)),
    "a payment changed": lambda origin: payments.changed_view(CHANGED, at(origin)),
    "a payment recorded": lambda origin: recorded_view(Paid(ROW, PRICE, PRICE, BIG, UNDO), origin),
    "registered": lambda origin: saved_view(
        Registered(CARD, created=True, welcome="Bem-vinda! " * 200), origin
    ),
}
ALL = pytest.mark.parametrize("name", SCREENS)


def rows_of(view: View) -> list[list[Any]]:
    """The buttons, in their rows."""
    assert view.keyboard is not None
    return view.keyboard.inline_keyboard


@ALL
def test_a_screen_is_seen_whole_on_one_phone(name: str) -> None:
    view = SCREENS[name](ORIGINS[0])

    assert fits(view.text, len(rows_of(view)))


@ALL
def test_no_label_is_wider_than_its_button(name: str) -> None:
    labels = [[one.text for one in row] for row in rows_of(SCREENS[name](ORIGINS[0]))]

    assert [] == cut_labels(labels)


@ALL
@pytest.mark.parametrize("origin", ORIGINS, ids=["tag", "search", "home"])
def test_a_button_fits_with_the_largest_numbers_and_the_longest_way_back(
    name: str, origin: str
) -> None:
    packed = [one.callback_data for row in rows_of(SCREENS[name](origin)) for one in row]

    assert [] == [data for data in packed if len(data.encode()) > MOST_BYTES]


@ALL
def test_one_button_at_most_is_the_next_step(name: str) -> None:
    styles = [one.style for row in rows_of(SCREENS[name]("")) for one in row if one.style]

    assert 1 >= len(styles)


@ALL
def test_every_screen_has_a_way_back_and_a_way_home(name: str) -> None:
    ways = [one.text for one in rows_of(SCREENS[name](""))[-1]]

    assert ["⬅️ Voltar", "🏠 Início"] == ways


@pytest.mark.parametrize(
    ("before", "due_on", "amount"),
    [
        pytest.param(date(2000, 1, 1), date(2127, 9, 1), Decimal("99999.99"), id="the farthest"),
        pytest.param(date(2026, 11, 23), date(2026, 12, 25), Decimal("79.90"), id="of today"),
        pytest.param(date(2026, 11, 23), date(2026, 12, 25), Decimal("0.00"), id="nothing paid"),
    ],
)
def test_a_deal_reads_as_it_was_packed(before: date, due_on: date, amount: Decimal) -> None:
    packed = pack_deal(before, due_on, amount)

    assert (before, due_on, amount) == unpack_deal(packed)
    assert len(packed) <= len("0000009999999")


@pytest.mark.parametrize("of_month", [True, False])
def test_a_way_back_to_a_payment_reads_as_it_was_packed(of_month: bool) -> None:
    there = ShowPayment(payment_id=12, page=3, of_month=of_month, origin="lo3.12")

    assert there == payment_in(payment_origin(there)[1:])


def test_a_long_name_leaves_room_for_the_day_and_the_amount() -> None:
    payment = replace(PAYMENT, name="Exemplo: Elaine Costa", amount=Decimal("79.90"))
    ledger = replace(LEDGER, payments=(payment,))
    view = payments.month_view(ledger, date(2025, 12, 1), date(2025, 12, 25), "")

    assert "💰 Exemplo: Elaine… · 10/12 · R$ 79,90" == rows_of(view)[0][0].text


def test_the_dates_stand_first_and_in_full_on_the_buttons_of_a_renewal() -> None:
    labels = [row[0].text for row in rows_of(choices_view(CHOICES, ""))]

    assert [
        "23/02/2027 · pelo plano",
        "25/12/2026 · +30 dias de hoje",
        "23/12/2026 · +30 dias do vencimento",
        "23/12/2026 · todo dia 23",
    ] == labels[:4]


def test_a_renewal_says_what_it_cancelled_and_what_is_left() -> None:
    text = renewed_view(RENEWED, TODAY, "").text

    assert "🚫 <b>Cancelei 4 mensagens</b> que iam sair:" in text
    assert "• Hoje às 10:45, agendada por você" in text
    assert "• e mais 1" in text
    assert "Falta receber <b>R$ 99.999,99</b>." in text


def test_a_client_without_a_price_is_renewed_without_counting_money() -> None:
    view = choices_view(replace(CHOICES, price=None, amount=None, rest=Decimal(0)), "")
    [renewal] = rows_of(view)[0]
    deal = Renew.unpack(renewal.callback_data).deal

    assert "sem valor" in view.text
    assert Decimal("0.00") == unpack_deal(deal)[2]


@pytest.mark.parametrize(
    ("queued", "said"),
    [
        pytest.param(Queued(NOW, None), "está na fila</b>, para as 10:45.", id="goes"),
        pytest.param(Queued(NOW, "O WhatsApp <caiu>."), "O WhatsApp &lt;caiu&gt;.", id="held"),
    ],
)
def test_what_was_asked_for_says_when_it_goes(queued: Queued, said: str) -> None:
    assert said in offers.sent_words(Kind.RENEWAL, queued, today=True)


def test_a_payment_says_what_its_button_would_do_to_the_due_date() -> None:
    counted, voided = (PaymentView(one, ROW, SAYS) for one in (PAYMENT, VOIDED))

    assert f"Se você tocar em <b>🚫 Não recebi</b>:\n{SAYS}" in payments_words.one(counted)
    assert f"Se você tocar em <b>✅ Recebi, sim</b>:\n{SAYS}" in payments_words.one(voided)


def test_the_fullest_summary_is_seen_whole_on_one_phone() -> None:
    values = {
        "name": NAME,
        "phone": CLIENT.phone,
        "plan": str(CLIENT.plan),
        "price": str(PRICE),
        "server": str(CLIENT.server),
        "notes": str(CLIENT.notes),
    }
    own = [(field.name, str(field.value), field.secret) for field in CARD.fields]
    text = register_words.summary(values, date(2027, 12, 25), own)
    shared = register_words.shares_phone((ROW,) * 7, TODAY)

    assert fits(f"{register_words.GOES_ON}\n\n{text}\n\n{shared}", 5)


def test_a_secret_stands_on_no_button() -> None:
    fields = (
        FieldValue(1, "Senha", "xk29", secret=True),
        FieldValue(2, "DNS", "1.1", secret=False),
    )
    labels = [
        one.text for row in rows_of(menu_view(replace(CARD, fields=fields), "")) for one in row
    ]

    assert ["🔑 Senha", "🔑 DNS: 1.1"] == [label for label in labels if "🔑" in label]


def test_what_comes_from_outside_is_harmless() -> None:
    row = replace(ROW, name="<b>Zé")
    text = register_words.saved(row, TODAY)

    assert "&lt;b&gt;Zé" in text
