"""What the owner sees of paying EmDia: true days, a way on from every answer (A3, A4, A9)."""

import asyncio
import re
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from actors.messages.account import AccountView
from actors.messages.notices import (
    KeptNotice,
    SubscriptionPaid,
    SubscriptionRestored,
    SubscriptionReturned,
)
from actors.messages.subscription import (
    ChargeStanding,
    History,
    Offer,
    PaidLine,
    Receipt,
    Unavailable,
)
from bot.screens.account.account import account_view
from bot.screens.help import words as help_words
from bot.screens.home.ended import ended_view
from bot.screens.home.home import figures_view
from bot.screens.notices.notices import kept_view
from bot.screens.signup import words as signup_words
from bot.screens.subscription import receipt_words, words
from bot.screens.subscription.buttons import SLOT, ShowReceipt, TakeReceipt
from bot.screens.subscription.check import check_view
from bot.screens.subscription.history import payments_view, receipt_file, receipt_view
from bot.screens.subscription.receipt_pdf import draw_receipt, drawable
from bot.screens.subscription.subscribe import MOST_COPIED, offer_view, unavailable_view
from bot.screens.whatsapp.qr import HIGH, WIDE
from bot.ui.buttons import MOST_BYTES, place
from bot.ui.measure import cut_labels, fits, picture_points
from bot.ui.pager import CAPTION_LIMIT, shown_length
from bot.ui.view import View, Where
from domain import schedule
from domain.charges import ChargeState
from domain.subscription import Standing, Terms
from tests.bot.support import HOME

BIG = 2**63 - 1
DAY = timedelta(days=1)
TODAY = date(2026, 11, 25)
ENDS = date(2026, 12, 10)
EXPIRES = datetime(2026, 11, 26, 13, 42, tzinfo=UTC)
CODE = (
    "00020126580014br.gov.bcb.pix0136b76aa9c2-2ec4-4110-954e-ebfe34f05b61520400005303986540520.00"
    "5802BR5913Test Testerson6009SAO PAULO62230519mpqrinter1234567890630439A8"
)
OFFER = Offer(
    charge_id=BIG,
    amount=Decimal("20.00"),
    days=30,
    code=CODE,
    expires_at=EXPIRES,
    expires_local=EXPIRES.astimezone(schedule.DEFAULT_ZONE),
    today=TODAY,
    ends_on=ENDS,
    would_end_on=date(2027, 1, 9),
    standing=Standing.ACTIVE,
)
TRIAL = replace(OFFER, standing=Standing.TRIAL, ends_on=date(2026, 12, 2))
LAST_DAY = replace(OFFER, ends_on=TODAY, would_end_on=date(2026, 12, 25))
ENDED = replace(LAST_DAY, standing=Standing.ENDED, ends_on=date(2026, 11, 10))
LONG = replace(OFFER, code=CODE + "0" * (MOST_COPIED + 1 - len(CODE)))
LINE = PaidLine(
    charge_id=BIG,
    state=ChargeState.IN_MEDIATION,
    amount=Decimal("99999.99"),
    on=TODAY,
    reaches=date(2027, 1, 9),
)
RECEIPT = Receipt(
    charge_id=BIG,
    payment_id="123456789012",
    amount=Decimal("20.00"),
    days=30,
    state=ChargeState.APPROVED,
    approved_local=datetime(2026, 11, 25, 10, 44, tzinfo=schedule.DEFAULT_ZONE),
    reaches=date(2027, 1, 9),
    name="Conceição Ávila 🚀 & Irmãos",
    email="dona@exemplo.com",
)
AT = ShowReceipt(charge_id=BIG, page=99_999, origin=place("subscribe"))
ACCOUNT = AccountView(
    name="Maria",
    email=None,
    phone=None,
    standing=Standing.ACTIVE,
    ends_on=ENDS,
    days_left=15,
    since=TODAY,
)


def drawn(offer: Offer) -> View:
    """The screen of an offer."""
    return asyncio.run(offer_view(offer, place("ended")))


