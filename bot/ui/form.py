"""Forms as data: one question after another, each with buttons and typed text, and a summary.

What was answered waits in PostgreSQL, so a form outlives a restart and the day (C1). A question can
be gone back to, skipped where that is offered, and answered in any order; bad input is explained,
and the same question asked again. A button says which form it belongs to, and which question.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from actors.messages.drafts import Draft, DropDraft, GetDraft, PutDraft, RestoreDraft, StartDraft
from bot.ui import words
from bot.ui.buttons import HOME, Back, Row, bare_keyboard, button, go, keyboard, place
from bot.ui.ports import Turn
from bot.ui.view import Lead, View
from errors import InvalidInput

SUMMARY = "fim"
"""The step at which all is answered."""
SKIPPED = ""
# As many of a chat may be handled again. A number so much lower is of another row of numbers.
MOST_UPDATES_AGAIN = 1_000
ASKS = "form:"


class Act(StrEnum):
    """What a button of a form wants."""

    PICK = "p"
    SKIP = "s"
    ASK = "a"
    FINISH = "f"
    DROP = "d"
    RESTORE = "r"


class FormPress(CallbackData, prefix="fm"):
    """A button of the form `number` of its kind; `index` is that of what it picks."""

    form: str
    number: int
    act: Act
    step: str = ""
    index: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """A button that answers a question with `value`."""

    label: str
    value: str
    style: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the answers that a touch gives, in rows."""

    text: str
    options: Sequence[Sequence[Option]] = ()
    skip: str | None = None
    """The label of the button that leaves it out, where that may be."""
    rows: Sequence[Row] = ()
    """More buttons, that lead elsewhere."""
    lead: Lead | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A question for one field. `read` makes the stored text of a typed one, or InvalidInput.

    `wanted` tells from the values whether it is asked at all; `after` is the question that must be
    answered before it can be asked.
    """

    field: str
    ask: Callable[[Turn, Draft], Awaitable[Question]]
    read: Callable[[str, Draft], str]
    wanted: Callable[[Mapping[str, str]], bool] = lambda _: True
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What is shown when all is answered: `save` is the label of the button that ends the form."""

    text: str
    save: str
    rows: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of form. `head` opens every question; `finish` ends it, once or twice alike.

    Without a `summary` the last answer ends it. `droppable`: whether it can be thrown away.
    `greeting` stands above the first question where nothing was answered yet. `done` shows what a
    form led to, to who presses or answers it once more.
    """

    key: str
    steps: Sequence[Step]
    head: Callable[[Draft, int], str]
    finish: Callable[[Turn, Draft], Awaitable[View]]
    summary: Callable[[Turn, Draft], Awaitable[Summary]] | None = None
    droppable: bool = True
    greeting: Callable[[Turn], str] | None = None
    done: Callable[[Turn, str], Awaitable[View]] | None = None

    @property
    def asks(self) -> str:
        """The name of its questions, as a view carries it."""
        return ASKS + self.key

    # Ways in

    async def begin(
        self, turn: Turn, origin: str = "", values: dict[str, str] | None = None
    ) -> View:
        """Go on with the form that waits, or begin one; with `values`, always a new one."""
        draft = None if values else await self._open(turn)
        if draft is None:
            first = self._missing(values or {}, 0)
            draft = await turn.ask(
                StartDraft(
                    form=self.key,
                    number=turn.update_id,
                    step=first,
                    values=values or {},
                    origin=origin,
                )
            )
        return await self._show(turn, draft)

    async def answer(self, turn: Turn) -> View:
        """Take what was said as the answer to the question that stands open."""
        draft = await turn.ask(GetDraft(self.key))
        if draft is None or draft.result is not None:
            return await self._over(turn, draft)
        # Handled again after a crash, it was taken already; the next question is not its own.
        if 0 <= draft.update_id - turn.update_id < MOST_UPDATES_AGAIN or draft.step == SUMMARY:
            return await self._show(turn, draft)
        step = self._step(draft.step)
        said = turn.said.answer
        if step is None:
            return await self._over(turn, draft)
        if said is None:
            return await self._show(turn, draft, notice=words.TYPE_IT)
        try:
            value = step.read(said, draft)
        except InvalidInput as error:
            return await self._show(turn, draft, notice=words.not_understood(error.sentence))
        return await self._answered(turn, draft, step, value)

    async def press(self, turn: Turn, pressed: FormPress) -> View:
        """Do what a button of the form says; an old one shows how things are now."""
        asked = RestoreDraft(self.key, pressed.number)
        draft = await turn.ask(asked if pressed.act is Act.RESTORE else GetDraft(self.key))
        if draft is None or draft.number != pressed.number:
            return await self._over(turn)
        if draft.result is not None:
            return await self._over(turn, draft)
        if pressed.act is Act.FINISH:
            return await self._finish(turn, draft)
        if pressed.act is Act.DROP:
            gone = await dropped(turn, self.key, draft.number)
            return gone or await self._over(turn)
        return await self._pressed(turn, draft, pressed)

    async def _pressed(self, turn: Turn, draft: Draft, pressed: FormPress) -> View:
        step = self._step(pressed.step)
        if step is None:
            return await self._show(turn, draft)
        if pressed.act is Act.ASK:
            early = step.after is not None and step.after not in draft.values
            asked = step.after if early else step.field
            return await self._show(turn, replace(draft, step=asked or step.field))
        value = _skipped(draft, pressed) if pressed.act is Act.SKIP else _offered(draft, pressed)
        if value is None:
            return await self._show(turn, draft)
        return await self._answered(turn, draft, step, value)

    # Inside

    async def _open(self, turn: Turn) -> Draft | None:
        draft = await turn.ask(GetDraft(self.key))
        return draft if draft is not None and draft.result is None else None

    async def _answered(self, turn: Turn, draft: Draft, step: Step, value: str) -> View:
        values = {**draft.values, step.field: value}
        following = self._missing(values, self._index(step.field) + 1)
        return await self._show(turn, replace(draft, values=values, step=following))

    async def _show(self, turn: Turn, draft: Draft, notice: str | None = None) -> View:
        """Ask the question at which the form stands, and keep that it does."""
        step = self._step(draft.step)
        if step is None:
            return await self._finish_or_sum_up(turn, draft)
        question = await step.ask(turn, draft)
        offered = tuple(option.value for row in question.options for option in row)
        offered += () if question.skip is None else (SKIPPED,)
        draft = replace(draft, offered={**draft.offered, step.field: offered})
        if not await self._keep(turn, draft):
            return await self._over(turn)
        rows = [*self._rows(draft, step, question), *question.rows]
        return View(
            "\n\n".join([*self._above(turn, draft, step, notice), question.text]),
            bare_keyboard(*rows, self._ways(draft, step)),
            asks=self.asks,
            lead=question.lead,
        )

    def _above(self, turn: Turn, draft: Draft, step: Step, notice: str | None) -> list[str]:
        if notice is not None:
            return [notice]
        if self.greeting is not None and not draft.values:
            return [self.greeting(turn)]
        head = self.head(draft, self._index(step.field) + 1)
        return [head] if head else []

    async def _finish_or_sum_up(self, turn: Turn, draft: Draft) -> View:
        if not await self._keep(turn, draft):
            return await self._over(turn)
        if self.summary is None:
            return await self._end(turn, draft)
        return await self._sum_up(turn, draft)

    async def _end(self, turn: Turn, draft: Draft) -> View:
        """Do what the form is for; what will not do is said where it can be set right.

        Also over the screen: pressed again, it would be the very same one (law 5).
        """
        try:
            return await self.finish(turn, draft)
        except InvalidInput as error:
            notice, toast = words.not_understood(error.sentence), words.toast(error.sentence)
        return replace(await self._again(turn, draft, notice), toast=toast)

    async def _again(self, turn: Turn, draft: Draft, notice: str) -> View:
        if self.summary is not None:
            return await self._sum_up(turn, draft, notice)
        last = self.steps[-1].field
        values = {field: value for field, value in draft.values.items() if field != last}
        return await self._show(turn, replace(draft, step=last, values=values), notice)

    async def _sum_up(self, turn: Turn, draft: Draft, notice: str | None = None) -> View:
        assert self.summary is not None  # noqa: S101 - who calls has looked
        summed_up = await self.summary(turn, draft)
        text = f"{notice}\n\n{summed_up.text}" if notice else summed_up.text
        save = FormPress(form=self.key, number=draft.number, act=Act.FINISH)
        return View(
            text,
            bare_keyboard(
                [button(summed_up.save, save, style="primary")],
                *summed_up.rows,
                self._ways(draft, self.steps[-1], back_to=self.steps[-1]),
            ),
            asks=self.asks,
        )

    async def _finish(self, turn: Turn, draft: Draft) -> View:
        missing = self._missing(draft.values, 0)
        if missing != SUMMARY:
            return await self._show(turn, replace(draft, step=missing))
        return await self._end(turn, draft)

    async def _keep(self, turn: Turn, draft: Draft) -> bool:
        return await turn.ask(
            PutDraft(
                form=self.key,
                number=draft.number,
                step=draft.step,
                values=draft.values,
                offered=draft.offered,
                update_id=turn.update_id,
            )
        )

    def edit(self, label: str, draft: Draft, field: str) -> InlineKeyboardButton:
        """A button that asks one question anew, from the summary."""
        return button(label, FormPress(form=self.key, number=draft.number, act=Act.ASK, step=field))

    def _rows(self, draft: Draft, step: Step, question: Question) -> list[Row]:
        """The answers a touch gives."""
        rows: list[Row] = []
        index = 0
        for options in question.options:
            row = []
            for option in options:
                pick = FormPress(
                    form=self.key,
                    number=draft.number,
                    act=Act.PICK,
                    step=step.field,
                    index=index,
                )
                row.append(button(option.label, pick, style=option.style))
                index += 1
            rows.append(row)
        if question.skip is not None:
            skip = FormPress(form=self.key, number=draft.number, act=Act.SKIP, step=step.field)
            rows.append([button(question.skip, skip)])
        return rows

    def _ways(self, draft: Draft, step: Step, back_to: Step | None = None) -> Row:
        """Back to the question before, or to where the form was begun; away; home."""
        before = back_to or self._before(step, draft)
        if before is not None:
            back = self.edit(words.BACK_BUTTON, draft, before.field)
        else:
            back = button(words.BACK_BUTTON, Back(to=draft.origin or place(HOME)))
        home = go(words.HOME_BUTTON, HOME)
        if not self.droppable:
            return [back] if before is not None else []
        drop = FormPress(form=self.key, number=draft.number, act=Act.DROP)
        return [back, button(words.DROP_BUTTON, drop), home]

    async def _over(self, turn: Turn, draft: Draft | None = None) -> View:
        """What there is to show of a form that is done, or gone: a press twice is one act."""
        if self.done is not None and draft is not None and draft.result is not None:
            return await self.done(turn, draft.result)
        return View(words.FORM_OVER, keyboard(back=place(HOME)), toast=words.FORM_OVER)

    def _step(self, field: str) -> Step | None:
        return next((step for step in self.steps if step.field == field), None)

    def _index(self, field: str) -> int:
        return next(at for at, step in enumerate(self.steps) if step.field == field)

    def _before(self, step: Step, draft: Draft) -> Step | None:
        before = self.steps[: self._index(step.field)]
        return next((one for one in reversed(before) if one.wanted(draft.values)), None)

    def _missing(self, values: Mapping[str, str], start: int) -> str:
        """The first question without an answer, from the one at `start` on and then around."""
        order = [*self.steps[start:], *self.steps[:start]]
        left = (step for step in order if step.wanted(values) and step.field not in values)
        return next((step.field for step in left), SUMMARY)


async def dropped(turn: Turn, form: str, number: int | None = None) -> View | None:
    """Throw a form away, which can be undone; None when there is none."""
    gone = await turn.ask(DropDraft(form, number))
    if gone is None:
        return None
    undo = FormPress(form=form, number=gone.number, act=Act.RESTORE)
    return View(
        words.DROPPED,
        keyboard([button(words.undo_until(gone.until), undo)], back=gone.origin),
    )


async def cancelled(turn: Turn) -> View | None:
    """Throw away the form whose question stands open; None when none does."""
    asked = turn.asks or ""
    return await dropped(turn, asked.removeprefix(ASKS)) if asked.startswith(ASKS) else None


def _offered(draft: Draft, pressed: FormPress) -> str | None:
    offered = draft.offered.get(pressed.step, ())
    return offered[pressed.index] if 0 <= pressed.index < len(offered) else None


def _skipped(draft: Draft, pressed: FormPress) -> str | None:
    """Nothing, where the question may be left out: a button built by hand skips no other."""
    return SKIPPED if SKIPPED in draft.offered.get(pressed.step, ()) else None
