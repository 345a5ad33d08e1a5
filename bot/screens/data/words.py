"""What the screens about the owner's data say."""

from actors.messages.data import Format, TakenOut, Trail
from bot.ui.words import safe
from domain.takeout import Losses

DATA = (
    "🗄 <b>Meus dados</b>\n"
    "\n"
    "O que você põe aqui é seu. Leve quando quiser, também depois que o acesso termina.\n"
    "\n"
    "📗 Excel: para ler. Clientes, pagamentos, mensagens, respostas e textos.\n"
    "🧾 JSON: tudo mesmo, para guardar ou levar a outro sistema."
)
FORMATS = {Format.SHEET: "📗 Levar tudo em Excel", Format.JSON: "🧾 Levar tudo em JSON"}
TRAIL_BUTTON = "📜 Quem fez o quê"
ERASE_BUTTON = "🗑 Apagar minha conta"
NO_TRAIL = (
    "📜 <b>Quem fez o quê</b>\n\nNada ainda. Cada cadastro, renovação e mudança aparece aqui."
)
NOT_THE_WORD = "Para apagar, escreva só a palavra APAGAR. Para não apagar, toque em Desistir."
ERASED = (
    "🗑 <b>Apaguei tudo.</b>\n"
    "\n"
    "Seus clientes, mensagens e dados não existem mais aqui, e o EmDia saiu do seu WhatsApp. "
    "Se ele ainda aparecer no celular, em <b>Aparelhos conectados</b>, remova por lá.\n"
    "\n"
    "Se um dia quiser voltar, é só começar de novo."
)
BEGIN_BUTTON = "👋 Começar de novo"


def taken_out(file: TakenOut, form: Format) -> str:
    """What is in the file."""
    if form is Format.JSON:
        return (
            "🧾 <b>Tudo o que é seu</b>, em JSON\n"
            "Cada tabela com o que eu guardo de você. Só ficam de fora as chaves do seu WhatsApp, "
            "que em outras mãos abririam suas conversas."
        )
    left = ""
    if file.messages < file.all_messages:
        left = f"\nAs mensagens são as últimas {file.messages}; no JSON vão todas."
    return (
        "📗 <b>Tudo o que é seu</b>, em Excel\n"
        f"Clientes, pagamentos, mensagens, respostas e textos.{left}"
    )


def trail(page: Trail) -> str:
    """Who did what, one line each."""
    if not page.lines:
        return NO_TRAIL
    lines = (f"{line.at:%d/%m %H:%M} · {safe(line.sentence)}" for line in page.lines)
    return "\n".join(("📜 <b>Quem fez o quê</b>", "", *lines))


def ask_erase(lost: Losses) -> str:
    """What would be gone, with the numbers."""
    return (
        "🗑 <b>Apagar minha conta</b>\n"
        "\n"
        "Isto não tem volta. Some daqui:\n"
        f"• {_count(lost.clients, 'cliente', 'clientes')}\n"
        f"• {_count(lost.payments, 'pagamento', 'pagamentos')}\n"
        f"• {_count(lost.messages, 'mensagem', 'mensagens')}\n"
        f"• {_count(lost.texts, 'texto seu', 'textos seus')}\n"
        "• a conexão com o WhatsApp e o resto dos seus dados\n"
        "• os dias de acesso que você ainda tem; começando de novo, o teste grátis não recomeça\n"
        "\n"
        "Quer guardar uma cópia antes? Toque abaixo.\n"
        "<b>Para apagar, escreva APAGAR.</b>"
    )


def _count(count: int, one: str, many: str) -> str:
    return f"<b>{count}</b> {one if count == 1 else many}"
