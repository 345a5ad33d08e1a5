"""Makes the two sample sheets of invented clients: `python -m playground.make_samples`.

They look like a reseller's own sheet, with its many shapes and mistakes, on Tuesday 2026-11-24.
Both hold the same clients: the CSV as Excel saves it in Brazil, the XLSX with real dates and
numbers. The same seed always gives the same sheets.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import xlsxwriter

TODAY = date(2026, 11, 24)
SEED = 20261124
FOLDER = Path(__file__).parent
CSV_NAME = "clientes-exemplo.csv"
XLSX_NAME = "clientes-exemplo.xlsx"

TITLE = "CLIENTES TV - NOVEMBRO/2026"
HEADERS = (
    *("Nome do Cliente", "WhatsApp", "Pacote", "Mensalidade"),
    *("Servidor", "Vence em", "Observações"),
)
FIRST_NAMES = (
    *("Ana", "João", "Márcia", "Antônio", "Cleide", "Robson", "Conceição", "Wellington"),
    *("Fátima", "Edson", "Jéssica", "Sebastião", "Vânia", "Rogério", "Luzia", "Fábio"),
)
LAST_NAMES = (
    *("Exemplo", "da Silva Teste", "Souza Fictícia", "Modelo Lima", "Inventado Rocha"),
    *("Amostra Gonçalves", "de Mentirinha", "Ficção Araújo", "Ensaio Brandão", "Hipotético Melo"),
)
AREA_CODES = ("11", "13", "19", "21", "31", "41", "51", "61", "71", "81", "85", "92")
PLANS = ("Mensal", "Mensal 2 telas", "30 dias", "Trimestral", "Família", "Anual")
SERVERS = ("Alfa", "Servidor 2", "Max Sul", "")
PRICES = tuple(map(Decimal, ("25", "30", "35", "35.90", "29.90", "40", "45", "50", "120")))
NOTES = (
    *("", "", "", "", "paga por PIX", "indicação da Márcia", "TV Box da sala"),
    *("cliente desde 2022; prefere áudio", 'usa na "TV grande" e no celular'),
)
# How many clients are how many days late on TODAY; ranges are drawn from at random.
LATENESS = (
    (24, range(1, 2)),
    (12, range(1)),
    (8, range(-1, 0)),
    (8, range(-2, -1)),
    (8, range(-3, -2)),
    (80, range(-120, -3)),
    (43, range(2, 91)),
)
SECOND_PLANS = 3
DUPLICATES = 4
OLD_FORM_EVERY = 5

Cell = str | int | Decimal | date


@dataclass(frozen=True, slots=True)
class Person:
    """One invented client; `phone` is area code and eight digits, all mobiles of 9000-0000 on."""

    name: str
    phone: str
    ninth_digit: bool
    plan: str
    price: Decimal
    server: str
    due_on: date
    notes: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it stands in either sheet."""

    csv: tuple[str, ...]
    xlsx: tuple[Cell, ...]


def sample_lines() -> list[Line]:
    """The 200 rows, wrong ones and duplicates among them."""
    random = Random(SEED)  # noqa: S311 - invented people need no secret
    people = _people(random)
    lines = [_line(person, random) for person in people]
    lines += [_line(_again(person), random) for person in people[-DUPLICATES:]]
    lines += [Line(cells, cells) for cells in _wrong_rows()]
    random.shuffle(lines)
    return lines


