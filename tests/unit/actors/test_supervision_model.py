"""Random crashes, stops, asks, rests and monitors against a model; planted defects are found."""

# ruff: noqa: D102 -- the rules of the machine are sentences already

import asyncio
import inspect
import random
import sys
import textwrap
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from actors.runtime import (
    Budget,
    ChildSpec,
    Directory,
    Supervisor,
    System,
    budget,
    cell,
    children,
    context,
    directory,
    mailbox,
)
from errors import ActorCrashed, Quarantined
from tests.unit.actors.support import (
    Add,
    Do,
    Note,
    Puppet,
    Stage,
    crash,
    outcome,
    puppet,
    stop_yourself,
)
from tests.virtual_time import VirtualClock, VirtualTimeLoop

R = TypeVar("R")

BUDGET = Budget(restarts=3, seconds=1000.0)
A_BACKOFF = 2.0  # longer than any backoff inside the budget
A_STABLE_WHILE = 1001.0  # longer than the budget's window and than any probe
IDLE_SECONDS = 15.0
NAMES = st.sampled_from(["a", "b"])


class SlowEnd(Puppet):
    """A tenant that takes its time to go to rest."""

    async def stopping(self) -> None:
        """Take a while."""
        await asyncio.sleep(3.0)


class Model:
    """What must be true of one actor."""

    def __init__(self) -> None:
        self.stage = Stage()
        self.sum = 0
        self.failures = 0
        self.is_quarantined = False
        self.is_watched = False
        self.downs = 0

    def fails(self) -> None:
        """Die: the state is gone, the budget is charged, the watcher hears of it."""
        self.sum = 0
        self.downs += self.is_watched
        self.is_watched = False
        self.is_quarantined = self.failures == BUDGET.restarts
        self.failures = min(BUDGET.restarts, self.failures + 1)


class Machine(RuleBasedStateMachine):
    """A tree of two actors, a watcher and two tenants, and the model of each."""

    @initialize(seed=st.integers(0, 2**16))
    def start(self, seed: int) -> None:
        self.runner = asyncio.Runner(loop_factory=lambda: VirtualTimeLoop(seed))
        self.models = {name: Model() for name in "ab"}
        self.words: dict[int, list[str]] = {1: [], 2: []}
        self.tenants_stage = {1: Stage(), 2: Stage()}
        self.count = 0
        self.run(self.start_tree(seed))

    async def start_tree(self, seed: int) -> None:
        rng = random.Random(seed)  # noqa: S311 -- a schedule, not a secret
        self.system = System(clock=VirtualClock(), random=rng, on_event=lambda _: None)
        self.tenants = Directory(
            lambda t: SlowEnd(self.tenants_stage[t]), idle_seconds=IDLE_SECONDS
        )
        specs = [puppet(name, model.stage, budget=BUDGET) for name, model in self.models.items()]
        home = ChildSpec("home", lambda: Supervisor([*specs, puppet("watcher")]))
        root = Supervisor([home, self.tenants.spec()])
        await self.system.start(ChildSpec("root", lambda: root))

    def run(self, work: Coroutine[Any, Any, R]) -> R:
        return self.runner.run(work)

    async def ask(self, name: str, message: Any) -> Any:
        return await outcome(self.system.ref(name).ask(message, deadline=30.0))

    def word(self) -> str:
        self.count += 1
        return f"word {self.count}"

    @rule(name=NAMES)
    def add(self, name: str) -> None:
        model = self.models[name]
        model.sum += not model.is_quarantined
        self.run(self.ask(name, Add()))

    @rule(name=NAMES)
    def write(self, name: str) -> None:
        model, word = self.models[name], self.word()

        async def slow_write(actor: Puppet) -> None:
            await asyncio.sleep(0.1)
            actor.stage.log.append(word)

        answer = self.run(self.ask(name, Do(slow_write)))
        assert (answer is None) == (word in model.stage.log) == (not model.is_quarantined)

    @rule(name=NAMES, work=st.sampled_from([crash, stop_yourself]))
    def end(self, name: str, work: Any) -> None:
        model = self.models[name]
        alive = ActorCrashed if work is crash else None
        expected = Quarantined if model.is_quarantined else alive
        if not model.is_quarantined:
            model.fails()
        assert expected == self.run(self.ask(name, Do(work)))
        self.run(asyncio.sleep(A_BACKOFF))

    @rule(name=NAMES)
    def tell_behind_a_crash(self, name: str) -> None:
        model, word = self.models[name], self.word()

        async def both() -> None:
            ref = self.system.ref(name)
            await outcome(ref.tell(Do(crash)))
            await outcome(ref.tell(Note(word)))
            await asyncio.sleep(A_BACKOFF)

        if not model.is_quarantined:
            model.fails()
        self.run(both())
        assert (word in model.stage.log) == (not model.is_quarantined)

    @rule(name=NAMES)
    def monitor(self, name: str) -> None:
        model = self.models[name]
        model.is_watched = True

        async def watch(actor: Puppet) -> None:
            actor.context.monitor(self.system.ref(name))

        assert self.run(self.ask("watcher", Do(watch))) is None

    @rule(tenant_id=st.sampled_from([1, 2]), pause=st.sampled_from([0.0, 5.0, 15.0, 17.0, 22.0]))
    def tell_tenant(self, tenant_id: int, pause: float) -> None:
        word = self.word()
        self.words[tenant_id].append(word)

        async def tell() -> None:
            await asyncio.sleep(pause)
            await self.tenants.tell(tenant_id, Note(word))

        self.run(tell())

    @rule()
    def be_stable_for_a_while(self) -> None:
        self.run(asyncio.sleep(A_STABLE_WHILE))
        for model in self.models.values():
            model.failures *= model.is_quarantined
            model.is_quarantined = False

    @invariant()
    def states_are_as_predicted(self) -> None:
        found = {status.id: status.state for status in self.system.snapshot()}
        for name, model in self.models.items():
            assert ("quarantined" if model.is_quarantined else "running") == found[name]

    @invariant()
    def sums_are_those_of_the_present_lives(self) -> None:
        for name, model in self.models.items():
            expected = Quarantined if model.is_quarantined else model.sum
            assert expected == self.run(self.ask(name, Add(0)))

    @invariant()
    def each_death_was_heard_of_once(self) -> None:
        async def heard(actor: Puppet) -> list[str]:
            return [down.ref.id for down in actor.downs]

        deaths = self.run(self.ask("watcher", Do(heard)))
        for name, model in self.models.items():
            assert model.downs == deaths.count(name)

    def teardown(self) -> None:
        with self.runner:
            self.run(asyncio.sleep(30.0))
            for tenant_id, words in self.words.items():
                heard = [word for word in self.tenants_stage[tenant_id].log if word != "started"]
                assert words == heard
            assert self.run(self.system.stop()) == []


