"""What a person types and sends: what a question takes, what it does not, and what nobody expects.

A question is known by its words, as a person knows it. What fits is tried once on each screen that
asks, what does not fit too; the hostile list goes to every kind of question in turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
LONG = "á" * 10_000
NAME = "{name}"  # a name that only the one who types it has


@dataclass(frozen=True, slots=True)
class Typed:
    """Something to write or send; `what` names it in reports, `content` is no text."""

    what: str
    text: str = ""
    content: Json | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What fits a question, and what does not."""

    words: tuple[str, ...]
    good: tuple[str, ...]
    bad: tuple[str, ...]


def _sent(what: str, **content: Any) -> Typed:
    return Typed(what, content=content)


# The first whose words are in the question counts.
QUESTIONS = (
    Answers(("e-mail", "email"), ("dona@loja.example",), ("dona@", "não tenho")),
    Answers(("celular", "telefone", "whatsapp"), ("11 95550-0163",), ("123", "98765-432", "abc")),
    Answers(("chave",), ("dona@loja.example", "111.444.777-35"), ("111.444.777-00", "chave")),
    Answers(("cidade",), ("Santos",), ("…",)),
    Answers(("valor", "quanto", "preço"), ("79,90", "R$ 1.234,50"), ("-5", "dez mil", "1,2,3")),
    Answers(("plano",), ("Família 200 Mega", "30"), ("x" * 200,)),
    Answers(("servidor",), ("Torre Vila",), ("y" * 200,)),
    Answers(("hora", "horário"), ("18:30", "7h"), ("25:00", "cedo")),
    Answers(
        ("quando", "vence", "data", "dia"),
        ("25/12/2026", "amanhã", "dia 10"),
        ("31/02", "ontem", "32/13/2026"),
    ),
    Answers(("observaç", "anot"), ("Ligar só depois das 18h",), ("z" * 3000,)),
    Answers(("texto", "mensagem"), ("Oi, {primeiro_nome}!",), ("Oi, {nomi", "{valr}", "}{")),
    Answers(("nome", "chama", "quem"), (NAME,), ("123", "…")),
)
ANY = Answers((), (NAME, "30"), ("???",))
ANYWHERE = (
    Typed("a name", NAME),
    Typed("a phone", "11 95550-0199"),
    Typed("/novo with words", "/novo Juliana 11 95550-0163 dia 10 79,90"),
    Typed("a number", "30"),
    Typed("thanks", "obrigada!"),
)
HOSTILE = (
    Typed("too long", LONG),
    Typed("right to left", "\u202eموعد\u202c أهلا"),
    Typed("zero width", "\u200b\u200d\ufeff"),
    Typed("NUL", "oi\x00tchau"),
    Typed("SQL", "'; DROP TABLE clients; --"),
    Typed("HTML", "<b>oi</i> <script>alert(1)</script> &lt; <a href='tg://x'>"),
    Typed("braces", "{0} {nome!r} {{}} {"),
    Typed("percent", "%s %d %(x)s %n"),
    Typed("emoji only", "👨‍👩‍👧‍👦🏳️‍🌈"),
    Typed("many lines", "\n".join("linha" for _ in range(400))),
    Typed("a command nobody knows", "/nada"),
    _sent("a sticker", sticker={
        "file_id": "s1", "file_unique_id": "us1", "type": "regular", "width": 1, "height": 1,
        "is_animated": False, "is_video": False}),
    _sent("a voice message", voice={"file_id": "v1", "file_unique_id": "uv1", "duration": 2}),
    _sent("a place", location={"latitude": -23.5, "longitude": -46.6}),
    _sent("a dice", dice={"emoji": "🎲", "value": 3}),
    _sent("a contact without a phone worth the name", contact={
        "phone_number": "0", "first_name": "X"}),
    _sent("a contact", contact={"phone_number": "+5511955500177", "first_name": "Zé"}),
    _sent("a file of nobody", document={
        "file_id": "none", "file_unique_id": "none", "file_name": "a.bin", "file_size": 3}),
)  # fmt: skip


def answers_to(question: str) -> Answers:
    """What is known of `question`."""
    asked = question.lower()
    return next((one for one in QUESTIONS if any(word in asked for word in one.words)), ANY)


def inputs_for(question: str) -> Sequence[Typed]:
    """What to type where `question` is asked, bad before good; without one, what fits anywhere."""
    if not question:
        return ANYWHERE
    known = answers_to(question)
    bad = [Typed(f"bad: {text[:20]}", text) for text in known.bad]
    good = [Typed(f"good: {text[:20]}", text) for text in known.good]
    return [*bad, *good]