def standing(state: ChargeState | None, **more: Any) -> ChargeStanding:
    """What became of a charge."""
    return ChargeStanding(charge_id=BIG if state else None, state=state, ends_on=ENDS, **more)


def rows_of(view: View) -> list[list[Any]]:
    """The buttons, in their rows."""
    assert view.keyboard is not None
    return view.keyboard.inline_keyboard


def labels(view: View) -> list[list[str]]:
    """What the buttons say."""
    return [[one.text for one in row] for row in rows_of(view)]


def coloured(view: View) -> dict[str, str]:
    """The buttons with a colour."""
    return {one.text: one.style for row in rows_of(view) for one in row if one.style}


SCREENS: dict[str, View] = {
    "active": drawn(OFFER),
    "trial": drawn(TRIAL),
    "the last day": drawn(LAST_DAY),
    "ended": drawn(ENDED),
    **{f"no PIX: {why}": unavailable_view(why, place("ended")) for why in words.UNAVAILABLE},
    **{f"check: {state}": check_view(standing(state), place("ended")) for state in ChargeState},
    "check: nothing": check_view(standing(None)),
    "check: no answer": check_view(standing(ChargeState.PENDING, stale=True)),
    "payments": payments_view(History(lines=(LINE,) * 6, total=600), 41, place("ended")),
    "no payments": payments_view(History(lines=(), total=0), 1),
    **{
        f"receipt: {state}": receipt_view(
            replace(RECEIPT, state=state, name="Maria Aparecida " * 6, email="e" * 250), AT
        )
        for state in receipt_words.PAID_AS
    },
    "a file": asyncio.run(
        receipt_file(RECEIPT, TakeReceipt(charge_id=BIG, page=99_999, origin=AT.origin))
    ),
    **{f"account: {one}": account_view(replace(ACCOUNT, standing=one)) for one in Standing},
}
ALL = pytest.mark.parametrize("name", SCREENS)


@ALL
def test_a_screen_is_seen_whole_on_one_phone_with_whole_labels(name: str) -> None:
    view = SCREENS[name]
    picture = picture_points(WIDE, HIGH) if view.picture else 0.0

    assert fits(view.text, len(rows_of(view)), picture=picture)
    assert [] == cut_labels(labels(view))


@ALL
def test_a_button_fits_with_the_largest_numbers_and_leads_back_and_home(name: str) -> None:
    packed = [one.callback_data or "" for row in rows_of(SCREENS[name]) for one in row]

    assert [] == [data for data in packed if len(data.encode()) > MOST_BYTES]
    assert ["⬅️ Voltar", "🏠 Início"] == labels(SCREENS[name])[-1]
    assert 1 >= len(coloured(SCREENS[name]))


@pytest.mark.parametrize("why", Unavailable)
def test_every_reason_for_no_pix_is_told_in_words_or_asked_about(why: Unavailable) -> None:
    asked = {Unavailable.EMAIL_MISSING, Unavailable.EMAIL_REFUSED}

    assert (why in asked) != (why in words.UNAVAILABLE)


# The PIX


def test_the_pix_says_what_is_paid_from_when_to_when_and_how() -> None:
    assert (
        "💳 <b>EmDia por mais 30 dias: R$ 20,00</b>\n"
        "De <b>10/12/2026</b> para <b>09/01/2027</b>: você não perde os dias que faltam.\n"
        "\n"
        "1. Toque em <b>Copiar código PIX</b>\n"
        "2. No banco, escolha <b>Pix Copia e Cola</b>\n"
        "\n"
        '⏳ Vale até amanhã, 10:42 (<tg-time unix="1795700520" format="r">em 24 horas</tg-time>)\n'
        "Quando cair, eu libero e te aviso."
    ) == drawn(OFFER).text


