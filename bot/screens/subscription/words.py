"""What is said around the PIX: from when to when, how to pay, why there is none.

No day is promised that the payment would not give, and none is said to be kept that is not (A5).
"""

from datetime import date, datetime

from actors.messages.subscription import Offer, Unavailable
from bot.ui.words import moment_in, safe, weekday
from domain.due_dates import count_days, short_date
from domain.money import format_brl
from domain.subscription import Standing

PAY_BUTTON = "💳 Gerar PIX"
COPY_BUTTON = "📋 Copiar código PIX"
PAID_BUTTON = "✅ Já paguei"
PAYMENTS_BUTTON = "🧾 Pagamentos"
AGAIN_BUTTON = "🔄 Tentar de novo"
EMAIL_BUTTON = "✏️ Mudar o e-mail"
DATA_BUTTON = "📤 Baixar meus dados"
NOT_PAID_TWICE = "Se você já pagou, não pague de novo: eu confiro sozinho e te aviso aqui."
UNAVAILABLE = {
    Unavailable.NOT_SET_UP: (
        "🛠 <b>O pagamento ainda não está ligado</b>\n"
        "\n"
        "Ainda não dá para pagar o EmDia por aqui, e nada foi cobrado. Já avisei quem cuida dele. "
        "Tente de novo mais tarde: até lá, seus dados ficam guardados."
    ),
    Unavailable.AWAY: (
        "⏳ <b>O Mercado Pago não está respondendo</b>\n"
        "\n"
        "O PIX vem de lá, e agora não veio. Nada foi cobrado. Tente de novo em alguns minutos.\n"
        "\n"
        f"{NOT_PAID_TWICE}"
    ),
    Unavailable.REFUSED: (
        "⚠️ <b>O Mercado Pago não fez este PIX</b>\n"
        "\n"
        "O motivo está na conta do EmDia, não na sua, e já avisei quem cuida dela. "
        "Nada foi cobrado. Tente de novo mais tarde."
    ),
    Unavailable.BLOCKED: (
        "⛔ <b>Sua conta está bloqueada</b>\n"
        "\n"
        "Por isso não dá para pagar agora, e nada foi cobrado. Se você acha que é engano, fale com "
        "quem cuida do EmDia. Seus dados continuam seus: você pode baixar tudo."
    ),
}
ASK_EMAIL = (
    "✉️ <b>Qual é o seu e-mail?</b>\n"
    "O Mercado Pago pede um para fazer o PIX.\n"
    "Exemplo: <code>nome@exemplo.com</code>"
)
ASK_OTHER_EMAIL = (
    "✉️ <b>O Mercado Pago não aceitou o seu e-mail</b>\n"
    "Mande outro: pode ser o do negócio ou o de alguém da casa.\n"
    "Exemplo: <code>nome@exemplo.com</code>"
)


def caption(offer: Offer, *, copied: bool) -> str:
    """What is paid, for which days, how, and until when; `copied`: a button copies the code."""
    first, code = "Toque em <b>Copiar código PIX</b>", ""
    if not copied:
        first, code = (
            "Toque no código aqui embaixo para copiar",
            f"\n\n<code>{safe(offer.code)}</code>",
        )
    return (
        f"💳 <b>{_what(offer)}: {format_brl(offer.amount)}</b>\n"
        f"{_reach(offer)}\n"
        "\n"
        f"1. {first}\n"
        "2. No banco, escolha <b>Pix Copia e Cola</b>\n"
        "\n"
        f"⏳ Vale até {_until(offer)}\n"
        f"Quando cair, eu libero e te aviso.{code}"
    )


def clock(moment: datetime, today: date) -> str:
    """A local instant near today, as people say it: amanhã, 10:42."""
    days = (moment.date() - today).days
    named = {0: "hoje", 1: "amanhã"}.get(days)
    day = named or f"{weekday(moment.date())}, {moment:%d/%m}"
    return f"{day}, {moment:%H:%M}"


def _what(offer: Offer) -> str:
    more = "mais " if offer.standing is Standing.ACTIVE else ""
    return f"EmDia por {more}{count_days(offer.days)}"


def _reach(offer: Offer) -> str:
    """From which day to which, and whether days are kept: only where some are left."""
    until = f"<b>{short_date(offer.would_end_on)}</b>"
    if offer.standing not in {Standing.TRIAL, Standing.ACTIVE}:
        return f"Terminou em {short_date(offer.ends_on)}. Pagando hoje, volta e vai até {until}."
    since = f"<b>{short_date(offer.ends_on)}</b>"
    if offer.ends_on <= offer.today:
        return f"Termina hoje, {since}. Pagando hoje, vai até {until}."
    kept = "você não perde os dias que faltam"
    if offer.standing is Standing.TRIAL:
        return f"De {since}, fim do teste grátis, para {until}: {kept}."
    return f"De {since} para {until}: {kept}."


def _until(offer: Offer) -> str:
    left = "em menos de 24 horas" if offer.again else "em 24 horas"
    return f"{clock(offer.expires_local, offer.today)} ({moment_in(offer.expires_at, left)})"
