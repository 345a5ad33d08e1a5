"""What a chat shows, as the HTML of a phone: header, bubbles, buttons, toast, typing box.

A pure function of the messages as the Telegram stand-in tells them: same chat, same page.
"""

import base64
import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

from domain.due_dates import long_date
from playground.pictures.richtext import page_html

STYLE = Path(__file__).with_name("chat.css")
PLACEHOLDER = "Mensagem"
KILOBYTE = 1024
MOST_FOUND = 6
STYLES = frozenset({"primary", "success", "danger"})
STATUS = (
    "<div class=status><span>{clock}</span>"
    "<span class=signs><i></i><i></i><i></i><b></b></span></div>"
)
HEADER = (
    "<div class=head><span class=back></span><span class=face>ED</span>"
    "<div><b>EmDia</b><small>bot</small></div><span class=dots></span></div>"
)
TYPING = (
    "<div class=typing><span class=menu>Menu</span><span class=words>{words}</span>"
    "<span>📎</span><span>🎤</span></div>"
)
COPIES = (
    "<svg class=mark viewBox='0 0 11 11'><rect x=3.5 y=3.5 width=6.5 height=6.5 rx=1.3 />"
    "<path d='M7.5 1.2H2.4A1.2 1.2 0 0 0 1.2 2.4v5.1'/></svg>"
)
LEADS_OUT = "<svg class=mark viewBox='0 0 11 11'><path d='M2 9 9 2M4 2h5v5'/></svg>"
TICKS = "<svg class=ticks viewBox='0 0 16 9'><path d='M1 5 4 8 11 1M7 7 8 8 15 1'/></svg>"
MARKS = {
    "copy_text": COPIES,
    "url": LEADS_OUT,
    "switch_inline_query": LEADS_OUT,
    "switch_inline_query_current_chat": LEADS_OUT,
    "switch_inline_query_chosen_chat": LEADS_OUT,
}

Message = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shot:
    """A chat at one moment: its visible messages, oldest first, and what lies over them."""

    messages: Sequence[Message]
    now: datetime
    files: Mapping[str, bytes] = field(default_factory=dict)
    toast: str = ""
    dark: bool = False
    found: Sequence[tuple[str, str]] = ()
    """What a search in the typing box offers: a title each, and the line below it."""
    typed: str = ""
    keys: Sequence[Sequence[Mapping[str, Any]]] = ()
    """The keyboard below the typing box."""


def page(shot: Shot, styles: Sequence[str] = ()) -> str:
    """The page of `shot`; `styles` are addresses of further style sheets, such as the fonts."""
    links = "".join(f'<link rel=stylesheet href="{html.escape(one)}">' for one in styles)
    shown = [one for one in shot.messages if not (one.get("deleted") or one.get("service"))]
    pinned = next((one for one in reversed(shown) if one.get("pinned")), None)
    chat = "".join(_chat([one for one in shown if one is not pinned], shot))
    return (
        f"<!doctype html><html lang=pt-BR><head><meta charset=utf-8>{links}"
        f"<style>{STYLE.read_text(encoding='utf-8')}</style></head>"
        f"<body class={'dark' if shot.dark else 'light'}><div class=phone>"
        f"{STATUS.format(clock=f'{shot.now:%H:%M}')}{HEADER}{_board(pinned)}"
        f"<div class=chat>{chat}</div>{_found(shot.found)}{_typing(shown, shot)}"
        f"{_toast(shot.toast)}</div></body></html>"
    )


def _chat(messages: Sequence[Message], shot: Shot) -> Iterator[str]:
    day: date | None = None
    for message in messages:
        at = _when(message, shot.now.tzinfo)
        if at.date() != day:
            day = at.date()
            yield f"<span class=day>{long_date(day).rpartition(' de ')[0]}</span>"
        yield _row(message, f"{at:%H:%M}", shot.files)


