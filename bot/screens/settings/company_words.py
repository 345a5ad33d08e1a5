"""What the screen of the business says."""

from actors.messages.company import CompanyView
from bot.ui.words import safe
from domain.company import CompanyField

NAMES = {
    CompanyField.COMPANY: "🏪 Nome",
    CompanyField.PHONE: "📞 Telefone",
    CompanyField.SUPPORT: "🙋 Suporte",
}
EDIT = {
    CompanyField.COMPANY: "✏️ Nome do negócio",
    CompanyField.PHONE: "✏️ Telefone do negócio",
    CompanyField.SUPPORT: "✏️ Com quem o cliente fala",
}
QUESTIONS = {
    CompanyField.COMPANY: (
        "🏪 <b>Como se chama o negócio?</b>\nÉ o nome que o cliente lê nas mensagens.\n"
        "Exemplo: <code>Conecta Bairro</code>"
    ),
    CompanyField.PHONE: (
        "📞 <b>Qual é o telefone do negócio?</b>\nCom o DDD: <code>11 98765-4321</code>"
    ),
    CompanyField.SUPPORT: (
        "🙋 <b>Com quem o cliente fala quando precisa?</b>\n"
        "Um telefone, um site ou uma frase curta.\n"
        "Exemplo: <code>Lia, (11) 98765-4321</code>"
    ),
}
TAKE_OUT = "🧹 Deixar em branco"
CHANGED = "Mudado."
NONE = "em branco"


def company(view: CompanyView) -> str:
    """The business as messages know it, and where each field is used."""
    fields = "\n".join(
        f"{name}: <b>{safe(view.values[field] or NONE)}</b>\n{_used(view.used_in[field])}"
        for field, name in NAMES.items()
    )
    return f"🏪 <b>Minha empresa</b>\nO que as mensagens dizem do seu negócio.\n\n{fields}"


def _used(texts: int) -> str:
    if not texts:
        return "<i>nenhum texto usa</i>"
    return "<i>vai em 1 texto</i>" if texts == 1 else f"<i>vai em {texts} textos</i>"
