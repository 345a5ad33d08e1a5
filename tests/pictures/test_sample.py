"""What the pictures show is always the same: the people, and a code to pair with."""

import io

import pytest
import qrcode

from playground.pictures.sample import KNOWN, TODAY, number_of, sample_clients
from playground.pictures.stage import PAIRING, steady_picture
from playground.rig import read_qr


def qr(payload: str) -> bytes:
    """`payload` as a picture."""
    drawn = io.BytesIO()
    qrcode.make(payload).save(drawn, "PNG")
    return drawn.getvalue()


def test_the_sample_is_148_clients_with_a_number_each() -> None:
    people = sample_clients()

    assert 148 == len({one.phone for one in people}) == len({one.name for one in people})
    assert 148 == len(people)
    assert people == sample_clients()


def test_five_clients_are_one_day_late_and_the_known_ones_come_first() -> None:
    people = sample_clients()

    assert 5 == sum((TODAY - one.due_on).days == 1 for one in people)
    assert [name for name, _ in KNOWN] == [one.name for one in people[: len(KNOWN)]]
    assert "5511955500187" == number_of("Roberto Souza")


def test_any_code_to_pair_with_is_drawn_as_one_and_the_same() -> None:
    first, second = steady_picture(qr(PAIRING + "abc")), steady_picture(qr(PAIRING + "xyz"))

    assert first == second
    assert read_qr(first).startswith(PAIRING + "EmDia")


@pytest.mark.parametrize(
    "data", [pytest.param(qr("00020126"), id="another code"), pytest.param(b"x", id="no picture")]
)
def test_other_pictures_stay_as_they_are(data: bytes) -> None:
    assert data == steady_picture(data)