@pytest.mark.parametrize(
    ("offer", "said"),
    [
        pytest.param(
            TRIAL,
            "De <b>02/12/2026</b>, fim do teste grátis, para <b>09/01/2027</b>: "
            "você não perde os dias que faltam.",
            id="trial",
        ),
        pytest.param(
            LAST_DAY,
            "Termina hoje, <b>25/11/2026</b>. Pagando hoje, vai até <b>25/12/2026</b>.",
            id="the last day",
        ),
        pytest.param(
            ENDED,
            "Terminou em 10/11/2026. Pagando hoje, volta e vai até <b>25/12/2026</b>.",
            id="ended",
        ),
    ],
)
def test_days_are_said_to_be_kept_only_where_some_are_left(offer: Offer, said: str) -> None:
    assert said == drawn(offer).text.splitlines()[1]


def test_the_qr_is_the_code_and_the_first_button_copies_it() -> None:
    view = drawn(OFFER)
    assert view.picture is not None
    with Image.open(BytesIO(view.picture)) as image:
        [read] = zxingcpp.read_barcodes(image)
        assert WIDE / HIGH == pytest.approx(image.width / image.height, abs=0.01)

    assert CODE == str(read.text)
    assert CODE == rows_of(view)[0][0].copy_text.text
    assert {"📋 Copiar código PIX": "primary"} == coloured(view)


def test_a_code_that_no_button_can_copy_is_touched_in_the_text() -> None:
    view = drawn(LONG)

    assert f"<code>{LONG.code}</code>" in view.text
    assert "1. Toque no código aqui embaixo para copiar" in view.text
    assert ["✅ Já paguei", "🧾 Pagamentos"] == labels(view)[0]
    assert view.picture is not None
    assert CAPTION_LIMIT >= shown_length(view.text)


def test_a_code_too_long_for_a_caption_is_whole_and_without_a_picture() -> None:
    view = drawn(replace(OFFER, code="9" * 2_000))

    assert "9" * 2_000 in view.text
    assert view.picture is None


@pytest.mark.parametrize(
    ("days", "said"), [(0, "hoje, 10:42"), (1, "amanhã, 10:42"), (3, "sábado, 28/11, 10:42")]
)
def test_an_end_is_told_by_the_owners_own_clock(days: int, said: str) -> None:
    end = OFFER.expires_local + timedelta(days=days - 1)

    assert f"⏳ Vale até {said} (" in words.caption(replace(OFFER, expires_local=end), copied=True)


# What became of it


@pytest.mark.parametrize(
    ("state", "said", "button"),
    [
        (ChargeState.PENDING, "ainda não caiu", "🔄 Conferir de novo"),
        (ChargeState.APPROVED, "em dia até <b>10/12/2026</b>", "🧾 Ver o recibo"),
        (ChargeState.REJECTED, "não foi aceito", "💳 Gerar outro PIX"),
        (ChargeState.EXPIRED, "prazo deste PIX acabou", "💳 Gerar outro PIX"),
        (ChargeState.CANCELLED, "foi cancelado", "💳 Gerar outro PIX"),
        (ChargeState.REFUNDED, "foi devolvido", "💳 Gerar outro PIX"),
        (ChargeState.CHARGED_BACK, "banco desfez", "💳 Gerar outro PIX"),
        (ChargeState.IN_MEDIATION, "em disputa", "🧾 Ver o recibo"),
        (None, "Não há PIX", "💳 Gerar PIX"),
    ],
    ids=str,
)
def test_what_became_of_a_payment_comes_with_the_next_step(
    state: ChargeState | None, said: str, button: str
) -> None:
    view = check_view(standing(state))

    assert said in view.text
    assert button == labels(view)[0][0]


@pytest.mark.parametrize("state", [ChargeState.PENDING, ChargeState.EXPIRED])
def test_where_mercado_pago_does_not_answer_nobody_is_told_to_pay_again(
    state: ChargeState,
) -> None:
    view = check_view(standing(state, stale=True))

    assert "não pague de novo" in view.text
    assert [["🔄 Conferir de novo"], ["🔳 Ver o código PIX"]] == labels(view)[:2]


# The payments and their receipts


