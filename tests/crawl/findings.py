"""What a crawl found: counted, and kept in words for whoever mends it, each fault once."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

MOST_TOLD = 40
# What everybody calls themselves, and so their account: no client is called so beforehand.
OF_ACCOUNTS = re.compile(r"\bJuliana \w+")
MUST_BE_ZERO = ("unanswered", "dead_ends", "leaks", "errors", "unreached", "laws")


@dataclass(slots=True)
class Tally:
    """What was seen and done by those of one role."""

    screens: set[str] = field(default_factory=set)
    buttons: set[str] = field(default_factory=set)
    presses: int = 0
    typed: int = 0
    slowest_ms: float = 0.0
    slowest: str = ""

    def pressed(self, ms: float, what: str, times: int = 1) -> None:
        """Note presses, and how long they waited for their answer."""
        self.presses += times
        if ms > self.slowest_ms:
            self.slowest_ms, self.slowest = ms, what


@dataclass(slots=True)
class Findings:
    """The figures of a crawl; every fault is kept once, with how often it was seen."""

    by_role: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    faults: dict[str, dict[str, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )
    seen_at: dict[str, str] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """How many things were pressed or typed."""
        return sum(one.presses + one.typed for one in self.by_role.values())

    def fault(self, kind: str, what: str, where: str = "") -> None:
        """Keep a fault: of `kind`, in words, and where it was seen first."""
        self.faults[kind][what] += 1
        self.seen_at.setdefault(what, where)

    def count(self, kind: str) -> int:
        """How many different faults of `kind` there are."""
        return len(self.faults.get(kind, ()))

    def figures(self) -> dict[str, object]:
        """What the last line of a crawl says."""
        all_of = self.by_role.values()
        return {
            "screens": len(set[str]().union(*(one.screens for one in all_of))),
            "buttons": len(set[str]().union(*(one.buttons for one in all_of))),
            "presses": sum(one.presses for one in all_of),
            **{kind: self.count(kind) for kind in ("unanswered", "dead_ends", "leaks", "errors")},
            "slowest_ms": round(max((one.slowest_ms for one in all_of), default=0.0)),
            "unreached": self.count("unreached"),
            "laws": self.count("laws"),
            "untried": self.count("untried"),
        }

    def table(self) -> Iterator[str]:
        """Who saw and did how much, a line each."""
        heads = f"{'telas':>6} {'botões':>7} {'toques':>7} {'textos':>7} {'pior':>8}"
        yield f"{'quem':10} {heads}  onde"
        for role, one in self.by_role.items():
            counts = f"{len(one.screens):6} {len(one.buttons):7} {one.presses:7} {one.typed:7}"
            yield f"{role:10} {counts} {one.slowest_ms:5.0f} ms  {one.slowest}"

    def told(self) -> Iterator[str]:
        """Every fault in a line, the most frequent first; of very many of a kind, some."""
        for kind, found in sorted(self.faults.items()):
            lines = sorted(found.items(), key=lambda one: (-one[1], one[0]))
            for what, times in lines[:MOST_TOLD]:
                where = f"; primeiro: {self.seen_at[what]}" if self.seen_at[what] else ""
                yield f"! {kind}: {what}{f' ({times} vezes)' if times > 1 else ''}{where}"
            if len(lines) > MOST_TOLD:
                yield f"! {kind}: … e mais {len(lines) - MOST_TOLD}"


class Strangers:
    """Words that belong to one chat alone: whoever else sees one sees what is not theirs (B3).

    `words` maps a chat to what only it may read, `companies` to what the `admins` may read too.
    """

    def __init__(
        self,
        words: Mapping[int, Sequence[str]],
        companies: Mapping[int, str] | None = None,
        admins: Collection[int] = (),
    ) -> None:
        self._companies = {word: chat for chat, word in (companies or {}).items()}
        self._owners = {word: chat for chat, found in words.items() for word in found}
        self._owners |= self._companies
        self._admins = admins
        self._any = re.compile("|".join(map(re.escape, self._owners)) or r"(?!)")

    def of_others(self, chat_id: int, text: str) -> list[str]:
        """What in `text` is another's."""
        if chat_id in self._admins:
            text = OF_ACCOUNTS.sub("", text)
        found = [word for word in dict.fromkeys(self._any.findall(text)) if word]
        if chat_id in self._admins:
            found = [word for word in found if word not in self._companies]
        return [word for word in found if self._owners[word] != chat_id]


def is_clean(figures: Mapping[str, object]) -> bool:
    """Whether all that must be zero is."""
    return not any(figures[name] for name in MUST_BE_ZERO)