def _row(message: Message, clock: str, files: Mapping[str, bytes]) -> str:
    mine = message["from"] == "person"
    rows = message.get("buttons") or []
    kinds = ["mine"] * mine + ["wide"] * bool(rows or message.get("photo"))
    text = html.escape(message["html"]) if mine else page_html(message["html"])
    ticks = TICKS if mine else ""
    body = f"<div class=text>{text}<span class=clock>{clock}{ticks}</span></div>"
    return (
        f'<div class="row {" ".join(kinds)}"><div class=bubble>{_file(message, files)}{body}</div>'
        f"{_keyboard(rows)}</div>"
    )


def _file(message: Message, files: Mapping[str, bytes]) -> str:
    """The picture or the document of a message."""
    picture, document = message.get("photo") or message.get("sticker"), message.get("document")
    contact = message.get("contact")
    if picture:
        data = base64.b64encode(files[picture]).decode()
        return f'<img class=picture src="data:image/png;base64,{data}">'
    if document:
        name = str(message.get("file_name") or "arquivo")
        size = _size(len(files.get(document, b"")))
        return _card(name.rpartition(".")[2][:4].upper(), name, size)
    if contact:
        name = str(contact.get("first_name") or "")
        return _card(name[:1].upper(), name, str(contact.get("phone_number") or ""))
    return ""


def _card(sign: str, name: str, below: str) -> str:
    """A file or a contact: a round sign, a name and a line below it."""
    sign, name, below = map(html.escape, (sign, name, below))
    words = f"<div><b>{name}</b><small>{below}</small></div>"
    return f"<div class=file><span class=sheet>{sign}</span>{words}</div>"


def _keyboard(rows: Sequence[Sequence[Mapping[str, Any]]]) -> str:
    if not rows:
        return ""
    lines = "".join(f"<div>{''.join(map(_button, row))}</div>" for row in rows)
    return f"<div class=keyboard>{lines}</div>"


def _button(button: Mapping[str, Any]) -> str:
    style = button.get("style")
    kind = style if style in STYLES else "plain"
    mark = next((drawn for name, drawn in MARKS.items() if name in button), "")
    return f'<span class="button {kind}"><span>{html.escape(button["text"])}</span>{mark}</span>'


def _board(pinned: Message | None) -> str:
    """What is pinned, in two lines: its first line and the rest."""
    if pinned is None:
        return ""
    first, _, rest = pinned["html"].strip().partition("\n")
    second = " · ".join(line for line in rest.split("\n") if line.strip())
    words = f"<b>{page_html(first)}</b><span>{page_html(second)}</span>"
    return f"<div class=board><i></i><div>{words}</div></div>"


def _found(results: Sequence[tuple[str, str]]) -> str:
    """What lies above the typing box while somebody searches from there."""
    rows = "".join(
        f"<div><b>{html.escape(title)}</b><span>{html.escape(below)}</span></div>"
        for title, below in results[:MOST_FOUND]
    )
    return f"<div class=found>{rows}</div>" if rows else ""


def _typing(messages: Sequence[Message], shot: Shot) -> str:
    """The typing box: what is typed, or what the last screen asks for; the keyboard below it."""
    boxes = [one.get("box") or {} for one in messages if one["from"] == "bot"] or [{}]
    asked = html.escape(str(boxes[-1].get("placeholder") or PLACEHOLDER))
    words = f"<b>{html.escape(shot.typed)}</b>" if shot.typed else asked
    return TYPING.format(words=words) + _keys(shot.keys)


def _keys(rows: Sequence[Sequence[Mapping[str, Any]]]) -> str:
    lines = ("".join(f"<span>{html.escape(key['text'])}</span>" for key in row) for row in rows)
    drawn = "".join(f"<div>{line}</div>" for line in lines)
    return f"<div class=keys>{drawn}</div>" if drawn else ""


def _toast(text: str) -> str:
    return f"<div class=toast>{html.escape(text)}</div>" if text else ""


def _when(message: Message, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(int(message["date"]), zone)


def _size(amount: int) -> str:
    if amount < KILOBYTE:
        return f"{amount} B"
    return f"{amount / KILOBYTE:.1f} KB".replace(".", ",")