def test_a_payment_is_a_day_and_an_amount_and_what_became_of_it_where_it_is_not_paid() -> None:
    paid = replace(LINE, state=ChargeState.APPROVED, amount=Decimal("20.00"))
    back = replace(paid, state=ChargeState.REFUNDED)
    lost = replace(paid, state=ChargeState.REJECTED)
    view = payments_view(History(lines=(paid, back, lost), total=3), 1)
    targets = [row[0].callback_data.partition(":")[0] for row in rows_of(view)]

    assert [
        ["✅ 25/11/2026 · R$ 20,00"],
        ["↩️ 25/11/2026 · R$ 20,00 · devolvido"],
        ["❌ 25/11/2026 · R$ 20,00 · não aceito"],
    ] == labels(view)[:3]
    assert ["pg", "pg", "pk"] == targets[:3]


def test_no_payments_yet_come_with_the_way_to_the_first() -> None:
    assert {"💳 Gerar PIX": "success"} == coloured(SCREENS["no payments"])


def test_a_receipt_tells_all_that_was_paid() -> None:
    assert (
        "🧾 <b>Recibo de pagamento</b>\n"
        "EmDia por 30 dias\n"
        "\n"
        "✅ <b>R$ 20,00</b> · Pago por PIX\n"
        "📅 25/11/2026 às 10:44\n"
        "\n"
        "Vale até: 09/01/2027\n"
        "Quem pagou: Conceição Ávila 🚀 &amp; Irmãos\n"
        "E-mail: dona@exemplo.com\n"
        "Nº no Mercado Pago: <code>123456789012</code>\n"
        "\n"
        "<i>Este recibo confirma o pagamento. Não é nota fiscal.</i>"
    ) == receipt_view(RECEIPT, AT).text


def test_a_receipt_that_was_given_back_says_so_and_promises_no_days() -> None:
    given_back = replace(RECEIPT, state=ChargeState.REFUNDED, reaches=None)
    text = receipt_view(given_back, AT).text

    assert "↩️ <b>R$ 20,00</b> · Pago por PIX e devolvido depois" in text
    assert "Vale até" not in text


def test_the_same_receipt_is_the_same_file() -> None:
    assert draw_receipt(RECEIPT) == draw_receipt(replace(RECEIPT))


def test_a_receipt_on_paper_has_the_letters_of_portuguese() -> None:
    streams = re.findall(rb"stream\n(.*?)\nendstream", draw_receipt(RECEIPT), re.DOTALL)
    drawing = zlib.decompress(streams[0])

    for told in ("Conceição Ávila & Irmãos", "Situação", "R$ 20,00", "25/11/2026 às 10:44"):
        assert told.encode("latin-1") in drawing


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        pytest.param("Zé 🚀 da  TV", "Zé da TV", id="an emoji"),
        pytest.param("Jose\u0301", "José", id="an accent apart"),
        pytest.param("李小龍", "-", id="another script"),
    ],
)
def test_what_the_font_has_no_shape_for_is_left_out(name: str, drawn: str) -> None:
    assert drawn == drawable(name)


def test_the_longest_receipt_can_be_drawn() -> None:
    longest = replace(RECEIPT, name="M" * 100, email="e" * 320)

    assert draw_receipt(longest).startswith(b"%PDF-")


# The ways there


@pytest.mark.parametrize(
    ("standing", "left", "button"),
    [
        (Standing.TRIAL, 7, {"💳 Gerar PIX e assinar": "success"}),
        (Standing.ACTIVE, 15, {}),
        (Standing.ACTIVE, 3, {"💳 Gerar PIX e renovar": "success"}),
        (Standing.ENDED, 0, {"💳 Gerar PIX e voltar": "success"}),
        (Standing.BLOCKED, 0, {}),
    ],
)
def test_the_account_leads_to_more_days(
    standing: Standing, left: int, button: dict[str, str]
) -> None:
    assert button == coloured(account_view(replace(ACCOUNT, standing=standing, days_left=left)))


def test_what_has_ended_says_until_when_all_is_kept_and_how_to_come_back() -> None:
    view = ended_view(replace(ACCOUNT, standing=Standing.ENDED, ends_on=date(2026, 11, 10)))

    assert "terminou em 10/11/2026" in view.text
    assert "até 10/12/2026" in view.text
    assert {"💳 Gerar PIX e voltar": "success"} == coloured(view)
    assert fits(view.text, len(rows_of(view)), pinned=True)


