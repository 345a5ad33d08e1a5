"""Runs chosen tests in a fork of a warm process, with one lie in place of one file.

Nothing on disk is touched: what is wrong is wrong in the memory of the fork alone.
"""

import ast
import importlib.machinery
import importlib.util
import os
import pickle
import select
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from types import CodeType
from typing import Any, ClassVar

import coverage
import hypothesis
import pytest

from tests.mutants.sites import Site

ROOT = Path(__file__).resolve().parents[2]
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:cov", "-p", "no:xdist")
BROKEN = 70  # not a test but this tool failed
QUIET = ("-W", "ignore::pytest.PytestAssertRewriteWarning", "--timeout=0")


@dataclass
class Baseline:
    """Who runs what while nothing is wrong, and what the tests needed to be imported."""

    seconds: dict[str, float] = field(default_factory=dict)
    of_line: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    of_statement: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    modules: list[str] = field(default_factory=list)
    code: int = 0

    def nearest(self, site: Site, seconds: float) -> list[str]:
        """The tests that run what `site` changes, at most `seconds` of them.

        Those named after the file come first, one case of each before the second case of any.
        """
        if site.path.endswith(".sql"):
            found = self.of_statement.get(f"{Path(site.path).stem}.{site.scope}", set())
        else:
            found = set().union(*(self.of_line.get((site.path, n), set()) for n in site.lines))
            if "" in found:  # run at import: anybody may tell, also who looks at a constant only
                found = set(self.seconds)
        cases: Counter[str] = Counter()
        order: list[tuple[bool, int, float, str]] = []
        for test in sorted(found - {""}, key=lambda one: self.seconds.get(one, 0.0)):
            function = test.partition("[")[0]
            cases[function] += 1
            of_another = f"test_{Path(site.path).stem}" not in function
            order.append((of_another, cases[function], self.seconds.get(test, 0.0), test))
        order.sort()
        spent = accumulate(cost for _, _, cost, _ in order)
        return [
            test
            for place, ((*_, test), cost) in enumerate(zip(order, spent, strict=True))
            if cost <= seconds or not place
        ]


class Watch:
    """Notes which lines and statements each test runs."""

    def __init__(self, cover: coverage.Coverage, statement: Any) -> None:
        self.baseline = Baseline()
        self._cover = cover
        self._test = ""
        statement.arguments = self._heard(statement.arguments)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """One test with all that is made for it."""
        self._test = item.nodeid
        self._cover.switch_context(item.nodeid)
        started = time.perf_counter()
        result = yield
        self.baseline.seconds[item.nodeid] = time.perf_counter() - started
        return result

    def _heard(self, arguments: Callable[..., Any]) -> Callable[..., Any]:
        def listening(statement: Any, given: Any) -> Any:
            self.baseline.of_statement[statement.name].add(self._test)
            return arguments(statement, given)

        return listening


class Chosen:
    """Leaves the tests that were chosen, in their order, and lends them the running server."""

    def __init__(self, tests: Sequence[str], cluster: Any) -> None:
        self._order = {test: place for place, test in enumerate(tests)}
        self._cluster = cluster

    def pytest_collection(self, session: pytest.Session) -> None:
        """After the conftest files, so that this `cluster` stands before theirs."""
        if self._cluster is not None:
            Lent.server = self._cluster
            session.config.pluginmanager.register(Lent())

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """The fastest come first."""
        if self._order:
            items[:] = [item for item in items if item.nodeid in self._order]
            items.sort(key=lambda item: self._order[item.nodeid])


class Lent:
    """The fixture that gives out a server somebody else started."""

    server: ClassVar[Any] = None

    @pytest.fixture(scope="session")
    @classmethod
    def cluster(cls) -> Any:
        """The running server."""
        return cls.server


class Liar(importlib.machinery.SourceFileLoader):
    """Finds one module, and loads other code for it."""

    def __init__(self, path: str, code: CodeType) -> None:
        super().__init__(path.removesuffix(".py").replace("/", "."), str(ROOT / path))
        self._code = code

    def find_spec(self, name: str, _path: object, _target: object = None) -> Any:
        """Only the one module is found here."""
        found = name == self.name
        return (
            importlib.util.spec_from_file_location(name, self.path, loader=self) if found else None
        )

    def get_code(self, _name: str) -> CodeType:
        """The lie."""
        return self._code


def fork(work: Callable[[], int], seconds: float) -> int | None:
    """The exit code of `work` in a fork, None when it took too long; all it started is ended."""
    child = os.fork()
    if child == 0:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        code = BROKEN
        try:
            silence = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2) if not os.environ.get("LOUD") else (0,):
                os.dup2(silence, stream)
            code = work()
        finally:
            os._exit(code)
    handle = os.pidfd_open(child)
    try:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        ended = bool(poll.poll(seconds * 1000))
    finally:
        os.close(handle)
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) if ended else None


def baseline(sources: Sequence[str], tests: Sequence[str], cluster: Any) -> Baseline:
    """Run `tests` once and see what each of them runs of `sources`."""
    with tempfile.NamedTemporaryFile() as file:
        fork(lambda: _watched(sources, tests, cluster, Path(file.name)), 1800.0)
        found: Baseline = pickle.loads(Path(file.name).read_bytes())  # noqa: S301 - our own fork's
    return found


def _watched(sources: Sequence[str], tests: Sequence[str], cluster: Any, out: Path) -> int:
    # Where there is nothing to measure everything would be.
    covered = [str(ROOT / path) for path in sources] or [os.devnull]
    cover = coverage.Coverage(data_file=None, include=covered, messages=False)
    cover.start()
    import storage.sql  # noqa: PLC0415 - not before the fork: it may be the one that is changed

    watch = Watch(cover, storage.sql.Statement)
    _profile()
    code = pytest.main([*OPTIONS[1:], *QUIET, *tests], plugins=[watch, Chosen((), cluster)])
    cover.stop()
    data = cover.get_data()
    for path in sources:
        for line, contexts in data.contexts_by_lineno(str(ROOT / path)).items():
            watch.baseline.of_line[path, line].update(contexts)
    watch.baseline.modules = sorted(sys.modules)
    watch.baseline.code = int(code)
    watch.baseline.of_line = dict(watch.baseline.of_line)
    watch.baseline.of_statement = dict(watch.baseline.of_statement)
    out.write_bytes(pickle.dumps(watch.baseline))
    return 0


def killed(site: Site, tests: Sequence[str], cluster: Any, seconds: float) -> bool:
    """Whether one of `tests` fails, or none ends, while `site` is wrong."""
    code = fork(lambda: _lying(site, tests, cluster), seconds)
    if code in {BROKEN, pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED}:
        raise RuntimeError(f"the tests of {site.path} could not be run: {code}")
    return code != pytest.ExitCode.OK


def _lying(site: Site, tests: Sequence[str], cluster: Any) -> int:
    made = site.make()
    if isinstance(made, ast.Module):
        sys.meta_path.insert(0, Liar(site.path, compile(made, site.path, "exec")))
    else:
        import storage.sql  # noqa: PLC0415 - as above

        parse, stem = storage.sql.parse, Path(site.path).stem
        storage.sql.parse = lambda text, origin: parse(made if origin == stem else text, origin)
    _profile()
    files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
    return int(pytest.main([*OPTIONS, *QUIET, *files], plugins=[Chosen(tests, cluster)]))


def _profile() -> None:
    """Property tests try the same values every time, and do not look for the smallest."""
    hypothesis.settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        deadline=None,
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("mutants")
