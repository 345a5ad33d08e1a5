"""What a reply means: SAIR alone, "paguei", and a promise to pay (F8, J3)."""

from datetime import UTC, date, datetime, time

import pytest

from domain.quiet_hours import QuietHours
from domain.replies import MOST_READ_CHARS, Wish, promise_in, says_paid, shown, wish_in
from domain.schedule import DEFAULT_ZONE

MONDAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(
            (text, Wish.LEAVE)
            for text in ("SAIR", "sair", "Sáir!", "“sair” 🙏", "*SAIR*", " sair.\n")
        ),
        *((text, Wish.LEAVE) for text in ("ＳＡＩＲ", "sa\u200bir", "\u202esair\u202c")),
        *((text, Wish.RETURN) for text in ("VOLTAR", "voltar 🙂")),
        *((text, None) for text in ("vou sair agora", "não quero sair", "sair sair", "s a i r")),
        *((text, None) for text in ("", "🙏", "saindo", "parar", "sair" * 10_000, "\0")),
    ],
)
def test_the_whole_word_alone_leaves(text: str, expected: Wish | None) -> None:
    assert expected == wish_in(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, True) for text in ("paguei", "PAGUEI!!!", "já paguei", "pix feito", "tá pago")),
        *((text, True) for text in ("segue o comprovante", "fiz o pix agora", "pagamento feito")),
        *((text, False) for text in ("não paguei", "ainda não paguei", "quando eu fiz o pix?")),
        *((text, False) for text in ("bom dia", "pago sexta", "quanto eu pago?", "")),
    ],
)
def test_a_text_that_says_paid_is_known(text: str, expected: bool) -> None:
    assert expected == says_paid(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pago sexta", date(2026, 12, 4)),
        ("sexta eu pago", date(2026, 12, 4)),
        ("Pago na sexta-feira, pode ser?", date(2026, 12, 4)),
        ("pago sexta, dia 04/12", date(2026, 12, 4)),
        ("dia 10 te pago", date(2026, 12, 10)),
        ("te pago dia 5 sem falta", date(2026, 12, 5)),
        ("amanhã cedo pago", date(2026, 12, 1)),
        ("vou pagar dia 5/12", date(2026, 12, 5)),
        ("daqui a 2 dias pago", date(2026, 12, 2)),
        ("dia 10 de dezembro eu pago", date(2026, 12, 10)),
        ("pago hoje à noite", MONDAY),
        ("PAGO SEXTA " + "a" * 10_000, date(2026, 12, 4)),
        # Two days, none, one that is not, or somebody who does not promise.
        ("pago sexta ou sábado", None),
        ("pago segunda", None),
        ("pago dia 32", None),
        ("pago dia 15/03", None),
        ("não pago sexta", None),
        ("não consigo pagar sexta", None),
        ("quando vence? dia 10?", None),
        ("paguei sexta", None),
        ("oi, tudo bem?", None),
    ],
)
def test_a_promise_names_one_day_ahead(text: str, expected: date | None) -> None:
    assert expected == promise_in(text, MONDAY)


def test_a_promise_far_into_a_long_text_is_not_read() -> None:
    assert promise_in("a " * MOST_READ_CHARS + "pago sexta", MONDAY) is None


def test_a_text_is_shown_without_what_turns_writing_around_and_cut() -> None:
    assert ("oi R$ 10", "abcd…") == (shown("\u202eoi\u2069 R$ 10\0", 20), shown("abcdefgh", 5))


@pytest.mark.parametrize(
    ("hours", "quiet"),
    [
        pytest.param(QuietHours(), [False, True, True, True, False], id="over midnight"),
        pytest.param(
            QuietHours(begins=time(0), ends=time(6)),
            [False, False, True, False, False],
            id="a night",
        ),
        pytest.param(QuietHours(on=False), [False] * 5, id="off"),
    ],
)
def test_the_quiet_hours_may_span_midnight(hours: QuietHours, quiet: list[bool]) -> None:
    times = (time(21, 59), time(22), time(3), time(6, 59), time(7))

    assert quiet == [hours.contains(at) for at in times]


@pytest.mark.parametrize(
    ("hour", "ends"),
    [
        pytest.param(23, datetime(2026, 12, 1, 10, tzinfo=UTC), id="before midnight"),
        pytest.param(2, datetime(2026, 11, 30, 10, tzinfo=UTC), id="after it"),
        pytest.param(12, None, id="at noon"),
    ],
)
def test_the_quiet_ends_in_the_morning(hour: int, ends: datetime | None) -> None:
    now = datetime(2026, 11, 30, hour, tzinfo=DEFAULT_ZONE).astimezone(UTC)

    assert ends == QuietHours().over_at(now, DEFAULT_ZONE)
