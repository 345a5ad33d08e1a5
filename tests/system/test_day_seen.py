"""A day seen from outside: what was written of it tells everything but who and what (I1, I3)."""

from collections.abc import AsyncIterator

import pytest

from tests.postgres import fleeting_folder
from tests.system.day_seen import COMMIT, DaySeen, lived_through
from tests.web.scrape import moved, told_labels

MOVED_BY_A_DAY = {
    "emdia_cache_total",
    "emdia_job_delay_seconds",
    "emdia_jobs_total",
    "emdia_loop_lag_seconds",
    "emdia_messages_total",
    "emdia_program_memory_bytes",
    "emdia_send_seconds",
    "emdia_whatsapp_sessions",
}
UUID_CHARACTERS = 36
pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
async def day() -> AsyncIterator[DaySeen]:
    """The day, lived once for all tests."""
    with fleeting_folder() as folder:
        async with lived_through(folder) as seen:
            yield seen


async def test_nothing_that_was_written_tells_whose_it_is_or_what_was_said(day: DaySeen) -> None:
    assert [] == list(day.leaks())
    # A search for nothing would find nothing.
    assert {8: True} == {len(day.hidden): all(day.hidden.values())}


async def test_every_line_says_of_which_commit_and_process_it_is(day: DaySeen) -> None:
    (process,) = {line.get("replica") for line in day.lines}

    assert ({COMMIT[:12]}, UUID_CHARACTERS) == (
        {line.get("commit") for line in day.lines},
        len(process or ""),
    )


async def test_an_update_is_known_in_every_actor_it_reaches(day: DaySeen) -> None:
    signed_up = next(line for line in day.lines if line["event"] == "signed up")

    assert ("tenant", "telegram-") == (signed_up["part"], signed_up["correlation_id"][:9])


async def test_a_message_is_followed_from_its_job_to_its_receipts(day: DaySeen) -> None:
    tries: dict[str, list[str]] = {}
    receipts: dict[str, list[str]] = {}
    for line in day.lines:
        if line["event"] == "attempt over":
            tries.setdefault(line["correlation_id"], []).append(line["state"])
        if line["event"] == "message moved":
            receipts.setdefault(line["correlation_id"], []).append(line["state"])
    rests = [line for line in day.lines if line["event"] == "message rests"]
    job = next(line["correlation_id"] for line in day.lines if line["event"] == "job done")

    assert [["retry", "sent"], ["sent"], ["sent"], ["sent"]] == sorted(tries.values())
    assert [["delivered"]] * 3 + [["delivered", "read"]] == sorted(receipts.values())
    assert [("failed", "not_on_whatsapp")] == [(line["state"], line["reason"]) for line in rests]
    assert (tries.keys(), {job}) == (
        receipts.keys(),
        {name.rpartition(".")[0] for name in (*tries, rests[0]["correlation_id"])},
    )


@pytest.mark.parametrize(
    "line",
    [
        "phone=+5521983471652",
        "to 5521983471652@s.whatsapp.net",
        "to 5521983471652:12@s.whatsapp.net",
        "(21) 98347-1652",
        "+55 21 98347 1652",
        "21983471652",
        "for Valdirene",
        "text Mensal is named",
    ],
)
def test_the_search_would_find_it(line: str) -> None:
    seen = DaySeen({"log": line}, {"a name": {"Valdirene", "Mensal"}}, {"5521983471652"})

    assert 1 == len(list(seen.leaks()))


async def test_every_metric_of_a_day_moves_and_none_names_anybody(day: DaySeen) -> None:
    assert (set(), []) == (
        MOVED_BY_A_DAY - moved(day.scrapes),
        [label for scrape in day.scrapes for label in told_labels(scrape)],
    )
    assert (True, COMMIT[:12]) == (day.health["ready"], day.health["versions"]["emdia"])
