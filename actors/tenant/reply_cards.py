"""A talk with a client as its card shows it, out of what storage found (F8, J3)."""

from datetime import date, datetime

from actors.messages.clients import ClientRow
from actors.messages.replies import (
    Line,
    OwnAnswer,
    Replies,
    ReplyCard,
    ReplyClient,
    WaitingReply,
)
from actors.tenant import cards
from actors.tenant.desk import Desk
from domain.client_list import ROWS, clamped, pages_of
from domain.clients import Client
from domain.due_dates import status_of
from domain.outbox import OPEN
from domain.renewal import still_open
from domain.replies import PROOFS, ReplyKind, Wish, promise_in, says_paid, wish_in
from storage import client_card, replies
from storage.replies import Answered, Said

MOST_LINES = 20
MOST_CLIENTS = 5
"""One phone has seldom more, and a screen shows no more."""


async def card(desk: Desk, talk_id: int) -> ReplyCard:
    """The card of a talk; raises NotFound."""
    talk = await replies.find(desk.tx, talk_id)
    found = await replies.said(desk.tx, talk_id, talk.since, MOST_LINES)
    total = await replies.count_said(desk.tx, talk_id, talk.since)
    answer = await replies.answer(desk.tx, talk_id, talk.since)
    people = (await replies.people(desk.tx, talk_id))[:MOST_CLIENTS]
    waits, _ = await replies.waiting(desk.tx, most=1, talk_id=talk_id)
    wish = _wish(found)
    return ReplyCard(
        talk_id=talk_id,
        clients=tuple([await _client(desk, one) for one in people]),
        today=desk.today,
        lines=tuple(_line(desk, one) for one in found),
        earlier=total - len(found),
        last_at=desk.local(found[-1].at if found else talk.last_at),
        paid=any(one.kind in PROOFS or says_paid(one.text or "") for one in found),
        promised_on=_promised(desk, found),
        left=wish is Wish.LEAVE,
        returned=wish is Wish.RETURN,
        answer=None if answer is None or answer.farewell else _answer(desk, answer),
        waits=bool(waits),
    )


async def waiting(desk: Desk, page: int) -> Replies:
    """A page of what waits for the owner; one that is not there is the nearest that is."""
    _, total = await replies.waiting(desk.tx, most=1)
    pages = pages_of(total)
    page = clamped(page, pages)
    found, _ = await replies.waiting(desk.tx, most=ROWS, skipped=(page - 1) * ROWS)
    rows = tuple(
        WaitingReply(
            one.talk_id,
            ClientRow(
                one.client_id,
                one.name,
                one.due_on,
                status_of(one.due_on, desk.today),
                one.archived,
            ),
            desk.local(one.since),
        )
        for one in found
    )
    return Replies(today=desk.today, replies=rows, page=page, total=total, pages=pages)


async def _client(desk: Desk, client: Client) -> ReplyClient:
    found = await client_card.card(desk.tx, client.id)
    open_amount = None if client.price is None else still_open(client.price, found.paid)
    return ReplyClient(
        row=cards.row_of(desk, client), open_amount=open_amount, opted_out=client.opted_out
    )


def _line(desk: Desk, said: Said) -> Line:
    return Line(
        kind=said.kind,
        text=said.text,
        name=said.name,
        size_bytes=said.size_bytes,
        seconds=said.seconds,
        at=desk.local(said.at),
    )


def _answer(desk: Desk, answer: Answered) -> OwnAnswer:
    at = desk.local(answer.at)
    later = answer.state in OPEN and at.date() > desk.today
    text = answer.text or ""
    return OwnAnswer(
        # What waits with its variables is not yet what the client will read.
        text=None if "{" in text else text,
        state=answer.state,
        reason=answer.reason,
        at=at,
        goes_on=at.date() if later else None,
    )


def _wish(found: list[Said]) -> Wish | None:
    """What the last word asks for."""
    last = found[-1] if found else None
    return wish_in(last.text or "") if last is not None and last.kind is ReplyKind.TEXT else None


def _promised(desk: Desk, found: list[Said]) -> date | None:
    """The day that was promised last, as long as it is ahead (J3)."""
    for one in reversed(found):
        day = promise_in(one.text or "", _day(desk, one.at))
        if day is not None:
            return day if day > desk.today else None
    return None


def _day(desk: Desk, at: datetime) -> date:
    return desk.local(at).date()
