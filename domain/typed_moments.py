"""Moments as people type them in Portuguese: amanhã 9h, daqui a 2 horas, todo dia 5 às 10h.

Nothing is guessed: a day without an hour is answered as a day, and the hour asked for. `now` is the
tenant's local time, and so is every answer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.due_dates import day_in_month, in_months
from domain.schedule import parse_time
from domain.text import fold, plain
from domain.typed_dates import LONGEST_MONTH_DAYS, parse_date
from errors import InvalidInput

MAX_TYPED_CHARS = 60
MOST_AHEAD = timedelta(days=366)
ONE_MINUTE = timedelta(minutes=1)
EXAMPLES = "amanhã 9h, sexta às 18:30, dia 5 às 10h ou daqui a 2 horas"

_PARTS = ("manha", "tarde", "noite")
# Hours that are meant by a part of the day, the likeliest first.
_HOURS = {
    "manha": (8, 9, 10, 11),
    "tarde": (13, 14, 15, 16, 17),
    "noite": (18, 19, 20),
    "": (9, 10, 14, 18),
}
_COUNTS = {"um": 1, "uma": 1, "dois": 2, "duas": 2, "tres": 3, "quatro": 4, "cinco": 5, "dez": 10}
_COUNTS |= {"seis": 6, "oito": 8, "doze": 12, "quinze": 15, "vinte": 20, "trinta": 30}
_COUNT = rf"(?:\d{{1,4}}|{'|'.join(_COUNTS)})"
_IN = r"(?:daqui|dentro|em)(?: a| de| em)? "
_IN_HOURS = re.compile(
    rf"{_IN}(?P<hours>{_COUNT}) ?(?:h|hrs?|horas?)"
    rf"(?: e (?P<half>meia)|(?: e )? ?(?P<more>{_COUNT}) ?(?:m|min|minutos?)?)?",
    re.ASCII,
)
_IN_MINUTES = re.compile(rf"{_IN}(?P<minutes>{_COUNT}) ?(?:m|min|minutos?)", re.ASCII)
_HALF_AN_HOUR = re.compile(rf"{_IN}meia hora")
_EVERY_MONTH = re.compile(
    r"\b(?:(?:todo|cada)s?(?: os)? (?:mes(?:es)?)|por mes|mensal(?:mente)?)\b[ ,]*", re.ASCII
)
_EVERY_DAY_N = re.compile(
    r"\b(?:todo|cada)s?(?: os)?(?= dias? \d| ultimos? dias?\b| (?:fim|final) de mes)", re.ASCII
)
_TOO_OFTEN = re.compile(r"\b(?:todo|toda|todos|todas|cada)\b|\bdiari|\bsemanal", re.ASCII)
_LAST_DAY = re.compile(r"\b(?:no )?(?:ultimo dia|fim|final)(?: d[eo] (?:cada )?mes)?\b", re.ASCII)
_PART = re.compile(rf"[ ,]*\b(?:(?:d[ea]|a|pela|na) )?\b(?P<part>{'|'.join(_PARTS)})$", re.ASCII)
# What an hour looks like when it stands alone: a bare number is a day as well.
_HOUR = re.compile(r"\d{1,2} ?(?:h|:|\.\d\d\b|hora)|meio[ -]dia|\d (?:da|de) (?:manha|tarde|noite)")
_SURELY_AN_HOUR = re.compile(r"\d ?(?:h|:|hora)|meio[ -]dia")
# Before these a number is an hour; after "dia 5" it may be a month.
_BEFORE_A_BARE_HOUR = re.compile(r"[a-z]{3}$|\d/\d{1,4}$|-feira$", re.ASCII)
_BARE = re.compile(r"\d{1,2}")
_INTRODUCED = re.compile(r"^(?:as?|ao|por volta d[ae]s?) (?=\S)")
_AROUND = " ,;.-"
_UNCLEAR = "Não entendi"
_JOINING = re.compile(r"^(?:d[eo]|n[oa]|em|para|pra) (?=\S)")


@dataclass(frozen=True, slots=True)
class TypedMoment:
    """What was typed: `at` is None where only a day was said, `part` what was said of its hour.

    `monthly_day` is the day of the month it comes back on, None for once (C13).
    """

    day: date
    at: time | None
    part: str = ""
    monthly_day: int | None = None

    @property
    def moment(self) -> datetime | None:
        """The local moment, without a zone; None while the hour is open."""
        return None if self.at is None else datetime.combine(self.day, self.at)


def parse_moment(text: str, now: datetime, *, day: date | None = None) -> TypedMoment:
    """The moment in `text`, never one that is past; raises InvalidInput.

    `day`: the day that was said before, where only its hour was still open.
    """
    typed = plain(text)
    words = fold(typed).strip(" '\"“”.,;!?()")
    if not words or len(typed) > MAX_TYPED_CHARS:
        raise _not_understood(typed)
    if words in {"agora", "agora mesmo", "ja"}:
        soon = (now + ONE_MINUTE).replace(second=0, microsecond=0, tzinfo=None)
        return TypedMoment(soon.date(), soon.time())
    words, monthly = _every_month(words)
    if monthly is None and (ahead := _ahead(words)) is not None:
        moment = (now + ahead).replace(second=0, microsecond=0, tzinfo=None)
        return _far_enough(TypedMoment(moment.date(), moment.time()), now)
    if day is not None and (hour := _hour_of(words, bare=True)) is not None:
        return TypedMoment(day, hour)
    found = _split(words, now, typed)
    if monthly is None:
        return _far_enough(found, now)
    month_day = found.day.day if monthly == 0 else monthly
    first = _first_after(month_day, found.at or time.max, now)
    return TypedMoment(first, found.at, found.part, month_day)


def likely_hours(part: str) -> tuple[time, ...]:
    """The hours that may be meant by a part of the day; of any where `part` is empty."""
    return tuple(time(hour) for hour in _HOURS.get(part, _HOURS[""]))


def next_monthly(day: date, monthly_day: int) -> date:
    """The agreed day in the month after `day`'s; a month that lacks it has its last (C13)."""
    following = in_months(day.replace(day=1), 1)
    return day_in_month(following.year, following.month, monthly_day)


