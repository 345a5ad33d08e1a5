"""What can be taken back, and for how long."""

from datetime import timedelta

from domain.undo import TOO_LATE, UNDO_FOR, Act


def test_ten_minutes_are_left_and_the_owner_is_told_so() -> None:
    assert (timedelta(minutes=10), "Já passou o tempo de desfazer (10 minutos).") == (
        UNDO_FOR,
        TOO_LATE,
    )


def test_the_codes_that_are_kept() -> None:
    expected = {
        *("renew", "pay", "void", "restore", "correct", "edit", "switch", "archive"),
        *("drop_tag", "drop_field", "import", "schedule", "by_hand", "text", "cancel", "dismiss"),
    }

    assert expected == set(Act)
