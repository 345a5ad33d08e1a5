"""What the sign-up says."""

from bot.ui.words import cost, safe
from domain.subscription import Terms

FIRST = (
    "Eu lembro seus clientes do vencimento pelo <b>seu WhatsApp</b>, na hora certa e uma vez só. "
    "E mostro quem pagou e quem está devendo."
)
NO_CAPS = "com quantos clientes você quiser."
HOW_BUTTON = "❓ Como funciona"
NAME = "<b>Como você se chama?</b> · pergunta 1 de 3"
TOUCH_NAME = "Toque no nome abaixo ou digite outro."
TYPE_NAME = "Digite o seu nome."
EMAIL = (
    "<b>Qual é o seu e-mail?</b> · pergunta 2 de 3\n"
    "Uso só para falar da sua conta. Exemplo: <code>nome@exemplo.com</code>"
)
PHONE = (
    "<b>Qual é o seu celular?</b> · pergunta 3 de 3\nCom o DDD. Exemplo: <code>11 98765-4321</code>"
)
SHARE = "📱 Para não digitar, toque no botão lá embaixo e mande o seu número."
SHARE_BUTTON = "📱 Mandar meu número"
OTHERS_CARD = "Esse cartão é de outra pessoa. Mande o seu número, ou digite."
HAS_ACCOUNT = "Você já tem cadastro."
READY = "✅ <b>Pronto!</b> Seu teste grátis já começou."
READY_TO_PAY = "✅ <b>Pronto!</b> Sua conta está feita."


def greeting(name: str, terms: Terms) -> str:
    """The first words to a stranger."""
    called = f", {safe(name)}" if name else ""
    return f"Oi{called}! Eu sou o <b>EmDia</b> 👋\n\n{FIRST}\n\n🎁 {cost(terms)}, {NO_CAPS}"


def nice_to_meet(name: str) -> str:
    """Above the questions that follow the name."""
    return f"👋 Prazer, <b>{safe(name)}</b>!"
