"""The invented business of the pictures: Conecta Bairro and its 148 clients, always the same.

And what somebody has who has just come: a number, and the sheet that was used so far.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from domain.clients import NewClient
from domain.text import fold

TODAY = date(2026, 11, 25)
FIRST_DAY = date(2026, 11, 23)
SEED = 20261125
COMPANY = ("--company", "Conecta Bairro", "--pix-name", "Conecta Bairro", "--pix-city", "Sao Paulo")
PIX_KEY = ("--pix-key", "contato@conectabairro.example")
OWNER_NAME = "Marcos"
OWNER_NUMBER = "5511955500142"
NEW_NUMBER = "5511955500733"
PRICE = Decimal("79.90")
# Those whom the pictures show by name, with the days since their due date.
KNOWN = (
    *(("Roberto Souza", 2), ("Bruno Alves", 1), ("Carla Dias", 1), ("Diego Ramos", 1)),
    *(("Elisângela Ferreira da Silva Nascimento", 1), ("Fábio Moraes", 1)),
    *(("Elaine Costa", 0), ("Ivo Barbosa", 0), ("Tiago Melo", 0), ("Neide Rocha", -1)),
    *(("Ana Souza Lima", -2), ("Ana Souza", -15), ("Carlos de Souza", -20)),
    *(("Maria Aparecida de Souza Oliveira", -23), ("Juliana Prado", -30)),
)
FIRST = (
    *("Adriana", "Beatriz", "Caio", "Débora", "Eduardo", "Fernanda", "Gilberto", "Helena"),
    *("Igor", "Joana", "Leandro", "Márcia", "Nelson", "Olívia", "Patrícia", "Renato"),
)
LAST = ("Andrade", "Batista", "Cunha", "Duarte", "Esteves", "Freire", "Guedes", "Monteiro", "Pires")
SERVERS = ("Torre Centro", "Torre Vila", "Torre Norte")
# How many of the others are overdue, due soon, up to date.
OTHERS = ((16, range(3, 40)), (11, range(-2, 0)), (106, range(-30, -3)))
FIRST_PHONE = 11_955_500_187
FIELDS = (("usuário", False), ("senha", True))
TAG, TAG_EMOJI = "Prédio Ipê", "🔵"
A_TAG_EACH = 9
SHEET_NAME = "clientes novembro.csv"
SHEET = """Nome;Celular;Plano;Valor;Servidor;Vencimento;Bairro
Alice Tavares;11 95550-0801;30 dias;79,90;Torre Vila;24/11/2026;Centro
Benedito Rosa;11 95550-0802;30 dias;79,90;Torre Vila;28/11/2026;Centro
Cecília Borges;11 95550-0803;30 dias;99,90;Torre Centro;05/12/2026;Vila Nova
Dario Fontes;5550-0804;30 dias;79,90;Torre Norte;10/12/2026;Centro
Eunice Palma;11 95550-0805;30 dias;79,90;Torre Norte;31/11/2026;Vila Nova
Fausto Lemos;11 95550-0806;30 dias;79,90;Torre Norte;12/12/2026;Centro
""".encode()


def sample_clients() -> list[NewClient]:
    """The clients, the known ones first."""
    random = Random(SEED)  # noqa: S311 - the same people in every picture
    people = [*KNOWN, *_others(random)]
    return [
        NewClient(
            name=name,
            phone=f"+55{FIRST_PHONE + number}",
            plan="30 dias",
            price=PRICE,
            server=SERVERS[number % len(SERVERS)],
            due_on=TODAY - timedelta(days=late),
            notes="Ligar só depois das 18h" if name == "Juliana Prado" else None,
            tags=() if number % A_TAG_EACH else (TAG,),
            own_fields={"usuário": _user(name), "senha": _secret(random)},
        )
        for number, (name, late) in enumerate(people)
    ]


def number_of(name: str) -> str:
    """The WhatsApp number of a client, digits only."""
    [number] = [one.phone.removeprefix("+") for one in sample_clients() if one.name == name]
    return number


def _user(name: str) -> str:
    first, *_, last = fold(name).split()
    return f"{first}.{last}"


def _secret(random: Random) -> str:
    return "".join(random.choices("abcdefghkmnpqrstuvxyz23456789", k=6))


def _others(random: Random) -> Iterator[tuple[str, int]]:
    names = [f"{first} {last}" for last in LAST for first in FIRST]
    random.shuffle(names)
    for count, lateness in OTHERS:
        for _ in range(count):
            yield names.pop(), random.choice(lateness)
