"""What the owner hears of its payments; instants are on the owner's own clock."""

from actors.messages.notices import SubscriptionPaid, SubscriptionRestored, SubscriptionReturned
from domain.due_dates import count_days, short_date
from domain.money import format_brl

GO_ON_BUTTON = "🏠 Continuar"


def paid(news: SubscriptionPaid) -> str:
    """The money has come, and until when all is open (A4)."""
    return (
        f"✅ <b>Pagamento confirmado: {format_brl(news.amount)}</b>\n"
        "\n"
        f"Seu EmDia está em dia até <b>{short_date(news.ends_at.date())}</b>. Obrigado!"
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
