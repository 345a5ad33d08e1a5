"""What the owner hears of its payments; instants are on the owner's own clock."""

from datetime import timedelta

from actors.messages.notices import (
    SubscriptionPaid,
    SubscriptionRestored,
    SubscriptionReturned,
    SubscriptionWarning,
)
from domain.due_dates import count_days, short_date
from domain.money import format_brl
from domain.subscription import Told

GO_ON_BUTTON = "🏠 Continuar"
WARNING_BUTTONS = {
    Told.THREE_DAYS: "💳 Gerar PIX e renovar",
    Told.ONE_DAY: "💳 Gerar PIX e renovar",
    Told.LAST_DAY: "💳 Gerar PIX e renovar",
    Told.OVER: "💳 Gerar PIX e voltar",
    Told.ERASURE: "💳 Gerar PIX e voltar",
}


def paid(news: SubscriptionPaid) -> str:
    """The money has come, and until when all is open (A4)."""
    return (
        f"✅ <b>Pagamento confirmado: {format_brl(news.amount)}</b>\n"
        "\n"
        f"Seu EmDia está em dia até <b>{short_date(news.ends_at.date())}</b>. Obrigado!"
    )


def warning(news: SubscriptionWarning) -> str:
    """How long the access goes on, or what became of it (A7)."""
    day, last = short_date(news.ends_on), short_date(news.erasable_on - timedelta(days=1))
    match news.told:
        case Told.THREE_DAYS | Told.ONE_DAY:
            left = "Falta 1 dia" if news.told is Told.ONE_DAY else "Faltam 3 dias"
            return (
                f"⏳ <b>{left} do seu EmDia</b>: ele vai até {day}.\n\n"
                "Pagando agora, os dias que faltam continuam seus."
            )
        case Told.LAST_DAY:
            return (
                f"⏳ <b>Hoje, {day}, é o último dia do seu EmDia</b>\n\n"
                "Amanhã as mensagens aos seus clientes param de sair. Pague hoje e nada para."
            )
        case Told.OVER:
            return (
                f"⏸ <b>Seu acesso terminou em {day}</b>\n\n"
                "As mensagens aos seus clientes pararam. Seus clientes e o seu WhatsApp ficam "
                f"guardados até {last}: para voltar, é só pagar."
            )
        case Told.ERASURE:
            return (
                f"🗑 <b>Seus dados ficam guardados só até {last}</b>\n\n"
                f"Seu acesso terminou em {day}. Depois de {last} eles podem ser apagados. "
                "Para ficar com tudo, volte a assinar ou baixe os seus dados em Minha conta."
            )


def returned(news: SubscriptionReturned) -> str:
    """The money went back, and its days with it (A5)."""
    title = "O seu pagamento foi devolvido"
    why = "O dinheiro volta para a conta de onde saiu"
    if news.disputed:
        title = "O banco desfez o seu pagamento"
        why = "Foi uma contestação"
    went = "o dia dele saiu" if news.days == 1 else f"os {news.days} dias dele saíram"
    until = f"<b>{short_date(news.ends_at.date())}</b>"
    end = f"Seu acesso agora vai até {until}."
    if news.over:
        end = (
            "Seu acesso terminou e os envios estão parados. Nada do que é seu se perdeu: "
            "para voltar, gere um PIX."
        )
    return f"↩️ <b>{title}: {format_brl(news.amount)}</b>\n\n{why}, e {went} do seu EmDia.\n\n{end}"


def restored(news: SubscriptionRestored) -> str:
    """What the bank had taken back is here again (A5)."""
    return (
        f"✅ <b>O seu pagamento de {format_brl(news.amount)} voltou a valer</b>\n"
        "\n"
        f"A contestação terminou, e você tem de novo os {count_days(news.days)} dele. "
        f"Seu acesso vai até <b>{short_date(news.ends_at.date())}</b>."
    )
