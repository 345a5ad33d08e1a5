"""Says of everything that happened whether it was right, and keeps what was not."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.crawl import laws
from tests.crawl.chat import Chat, Happened
from tests.crawl.findings import Findings, Strangers
from tests.crawl.seen import Seen

SIGN_UP = "fm:signup:"
HOLDS = "•"  # before the choice that holds already


@dataclass(slots=True)
class Judge:
    """`read` is what a file says, by its id.

    `homes` are the kinds of buttons of the screens behind which nothing lies: the menu under other
    words is still the menu. `by_themselves` are the titles of what comes unasked: its buttons stay.
    """

    findings: Findings
    strangers: Strangers
    read: Callable[[str], str] = lambda _file: ""
    homes: set[frozenset[str]] = field(default_factory=set)
    by_themselves: set[str] = field(default_factory=set)

    def press(self, chat: Chat, place: str, before: Seen, data: str, happened: Happened) -> None:
        """Judge a press on `before` of the button that says `data`."""
        self._answer(chat, place, happened)
        buttons = [one for one in before.buttons if one.data == data]
        would_act = any(not one.label.startswith(HOLDS) for one in buttons)
        if would_act and happened.answered and not happened.changed and not happened.toast:
            self.findings.fault("laws", f"law 5: nothing happens: {place}")
        if happened.live is not None:
            went_back = before.back is not None and before.back.data == data
            # What a press leads to stands in its place; another message came by itself.
            in_place = before.picture or before.message_id == happened.live.message_id
            # Behind an answer to what was typed lies nothing.
            was_behind = before.back is not None and not self.is_home(before)
            from_another = before.screen != happened.live.screen and was_behind
            # Nor behind what is pressed as if it stood here.
            behind = bool(buttons) and in_place and from_another and not went_back
            self.screen(place, happened.live, behind=behind)

    async def left(self, chat: Chat, place: str, before: Seen | None, happened: Happened) -> None:
        """Judge whether the message of `before` lost its buttons where another took its place."""
        live = happened.live
        if before is None or live is None or live.message_id <= before.message_id:
            return
        if before.title in self.by_themselves:
            return
        if happened.answered and await chat.keeps_buttons(before.message_id):
            self.findings.fault("laws", f"law 3: the old buttons stay: {before.title}", place)

    def typed(self, chat: Chat, place: str, happened: Happened) -> None:
        """Judge what was written."""
        self._answer(chat, place, happened)
        if happened.live is not None:
            self.screen(place, happened.live, behind=False)

    def arrived(self, chat: Chat, what: str, card: Seen, *, follows: bool = False) -> None:
        """Judge what came by itself; `follows`: it goes on with a screen that was opened."""
        self._strangers(chat, what, [card], "")
        self.screen(what, card, behind=False)
        if card.back is not None and not follows:
            self.findings.fault("laws", f"law 4: Voltar on what came by itself: {what}")

    def screen(self, place: str, live: Seen, *, behind: bool) -> None:
        """Judge a screen by itself; `behind`: whether it was come to from another, not home."""
        is_home = self.is_home(live)
        if not live.presses:
            self.findings.fault("dead_ends", f"no button to go on with: {live.title}", place)
        elif live.home is None and not is_home:
            self.findings.fault("dead_ends", f"no way home: {live.title}", place)
        for breach in self._breaches(live, is_home=is_home, behind=behind and not is_home):
            self.findings.fault("laws", f"{breach}: {live.title}", place)

    def found_home(self, live: Seen | None) -> None:
        """Remember what the way home showed."""
        if live is not None and live.presses:
            self.homes.add(frozenset(live.presses))

    def is_home(self, live: Seen) -> bool:
        """Whether nothing lies behind it: the menu, or a question before there is an account."""
        kinds = frozenset(live.presses)
        is_sign_up = any(kind.startswith(SIGN_UP) for kind in kinds)
        return is_sign_up or any(home <= kinds for home in self.homes)

    def _answer(self, chat: Chat, place: str, happened: Happened) -> None:
        if not happened.answered:
            self.findings.fault("unanswered", place)
        if happened.live is None:
            self.findings.fault("dead_ends", f"no screen is left: {place}")
        self._strangers(chat, place, happened.changed, happened.toast)

    def _breaches(self, live: Seen, *, is_home: bool, behind: bool) -> list[str]:
        return [
            *laws.one_next_step(live),
            *laws.fits_a_phone(live),
            *laws.has_ways(live, behind=behind),
            *laws.names_and_labels(live),
            *([] if is_home else laws.numbers_open_lists(live)),
        ]

    def _strangers(self, chat: Chat, place: str, shown: Iterable[Seen], toast: str) -> None:
        for one in shown:
            words = [one.source, toast, *(f"{b.label} {b.copied}" for b in one.buttons)]
            if one.document:
                words.append(self.read(one.document))
            for word in self.strangers.of_others(chat.chat_id, "\n".join(words)):
                self.findings.fault("leaks", f"“{word}” on {one.title}", place)
