"""Who uses the bot in a crawl, each with words that only they may ever read.

A stranger, a new owner, one with 300 clients, one whose days are over, and the admin.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from domain.clients import NewClient
from storage import clients
from tests.crawl.house import NOW, House

SAMPLE = r"Exemplo: \w+(?: \w+)*…?"
TODAY = NOW.date()
FIRST_CHAT = 720_100_000
MANY, FEW = 300, 12
FIRST_NAMES = (
    "Ana", "Bruno", "Maria Aparecida", "Carlos Eduardo", "Diego", "Elisângela", "Fábio", "Geni",
    "Roberto", "Ivo", "Joana", "Luiz Fernando", "Neide", "Osvaldo", "Paulo", "Rita",
)  # fmt: skip
TAGS = ("Vila", "Centro", "VIP", "Prédio", "Praça", "Anual", "Teste", "Amigos", "Quadra")
SYLLABLES = ("ba", "do", "fi", "gu", "le", "mo", "ni", "pa", "re", "su", "ta", "vo", "xi", "za")
DUE_IN_DAYS = (-400, -30, -8, -3, -2, -1, -1, 0, 0, 1, 2, 3, 5, 9, 14, 20, 26, 29, 45, 370)


class Role(StrEnum):
    """Who somebody is to the bot."""

    STRANGER = "stranger"
    NEW = "new"
    FULL = "full"
    ENDED = "ended"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Citizen:
    """One chat. `word` is in the names of all its clients and in no other text anywhere."""

    chat_id: int
    role: Role
    number: int

    @property
    def word(self) -> str:
        """The family name of all its clients."""
        rest, made = self.number, "Z"
        for _ in range(3):
            rest, which = divmod(rest, len(SYLLABLES))
            made += SYLLABLES[which]
        return made

    @property
    def company(self) -> str:
        """What its business is called: the admin reads that, other owners never."""
        return f"Loja {self.company_word}"

    @property
    def company_word(self) -> str:
        """The half of that name that no other has."""
        return self.word[::-1].title()

    @property
    def phone_part(self) -> str:
        """The middle of all its clients' phones."""
        return f"97{self.number:03d}"

    @property
    def has_account(self) -> bool:
        """Whether it has signed up before the crawl."""
        return self.role is not Role.STRANGER


def people(counts: dict[Role, int]) -> list[Citizen]:
    """As many of each role."""
    roles = [role for role, count in counts.items() for _ in range(count)]
    return [Citizen(FIRST_CHAT + number, role, number) for number, role in enumerate(roles)]


def names_of(citizens: Sequence[Citizen]) -> re.Pattern[str]:
    """What is a name on a screen: of a client, whole or cut, of a server, of a business."""
    words = "|".join(word for one in citizens for word in (one.word, one.company_word))
    first = "|".join(
        (*FIRST_NAMES, "Juliana Prado", "Juliana", "Zé", "Dona Rita", "Loja", "Torre", "Ipê", *TAGS)
    )
    named = rf"\b(?:{first}|{words})\b(?: (?:{first}|{words}|d[aeo]s?|\d+)\b)*…?"
    return re.compile(rf"{SAMPLE}|{named}")


def words_of(citizen: Citizen) -> list[str]:
    """What only this chat may read: words in its clients' data, and the middle of their phones."""
    return [citizen.word, f"{citizen.phone_part}-", f"11{citizen.phone_part}"]


async def settle(house: House, citizen: Citizen) -> list[int]:
    """Let `citizen` be what its role says; the ids of its clients."""
    if not citizen.has_account:
        return []
    ended = citizen.role is Role.ENDED
    began = NOW - timedelta(days=15 if ended else 2)
    await house.console.execute(
        """INSERT INTO tenants (tenant_id, name, email, phone, created_at, trial_ends_at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        citizen.chat_id,
        citizen.company,
        f"dono{citizen.number}@loja.example",
        f"+55219{80_000_000 + citizen.number}",
        began,
        began + timedelta(days=7),
    )
    await house.console.execute(
        "INSERT INTO settings (tenant_id, company) VALUES ($1, $2)",
        citizen.chat_id,
        citizen.company,
    )
    if citizen.role in {Role.FULL, Role.ENDED}:
        return await _open_shop(house, citizen, MANY if citizen.role is Role.FULL else FEW)
    return []


async def _open_shop(house: House, citizen: Citizen, count: int) -> list[int]:
    await house.console.execute(
        """UPDATE settings SET pix_key = $2, pix_beneficiary = 'Dona Rita', pix_city = 'Santos',
               company_phone = '(11) 3000-0000', support = 'fale com a Rita'
           WHERE tenant_id = $1""",
        citizen.chat_id,
        f"loja{citizen.number}@pix.example",
    )
    async with house.database.tenant(citizen.chat_id) as tx:
        ids = await clients.add_many(tx, [_client(citizen, n) for n in range(count)], NOW)
    await house.console.execute(
        "UPDATE clients SET archived_at = $1 WHERE tenant_id = $2 AND id = ANY($3)",
        NOW - timedelta(days=40),
        citizen.chat_id,
        ids[:: len(DUE_IN_DAYS) + 1][:4],
    )
    # Some of those who are billed today lack what their message says: it waits for the owner.
    await house.console.execute(
        "UPDATE clients SET price = NULL, plan = NULL WHERE tenant_id = $1 AND id = ANY($2)",
        citizen.chat_id,
        ids[DUE_IN_DAYS.index(-1) :: 3 * len(DUE_IN_DAYS)],
    )
    return ids


def _client(citizen: Citizen, number: int) -> NewClient:
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    return NewClient(
        name=f"{first} de {citizen.word}" if number % 3 else f"{first} {citizen.word} {number}",
        phone=f"+5511{citizen.phone_part}{number:04d}",
        plan="30 dias" if number % 4 else None,
        price=Decimal("79.90") if number % 9 else Decimal(0),
        due_on=TODAY + timedelta(days=DUE_IN_DAYS[number % len(DUE_IN_DAYS)]),
        server=f"Torre {citizen.word}" if number % 2 else None,
        notes=f"Anotação de {citizen.word}" if number % 5 == 0 else None,
    )
