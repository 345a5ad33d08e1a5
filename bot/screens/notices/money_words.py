"""What who administers is told of the payments of all (A4, A5)."""

from actors.messages.admin_news import AdminNews, NewsKind
from bot.ui.words import safe
from domain.money import format_brl

DIFFERENCES = {
    "owner": "o dono",
    "reference": "a referência",
    "amount": "o valor",
    "currency": "a moeda",
    "payment_id": "o número do pagamento",
}
TITLES = {
    NewsKind.PAID: "💰 <b>Pagamento recebido</b>",
    NewsKind.REFUNDED: "↩️ <b>Pagamento devolvido</b>",
    NewsKind.PARTLY_REFUNDED: "↩️ <b>Parte de um pagamento foi devolvida</b>",
    NewsKind.CHARGED_BACK: "⚠️ <b>Pagamento contestado e retirado</b>",
    NewsKind.IN_MEDIATION: "⚠️ <b>Pagamento em disputa</b>",
    NewsKind.WON: "✅ <b>Disputa encerrada a nosso favor</b>",
    NewsKind.MISMATCH: "🚨 <b>Pagamento que não confere</b>",
    NewsKind.UNKNOWN_STATUS: "🚨 <b>Situação de pagamento desconhecida</b>",
    NewsKind.ORPHAN: "🚨 <b>Pagamento de uma conta que não existe mais</b>",
    NewsKind.REFUSED: "🚨 <b>O Mercado Pago não está criando cobranças</b>",
    NewsKind.NOT_SET_UP: "⚠️ <b>Pagamentos não configurados</b>",
}
FOLLOWS = {
    NewsKind.PAID: "O acesso já foi liberado.",
    NewsKind.REFUNDED: "Os dias que ele deu foram retirados.",
    NewsKind.PARTLY_REFUNDED: "Nenhum dia foi retirado.",
    NewsKind.CHARGED_BACK: "Os dias que ele deu foram retirados.",
    NewsKind.IN_MEDIATION: "Os dias continuam valendo até a decisão. Responda no painel.",
    NewsKind.WON: "Os dias que ele deu estão valendo.",
    NewsKind.MISMATCH: "Nada foi liberado. Confira no painel do Mercado Pago.",
    NewsKind.UNKNOWN_STATUS: "Nada mudou. Confira no painel do Mercado Pago.",
    NewsKind.ORPHAN: "Nada foi liberado. Veja se é o caso de devolver, no painel.",
    NewsKind.REFUSED: "Ninguém consegue pagar até isso ser resolvido no painel do Mercado Pago.",
    NewsKind.NOT_SET_UP: "Sem MERCADO_PAGO_ACCESS_TOKEN ninguém consegue pagar a mensalidade.",
}


def admin_news(news: AdminNews) -> str:
    """A piece of news for who administers: never anything of a tenant's clients (A11)."""
    lines = [TITLES[news.kind]]
    if news.tenant_id is not None:
        whose = safe(news.name) if news.name else "conta apagada"
        lines.append(f"{whose} · <code>{news.tenant_id}</code>")
    if news.amount is not None:
        lines.append(_money(news))
    if news.payment_id is not None:
        lines.append(f"Pagamento <code>{safe(news.payment_id)}</code>")
    if news.kind is NewsKind.MISMATCH:
        names = ", ".join(DIFFERENCES.get(name, name) for name in news.detail.split())
        lines.append(f"Não confere: {safe(names)}")
    elif news.kind in {NewsKind.REFUSED, NewsKind.UNKNOWN_STATUS} and news.detail:
        lines.append(f"Resposta: <code>{safe(news.detail)}</code>")
    return "\n".join([*lines, "", FOLLOWS[news.kind]])


def _money(news: AdminNews) -> str:
    assert news.amount is not None  # noqa: S101 - looked at before
    amount = f"{news.amount} {news.currency}"
    if news.currency == "BRL":
        amount = format_brl(news.amount)
    if news.kind is NewsKind.PARTLY_REFUNDED and news.returned is not None:
        return f"{amount}, dos quais {format_brl(news.returned)} devolvidos"
    return amount
