"""The businesses of a soak, their clients, and who must hear what: worked out without the product.

Every client is due once, so every phone must show the messages of one bill, from one owner.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

FIRST_DAY = date(2026, 11, 23)  # a Monday, and no holiday in the weeks after it
WEEKDAYS = 5
FIRST_CHAT = 550_020_000
ONE_DAY = timedelta(days=1)
# Of the invented phones, one in so many has no WhatsApp, and one in three an account from before
# the ninth digit.
WITHOUT_WHATSAPP = 17
WITHOUT_NINTH_DIGIT = 3
# Codes of the outbox's reasons; of a line that ended any that is true of it.
NOT_ON_WHATSAPP = "not_on_whatsapp"
REFUSED = "refused"
RESTRICTED = "restricted"
LINE_ENDED = "line"


@dataclass(frozen=True, slots=True)
class Client:
    """One person, billed on `day`."""

    tenant_id: int
    number: int
    phone: str  # E.164, with the ninth digit
    day: date

    @property
    def due_on(self) -> date:
        """One day late on `day` (E3)."""
        return self.day - ONE_DAY

    @property
    def forms(self) -> tuple[str, str]:
        """The two forms WhatsApp may know the number by, digits only (decision 6)."""
        digits = self.phone[1:]
        return digits, digits[:4] + digits[5:]

    @property
    def account(self) -> str | None:
        """The WhatsApp account behind the phone, None for the few without one."""
        if self.number % WITHOUT_WHATSAPP == WITHOUT_WHATSAPP - 1:
            return None
        return self.forms[1] if self.number % WITHOUT_NINTH_DIGIT == 0 else self.forms[0]


@dataclass(frozen=True, slots=True)
class Business:
    """A tenant: its chat and its own WhatsApp."""

    index: int

    @property
    def chat(self) -> int:
        """The Telegram chat of its owner."""
        return FIRST_CHAT + self.index

    @property
    def name(self) -> str:
        """What the owner is called."""
        return f"Dona {self.index + 1}"

    @property
    def owner(self) -> str:
        """The owner's own number, as WhatsApp has it."""
        return f"5521{970_000_000 + self.index}"


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody."""

    businesses: Sequence[Business]
    days: Sequence[date]
    clients: Sequence[Client]

    def of(self, chat: int, day: date) -> list[Client]:
        """Who must be billed by `chat` on `day`."""
        return [one for one in self.clients if (one.tenant_id, one.day) == (chat, day)]

    def numbers_of(self, chat: int) -> set[str]:
        """The only numbers `chat` may ask about or write to."""
        return {form for one in self.clients if one.tenant_id == chat for form in one.forms}


@dataclass(slots=True)
class Excuses:
    """Why somebody may rightly go unheard today: the reasons that would then be true."""

    of_clients: dict[Client, set[str]] = field(default_factory=lambda: defaultdict(set))
    of_businesses: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def of(self, client: Client) -> set[str]:
        """What may be said of `client`."""
        own = {NOT_ON_WHATSAPP} if client.account is None else set()
        return (
            own
            | self.of_clients.get(client, set())
            | self.of_businesses.get(client.tenant_id, set())
        )


def weekdays() -> Iterator[date]:
    """Monday to Friday, for ever."""
    for offset in count():
        day = FIRST_DAY + offset * ONE_DAY
        if day.weekday() < WEEKDAYS:
            yield day


def invent(businesses: int, days: int, clients_a_day: int) -> Cast:
    """So many businesses, each with so many clients to bill on each day."""
    made = [Business(index) for index in range(businesses)]
    dates = [day for day, _ in zip(weekdays(), range(days), strict=False)]
    clients = [
        Client(
            tenant_id=business.chat,
            number=number,
            phone=f"+551198{business.index:02d}{number:05d}",
            day=day,
        )
        for business in made
        for number, day in enumerate(day for day in dates for _ in range(clients_a_day))
    ]
    return Cast(made, dates, clients)
