"""What an import would do, as values: the dry run that the owner sees before confirming (C11)."""

from dataclasses import dataclass, field

from domain.clients import NewClient
from domain.contacts import same_phone_key
from domain.sheet_columns import Column
from domain.sheets import Reading
from domain.text import fold

SAMPLE_ROWS = 3


@dataclass(frozen=True, slots=True)
class ClientKey:
    """What makes two entries the same client: phone (either form), name and plan.

    `shown` is the name as people write it, and `archived` whether the client is out of sight.
    """

    phone: str
    name: str
    plan: str
    shown: str = field(default="", compare=False)
    archived: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class ImportedClient:
    """A row that can be registered."""

    row: int
    client: NewClient


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A valid row that is there already: in row `first_row`, or registered when that is None."""

    row: int
    client: NewClient
    first_row: int | None
    archived: bool = False


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that cannot be registered, and why, in Portuguese."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row of somebody who is no client any more, by the sheet's own word."""

    row: int
    word: str


@dataclass(frozen=True, slots=True)
class SharedPhone:
    """A client to register on the number of others, who are named (C2)."""

    row: int
    name: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaymentWord:
    """A word of the status column that speaks of a payment only, and the rows that have it."""

    word: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """What a named column was taken for; None where it is not read."""

    header: str
    column: Column | None


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """The dry run: the first four hold every row of the sheet once, in the order of the sheet.

    `paid_but_due` are rows that say "Pago" with a due date that is today or past.
    """

    clients: tuple[ImportedClient, ...]
    duplicates: tuple[Duplicate, ...]
    faults: tuple[RowFault, ...]
    left_out: tuple[LeftOut, ...] = ()
    shared: tuple[SharedPhone, ...] = ()
    payment_words: tuple[PaymentWord, ...] = ()
    columns: tuple[ColumnUse, ...] = ()
    paid_but_due: tuple[int, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)
    reading: Reading = field(default_factory=Reading, compare=False)

    @property
    def sample(self) -> tuple[ImportedClient | Duplicate, ...]:
        """The first rows as they were read, to be looked at before confirming."""
        read: list[ImportedClient | Duplicate] = [*self.clients, *self.duplicates]
        return tuple(sorted(read, key=lambda entry: entry.row)[:SAMPLE_ROWS])


def client_key(phone: str, name: str, plan: str | None, *, archived: bool = False) -> ClientKey:
    """The key of one client; a mobile counts the same with and without its ninth digit."""
    return ClientKey(same_phone_key(phone), fold(name), fold(plan or ""), name, archived)
