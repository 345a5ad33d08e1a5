"""What became of a payment, and what to do about it, in each of its states (A4)."""

from datetime import date

from actors.messages.subscription import ChargeStanding
from domain.charges import ChargeState
from domain.due_dates import short_date

AGAIN_BUTTON = "🔄 Conferir de novo"
CODE_BUTTON = "🔳 Ver o código PIX"
RECEIPT_BUTTON = "🧾 Ver o recibo"
NEW_BUTTON = "💳 Gerar outro PIX"
NOT_YET = "Ainda não caiu. Assim que cair, eu aviso aqui."
NO_ANSWER = "O Mercado Pago não respondeu. Tente daqui a pouco."
NONE = (
    "🧾 <b>Não há PIX para conferir</b>\n"
    "\n"
    "Você ainda não gerou nenhum. Gere um, pague no seu banco, e eu libero sozinho quando cair."
)
ON_MY_OWN = "Eu também confiro sozinho e te aviso aqui, mesmo que você feche esta conversa."
PENDING = (
    "⏳ <b>O PIX ainda não caiu</b>\n"
    "\n"
    "Se você acabou de pagar, espere um pouco: às vezes demora alguns minutos. "
    "Não pague duas vezes.\n"
    "\n"
    f"{ON_MY_OWN}"
)
STALE = (
    "⏳ <b>O Mercado Pago não respondeu agora</b>\n"
    "\n"
    "Não consegui ver se o seu PIX caiu. Se você já pagou, está guardado lá e nada se perde: "
    "não pague de novo.\n"
    "\n"
    f"{ON_MY_OWN}"
)
REJECTED = (
    "❌ <b>Este PIX não foi aceito</b>\n"
    "\n"
    "Nenhum dia foi contado. Gere outro e pague por ele.\n"
    "\n"
    "Se o dinheiro saiu da sua conta, guarde o comprovante e confira de novo mais tarde."
)
EXPIRED = (
    "⌛ <b>O prazo deste PIX acabou</b>\n"
    "\n"
    "O código antigo não vale mais: gere outro.\n"
    "\n"
    "Pagou antes do prazo? Então não pague de novo: quando o Mercado Pago confirmar, eu libero e "
    "te aviso."
)
CANCELLED = (
    "🚫 <b>Este PIX foi cancelado</b>\n"
    "\n"
    "Ele não pode mais ser pago, e nada foi cobrado por ele. Para continuar, gere outro."
)


def check(standing: ChargeStanding) -> str:
    """What became of it."""
    if standing.state is None:
        return NONE
    if standing.stale:
        return STALE
    plain = {
        ChargeState.PENDING: PENDING,
        ChargeState.REJECTED: REJECTED,
        ChargeState.EXPIRED: EXPIRED,
        ChargeState.CANCELLED: CANCELLED,
    }
    return plain.get(standing.state) or _paid(standing.state, standing.ends_on)


def _paid(state: ChargeState, ends_on: date) -> str:
    until = f"<b>{short_date(ends_on)}</b>"
    if state is ChargeState.REFUNDED:
        return (
            "↩️ <b>Este pagamento foi devolvido</b>\n"
            "\n"
            "O dinheiro voltou para a conta de onde saiu, e os dias dele saíram do seu EmDia. "
            f"Fim do acesso: {until}.\n"
            "\n"
            "Para ter mais dias, gere outro PIX."
        )
    if state is ChargeState.CHARGED_BACK:
        return (
            "↩️ <b>O banco desfez este pagamento</b>\n"
            "\n"
            "Foi uma contestação, e os dias dele saíram do seu EmDia. "
            f"Fim do acesso: {until}.\n"
            "\n"
            "Não foi você? Fale com o seu banco. Para ter mais dias, gere outro PIX."
        )
    if state is ChargeState.IN_MEDIATION:
        return (
            "⚖️ <b>Este pagamento está em disputa</b>\n"
            "\n"
            "O Mercado Pago está decidindo de quem é o dinheiro. Enquanto isso nada muda aqui: "
            f"o seu acesso vai até {until}.\n"
            "\n"
            "Foi engano? Desista da disputa no seu banco ou no Mercado Pago."
        )
    return f"✅ <b>Pagamento confirmado!</b>\n\nSeu EmDia está em dia até {until}. Obrigado!"
