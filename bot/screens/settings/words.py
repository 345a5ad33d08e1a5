"""What the settings say."""

from actors.messages.account import PixView, Reminder
from bot.ui.words import safe
from domain.pix import PixKeyKind
from domain.reminders import Kind

SETTINGS = (
    "⚙️ <b>Configurações</b>\n"
    "\n"
    "🔑 A chave PIX vai nas mensagens, já com o valor certo.\n"
    "⏰ No Agendador você muda os horários.\n"
    "🔔 Escolha o que sai sozinho.\n"
    "📝 As palavras de cada mensagem são suas.\n"
    "🏪 O nome do negócio é o que o cliente lê.\n"
    "📌 O placar fica fixado no alto: entregues e recebido hoje.\n"
    "🗄 Leve tudo o que é seu, quando quiser."
)
PIX_BUTTON = "🔑 Chave PIX"
SCHEDULE_BUTTON = "⏰ Agendador"
REMINDERS_BUTTON = "🔔 O que sai sozinho"
TEXTS_BUTTON = "📝 Textos"
ACCOUNT_BUTTON = "💳 Minha conta"
COMPANY_BUTTON = "🏪 Minha empresa"
DATA_BUTTON = "🗄 Meus dados"
BOARD_BUTTONS = {True: "🟢 Placar do dia fixado", False: "⚪ Fixar o placar do dia"}
BOARD_SAID = {
    True: "Placar fixado no alto da conversa.",
    False: "Tirei o placar.",
}
CHANGE_PIX_BUTTON = "✏️ Mudar a chave"
CODE_INSIDE_BUTTON = "⚪ Mandar o código no texto"
CODE_ALONE_BUTTON = "🟢 Mandar o código sozinho"
CODE_ALONE = (
    "🟢 O código PIX vai <b>sozinho</b>, logo depois do texto: seu cliente copia com um toque."
)
CODE_INSIDE = "⚪ O código PIX vai <b>dentro do texto</b>, e copiar só ele dá trabalho."
CODE_SECOND = "O PIX vai sozinho, na 2ª mensagem."
SET_PIX_BUTTON = "🔑 Cadastrar minha chave"
NO_PIX = (
    "🔑 <b>Chave PIX</b>\n"
    "\n"
    "Você ainda não tem uma chave aqui. Com ela, cada cliente recebe o código para copiar e pagar "
    "com o valor certo. O dinheiro cai direto na sua conta."
)
ASK_KEY = (
    "<b>Qual é a sua chave PIX?</b>\n"
    "CPF, CNPJ, e-mail, celular ou chave aleatória.\n"
    "Exemplo: <code>nome@exemplo.com</code>"
)
ASK_BENEFICIARY = (
    "<b>Quem recebe?</b>\nO nome da conta, como o banco mostra a quem paga. Até 25 letras."
)
ASK_CITY = "<b>Em que cidade?</b>\nO código PIX leva o nome da cidade. Até 15 letras."
PIX_SAVED = "✅ Chave PIX salva."
KIND_NAMES = {
    Kind.REMINDER_2_DAYS: "2 dias antes",
    Kind.REMINDER_1_DAY: "1 dia antes",
    Kind.DUE_TODAY: "No dia",
    Kind.BILLING: "1 dia de atraso",
}
REMINDERS = (
    "🔔 <b>O que sai sozinho</b>\n"
    "🟢 ligado · ⚪ desligado: toque e mude\n"
    "\n"
    "Quem atrasou recebe a cobrança no 1º dia de atraso, uma vez só. Os outros são lembretes de "
    "antes: ligue os que quiser."
)
CHOSEN_BUTTON = "✅ Está bom assim"
TURN_ON = "🟢 Ligar"
TURN_OFF = "⚪ Desligar"
SEE_TEXT = "👀 Ver o texto"
COPY_BUTTON = "📋 Copiar código de R$ 0,01"
NO_TEXT = "⚠️ Este aviso está sem texto."


def pix_set(view: PixView) -> str:
    """The key, and who receives."""
    kind = PixKeyKind(view.kind).label if view.kind else ""
    return (
        "🔑 <b>Chave PIX</b>\n"
        "\n"
        f"Chave ({kind}): <code>{safe(view.key or '')}</code>\n"
        f"Quem recebe: <b>{safe(view.beneficiary or '')}</b>\n"
        f"Cidade: {safe(view.city or '')}\n"
        "\n"
        "Para conferir, copie o código de teste de <b>R$\u00a00,01</b> e veja no seu banco o nome "
        "de quem recebe.\n"
        "\n"
        f"{CODE_ALONE if view.alone else CODE_INSIDE}"
    )


def code_moved(view: PixView) -> str:
    """Where the code goes from now on, in a toast."""
    where = "sozinho, depois do texto" if view.alone else "dentro do texto"
    return f"Mudado. O código PIX vai {where}."


def reminder(shown: Reminder) -> str:
    """One kind and what a client would read."""
    mark = "🟢" if shown.on else "⚪"
    preview = f"<blockquote>{safe(shown.preview)}</blockquote>" if shown.preview else NO_TEXT
    if shown.second:
        preview += f"\n<blockquote expandable>{safe(shown.second)}</blockquote>\n{CODE_SECOND}"
    return f"{mark} <b>{KIND_NAMES[shown.kind]}</b>\n{preview}"


def planned(messages: int) -> str:
    """What a switch did to today, in a toast."""
    if not messages:
        return "Mudado. Hoje não muda nada."
    entered = "Entrou 1" if messages == 1 else f"Entraram {messages}"
    return f"Mudado. {entered} na fila de hoje."