def test_who_is_blocked_is_not_asked_to_pay() -> None:
    view = ended_view(replace(ACCOUNT, standing=Standing.BLOCKED))

    assert "bloqueada" in view.text
    assert {} == coloured(view)


@pytest.mark.parametrize("standing", [Standing.TRIAL, Standing.ACTIVE])
@pytest.mark.parametrize("left", [0, 3])
def test_home_leads_to_more_days_once_the_end_is_near(standing: Standing, left: int) -> None:
    near = replace(HOME, paired=True, standing=standing, ends_on=HOME.today + timedelta(days=left))
    view = figures_view(near)
    busy = figures_view(replace(near, unbilled=5))

    assert {"💳 Pagar o EmDia": "success"} == coloured(view)
    assert ["💳 Pagar o EmDia", "❓ Ajuda"] == labels(busy)[-1]
    assert {"⚠️ 5 clientes sem cobrança": "primary"} == coloured(busy)
    assert [] == cut_labels(labels(busy))


def test_home_says_nothing_of_paying_while_the_end_is_far() -> None:
    far = replace(HOME, paired=True, ends_on=HOME.today + timedelta(days=4))

    assert "💳 Minha conta" == next(
        one for row in labels(figures_view(far)) for one in row if "💳" in one
    )


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (Terms(), "7 dias grátis</b>. Depois, R$ 20,00 por mês"),
        (Terms(trial=DAY * 14, price=Decimal(35)), "14 dias grátis</b>. Depois, R$ 35,00 por mês"),
        (Terms(trial=DAY * 0), "🎁 R$ 20,00 por mês no PIX, com"),
        (Terms(period=DAY * 15), "R$ 20,00 a cada 15 dias no PIX"),
    ],
)
def test_a_stranger_is_told_what_it_costs_by_the_terms_there_are(terms: Terms, said: str) -> None:
    assert said in signup_words.greeting("Marcos", terms)


def test_the_help_tells_what_it_costs_and_how_to_pay_on_one_phone() -> None:
    section = next(one for one in help_words.SECTIONS if one.key == "conta")
    text = help_words.text_of(section, Terms(trial=DAY * 14, price=Decimal(35)))

    assert "<b>14 dias grátis</b>. Depois, R$ 35,00 por mês no PIX, com quantos" in text
    assert "<b>Para pagar</b>" in text
    assert fits(text, 1)


# Told without having been asked

PAID = SubscriptionPaid(BIG, Decimal("20.00"), 30, datetime(2027, 1, 9, 23, 30, tzinfo=UTC))
RETURNED = SubscriptionReturned(PAID.amount, 30, PAID.ends_at)
RESTORED = SubscriptionRestored(PAID.amount, 30, PAID.ends_at)


@pytest.mark.parametrize(
    ("news", "said", "button"),
    [
        (PAID, "✅ <b>Pagamento confirmado: R$ 20,00</b>", "🏠 Continuar"),
        (RETURNED, "Seu acesso agora vai até <b>09/01/2027</b>.", "💳 Gerar PIX"),
        (replace(RETURNED, disputed=True), "O banco desfez o seu pagamento", "💳 Gerar PIX"),
        (replace(RETURNED, over=True), "os envios estão parados", "💳 Gerar PIX"),
        (RESTORED, "você tem de novo os 30 dias dele", "🧾 Pagamentos"),
    ],
    ids=["paid", "returned", "disputed", "over", "restored"],
)
def test_news_of_a_payment_take_the_place_of_the_pix_and_lead_on(
    news: KeptNotice, said: str, button: str
) -> None:
    view = kept_view(news)

    assert said in view.text
    assert button == labels(view)[0][0]
    assert (SLOT, Where.ANEW) == (view.slot, view.where)
    assert fits(view.text, len(rows_of(view)), pinned=True)