QUICKLY = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def test_the_tree_does_what_the_model_says() -> None:
    run_state_machine_as_test(Machine, settings=QUICKLY)


class Mutant:
    """One method with one planted defect."""

    def __init__(self, where: type, method: str, right: str, wrong: str) -> None:
        source = textwrap.dedent(inspect.getsource(getattr(where, method)))
        assert right in source, "the mutant no longer fits the code"
        namespace = dict(vars(sys.modules[where.__module__]))
        code = f"class {where.__name__}:\n" + textwrap.indent(source.replace(right, wrong), "  ")
        exec(code.replace("super()", "super(_TenantFamily, self)"), namespace)  # noqa: S102 -- our own source, mutated
        self.where, self.method = where, method
        self.wrong = vars(namespace[where.__name__])[method]


MUTANTS = {
    "acknowledged before the work": (
        context.Context,
        "_receive",
        "answer = await handler(actor, message)",
        "(reply and reply.set_result(None), answer := await handler(actor, message))",
    ),
    "a restart keeps the old state": (
        context.Context,
        "live",
        "self.actor = self.cell.spec.factory()",
        "it = self.cell; self.actor = vars(it.parent).setdefault(it, it.spec.factory())",
    ),
    "siblings share a budget": (
        children.Family,
        "_restart",
        "cell.ledger = cell.ledger or Ledger()",
        "cell.ledger = vars(self).setdefault('ledger', Ledger())",
    ),
    "a normal end is not told": (
        cell.Cell,
        "_tell_watchers",
        "watcher.signal(Down(self.ref, error))",
        "error and watcher.signal(Down(self.ref, error))",
    ),
    "a death is told twice": (
        cell.Cell,
        "_tell_watchers",
        "watcher.signal(Down(self.ref, error))",
        "[watcher.signal(Down(self.ref, error)) for _ in range(2)]",
    ),
    "a message is lost during passivation": (
        directory._TenantFamily,  # noqa: SLF001 -- the defect goes where the rule is
        "finished",
        "if len(cell.mailbox):",
        "if False:",
    ),
    "a crash empties the mailbox": (
        mailbox.Mailbox,
        "fail_asks",
        "kept.append(envelope)",
        "pass",
    ),
    "a stable while forgets nothing": (
        budget.Ledger,
        "failed",
        "self._uptime += lived",
        "self._uptime += 0.0",
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_defect_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant = Mutant(*MUTANTS[name])
    monkeypatch.setattr(mutant.where, mutant.method, mutant.wrong)

    with pytest.raises((AssertionError, AttributeError)):
        run_state_machine_as_test(
            Machine,
            settings=settings(QUICKLY, max_examples=300, phases=[Phase.generate], print_blob=False),
        )
