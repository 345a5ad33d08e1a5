"""A Dockerfile as values: its stages, each a list of instructions with flags and words.

It knows what this repository's Dockerfile uses. Anything else is a fault, never skipped: what is
not understood here would be built differently elsewhere.
https://docs.docker.com/reference/dockerfile/
"""

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from errors import EmDiaError

# Which flags of each instruction are understood.
FLAGS: Mapping[str, frozenset[str]] = {
    "FROM": frozenset(),
    "ARG": frozenset(),
    "ENV": frozenset(),
    "WORKDIR": frozenset(),
    "COPY": frozenset({"from", "chown"}),
    "RUN": frozenset(),
    "USER": frozenset(),
    "EXPOSE": frozenset(),
    "STOPSIGNAL": frozenset(),
    "HEALTHCHECK": frozenset({"interval", "timeout", "start-period", "retries"}),
    "CMD": frozenset(),
}
WORDS_OF_ITS_OWN = frozenset({"RUN", "CMD", "HEALTHCHECK"})
_FLAG = re.compile(r"--([a-z-]+)=(\S+)\s*")
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


class DockerfileFault(EmDiaError):
    """The Dockerfile cannot be performed; the text says which line and why."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction. `words` are the arguments: of the exec form, or the shell's one text."""

    line: int
    name: str
    flags: Mapping[str, str]
    words: tuple[str, ...]
    is_exec: bool = False

    def __str__(self) -> str:
        """As a person finds it again."""
        return f"linha {self.line}: {self.name} {' '.join(self.words)}"[:100]


@dataclass(frozen=True, slots=True)
class Stage:
    """What follows a FROM; `base` is an image or an earlier stage."""

    base: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)


def read(text: str) -> list[Stage]:
    """The stages of a Dockerfile, in order.

    Raises:
        DockerfileFault: something in it is not understood.
    """
    stages: list[Stage] = []
    given: dict[str, str] = {}
    for line, name, rest in _logical_lines(text):
        instruction = _instruction(line, name, rest)
        if name == "FROM":
            stages.append(_stage(instruction, given, str(len(stages))))
        elif stages:
            stages[-1].instructions.append(instruction)
        elif name == "ARG":
            variable, _, value = instruction.words[0].partition("=")
            given[variable] = value
        else:
            raise DockerfileFault(f"linha {line}: {name} antes do primeiro FROM")
    if not stages:
        raise DockerfileFault("não há FROM")
    return stages


def expanded(text: str, variables: Mapping[str, str]) -> str:
    """`text` with $NAME and ${NAME} replaced; an unknown one is nothing, as Docker has it."""
    return _VARIABLE.sub(lambda found: variables.get(found[1] or found[2], ""), text)


def pairs(instruction: Instruction, variables: Mapping[str, str]) -> dict[str, str]:
    """What an ENV or an ARG sets: all of one instruction see what was before it."""
    found = {}
    for word in instruction.words:
        name, equals, value = word.partition("=")
        if not equals and instruction.name == "ENV":
            raise DockerfileFault(f"{instruction}: ENV é NOME=valor")
        found[name] = expanded(value, variables)
    return found


def _logical_lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Number, instruction and the rest of each, continued lines joined and comments left out."""
    begun, parts = 0, list[str]()
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("#") or not line.strip():
            continue
        begun = begun or number
        parts.append(line.removesuffix("\\").strip())
        if line.endswith("\\"):
            continue
        name, _, rest = " ".join(parts).partition(" ")
        yield begun, name.upper(), rest.strip()
        begun, parts = 0, []
    if parts:
        raise DockerfileFault(f"linha {begun}: termina no meio")


def _instruction(line: int, name: str, rest: str) -> Instruction:
    if name not in FLAGS:
        raise DockerfileFault(f"linha {line}: não sei executar {name}")
    flags = {}
    while found := _FLAG.match(rest):
        flags[found[1]] = found[2]
        rest = rest[found.end() :]
    if rest.startswith("--") or not flags.keys() <= FLAGS[name]:
        odd = rest if rest.startswith("--") else ", ".join(flags)
        raise DockerfileFault(f"linha {line}: não sei executar {name} com {odd}")
    words, is_exec = _words(line, name, rest)
    if not words:
        raise DockerfileFault(f"linha {line}: {name} sem nada")
    return Instruction(line, name, flags, words, is_exec=is_exec)


def _words(line: int, name: str, rest: str) -> tuple[tuple[str, ...], bool]:
    prefix = ""
    if name == "HEALTHCHECK":
        prefix, _, rest = rest.partition(" ")
        if prefix != "CMD":
            raise DockerfileFault(f"linha {line}: HEALTHCHECK sem CMD")
        rest = rest.strip()
    if rest.startswith("["):
        return tuple(_json_words(line, rest)), True
    if name in WORDS_OF_ITS_OWN:
        return (rest,) if rest else (), False
    return tuple(shlex.split(rest)), False


def _json_words(line: int, rest: str) -> Sequence[str]:
    try:
        words = json.loads(rest)
    except json.JSONDecodeError as error:
        # Docker would take it for the shell form, and a shell would be process 1.
        raise DockerfileFault(f"linha {line}: a lista não é JSON ({error.msg})") from error
    if not all(isinstance(word, str) for word in words):
        raise DockerfileFault(f"linha {line}: a lista não é de textos")
    return [str(word) for word in words]


def _stage(instruction: Instruction, given: Mapping[str, str], number: str) -> Stage:
    base, *rest = (expanded(word, given) for word in instruction.words)
    match rest:
        case []:
            return Stage(base, number)
        case [as_, name] if as_.upper() == "AS":
            return Stage(base, name)
        case _:
            raise DockerfileFault(f"{instruction}: não entendo este FROM")
