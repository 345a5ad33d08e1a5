"""What screens ask about messages by hand: texts, moments, previews, and what is to come (E12)."""

from datetime import date, datetime, timedelta

from actors.messages.by_hand import (
    GetHandMessage,
    GetHandMessages,
    GetTexts,
    HandMessage,
    HandMessages,
    HandState,
    MomentRead,
    Preview,
    PreviewByHand,
    ReadMoment,
    TextChoice,
    WritableTexts,
)
from actors.runtime import on
from actors.tenant import cards
from actors.tenant.day import queue_obstacle
from actors.tenant.desk import Desk, DeskPart
from actors.tenant.scheduled import has_ended
from domain import by_hand as rules
from domain import schedule
from domain.by_hand import ScheduledState
from domain.client_list import ROWS, pages_of
from domain.clients import Client
from domain.default_templates import DEFAULT_TEMPLATES
from domain.due_dates import short_date
from domain.outbox import ENDED, PENDING
from domain.reasons import Reason, explain
from domain.reminders import Kind
from domain.templates import Template, parse, stored
from domain.typed_moments import likely_hours, parse_moment
from errors import InvalidInput, MissingValue, TextTooLong
from storage import by_hand, clients
from storage.by_hand import Scheduled

MOST_TEXTS = 12
MOST_HOURS = 4
DEFAULT_NAME = "Tudo bem?"
# What holds the queue and is said before a message is made; a line that comes and goes is not.
SAID_BEFORE = frozenset(
    {Reason.PAUSED, Reason.ACCESS_ENDED, Reason.NEEDS_QR, Reason.BANNED, Reason.RESTRICTED}
)


class HandViewsPart(DeskPart):
    """Looks, and changes nothing."""

    @on(GetTexts)
    async def get_texts(self, message: GetTexts) -> WritableTexts:
        """The texts to choose from (E12), the ones for writing by hand first."""
        async with self._desk() as desk:
            client = await clients.find(desk.tx, message.client_id)
            own = await by_hand.own_texts(desk.tx)
            refusal = rules.refusal(client)
            since = desk.now - rules.OFFERED_AGAIN
            scheduled = await by_hand.page(desk.tx, client.id, 1, 1, since)
            return WritableTexts(
                row=cards.row_of(desk, client),
                today=desk.today,
                texts=tuple(_texts(desk, own))[:MOST_TEXTS],
                own_variables=tuple(desk.book.own_variables),
                refusal=explain(refusal) if refusal else None,
                scheduled=scheduled.total,
            )

    @on(PreviewByHand)
    async def preview_by_hand(self, message: PreviewByHand) -> Preview:
        """A text as the phone will show it then (D3, D4)."""
        connected = await self._connected()
        async with self._desk() as desk:
            client = await clients.find(desk.tx, message.client_id)
            template = written(desk, message.text)
            at = message.at or desk.now
            words, missing, too_long = fill(desk, template, client, at)
            refusal = rules.refusal(client)
            obstacle = await queue_obstacle(desk.tx, desk.book, desk.now, connected=connected)
            said = (explain(obstacle),) if obstacle in SAID_BEFORE else ()
            is_today = desk.local(at).date() == desk.today
            return Preview(
                row=cards.row_of(desk, client),
                today=desk.today,
                at=desk.local(at),
                words=words,
                missing=missing,
                refusal=explain(refusal) if refusal else too_long,
                by_day=rules.by_day(template.variables, today=is_today),
                warnings=(*rules.warnings(client), *said),
                soonest=desk.local(rules.soonest(desk.book.rules.window, desk.book.zone, desk.now)),
            )

    @on(ReadMoment)
    async def read_moment(self, message: ReadMoment) -> MomentRead:
        """A typed moment, or the nearest that works, offered."""
        async with self._desk() as desk:
            local_now = desk.local(desk.now)
            found = parse_moment(message.text, local_now, day=message.day)
            monthly_day = found.monthly_day or message.monthly_day
            if found.at is None:
                return _hours(desk, found.day, found.part, monthly_day)
            at = schedule.instant(found.day, found.at, desk.book.zone)
            at, says = checked(desk, at, monthly_day)
            local = desk.local(at)
            return MomentRead(at=local, day=local.date(), says=says, monthly_day=monthly_day)

    @on(GetHandMessage)
    async def get_hand_message(self, message: GetHandMessage) -> HandMessage:
        """One of them, as it stands."""
        async with self._desk() as desk:
            return await shown(desk, await by_hand.find(desk.tx, message.message_id))

    @on(GetHandMessages)
    async def get_hand_messages(self, message: GetHandMessages) -> HandMessages:
        """What is to come, and what did not go."""
        async with self._desk() as desk:
            row = None
            if message.client_id is not None:
                row = await cards.row(desk, message.client_id)
            since = desk.now - rules.OFFERED_AGAIN
            found = await by_hand.page(
                desk.tx, message.client_id, max(1, message.page), ROWS, since
            )
            return HandMessages(
                row=row,
                today=desk.today,
                messages=tuple([await shown(desk, one) for one in found.messages]),
                page=found.page,
                total=found.total,
                pages=pages_of(found.total),
            )


