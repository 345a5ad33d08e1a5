"""The sample sheets hold what the tour promises, and both hold the same."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from domain.contacts import format_phone
from domain.due_dates import days_late
from domain.import_preview import ImportPreview
from domain.import_rows import preview_import
from gateways.spreadsheet import read_rows
from playground import make_samples

PLAYGROUND = Path(make_samples.__file__).parent
TODAY = date(2026, 11, 24)


def preview(name: str) -> ImportPreview:
    """The dry run of one sample sheet."""
    return preview_import(read_rows((PLAYGROUND / name).read_bytes(), name), TODAY)


@pytest.fixture(scope="module", params=["clientes-exemplo.csv", "clientes-exemplo.xlsx"])
def sample(request: pytest.FixtureRequest) -> ImportPreview:
    """Either sheet."""
    return preview(str(request.param))


def test_both_sheets_hold_the_same() -> None:
    assert preview("clientes-exemplo.csv") == preview("clientes-exemplo.xlsx")


def test_two_hundred_rows_are_clients_duplicates_and_faults(sample: ImportPreview) -> None:
    assert (186, 4, 10) == (len(sample.clients), len(sample.duplicates), len(sample.faults))


def test_twenty_four_clients_are_exactly_one_day_late(sample: ImportPreview) -> None:
    late = Counter(days_late(entry.client.due_on, TODAY) for entry in sample.clients)

    assert 24 == late[1]
    assert 12 == late[0]
    assert 43 == sum(count for days, count in late.items() if days > 1)


def test_late_clients_have_phones_with_and_without_the_ninth_digit(sample: ImportPreview) -> None:
    late = [entry.client for entry in sample.clients if entry.client.due_on == date(2026, 11, 23)]
    shapes = Counter(len(format_phone(client.phone)) for client in late)

    assert {15: 19, 14: 5} == shapes


def test_three_phones_have_two_plans(sample: ImportPreview) -> None:
    phones = Counter(entry.client.phone for entry in sample.clients)

    assert 3 == sum(count > 1 for count in phones.values())


def test_every_invented_phone_lies_in_the_invented_range(sample: ImportPreview) -> None:
    assert all("9000" in entry.client.phone for entry in sample.clients)


def test_every_fault_has_a_reason_of_its_own_kind(sample: ImportPreview) -> None:
    assert 10 == len({fault.reason for fault in sample.faults})


def test_the_csv_is_made_again_byte_for_byte() -> None:
    made = make_samples.csv_bytes(make_samples.sample_lines())

    assert made == (PLAYGROUND / "clientes-exemplo.csv").read_bytes()


def test_the_xlsx_is_made_again_cell_for_cell() -> None:
    made = make_samples.xlsx_bytes(make_samples.sample_lines())
    kept = (PLAYGROUND / "clientes-exemplo.xlsx").read_bytes()

    assert read_rows(made, "a.xlsx") == read_rows(kept, "a.xlsx")
