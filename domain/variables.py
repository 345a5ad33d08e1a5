"""Which variables an environment has: unknown ones, unreadable ones, those a production lacks.

Only names are quoted: a value may be a secret.
"""

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches

from domain.environment import NEVER_IN_PLAYGROUND, has_invisible

OURS = "EMDIA_"


def unknown(names: Iterable[str], known: Collection[str]) -> Iterator[str]:
    """Tell of each name that is meant for us and that nobody knows, with the nearest known one."""
    for name in sorted(names):
        if name.startswith(OURS) and name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"; seria {near[0]}?" if near else ""
            yield f"{name}: não conheço esta variável{hint}"


def unreadable(values: dict[str, str]) -> Iterator[str]:
    """Take out, and tell of, what holds characters nobody can see."""
    for name in sorted(values):
        if has_invisible(values[name]):
            del values[name]
            yield f"{name}: tem um caractere invisível ou uma quebra de linha no meio"


def not_in_playground(signs: Iterable[str]) -> Iterator[str]:
    """Tell of each sign of a production that a playground must not have."""
    for name in signs:
        if NEVER_IN_PLAYGROUND.fullmatch(name):
            yield f"{name}: é da produção, e EMDIA_MODE diz playground; tire uma das duas"


def missing(
    needed: Iterable[str], present: Collection[str], said: str, signs: list[str]
) -> Iterator[str]:
    """Tell of each that a production needs; it was `said` to be one, or the first sign says so."""
    why = (
        ""
        if said
        else f" ({signs[0]} diz que é produção; para a demonstração, tire-a ou ponha "
        "EMDIA_MODE=playground)"
    )
    for name in needed:
        if name not in present:
            yield f"{name}: falta, e em produção é obrigatória{why}"
