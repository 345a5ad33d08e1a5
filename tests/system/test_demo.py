"""The demonstration as a newcomer runs it: a day, the same day once more, another day."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from playground import demo
from playground.demo_bill import Bill
from tests.postgres import fleeting_folder

pytestmark = pytest.mark.timeout(240)
COLUMNS = 100


async def run(home: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    """Run it; returns its exit code and what it said."""
    code = await demo.main(demo.SAMPLE, demo.SAMPLE_DAY, home)
    return code, capsys.readouterr().out.splitlines()


def totals(said: list[str]) -> str:
    """The line that sums the day up."""
    [line] = [line for line in said if "celulares errados" in line]
    return line


async def test_the_same_day_twice_reaches_everybody_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    with fleeting_folder() as home:
        first, said = await run(home, capsys)
        second, said_again = await run(home, capsys)

    assert (0, 0) == (first, second)
    assert "0 celulares errados" in totals(said)
    # All but the time it took.
    assert totals(said).rpartition("·")[0] == totals(said_again).rpartition("·")[0]
    assert "Era até 01/12/2026; o bot diz que está em dia até 31/12/2026." in said
    assert "Assinatura do EmDia: já estava paga até 31/12/2026." in said_again
    assert [] == [line for line in said if len(line) > COLUMNS]
    assert [] == [line for line in said if line.startswith("{")]
    assert "Continuo o dia" in said_again[0]


BEFORE, AFTER = date(2026, 12, 1), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("bill", "is_true"),
    [
        pytest.param(Bill(BEFORE, AFTER, "R$ 20,00", is_brought=True), True, id="paid"),
        pytest.param(Bill(BEFORE, BEFORE, "R$ 20,00", is_brought=True), False, id="no days"),
        pytest.param(Bill(BEFORE, AFTER, "R$ 2,00", is_brought=True), False, id="another amount"),
        pytest.param(Bill(BEFORE, AFTER, "R$ 20,00", is_brought=False), False, id="not told"),
        pytest.param(Bill(AFTER, AFTER, "", is_brought=False, paid_now=False), True, id="before"),
    ],
)
def test_the_subscription_is_true_only_if_the_days_come_of_what_was_paid(
    bill: Bill, is_true: bool
) -> None:
    assert is_true == bill.is_true
    assert is_true == ("NÃO CONFERE" not in bill.told)


def test_each_day_and_each_sheet_is_a_business_of_its_own(tmp_path: Path) -> None:
    other = tmp_path / "minha.csv"
    other.write_text("nome;telefone;vencimento\n", encoding="utf-8")
    next_day = demo.SAMPLE_DAY + timedelta(days=1)
    homes = {
        demo.home_of(demo.SAMPLE, demo.SAMPLE_DAY),
        demo.home_of(demo.SAMPLE, next_day),
        demo.home_of(other, demo.SAMPLE_DAY),
    }

    assert 3 == len(homes)
    assert demo.home_of(demo.SAMPLE, next_day) in homes


def test_only_the_latest_runs_are_kept(tmp_path: Path) -> None:
    runs = [tmp_path / f"2026-11-{day:02}-0123456789ab" for day in range(1, 9)]
    for run_home in runs:
        run_home.mkdir()
    demo.forget_old_runs(tmp_path, runs[0])

    assert demo.RUNS_KEPT <= len(list(tmp_path.iterdir())) <= demo.RUNS_KEPT + 1
    assert runs[0].exists()
