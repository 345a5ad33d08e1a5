"""What the first screen, the home screen and the help say."""

from bot.ui.words import safe

DEFAULT_NAME = "Meu negócio"
HOME = "<b>EmDia</b>\nO que vamos fazer?"
HELP = (
    "<b>Como o EmDia funciona</b>\n"
    "\n"
    "1️⃣ Você conecta o seu WhatsApp lendo um código, como no WhatsApp Web.\n"
    "2️⃣ Cadastra seus clientes com o plano, o valor e o dia do vencimento.\n"
    "3️⃣ Eu lembro cada cliente na hora certa, uma vez só, com as suas palavras e o seu PIX.\n"
    "\n"
    "Quem atrasou recebe a cobrança no 1º dia de atraso. Depois disso, nada vai sozinho: "
    "quem decide é você.\n"
    "\n"
    "/menu abre o menu\n"
    "/whatsapp conecta o WhatsApp\n"
    "/hoje mostra como está o dia"
)


def welcome(name: str) -> str:
    """The first words to a new owner (A10)."""
    return (
        f"Oi{_called(name)}! Eu sou o <b>EmDia</b> 👋\n"
        "\n"
        "Eu lembro os seus clientes do vencimento pelo seu WhatsApp e te mostro quem pagou e "
        "quem está devendo.\n"
        "\n"
        "Seu teste grátis já começou. O primeiro passo é conectar o seu WhatsApp:"
    )


def welcome_back(name: str) -> str:
    """Who has an account already."""
    return f"Oi de novo{_called(name)}! 👋\nO que vamos fazer?"


def connect_to_go_on(name: str) -> str:
    """Who has an account but no WhatsApp yet."""
    return f"Oi de novo{_called(name)}! 👋\nFalta só conectar o seu WhatsApp:"


def _called(name: str) -> str:
    return f", {safe(name)}" if name else ""
