"""Guarantee 6, cancellation: it reaches everyone, spins for nobody, and nothing swallows it.

anyio 1257: with a task whose waiter refuses to be cancelled, or one that swallows CancelledError,
anyio tries again in every turn of the loop, for ever. (Under virtual time a spinning loop stands
still: such a test would never end.)
"""

import ast
import asyncio
from collections.abc import Iterator
from typing import Any

import anyio
import pytest

from playground.rig import ROOT
from tests.guarantees.support import SEEDS
from tests.unit.actors.support import Do, Puppet, Tree, puppet
from tests.virtual_time import run_virtual

PRODUCT = ("actors", "bot", "domain", "gateways", "guards", "playground", "storage", "web")


class Unyielding(asyncio.Future[None]):
    """What cannot be cancelled: work in a thread, say."""

    def cancel(self, msg: Any | None = None) -> bool:
        """Refuse."""
        return bool(msg) and False


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_6_a_waiter_that_refuses_cancellation_is_left_behind_without_a_spin(
    seed: int,
) -> None:
    # anyio 1257: _deliver_cancellation runs in every turn of the loop, for ever.
    async def main() -> Any:
        tree = await Tree(seed=seed).start(puppet("a"), puppet("b"))
        waiter = Unyielding()

        async def wait(_: Puppet) -> None:
            await waiter

        await tree["a"].tell(Do(wait))
        await asyncio.sleep(1.0)
        left = await tree.system.stop(total_seconds=8.0)
        took = tree.system.clock.monotonic() - 1.0
        waiter.set_result(None)
        return left, took <= 8.0, [e.actor_id for e in tree.events]

    assert run_virtual(main, seed=seed) == (["a"], True, ["a"])


@pytest.mark.parametrize("shield", [False, True], ids=["open", "shielded"])
def test_guarantee_6_who_waits_in_a_cancel_scope_of_anyio_ends_with_its_actor(
    shield: bool,
) -> None:
    async def wait(_: Puppet) -> None:
        with anyio.move_on_after(600.0, shield=shield):
            await anyio.sleep(3600.0)

    async def main() -> Any:
        tree = await Tree().start(puppet("a", shutdown_seconds=5.0))
        await tree["a"].tell(Do(wait))
        await asyncio.sleep(1.0)
        left = await tree.system.stop()
        return left, tree.events, tree.system.clock.monotonic() <= 6.0

    assert run_virtual(main) == ([], [], True)


def swallowers(source: str) -> Iterator[int]:
    """The lines that catch a cancellation and do not raise it again."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler):
            caught = "BaseException" if node.type is None else ast.unparse(node.type)
            ends_well = isinstance(node.body[-1], ast.Raise)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
            caught, ends_well = ast.unparse(node), False
        else:
            continue
        if not ends_well and ("CancelledError" in caught or "BaseException" in caught):
            yield node.lineno


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("try: f()\nexcept: pass", [2], id="bare"),
        pytest.param("try: f()\nexcept asyncio.CancelledError: log()", [2], id="by name"),
        pytest.param("try: f()\nexcept (KeyError, BaseException): pass", [2], id="in a tuple"),
        pytest.param("with suppress(CancelledError): f()", [1], id="suppressed"),
        pytest.param("try: f()\nexcept BaseException:\n  g()\n  raise", [], id="raised again"),
        pytest.param("try: f()\nexcept Exception: pass", [], id="something else"),
    ],
)
def test_guarantee_6_a_swallowed_cancellation_is_found(source: str, expected: list[int]) -> None:
    assert expected == list(swallowers(source))


def test_guarantee_6_nothing_in_the_product_swallows_a_cancellation() -> None:
    files = [file for folder in PRODUCT for file in (ROOT / folder).rglob("*.py")]
    files += ROOT.glob("*.py")
    found = [
        f"{file.relative_to(ROOT)}:{line}"
        for file in files
        for line in swallowers(file.read_text(encoding="utf-8"))
    ]

    assert [] == found
