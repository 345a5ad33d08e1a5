"""What is told of payments: one phone shows it, with the amount and the day, in words (A4, A5)."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from actors.messages import kept
from actors.messages.admin_news import AdminNews, NewsKind, pack, unpack
from actors.messages.notices import (
    KeptNotice,
    SubscriptionPaid,
    SubscriptionRestored,
    SubscriptionReturned,
)
from bot.screens.notices.money_words import FOLLOWS, TITLES, admin_news
from bot.screens.notices.notices import kept_view
from bot.ui.measure import fits
from domain.settlement import Difference, News
from storage.tenants import StoredNotice
from tests.bot.screens.people import BIGGEST, cut, height

PRICE = Decimal("99999.99")
AT = datetime(2027, 12, 28, 15, 0, tzinfo=UTC)
PAID = SubscriptionPaid(BIGGEST, PRICE, 30, AT)
RETURNED = SubscriptionReturned(PRICE, 30, AT)
RESTORED = SubscriptionRestored(PRICE, 30, AT)
NEWS = AdminNews(
    kind=NewsKind.PAID,
    tenant_id=BIGGEST,
    name="Maria Aparecida <b> de Souza Oliveira da Silva & Filhos",
    amount=PRICE,
    returned=Decimal("5.00"),
    payment_id="9" * 40,
    detail=" ".join(Difference),
)
NOTICES = [
    pytest.param(PAID, "em dia até <b>28/12/2027</b>", id="paid"),
    pytest.param(RETURNED, "agora vai até <b>28/12/2027</b>", id="returned"),
    pytest.param(replace(RETURNED, over=True), "acesso terminou", id="returned, over"),
    pytest.param(replace(RETURNED, disputed=True), "O banco desfez", id="disputed"),
    pytest.param(replace(RETURNED, days=1), "o dia dele saiu", id="one day"),
    pytest.param(RESTORED, "vai até <b>28/12/2027</b>", id="restored"),
]


@pytest.mark.parametrize(("notice", "expected"), NOTICES)
def test_the_owner_reads_the_amount_and_how_far_it_reaches(
    notice: KeptNotice, expected: str
) -> None:
    view = kept_view(notice)

    assert expected in view.text
    assert "R$ 99.999,99" in view.text
    assert height(view) <= 716
    assert [] == cut(view)


@pytest.mark.parametrize(("notice", "_expected"), NOTICES)
def test_what_the_owner_is_told_comes_back_as_it_was_kept(
    notice: KeptNotice, _expected: str
) -> None:
    stored = StoredNotice(1, kept.kind_of(notice), kept.pack(notice))

    back = kept.unpack(stored)

    assert (type(notice), notice.ends_at) == (type(back), back.ends_at)  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", NewsKind)
def test_news_for_who_administers_fit_a_phone_and_name_the_account(kind: NewsKind) -> None:
    text = admin_news(replace(NEWS, kind=kind))

    assert fits(text, rows=0)
    assert f"<code>{BIGGEST}</code>" in text
    assert "&lt;b&gt;" in text
    assert "None" not in text


def test_a_mismatch_says_in_what_it_differs() -> None:
    text = admin_news(replace(NEWS, kind=NewsKind.MISMATCH, detail="amount currency"))

    assert "Não confere: o valor, a moeda" in text


def test_an_account_that_is_gone_is_called_that() -> None:
    assert "conta apagada" in admin_news(replace(NEWS, name=None))


def test_an_amount_of_another_currency_is_not_called_reais() -> None:
    assert "R$" not in admin_news(replace(NEWS, kind=NewsKind.MISMATCH, currency="ARS"))


@pytest.mark.parametrize("kind", NewsKind)
def test_news_come_back_as_they_were_kept(kind: NewsKind) -> None:
    news = replace(NEWS, kind=kind)

    assert news == unpack(pack(news))


def test_every_kind_has_its_words_and_every_piece_of_news_its_kind() -> None:
    assert set(NewsKind) == set(TITLES) == set(FOLLOWS)
    assert {str(news) for news in News} <= {str(kind) for kind in NewsKind}