def _every_month(words: str) -> tuple[str, int | None]:
    """The words without "todo mês", and the day that repeats: 0 for whatever day they name.

    None for once. Raises InvalidInput for what repeats more often.
    """
    rest, months = _EVERY_MONTH.subn("", words)
    rest, days = _EVERY_DAY_N.subn("", rest)
    if not (months or days):
        if _TOO_OFTEN.search(words):
            raise InvalidInput("Só repito uma vez por mês. Escreva, por exemplo: todo dia 5 às 9h.")
        return words, None
    rest = rest.strip(_AROUND)
    if _LAST_DAY.search(rest):
        # Any day will do for reading the hour beside it.
        return _LAST_DAY.sub("dia 31", rest).strip(_AROUND), LONGEST_MONTH_DAYS
    if not re.search(r"\d", rest) or (
        not days and not re.search(r"dia|/|^\d{1,2}\b(?! ?[h:])", rest)
    ):
        raise InvalidInput("Em que dia do mês? Escreva, por exemplo: todo dia 5 às 9h.")
    named = re.match(r"(?:no |ao )?dias? (\d{1,2})\b", rest)
    return (rest, int(named[1])) if named else (rest, 0)


def _ahead(words: str) -> timedelta | None:
    if _HALF_AN_HOUR.fullmatch(words):
        return timedelta(minutes=30)
    if minutes := _IN_MINUTES.fullmatch(words):
        return timedelta(minutes=_count(minutes["minutes"]))
    if hours := _IN_HOURS.fullmatch(words):
        more = 30 if hours["half"] else _count(hours["more"] or "0")
        return timedelta(hours=_count(hours["hours"]), minutes=more)
    return None


