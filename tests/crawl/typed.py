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
PHONE = "{phone}"  # what the phones of their clients begin with; four digits follow


@dataclass(frozen=True, slots=True)
class Typed:
    """Something to write or send; `what` names it in reports, `content` is no text.

    With a `file` the text is what stands in it; a `search` is typed after the bot's name, and what
    is found first is sent.
    """

    what: str
    text: str = ""
    content: Json | None = None
    file: str = ""
    search: bool = False


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
    Answers(("etiqueta",), ("Prédio Ipê", "Quadra 7"), ("x" * 60, "…")),
    Answers(("campo se chama",), ("usuário", "senha do portão"), ("x" * 60, "…")),
    Answers(("segredo",), ("sim", "não"), ("talvez",)),
    Answers(("cor?",), ("🔵",), ("azul",)),
    Answers(("celular", "telefone", "whatsapp"), ("11 95550-0163",), ("123", "98765-432", "abc")),
    Answers(("chave",), ("dona@loja.example", "111.444.777-35"), ("111.444.777-00", "chave")),
    Answers(("cidade",), ("Santos",), ("…",)),
    Answers(("dia você recebeu",), ("ontem", "10/11"), ("10/12/2031", "31/02")),
    Answers(("valor", "quanto", "preço"), ("79,90", "R$ 1.234,50"), ("-5", "dez mil", "1,2,3")),
    Answers(("plano",), ("Família 200 Mega", "30"), ("x" * 200,)),
    Answers(("servidor",), ("Torre Vila",), ("y" * 200,)),
    Answers(("hora", "horário"), ("18:30", "7h"), ("25:00", "cedo")),
    Answers(
        ("quando", "vence", "data", "dia"),
        ("25/12/2026", "amanhã", "dia 10"),
        ("31/02", "31/11", "ontem", "32/13/2026"),
    ),
    Answers(("observaç", "anot"), ("Ligar só depois das 18h",), ("z" * 3000,)),
    Answers(("seus campos",), ("rita.alves\n4711", "rita"), ("a\nb\nc\nd\ne",)),
    Answers(("texto", "mensagem"), ("Oi, {primeiro_nome}!",), ("Oi, {nomi", "{valr}", "}{")),
    Answers(("nome", "chama", "quem"), (NAME,), ("123", "…")),
)
ANY = Answers((), (NAME, "30"), ("???",))
HEADS = "Nome;Telefone;Plano;Valor;Vencimento;Situação"
GOOD_SHEET = "\n".join(
    [
        HEADS,
        *(f"{NAME} 9{n};{PHONE}9{n:03d};30 dias;79,90;10/12/2026;ativo" for n in range(3)),
        *(f"{NAME} {n};{PHONE}{n:04d};30 dias;59,90;11/12/2026;ativo" for n in range(1, 9)),
        *(f"{NAME} {n};12;30 dias;79,90;10/12/2026;ativo" for n in range(30)),
        *(f"{NAME} 8{n};{PHONE}8{n:03d};30 dias;79,90;10/12/2026;cancelado" for n in range(2)),
    ]
)
DOUBLES_SHEET = f"{HEADS}\n{NAME};{PHONE}0007;30 dias;49,90;12/12/2026;ativo"
PASTED = f"""{NAME} 11 95550-0301 dia 10 79,90 plano 30 dias
{NAME} 11 95550-0302 dia 12 59,90 plano 30 dias
{NAME} 11 95550-0303"""
ANYWHERE = (
    Typed("a name", NAME),
    Typed("a phone", "11 95550-0199"),
    Typed("/novo with words", "/novo Juliana 11 95550-0163 dia 10 79,90"),
    Typed("a number", "30"),
    Typed("thanks", "obrigada!"),
    Typed("a name nobody has", "Zulmira Quaresma"),
    Typed("a client's phone", f"{PHONE}0003"),
    Typed("a phone that two have", f"{PHONE}0015"),
    Typed("a list of clients", PASTED),
    Typed("lines that are no clients", f"{NAME} 11 95550-0304\n{NAME} 11 95550-0305"),
    Typed("a list that is too long", "\n".join(f"{NAME} 11 95550-{n:04d}" for n in range(30))),
    Typed("a sheet", GOOD_SHEET, file="clientes.csv"),
    Typed("a sheet of clients who are there", DOUBLES_SHEET, file="clientes.csv"),
    Typed("a sheet that is none", "oi", file="clientes.xlsx"),
    Typed("a search", "a", search=True),
    Typed("a search that finds nobody", "Zulmira", search=True),
    _sent("a client's contact", contact={
        "phone_number": f"+55{PHONE}0003", "first_name": "Zé"}),
    _sent("a contact that two have", contact={
        "phone_number": f"+55{PHONE}0015", "first_name": "Zé"}),
    Typed("/buscar with a name", f"/buscar {NAME}"),
    Typed("/novo that is none", "/novo 31/02 31/02"),
    Typed("/ver of nobody", "/ver_999999999999"),
)  # fmt: skip
HOSTILE = (
    Typed("too long", LONG),
    Typed("right to left", "\u202eموعد\u202c أهلا"),
    Typed("zero width", "\u200b\u200d\ufeff"),
    Typed("NUL", "oi\x00tchau"),
    Typed("half a letter", "Ana \ud83d Souza"),
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
