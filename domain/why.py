"""Why a client received nothing today, or what it does receive, in sentences, for each (E8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from domain.clients import Client
from domain.outbox import ARRIVED, ENDED, MessageState
from domain.reasons import Reason, explain
from domain.reminders import Kind, TenantRules, decide


@dataclass(frozen=True, slots=True)
class MadeToday:
    """A message of today to the client; `at` is local: when it went, or is to go."""

    kind: Kind
    state: MessageState
    reason: str | None
    at: datetime

    @property
    def goes(self) -> bool:
        """Whether it went, or still may."""
        return self.state not in ENDED


def why_today(  # noqa: PLR0913 - the client, the business and the day, as they are
    client: Client,
    rules: TenantRules,
    today: date,
    at: time,
    made: Sequence[MadeToday],
    *,
    obstacle: Reason | None = None,
) -> tuple[str, ...]:
    """What became of each message of today, and what holds those that wait; never empty.

    `obstacle` is what holds the whole queue.
    """
    said = [_about(message) for message in made]
    waits = any(message.goes and message.state not in ARRIVED for message in made)
    if not any(message.kind.automatic for message in made):
        decision = decide(client, rules, today, at=at)
        said.append(decision.sentence)
        waits = waits or decision.kind is not None
    if obstacle is not None and waits:
        said.append(explain(obstacle))
    return tuple(dict.fromkeys(said))


def why_not_today(
    client: Client, rules: TenantRules, today: date, at: time, made: Sequence[MadeToday]
) -> str | None:
    """Why nothing goes to `client` on `today`, or None when something does, or did."""
    if any(message.goes for message in made):
        return None
    if not any(message.kind.automatic for message in made):
        decision = decide(client, rules, today, at=at)
        return None if decision.kind is not None else decision.sentence
    return why_today(client, rules, today, at, made)[0]


def _about(message: MadeToday) -> str:
    label = message.kind.label
    label = label[0].upper() + label[1:]
    if message.state in ARRIVED:
        return f"{label}: saiu às {message.at:%H:%M}."
    if message.state in ENDED:
        return f"{label}: não saiu. {explain(message.reason or Reason.INTERNAL)}"
    why = f" {explain(message.reason)}" if message.reason else ""
    return f"{label}: está na fila, para as {message.at:%H:%M}.{why}"
