"""What happened to WhatsApp, a line each, in plain words (F2)."""

from datetime import date

from actors.messages.whatsapp import WhatsAppLog
from bot.screens.whatsapp import words
from bot.screens.whatsapp.trial_words import OUTCOMES
from bot.ui.words import safe
from domain.contacts import format_phone
from domain.whatsapp import Loss
from domain.whatsapp_log import NOT_ACCEPTED, UNLINKED, Happened, LogEntry
from domain.whatsapp_tests import TestState

NOTHING_YET = "Ainda não aconteceu nada. Aqui ficam as conexões, as quedas e os motivos."
SAID = {
    Happened.PAIRING: "🔳 Você pediu um código para conectar",
    Happened.PAIRED: "🔗 Código lido",
    Happened.PAIRING_OVER: "⌛ Não conectou",
    Happened.OPENED: "✅ Conectado",
    Happened.LOST: "🔄 Caiu",
    Happened.ENDED: "⛔ Parou",
    Happened.RECONNECTING: "🔄 Você mandou reconectar",
    Happened.DISCONNECTED: "🔌 Você desconectou",
    Happened.RESTRICTED: "⏸️ O WhatsApp limitou os envios",
    Happened.REFUSED: "🚫 O WhatsApp recusou a mensagem de um cliente",
    Happened.STALLED: "⚠️ Mensagens seguidas sem chegar",
    Happened.TESTED: "🧪 Teste",
}
LOSSES: dict[str, str] = {
    Loss.LOGGED_OUT: "o aparelho foi removido no celular",
    Loss.TEMPORARILY_BANNED: "o WhatsApp suspendeu o número",
    Loss.LOCKED: "o WhatsApp bloqueou o acesso do número",
    Loss.BANNED: "o WhatsApp baniu o número",
    Loss.REPLACED: "outro sistema tomou a conexão",
    Loss.PASSKEY_REQUIRED: "o WhatsApp pediu uma chave de acesso",
    Loss.UNREACHABLE: "o WhatsApp encerrava a conexão toda vez",
    Loss.PAIRING_FAILED: "o WhatsApp não respondeu",
    Loss.NO_ROUTE: "o WhatsApp não foi alcançado",
    NOT_ACCEPTED: "o WhatsApp não aceitou o código",
}


def log(page: WhatsAppLog) -> str:
    """A page of what happened."""
    lines = ["📜 <b>O que aconteceu com o WhatsApp</b>", ""]
    if not page.entries:
        return "\n".join([*lines, NOTHING_YET])
    return "\n".join(lines + [line(entry, page.today) for entry in page.entries])


def line(entry: LogEntry, today: date) -> str:
    """One thing that happened, and when."""
    at = f"{entry.at:%H:%M}" if entry.at.date() == today else f"{entry.at:%d/%m %H:%M}"
    return f"<b>{at}</b> {safe(said(entry))}"


def said(entry: LogEntry) -> str:  # noqa: PLR0911 - one sentence for each
    """What happened, without its hour."""
    detail = entry.detail
    match entry.kind:
        case Happened.PAIRED if detail:
            return f"{SAID[entry.kind]}: {format_phone(detail)}"
        case Happened.PAIRING_OVER:
            return f"{SAID[entry.kind]}: {_loss(detail) or 'ninguém leu o código a tempo'}"
        case Happened.LOST:
            return f"{SAID[entry.kind]}: {words.why_ended(detail)}"
        case Happened.ENDED:
            return f"{SAID[entry.kind]}: {_loss(detail) or words.UNKNOWN_END}{_until(entry)}"
        case Happened.DISCONNECTED if detail != UNLINKED:
            return f"{SAID[entry.kind]}, e o celular não soube"
        case Happened.STALLED if detail:
            return f"⚠️ {detail} mensagens seguidas sem chegar"
        case Happened.TESTED:
            return f"{SAID[entry.kind]}: {_outcome(detail)}"
        case _:
            return SAID[entry.kind] + _until(entry)


def _loss(detail: str) -> str:
    return next((told for loss, told in LOSSES.items() if loss == detail), "")


def _outcome(detail: str) -> str:
    return next((OUTCOMES[state] for state in TestState if state == detail), detail)


def _until(entry: LogEntry) -> str:
    return f" até {entry.until:%d/%m %H:%M}" if entry.until else ""
