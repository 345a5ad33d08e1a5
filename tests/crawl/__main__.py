"""`make crawl`: every button of the bot pressed, every question answered well and badly (H2).

Its last line is JSON. Exit 0 only if everything was answered, nothing was a dead end, nobody saw
what is another's, nothing went wrong, every place that makes a button was come by, and every
screen keeps the laws that `laws.py` checks.
"""

import argparse
import sys
import time

from tests.crawl.sites import Sites

BUDGET = 6_000


def main() -> int:
    """Crawl; returns the exit code."""
    parser = argparse.ArgumentParser(prog="make crawl", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--budget", type=int, default=BUDGET, help="the most presses and texts")
    parser.add_argument("--short", action="store_true", help="do not ask what was not reached")
    options = parser.parse_args()
    sites = Sites()
    sites.install()  # before the bot is imported
    return _crawl(options, sites)


def _crawl(options: argparse.Namespace, sites: Sites) -> int:
    import orjson  # noqa: PLC0415 - see above

    from tests.crawl.findings import is_clean  # noqa: PLC0415 - after the makers are counted
    from tests.crawl.run import Plan, run  # noqa: PLC0415 - after the makers are counted

    began = time.monotonic()
    findings = run(Plan(options.seed, options.budget), _say)
    if not options.short:
        for place in sites.unreached():
            findings.fault("unreached", place)
    for line in (*findings.told(), *findings.table()):
        _say(line)
    _say(f"{time.monotonic() - began:.0f} s")
    figures = findings.figures()
    _say(orjson.dumps(figures).decode())
    return 0 if is_clean(figures) else 1


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
