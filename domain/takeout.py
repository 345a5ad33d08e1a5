"""Everything a tenant has, as a file: the tabs beyond clients and payments, and the JSON (I9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from domain.export_rows import Table, TableCell
from domain.outbox import MessageState
from domain.reasons import explain
from domain.reminders import Kind
from domain.replies import ReplyKind

MOST_MESSAGES = 20_000
"""As many messages as one tab takes: more, and the sheet opens on no phone."""
MESSAGE_HEADINGS = (
    "Dia",
    "Para quem",
    "Tipo",
    "Situação",
    "Motivo",
    "Saiu",
    "Chegou",
    "Lida",
    "O que dizia",
)
REPLY_HEADINGS = ("Quando", "De quem", "O que mandou", "O que dizia", "Arquivo")
TEXT_HEADINGS = ("Tipo", "Nome do texto", "Ligado", "O que diz")
_WIDTHS = {
    "Para quem": 24,
    "De quem": 24,
    "Motivo": 32,
    "O que dizia": 60,
    "O que diz": 60,
    "Nome do texto": 24,
    "Quando": 18,
}
_USUAL = 14
STATES = {
    MessageState.WAITING: "esperando você",
    MessageState.QUEUED: "na fila",
    MessageState.SENDING: "saindo",
    MessageState.SENT: "enviada",
    MessageState.DELIVERED: "entregue",
    MessageState.READ: "lida",
    MessageState.RETRY: "vai de novo",
    MessageState.UNKNOWN: "talvez tenha ido",
    MessageState.FAILED: "não foi",
    MessageState.EXPIRED: "passou da hora",
    MessageState.CANCELLED: "cancelada",
}

REPLIES = {
    ReplyKind.TEXT: "texto",
    ReplyKind.IMAGE: "foto",
    ReplyKind.AUDIO: "áudio",
    ReplyKind.VIDEO: "vídeo",
    ReplyKind.PDF: "PDF",
    ReplyKind.DOCUMENT: "documento",
    ReplyKind.STICKER: "figurinha",
    ReplyKind.CONTACT: "contato",
    ReplyKind.LOCATION: "localização",
    ReplyKind.OTHER: "outra coisa",
    ReplyKind.DELETED: "apagou a mensagem",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """What an owner would lose with the account."""

    clients: int
    payments: int
    messages: int
    texts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedMessage:
    """A message with whose it was; instants are local, codes as they are stored."""

    day: date
    name: str
    kind: str
    state: str
    reason: str | None
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    body: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedReply:
    """What a client wrote back: `at` is local, `name` a client of that phone, `file` a file's."""

    at: datetime
    name: str
    kind: str
    body: str | None
    file: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedText:
    """A text that the owner wrote."""

    kind: str
    name: str
    active: bool
    body: str


def further_tables(
    messages: Iterable[ExportedMessage],
    replies: Iterable[ExportedReply],
    texts: Iterable[ExportedText],
) -> tuple[Table, ...]:
    """The tabs that follow those of the clients and the payments."""
    return (
        _table("Mensagens", MESSAGE_HEADINGS, map(_message_cells, messages)),
        _table("Respostas", REPLY_HEADINGS, map(_reply_cells, replies)),
        _table("Textos", TEXT_HEADINGS, map(_text_cells, texts)),
    )


def whole_json(made_at: datetime, tables: Iterable[tuple[str, Iterable[str]]]) -> bytes:
    """One JSON object of all tables by name; their rows are JSON already. `made_at` is local."""
    parts = (f'"{name}": [\n' + ",\n".join(rows) + "\n]" for name, rows in tables)
    head = f'{{"feito_em": "{made_at.isoformat()}",\n"tabelas": {{\n'
    return (head + ",\n".join(parts) + "\n}}\n").encode()


def _message_cells(message: ExportedMessage) -> tuple[TableCell, ...]:
    return (
        message.day,
        message.name,
        Kind(message.kind).label,
        STATES[MessageState(message.state)],
        explain(message.reason) if message.reason else None,
        _moment(message.sent_at),
        _moment(message.delivered_at),
        _moment(message.read_at),
        message.body,
    )


def _reply_cells(reply: ExportedReply) -> tuple[TableCell, ...]:
    what = REPLIES[ReplyKind(reply.kind)]
    return (_moment(reply.at), reply.name, what, reply.body, reply.file)


def _text_cells(text: ExportedText) -> tuple[TableCell, ...]:
    return (Kind(text.kind).label, text.name, "sim" if text.active else "não", text.body)


def _moment(at: datetime | None) -> str | None:
    return f"{at:%d/%m/%Y %H:%M}" if at else None


def _table(name: str, headings: tuple[str, ...], rows: Iterable[tuple[TableCell, ...]]) -> Table:
    return Table(name, headings, tuple(rows), tuple(_WIDTHS.get(one, _USUAL) for one in headings))
