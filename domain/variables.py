"""Which variables an environment has: unknown ones, unreadable ones, those a production lacks.

Only names are quoted: a value may be a secret.
"""

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches

from domain.environment import NEVER_IN_PLAYGROUND, has_invisible

OURS = "EMDIA_"
OF_PAYMENTS = ("MERCADO_PAGO_ACCESS_TOKEN", "MERCADO_PAGO_WEBHOOK_SECRET")
LOCAL_PAYMENTS = "EMDIA_MERCADO_PAGO_API"
AS_GOOD_AS = 0.85  # of 1: how like ours another name must be to be a typing error


def unknown(names: Iterable[str], known: Collection[str]) -> Iterator[str]:
    """Tell of each name that is meant for us and that nobody knows, with the nearest known one."""
    for name in sorted(names):
        if name.startswith(OURS) and name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"; seria {near[0]}?" if near else ""
            yield f"{name}: não conheço esta variável{hint}"
        elif name.startswith("MERCADO") and name not in known:
            # Others of that name may be there for somebody else; one that is nearly ours is not.
            near = get_close_matches(name, OF_PAYMENTS, n=1, cutoff=AS_GOOD_AS)
            yield from (f"{name}: não conheço esta variável; seria {one}?" for one in near)


def unreadable(values: dict[str, str]) -> Iterator[str]:
    """Take out, and tell of, what holds characters nobody can see."""
    for name in sorted(values):
        if has_invisible(values[name]):
            del values[name]
            yield f"{name}: tem um caractere invisível ou uma quebra de linha no meio"


def not_in_playground(signs: Iterable[str], present: Collection[str]) -> Iterator[str]:
    """Tell of each sign of a production that a playground must not have.

    Where another Mercado Pago stands in on this machine, it may know us by what it likes.
    """
    may = OF_PAYMENTS if LOCAL_PAYMENTS in present else ()
    for name in signs:
        if NEVER_IN_PLAYGROUND.fullmatch(name) and name not in may:
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