def written(desk: Desk, text: str) -> Template:
    """What a person wrote, checked: unknown variables are refused with the nearest name (D3)."""
    return parse(rules.check_text(text), desk.book.own_variables)


def fill(
    desk: Desk, template: Template, client: Client, at: datetime
) -> tuple[str | None, tuple[str, ...], str | None]:
    """The words at a moment, or what is missing, or the sentence that they are too many."""
    try:
        return desk.book.fill(template, client, at), (), None
    except MissingValue as error:
        return None, error.names, None
    except TextTooLong as error:
        return None, (), error.sentence


def checked(desk: Desk, at: datetime, monthly_day: int | None) -> tuple[datetime, str | None]:
    """A moment that works, and why it is another than was asked for; raises InvalidInput.

    One that repeats stays on its day: it is refused where its hour is outside the sending hours.
    """
    window, zone = desk.book.rules.window, desk.book.zone
    found, says = rules.check_moment(at, window, zone, desk.now)
    if monthly_day is not None and says is not None:
        raise InvalidInput(f"{says} Escreva outra hora para todo dia {monthly_day}.")
    return found, says


async def shown(desk: Desk, one: Scheduled) -> HandMessage:
    """A message by hand as screens show it, with its words as they would be then."""
    client = await clients.find(desk.tx, one.client_id)
    state, at = stands(desk, one)
    template = stored(one.text) or Template("", ())
    words, missing, _ = fill(desk, template, client, max(at, desk.now))
    is_today = desk.local(at).date() == desk.today
    return HandMessage(
        message_id=one.id,
        row=cards.row_of(desk, client),
        today=desk.today,
        state=state,
        at=desk.local(at),
        text=one.text,
        words=words,
        missing=missing,
        by_day=rules.by_day(template.variables, today=is_today),
        kind=one.kind,
        monthly_day=one.monthly_day,
        reason=one.reason or one.message_reason,
        state_sent=one.message_state,
    )


def stands(desk: Desk, one: Scheduled) -> tuple[HandState, datetime]:
    """How it stands, and the moment that counts: of one that repeats, the next."""
    if has_ended(one):
        return HandState.ENDED, one.at
    if one.state is ScheduledState.WAITING:
        return HandState.SCHEDULED, one.at
    if one.message_state in PENDING:
        return HandState.QUEUED, one.at
    if one.monthly_day is not None and (one.message_state in ENDED or one.attempt > 0):
        return HandState.SCHEDULED, rules.following(one.at, one.monthly_day, desk.book.zone)
    return HandState.GONE, one.at


def _texts(desk: Desk, own: list[by_hand.OwnText]) -> list[TextChoice]:
    """Those for writing by hand, then those of the kinds that are not switched off."""
    general = [TextChoice(one.name, Kind.GENERAL, one.body, one.id) for one in own]
    if not general:
        default = DEFAULT_TEMPLATES[Kind.GENERAL].text
        general = [TextChoice(DEFAULT_NAME, Kind.GENERAL, default)]
    off = {kind for kind, text in desk.charter.own_texts.items() if not text.active}
    kinds = [kind for kind in reversed(Kind) if kind is not Kind.GENERAL and kind not in off]
    return [
        *general,
        *(TextChoice(kind.label, kind, desk.book.templates[kind].text) for kind in kinds),
    ]


def _hours(desk: Desk, day: date, part: str, monthly_day: int | None) -> MomentRead:
    """The likely moments of a day whose hour was not said; raises InvalidInput for a past day."""
    if day < desk.today:
        raise InvalidInput(f"{short_date(day)} já passou. Escreva um dia de hoje em diante.")
    window, zone = desk.book.rules.window, desk.book.zone
    moments = [schedule.instant(day, hour, zone) for hour in likely_hours(part)]
    opens, closes = window.instants(day, zone)
    ahead = [at for at in moments if opens <= at < closes and at > desk.now + timedelta(minutes=1)]
    hours = tuple(desk.local(at) for at in ahead[:MOST_HOURS])
    if not hours and desk.now >= closes:
        at = desk.local(rules.soonest(window, zone, desk.now))
        says = f"O horário de envio de hoje já acabou ({rules.hours(window)})."
        return MomentRead(at=at, day=at.date(), says=says)
    return MomentRead(at=None, day=day, hours=hours, monthly_day=monthly_day)
