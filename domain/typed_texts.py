"""A text as it was typed: what is wrong with it, and what would set it right (D3).

People write {Nome}, { nome }, {{nome}} or {vencimeto}: each is explained, and what was most likely
meant is offered as the whole text set right, for one touch. [nome], <nome>, #nome# and %nome% are
what other programs call {nome}: a client would read them as they stand (D4). Nothing is changed
unasked but what nobody sees: invisible characters, marks that turn writing around, half emojis.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from domain.templates import MAX_TEXT_CHARS, VARIABLES, nearest
from domain.text import fold, lines
from domain.text_lengths import too_long

EMPTY = "O texto está vazio. Escreva o que o cliente vai ler."
# Braces as other keyboards write them.
_WIDE = "｛﹛"
_WIDE_END = "｝﹜"
_NAMED = re.compile(rf"[{{{_WIDE}]+(?P<name>[^{{}}{_WIDE}{_WIDE_END}]*)[}}{_WIDE_END}]+")
_STRAY = re.compile(rf"[{{}}{_WIDE}{_WIDE_END}]")
_OPEN_NAME = re.compile(rf"[{{{_WIDE}]\s*(?P<name>\w+)")
_NAME_CLOSED = re.compile(rf"(?P<name>\w+)\s*[}}{_WIDE_END}]")
_GOOD = "\ue000"  # stands for a variable that is right, while the rest is looked at
# As other programs write variables.
_FOREIGN = re.compile(r"\[\w[\w ]*\]|<\w[\w ]*>|#\w[\w ]*#|%\w[\w ]*%")
_SIGN_BEFORE = re.compile(r"R\$\s*\{valor\}", re.IGNORECASE)
MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text cannot be saved. `mended` is the text set right by putting `right` in a place.

    An empty `right` takes away what stands there; without `mended` there is no telling what was
    meant.
    """

    sentence: str
    mended: str | None = field(default=None, repr=False)
    right: str = ""


def cleaned(typed: str) -> str:
    """A typed text without what nobody sees, its lines and blank lines kept."""
    return lines(typed)


def fault_in(body: str, own: Collection[str] = ()) -> Fault | None:
    """What keeps the text `body` from being saved, or None; `own` are the tenant's variables.

    Faults come one at a time, the first of the text first.
    """
    if not body.strip():
        return Fault(EMPTY)
    if (over := len(body) - MAX_TEXT_CHARS) > 0:
        return Fault(too_many(over))
    known = {*VARIABLES, *own}
    for found in _NAMED.finditer(body):
        if found[0] != f"{{{found['name']}}}" or found["name"] not in known:
            return _wrong_name(body, found[0], found["name"], known)
    if (stray := _stray(body)) is not None:
        return _unbalanced(body, stray, known)
    odd = _of_another_kind(body, known) or _twice_the_sign(body)
    if odd is not None:
        return odd
    refusal = too_long(body)
    return None if refusal is None else Fault(refusal)


def too_many(over: int) -> str:
    """The sentence for a text that has `over` letters more than a text may have."""
    letters = "1 letra" if over == 1 else f"{over} letras"
    return f"O texto vai até {MAX_TEXT_CHARS} letras, e este passou em {letters}. Encurte um pouco."


def _wrong_name(body: str, wrong: str, name: str, known: Collection[str]) -> Fault:
    meant = nearest(name, known)
    shown = wrong if len(wrong) <= MOST_SHOWN else f"{wrong[:MOST_SHOWN]}…"
    if meant is None:
        return Fault(
            f"Não conheço {shown}. Ponha o dado certo com um dos botões do editor, ou tire as "
            "chaves { }."
        )
    right = f"{{{meant}}}"
    sentence = (
        f"{shown} não sai assim: o certo é {right}."
        if fold(name).replace(" ", "_") == meant
        else f"Não conheço {shown}. Você quis dizer {right}?"
    )
    mended = _NAMED.sub(lambda found: right if found[0] == wrong else found[0], body)
    return Fault(sentence, mended, right)


def _stray(body: str) -> int | None:
    """Where the first brace without its other half stands."""
    covered = _NAMED.sub(lambda found: _GOOD * len(found[0]), body)
    found = _STRAY.search(covered)
    return None if found is None else found.start()


def _unbalanced(body: str, at: int, known: Collection[str]) -> Fault:
    shown = "{" if body[at] in f"{{{_WIDE}" else "}"
    whole = _half_written(body, at, known)
    if whole is not None:
        mended, right = whole
        return Fault(f"Falta uma chave em {right}. Completo para você?", mended, right)
    return Fault(
        f"Tem uma chave “{shown}” sozinha no texto. As chaves só servem para os dados, assim: "
        "{nome}.",
        f"{body[:at]}{body[at + 1 :]}".strip() or None,
    )


def _half_written(body: str, at: int, known: Collection[str]) -> tuple[str, str] | None:
    """The text with "{nome" or "nome}" made whole, where that names a variable."""
    ahead = _OPEN_NAME.match(body, at)
    if ahead is not None:
        meant = _exactly(ahead["name"], known)
        return None if meant is None else _put(body, ahead.start(), ahead.end(), meant)
    for behind in _NAME_CLOSED.finditer(body):
        if behind.end() == at + 1:
            meant = _exactly(behind["name"], known)
            return None if meant is None else _put(body, behind.start(), behind.end(), meant)
    return None


def _of_another_kind(body: str, known: Collection[str]) -> Fault | None:
    """A variable as other programs write it: the client would read it as it stands (D4)."""
    for found in _FOREIGN.finditer(body):
        meant = _exactly(found[0][1:-1], known)
        if meant is not None:
            mended, right = _put(body, found.start(), found.end(), meant)
            return Fault(
                f"{found[0]} sairia escrito assim mesmo: o certo é {right}.", mended, right
            )
    return None


def _twice_the_sign(body: str) -> Fault | None:
    found = _SIGN_BEFORE.search(body)
    if found is None:
        return None
    mended, right = _put(body, found.start(), found.end(), "valor")
    return Fault(f"{right} já vem com R$: sairia “R$ R$ 35,00”.", mended, right)


def _exactly(name: str, known: Collection[str]) -> str | None:
    folded = fold(name).replace(" ", "_")
    return folded if folded in known else None


def _put(body: str, start: int, end: int, meant: str) -> tuple[str, str]:
    right = f"{{{meant}}}"
    return f"{body[:start]}{right}{body[end:]}", right