def csv_bytes(lines: Sequence[Line]) -> bytes:
    """The CSV as Excel in Brazil saves it: `;`, Windows-1252, CRLF."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    blank = [""] * len(HEADERS)
    writer.writerows([[TITLE, *blank[1:]], blank, HEADERS, *(line.csv for line in lines)])
    return text.getvalue().encode("cp1252")


def xlsx_bytes(lines: Sequence[Line]) -> bytes:
    """The XLSX, with real dates and numbers where a person would have them."""
    packed = io.BytesIO()
    workbook = xlsxwriter.Workbook(packed, {"in_memory": True})
    # Without a fixed day of creation the same sheet would differ each time.
    workbook.set_properties({"created": datetime(2026, 11, 24)})  # noqa: DTZ001 - a wall time
    sheet = workbook.add_worksheet("Clientes")
    as_date = workbook.add_format({"num_format": "dd/mm/yyyy"})
    sheet.set_column(0, len(HEADERS) - 1, 20)
    sheet.write_string(0, 0, TITLE)
    sheet.write_row(2, 0, HEADERS)
    for row, line in enumerate(lines, start=3):
        for column, cell in enumerate(line.xlsx):
            if isinstance(cell, date):
                sheet.write_datetime(row, column, cell, as_date)
            elif isinstance(cell, str):
                sheet.write_string(row, column, cell)
            else:
                sheet.write_number(row, column, cell)
    workbook.close()
    return packed.getvalue()


def main() -> None:
    """Write both sheets beside this script."""
    lines = sample_lines()
    (FOLDER / CSV_NAME).write_bytes(csv_bytes(lines))
    (FOLDER / XLSX_NAME).write_bytes(xlsx_bytes(lines))


def _people(random: Random) -> list[Person]:
    names = [f"{first} {last}" for last in LAST_NAMES for first in FIRST_NAMES]
    extra = [f"{first} {first[0]}. Exemplo" for first in FIRST_NAMES]
    names = names + extra + [f"{name} Filho" for name in names]
    late = [random.choice(days) for count, days in LATENESS for _ in range(count)]
    people = [_person(number, names[number], late[number], random) for number in range(len(late))]
    # Two plans on one phone (C2), a second television set in the family.
    second = [
        replace(person, plan="Segundo ponto", price=Decimal(20), due_on=TODAY + timedelta(days=40))
        for person in people[:SECOND_PLANS]
    ]
    return second + people


def _person(number: int, name: str, late: int, random: Random) -> Person:
    return Person(
        name=name,
        phone=f"{random.choice(AREA_CODES)}9000{number + 1:04d}",
        ninth_digit=number % OLD_FORM_EVERY != 0,
        plan=random.choice(PLANS),
        price=random.choice(PRICES),
        server=random.choice(SERVERS),
        due_on=TODAY - timedelta(days=late),
        notes=random.choice(NOTES),
    )


def _again(person: Person) -> Person:
    """The same client, entered a second time by another hand."""
    return replace(person, name=person.name.upper(), ninth_digit=not person.ninth_digit)


def _line(person: Person, random: Random) -> Line:
    phone_text, phone_cell = _phone_shapes(person, random)
    price_text = random.choice(_price_shapes(person.price))
    due_text = random.choice(_date_shapes(person.due_on))
    due_cell: Cell = person.due_on if random.random() < 0.9 else due_text  # noqa: PLR2004 - a share
    return Line(
        csv=(
            *(person.name, phone_text, person.plan, price_text),
            *(person.server, due_text, person.notes),
        ),
        xlsx=(
            *(person.name, phone_cell, person.plan, person.price),
            *(person.server, due_cell, person.notes),
        ),
    )


def _phone_shapes(person: Person, random: Random) -> tuple[str, Cell]:
    area, number = person.phone[:2], person.phone[2:]
    if person.ninth_digit:
        number = f"9{number}"
    front, back = number[:-4], number[-4:]
    # Without its ninth digit a mobile is one only when written 4+4 (decision 6).
    glued = number if person.ninth_digit else f" {front} {back}"
    shapes = (
        f"({area}) {front}-{back}",
        f"{area}{glued}",
        f"{area} {front}-{back}",
        f"+55 {area} {front}-{back}",
        f"55{area}{glued}",
        f"0{area} {front} {back}",
        f"({area}){front}.{back}",
    )
    text = random.choice(shapes)
    return text, int(text) if text.isdecimal() and not text.startswith("0") else text


def _price_shapes(price: Decimal) -> tuple[str, ...]:
    exact = f"{price:.2f}"
    comma = exact.replace(".", ",")
    short = comma.removesuffix("0").removesuffix(",0")
    return (f"R$ {comma}", comma, exact, short, f"R${comma}", f"{short} reais")


def _date_shapes(day: date) -> tuple[str, ...]:
    usual = f"{day:%d/%m/%Y}"
    return (
        *(usual, usual, usual, f"{day:%d/%m/%y}", f"{day:%d-%m-%Y}", f"{day:%d.%m.%Y}"),
        *(f"{day:%Y-%m-%d}", f"{day.day}/{day.month}/{day.year}", f"{day:%d/%m}"),
    )


def _wrong_rows() -> list[tuple[str, ...]]:
    """Ten mistakes of everyday, each with its own reason."""
    ok = ("Mensal", "35,00", "Alfa", "10/12/2026", "")
    return [
        ("Sem Telefone Exemplo", "", *ok),
        ("Data Impossível Exemplo", "(11) 99000-0901", *ok[:3], "31/02/2026", ""),
        ("Preço Duvidoso Exemplo", "(11) 99000-0902", "Mensal", "grátis?", *ok[2:]),
        ("Letras No Telefone Exemplo", "11 9900O-O9O3", *ok),
        ("Sem DDD Exemplo", "99000-0904", *ok),
        ("", "(11) 99000-0905", *ok),
        ("Sem Vencimento Exemplo", "(11) 99000-0906", *ok[:3], "", ""),
        ("Data Vaga Exemplo", "(11) 99000-0907", *ok[:3], "a combinar", ""),
        ("Preço Zero Exemplo", "(11) 99000-0908", "Mensal", "0,00", *ok[2:]),
        ("Dois Telefones Exemplo", "(11) 99000-0909 / (11) 99000-0910", *ok),
    ]


if __name__ == "__main__":
    main()
