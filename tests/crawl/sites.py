"""Every place in the code that makes a button, and whether a crawl came by.

Must be installed before anything of `bot` is imported: it counts by rewriting those calls while
their modules are loaded, and costs nothing elsewhere.
"""

import ast
import builtins
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, TypeVar

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / "bot" / "screens"
COUNTER = "__a_button_is_made__"
MAKERS = frozenset({"button", "go"})
BASE = "CallbackData"


class Sites:
    """The calls in `bot/screens` that make a button."""

    def __init__(self, folder: Path = SCREENS) -> None:
        self._folder = folder
        self._makers = MAKERS | set(button_classes(folder.parent))
        self.reached: set[str] = set()

    def all(self) -> list[str]:
        """Every place, as file:line."""
        return sorted(
            {
                self._place(path, call.lineno)
                for path in sorted(self._folder.rglob("*.py"))
                for call in self.calls(ast.parse(path.read_text(encoding="utf-8")))
            },
            key=_in_order,
        )

    def unreached(self) -> list[str]:
        """Where the crawl never came by."""
        return [place for place in self.all() if place not in self.reached]

    def calls(self, tree: ast.AST) -> Iterator[ast.Call]:
        """The calls that make a button or what it says."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in self._makers:
                yield node

    def install(self) -> None:
        """Count from now on, in every module of the folder that is loaded after this."""
        setattr(builtins, COUNTER, self.count)
        sys.meta_path.insert(0, _Finder(self))

    def compiled(self, source: bytes, path: str) -> CodeType:
        """The code of a module, with its calls counted."""
        tree = ast.parse(source, path)
        for call in list(self.calls(tree)):
            place = ast.Constant(self._place(Path(path), call.lineno))
            counted = ast.Call(ast.Name(COUNTER, ast.Load()), [place, call.func], [])
            call.func = ast.copy_location(counted, call.func)
        return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)

    def is_ours(self, path: str) -> bool:
        """Whether a module lies in the folder."""
        return Path(path).is_relative_to(self._folder)

    def count(self, place: str, maker: Callable[..., T]) -> Callable[..., T]:
        """Note that `maker` is about to be called at `place`."""
        self.reached.add(place)
        return maker

    def _place(self, path: Path, line: int) -> str:
        return f"{path.relative_to(self._folder.parents[1])}:{line}"


class _Loader(SourceFileLoader):
    """Loads from the source, never from what was compiled before."""

    def __init__(self, fullname: str, path: str, sites: Sites) -> None:
        super().__init__(fullname, path)
        self._sites = sites

    def get_code(self, fullname: str) -> CodeType | None:
        """Return the code with its calls counted."""
        del fullname
        return self._sites.compiled(self.get_data(self.path), str(self.path))


class _Finder(MetaPathFinder):
    """Finds the modules whose calls are counted; all others are found as ever."""

    def __init__(self, sites: Sites) -> None:
        self._sites = sites

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how to load a module of ours."""
        if not fullname.startswith("bot."):
            return None
        spec: Any = PathFinder.find_spec(fullname, path, target)
        if spec is None or not spec.origin or not self._sites.is_ours(spec.origin):
            return None
        spec.loader = _Loader(fullname, spec.origin, self._sites)
        found: ModuleSpec = spec
        return found


def button_classes(folder: Path) -> Iterator[str]:
    """The names of all classes below `folder` that say what a button means."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and BASE in map(_name, node.bases):
                yield node.name


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _in_order(place: str) -> tuple[str, int]:
    path, _, line = place.rpartition(":")
    return path, int(line)
