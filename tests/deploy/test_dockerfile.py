"""A Dockerfile is read as Docker reads it, and what is not understood is told, never skipped."""

import pytest

from deploy.dockerfile import DockerfileFault, Instruction, Stage, expanded, pairs, read

FROM = "FROM python:3.11-slim-bookworm\n"


def only(text: str) -> Instruction:
    """The one instruction after a FROM."""
    (stage,) = read(FROM + text)
    (instruction,) = stage.instructions
    return instruction


def test_stages_are_told_apart_by_name_or_number() -> None:
    stages = read(f"ARG TAG=3.11\nFROM python:${{TAG}}-slim AS build\nUSER 1:1\n{FROM}USER 2:2\n")

    assert [("python:3.11-slim", "build", 1), ("python:3.11-slim-bookworm", "1", 1)] == [
        (stage.base, stage.name, len(stage.instructions)) for stage in stages
    ]


@pytest.mark.parametrize(
    ("text", "words", "is_exec"),
    [
        pytest.param('CMD ["a b", "c"]', ("a b", "c"), True, id="exec form"),
        pytest.param("RUN a && \\\n# why\n\n  b 'c d'", ("a && b 'c d'",), False, id="shell form"),
        pytest.param("COPY a b ./", ("a", "b", "./"), False, id="words"),
        pytest.param("env A=1 B='2 3'", ("A=1", "B=2 3"), False, id="quotes, and any case"),
        pytest.param('HEALTHCHECK --retries=3 CMD ["x"]', ("x",), True, id="health check"),
    ],
)
def test_an_instruction_is_its_words(text: str, words: tuple[str, ...], is_exec: bool) -> None:
    found = only(text)

    assert (words, is_exec) == (found.words, found.is_exec)


def test_flags_are_read_apart_from_words() -> None:
    found = only("COPY --from=build --chown=1:1 /a /b")

    assert ({"from": "build", "chown": "1:1"}, ("/a", "/b")) == (found.flags, found.words)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param(FROM + 'ENTRYPOINT ["x"]', "ENTRYPOINT", id="an instruction not known"),
        pytest.param(FROM + "COPY --link a b", "--link", id="a flag not known"),
        pytest.param(FROM + "RUN --mount=type=cache,target=/x y", "mount", id="a mount"),
        pytest.param(FROM + "CMD ['x']", "não é JSON", id="quotes that Docker does not take"),
        pytest.param(FROM + "CMD [1]", "não é de textos", id="a number in a list"),
        pytest.param(FROM + "HEALTHCHECK NONE", "sem CMD", id="no health check"),
        pytest.param(FROM + "RUN", "sem nada", id="nothing to run"),
        pytest.param(FROM + "RUN x \\", "no meio", id="a line that goes on nowhere"),
        pytest.param("RUN x", "antes do primeiro FROM", id="before a stage"),
        pytest.param("FROM a b c d", "este FROM", id="a FROM of another kind"),
        pytest.param("# nothing", "não há FROM", id="nothing at all"),
    ],
)
def test_what_is_not_understood_is_told(text: str, why: str) -> None:
    with pytest.raises(DockerfileFault, match=why):
        read(text)


def test_variables_are_expanded_and_unknown_ones_are_nothing() -> None:
    assert "/x/y:1:" == expanded("$A/y:${B}:$C", {"A": "/x", "B": "1"})


def test_what_one_env_sets_is_seen_by_the_next_one_only() -> None:
    env = only("ENV A=2 B=$A")

    assert {"A": "2", "B": "1"} == pairs(env, {"A": "1"})


def test_a_stage_without_instructions_is_one() -> None:
    assert [Stage("python:3.11-slim-bookworm", "0")] == read(FROM)
