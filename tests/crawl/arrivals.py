"""What comes by itself: every notice there is, sent to an owner, and every button under it pressed.

A notice is made from its own fields, so a new kind of notice needs no entry here.
"""

import re
from collections.abc import Iterator
from dataclasses import MISSING, fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from itertools import islice, product
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from actors.messages.clients import ClientRow
from actors.messages.notices import Notice, Notify, Passing
from actors.messages.replies import Line, ReplyClient, ReplyNotice
from actors.runtime import Ref
from bot.screens.notices.notices import notice_view
from domain.due_dates import Status
from domain.replies import ReplyKind
from errors import TelegramAway
from tests.crawl.chat import Chat
from tests.crawl.house import NOW
from tests.crawl.seen import Seen
from tests.crawl.walk import Crawl

DEADLINE_SECONDS = 60.0
MOST_TRIES = 3
MOST_SAMPLES = 64
SAMPLES: dict[type, tuple[Any, ...]] = {
    bool: (True, False),
    int: (3,),
    float: (30.0,),
    str: ("aviso",),
    Decimal: (Decimal("79.90"),),
    date: (NOW.date(),),
    datetime: (NOW + timedelta(hours=3),),
    NoneType: (None,),
}
SOMEBODY = ReplyClient(
    row=ClientRow(3, "Ana Souza", NOW.date(), Status.DUE_SOON, archived=False),
    open_amount=Decimal("79.90"),
    opted_out=False,
)
WORDS = Line(kind=ReplyKind.TEXT, text="oi", name=None, size_bytes=None, seconds=None, at=NOW)
# What a field of that name holds, where its type does not say it.
NAMED: dict[str, tuple[Any, ...]] = {
    "phone": ("+5511955500142",),
    "names": (("pix_chave", "valor"), ("empresa",)),
    "problems": ({}, {"needs_qr": 2, "missing_values": 1}),
    "unbilled": ({}, {"sunday": 3}),
    "clients": ((SOMEBODY,),),
    "lines": ((WORDS,),),
}
# The next of these takes the place of the last.
FOLLOWING = frozenset({*get_args(Passing), ReplyNotice})


async def let_arrive(telegram: Ref, chat: Chat, shared: Crawl) -> None:
    """Send one of each to `chat`, and press what is under it, once on each kind of card."""
    pressed: set[tuple[str, str]] = set()
    for kind in get_args(Notice):
        for notice in islice(samples_of(kind), shared.most_of_a_notice):
            await _tell(telegram, Notify(chat.chat_id, notice))
            card = await chat.read_on()
            follows = kind in FOLLOWING
            if follows and (card is None or not card.presses):
                continue  # the chat has another screen in its place by now
            if card is None:
                shared.judge.findings.fault("dead_ends", f"nothing to see of {kind.__name__}")
                continue
            shared.judge.arrived(chat, f"aviso {kind.__name__}", card, follows=follows)
            shared.note(chat, card)
            for name, button in card.presses.items():
                if (card.screen, name) in pressed:
                    continue
                pressed.add((card.screen, name))
                place = f"aviso {kind.__name__} → {button.label} [{name}]"
                now = chat.shown(card.message_id)
                await shared.press(chat, now, button.data or "", place)


async def _tell(telegram: Ref, news: Notify) -> None:
    """Tell it, and again as a tenant does when Telegram did not take it in time."""
    for _ in range(MOST_TRIES):
        try:
            await telegram.ask(news, deadline=DEADLINE_SECONDS)
        except TelegramAway:
            continue
        return


def samples_of(kind: Any) -> Iterator[Any]:
    """Some of `kind`, so that each value of an enum and each absence is there."""
    types = get_type_hints(kind)
    names = [one.name for one in fields(kind)]
    choices = [_values(one.name, types[one.name], has_default(one)) for one in fields(kind)]
    for values in product(*choices):
        yield kind(**dict(zip(names, values, strict=True)))


def has_default(field: Any) -> bool:
    """Whether a field may be left out."""
    return field.default is not MISSING or field.default_factory is not MISSING


def _values(name: str, annotation: Any, optional: bool) -> tuple[Any, ...]:
    if name in NAMED:
        return NAMED[name]
    if annotation in SAMPLES:
        return SAMPLES[annotation]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return tuple(annotation)
    origin = get_origin(annotation)
    if origin in {tuple, list, dict}:
        return (origin(),)
    if origin is not None or get_args(annotation):  # a union
        return tuple(v for one in get_args(annotation) for v in _values("", one, optional))
    return tuple(samples_of(annotation))


async def titles(names: re.Pattern[str]) -> set[str]:
    """What is written on top of each notice there is."""
    views = [
        await notice_view(notice, NOW) for kind in get_args(Notice) for notice in _some_of(kind)
    ]
    return {Seen(0, view.text, (), names=names).title for view in views}


def _some_of(kind: Any) -> Iterator[Any]:
    for one in islice(samples_of(kind), MOST_SAMPLES):
        yield from (one, _of_one(one))


def _of_one(notice: Any) -> Any:
    """The same with 1 for each number: one message waits, several wait."""
    numbers = [one.name for one in fields(notice) if type(getattr(notice, one.name)) is int]
    return replace(notice, **dict.fromkeys(numbers, 1))
