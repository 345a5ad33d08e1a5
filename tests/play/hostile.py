"""What somebody can send who builds buttons by hand, or types what nobody should.

Buttons are made from the classes that the screens declare, field by field: a new class is covered
as soon as a screen answers it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, get_args

from aiogram.filters.callback_data import CallbackData

from bot.screens import find_screens
from bot.screens.schedule.buttons import Timed
from bot.telegram.routes import Routes
from bot.ui.buttons import Back, Go, PageCount
from bot.ui.form import Act, Form, FormPress
from bot.ui.screen import Audience
from domain.clients import ClientField
from domain.company import CompanyField

ROUTES = Routes(find_screens())
# Who does not administer has no way into the rest, and presses it all the same.
OPEN = [screen for screen in find_screens() if screen.audience is not Audience.ADMINS]
FORMS: Mapping[str, Form] = {form.key: form for screen in OPEN for form in screen.forms.values()}
EVERY_FORM = [form for screen in find_screens() for form in screen.forms.values()]
QUESTIONS: Sequence[str] = [key for screen in OPEN for key in screen.questions]
# What deletes comes last: a shop that has nothing left is no target.
DELETES = ("Delete", "Drop", "Erase")
CLASSES: Sequence[type[CallbackData]] = sorted(
    (*ROUTES.button_classes.values(), FormPress, Go, Back, PageCount),
    key=lambda kind: kind.__name__.startswith(DELETES),
)
MOST_BYTES = 64
HUGE = (2**31, 2**63 - 1, 2**63, 10**30)
ODD_NUMBERS = ("-1", "0", *map(str, HUGE), "1_0", "١", " 1", "1.0", "1e3", "0x1", "", "a", "None")
ODD_TEXTS = (
    "", "x", "é" * 12, "a1~%", "a1~'; DROP TABLE", "{0.__class__}", "%s%n", "<b>", "\u202e", "a0",
    "a99999999", "gnowhere", "g", "zz", "..", "e", "m.", "p", "r", "t", "\x00", "l" * 40,
)  # fmt: skip
# Buttons whose field means another thing than its name says elsewhere.
MEANT = {
    **{(prefix, "message_id"): "hand_id" for prefix in ("bo", "be", "bx")},
    **{(prefix, "message_id"): "billing_id" for prefix in ("qa", "dm")},
    **{(prefix, "client_id"): "billed_id" for prefix in ("yc", "yd", "ye")},
    ("be", "what"): "hand_part",
    ("hp", "key"): "section",
}
HONEST = {
    "field": "name",
    "switch": "b",
    "what": "a",
    "kind": "r",
    "hand_part": "t",
    "section": "clients",
    "day": "261127",
    "phone": "5511955500188",
}


@dataclass(frozen=True, slots=True)
class Ids:
    """One of each thing that a shop has: its number, or what names it, by the field of a button."""

    numbers: Mapping[str, int]
    texts: Mapping[str, str]

    def origins(self) -> list[str]:
        """Ways back that hold its numbers."""
        one = self.numbers
        return [
            f"e{one['client_id']}.la1",
            f"r{one['client_id']}..la1",
            f"m{one['client_id']}.la1",
            f"p{one['payment_id']}.1cla1",
            f"t{one['client_id']}~la1",
            f"q{one['message_id']}.gtoday",
            f"la1.{one['tag_id']}",
            f"i{one['import_id']}",
            f"y{one['talk_id']}",
            f"H{one['client_id']}.la1",
            f"Q{one['hand_id']}.0.1.",
            f"xc1.{self.texts['key']}",
            f"xk{one['client_id']}",
        ]

    def of(self, kind: type[CallbackData], name: str, annotation: Any) -> object:
        """What a field holds in an honest button of this shop."""
        if (kind.__prefix__, name) in MEANT:
            return self.of(kind, MEANT[kind.__prefix__, name], annotation)
        if name in self.numbers:
            return self.numbers[name]
        assert not name.endswith("_id"), f"a shop has no {name} to be pressed by others"
        kinds = [kind for kind in (get_args(annotation) or (annotation,)) if isinstance(kind, type)]
        if any(issubclass(kind, Enum) for kind in kinds):
            return next(iter(kinds[0]))  # type: ignore[call-overload]
        honest: dict[type, object] = {bool: True, int: 1, str: ""}
        named = {**HONEST, **self.texts}
        return named.get(name, honest[kinds[0]])


def theirs(ids: Ids) -> Iterator[str]:
    """Every button of a shop as it is, to be pressed by somebody else; each enum value in turn."""
    for kind in CLASSES:
        values = _honest(kind, ids)
        yield _packed(kind, values)
        for name, field in kind.model_fields.items():
            for value in _others_of(field.annotation):
                yield _packed(kind, {**values, name: value})
    yield from (_packed(Back, {"to": origin}) for origin in ids.origins())
    for form in EVERY_FORM:
        for act in Act:
            step = form.steps[0].field
            yield _packed(FormPress, {"form": form.key, "number": ids.numbers["number"], "act": act,
                                      "step": step, "index": 0})  # fmt: skip


def mixed(mine: Ids, foreign: Ids) -> Iterator[str]:
    """One's own buttons with one field that is another's, odd, or of another type."""
    for kind in CLASSES:
        values = _honest(kind, mine)
        for name, field in kind.model_fields.items():
            for value in (*_foreign(field.annotation, foreign), *_odd(field.annotation)):
                yield _packed(kind, {**values, name: value})


def broken() -> Iterator[str]:
    """Buttons that are none: too few parts, too many, junk."""
    for kind in CLASSES:
        yield from (f"{kind.__prefix__}{rest}" for rest in ("", ":", "::::::::", ":" + "9" * 58))
    yield from ("", ":", ":::", "\x00", "go", "no such", "é" * 32, "🙂" * 16, "x" * MOST_BYTES)


def _honest(kind: type[CallbackData], ids: Ids) -> dict[str, object]:
    return {name: ids.of(kind, name, field.annotation) for name, field in kind.model_fields.items()}


def _packed(kind: type[CallbackData], values: Mapping[str, object]) -> str:
    parts = [kind.__prefix__, *map(_written, values.values())]
    return ":".join(parts).encode()[:MOST_BYTES].decode(errors="ignore")


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return str(value.value) if isinstance(value, Enum) else str(value)


def _others_of(annotation: Any) -> Iterator[object]:
    for kind in get_args(annotation) or (annotation,):
        if kind is bool:
            yield False
        elif isinstance(kind, type) and issubclass(kind, Enum):
            yield from list(kind)[1:]


def _foreign(annotation: Any, ids: Ids) -> Iterator[object]:
    kinds = get_args(annotation) or (annotation,)
    if int in kinds:
        yield from sorted(set(ids.numbers.values()))
    if str in kinds:
        yield from (*ids.origins(), *ids.texts.values())


def _odd(annotation: Any) -> Iterator[str]:
    kinds = get_args(annotation) or (annotation,)
    yield from ODD_TEXTS if str in kinds else ODD_NUMBERS


# What is typed and sent

LONG = "á" * 10_000
TYPED = {
    "10.000 letters": LONG,
    "right to left": "\u202eموعد\u202c أهلا \u2066x",
    "nothing to be seen": "\u200b\u200d\ufeff\u2800\u3164",
    "NUL": "oi\x00tchau",
    "half a letter": "Ana \ud83d Souza",
    "SQL": "'; DROP TABLE clients; --",
    "HTML": "<b>oi</i> <script>alert(1)</script> &lt; <a href='tg://x'>",
    "braces": "{0} {nome!r} {{}} {",
    "percents": "%s %d %(x)s %n",
    "joined emoji": "👨‍👩‍👧‍👦🏳️‍🌈",
    "many lines": "\n".join("linha" for _ in range(400)),
    "stacked accents": "Z" + "\u0301" * 300,
    "digits of other scripts": "١٢٣٤٥٦٧٨٩ ７９,９０",
    "a number without end": "9" * 400,
    "a date that is none": "31/02/2026",
    "less than nothing": "-1",
    "an unknown command": "/nada",
    "JSON": '{"value": [1, null]}',
}
SENT: dict[str, dict[str, Any]] = {
    "a sticker": {"sticker": {"file_id": "s", "file_unique_id": "us", "type": "regular",
                              "width": 1, "height": 1, "is_animated": False, "is_video": False}},
    "a voice message": {"voice": {"file_id": "v", "file_unique_id": "uv", "duration": 2}},
    "a place": {"location": {"latitude": -23.5, "longitude": -46.6}},
    "a dice": {"dice": {"emoji": "🎲", "value": 3}},
    "a contact without a number": {"contact": {"phone_number": "", "first_name": "<b>{}%s"}},
    "a file that is nowhere": {"document": {"file_id": "none", "file_unique_id": "none",
                                            "file_name": "../../a.xlsx", "file_size": 3}},
    "a picture": {"photo": [{"file_id": "p", "file_unique_id": "up", "width": 1, "height": 1}],
                  "caption": "'; DROP TABLE"},
}  # fmt: skip


def openers(ids: Ids) -> dict[str, Sequence[str]]:
    """The buttons and commands that begin each form, by its key."""
    client, payment = ids.numbers["client_id"], ids.numbers["payment_id"]
    talk = f"{ids.numbers['talk_id']}:{ids.numbers['billed_id']}"
    return {
        "pay_email": (),  # for who has none, once a PIX is asked for
        "mine": ("ae:name", "ae:email", "ae:phone"),
        "edit": [
            *(f"ef:{client}:{field}:" for field in (*ClientField, "o0")),
        ],
        "field": ("go:new_field", f"fr:{ids.numbers['field_id']}"),
        "received": (f"pn:{client}:",),
        "right": [f"pf:{payment}:{what}:1:0:" for what in "adn"],
        "novo": ("nc:",),
        "renew_date": (f"rd:{client}::",),
        "renew_amount": (f"ra:{client}:",),
        "tag": ("tn:0:", f"tr:{ids.numbers['tag_id']}"),
        "pix": ("go:pix_edit",),
        "company": [f"ec:{field}" for field in CompanyField],
        "erase": ("go:erase",),
        "hand": (f"bw:{client}:", f"be:{ids.numbers['hand_id']}:w:0:1:"),
        "answer_reply": (f"yc:{talk}",),
        "promise": (f"yd:{talk}",),
        "quiet": ("yh",),
        "text_name": ("go:new_text", f"xn:{ids.texts['key']}:1"),
        "signup": (),  # for who has no account
    }


def alone(ids: Ids) -> dict[str, str]:
    """The button that leads to each question outside of a form, by the question."""
    return {
        **{f"sched:{which}": f"sct:{which}" for which in Timed},
        "sched:window": "go:sched_window",
        "sched:zone": "go:sched_zone",
        "sched:holiday": "go:sched_days",
        "rehearsal_day": "go:rehearsal_day",
        "find": "go:find",
        "wa_code": "go:wa_code",
        "wa_test": "go:wa_test_other",
        "text": f"xo:{ids.texts['key']}:1",
    }
