"""What the soak counts: each way a day can have gone wrong, and the few ways it may."""

from collections.abc import Mapping

import orjson
import pytest

from playground.whatsapp import ShownMessage, Tally, Touched
from tests.soak.people import LINE_ENDED, REFUSED, Client, Excuses, invent
from tests.soak.verdict import Evidence, Figures, Row, judge

CAST = invent(businesses=1, days=1, clients_a_day=1)
(BUSINESS,), (CLIENT,) = CAST.businesses, CAST.clients
FINE = {"heard_once": 1}


def row(state: str, reason: str | None = None, attempt: int = 1) -> Row:
    """What the outbox says of the client."""
    kept = {"whatsapp_id": "A1", "code_id": "A2"}
    return {
        "state": state,
        "reason": reason,
        "attempt": attempt,
        "day": CLIENT.day,
        "row": orjson.dumps(kept).decode(),
    }


def shown(*messages: tuple[str, str]) -> list[ShownMessage]:
    """What the client's phone shows, by id and words."""
    return [
        ShownMessage(id=key, sender=BUSINESS.owner, text=text, times_seen=1)
        for key, text in messages
    ]


def figures_of(
    found: Row | None,
    inbox: list[ShownMessage],
    excuses: Excuses | None = None,
    touched: tuple[str, ...] = (),
) -> Mapping[str, int]:
    """What is counted, without the zeros."""
    tally = Tally(
        [Touched(by=BUSINESS.owner, number=number, times=1, ids=()) for number in touched], []
    )
    rows = {} if found is None else {(CLIENT.tenant_id, CLIENT.phone): found}
    figures = Figures()
    evidence = Evidence(rows, {CLIENT.forms[1]: inbox}, tally)
    judge(CAST, CLIENT.day, excuses or Excuses(), evidence, figures)
    names = ("heard_once", "lost", "doubled", "strangers", "odd_rows", "wrong_reasons")
    counted = {name: getattr(figures, name) for name in names}
    return {name: count for name, count in counted.items() if count}


ONE = shown(("A1", "Oi"))
REFUSED_ALWAYS = Excuses({CLIENT: {REFUSED}})
LINE_GONE = Excuses({}, {CLIENT.tenant_id: {LINE_ENDED}})


@pytest.mark.parametrize(
    ("found", "inbox", "excuses", "expected"),
    [
        pytest.param(row("delivered"), ONE, None, FINE, id="heard"),
        pytest.param(
            row("delivered"), shown(("A1", "Oi"), ("A2", "PIX")), None, FINE, id="in two parts"
        ),
        pytest.param(row("failed", "unconfirmed"), ONE, None, FINE, id="heard, nobody knows"),
        pytest.param(None, [], None, {"lost": 1}, id="never planned"),
        pytest.param(row("sent"), [], None, {"lost": 1}, id="said to be sent"),
        pytest.param(row("sending"), [], None, {"lost": 1, "odd_rows": 1}, id="left behind"),
        pytest.param(row("queued"), ONE, None, FINE | {"odd_rows": 1}, id="heard, to go again"),
        pytest.param(
            row("sent"), shown(("A1", "Oi"), ("A2", "Oi")), None, {"doubled": 1}, id="same words"
        ),
        pytest.param(
            row("sent"), shown(("A1", "Oi"), ("B1", "Ei")), None, {"doubled": 1}, id="another id"
        ),
        pytest.param(
            row("failed", "refused"), ONE, None, FINE | {"wrong_reasons": 1}, id="heard, refused"
        ),
        pytest.param(
            row("failed", "refused"), [], None, {"wrong_reasons": 1}, id="refused by nobody"
        ),
        pytest.param(row("failed", "refused"), [], REFUSED_ALWAYS, {}, id="refused"),
        pytest.param(
            row("expired", "window_closed"),
            [],
            LINE_GONE,
            {"wrong_reasons": 1},
            id="the line ended, the hour is blamed",
        ),
        pytest.param(row("expired", "not_connected"), [], LINE_GONE, {}, id="the line ended"),
        pytest.param(row("failed", "attempts_exhausted", 5), [], None, {}, id="five times tried"),
        pytest.param(
            row("failed", "attempts_exhausted", 4), [], None, {"wrong_reasons": 1}, id="four times"
        ),
        pytest.param(
            row("failed", "not_on_whatsapp", 0),
            [],
            None,
            {"wrong_reasons": 1},
            id="no that is none",
        ),
    ],
)
def test_a_day_comes_to_what_became_of_the_client(
    found: Row | None, inbox: list[ShownMessage], excuses: Excuses | None, expected: dict[str, int]
) -> None:
    assert expected == figures_of(found, inbox, excuses)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param(CLIENT.forms[0], FINE, id="the client's number"),
        pytest.param(CLIENT.forms[1], FINE, id="its other form"),
        pytest.param(BUSINESS.owner, FINE, id="the owner's own"),
        pytest.param("5511977776666", FINE | {"strangers": 1}, id="anybody else's"),
    ],
)
def test_whoever_was_touched_is_a_client_or_a_stranger(
    number: str, expected: dict[str, int]
) -> None:
    assert expected == figures_of(row("delivered"), ONE, touched=(number,))


def test_a_client_without_whatsapp_is_told_as_such() -> None:
    lonely = Client(tenant_id=1, number=16, phone="+5511980000016", day=CLIENT.day)

    assert (None, {"not_on_whatsapp"}) == (lonely.account, Excuses().of(lonely))
