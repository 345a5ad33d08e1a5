"""A message in two parts: the text, and the PIX code as a message of its own (D5, E6, F6).

One row of the outbox; both WhatsApp ids are fixed when it is planned, both texts by its first
attempt: a retry says the same words, in as many parts. The row's state speaks of the part under
way, and of both once both are out:

    queued → sending(1) → queued, first marked → sending(2) → sent → delivered → read

- The second part goes only after the first was acknowledged: by its ack, in time or late, by a
  receipt, or by any sign of the second. The database refuses a row that says otherwise.
- Each part is retried alone, under its own id, with attempts of its own (E8). A crash repeats the
  part that was under way; one between the two goes on with the second. Nothing goes between the two
  while nothing fails; a second part that must wait for its retry lets others pass.
- `sent`, `delivered` and `read` are what both parts have come to, whichever is behind: a client
  who read the text and not yet the code has not read the message. Marks only rise (F7).
- Before the second part the rules are asked again, as before any attempt: who paid, left, said
  SAIR or is not due any more gets no code, whatever is out already. A text without its code bills
  nobody who paid; a code to somebody who paid would. What is cancelled so stays as it was tried.
- Where the phone changed after the first part, the second would come alone to another: it does
  not go.
- Nothing begins that its hours leave no time to end (SECOND_NEEDS). Where they, or its attempts,
  are over between the two all the same, it ends for CODE_NOT_SENT: the owner reads that the text
  went. Asked for again (decision 2), it goes on with the second.
- A proof of the first part that comes after the end brings the second back, if its hours are not
  over and nobody cancelled it: that end had been a guess.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum

from domain.code_alone import CODE, without_code
from domain.outbox import MessageState
from domain.templates import Template, filled, render, written

# From the beginning of the first part to the ack of the second, where all goes well.
SECOND_NEEDS = timedelta(seconds=45)
_PLACE = f"{{{CODE}}}"
_S = MessageState


def as_sent(
    template: Template, values: Mapping[str, str | None], *, alone: bool = True
) -> tuple[str, ...]:
    """What the phone will show: one message, or the text and then the code alone (D5).

    `alone`: the owner wants it so, and the kind goes out by itself. A text of nothing but the code
    is one message with nothing but the code.

    Raises:
        MissingValue: names the variables without a value (D4).
        TextTooLong: a message would be too long for the outbox.
    """
    if not alone or CODE not in template.variables:
        return (render(template, values),)
    known = filled(template, values)
    code = written(_PLACE, known)
    text = without_code(template.text)
    return (written(text, known), code) if text else (code,)


def may_begin(words: tuple[str, ...], now: datetime, expires_at: datetime) -> bool:
    """Whether all parts of a message that was not begun can go before its hours are over."""
    return len(words) == 1 or now + SECOND_NEEDS < expires_at


class Mark(IntEnum):
    """How far a part has come, as the table holds it."""

    NONE = 0
    SENT = 1
    DELIVERED = 2
    READ = 3

    @classmethod
    def of(cls, state: str) -> "Mark":
        """The mark that an ack ("sent") or a receipt ("delivered", "read") gives."""
        return _MARKS[MessageState(state)]


_MARKS = {_S.SENT: Mark.SENT, _S.DELIVERED: Mark.DELIVERED, _S.READ: Mark.READ}
_STATES = {mark: state for state, mark in _MARKS.items()}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far both parts of a message have come."""

    first: Mark = Mark.NONE
    second: Mark = Mark.NONE

    def hear(self, part: int, mark: Mark) -> "Progress":
        """What is known after a sign of part 1 or 2, in any order; one of 2 is proof of 1."""
        if part == 1:
            return replace(self, first=max(self.first, mark))
        return Progress(max(self.first, Mark.SENT), max(self.second, mark))


def state_after(
    state: MessageState, before: Progress, after: Progress, *, may_go_on: bool
) -> MessageState:
    """Where a message of two parts stands once more is known of them.

    `may_go_on`: its hours are not over, and the owner did not choose to let it be.
    """
    if after.second > Mark.NONE:
        return _STATES[min(after.first, after.second)]
    if before.first > Mark.NONE or after.first is Mark.NONE:
        return state
    under_way = state in {_S.SENDING, _S.RETRY, _S.UNKNOWN}
    given_up = state in {_S.FAILED, _S.EXPIRED} and may_go_on
    return _S.QUEUED if under_way or given_up else state
