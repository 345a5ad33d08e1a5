"""What a tenant takes out as a sheet: tables of typed cells, and the template to fill in (C11, J9).

The clients' table is the form that an import reads back without a change. Money is Decimal, a day a
date, all else text: nothing here is a formula, whatever it looks like.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain.clients import Client
from domain.contacts import format_phone, parse_phone
from domain.reminders import Kind, allows
from domain.sheet_form import EXAMPLES, HEADINGS, LOCK, Example
from domain.sheet_switches import BILLING_HEADING, NOTICES_HEADING, switch_cell
from domain.sheet_tags import tags_cell
from errors import InvalidInput

TableCell = str | int | Decimal | date | None

ARCHIVED_ON = "Arquivado em"
PAYMENT_HEADINGS = ("Recebido em", "De quem", "Valor pago", "Antes até", "Pago até", "Observações")
# As wide as what stands in them, in characters; a phone shows about 45 of them at once.
WIDTHS = {
    "Nome": 24,
    "De quem": 24,
    "Telefone": 17,
    "Observações": 32,
    "Etiquetas": 20,
    "Valor": 12,
}
USUAL_WIDTH = 14
TEMPLATE_WITHOUT = frozenset({"Dia combinado", BILLING_HEADING, NOTICES_HEADING})
HOW_TO = (
    ("Nome", "O nome do cliente, como você o chama.", "Ana Souza"),
    ("Telefone", "O número do WhatsApp, com o DDD.", "(11) 98765-4321"),
    ("Plano", "O que ele contratou. Pode ficar vazio.", "Mensal"),
    ("Valor", "Quanto ele paga, em reais.", "35,00"),
    ("Servidor", "Onde ele está. Pode ficar vazio.", "Servidor 1"),
    ("Vencimento", "O dia do próximo vencimento, inteiro.", "25/12/2026"),
    ("Observações", "O que você quiser lembrar. Pode ficar vazio.", "Prefere áudio"),
    ("Etiquetas", "Palavras para juntar clientes, com vírgula.", "Bairro Alto, Indicação"),
)
HOW_TO_NOTES = (
    "Cada cliente é uma linha da aba Clientes.",
    "As linhas que começam com “Exemplo:” não entram: escreva por cima ou apague.",
    "Depois mande o arquivo aqui na conversa. Você confere tudo antes de gravar.",
    f"Colunas suas (usuário, senha, telas) podem vir depois de “{HOW_TO[-1][0]}”.",
)


@dataclass(frozen=True, slots=True)
class Table:
    """One tab: its name, its headings (none for prose), its rows, and how wide each column is."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    widths: tuple[int, ...]

    @property
    def cells(self) -> int:
        """How many there are, headings and blank ones too."""
        return (1 + len(self.rows)) * len(self.widths)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedClient:
    """A client with all that the owner wrote of it; `archived_on` is a local date.

    `tags` are names, `tag_emojis` what colours them.
    """

    client: Client
    tags: tuple[str, ...] = ()
    tag_emojis: Mapping[str, str] = field(default_factory=dict)
    own_fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    archived_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedPayment:
    """A line of the ledger; without a name its client was deleted."""

    paid_on: date
    name: str | None
    amount: Decimal
    due_on_before: date | None
    due_on_after: date | None
    note: str | None
    voided: bool


def export_tables(
    clients: Iterable[ExportedClient],
    payments: Iterable[ExportedPayment],
    own: Sequence[str],
    secret: Collection[str] = (),
) -> tuple[Table, ...]:
    """Everything, as tabs; `own` are the tenant's own fields, each a column of its name (C12)."""
    everybody = list(clients)
    active = [one for one in everybody if one.archived_on is None]
    archived = [one for one in everybody if one.archived_on is not None]
    headings = (*HEADINGS, *(f"{name}{LOCK}" if name in secret else name for name in own))
    return (
        _table("Clientes", headings, (client_cells(one, own) for one in active)),
        _table("Pagamentos", PAYMENT_HEADINGS, map(payment_cells, payments)),
        _table(
            "Arquivados",
            (ARCHIVED_ON, *headings),
            ((one.archived_on, *client_cells(one, own)) for one in archived),
        ),
    )


def template_tables(today: date, own: Sequence[str]) -> tuple[Table, ...]:
    """The sheet to fill in: headings, examples that are never imported, and how to."""
    headings = tuple(name for name in HEADINGS if name not in TEMPLATE_WITHOUT)
    blank = (None,) * len(own)
    rows = ((*_example_cells(example, today), *blank) for example in EXAMPLES)
    notes = tuple((note, None, None) for note in HOW_TO_NOTES)
    return (
        _table("Clientes", (*headings, *own), rows),
        Table(
            "Como preencher",
            (),
            (("COLUNA", "O QUE ESCREVER", "EXEMPLO"), *HOW_TO, (None,) * 3, *notes),
            (14, 44, 24),
        ),
    )


def client_cells(one: ExportedClient, own: Sequence[str]) -> tuple[TableCell, ...]:
    """A client in the order of the form's headings, then its own fields in that of `own`."""
    client = one.client
    return (
        client.name,
        phone_in_sheet(client.phone),
        client.plan,
        client.price,
        client.server,
        client.due_on,
        client.agreed_day if client.agreed_day != client.due_on.day else None,
        client.notes,
        tags_cell((one.tag_emojis.get(name, ""), name) for name in one.tags),
        switch_cell(_receives(client, billing=True), opted_out=client.opted_out),
        switch_cell(_receives(client, billing=False), opted_out=client.opted_out),
        *(one.own_fields.get(name) for name in own),
    )


def payment_cells(payment: ExportedPayment) -> tuple[TableCell, ...]:
    """A line of the ledger in the order of PAYMENT_HEADINGS."""
    voided = "anulado" if payment.voided else None
    return (
        payment.paid_on,
        payment.name or "cliente apagado",
        payment.amount,
        payment.due_on_before,
        payment.due_on_after,
        " · ".join(filter(None, (voided, payment.note))) or None,
    )


def phone_in_sheet(e164: str) -> str:
    """The phone as people write it, where that is read as the very same number."""
    shown = format_phone(e164)
    try:
        return shown if parse_phone(shown) == e164 else e164
    except InvalidInput:
        return e164


def _example_cells(example: Example, today: date) -> tuple[TableCell, ...]:
    return (
        example.name,
        example.phone,
        example.plan,
        example.price,
        example.server or None,
        example.due_on(today),
        example.notes or None,
        example.tags or None,
    )


def _receives(client: Client, *, billing: bool) -> bool:
    """Whether every message of a switch may go: a kind refused alone has no column of its own."""
    kinds = [kind for kind in Kind if (kind is Kind.BILLING) is billing]
    return all(allows(client, kind) is None for kind in kinds)


def _table(name: str, headings: tuple[str, ...], rows: Iterable[tuple[TableCell, ...]]) -> Table:
    widths = tuple(WIDTHS.get(heading, max(USUAL_WIDTH, len(heading) + 2)) for heading in headings)
    return Table(name, headings, tuple(rows), widths)
