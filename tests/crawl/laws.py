"""The laws of a screen that a machine can check, each over one screen as it is seen.

What is checked, exactly:
1. At most one button is `primary` or `success`; any number may be `danger`.
2. A text and its rows fit on a phone, as `bot/ui/measure.py` draws them. Not pictures, nor
   the editor of texts, which shows a text and what becomes of it at once.
4. Home is there, and Voltar where something lies behind (told by who calls); one of each.
9. A row about a client is emoji + name · dd/mm, then at most one part of 14 characters; a name is
   cut between words, never after "de", "da", "dos". A label fits its share of the keyboard.
10. An emoji of a state right before a count of 1 or more, or at the start of a line that ends its
   words with ": count", has a button with that emoji and that number on the same screen. Money is
   not checked: nobody can tell which list it adds up from. Nor is ✅ as the first word, which says
   that something was done, nor the title of a list, nor a line whose list follows below. Home is
   left out by who calls.
"""

import re
from collections.abc import Iterator

from bot.ui import measure
from tests.crawl.seen import BACK, HOME, Button, Seen

SMALL_WORDS = frozenset({"de", "da", "do", "dos", "das", "e"})
STATES = "🟢🟡🔴✅✔🚫🕒🔁✍❌⌛👀📤⏳❔⚠"
NEXT_STEP = frozenset({"primary", "success"})
MOST_LAST_PART = 14
DATE = r"\d\d/\d\d(?:/\d{4})?"
CLIENT_ROW = re.compile(rf"^\S+ (?P<name>.+?) · {DATE}(?: · (?P<rest>.*))?$")
LENGTH = r"(?! ?(?:dias?|horas?|min|mês|meses|º|ª|°|%))"  # of time, or a rank: no count
COUNT = re.compile(rf"([{STATES}])\ufe0f? ?(\d[\d.]*+)(?![/:,]\d){LENGTH}")
ENDING_COUNT = re.compile(rf"^([{STATES}])\ufe0f? [^\d\n]*: (\d[\d.]*)(?:\s|$|\.)", re.MULTILINE)
DONE = "✅"
EDITOR = "✏️ <b>"
OF_TAGS = ("tg:", "lg:", "cl:")
LIST_BELOW = re.compile(r"^.*:$", re.MULTILINE)


def one_next_step(seen: Seen) -> Iterator[str]:
    """Law 1."""
    coloured = [button.label for button in seen.buttons if button.style in NEXT_STEP]
    if len(coloured) > 1:
        yield f"law 1: more than one coloured next step: {', '.join(coloured)}"


def fits_a_phone(seen: Seen, *, pinned: bool = False) -> Iterator[str]:
    """Law 2."""
    rows = len(seen.rows)
    if seen.source.startswith(EDITOR) and "<pre>" in seen.source:
        return
    if not (seen.picture or seen.document or measure.fits(seen.source, rows, pinned=pinned)):
        yield f"law 2: {measure.points(seen.source, rows):.0f} points high"


def has_ways(seen: Seen, *, behind: bool) -> Iterator[str]:
    """Law 4, but for the lack of a way home, which is a dead end and counted as such."""
    for sign in (HOME, BACK):
        if sum(button.label.startswith(sign) for button in seen.buttons) > 1:
            yield f"law 4: {sign} more than once"
    if behind and seen.home is not None and seen.back is None:
        yield "law 4: something lies behind, and there is no Voltar"


def names_and_labels(seen: Seen) -> Iterator[str]:
    """Law 9."""
    labels = [[button.label for button in row] for row in seen.rows]
    for label in measure.cut_labels(labels):
        yield f"law 9: “{label}” is wider than its button"
    for button in seen.buttons:
        yield from _client_row(seen, button)


def numbers_open_lists(seen: Seen) -> Iterator[str]:
    """Law 10."""
    labels = [button.label.replace("\ufe0f", "") for button in seen.buttons]
    title, _, below = seen.text.removeprefix(DONE).partition("\n")
    is_list = any(CLIENT_ROW.match(button.label) for button in seen.buttons)
    counted = LIST_BELOW.sub("", below if is_list else f"{title}\n{below}")
    found = {*COUNT.findall(counted), *ENDING_COUNT.findall(counted)}
    for emoji, count in sorted(found):
        number = count.rstrip(".")
        if number.strip("0."):
            wanted = re.compile(rf"{emoji}.*(?<![\d/]){re.escape(number)}(?![\d/])")
            if not any(wanted.search(label) for label in labels):
                yield f"law 10: a count of {emoji} opens nothing"


def _client_row(seen: Seen, button: Button) -> Iterator[str]:
    """A row about a client: one that names somebody and can be pressed."""
    data = button.data or ""
    is_client = data and not data.startswith(OF_TAGS)
    is_named = is_client and seen.names is not None and seen.names.search(button.label)
    if not is_named or len(seen.rows) == 0 or " · " not in button.label:
        return
    found = CLIENT_ROW.match(button.label)
    if found is None:
        yield f"law 9: “{button.label}” is not emoji + name · dd/mm"
        return
    if len(found["rest"] or "") > MOST_LAST_PART or " · " in (found["rest"] or ""):
        yield f"law 9: “{button.label}” says too much after the date"
    if found["name"].endswith("…"):
        *_, last = found["name"].rstrip("…").split()
        if last.lower() in SMALL_WORDS or not found["name"][-2].isalpha():
            yield f"law 9: “{button.label}” is cut after “{last}”"
