"""Why a message goes or does not go, as a code that is stored and a sentence the owner reads (E8).

Every code that `messages.reason` may hold is here, so "por que não foi enviada?" always has an
answer.
"""

from enum import StrEnum


class Reason(StrEnum):
    """The code; its sentence is `explain(reason)`."""

    DUE = "due"
    # Not today's client
    NOT_DUE_YET = "not_due_yet"
    LATE_TOO_LONG = "late_too_long"
    RENEWED = "renewed"
    DUE_DATE_CHANGED = "due_date_changed"
    DAY_PASSED = "day_passed"
    ALREADY_MADE = "already_made"
    # Not this client
    ARCHIVED = "archived"
    OPTED_OUT = "opted_out"
    BILLING_OFF = "billing_off"
    NOTICES_OFF = "notices_off"
    PREFERENCE_OFF = "preference_off"
    PREFERENCES_UNREADABLE = "preferences_unreadable"
    # Not this business, or not now
    KIND_OFF = "kind_off"
    TEMPLATE_OFF = "template_off"
    SUNDAY = "sunday"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    ACCESS_ENDED = "access_ended"
    WINDOW_NOT_OPEN = "window_not_open"
    WINDOW_CLOSED = "window_closed"
    # What happened on the way
    MISSING_VALUES = "missing_values"
    TOO_LONG = "too_long"
    CANCELLED = "cancelled"
    NOT_CONNECTED = "not_connected"
    NEEDS_QR = "needs_qr"
    BANNED = "banned"
    AWAY = "away"
    NUMBER_UNANSWERED = "number_unanswered"
    NOT_ON_WHATSAPP = "not_on_whatsapp"
    RESTRICTED = "restricted"
    REFUSED = "refused"
    INTERRUPTED = "interrupted"
    UNCONFIRMED = "unconfirmed"
    ATTEMPTS_EXHAUSTED = "attempts_exhausted"
    INTERNAL = "internal"
    # Its text went, and the PIX code did not (D5)
    CODE_NOT_SENT = "code_not_sent"
    PHONE_CHANGED = "phone_changed"
    # Nobody is left unbilled in silence (E3b)
    REGISTERED_LATE = "registered_late"
    DISMISSED = "dismissed"


_SENTENCES = {
    Reason.DUE: "É dia de mandar.",
    Reason.NOT_DUE_YET: "Ainda não é dia de mensagem.",
    Reason.LATE_TOO_LONG: "Atrasado há mais de 1 dia: só cobramos no 1º dia de atraso.",
    Reason.RENEWED: "Já renovou.",
    Reason.DUE_DATE_CHANGED: "O vencimento mudou depois que a mensagem entrou na fila.",
    Reason.DAY_PASSED: "Era uma mensagem para outro dia.",
    Reason.ALREADY_MADE: "Essa mensagem já foi feita para este vencimento.",
    Reason.ARCHIVED: "O cliente está arquivado.",
    Reason.OPTED_OUT: "O cliente respondeu SAIR e não recebe mais mensagens.",
    Reason.BILLING_OFF: "As cobranças deste cliente estão desligadas.",
    Reason.NOTICES_OFF: "Os avisos deste cliente estão desligados.",
    Reason.PREFERENCE_OFF: "Este tipo de mensagem está desligado para este cliente.",
    Reason.PREFERENCES_UNREADABLE: (
        "Não consegui ler as preferências deste cliente e, na dúvida, não mando."
    ),
    Reason.KIND_OFF: "Este tipo de mensagem está desligado nos ajustes.",
    Reason.TEMPLATE_OFF: "O texto deste tipo de mensagem está desligado.",
    Reason.SUNDAY: "Aos domingos as cobranças não saem, como você escolheu.",
    Reason.HOLIDAY: "Nos feriados as cobranças não saem, como você escolheu.",
    Reason.PAUSED: "A fila está pausada.",
    Reason.ACCESS_ENDED: "Sua assinatura do EmDia acabou, e o envio automático parou.",
    Reason.WINDOW_NOT_OPEN: "Ainda não chegou a hora de enviar.",
    Reason.WINDOW_CLOSED: "O horário de envio de hoje acabou antes.",
    Reason.MISSING_VALUES: "Falta preencher um dado que o texto usa.",
    Reason.TOO_LONG: (
        "Com os dados deste cliente, a mensagem ficou grande demais. "
        "Encurte o texto ou as observações."
    ),
    Reason.CANCELLED: "A mensagem foi cancelada.",
    Reason.NOT_CONNECTED: "O WhatsApp não estava conectado.",
    Reason.NEEDS_QR: "O WhatsApp não estava ligado ao EmDia: faltava ler o código com o celular.",
    Reason.BANNED: "O WhatsApp bloqueou o seu número.",
    Reason.AWAY: "O EmDia ficou fora do ar nesse horário.",
    Reason.NUMBER_UNANSWERED: "O WhatsApp não respondeu se esse número existe.",
    Reason.NOT_ON_WHATSAPP: "Esse número não tem WhatsApp.",
    Reason.RESTRICTED: "O WhatsApp limitou os envios deste número por um tempo.",
    Reason.REFUSED: "O WhatsApp recusou a mensagem.",
    Reason.INTERRUPTED: "O envio foi interrompido e vai ser repetido.",
    Reason.UNCONFIRMED: "A mensagem pode ter chegado, mas o WhatsApp não confirmou.",
    Reason.ATTEMPTS_EXHAUSTED: "Tentei 5 vezes e não consegui.",
    Reason.INTERNAL: "Não consegui preparar esta mensagem por um erro nosso.",
    Reason.CODE_NOT_SENT: "O texto saiu, mas o código PIX, que vai depois dele, não saiu a tempo.",
    Reason.PHONE_CHANGED: (
        "O telefone mudou depois que o texto saiu: o código PIX não foi sozinho para o novo."
    ),
    Reason.REGISTERED_LATE: "Entrou na lista, ou mudou de vencimento, depois da hora da cobrança.",
    Reason.DISMISSED: "Você escolheu não cobrar este cliente.",
}


def explain(code: str) -> str:
    """The sentence for a stored code; one that an older version wrote still gets an answer."""
    try:
        return _SENTENCES[Reason(code)]
    except ValueError:
        return f"Não foi enviada (motivo: {code})."
