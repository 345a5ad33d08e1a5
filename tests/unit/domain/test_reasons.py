"""Every reason that is stored has words of its own (E8)."""

import pytest

from domain.reasons import Reason, explain


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence(reason: Reason) -> None:
    assert "motivo:" not in explain(reason)


def test_no_two_reasons_say_the_same() -> None:
    assert len(Reason) == len({explain(reason) for reason in Reason})


def test_a_code_that_nobody_knows_any_more_still_gets_an_answer() -> None:
    assert "Não foi enviada (motivo: bygone)." == explain("bygone")