def _count(word: str) -> int:
    return _COUNTS[word] if word in _COUNTS else int(word)


def _split(words: str, now: datetime, typed: str) -> TypedMoment:
    """A day and an hour in either order, an hour alone, or a day alone."""
    if (alone := _hour_of(words, bare=False)) is not None:
        return TypedMoment(now.date(), alone)
    refused: InvalidInput | None = None
    for hour, rest in _halves(words):
        day_words, part = _without_part(rest)
        try:
            day = parse_date(day_words, now.date()) if day_words else now.date()
        except InvalidInput as error:
            refused = refused if error.sentence.startswith(_UNCLEAR) else error
            continue
        return TypedMoment(day, _in_part(hour, part), part)
    if refused is not None:
        raise refused
    if _SURELY_AN_HOUR.search(words):
        raise _not_understood(typed)
    day_words, part = _without_part(words)
    if not day_words and part:
        return TypedMoment(now.date(), None, part)
    if _BARE.fullmatch(day_words):
        raise InvalidInput(
            f"{words} é o dia {words} ou são {words} horas? Escreva “dia {words}” ou “{words}h”."
        )
    try:
        return TypedMoment(parse_date(day_words, now.date()), None, part)
    except InvalidInput as error:
        if error.sentence.startswith(_UNCLEAR):
            raise _not_understood(typed) from None
        raise


def _halves(words: str) -> Iterator[tuple[time, str]]:
    """Every way to read one end of the words as an hour, with the words that are left."""
    tokens = words.split(" ")
    for at in range(1, len(tokens)):
        before, after = " ".join(tokens[:at]).strip(_AROUND), " ".join(tokens[at:]).strip(_AROUND)
        bare = _BEFORE_A_BARE_HOUR.search(before) is not None
        if (hour := _hour_of(after, bare=bare)) is not None:
            yield hour, before
        elif (hour := _hour_of(before, bare=False)) is not None:
            yield hour, _JOINING.sub("", after)


def _hour_of(words: str, *, bare: bool) -> time | None:
    """The hour that `words` are, or None; a number alone is one only where nothing else is."""
    named = _INTRODUCED.sub("", words)
    said = bare or named != words or _HOUR.search(named)
    if not said:
        return None
    try:
        return parse_time(named)
    except InvalidInput:
        return None


def _without_part(words: str) -> tuple[str, str]:
    """The words without the part of the day at their end, and that part."""
    found = _PART.search(words)
    if found is None:
        return words, ""
    return words[: found.start()].strip(_AROUND), found["part"]


def _in_part(hour: time, part: str) -> time:
    """An hour in the part of the day that was said beside it: 8 at night is 20:00."""
    if not part or hour.hour > len(_HOURS) * 3:
        return hour
    try:
        return parse_time(f"{hour:%H:%M} da {part}")
    except InvalidInput:
        raise InvalidInput(f"Não entendi o horário. Escreva assim: {EXAMPLES}.") from None


def _first_after(month_day: int, at: time, now: datetime) -> date:
    """The first such day of a month whose moment is still ahead."""
    if not 1 <= month_day <= LONGEST_MONTH_DAYS:
        raise InvalidInput(f"O dia {month_day} não existe. Use um dia de 1 a {LONGEST_MONTH_DAYS}.")
    this = day_in_month(now.year, now.month, month_day)
    is_ahead = datetime.combine(this, at) > now.replace(tzinfo=None)
    return this if is_ahead else next_monthly(this, month_day)


def _far_enough(found: TypedMoment, now: datetime) -> TypedMoment:
    if found.day - now.date() > MOST_AHEAD:
        raise InvalidInput("Isso é longe demais: marco mensagens para até um ano.")
    return found


def _not_understood(typed: str) -> InvalidInput:
    shown = typed[:MAX_TYPED_CHARS]
    return InvalidInput(f"Não entendi quando é “{shown}”. Escreva assim: {EXAMPLES}.")
