"""What the help says, section by section. Each fits one phone."""

from dataclasses import dataclass

from bot.ui.words import cost
from domain.subscription import Terms


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the help: its key in buttons, the label, and the text."""

    key: str
    label: str
    text: str


COST = "{cost}"
WELCOME = (
    "❓ <b>Como o EmDia funciona</b>\n"
    "\n"
    "1️⃣ Você conecta o seu WhatsApp lendo um código, como no WhatsApp Web.\n"
    "2️⃣ Cadastra seus clientes com o plano, o valor e o dia do vencimento.\n"
    "3️⃣ Eu lembro cada cliente na hora certa, uma vez só, com as suas palavras e o seu PIX.\n"
    "\n"
    "Toque no que quer saber:"
)
SECTIONS = (
    Section(
        "clientes",
        "👥 Clientes",
        "👥 <b>Clientes</b>\n"
        "\n"
        "🟢 em dia · 🟡 vence em até 3 dias · 🔴 atrasado\n"
        "\n"
        "Para achar alguém, digite um pedaço do nome ou o telefone, em qualquer tela.\n"
        "\n"
        "Para cadastrar de uma vez, mande uma linha assim:\n"
        "<code>/novo João Silva 11 98888-7777 mensal 35 dia 10</code>\n"
        "\n"
        "Também vale mandar um contato da sua agenda, ou a planilha que você já tem.",
    ),
    Section(
        "renovar",
        "🔄 Renovar",
        "🔄 <b>Quando o cliente paga</b>\n"
        "\n"
        "Abra o cliente e toque em Renovar. Eu mostro a data que cada escolha dá, anoto o "
        "pagamento e cancelo o que ia sair para ele.\n"
        "\n"
        "Errou? <b>Desfazer</b> volta tudo como estava, por 10 minutos.\n"
        "\n"
        "Pagou só uma parte? Mude o valor antes de escolher a data: o resto fica anotado.",
    ),
    Section(
        "cobranca",
        "🔔 Sai sozinho",
        "🔔 <b>O que sai sozinho</b>\n"
        "\n"
        "Quem atrasou recebe a cobrança no <b>1º dia de atraso</b>. Depois disso, nada vai "
        "sozinho: quem decide é você.\n"
        "\n"
        "Os lembretes de antes (2 dias, 1 dia e no dia) vêm desligados. Ligue os que quiser em "
        "⚙️ Configurações.\n"
        "\n"
        "Cada mensagem sai uma vez só, com uma pausa entre uma e outra. Horários, domingos e "
        "feriados: /agendador",
    ),
    Section(
        "mensagem",
        "💬 Mensagens",
        "💬 <b>Escrever para um cliente</b>\n"
        "\n"
        "Abra o cliente e toque em 💬 Mensagem: escolha um texto ou escreva. Eu mostro como chega "
        "antes de mandar.\n"
        "\n"
        "Vai agora ou quando você disser: <code>amanhã 9h</code>, <code>sexta às 18:30</code>, "
        "<code>todo dia 5 às 10h</code>.\n"
        "\n"
        "O que está marcado fica em 📬 Fila de hoje, 🗓 Agendadas. Se o cliente renovar antes, eu "
        "cancelo e mostro o que cancelei.",
    ),
    Section(
        "respostas",
        "📥 Respostas",
        "📥 <b>Quando o cliente responde</b>\n"
        "\n"
        "O que ele escreve no WhatsApp aparece aqui, com o que está em aberto. Nada renova "
        "sozinho: “paguei” ou uma foto só te pedem para confirmar.\n"
        "\n"
        "“Pago sexta”? Eu ofereço um lembrete para sexta, uma vez só.\n"
        "\n"
        "Quem escreve <b>SAIR</b> não recebe mais nada, até escrever <b>VOLTAR</b>.\n"
        "\n"
        "De noite fico em silêncio: mude as horas em ⚙️ Configurações.",
    ),
    Section(
        "fila",
        "📬 Fila",
        "📬 <b>A fila de hoje</b>\n"
        "\n"
        "Em /fila você vê o que espera, até quando, e o que já foi. Toque em uma mensagem para "
        "ler o texto, mandar agora, cancelar ou tentar de novo.\n"
        "\n"
        "<b>Parar</b> segura tudo, até o que você escreve na hora, e Voltar a enviar solta.\n"
        "\n"
        "Em 🔮 <b>Amanhã</b> você lê o que vai sair em qualquer dia, antes de sair.\n"
        "\n"
        "Quem ficou sem cobrança aparece com o motivo: você escolhe todos, alguns ou nenhum.",
    ),
    Section(
        "whatsapp",
        "📲 WhatsApp",
        "📲 <b>WhatsApp</b>\n"
        "\n"
        "As mensagens saem do seu número. Conecte lendo um código em Aparelhos conectados.\n"
        "\n"
        "Se a conexão cair, eu volto sozinho. Se o celular remover o aparelho, eu aviso aqui e "
        "você lê um código novo: nada se perde.",
    ),
    Section(
        "planilha",
        "📥 Planilha",
        "📥 <b>Planilha</b>\n"
        "\n"
        "Mande aqui o arquivo (Excel ou CSV). Eu reconheço as colunas e mostro o que entendi "
        "<b>antes</b> de gravar, com o motivo de cada linha que não dá.\n"
        "\n"
        "Depois de importar, você ainda tem 10 minutos para desfazer.\n"
        "\n"
        "Não tem planilha? Peça o modelo em 👥 Gestão de Clientes, ⋯ Mais.",
    ),
    Section(
        "conta",
        "💳 Minha conta",
        "💳 <b>Quanto custa</b>\n"
        "\n"
        "{cost}, com quantos clientes e mensagens você quiser.\n"
        "\n"
        "<b>Para pagar</b>: 💳 Minha conta, Gerar PIX. Copie o código, pague no seu banco, e eu "
        "libero sozinho. Pode pagar antes: os dias que faltam não se perdem. Os recibos ficam em "
        "🧾 Pagamentos.\n"
        "\n"
        "O dinheiro dos seus clientes cai direto na sua conta: ele não passa pelo EmDia.",
    ),
)


def text_of(section: Section, terms: Terms) -> str:
    """What a section says, with what EmDia costs now (A2)."""
    return section.text.replace(COST, cost(terms))
